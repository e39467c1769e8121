"""Answers a question from the table of sums, where the table can, without reading incidents.

One rule: what the table holds is the same for every reader; who may see more is told of the rest by
`apart`. Questions that ask for more than a place, categories, whole months and measures go past it.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from django.db.models import Case, F, Q, QuerySet, Sum, Value, When
from django.db.models.fields import CharField

from incidents import tally
from incidents.filters import Question
from incidents.filterset import DEFAULT_KINDS, DEFAULT_STATUSES
from incidents.models import (
    ANYWHERE,
    SUMMED_PLACES,
    Incident,
    IncidentFigure,
    IncidentRegion,
    MonthSum,
)
from incidents.months import OPEN_FIRST, OPEN_LAST, is_first_day, is_last_day, number_of
from incidents.summing import added_up

MOST = 10_000  # incidents that are counted and listed one by one
MOST_BESIDE_LIST = 1_000  # the same, beside a list; what the table holds takes no longer for more
BEYOND = (
    *("at", "role", "sending", "receiving", "source", "publisher", "q", "people_min", "people_max"),
    *("sources_min", "disputed", "wave"),
)
Row = dict[str, Any]
Window = tuple[int, int]


def can_answer(question: Question) -> bool:
    """Tell whether the table holds what a question asks for.

    With a measure asked for it holds that measure alone, which is better than nothing only where
    there are too many to look at one by one.
    """
    asked = question.asked
    kinds, statuses = set(asked["kind"] or DEFAULT_KINDS), set(asked["status"] or DEFAULT_STATUSES)
    fits = (
        may_read(question.user)
        and kinds <= set(DEFAULT_KINDS)
        and Incident.Kind.EVENT in kinds
        and statuses == set(DEFAULT_STATUSES)
        and not any(asked[name] not in (None, "", []) for name in BEYOND)
        and len(asked["region"]) < 2
        and all(place.kind in SUMMED_PLACES for place in asked["region"])
        and len(asked["measure"]) < 2
        and has_whole_months(question)
    )
    if not fits or not asked["measure"]:
        return fits
    found = stored(question).aggregate(lines=Sum("lines"))
    return (found["lines"] or 0) > MOST


def may_read(user) -> bool:
    """Tell whether this person sees incidents at all; `user=None` stands for any viewer."""
    return user is None or user.has_perm("incidents.view_incident")


def has_whole_months(question: Question) -> bool:
    """Tell whether the days asked for begin and end with a month."""
    first, last = question.window
    return (first is None or is_first_day(first)) and (last is None or is_last_day(last))


def months_of(question: Question) -> Window:
    """Number the first and last month asked for; beyond all months where it is open."""
    first, last = question.window
    return number_of(first) if first else OPEN_FIRST, number_of(last) if last else OPEN_LAST


def stored(question: Question, places: Sequence[int] = ()) -> QuerySet:
    """The cells that a question speaks of; of these places instead of its own where some are given.

    With days asked for, those without a firm date are among them.
    """
    asked, (first, last) = question.asked, months_of(question)
    own = [place.pk for place in asked["region"]] or [ANYWHERE]
    cells = MonthSum.objects.filter(place__in=places or own)
    if asked["category"]:
        cells = cells.filter(category__in=asked["category"])
    if asked["measure"]:
        cells = cells.filter(measure__in=asked["measure"])
    if question.has_window:
        return cells.filter(first_month__lte=last, last_month__gte=first)
    if asked["dates"]:
        return cells.filter(month_condition(asked["dates"]))
    return cells


def month_condition(kept: Sequence[str]) -> Q:
    """Say which cells have a firm date or none, for a question that names no day."""
    firm = Q(first_month__gt=OPEN_FIRST, last_month__lt=OPEN_LAST)
    if {"certain", "open"} <= set(kept):
        return Q()
    if "certain" in kept:
        return firm
    return ~firm if "open" in kept else Q(pk__in=[])


def with_match(rows: QuerySet, question: Question) -> QuerySet:
    """Say of each row of months how it matches the days asked for."""
    if not question.has_window:
        return rows.annotate(match=Value("", CharField()))
    first, last = months_of(question)
    is_open = Q(first_month=OPEN_FIRST) | Q(last_month=OPEN_LAST)
    inside = Q(first_month__gte=first, last_month__lte=last)
    return rows.annotate(
        match=Case(
            When(is_open, then=Value("open")),
            When(inside, then=Value("certain")),
            default=Value("possible"),
            output_field=CharField(),
        )
    )


def from_table(
    question: Question, *by: str, places: Sequence[int] = (), **also: Any
) -> Iterator[Row]:
    """Add the table up, apart for each match, measure and each value of the columns named."""
    rows = with_match(stored(question, places), question).annotate(**also).order_by()
    sums = {name: Sum(name) for name in MonthSum.SUMS}
    count = "lines" if question.asked["measure"] else "incidents"
    for row in rows.values("match", "measure", *by, *also).annotate(
        **{f"sum_{name}": total for name, total in sums.items()}
    ):
        numbers = {name: int(row.pop(f"sum_{name}")) for name in MonthSum.SUMS}
        yield {**row, **numbers, "incidents": numbers[count]}


def from_figures(
    figures: QuerySet,
    match: str,
    *by: str,
    role: str = "",
    places: Sequence[int] = (),
    **also: Any,
) -> Iterator[Row]:
    """Add up the figures of untied incidents that match so; for any question."""
    if places:
        figures = figures.filter(touching__place__in=places, touching__role=role)
        figures = figures.annotate(place=F("touching__place"))
    for row in added_up(figures.annotate(**also), "measure", *by, *also):
        numbers = {name: int(row[name]) for name in MonthSum.SUMS}
        yield {**row, **numbers, "match": match}


def figures_matching(question: Question, match: str) -> QuerySet:
    """The figures of the untied events that match the days asked for so."""

    def untied(asked: Question) -> QuerySet:
        incidents = asked.matching.filter(asked.match(match)) if match else asked.incidents
        return incidents.exclude(kind=Incident.Kind.AGGREGATE).filter(tied=False).order_by()

    incidents = question.soonest(untied)
    return IncidentFigure.objects.filter(incident__in=incidents.values("pk"))


def figures_in_table(question: Question, match: str) -> QuerySet:
    """The figures that the table adds up for a question, of what matches its days so.

    Far fewer bytes than the incidents themselves, where all of them are looked through.
    """
    asked, (first, last) = question.asked, months_of(question)
    figures = IncidentFigure.objects.filter(summed=True).order_by()
    if asked["region"]:
        there = IncidentRegion.objects.filter(place__in=asked["region"], role="")
        figures = figures.filter(incident__in=there.order_by().values("incident"))
    if asked["category"]:
        figures = figures.filter(category__in=asked["category"])
    if asked["measure"]:
        figures = figures.filter(measure__in=asked["measure"])
    if question.has_window:
        within = figures.filter(first_month__lte=last, last_month__gte=first)
        return with_match(within, question).filter(match=match)
    return figures.filter(month_condition(asked["dates"])) if asked["dates"] else figures


def total_of(row: Row) -> tally.Total:
    """See a row of sums as the tally sees it."""
    return tally.Total(**{name: row[name] for name in MonthSum.SUMS if name != "incidents"})
