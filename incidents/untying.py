"""Reads what untying a set of incidents needs: figures, ties, and the claims of what is linked.

One rule: nothing here depends on who asks; the reader decides only which incidents are in the set.
Each incident is read once, however many sets it is untied in. Called by knots and apart.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from incidents import tally
from incidents.chunks import in_chunks
from incidents.deriving import count_of
from incidents.gathering import read_claims
from incidents.models import IncidentFigure, IncidentLink, choices, code_of

WHY = {
    "part_of_wave": "part of wave {}",
    "same_people": "same people as {}",
    "wave_without_figure": "wave without a figure of its own",
}
FIGURE = (
    "incident_id",
    "measure",
    "people_low",
    "people_best",
    "people_high",
    "stated_min",
    "stated_max",
    "figure_kind",
    "disputed",
)


@dataclass(frozen=True, slots=True)
class Member:
    """An incident in a set that is untied; `measure` is its principal one."""

    key: int
    kind: str
    wave: int | None
    measure: str


@dataclass(frozen=True, slots=True)
class Standing:
    """How a tied incident stands in the question's total of its principal measure."""

    counted: bool
    why: str = ""
    group: int | None = None


class Untying:
    """What was read so far of the incidents that are untied."""

    def __init__(self) -> None:
        self.kinds: dict[int, str] = {}
        self.figures: dict[int, dict[str, tally.Figure]] = defaultdict(dict)
        self.ties: dict[int, list[tally.Tie]] = defaultdict(list)  # by the first
        self.counts: dict[int, dict[str, list[tally.Count]]] = {}

    def read(self, members: Iterable[Member]) -> None:
        """Read what is not known yet of these incidents, for sets that hold them."""
        new = {one.key: one.kind for one in members if one.key not in self.kinds}
        if not new:
            return
        self.kinds |= new
        for keys in in_chunks(sorted(new)):
            figures = IncidentFigure.objects.filter(incident__in=keys)
            for key, measure, *figure in figures.order_by().values_list(*FIGURE):
                self.figures[key][measure] = tally.Figure(*figure)
            links = IncidentLink.objects.filter(kind=choices.LinkKind.SAME_PEOPLE, first__in=keys)
            for tie in links.order_by("id").values_list("first_id", "second_id", "certainty"):
                self.ties[tie[0]].append(tally.Tie(*tie))
        linked = {end for tie in self.ties_among(self.kinds) for end in (tie.first, tie.second)}
        for keys in in_chunks(sorted(linked - self.counts.keys())):
            self.read_counts(keys)

    def read_counts(self, keys: Collection[int]) -> None:
        """Read the counting claims of incidents that may overlap, by measure."""
        claims: dict[int, list[dict[str, Any]]] = {key: [] for key in keys}
        for claim in read_claims(list(keys)):
            claims[claim["incident_id"]].append(claim)
        for key, rows in claims.items():
            self.counts[key] = defaultdict(list)
            for count in tally.counting([count_of(row, self.kinds[key]) for row in rows]):
                self.counts[key][count.measure].append(count)

    def ties_among(self, keys: Iterable[int]) -> list[tally.Tie]:
        """List which of these incidents may be about the same people as another of them."""
        among = set(keys)
        return [
            tie
            for key in sorted(among & self.ties.keys())
            for tie in self.ties[key]
            if tie.second in among
        ]

    def untied(self, members: Iterable[Member]) -> dict[str, tally.Untied]:
        """Untie some incidents as a set of their own, by measure."""
        among = {one.key: one for one in members}
        self.read(among.values())
        ties = self.ties_among(among)
        linked = {end for tie in ties for end in (tie.first, tie.second)}
        lines: dict[str, list[tally.Line]] = defaultdict(list)
        for key, one in among.items():
            for measure, figure in self.figures[key].items():
                counts = self.counts[key].get(measure, ()) if key in linked else ()
                lines[measure].append(tally.Line(key, one.kind, figure, one.wave, tuple(counts)))
        return {measure: tally.untie(its_lines, ties) for measure, its_lines in lines.items()}


def standings_in(untied: tally.Untied) -> Iterator[tuple[int, Standing]]:
    """Go through what was untied, and how each incident stands in it."""
    for line in untied.lines:
        is_line = line.figure.kind != "none"
        for key in line.ids:
            yield key, Standing(is_line, "" if is_line else "no figure", line.group)
    for key, (reason, stands_for) in untied.left_out.items():
        yield key, Standing(False, WHY[reason].format(code_of(stands_for)))
