"""The history page of a record: who changed what, when and why, from what to what.

Read-only. One rule: it shows only records that its reader may see; a value that names another one
is left out with its change. Nothing can be restored from here; a change is a change.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import Http404
from django.template.response import TemplateResponse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

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
TOGETHER = dt.timedelta(seconds=10)


@dataclass(slots=True)
class Change:
    """One field of one record, before and after, in words."""

    label: str
    before: str
    after: str


@dataclass(slots=True)
class Row:
    """One saved state of one record."""

    what: str
    verb: str
    changes: list[Change]
    new: bool


@dataclass(slots=True)
class Entry:
    """What one person saved at one time for one reason."""

    at: dt.datetime
    who: str
    why: str
    rows: list[Row] = field(default_factory=list)


class HistoryPage:
    """Gives a desk page its history; `history_parts` may add records that belong to it."""

    object_history_template = "admin/record_history.html"

    def history_parts(self, request, record) -> list[tuple[str, Any]]:
        """List what the page tells of: a name (# stands for the key) and its historical rows."""
        return [(f"{self.opts.verbose_name} #", record.history.all())]

    def history_view(self, request, object_id, extra_context=None):
        """Show who changed what, newest first."""
        record = self.get_object(request, object_id)
        if record is None:
            raise Http404
        if not self.has_view_or_change_permission(request, record):
            raise PermissionDenied
        parts = self.history_parts(request, record)
        context = {
            **self.admin_site.each_context(request),
            "title": _("History: %s") % record,
            "entries": entries(parts, request.user),
            "object": record,
            "opts": self.opts,
            "app_label": self.opts.app_label,
            "module_name": self.opts.verbose_name_plural,
            "preserved_filters": self.get_preserved_filters(request),
        }
        return TemplateResponse(request, self.object_history_template, context)


def entries(parts: Iterable[tuple[str, Any]], user) -> list[Entry]:
    """Tell the parts' histories as one, newest first."""
    steps = [step for label, rows in parts for step in steps_of(label, rows)]
    names = Names([row for _label, row, _before in steps], user)
    told: list[Entry] = []
    for label, row, before in sorted(steps, key=lambda step: (step[1].history_date, step[0])):
        changes = changes_of(row, before, names)
        if changes or row.history_type == "-":
            add(told, row, Row(label, verb_of(row), changes, before is None))
    return told[::-1]


def steps_of(label: str, rows) -> list[tuple[str, Any, Any]]:
    """Pair each historical row with the one before it of the same record."""
    last: dict[Any, Any] = {}
    steps = []
    for row in rows.order_by("history_date", "history_id").select_related("history_user"):
        steps.append((label.replace("#", f"#{row.id}"), row, last.get(row.id)))
        last[row.id] = row
    return steps


def add(told: list[Entry], row, line: Row) -> None:
    """Put a line under the entry it was saved with, or open a new entry."""
    who = row.history_user.get_username() if row.history_user else _("the system")
    why = row.history_change_reason or ""
    last = told[-1] if told else None
    same = last and (last.who, last.why) == (who, why) and row.history_date - last.at < TOGETHER
    if not same:
        told.append(Entry(row.history_date, who, why))
    told[-1].rows.append(line)


def verb_of(row) -> str:
    """Say what was done to the record."""
    return {"+": _("added"), "~": _("changed"), "-": _("removed")}[row.history_type]


def changes_of(row, before, names: "Names") -> list[Change]:
    """List the fields that differ from the state before; what may not be seen is left out."""
    if row.history_type == "-":
        return []
    found = []
    for column in tracked(row):
        old = names.say(before, column) if before else ""
        new = names.say(row, column)
        if old is None or new is None or old == new:
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


def named(model: type[models.Model], keys: set, user) -> dict[Any, str]:
    """Name records of one model by key, without those that the reader may not see."""
    found = model._default_manager.filter(pk__in=keys)
    if hasattr(found, "visible_to"):
        found = found.visible_to(user)
    if model is get_user_model():
        return {person.pk: person.get_username() for person in found}
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
    return str(dict(column.flatchoices).get(stored, stored))
