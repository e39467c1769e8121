"""Enters many rows exactly as they are given, with the history and the next keys they need.

One rule: no time, key or text of its own is put into a row. Called by restoring.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection, models
from django.utils.translation import gettext as _

from incidents.keysets import in_pieces
from incidents.models import User
from incidents.packed import TABLES, Table

BATCH = 200
CHUNK = 500


def insert(
    model: type[models.Model], columns: Sequence[str], rows: Iterable[Sequence[Any]]
) -> None:
    """Insert rows as they are: no time and no key of their own is put into them."""
    fields = [field for field in model._meta.concrete_fields if writes(field, columns)]
    defaults = {f.attname: f.get_default() for f in fields if f.attname not in columns}
    values = [
        [field.get_db_prep_save(named[field.attname], connection) for field in fields]
        for named in ({**defaults, **dict(zip(columns, row, strict=True))} for row in rows)
    ]
    quote = connection.ops.quote_name
    names = ", ".join(quote(field.column) for field in fields)
    places = ", ".join([f"({', '.join(['%s'] * len(fields))})"] * len(values))
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {quote(model._meta.db_table)} ({names}) VALUES {places}",
            [value for row in values for value in row],
        )


def writes(column: models.Field, columns: Sequence[str]) -> bool:
    """Tell whether a column is given; a key that is not, the database makes."""
    return column.attname in columns or not column.primary_key


def rule_behind(model: type[models.Model], error: Exception) -> str:
    """Say as the records' own rules do what the database refused."""
    text = str(error)
    for constraint in model._meta.constraints:
        columns = getattr(constraint, "fields", ())
        named = [f"{model._meta.db_table}.{model._meta.get_field(c).column}" for c in columns]
        if constraint.name in text or (named and all(name in text for name in named)):
            return str(constraint.get_violation_error_message())
    return _("the database refuses it (%s)") % text.splitlines()[0]


def move_on(model: type[models.Model], largest: int) -> None:
    """Let the next key of a table lie beyond the largest that stands, or may be put back."""
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT pg_get_serial_sequence(%s, 'id')", [table])
            [sequence] = cursor.fetchone()
            cursor.execute("SELECT pg_sequence_last_value(%s::regclass)", [sequence])
            [last] = cursor.fetchone()
            if largest > (last or 0):
                cursor.execute("SELECT setval(%s::regclass, %s)", [sequence, largest])
            return
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        last = cursor.fetchone()
        if last is None and largest:
            cursor.execute(
                "INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", [table, largest]
            )
        elif last is not None and largest > last[0]:
            cursor.execute("UPDATE sqlite_sequence SET seq = %s WHERE name = %s", [largest, table])


def begin_history(table: Table, keys: Iterable[int], *, by: User, why: str) -> None:
    """Begin the history of each record, with its groups where it is kept to some."""
    members = next((t for t in TABLES if is_groups_of(t, table)), None)
    for part in in_pieces(keys, CHUNK):
        records = list(table.model._base_manager.filter(pk__in=part).order_by("pk"))
        table.model.history.bulk_history_create(
            records, batch_size=BATCH, default_user=by, default_change_reason=why
        )
        if members is not None:
            note_groups(table, members, part)


def is_groups_of(members: Table, table: Table) -> bool:
    """Tell whether a table holds the groups that the records of another are kept to."""
    references = members.references
    return "group" in references and references.get(members.owner) == table.name


def note_groups(table: Table, members: Table, keys: Sequence[int]) -> None:
    """Note in the new history of records to which groups they are kept."""
    owner = f"{members.owner}_id"
    kept = members.model._base_manager.filter(**{f"{members.owner}__in": keys}).order_by("pk")
    rows = list(kept.values("id", owner, "group_id"))
    if not rows:
        return
    states = table.model.history.filter(id__in={row[owner] for row in rows})
    state = dict(states.values_list("id", "history_id"))
    noted = next(iter(table.model.history.model._meta.related_objects)).related_model
    noted.objects.bulk_create(noted(**row, history_id=state[row[owner]]) for row in rows)
