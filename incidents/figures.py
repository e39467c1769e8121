"""What one incident's claims say together: which of them count, their figure, who stands behind.

The one rule: no number is invented, and no disagreement is smoothed over. DESIGN 2.3, 1 to 4.
Pure functions over plain rows, reached through `tally`.
"""

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

AFFIRMING = ("affirms", "affirms_in_part")


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """One claim, as far as a figure needs it.

    Bounds are inclusive and None where the source does not say; zero means that it says none.
    `body` is the source's topmost parent body, or for an unnamed source its publisher.
    """

    id: int
    measure: str = "returned"
    basis: str = "event"
    unit: str = "persons"
    stance: str = "affirms"
    status: str = "accepted"
    qualifier: str = "unstated"
    low: int | None = None
    value: int | None = None
    high: int | None = None
    words: str = ""
    speaker: str = ""
    body: Hashable = None
    origin: str = "not_known"
    repeats: int | None = None
    corrects: int | None = None
    restricted: bool = False

    @property
    def numbers(self) -> list[int]:
        """Every number the source states."""
        return [n for n in (self.low, self.value, self.high) if n is not None]

    @property
    def is_exact(self) -> bool:
        """Whether the source states one number and nothing around it."""
        return self.value is not None and self.low == self.value == self.high

    @property
    def floor(self) -> int | None:
        """The stated lower bound in tenths of a person; "more than" begins just above it."""
        return None if self.low is None else 10 * self.low + (self.qualifier == "more_than")

    @property
    def ceiling(self) -> int | None:
        """The stated upper bound in tenths of a person; "fewer than" ends just below it."""
        return None if self.high is None else 10 * self.high - (self.qualifier == "less_than")

    @property
    def lower(self) -> int | None:
        """Where what it allows begins, in tenths; a bare value allows 10 % either way."""
        if self.floor is None and self.high is None and self.value is not None:
            return 9 * self.value
        return self.floor

    @property
    def upper(self) -> int | None:
        """Where what it allows ends, in tenths; a bare value allows 10 % either way."""
        if self.ceiling is None and self.low is None and self.value is not None:
            return 11 * self.value
        return self.ceiling


@dataclass(frozen=True, slots=True)
class Figure:
    """How many people, as far as the claims allow: low <= best <= high where they exist.

    `kind`: exact, about, at_least, at_most, range, disputed, assessed or none. `stated_min` and
    `stated_max` are the smallest and the largest number anybody said.
    """

    low: int | None = None
    best: int | None = None
    high: int | None = None
    stated_min: int | None = None
    stated_max: int | None = None
    kind: str = "none"
    disputed: bool = False

    @property
    def most(self) -> int | None:
        """What it adds to an upper total: the high, or the best where only an about bounds it."""
        return self.best if self.high is None else self.high


def counting(claims: Iterable[Count]) -> list[Count]:
    """Keep the claims that count, of every measure, in the order given."""
    return standing(claims, can_count)


def sources(claims: Iterable[Count]) -> tuple[int, int]:
    """Count the distinct bodies that affirm it, with or without a number: (named, own).

    `own` are those that gathered it themselves. A claim without a body adds none.
    """
    voices = [claim for claim in standing(claims, affirms) if claim.body is not None]
    named = {claim.body for claim in voices}
    own = {claim.body for claim in voices if claim.origin == "own"}
    return len(named), len(own)


def affirms(claim: Count) -> bool:
    """Tell whether a claim is accepted, open to every reader, and says that it happened."""
    return claim.status == "accepted" and claim.stance in AFFIRMING and not claim.restricted


def can_count(claim: Count) -> bool:
    """Tell whether a claim, taken alone, counts the persons of this event."""
    return claim.basis == "event" and claim.unit == "persons" and affirms(claim)


def standing(claims: Iterable[Count], fits: Callable[[Count], bool]) -> list[Count]:
    """Keep the fitting claims that are not corrected and repeat no other that is kept.

    Restricted rows change nothing: neither their corrections nor their chains are followed.
    """
    rows = list(claims)
    seen = {claim.id: claim for claim in rows if not claim.restricted}
    corrected = corrected_claims(seen.values())
    return [
        claim
        for claim in rows
        if fits(claim)
        and claim.id not in corrected
        and not (claim.repeats is not None and is_repeat(claim, seen, corrected, fits))
    ]


def corrected_claims(claims: Iterable[Count]) -> set[int]:
    """Find the ids that an accepted claim corrects.

    Claims that correct each other in a circle, or themselves, contradict their own coding: none
    of these corrections is in force, so nothing is hidden until a person has looked.
    """
    links = {
        claim.id: claim.corrects
        for claim in claims
        if claim.corrects is not None and claim.status == "accepted"
    }
    for claim in circling(links):
        del links[claim]
    return set(links.values())


def circling(links: Mapping[int, int]) -> set[int]:
    """Find the ids that lie on a circle of links."""
    found: set[int] = set()
    visited: set[int] = set()
    for start in links:
        path, here = [], start
        while here in links and here not in visited:
            visited.add(here)
            path.append(here)
            here = links[here]
        if here in path:
            found.update(path[path.index(here) :])
    return found


def is_repeat(
    claim: Count,
    seen: Mapping[int, Count],
    corrected: set[int],
    fits: Callable[[Count], bool],
) -> bool:
    """Tell whether a claim only repeats one that stands, or one that has been corrected.

    In a circle of repeats the smallest fitting id stands. A claim that corrects what it is said
    to repeat brings a number of its own, so it is no repeat.
    """
    chain = list(repeated(claim, seen))
    if claim.corrects in chain:
        return False
    circle = claim.id in chain
    return any(
        other in corrected
        or (other in seen and fits(seen[other]) and not (circle and other >= claim.id))
        for other in chain
    )


def repeated(claim: Count, seen: Mapping[int, Count]) -> Iterator[int]:
    """Walk the ids that a claim repeats, directly and through others; each id once."""
    walked: set[int] = set()
    here: Count | None = claim
    while here and here.repeats is not None and here.repeats not in walked:
        walked.add(here.repeats)
        yield here.repeats
        here = seen.get(here.repeats)


def figure(counts: Sequence[Count]) -> Figure:
    """Work out the figure of one measure from its counting claims."""
    numbers = [number for count in counts for number in count.numbers]
    if not numbers:
        return Figure()
    disputed = opposed(counts) is not None
    low, high = ends(counts)
    best = None if disputed else agreed(counts)
    kind = kind_of(low, best, high, disputed=disputed)
    return Figure(low, best, high, min(numbers), max(numbers), kind, disputed)


def ends(counts: Sequence[Count]) -> tuple[int | None, int | None]:
    """Find the lowest and the highest number that no claim excludes."""
    values = [10 * count.value for count in counts if count.value is not None]
    floors = [count.floor for count in counts if count.floor is not None]
    ceilings = [count.ceiling for count in counts if count.ceiling is not None]
    differ = len(set(values)) > 1
    low = min(floors + values) if floors or differ else None
    high = max(ceilings + values) if ceilings or differ else None
    low_holds = low is not None and low <= min(ceilings, default=low)
    high_holds = high is not None and high >= max(floors, default=high)
    return (
        low // 10 if low is not None and low_holds else None,
        -(-high // 10) if high is not None and high_holds else None,
    )


def agreed(counts: Sequence[Count]) -> int | None:
    """Find the one exact number, else the one number all who give one agree on."""
    exact = {count.value for count in counts if count.is_exact}
    values = exact or {count.value for count in counts if count.value is not None}
    return values.pop() if len(values) == 1 else None


def opposed(counts: Sequence[Count]) -> tuple[Count, Count] | None:
    """Find the two claims that lie furthest apart, lower one first; None if all can be true."""
    below = min(
        (count for count in counts if count.upper is not None),
        key=lambda count: (count.upper, count.id),
        default=None,
    )
    above = max(
        (count for count in counts if count.lower is not None),
        key=lambda count: (count.lower, -count.id),
        default=None,
    )
    if below is None or above is None or below.upper is None or above.lower is None:
        return None
    return (below, above) if above.lower > below.upper else None


def kind_of(low: int | None, best: int | None, high: int | None, *, disputed: bool) -> str:
    """Name what kind of figure these three numbers make."""
    if disputed:
        return "disputed"
    if low is not None and high is not None:
        return "exact" if low == best == high else "range"
    if low is not None:
        return "at_least"
    if high is not None:
        return "at_most"
    return "none" if best is None else "about"


def assessed(found: Figure, low: int | None, best: int | None, high: int | None) -> Figure:
    """Put a reviewer's decision in place of the numbers; what was stated and disputed stays."""
    return replace(found, low=low, best=best, high=high, kind="assessed")
