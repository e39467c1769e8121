"""Rule 6 of DESIGN 2.3, and totals of the cases that the design and the editorial give."""

from dataclasses import astuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incidents.tally import Line, Tie, Total, total, total_of_rows, untie
from tests.tallying import in_order, line, sets, wave

TUMEN = [
    wave(1, ("exactly", 41)),
    line(2, ("exactly", 8), wave=1),
    line(3, ("exactly", 9), wave=1),
]
APRIL = line(10, ("about", 200), ("at_most", 60), ("unstated",))
OCTOBER = line(11, ("at_most", 600))


def total_of(lines: list[Line], ties: tuple[Tie, ...] = ()) -> Total:
    untied = untie(lines, ties)
    return total(untied.lines, left_out=len(untied.left_out))


def sums(found: Total) -> tuple[int | None, int | None, int | None]:
    return found.at_least, found.best, found.at_most


EXAMPLES = {
    "nothing": ([], (None, None, None)),
    "exact": ([line(1, ("exactly", 9)), line(2, ("exactly", 8))], (17, 17, 17)),
    "only-around": ([line(1, ("about", 200)), line(2, ("about", 60))], (None, 260, 260)),
    "around-and-exact": ([line(1, ("about", 200)), line(2, ("exactly", 9))], (9, 209, 209)),
    "no-upper": ([line(1, ("at_least", 406)), line(2, ("exactly", 9))], (415, None, None)),
    "upper-only": ([line(1, ("at_most", 60)), line(2, ("exactly", 9))], (9, None, 69)),
    "without-figure": ([line(1, ("exactly", 9)), line(2)], (9, 9, 9)),
    "only-without-figure": ([line(1), line(2)], (None, None, None)),
    "none-at-all": ([line(1, ("exactly", 0))], (0, 0, 0)),
    "tumen-wave": (TUMEN, (41, 41, 41)),
    "tumen-first-event": (TUMEN[1:2], (8, 8, 8)),
    "tumen-events": (TUMEN[1:], (17, 17, 17)),
    "tumen-and-dandong": ([*TUMEN, line(4, ("exactly", 10))], (51, 51, 51)),
}


@pytest.mark.parametrize(("lines", "expected"), EXAMPLES.values(), ids=EXAMPLES.keys())
def test_total_of(lines, expected):
    assert sums(total_of(lines)) == expected


def test_total_of_the_editorial_is_no_sum_of_its_claims():
    assert sums(total_of([APRIL])) == (None, None, 200)


@pytest.mark.parametrize("wrong", [260, 860, 2_860])
def test_total_of_the_editorials_two_returns_is_never(wrong):
    assert wrong not in sums(total_of([APRIL, OCTOBER]))


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        ("lines", 5),
        ("without_figure", 1),
        ("with_figure", 4),
        ("without_low", 2),
        ("without_best", 3),
        ("without_high", 1),
        ("about", 1),
        ("disputed", 1),
        ("overlapping", 0),
        ("left_out", 0),
        ("incidents", 5),
    ],
)
def test_total_counts_what_it_lacks(field, expected):
    lines = [
        line(1, ("about", 200)),
        line(2, ("at_least", 60)),
        line(3, ("at_most", 60), ("about", 200)),
        line(4, ("between", 50, 60)),
        line(5),
    ]
    assert getattr(total_of(lines), field) == expected


@pytest.mark.parametrize(
    ("field", "expected"),
    [("lines", 2), ("groups", 1), ("overlapping", 3), ("incidents", 4), ("silent", 1)],
)
def test_total_counts_what_may_overlap(field, expected):
    lines = [line(1, ("about", 200)), line(2, ("exactly", 60)), line(3), line(4, ("exactly", 7))]
    ties = (Tie(1, 2, "possible"), Tie(2, 3, "probable"))
    assert getattr(total_of(lines, ties), field) == expected


def test_total_counts_what_is_left_out():
    assert total_of(TUMEN).left_out == 2


@pytest.mark.parametrize(
    ("ties", "expected"),
    [
        ((), (None, 260, 260)),
        ((Tie(1, 2, "possible"),), (60, None, 260)),
        ((Tie(1, 2, "established"),), (60, None, 200)),
    ],
    ids=["different", "may-be-the-same", "the-same"],
)
def test_total_of_two_depends_on_whether_they_are_the_same_people(ties, expected):
    assert sums(total_of([line(1, ("about", 200)), line(2, ("about", 60))], ties)) == expected


def test_total_is_empty_by_default():
    assert sums(Total()) == (None, None, None)


@given(sets())
def test_total_has_at_least_best_and_at_most_in_order(drawn):
    assert in_order(*sums(total_of(*drawn)))


@given(sets())
def test_total_at_least_is_the_sum_of_the_lows_of_its_lines(drawn):
    lows = [one.figure.low for one in untie(*drawn).lines if one.figure.low is not None]
    assert total_of(*drawn).at_least == (sum(lows) if lows else None)


@given(sets())
def test_total_at_most_exists_exactly_when_every_figure_has_an_upper_end(drawn):
    known = [one.figure for one in untie(*drawn).lines if one.figure.kind != "none"]
    complete = bool(known) and all(its.most is not None for its in known)
    assert (total_of(*drawn).at_most is not None) is complete


@given(sets())
def test_total_places_every_incident_once(drawn):
    found = total_of(*drawn)
    assert found.incidents + found.left_out == len(drawn[0])


@given(sets(), st.data())
def test_total_of_two_parts_is_the_total_of_the_whole(drawn, draws):
    untied = untie(*drawn)
    cut = draws.draw(st.integers(0, len(untied.lines)))
    parts = total(untied.lines[:cut], left_out=1) + total(untied.lines[cut:], left_out=2)
    assert parts == total(untied.lines, left_out=3)


@given(sets())
def test_total_of_rows_is_that_of_a_line_for_each(drawn):
    lines, _ties = drawn
    alone = untie([Line(one.id, "event", one.figure) for one in lines], ())
    assert total_of_rows([astuple(one.figure) for one in lines]) == total(alone.lines)


@given(sets())
def test_total_at_least_does_not_grow_when_incidents_are_established_to_be_the_same(drawn):
    """Two incidents with one figure each cannot be more people as one than as two."""
    lines = [Line(one.id, "event", one.figure, None, one.counts) for one in drawn[0]]
    lows = [one.figure.low for one in lines]
    if len(lines) > 1 and None not in lows:
        ties = [Tie(lines[0].id, one.id, "established") for one in lines[1:]]
        assert (total_of(lines, tuple(ties)).at_least or 0) <= sum(filter(None, lows))


@st.composite
def worlds(draw) -> tuple[list[Line], tuple[Tie, ...], int]:
    """Draw groups of people, incidents and waves told of truthfully, and how many there are.

    Two events with the same people are always tied; others may be marked possible in error.
    """
    crowds = draw(st.lists(st.integers(0, 9), min_size=1, max_size=4))
    events = draw(st.lists(st.integers(0, len(crowds) - 1), min_size=1, max_size=5))
    homes = [draw(st.sampled_from([None, 100, 200])) for _ in events]
    others = {key: draw(st.integers(0, 5)) for key in (100, 200)}
    lines = [
        line(key, *truths(draw, crowds[crowd]), wave=home)
        for key, (crowd, home) in enumerate(zip(events, homes, strict=True), 1)
    ]
    for key, more in others.items():
        inside = {crowd for crowd, home in zip(events, homes, strict=True) if home == key}
        lines.append(wave(key, *truths(draw, more + sum(crowds[crowd] for crowd in inside))))
    ties = []
    for first, crowd in enumerate(events, 1):
        for second, other in enumerate(events[: first - 1], 1):
            certainties = (
                ["possible", "probable", "established"] if crowd == other else ["possible"]
            )
            if crowd == other or draw(st.booleans()):
                ties.append(Tie(first, second, draw(st.sampled_from(certainties))))
    told = {key: more for key, more in others.items() if lines_of(lines, key)}
    return lines, tuple(ties), sum(crowds[crowd] for crowd in set(events)) + sum(told.values())


def lines_of(lines: list[Line], key: int) -> bool:
    """Tell whether a wave's own people are in the set: somebody gives it a figure."""
    return any(one.id == key and one.figure.kind != "none" for one in lines)


def truths(draw: st.DrawFn, people: int) -> list[tuple]:
    """Draw claims that are true of this many people."""
    true = [
        ("exactly", people),
        ("at_least", draw(st.integers(0, people))),
        ("at_most", draw(st.integers(people, 30))),
        ("between", draw(st.integers(0, people)), draw(st.integers(people, 30))),
        ("unstated",),
    ]
    return draw(st.lists(st.sampled_from(true), max_size=2))


@given(worlds())
def test_total_at_least_is_true_when_the_claims_are(world):
    lines, ties, people = world
    assert (total_of(lines, ties).at_least or 0) <= people


@given(worlds())
def test_total_at_most_is_true_when_the_claims_are_and_none_is_missing(world):
    lines, ties, people = world
    found = total_of(lines, ties)
    if found.at_most is not None and not (found.without_figure or found.silent):
        assert found.at_most >= people
