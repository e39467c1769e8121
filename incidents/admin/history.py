"""The history page of a record: who changed what, when and why, from what to what.

Read-only. One rule: it shows only records that its reader may see; a value that names another one
is left out with its change. Nothing can be restored from here; a change is a change.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404
from django.template.response import TemplateResponse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from incidents.changes import assessment_line
from incidents.models import Assessment
from incidents.telling import Line, Names, changes_of, label_of

TOGETHER = dt.timedelta(seconds=10)
ENTRIES = 50
VERSION = frozenset({"version"})  # it stands above what was saved

Pair = tuple[Any, Any]  # a historical row, and the one before it or None


@dataclass(slots=True)
class Entry:
    """What one person saved at one time for one reason."""

    at: dt.datetime
    who: str
    why: str
    rows: list[Line] = field(default_factory=list)
    version: int | None = None


@dataclass(slots=True)
class Step:
    """One saved state; `why` is None where another row of the same save says it.

    `version` is the one that the incident reached with it, if it did.
    """

    at: dt.datetime
    who: str
    why: str | None
    line: Line
    version: int | None = None


class HistoryPage:
    """Gives a desk page its history; `history_parts` may add records that belong to it."""

    object_history_template = "admin/record_history.html"

    def history_parts(self, request, record) -> list[QuerySet]:
        """List the historical rows that the page tells of."""
        return [record.history.all()]

    def history_pairs(self, record, pairs: list[Pair]) -> list[Pair]:
        """Choose what the page tells: each state, with the one before it that stood here."""
        return pairs

    def history_assessments(self, request, record) -> Iterable[Assessment]:
        """List the decisions that the page tells of."""
        return ()

    def history_extra(self, request, record) -> dict[str, Any]:
        """Give what else stands on the first page."""
        return {}

    @method_decorator(require_safe)
    def history_view(self, request, object_id, extra_context=None):
        """Show who changed what, newest first."""
        record = self.get_object(request, object_id)
        if record is None:
            raise Http404
        if not self.has_view_or_change_permission(request, record):
            raise PermissionDenied
        pairs = [pair for rows in self.history_parts(request, record) for pair in in_pairs(rows)]
        told = entries(
            self.history_pairs(record, pairs),
            request.user,
            self.history_assessments(request, record),
        )
        page = Paginator(told, ENTRIES).get_page(request.GET.get("page"))
        context = {
            **self.admin_site.each_context(request),
            "title": _("History: %s") % record,
            "page": page,
            "entries": page.object_list,
            "object": record,
            "opts": self.opts,
            "app_label": self.opts.app_label,
            "module_name": self.opts.verbose_name_plural,
            "preserved_filters": self.get_preserved_filters(request),
            **(self.history_extra(request, record) if page.number == 1 else {}),
            **(extra_context or {}),
        }
        return TemplateResponse(request, self.object_history_template, context)


def entries(pairs: Iterable[Pair], user, assessments: Iterable[Assessment]) -> list[Entry]:
    """Tell the states of several records as one history, newest first."""
    names = Names([row for pair in pairs for row in pair if row is not None], user)
    steps = [step for row, before in pairs for step in told_of(row, before, names)]
    steps += [
        Step(made.made_at, made.made_by.get_username(), None, assessment_line(made))
        for made in assessments
    ]
    told: list[Entry] = []
    for step in sorted(steps, key=lambda step: (step.at, step.line.what)):
        add(told, step)
    return told[::-1]


def in_pairs(rows: QuerySet) -> list[Pair]:
    """Pair each historical row with the one before it of the same record."""
    last: dict[Any, Any] = {}
    pairs = []
    for row in rows.order_by("history_date", "history_id").select_related("history_user"):
        pairs.append((row, last.get(row.id)))
        last[row.id] = row
    return pairs


def told_of(row, before, names: Names) -> list[Step]:
    """Say what one historical row adds to the one before it; nothing where that is nothing."""
    version = version_of(row, before)
    changes = changes_of(row, before, names, VERSION)
    if not changes and not version and row.history_type != "-":
        return []
    who = row.history_user.get_username() if row.history_user else _("the system")
    line = Line(label_of(row, names), verb_of(row), changes, before is None)
    return [Step(row.history_date, who, row.history_change_reason or "", line, version)]


def version_of(row, before) -> int | None:
    """Give the version that an incident reached with this row."""
    version = getattr(row, "version", None)
    return None if before is not None and getattr(before, "version", None) == version else version


def add(told: list[Entry], step: Step) -> None:
    """Put a line under the entry it was saved with, or open a new entry."""
    last = told[-1] if told else None
    same = last and last.who == step.who and step.at - last.at < TOGETHER
    if not same or None not in (last.why, step.why) and last.why != step.why:
        told.append(Entry(step.at, step.who, step.why))
    elif last.why is None:
        last.why = step.why
    told[-1].version = step.version or told[-1].version
    if step.line.changes or not step.version:
        told[-1].rows.append(step.line)


def verb_of(row) -> str:
    """Say what was done to the record."""
    return {"+": _("added"), "~": _("changed"), "-": _("removed")}[row.history_type]
