"""Which incidents of a set are lines of its total, and which are stood for by another.

The one rule: nobody is counted twice in a lower figure, and every incident of the set is either
in exactly one line or left out with a reason. DESIGN 2.3, 5. Reached through `tally`.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from graphlib import CycleError, TopologicalSorter
from itertools import chain

from incidents.figures import Count, Figure, counting
from incidents.pooled import figure_of_group, figure_of_same, raise_to, stand_in


@dataclass(frozen=True, slots=True)
class Line:
    """One incident (kind event or wave) in a set, with its figure of one measure.

    `counts` are the claims that count for it; without them its figure speaks for itself.
    """

    id: int
    kind: str
    figure: Figure
    wave: int | None = None
    counts: tuple[Count, ...] = ()


@dataclass(frozen=True, slots=True)
class Tie:
    """Two incidents about the same people: possibly, probably, or by establishment."""

    first: int
    second: int
    certainty: str


@dataclass(frozen=True, slots=True)
class TotalLine:
    """One line of a total.

    `ids`: the incidents behind it, sorted; several only in a group that may be the same people,
    which `group` names by its smallest id. `stands_for`: the incidents left out because of it.
    `silent`: incidents behind it without a figure, beyond the line's own missing one.
    """

    ids: tuple[int, ...]
    figure: Figure
    group: int | None = None
    stands_for: tuple[int, ...] = ()
    silent: int = 0


@dataclass(frozen=True, slots=True)
class Untied:
    """The lines of a set, and what is in none: id -> (reason, id of what stands for it).

    Reasons: part_of_wave, same_people, wave_without_figure.
    """

    lines: tuple[TotalLine, ...]
    left_out: dict[int, tuple[str, int]]


class Clusters:
    """Ids joined by any chain of pairs; the smallest id of each cluster names it."""

    def __init__(self) -> None:
        self._above: dict[int, int] = {}

    def name(self, key: int) -> int:
        """Name the cluster that an id is in."""
        above = self._above
        while (up := above.get(key, key)) != key:
            above[key] = above.get(up, up)
            key = up
        return key

    def join(self, keys: Iterable[int]) -> None:
        """Put these ids into one cluster."""
        names = sorted({self.name(key) for key in keys})
        for name in names[1:]:
            self._above[name] = names[0]

    def sorted_into(self, keys: Iterable[int]) -> list[list[int]]:
        """Sort ids into lists, one for each cluster, in the order in which they first occur."""
        lists: dict[int, list[int]] = defaultdict(list)
        for key in keys:
            lists[self.name(key)].append(key)
        return list(lists.values())


@dataclass(slots=True)
class Knot:
    """Incidents established to be about the same people: mostly one.

    `parts`: knots that are in its wave. `is_open`: a wave without a figure, whose parts count.
    `holders`: the knots that stand for it, of which `holder` adds it up.
    """

    members: list[Line]
    figure: Figure
    pool: list[Count]
    parts: list[int]
    holders: set[int] = field(default_factory=set)

    @property
    def is_open(self) -> bool:
        return bool(self.parts) and self.figure.kind == "none"

    @property
    def holder(self) -> int | None:
        return min(self.holders, default=None)

    @property
    def speaker(self) -> int:
        """The member that stands for the others: one with a figure, a wave, the smallest id."""
        ranks = ((m.figure.kind == "none", m.kind != "wave", m.id) for m in self.members)
        return min(ranks)[2]


def untie(lines: Iterable[Line], ties: Iterable[Tie]) -> Untied:
    """Find the lines that a set of incidents adds up to, for one measure.

    Established same people become one; a wave stands for its events; what may be the same
    people becomes a group. Ties and waves outside the set are ignored.
    """
    by_id = {line.id: line for line in sorted(lines, key=lambda line: line.id)}
    inside = [tie for tie in ties if tie.first in by_id and tie.second in by_id]
    knotted = knotted_in(by_id, inside)
    found = Web({key: by_id[key] for key in by_id if key in knotted}, inside).untied()
    plain = Plain([line for key, line in by_id.items() if key not in knotted])
    lines_found = sorted([*found.lines, *plain.lines], key=lambda line: line.ids)
    return Untied(tuple(lines_found), {**found.left_out, **plain.left_out})


def knotted_in(lines: dict[int, Line], ties: Sequence[Tie]) -> set[int]:
    """Find what only a web can untie: all that an overlap, or a wave in a wave, is joined to."""
    joined = Clusters()
    for tie in ties:
        joined.join((tie.first, tie.second))
    parts = [line for line in lines.values() if line.wave in lines]
    waves = {line.wave for line in parts}
    for line in parts:
        joined.join((line.id, line.wave or line.id))
    ends = {end for tie in ties for end in (tie.first, tie.second)}
    ends |= {line.id for line in parts if line.id in waves}
    ends |= {key for key in waves if key is not None and lines[key].kind != "wave"}
    names = {joined.name(end) for end in ends}
    return {key for key in lines if joined.name(key) in names} if names else set()


class Plain:
    """Incidents alone and waves with their events, which nothing else ties: quickly untied."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self.lines: list[TotalLine] = []
        self.left_out: dict[int, tuple[str, int]] = {}
        here = {line.id for line in lines}
        events: dict[int, list[Line]] = defaultdict(list)
        for line in lines:
            if line.wave is not None and line.wave in here:
                events[line.wave].append(line)
        held = {event.id for parts in events.values() for event in parts}
        for line in lines:
            if line.id in events:
                self.add_wave(line, events[line.id])
            elif line.id not in held:
                self.add_alone(line)

    def add_alone(self, line: Line) -> None:
        """Make an incident a line of its own."""
        self.lines.append(TotalLine((line.id,), line.figure))

    def add_wave(self, wave: Line, events: Sequence[Line]) -> None:
        """Let a wave stand for its events; one without a figure leaves them to themselves."""
        if wave.figure.kind == "none":
            self.left_out[wave.id] = "wave_without_figure", min(event.id for event in events)
            for event in events:
                self.add_alone(event)
            return
        figure, low = wave.figure, sum(event.figure.low or 0 for event in events)
        if low > (figure.low or 0):
            figure = raise_to(low, figure, counting(claims_of(wave)))
        stands_for = tuple(sorted(event.id for event in events))
        self.left_out |= {event.id: ("part_of_wave", wave.id) for event in events}
        self.lines.append(TotalLine((wave.id,), figure, stands_for=stands_for))


class Web:
    """The ties inside one set. `knots` holds parts before the waves they are in."""

    def __init__(self, lines: dict[int, Line], ties: Sequence[Tie]) -> None:
        self.lines = lines
        self.same = Clusters()
        for tie in ties:
            if tie.certainty == "established":
                self.same.join((tie.first, tie.second))
        self.knots = self.tie_knots()
        self.find_holders()
        self.overlaps = self.find_overlaps(ties)
        for name, held in self.held():
            self.raise_low(self.knots[name], held)

    def tie_knots(self) -> dict[int, Knot]:
        """Collapse the same people, and order the knots so that parts come before wholes."""
        parts = self.in_order()
        members: dict[int, list[Line]] = defaultdict(list)
        for line in self.lines.values():
            members[self.same.name(line.id)].append(line)
        return {name: collapsed(members[name], sorted(parts[name])) for name in parts}

    def in_order(self) -> dict[int, set[int]]:
        """Map each knot to its parts; knots that are part of each other are the same people."""
        while True:
            parts: dict[int, set[int]] = {self.same.name(key): set() for key in self.lines}
            for line in self.lines.values():
                if line.wave is not None and line.wave in self.lines:
                    parts[self.same.name(line.wave)].add(self.same.name(line.id))
            for name, its_parts in parts.items():
                its_parts.discard(name)
            try:
                return {name: parts[name] for name in TopologicalSorter(parts).static_order()}
            except CycleError as error:
                self.same.join(error.args[1])

    def find_holders(self) -> None:
        """Let each knot know which waves stand for it, through waves without a figure."""
        for name, knot in reversed(self.knots.items()):
            above = knot.holders if knot.is_open else {name}
            for part in knot.parts:
                self.knots[part].holders |= above

    def find_overlaps(self, ties: Sequence[Tie]) -> Clusters:
        """Cluster siblings (knots with one holder, or none) that may be the same people."""
        near = Clusters()
        for tie in ties:
            first, second = self.same.name(tie.first), self.same.name(tie.second)
            near.join(self.loose_ends(first, second))
        for name, knot in self.knots.items():
            if len(knot.holders) > 1 and not knot.is_open:
                near.join((name, *knot.holders))
        overlaps = Clusters()
        for names in near.sorted_into(self.knots):
            if len(names) > 1:
                self.join_siblings(names, overlaps)
        return overlaps

    def loose_ends(self, first: int, second: int) -> set[int]:
        """Find the knots that a tie connects; none when one end is part of the other.

        For a wave without a figure these are its lines.
        """
        left, right = set(self.surface(first)), set(self.surface(second))
        above_left = {step for name in left for step in self.way_up(name)}
        above_right = {step for name in right for step in self.way_up(name)}
        return set() if left & above_right or right & above_left else left | right

    def surface(self, name: int) -> Iterator[int]:
        """Walk the knot itself, or the parts that count in its place."""
        knot = self.knots[name]
        if not knot.is_open:
            yield name
            return
        for part in knot.parts:
            yield from self.surface(part)

    def join_siblings(self, names: Iterable[int], overlaps: Clusters) -> None:
        """Lift an overlap to every level where it lies between two waves or lines."""
        siblings: dict[int | None, set[int]] = defaultdict(set)
        for name in names:
            for step in self.way_up(name):
                siblings[self.knots[step].holder].add(step)
        for group in siblings.values():
            overlaps.join(group)

    def way_up(self, name: int) -> Iterator[int]:
        """Walk from a knot to the line that stands for it."""
        here: int | None = name
        while here is not None:
            yield here
            here = self.knots[here].holder

    def held(self) -> Iterator[tuple[int, list[int]]]:
        """Walk the knots that stand for others, parts before wholes, each with those it holds."""
        held: dict[int, list[int]] = defaultdict(list)
        for name, knot in self.knots.items():
            if knot.holder is not None and not knot.is_open:
                held[knot.holder].append(name)
        return ((name, held[name]) for name in self.knots if name in held)

    def raise_low(self, knot: Knot, held: Sequence[int]) -> None:
        """Raise a wave's low to the sum of its events' lows where that is larger."""
        groups = self.overlaps.sorted_into(held)
        low = sum(self.joint_figure(names).low or 0 for names in groups)
        if low > (knot.figure.low or 0):
            knot.figure = raise_to(low, knot.figure, knot.pool)
            knot.pool = [stand_in(knot.speaker, knot.figure)]

    def joint_figure(self, names: Sequence[int]) -> Figure:
        """Give the figure of one knot, or of several that may be the same people."""
        knots = [self.knots[name] for name in names]
        if len(knots) == 1:
            return knots[0].figure
        pool = chain.from_iterable(knot.pool for knot in knots)
        return figure_of_group([knot.figure for knot in knots], pool)

    def untied(self) -> Untied:
        """Name the lines, and for everything else what stands for it."""
        tops = [name for name, knot in self.knots.items() if self.is_top(knot)]
        left_out = {key: why for key in self.lines if (why := self.why_left_out(key))}
        stood_for: dict[int, list[int]] = defaultdict(list)
        for key, (reason, speaker) in left_out.items():
            if reason != "wave_without_figure":
                stood_for[speaker].append(key)
        lines = [self.total_line(names, stood_for) for names in self.overlaps.sorted_into(tops)]
        return Untied(tuple(sorted(lines, key=lambda line: line.ids)), left_out)

    def is_top(self, knot: Knot) -> bool:
        """Tell whether a knot is itself in a line."""
        return not knot.holders and not knot.is_open

    def why_left_out(self, key: int) -> tuple[str, int] | None:
        """Say why an incident is in no line, and which incident that is stands for it."""
        line, name = self.lines[key], self.same.name(key)
        knot = self.knots[name]
        *_, top = self.way_up(min(self.surface(name)))
        speaker = self.knots[top].speaker
        if knot.is_open and line.kind == "wave":
            return "wave_without_figure", speaker
        if key == speaker:
            return None
        in_wave = bool(knot.holders) and line.wave in self.lines
        return "part_of_wave" if in_wave else "same_people", speaker

    def total_line(self, names: Sequence[int], stood_for: dict[int, list[int]]) -> TotalLine:
        """Make the line of one knot or of one group."""
        knots = [self.knots[name] for name in names]
        found = self.joint_figure(names)
        ids = tuple(sorted(knot.speaker for knot in knots))
        silent = sum(knot.figure.kind == "none" for knot in knots) - (found.kind == "none")
        return TotalLine(
            ids=ids,
            figure=found,
            group=ids[0] if len(ids) > 1 else None,
            stands_for=tuple(sorted(chain.from_iterable(stood_for[key] for key in ids))),
            silent=silent,
        )


def collapsed(members: list[Line], parts: list[int]) -> Knot:
    """Tie a knot: its figure is that of all its members' claims together."""
    pool = chain.from_iterable(claims_of(member) for member in members)
    found, counts = figure_of_same([member.figure for member in members], pool)
    return Knot(members, found, counts, parts)


def claims_of(line: Line) -> Iterable[Count]:
    """Give the claims behind a figure; an assessment, or a figure alone, speaks as one claim."""
    if line.counts and line.figure.kind != "assessed":
        return line.counts
    return [stand_in(line.id, line.figure)]
