"""Counts and adds up what a question finds: from stored sums, or from the incidents.

One rule: whichever way, the same question and reader get the same numbers, and a total is exactly
the sum of its lines. One is made for a request, so that nothing is read twice. Called by summaries
and facets.
"""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from operator import attrgetter
from typing import Any

from django.db.models import Q, QuerySet

from incidents import sums, tally
from incidents.apart import Apart, OneApart
from incidents.athand import AtHand, is_expected_within
from incidents.filters import Question
from incidents.models import Incident, KnotSum, choices
from incidents.sums import MOST, MOST_BESIDE_LIST, Row


@dataclass(slots=True)
class Added:
    """What some incidents add up to: how many they are, and a total for each measure."""

    incidents: int = 0
    totals: dict[str, tally.Total] = field(default_factory=dict)

    def add(self, measure: str, total: tally.Total) -> None:
        """Add lines of one measure."""
        there = self.totals.get(measure)
        self.totals[measure] = total if there is None else there + total


Groups = dict[tuple[str, Hashable], Added]  # by match and a key
Members = dict[tuple[str, Hashable], list[OneApart]]


class Reckoning:
    """The counts and totals of one question for its reader.

    `by_knots`: whether stored sums stand for the knots that the question has in it whole.
    `in_parts`: whether it is broken down, so that all that is tied is read at once, and what the
    table does not answer is looked up once. `in_full`: even where it finds more than MOST.
    `beside_list`: whether somebody waits for a list, and a long count must not hold it up.
    """

    by_knots = True
    in_parts = in_full = False
    beside_list = False

    def __init__(self, question: Question) -> None:
        """Reckon this question; nothing is read before it is asked for."""
        self.question = question

    @cached_property
    def by_table(self) -> bool:
        """Whether the table of sums answers the question; then every number is exact."""
        return sums.can_answer(self.question)

    @cached_property
    def past_table(self) -> "Reckoning":
        """The same without the table of sums, which does not know every part.

        Asked for where there are few enough incidents, as the table knows.
        """
        if not self.by_table:
            return self
        past = without_table(self.question)
        past.by_knots, past.in_parts, past.in_full = self.by_knots, self.in_parts, True
        return past

    @cached_property
    def looked_up(self) -> AtHand | None:
        """What the question finds, where it pays to look that up once."""
        if self.by_table or not self.in_parts:
            return None
        if self.in_full:
            return AtHand(self.question)
        few = is_expected_within(self.question, self.most)
        if not few and self.up_to_most(attrgetter("incidents")) > self.most:
            return None
        found = AtHand(self.question)
        return found if found.count(*self.question.matches) <= self.most else None

    @property
    def at_hand(self) -> Question:
        """The question, asked in the way that is quickest when its incidents are needed again."""
        return self.looked_up.question if self.looked_up else self.question

    @property
    def is_exact(self) -> bool:
        """Whether the number of incidents is known, and totals can be given."""
        return self.by_table or self.counted <= self.most

    @property
    def most(self) -> int:
        """How many incidents are counted at most: few where they are read beside a list."""
        return min(MOST, MOST_BESIDE_LIST) if self.beside_list and not self.by_table else MOST

    @property
    def count(self) -> int:
        """How many incidents the question finds; `most` where there are more, nobody counted."""
        if self.by_table:
            return sum(self.count_of(match) for match in self.question.matches)
        return min(self.counted, self.most)

    @property
    def undated(self) -> int:
        """How many without a firm date may belong to the question but are not in it."""
        if not self.question.has_window or "open" in self.question.matches:
            return 0
        if self.by_table or self.looked_up:
            return self.count_of("open")
        return self.undated_up_to_most

    def count_of(self, match: str) -> int:
        """How many incidents match the days asked for so; without the table just above `most`."""
        if self.by_table:
            found = self.groups.get((match, None))
            return found.incidents if found else 0
        if self.looked_up:
            return min(self.looked_up.count(match), self.most + 1)
        return self.up_to_most(
            lambda asked: asked.matching.filter(asked.match(match)), is_open=match == "open"
        )

    @property
    def undated_up_to_most(self) -> int:
        """Count those without a firm date that are not in the question, up to just above `most`."""
        return self.up_to_most(attrgetter("undated"), is_open=True)

    def up_to_most(self, part: Callable[[Question], QuerySet], *, is_open: bool = False) -> int:
        """Count a part of what the question finds, giving up just above `most`."""
        found = self.question.soonest(part, self.most + 1, is_open=is_open)
        return found.order_by().values("pk")[: self.most + 1].count()

    @cached_property
    def measures(self) -> set[str]:
        """The measures that are totalled; by table, where one is asked for, that one alone."""
        asked = self.question.asked["measure"] if self.by_table else ()
        return set(asked or choices.Measure.values)

    @cached_property
    def counted(self) -> int:
        """How many incidents there are, up to just above `most`.

        Where the table alone holds more, nothing is looked at one by one.
        """
        if self.looked_up:
            return min(self.looked_up.count(*self.question.matches), self.most + 1)
        if not self.by_table:
            return self.up_to_most(attrgetter("incidents"))
        if self.in_table(*self.question.matches) > self.most:
            return self.most + 1
        return min(self.count, self.most + 1)

    @cached_property
    def table(self) -> list[Row]:
        """What the table of sums holds of the question, apart for each match and measure."""
        return list(sums.from_table(self.question))

    def in_table(self, *matches: str) -> int:
        """How many incidents the table of sums holds that match so."""
        return sum(row["incidents"] for row in self.table if row["match"] in matches)

    @property
    def undated_beside_list(self) -> int:
        """How many are without a firm date, for a list too long to count: up to just above MOST.

        Only what the table does not hold is looked at.
        """
        question = self.question
        told_by_closed_claims = question.asked["region"] and not question.leader
        if not self.by_table or not question.has_window or told_by_closed_claims:
            return self.undated_up_to_most
        return self.in_table("open") + self.up_to_most(undated_beside_table)

    @cached_property
    def apart(self) -> Apart:
        """The incidents that are looked at one by one."""
        return Apart(
            self.at_hand,
            beside_table=self.by_table,
            by_knots=self.by_knots,
            in_parts=self.in_parts,
            among_tied=self.looked_up.tied if self.looked_up else None,
        )

    @cached_property
    def groups(self) -> Groups:
        """Everything that the question finds, as one group for each match."""
        found = self.added(self.rows(), lambda row: None)
        for (match, measure), numbers in self.apart.sums_of_whole.items():
            self.add_knots(found[match, None], measure, [numbers])
        for one in self.apart.live.values():
            found[one.match, None].incidents += 1
        for match in self.question.matches:
            self.add_totals(found[match, None], self.totals_of_live(match))
        return found

    def totals(self, match: str) -> dict[str, tally.Total]:
        """The total of each measure, of what matches the days asked for so."""
        found = self.groups.get((match, None))
        return found.totals if found else {}

    def rows(
        self, *by: str, matches: Sequence[str] = (), places: Sequence[int] = (), **also: Any
    ) -> Iterator[Row]:
        """Read what the database adds up, apart for each value of these columns.

        By table for every match; otherwise for these, or those that the question keeps.
        """
        if self.by_table and not (by or places or also):
            yield from self.table
            return
        if self.by_table:
            yield from sums.from_table(self.question, *by, places=places, **also)
            return
        for match in matches or self.question.matches:
            figures = self.figures_matching(match)
            role = (self.question.asked["role"] or [""])[0]
            yield from sums.from_figures(figures, match, *by, role=role, places=places, **also)

    def figures_matching(self, match: str) -> QuerySet:
        """The figures of the untied events that match the days asked for so."""
        if self.looked_up:
            return self.looked_up.figures_of_untied(match)
        return sums.figures_matching(self.question, match)

    def grouped(
        self,
        rows: Iterable[Row],
        key_of_row: Callable[[Row], Hashable],
        keys_of_one: Callable[[OneApart], Iterable[Hashable]],
        among: Iterable[OneApart] | None = None,
    ) -> Groups:
        """Put rows of sums, and the incidents looked at one by one, together by match and key.

        Within each group, what is tied is untied as a set of its own: the numbers are those of
        the question that asks for this group alone.
        """
        found = self.added(rows, key_of_row)
        members: Members = defaultdict(list)
        for one in self.apart.all.values() if among is None else among:
            for key in keys_of_one(one):
                members[one.match, key].append(one)
        parted = {group: self.apart.parted(some) for group, some in members.items()}
        self.apart.untying.read(live for _whole, live in parted.values())
        for group, (whole, live) in parted.items():
            self.add_whole(found[group], whole)
            found[group].incidents += len(live)
            self.add_totals(found[group], self.apart.untying.totals(live))
        return found

    def added(self, rows: Iterable[Row], key_of_row: Callable[[Row], Hashable]) -> Groups:
        """Put rows of sums together by match and key."""
        found: Groups = defaultdict(Added)
        for row in rows:
            group = found[row["match"], key_of_row(row)]
            group.incidents += row["incidents"]
            group.add(row["measure"], sums.total_of(row))
        return found

    def add_whole(self, group: Added, knots: Sequence[int]) -> None:
        """Add knots that are in a group whole, as stored."""
        numbers: dict[str, list[Sequence[int]]] = defaultdict(list)
        for knot in knots:
            for measure, its in self.apart.numbers_of_knots[knot].items():
                numbers[measure].append(its)
        for measure, rows in numbers.items():
            self.add_knots(group, measure, rows)

    def add_knots(self, group: Added, measure: str, rows: Sequence[Sequence[int]]) -> None:
        """Add what knots are stored to add to one measure, in the order of KnotSum.SUMS."""
        incidents, *numbers = map(sum, zip(*rows, strict=True))
        group.incidents += incidents
        if measure in self.measures:
            group.add(measure, tally.Total(**dict(zip(KnotSum.TOTAL, numbers, strict=True))))

    def add_totals(self, group: Added, totals: dict[str, tally.Total]) -> None:
        """Add what a set that was untied adds up to."""
        for measure in self.measures & totals.keys():
            group.add(measure, totals[measure])

    def totals_of_live(self, match: str) -> dict[str, tally.Total]:
        """Add up what is looked at one by one, by measure; without whole knots."""
        if "untied_live" not in self.__dict__:
            return self.apart.untying.totals(self.apart.live_in(match))
        return {
            measure: tally.total(untied.lines, left_out=len(untied.left_out))
            for measure, untied in self.untied_live[match].items()
        }

    @cached_property
    def untied_live(self) -> dict[str, dict[str, tally.Untied]]:
        """What is looked at one by one, untied, by match and measure; without whole knots."""
        return self.untied_among(self.apart.live)

    @cached_property
    def untied(self) -> dict[str, dict[str, tally.Untied]]:
        """All that is tied, untied, by match and measure: to list what a total adds up."""
        return self.untied_among(self.apart.all) if self.by_knots else self.untied_live

    def untied_among(self, incidents: dict[int, OneApart]) -> dict[str, dict[str, tally.Untied]]:
        """Untie the incidents of each match that the question keeps."""
        return {
            match: self.apart.untied(one for one in incidents.values() if one.match == match)
            for match in self.question.matches
        }

    def figures_of_others(self, match: str, measure: str) -> QuerySet:
        """The figures that are a line each, because nothing is tied to them."""
        figures = self.past_table.figures_matching(match).filter(measure=measure)
        return figures.exclude(incident__in=self.apart.beyond_table)


def reckoned(question: Question, **ways: bool) -> Reckoning:
    """Reckon a question in ways other than a Reckoning's own."""
    reckoning = Reckoning(question)
    vars(reckoning).update(ways)
    return reckoning


def in_parts(question: Question) -> Reckoning:
    """Reckon a question that is broken down."""
    return reckoned(question, in_parts=True)


def in_full(question: Question) -> Reckoning:
    """Reckon a question of which everything is drawn."""
    return reckoned(question, in_parts=True, in_full=True)


def without_table(question: Question) -> Reckoning:
    """Reckon a question without the table of sums, though that could answer it."""
    return reckoned(question, by_table=False)


def one_by_one(question: Question) -> Reckoning:
    """Reckon a question from its incidents alone, without any stored sum of tied ones."""
    return reckoned(question, by_table=False, by_knots=False)


def beside_list(question: Question) -> Reckoning:
    """Reckon a question for the list of what it finds."""
    return reckoned(question, beside_list=True)


def undated_beside_table(question: Question) -> QuerySet:
    """Those without a firm date that the table of sums does not hold; an index holds just such."""
    few = Incident.objects.filter(Q(tied=True) | Q(restricted=True), wide=True)
    return question.undated.filter(pk__in=few.values("pk"))
