"""Totals of a question: what can be added up, what stands beside it, and what it lacks.

One rule: a total is exactly the sum of its lines, and a row says `counted` exactly when it is
one. Untied incidents are summed by the database; the few that are tied (waves, possible overlaps)
by `tally.untie`, within the set that the question and the reader's rights leave.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from incidents import tally, wording
from incidents.deriving import count_of
from incidents.filters import Question
from incidents.gathering import read_claims
from incidents.models import Incident, IncidentFigure, IncidentLink, choices, code_of
from incidents.settling import in_chunks

MOST = 10_000
WHY = {
    "part_of_wave": "part of wave {}",
    "same_people": "same people as {}",
    "wave_without_figure": "wave without a figure of its own",
}


@dataclass(frozen=True, slots=True)
class Standing:
    """How a tied incident stands in the question's total of its principal measure."""

    counted: bool
    why: str = ""
    group: int | None = None


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
    """What stands above a list: how many there are, totals, and what stands beside them."""

    count: int
    is_exact: bool
    certain: int | None
    possible: int | None
    undated: int
    totals: list[MeasureTotal]
    aggregates: list[Incident]


def overview(question: Question, *, with_lines: bool = False) -> Overview:
    """Count and total what a question finds; exact up to MOST incidents, not totalled above."""
    count = counted(question.incidents)
    is_exact = count <= MOST
    matches = {
        match: counted(question.matching.filter(question.match(match)))
        for match in question.matches
        if match
    }
    return Overview(
        count=min(count, MOST),
        is_exact=is_exact,
        certain=matches.get("certain"),
        possible=matches.get("possible"),
        undated=counted(question.undated),
        totals=list(totals(question, with_lines=with_lines)) if is_exact else [],
        aggregates=list(question.aggregates.order_by("-sort_day", "-pk")[:20]),
    )


def counted(incidents: QuerySet) -> int:
    """Count incidents, giving up just above MOST."""
    return incidents.order_by().values("pk")[: MOST + 1].count()


def totals(question: Question, *, with_lines: bool = False) -> Iterator[MeasureTotal]:
    """Total what a question finds: one for each match of days and measure, never across them."""
    language = (get_language() or "en")[:2]
    for match in question.matches:
        subset = Subset(question, match)
        for measure in choices.Measure.values:
            total = subset.total(measure)
            if total.lines:
                words = wording.total_words(total, measure, language)
                lines = subset.lines(measure) if with_lines else []
                left_out = subset.left_out(measure) if with_lines else []
                yield MeasureTotal(match, measure, total, words, lines, left_out)


def standings(question: Question) -> dict[int, Standing]:
    """Say of each tied incident in the question how it stands in the total, by key."""
    found: dict[int, Standing] = {}
    for match in question.matches:
        found |= Subset(question, match).standings()
    return found


class Subset:
    """The events and waves of a question that match its days in one way."""

    def __init__(self, question: Question, match: str) -> None:
        incidents = question.incidents
        if match:
            incidents = question.matching.filter(question.match(match))
        self.incidents = incidents.exclude(kind=Incident.Kind.AGGREGATE).order_by()

    def total(self, measure: str) -> tally.Total:
        """Add up the untied and the tied incidents of one measure."""
        untied = self.untied_totals.get(measure, tally.Total())
        tied = self.untied_lines.get(measure)
        return untied + tally.total(tied.lines, left_out=len(tied.left_out)) if tied else untied

    @cached_property
    def untied_totals(self) -> dict[str, tally.Total]:
        """Sum the incidents without ties, by measure, in the database."""
        figures = self.untied_figures.annotate(most=MOST_OF_LINE).order_by()
        rows = figures.values("measure").annotate(**SUMS)
        return {row.pop("measure"): tally.Total(**row) for row in rows}

    @property
    def untied_figures(self) -> QuerySet:
        """The figures of incidents without ties."""
        untied = self.incidents.filter(tied=False).values("pk")
        return IncidentFigure.objects.filter(incident__in=untied)

    @cached_property
    def tied(self) -> list[dict[str, Any]]:
        """The tied incidents: key, kind, wave and principal measure."""
        return list(
            self.incidents.filter(tied=True)
            .order_by("pk")
            .values("pk", "kind", "wave_id", "category__measure")
        )

    @cached_property
    def untied_lines(self) -> dict[str, tally.Untied]:
        """Untie the tied incidents, by measure."""
        keys = [row["pk"] for row in self.tied]
        if not keys:
            return {}
        ties = ties_between(keys)
        linked = {end for tie in ties for end in (tie.first, tie.second)}
        counts = counts_of(linked)
        lines: dict[str, list[tally.Line]] = defaultdict(list)
        rows = {row["pk"]: row for row in self.tied}
        for figure in IncidentFigure.objects.filter(incident__in=keys).order_by("incident"):
            row, measure = rows[figure.incident_id], figure.measure
            pooled = counts.get((figure.incident_id, measure), ())
            lines[measure].append(
                tally.Line(row["pk"], row["kind"], figure_of(figure), row["wave_id"], tuple(pooled))
            )
        return {measure: tally.untie(its_lines, ties) for measure, its_lines in lines.items()}

    def standings(self) -> dict[int, Standing]:
        """Say of each tied incident how it stands in the total of its principal measure."""
        found = {}
        for row in self.tied:
            untied = self.untied_lines[row["category__measure"]]
            found[row["pk"]] = standing_in(untied, row["pk"])
        return found

    def lines(self, measure: str) -> list[dict[str, Any]]:
        """List the lines of a total; their sums are the total."""
        figures = self.untied_figures.filter(measure=measure)
        listed = [line_of((figure.incident_id,), figure_of(figure), None) for figure in figures]
        if measure in self.untied_lines:
            tied = self.untied_lines[measure].lines
            listed += [line_of(line.ids, line.figure, line.group, line.stands_for) for line in tied]
        return with_titles(sorted(listed, key=lambda line: line["keys"]))

    def left_out(self, measure: str) -> list[dict[str, Any]]:
        """List the incidents that are in no line because another stands for them."""
        if measure not in self.untied_lines:
            return []
        left_out = self.untied_lines[measure].left_out
        return with_titles(
            [
                {"keys": (key,), "why": WHY[reason].format(code_of(stands_for))}
                for key, (reason, stands_for) in sorted(left_out.items())
            ]
        )


HAS_FIGURE = ~Q(figure_kind="none")
MOST_OF_LINE = Coalesce("people_high", "people_best")
SUMS = {
    "lines": Count("pk"),
    "without_figure": Count("pk", filter=~HAS_FIGURE),
    "without_low": Count("pk", filter=HAS_FIGURE & Q(people_low=None)),
    "without_best": Count("pk", filter=HAS_FIGURE & Q(people_best=None)),
    "without_high": Count("pk", filter=HAS_FIGURE & Q(most=None)),
    "low_sum": Coalesce(Sum("people_low"), 0),
    "best_sum": Coalesce(Sum("people_best"), 0),
    "high_sum": Coalesce(Sum("most"), 0),
    "about": Count("pk", filter=Q(people_high=None, people_best__isnull=False)),
    "disputed": Count("pk", filter=Q(disputed=True)),
}


def ties_between(keys: list[int]) -> list[tally.Tie]:
    """Read which of these incidents may be about the same people as another of them."""
    links = IncidentLink.objects.filter(
        kind=choices.LinkKind.SAME_PEOPLE, first__in=keys, second__in=keys
    )
    return [tally.Tie(*ends) for ends in links.values_list("first_id", "second_id", "certainty")]


def counts_of(keys: set[int]) -> dict[tuple[int, str], list[tally.Count]]:
    """Read the counting claims of these incidents, by incident and measure."""
    counts: dict[tuple[int, str], list[tally.Count]] = defaultdict(list)
    kinds = dict(Incident.objects.filter(pk__in=keys).values_list("pk", "kind"))
    claims: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for claim in read_claims(list(keys)):
        claims[claim["incident_id"]].append(claim)
    for key, rows in claims.items():
        for count in tally.counting([count_of(row, kinds[key]) for row in rows]):
            counts[key, count.measure].append(count)
    return counts


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


def standing_in(untied: tally.Untied, key: int) -> Standing:
    """Find how one incident stands among the lines of a total."""
    if key in untied.left_out:
        reason, stands_for = untied.left_out[key]
        return Standing(False, WHY[reason].format(code_of(stands_for)))
    line = next(line for line in untied.lines if key in line.ids)
    if line.figure.kind == "none":
        return Standing(False, "no figure", line.group)
    return Standing(True, "", line.group)


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
    language = {"ko": "figure_words_ko"}.get((get_language() or "en")[:2], "figure_words")
    keys = {key for line in lines for key in line["keys"]}
    shown = Incident.objects.only("title", language)
    rows: dict[int, Incident] = {}
    for chunk in in_chunks(sorted(keys)):
        rows |= shown.in_bulk(chunk)
    for line in lines:
        line["incidents"] = [
            {
                "code": code_of(key),
                "title": rows[key].title,
                "words": getattr(rows[key], language),
                "path": reverse("incident-detail", args=[code_of(key)]),
            }
            for key in line["keys"]
        ]
    return lines
