"""Says historical rows in words: which record, which field, from what to what.

One rule: a value that names a record which the reader may not see is left out with its change.
Called by the desk's history pages and by `changes`.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Set
from dataclasses import dataclass
from typing import Any

from django.contrib.auth import get_user_model
from django.db import models
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from incidents.models import (
    Article,
    Category,
    Claim,
    ClaimStep,
    Incident,
    IncidentLink,
    IncidentPlace,
    Place,
    Source,
    choices,
    code_of,
)
from incidents.retelling import retold

SKIPPED = {
    "id",
    "created",
    "updated",
    "folded",
    "extra",
    "earliest",
    "latest",
    "date_inferred",
    "date_anchor",
    "qualifier",
    "low",
    "value",
    "high",
    "first_published",
    "signed_at",
    "signed_version",
    "second_read",
}


@dataclass(slots=True)
class Change:
    """One field of one record, before and after, in words."""

    label: str
    before: str
    after: str


@dataclass(slots=True)
class Line:
    """What was done to one record: added, changed, removed or moved."""

    what: str
    verb: str
    changes: list[Change]
    new: bool


def changes_of(row, before, names: "Names", skipped: Set[str] = frozenset()) -> list[Change]:
    """List the fields that differ from the state before; what may not be seen is left out."""
    if row.history_type == "-":
        return []
    found = []
    for column in tracked(row):
        old = names.say(before, column) if before else ""
        new = names.say(row, column)
        if old is None or new is None or old == new or column.name in skipped:
            continue
        if before is None and getattr(row, column.attname, "") is False:
            continue
        found.append(Change(str(column.verbose_name), old, new))
    return found


def tracked(row) -> list[models.Field]:
    """List the fields whose changes people read about."""
    own = [column for column in row.tracked_fields if column.name not in SKIPPED]
    return [*own, *row._history_m2m_fields]


class Names:
    """Says historical values in words; None for a reference that the reader may not see."""

    def __init__(self, rows: Iterable, user) -> None:
        """Fetch once every record that the rows refer to, as far as the reader may see it."""
        keys: dict[type[models.Model], set] = defaultdict(set)
        sets: dict[tuple[type, str], list[int]] = defaultdict(list)
        for row in rows:
            for column in tracked(row):
                if isinstance(column, models.ForeignKey):
                    keys[column.remote_field.model].add(getattr(row, column.attname))
                elif isinstance(column, models.ManyToManyField):
                    sets[type(row), column.name].append(row.history_id)
        self.known = {model: named(model, wanted - {None}, user) for model, wanted in keys.items()}
        self.groups = {wanted: groups_of(*wanted, states) for wanted, states in sets.items()}

    def say(self, row, column: models.Field) -> str | None:
        """Say one value of one state."""
        if isinstance(column, models.ManyToManyField):
            return ", ".join(self.groups[type(row), column.name][row.history_id])
        stored = getattr(row, column.attname)
        if isinstance(column, models.ForeignKey):
            return "" if stored is None else self.known[column.remote_field.model].get(stored)
        return in_words(column, stored)

    def of(self, model: type[models.Model], key: Any) -> str:
        """Name one record that the rows refer to; empty for none, and for an unseen one."""
        return self.known.get(model, {}).get(key, "")


def named(model: type[models.Model], keys: set, user) -> dict[Any, str]:
    """Name records of one model by key, without those that the reader may not see."""
    found = model._default_manager.filter(pk__in=keys)
    if hasattr(found, "visible_to"):
        found = found.visible_to(user)
    if model is get_user_model():
        return {person.pk: person.get_username() for person in found}
    if model is Claim:
        found = found.select_related("source")
    return {record.pk: str(record) for record in found}


def groups_of(model: type, name: str, states: list[int]) -> dict[int, list[str]]:
    """List the groups a record was kept to, in each of these historical states."""
    groups: dict[int, list[str]] = defaultdict(list)
    links = getattr(model, name).model.objects.filter(history__in=states)
    for state, group in links.order_by("group__name").values_list("history_id", "group__name"):
        groups[state].append(group)
    return groups


def in_words(column: models.Field, stored) -> str:
    """Say a stored value as people read it."""
    if stored is None or stored == "":
        return ""
    if isinstance(stored, bool):
        return _("yes") if stored else _("no")
    if isinstance(stored, dt.datetime):
        return date_format(localtime(stored), "Y-m-d H:i")
    said = str(dict(column.flatchoices).get(stored, stored))
    return retold(said) if column.name in REASONING else said


REASONING = {"date_reasoning", "reason", "status_note"}


def label_of(row, names: Names) -> str:
    """Name the record that a historical row is a state of, as people know it."""
    return LABELS[row.instance_type](row, names)


def claim_label(row, names: Names) -> str:
    """Name a claim by its number, words and speaker."""
    who = row.source_as_printed or names.of(Source, row.source_id) or _("the article itself")
    return _("claim #%(number)s “%(words)s” (%(who)s)") % {
        "number": row.id,
        "words": row.words,
        "who": who,
    }


def step_label(row, names: Names) -> str:
    """Name a step of a chain by its claim."""
    return _("step %(position)s (%(name)s) of claim #%(number)s") % {
        "position": row.position,
        "name": row.name_as_printed,
        "number": row.claim_id,
    }


def place_label(row, names: Names) -> str:
    """Name a place of an incident with its role there."""
    role = choices.PlaceRole(row.role).label
    return _("place %(place)s (%(role)s)") % {
        "place": names.of(Place, row.place_id),
        "role": role,
    }


def link_label(row, names: Names) -> str:
    """Name a link by its two ends."""
    return _("link %(first)s – %(second)s") % {
        "first": code_of(row.first_id),
        "second": code_of(row.second_id),
    }


LABELS: dict[type[models.Model], Callable[[Any, Names], str]] = {
    Incident: lambda row, names: code_of(row.id),
    Claim: claim_label,
    ClaimStep: step_label,
    IncidentPlace: place_label,
    IncidentLink: link_label,
    Article: lambda row, names: _("article “%s”") % (row.title or row.url),
    Source: lambda row, names: _("source “%s”") % row.name,
    Place: lambda row, names: _("place “%s”") % row.name,
    Category: lambda row, names: _("category “%s”") % row.name,
}
