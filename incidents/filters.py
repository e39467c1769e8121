"""The one door: a query string and a reader become one queryset, for every page and export.

One rule: strict. An unknown parameter or a bad value raises BadQuestion with a sentence for each,
and gives no rows. Views, exports, commands and the admin's export all come through `ask`.
"""

import datetime as dt
import hashlib
import math
from collections.abc import Callable, Mapping, Set
from dataclasses import dataclass, replace
from functools import cached_property, reduce
from operator import or_
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext

from incidents.closed import closed_claims
from incidents.filterset import (
    DEFAULT_KINDS,
    DEFAULT_MATCHES,
    DEFAULT_STATUSES,
    MATCHES,
    IncidentFilter,
)
from incidents.models import Incident
from incidents.searching import Search, planned

LINK_ROWS = ("regions", "source_rows")  # these know the day; words have it in their key
WIDE_DAYS = dt.timedelta(days=371)
SINGLE = frozenset(
    {"from", "to", "q", "people_min", "people_max", "sources_min", "disputed", "order", "cursor"}
    | {"raw"}
)
FILTERS = frozenset(IncidentFilter.base_filters) - {"during"} | {"from", "to"}
PARAMETERS = FILTERS | {"cursor", "raw"}

Window = tuple[dt.date | None, dt.date | None]


class BadQuestion(ValueError):
    """A query string that is not understood; `sentences` say what was wrong, one each."""

    def __init__(self, sentences: list[str]) -> None:
        super().__init__(" ".join(sentences))
        self.sentences = sentences


@dataclass(frozen=True)
class Question:
    """A query string as understood, for one reader: the only way to a set of incidents."""

    user: Any
    asked: Mapping[str, Any]
    found: QuerySet  # every parameter but `dates` and `kind` applied
    unworded: QuerySet  # the same, but for the words where they lead
    text: str  # the query string in canonical order, without cursor and raw
    raw: bool = False
    cursor: str = ""
    leader: str = ""  # the link rows that lead the list, if any
    search: Search | None = None  # the words asked for, if any

    @property
    def day_column(self) -> str:
        """The column that holds `sort_day` in the rows that lead the list."""
        return "leading_day" if self.leader in LINK_ROWS else "sort_day"

    @property
    def key_column(self) -> str:
        """The column that holds the incident's key in the rows that lead the list."""
        return "leading_key" if self.leader in LINK_ROWS else "pk"

    @property
    def reads_every_text(self) -> bool:
        """Whether no word asked for is long enough to be looked up."""
        return self.search is not None and self.search.reads_every_text

    @property
    def window(self) -> Window:
        """The first and last day asked for; None where the question leaves it open."""
        return self.asked["during"] or (None, None)

    @property
    def has_window(self) -> bool:
        """Whether the question names any day at all."""
        return self.asked["during"] is not None

    @property
    def order(self) -> str:
        """The order asked for, or newest first."""
        return self.asked["order"] or "-date"

    @cached_property
    def matching(self) -> QuerySet:
        """The incidents of the kinds asked for, whatever their days."""
        return self.found.filter(kind__in=self.asked["kind"] or DEFAULT_KINDS)

    @property
    def is_looked_up(self) -> bool:
        """Whether the words lead on PostgreSQL, which has to be told when to look them up."""
        return self.leader == "texts" and connection.vendor == "postgresql"

    def soonest(
        self, part: Callable[["Question"], QuerySet], size: float = math.inf, *, is_open=False
    ) -> QuerySet:
        """A part of what the question finds, asked in the way that gives so many rows sooner.

        `is_open`: all of it lacks a firm date; days that are missing together are more than the
        planner expects.
        """
        if not self.is_looked_up:
            return part(self)
        asked = self.without_words
        rows = planned(asked.matching.filter(wide=True) if is_open else part(asked))
        return self.search.soonest(part(asked), rows, size)

    @property
    def matches(self) -> tuple[str, ...]:
        """The ways of matching its days that the question keeps apart, in order."""
        if not self.has_window:
            return ("",)
        kept = self.asked["dates"] or DEFAULT_MATCHES
        return tuple(match for match, _name in MATCHES if match in kept)

    @cached_property
    def incidents(self) -> QuerySet:
        """The incidents that the question finds; unordered."""
        kept = set(self.asked["dates"] or (DEFAULT_MATCHES if self.has_window else ()))
        if not kept:
            return self.matching
        if {"certain", "possible"} <= kept:
            kept = kept - {"certain", "possible"} | {"firm"}
        return self.matching.filter(reduce(or_, map(self.match, sorted(kept))))

    @property
    def undated(self) -> QuerySet:
        """Incidents without a firm date that may belong to the question but are not in it."""
        if not self.has_window or "open" in self.asked["dates"]:
            return self.matching.none()
        return self.matching.filter(self.match("open"))

    @cached_property
    def without_words(self) -> "Question":
        """The same question, but for the words where they lead the list."""
        if self.leader != "texts":
            return self
        return replace(self, found=self.unworded, leader="")

    @property
    def stretch(self) -> Window:
        """The first `sort_day` that is asked for, and the first after all that are.

        Very long and open rows may begin before; None where there is no such day.
        """
        first, last = self.window
        if not self.has_window or "open" in self.asked["dates"]:
            return None, None
        ends = last is not None and last < dt.date.max
        return first and bound(first), last + dt.timedelta(days=1) if ends else None

    def match(self, match: str) -> Q:
        """Say in database terms which incidents match the window so."""
        return date_condition(match, self.window, self.day_column)

    def match_of(self, earliest: dt.date | None, latest: dt.date | None) -> str:
        """Say how an incident in the question matches its days; empty when none are asked for."""
        if not self.has_window:
            return ""
        if earliest is None or latest is None:
            return "open"
        first, last = self.window
        inside = (first is None or earliest >= first) and (last is None or latest <= last)
        return "certain" if inside else "possible"

    @cached_property
    def closed_claims(self) -> list[int]:
        """The restricted claims that the reader may see, by key; none for most readers."""
        return list(closed_claims(self.user).values_list("pk", flat=True))

    @property
    def digest(self) -> str:
        """The SHA-256 of the question, whoever asks it."""
        return hashlib.sha256(self.text.encode()).hexdigest()

    @property
    def short_id(self) -> str:
        """Eight characters that name the question in a file name and in the export log."""
        return self.digest[:8]


def date_condition(match: str, window: Window, day: str = "sort_day") -> Q:
    """Say in database terms which rows lie certainly inside, possibly inside, or are open.

    A row open at one end counts as open only while its other end does not rule it out; it is
    always wide, which an index knows. Firm: certainly or possibly inside.
    """
    first, last = window
    if match == "open":
        ruled_out = Q()
        if first:
            ruled_out |= Q(latest__lt=first)
        if last:
            ruled_out |= Q(earliest__gt=last)
        missing = Q(wide=True) & (Q(earliest__isnull=True) | Q(latest__isnull=True))
        return missing & ~ruled_out if ruled_out else missing
    known = Q(earliest__isnull=False, latest__isnull=False)
    certain = Q()
    overlap = Q()
    if first:
        certain &= Q(earliest__gte=first)
        overlap &= Q(latest__gte=first) & (Q(**{f"{day}__gte": bound(first)}) | Q(wide=True))
    if last:
        certain &= Q(latest__lte=last)
        overlap &= Q(**{f"{day}__lte": last})
    if match == "firm":
        return known & overlap
    if match == "certain":
        return known & certain & overlap
    return known & overlap & ~certain if certain else known & Q(pk__in=[])


def bound(first: dt.date) -> dt.date:
    """The earliest day on which a row that is not wide can begin and still reach `first`."""
    return dt.date.min if first - dt.date.min < WIDE_DAYS else first - WIDE_DAYS


def ask(query: QueryDict | str, user) -> Question:
    """Understand a query string for a reader (`user=None`: any viewer).

    Raises BadQuestion, with a sentence for each parameter that is unknown or not understood.
    """
    data = query if isinstance(query, QueryDict) else QueryDict(query.removeprefix("?"))
    refuse_unreadable(data)
    filters = IncidentFilter(data, Incident.objects.all(), user=user)
    sentences = [*unknown_parameters(data, PARAMETERS), *repeated_parameters(data)]
    sentences += [
        (f"{name}: " if name != "during" else "") + str(sentence)
        for name, errors in filters.form.errors.items()
        for sentence in errors
    ]
    sentences += contradicting_numbers(filters.form.cleaned_data)
    if data.get("raw") not in (None, "", "1"):
        sentences.append(f"raw: “{data['raw']}” is not allowed; write 1 or leave it out.")
    if sentences:
        raise BadQuestion(sentences)
    asked = filters.form.cleaned_data
    filters.queryset = Incident.objects.visible_to(user, asked["status"] or DEFAULT_STATUSES)
    return Question(
        user=user,
        asked=asked,
        found=filters.qs,
        unworded=filters.unworded,
        text=canonical(data),
        raw=data.get("raw") == "1",
        cursor=data.get("cursor", ""),
        leader=filters.leader,
        search=filters.search if asked["q"] else None,
    )


def ask_vocabulary(data: QueryDict) -> tuple[str, int]:
    """Understand the query string of a list of sources: words to find, and the page's number.

    Raises BadQuestion as `ask` does.
    """
    refuse_unreadable(data)
    sentences = unknown_parameters(data, {"q", "page"})
    page = data.get("page") or "1"
    if not (page.isascii() and page.isdigit() and 0 < int(page[:7]) == int(page)):
        sentences.append(gettext("page: “%s” is not the number of a page.") % page[:20])
    if sentences:
        raise BadQuestion(sentences)
    return data.get("q", ""), int(page)


def refuse_unreadable(data: QueryDict) -> None:
    """Refuse what no text can hold, before any of it reaches the database."""
    unreadable = [
        gettext("%s: the value holds a NUL character; leave it out.") % name.replace("\0", "")
        for name, values in data.lists()
        if "\0" in name or any("\0" in value for value in values)
    ]
    if unreadable:
        raise BadQuestion(unreadable)


def unknown_parameters(data: QueryDict, known: Set[str]) -> list[str]:
    """Say of each parameter that is none what would be one."""
    allowed = ", ".join(sorted(known))
    return [
        gettext("“%(name)s” is not a parameter. Allowed: %(allowed)s.")
        % {"name": name, "allowed": allowed}
        for name in data
        if name not in known
    ]


def repeated_parameters(data: QueryDict) -> list[str]:
    """Say which parameters are given more than once though they may not be."""
    return [
        gettext("%(name)s is given %(count)s times; give it once.")
        % {"name": name, "count": len(values)}
        for name, values in data.lists()
        if name in SINGLE and len(values) > 1
    ]


def contradicting_numbers(asked: Mapping[str, Any]) -> list[str]:
    """Say when more people are asked for at least than at most."""
    least, most = asked.get("people_min"), asked.get("people_max")
    if least is None or most is None or least <= most:
        return []
    return [
        gettext("people_min (%(least)s) is above people_max (%(most)s).")
        % {
            "least": least,
            "most": most,
        }
    ]


def canonical(data: QueryDict) -> str:
    """Write a query string in one order, without what does not change the set of rows."""
    kept = QueryDict(mutable=True)
    for name in sorted(set(data) - {"cursor", "raw"}):
        values = sorted({value.strip() for value in data.getlist(name)} - {""})
        if values:
            kept.setlist(name, values)
    return kept.urlencode()
