"""Reads what untying a set of incidents needs: figures, ties, and the claims of what is linked.

One rule: nothing here depends on who asks; the reader decides only which incidents are in the set.
Each incident is read once, however many sets it is untied in. Called by knots and apart.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
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


@dataclass(slots=True, eq=False)
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
    """What was read so far of the incidents that are untied; figures as `tally.Figure` has them."""

    def __init__(self) -> None:
        self.kinds: dict[int, str] = {}
        self.figures: dict[int, dict[str, tuple]] = defaultdict(dict)
        self.ties: dict[int, list[tally.Tie]] = defaultdict(list)  # by the first
        self.counts: dict[int, dict[str, list[tally.Count]]] = {}

    def read(self, sets: Iterable[Iterable[Member]]) -> None:
        """Read what is not known yet of these sets, each of which is untied by itself."""
        kinds = [{one.key: one.kind for one in members} for members in sets]
        new = {key: kind for its in kinds for key, kind in its.items() if key not in self.kinds}
        if new:
            self.kinds |= new
            self.read_figures(sorted(new))
        linked = {end for its in kinds for end in ends_of(self.ties_among(its))}
        for keys in in_chunks(sorted(linked - self.counts.keys())):
            self.read_counts(keys)

    def read_figures(self, keys: list[int]) -> None:
        """Read the figures of incidents, and which may be about the same people as others."""
        figures = IncidentFigure.objects.filter(incident__among=keys).order_by()
        for row in figures.values_list(*FIGURE):
            self.figures[row[0]][row[1]] = row[2:]
        links = IncidentLink.objects.filter(kind=choices.LinkKind.SAME_PEOPLE, first__among=keys)
        for tie in links.order_by("id").values_list("first_id", "second_id", "certainty"):
            self.ties[tie[0]].append(tally.Tie(*tie))

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
        self.read([among.values()])
        ties = self.ties_among(among)
        linked = ends_of(ties)
        lines: dict[str, list[tally.Line]] = defaultdict(list)
        for key, one in among.items():
            for measure, row in self.figures[key].items():
                counts = self.counts[key].get(measure, ()) if key in linked else ()
                figure = tally.Figure(*row)
                lines[measure].append(tally.Line(key, one.kind, figure, one.wave, tuple(counts)))
        return {measure: tally.untie(its_lines, ties) for measure, its_lines in lines.items()}

    def totals(self, members: Iterable[Member]) -> dict[str, tally.Total]:
        """Add up some incidents as a set of their own, by measure: what their lines add up to.

        What is tied to nothing in the set is a line by itself, and is added up without being one.
        """
        among = {one.key: one for one in members}
        self.read([among.values()])
        tied = self.tied_within(among)
        rows: dict[str, list[tuple]] = defaultdict(list)
        for key in among.keys() - tied:
            for measure, row in self.figures[key].items():
                rows[measure].append(row)
        found = {measure: tally.total_of_rows(its_rows) for measure, its_rows in rows.items()}
        for measure, untied in self.untied(among[key] for key in tied).items():
            total = tally.total(untied.lines, left_out=len(untied.left_out))
            found[measure] = found[measure] + total if measure in found else total
        return found

    def tied_within(self, among: Mapping[int, Member]) -> set[int]:
        """Name those of a set that anything else in it stands for, or may overlap."""
        events = {key for key, one in among.items() if one.wave in among}
        waves = {among[key].wave for key in events}
        return {*events, *waves, *ends_of(self.ties_among(among))}


def ends_of(ties: Iterable[tally.Tie]) -> set[int]:
    """Name the incidents that are tied so."""
    return {end for tie in ties for end in (tie.first, tie.second)}


def standings_in(untied: tally.Untied) -> Iterator[tuple[int, Standing]]:
    """Go through what was untied, and how each incident stands in it."""
    for line in untied.lines:
        is_line = line.figure.kind != "none"
        for key in line.ids:
            yield key, Standing(is_line, "" if is_line else "no figure", line.group)
    for key, (reason, stands_for) in untied.left_out.items():
        yield key, Standing(False, WHY[reason].format(code_of(stands_for)))
