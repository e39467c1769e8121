"""Refuses what no single row of a package can show: circles, and references to what does not fit.

One rule: what is worked out from records must end, so no record leads back to itself. Called by
restoring: `need_sound_incidents` before anything follows from them, `need_sound` once all is there.
"""

from typing import Any

from django.db import IntegrityError, connection, models
from django.utils.translation import gettext as _

from incidents.keysets import Keys
from incidents.models import choices
from incidents.packed import BY_NAME, TABLES, Table
from incidents.unpacking import Package, Row, Unrestorable, key_of, said

CHAINS = (("places", "merged_into"), ("sources", "parent"), ("sources", "merged_into"))


def need_sound_incidents(package: Package) -> set[int]:
    """Refuse incidents that are merged in a circle, or part of what is no wave.

    Return the keys of those that others were merged into.
    """
    table, into = BY_NAME["incidents"], {}
    waves, parts = Keys(), {}
    for row in package.rows(table):
        key = key_of(table, row, "id")
        if row.cells["merged_into"]:
            into[key] = key_of(table, row, "merged_into")
        if row.cells["wave"]:
            parts.setdefault(key_of(table, row, "wave"), row)
        if row.cells["kind"] == choices.IncidentKind.WAVE:
            waves.add(key)
    need_no_circle(table, "merged_into", into)
    wrong = next((row for wave, row in parts.items() if wave not in waves), None)
    if wrong is not None:
        raise unfit_wave(table, wrong, package)
    return set(into.values())


def unfit_wave(table: Table, row: Row, package: Package) -> Unrestorable:
    """Say that a row names a wave that is none, or that is not there."""
    if key_of(table, row, "wave") in package.keys[table.name]:
        return said(table, row, _("it names a record that is not: %s") % "wave", "wave")
    return said(table, row, _("there is no such row in %s") % table.file, "wave")


def need_sound() -> None:
    """Refuse circles, records of a kind that does not fit, and references to what is not there."""
    for name, column in CHAINS:
        table = BY_NAME[name]
        chain = table.model._base_manager.filter(**{f"{column}__isnull": False})
        need_no_circle(table, column, dict(chain.values_list("pk", f"{column}_id")))
    for table in TABLES:
        for column in table.fields:
            if column.is_relation and column.remote_field.limit_choices_to:
                need_fitting(table, column)
    try:
        connection.check_constraints()
    except IntegrityError as error:
        raise Unrestorable(
            _("The package refers to records that it does not hold (%s).")
            % str(error).splitlines()[0]
        ) from error


def need_no_circle(table: Table, column: str, chain: dict[int, int]) -> None:
    """Refuse records that lead back to themselves."""
    for key in chain:
        seen, at = set(), key
        while at in chain:
            if at in seen:
                raise Unrestorable(
                    _("%(file)s: by %(column)s, row %(key)s leads back to itself.")
                    % {"file": table.file, "column": column, "key": key}
                )
            seen.add(at)
            at = chain[at]


def need_fitting(table: Table, column: models.Field) -> None:
    """Refuse a reference to a record of another kind than the column is for."""
    related: Any = column.related_model._base_manager
    limit = column.remote_field.limit_choices_to
    rows = table.model._base_manager.filter(**{f"{column.name}__isnull": False})
    unfit = rows.exclude(**{f"{column.name}__in": related.filter(**limit).values("pk")})
    key = unfit.order_by("pk").values_list("pk", flat=True).first()
    if key is not None:
        raise Unrestorable(
            _("%(file)s, id %(key)s, %(column)s: it names a record that is not: %(kind)s.")
            % {
                "file": table.file,
                "key": key,
                "column": column.name,
                "kind": ", ".join(str(code) for code in limit.values()),
            }
        )
