"""Smallest valid claims and lines for the tests of figures, ties, totals and their words.

One rule: a claim made here obeys what the database demands of a count (bounds fit the qualifier).
"""

from hypothesis import strategies as st

from incidents.tally import Count, Figure, Line, Tie, figure

QUALIFIERS = {
    "exactly": lambda n, m: {"low": n, "value": n, "high": n},
    "about": lambda n, m: {"value": n},
    "nearly": lambda n, m: {"value": n},
    "odd": lambda n, m: {"value": n},
    "at_most": lambda n, m: {"high": n},
    "less_than": lambda n, m: {"high": n},
    "at_least": lambda n, m: {"low": n},
    "more_than": lambda n, m: {"low": n},
    "between": lambda n, m: {"low": min(n, m), "high": max(n, m)},
    "indefinite": lambda n, m: {},
    "unstated": lambda n, m: {},
}


def said(qualifier: str, number: int = 0, other: int = 0, **fields) -> Count:
    """Make a claim with this qualifier; `other` is the second end of a range."""
    bounds = QUALIFIERS[qualifier](number, other)
    return Count(**{"id": 1, "qualifier": qualifier, **bounds, **fields})


def claims(*told: tuple, first: int = 1) -> list[Count]:
    """Make claims with running ids from (qualifier, number[, other]) tuples."""
    return [said(*parts, id=key) for key, parts in enumerate(told, first)]


def line(key: int, *told: tuple, kind: str = "event", wave: int | None = None) -> Line:
    """Make an incident with these counting claims; claim ids are 100 x its own and up."""
    counts = tuple(claims(*told, first=100 * key))
    return Line(key, kind, figure(counts), wave, counts)


def wave(key: int, *told: tuple) -> Line:
    """Make a wave with these counting claims."""
    return line(key, *told, kind="wave")


def numbers(found: Figure) -> tuple[int | None, int | None, int | None]:
    """Give low, best and high."""
    return found.low, found.best, found.high


def in_order(*ends: int | None) -> bool:
    """Tell whether what exists of low, best and high is in order."""
    known = [end for end in ends if end is not None]
    return known == sorted(known)


small = st.integers(0, 12)
keys = st.integers(1, 7)


@st.composite
def counts(draw, **fields) -> Count:
    """Draw a claim that counts, of any qualifier."""
    qualifier = draw(st.sampled_from(list(QUALIFIERS)))
    return said(qualifier, draw(small), draw(small), **fields)


counting_claims = st.lists(counts(), max_size=6).map(
    lambda drawn: [
        Count(id=key, qualifier=one.qualifier, low=one.low, value=one.value, high=one.high)
        for key, one in enumerate(drawn, 1)
    ]
)


@st.composite
def any_claims(draw) -> list[Count]:
    """Draw rows of claims with every status, repeating and correcting each other at will."""
    found = []
    for key in sorted(draw(st.sets(keys, max_size=7))):
        found.append(
            draw(
                counts(
                    id=key,
                    basis=draw(st.sampled_from(["event", "event", "event", "part", ""])),
                    stance=draw(st.sampled_from(["affirms", "affirms", "denies"])),
                    status=draw(st.sampled_from(["accepted", "accepted", "set_aside"])),
                    origin=draw(st.sampled_from(["own", "not_known"])),
                    body=draw(st.sampled_from([None, "A", "B", "C"])),
                    repeats=draw(st.none() | keys),
                    corrects=draw(st.none() | st.none() | keys),
                    restricted=draw(st.sampled_from([False, False, True])),
                )
            )
        )
    return found


@st.composite
def figures(draw, key: int) -> tuple[Figure, tuple[Count, ...]]:
    """Draw an incident's figure, worked out from claims or assessed, and those claims."""
    told = [draw(counts(id=100 * key + n)) for n in range(draw(st.integers(0, 3)))]
    found = figure(told)
    if draw(st.integers(0, 5)) == 0:
        low, best, high = sorted(draw(st.tuples(small, small, small)))
        gaps = draw(st.tuples(st.booleans(), st.booleans(), st.booleans()).filter(any))
        ends = [n if kept else None for n, kept in zip((low, best, high), gaps, strict=True)]
        found = Figure(*ends, found.stated_min, found.stated_max, "assessed", found.disputed)
    return found, tuple(told)


@st.composite
def sets(draw) -> tuple[list[Line], list[Tie]]:
    """Draw a set of incidents, some in waves, with ties that may lead out of the set."""
    lines = []
    for key in sorted(draw(st.sets(keys, max_size=7))):
        found, told = draw(figures(key))
        kind = draw(st.sampled_from(["event", "event", "wave"]))
        lines.append(Line(key, kind, found, draw(st.none() | keys), told))
    certainties = st.sampled_from(["possible", "probable", "established"])
    ties = st.lists(st.builds(Tie, keys, keys, certainties), max_size=5)
    return lines, draw(ties)
