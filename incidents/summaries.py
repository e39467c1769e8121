"""Totals of a question: what can be added up, what stands beside it, and what it lacks.

One rule: a total is exactly the sum of its lines, and a row says `counted` exactly when it is
one. The numbers come from `reckoning`; this says them, and opens them into lines.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from incidents import tally, wording
from incidents.aggregates import newest_aggregates
from incidents.chunks import in_chunks
from incidents.filters import Question
from incidents.models import Incident, IncidentFigure, IncidentKnot, choices, code_of
from incidents.phrases import grouped
from incidents.reckoning import Reckoning
from incidents.untying import WHY, Standing, standings_in

AGGREGATES = 20
MOST_LINES = 1_000  # incidents whose lines are listed; each total says what they add up to


@dataclass(slots=True)
class MeasureTotal:
    """One total: of one measure, for one way of matching the days asked for."""

    match: str
    measure: str
    total: tally.Total
    words: str
    lines: list[dict[str, Any]] = field(default_factory=list)
    left_out: list[dict[str, Any]] = field(default_factory=list)

    @property
    def label(self) -> str:
        """Name the measure for people."""
        return str(choices.Measure(self.measure).label)


@dataclass(slots=True)
class Overview:
    """What stands above a list: how many there are, totals, and what stands beside them.

    `has_lines`: whether there are few enough to list what a total adds up. `by_table`: whether the
    summary knows more than is told here.
    """

    count: int
    is_exact: bool
    has_lines: bool
    by_table: bool
    certain: int | None
    possible: int | None
    undated: int
    totals: list[MeasureTotal]
    aggregates: list[Incident]
    most: int
    most_lines: int = MOST_LINES

    @property
    def undated_shown(self) -> str:
        """How many are without a firm date, as far as they were counted."""
        beyond = "+" if self.undated > self.most and not self.by_table else ""
        counted = min(self.undated, self.most) if beyond else self.undated
        return grouped(counted) + beyond


def overview(reckoning: Reckoning, *, with_totals: bool = True) -> Overview:
    """Count and total what a question finds; without the table of sums only up to MOST."""
    question, count = reckoning.question, reckoning.count
    matches = {match: reckoning.count_of(match) for match in question.matches if match}
    has_totals = with_totals and reckoning.is_exact
    return Overview(
        count=count,
        is_exact=reckoning.is_exact,
        has_lines=reckoning.is_exact and count <= MOST_LINES,
        by_table=reckoning.by_table,
        certain=matches.get("certain"),
        possible=matches.get("possible"),
        undated=reckoning.undated,
        totals=list(totals(reckoning)) if has_totals else [],
        aggregates=aggregates_of(question) if with_totals else [],
        most=reckoning.most,
    )


def overview_of_list(reckoning: Reckoning) -> Overview:
    """Count and total for a list: above `most` neither, so that it is quick among a million."""
    if has_total(reckoning):
        return overview(reckoning)
    return Overview(
        count=reckoning.most,
        is_exact=False,
        has_lines=False,
        by_table=reckoning.by_table,
        certain=None,
        possible=None,
        undated=reckoning.undated_beside_list,
        totals=[],
        aggregates=aggregates_of(reckoning.question),
        most=reckoning.most,
    )


def aggregates_of(question: Question) -> list[Incident]:
    """List the published totals that stand beside a total, by what is shown of them."""
    found = newest_aggregates(question, AGGREGATES).select_related("category", "main_place")
    return list(found)


def totals(reckoning: Reckoning, *, with_lines: bool = False) -> Iterator[MeasureTotal]:
    """Total what a question finds: one for each match of days and measure, never across them."""
    language = (get_language() or "en")[:2]
    for match in reckoning.question.matches:
        found = reckoning.totals(match)
        for measure in choices.Measure.values:
            total = found.get(measure)
            if total and total.lines:
                words = wording.total_words(total, measure, language)
                lines = lines_of(reckoning, match, measure) if with_lines else []
                left_out = left_out_of(reckoning, match, measure) if with_lines else []
                yield MeasureTotal(match, measure, total, words, lines, left_out)


def has_total(reckoning: Reckoning) -> bool:
    """Tell whether there are few enough incidents that a list gives a total."""
    return reckoning.counted <= reckoning.most


def standings_of_list(
    reckoning: Reckoning, recall: Callable[[str, Callable[[], Any]], Any], keys: Sequence[int]
) -> dict[int, Standing]:
    """Say how tied incidents of a page stand in the total, where its list has one.

    What is the same on every page of the list is recalled.
    """
    if not recall("has_total", partial(has_total, reckoning)):
        return {}
    live = recall("live_standings", partial(live_standings, reckoning))
    return standings_among(reckoning, live, keys)


def standings(reckoning: Reckoning, keys: Iterable[int]) -> dict[int, Standing]:
    """Say how these incidents of the question, as far as they are tied, stand in the total."""
    return standings_among(reckoning, live_standings(reckoning), keys)


def standings_among(
    reckoning: Reckoning, live: dict[int, Standing], keys: Iterable[int]
) -> dict[int, Standing]:
    """Say how these incidents stand: as was worked out, or as stored where their knot is whole."""
    whole = [key for key in keys if key not in live] if reckoning.by_knots else []
    found = {key: live[key] for key in keys if key in live}
    for chunk in in_chunks(whole):
        rows = IncidentKnot.objects.filter(pk__in=chunk)
        for key, *standing in rows.values_list("pk", *IncidentKnot.STANDING[2:]):
            found[key] = Standing(*standing)
    return found


def live_standings(reckoning: Reckoning) -> dict[int, Standing]:
    """Say of each tied incident that is in no whole knot how it stands in the total, by key."""
    live = reckoning.apart.live
    return {
        key: standing
        for untied in reckoning.untied_live.values()
        for measure, its in untied.items()
        for key, standing in standings_in(its)
        if live[key].tied and live[key].measure == measure
    }


def lines_of(reckoning: Reckoning, match: str, measure: str) -> list[dict[str, Any]]:
    """List the lines of a total; their sums are the total."""
    figures = reckoning.figures_of_others(match, measure)
    listed = [line_of((figure.incident_id,), figure_of(figure), None) for figure in figures]
    untied = reckoning.untied[match].get(measure)
    for line in untied.lines if untied else ():
        listed.append(line_of(line.ids, line.figure, line.group, line.stands_for))
    return with_titles(sorted(listed, key=lambda line: line["keys"]))


def left_out_of(reckoning: Reckoning, match: str, measure: str) -> list[dict[str, Any]]:
    """List the incidents that are in no line because another stands for them."""
    untied = reckoning.untied[match].get(measure)
    if untied is None:
        return []
    return with_titles(
        [
            {"keys": (key,), "why": WHY[reason].format(code_of(stands_for))}
            for key, (reason, stands_for) in sorted(untied.left_out.items())
        ]
    )


def figure_of(stored: IncidentFigure) -> tally.Figure:
    """See a stored figure as the tally sees it."""
    return tally.Figure(
        low=stored.people_low,
        best=stored.people_best,
        high=stored.people_high,
        stated_min=stored.stated_min,
        stated_max=stored.stated_max,
        kind=stored.figure_kind,
        disputed=stored.disputed,
    )


def line_of(
    keys: tuple[int, ...], figure: tally.Figure, group: int | None, stands_for: tuple = ()
) -> dict[str, Any]:
    """Make the row that a page shows for one line of a total."""
    return {
        "keys": keys,
        "low": figure.low,
        "best": figure.best,
        "high": figure.most,
        "disputed": figure.disputed,
        "has_figure": figure.kind != "none",
        "group": code_of(group),
        "why": _("stands for %s") % ", ".join(map(code_of, stands_for)) if stands_for else "",
    }


def with_titles(lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Add code, title, words and address of the incidents behind each line."""
    words = [f"figure_words{end}" for end in ("", "_ko", "_zh")]
    keys = {key for line in lines for key in line["keys"]}
    shown = Incident.objects.only("title", *words)
    rows: dict[int, Incident] = {}
    for chunk in in_chunks(sorted(keys)):
        rows |= shown.in_bulk(chunk)
    for line in lines:
        line["incidents"] = [
            {
                "code": code_of(key),
                "title": rows[key].title,
                "words": rows[key].figure_said,
                "path": reverse("incident-detail", args=[code_of(key)]),
            }
            for key in line["keys"]
        ]
    return lines
