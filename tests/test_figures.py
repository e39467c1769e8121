"""Rules 1 to 4 of DESIGN 2.3: which claims count, their figure, who stands behind it."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incidents.tally import Count, Figure, assessed, counting, figure, opposed, sources
from tests.tallying import any_claims, claims, counting_claims, in_order, numbers, said


def ids(found: list[Count]) -> list[int]:
    return [claim.id for claim in found]


# Rule 1: which claims count


def test_counting_keeps_a_minimal_claim():
    assert ids(counting([said("exactly", 9)])) == [1]


def test_counting_keeps_a_claim_that_affirms_in_part():
    assert ids(counting([said("exactly", 9, stance="affirms_in_part")])) == [1]


def test_counting_keeps_a_claim_without_a_number():
    assert ids(counting([said("indefinite")])) == [1]


@pytest.mark.parametrize(
    "fields",
    [
        *({"status": status} for status in ("conflict", "needs_work", "set_aside")),
        *(
            {"basis": basis}
            for basis in ("part", "stock", "cumulative", "rate", "planned", "prevented", "")
        ),
        *({"unit": unit} for unit in ("families", "households", "flights")),
        *(
            {"stance": stance}
            for stance in (
                "does_not_deny",
                "denies",
                "cannot_confirm",
                "disputes_number",
                "comments",
            )
        ),
        {"restricted": True},
    ],
    ids=lambda fields: "-".join(map(str, *fields.items())) or "basis-not-said",
)
def test_counting_leaves_out(fields):
    assert counting([said("exactly", 9, **fields)]) == []


def test_counting_keeps_every_measure_in_the_order_given():
    rows = [said("exactly", 9, id=2, measure="dead"), said("exactly", 8, id=1)]
    assert ids(counting(rows)) == [2, 1]


def test_counting_leaves_out_a_corrected_claim():
    rows = [said("exactly", 9, id=1), said("exactly", 8, id=2, corrects=1)]
    assert ids(counting(rows)) == [2]


@pytest.mark.parametrize(
    "fields",
    [{"basis": "part"}, {"stance": "disputes_number"}, {"unit": "families"}],
    ids=["a-part", "a-stance", "families"],
)
def test_counting_a_correction_is_in_force_even_when_it_does_not_count(fields):
    rows = [said("exactly", 9, id=1), said("exactly", 8, id=2, corrects=1, **fields)]
    assert counting(rows) == []


@pytest.mark.parametrize(
    "fields",
    [{"restricted": True}, {"status": "needs_work"}],
    ids=["restricted", "not-accepted"],
)
def test_counting_a_correction_is_not_in_force_when(fields):
    rows = [said("exactly", 9, id=1), said("exactly", 8, id=2, corrects=1, **fields)]
    assert ids(counting(rows)) == [1]


def test_counting_a_corrected_correction_stays_in_force():
    rows = claims(("exactly", 9), ("exactly", 8), ("exactly", 7))
    first, second, third = rows
    rows = [first, replace(second, corrects=1), replace(third, corrects=2)]
    assert ids(counting(rows)) == [3]


@pytest.mark.parametrize(
    "links",
    [{1: 1}, {1: 2, 2: 1}, {1: 2, 2: 3, 3: 1}],
    ids=["itself", "each-other", "three"],
)
def test_counting_no_correction_in_a_circle_is_in_force(links):
    rows = [said("exactly", key, id=key, corrects=target) for key, target in links.items()]
    assert ids(counting(rows)) == list(links)


def test_counting_a_correction_from_outside_a_circle_is_in_force():
    rows = [
        said("exactly", 1, id=1, corrects=2),
        said("exactly", 2, id=2, corrects=1),
        said("exactly", 3, id=3, corrects=1),
    ]
    assert ids(counting(rows)) == [2, 3]


def test_counting_leaves_out_a_repeat_of_a_claim_that_counts():
    assert ids(counting([said("about", 9), said("about", 9, id=2, repeats=1)])) == [1]


def test_counting_leaves_out_a_repeat_through_a_claim_that_does_not_count():
    rows = [
        said("about", 9, id=1),
        said("about", 9, id=2, repeats=1, status="set_aside"),
        said("about", 9, id=3, repeats=2),
    ]
    assert ids(counting(rows)) == [1]


@pytest.mark.parametrize(
    "fields",
    [{"restricted": True}, {"status": "set_aside"}, {"basis": "stock"}],
    ids=["restricted", "set-aside", "a-stock"],
)
def test_counting_keeps_a_repeat_of_a_claim_that_does_not_count_itself(fields):
    rows = [said("about", 9, **fields), said("about", 9, id=2, repeats=1)]
    assert ids(counting(rows)) == [2]


def test_counting_keeps_a_repeat_of_a_claim_that_is_not_among_the_rows():
    assert ids(counting([said("about", 9, repeats=77)])) == [1]


@pytest.mark.parametrize("chain", [[1], [1, 4]], ids=["directly", "through-another"])
def test_counting_leaves_out_a_repeat_of_a_corrected_claim(chain):
    rows = [said("exactly", 9, id=1), said("exactly", 8, id=2, corrects=1)]
    rows += [
        said("exactly", 9, id=key, repeats=target)
        for key, target in zip([*chain[1:], 3], chain, strict=True)
    ]
    assert ids(counting(rows)) == [2]


def test_counting_keeps_a_correction_that_is_said_to_repeat_what_it_corrects():
    rows = [said("exactly", 9), said("exactly", 8, id=2, corrects=1, repeats=1)]
    assert ids(counting(rows)) == [2]


@pytest.mark.parametrize(
    ("rows", "kept"),
    [
        ([said("about", 9, repeats=1)], [1]),
        ([said("about", 9, id=5, repeats=7), said("about", 9, id=7, repeats=5)], [5]),
        (
            [
                said("about", 9, id=1, repeats=2, status="set_aside"),
                said("about", 9, id=2, repeats=3),
                said("about", 9, id=3, repeats=1),
            ],
            [2],
        ),
        (
            [
                said("about", 9, id=1, repeats=2),
                said("about", 9, id=2, repeats=1),
                said("about", 9, id=3, repeats=2),
            ],
            [1],
        ),
    ],
    ids=["itself", "each-other", "smallest-does-not-count", "hanging-on-a-circle"],
)
def test_counting_in_a_circle_of_repeats_the_smallest_that_can_count_stands(rows, kept):
    assert ids(counting(rows)) == kept


def test_counting_a_correction_of_one_in_a_circle_of_repeats_stops_them_all():
    rows = [
        said("about", 9, id=1, repeats=2),
        said("about", 9, id=2, repeats=1),
        said("about", 8, id=3, corrects=2),
    ]
    assert ids(counting(rows)) == [3]


@given(any_claims(), st.randoms())
def test_counting_does_not_depend_on_the_order_of_rows(rows, random):
    mixed = random.sample(rows, len(rows))
    assert set(ids(counting(mixed))) == set(ids(counting(rows)))


@given(any_claims())
def test_counting_twice_changes_nothing(rows):
    assert counting(counting(rows)) == counting(rows)


@given(any_claims())
def test_counting_is_the_same_as_if_restricted_rows_did_not_exist(rows):
    assert counting(rows) == counting([row for row in rows if not row.restricted])


@given(any_claims(), st.data())
def test_counting_never_takes_one_more_that_repeats_a_counting_claim(rows, draws):
    kept = counting(rows)
    if kept:
        target = draws.draw(st.sampled_from(kept))
        assert counting([*rows, said("exactly", 99, id=99, repeats=target.id)]) == kept


@given(any_claims())
def test_counting_keeps_one_of_each_chain_without_corrections(rows):
    rows = [replace(row, corrects=None) for row in rows]
    if counting([replace(row, repeats=None) for row in rows]):
        assert counting(rows)


# Rule 2: the figure

EXAMPLES = {
    "design-october-2023": (
        [("more_than", 500), ("about", 600), ("at_most", 600), ("indefinite",), ("odd", 600)],
        (500, 600, 600),
        "range",
    ),
    "design-around-200": ([("about", 200)], (None, 200, None), "about"),
    "design-editorial": ([("about", 200), ("at_most", 60)], (None, None, 200), "disputed"),
    "design-two-around": ([("about", 200), ("about", 60)], (60, None, 200), "disputed"),
    "design-about-30-and-27": ([("about", 30), ("exactly", 27)], (27, 27, 30), "range"),
    "design-odd-and-up-to": ([("odd", 200), ("at_most", 60)], (None, None, 200), "disputed"),
    "up-to-60-and-two-exact": (
        [("at_most", 60), ("exactly", 200), ("exactly", 300)],
        (None, None, 300),
        "disputed",
    ),
    "at-least-above-exact": (
        [("at_least", 406), ("exactly", 300)],
        (300, None, None),
        "disputed",
    ),
    "july-2021": (
        [("more_than", 50), ("nearly", 50), ("about", 50)],
        (50, 50, None),
        "at_least",
    ),
    "about-below-at-least": ([("about", 600), ("at_least", 650)], (600, 600, None), "at_least"),
    "about-above-up-to": ([("about", 600), ("at_most", 550)], (None, 600, 600), "at_most"),
    "two-around-that-agree": ([("about", 200), ("about", 210)], (200, None, 210), "range"),
    "exact": ([("exactly", 9)], (9, 9, 9), "exact"),
    "exact-twice": ([("exactly", 9), ("exactly", 9)], (9, 9, 9), "exact"),
    "two-exact": ([("exactly", 9), ("exactly", 8)], (8, None, 9), "disputed"),
    "none-at-all": ([("exactly", 0)], (0, 0, 0), "exact"),
    "zero-and-some": ([("exactly", 0), ("at_least", 1)], (0, None, None), "disputed"),
    "at-least": ([("at_least", 406)], (406, None, None), "at_least"),
    "more-than": ([("more_than", 500)], (500, None, None), "at_least"),
    "up-to": ([("at_most", 60)], (None, None, 60), "at_most"),
    "fewer-than": ([("less_than", 30)], (None, None, 30), "at_most"),
    "between": ([("between", 50, 60)], (50, None, 60), "range"),
    "bounds-that-meet": ([("at_least", 50), ("at_most", 50)], (50, None, 50), "range"),
    "bounds-that-just-miss": ([("more_than", 50), ("at_most", 50)], (None, None, None), "disputed"),
    "more-than-what-is-exact": ([("more_than", 9), ("exactly", 9)], (9, None, None), "disputed"),
    "fewer-than-what-is-exact": ([("less_than", 9), ("exactly", 9)], (None, None, 9), "disputed"),
    "nobody-says": ([("unstated",), ("indefinite",)], (None, None, None), "none"),
    "no-claims": ([], (None, None, None), "none"),
}


@pytest.mark.parametrize(("told", "ends", "kind"), EXAMPLES.values(), ids=EXAMPLES.keys())
def test_figure_of(told, ends, kind):
    found = figure(claims(*told))
    assert (numbers(found), found.kind) == (ends, kind)


@pytest.mark.parametrize(
    ("told", "disputed"),
    [
        ([("about", 10), ("exactly", 9)], False),
        ([("about", 10), ("exactly", 11)], False),
        ([("about", 10), ("exactly", 12)], True),
        ([("nearly", 10), ("exactly", 8)], True),
        ([("odd", 100), ("at_least", 110)], False),
        ([("odd", 100), ("at_least", 111)], True),
        ([("about", 100), ("at_most", 90)], False),
        ([("about", 100), ("at_most", 89)], True),
        ([("about", 5), ("about", 6)], False),
        ([("about", 4), ("about", 6)], True),
        ([("less_than", 30), ("at_least", 30)], True),
        ([("less_than", 31), ("at_least", 30)], False),
        ([("between", 5, 8), ("between", 8, 9)], False),
        ([("between", 5, 7), ("between", 8, 9)], True),
        ([("indefinite",), ("exactly", 2), ("unstated",)], False),
    ],
    ids=lambda part: (
        "-".join(str(x) for one in part for x in one) if isinstance(part, list) else ""
    ),
)
def test_figure_is_disputed_when_two_claims_cannot_both_be_true(told, disputed):
    assert figure(claims(*told)).disputed is disputed


def test_figure_keeps_the_smallest_and_largest_number_anybody_said():
    found = figure(claims(("more_than", 500), ("about", 600), ("between", 550, 700)))
    assert (found.stated_min, found.stated_max) == (500, 700)


def test_opposed_names_the_claims_that_lie_furthest_apart():
    rows = claims(("at_least", 1), ("exactly", 7), ("exactly", 5), ("exactly", 6))
    assert ids(list(opposed(rows) or ())) == [3, 2]


@given(counting_claims)
def test_figure_has_low_best_and_high_in_order(rows):
    found = figure(rows)
    assert in_order(found.low, found.best, found.high)


@given(counting_claims)
def test_figure_lies_within_what_was_stated(rows):
    found = figure(rows)
    assert in_order(found.stated_min, found.low, found.best, found.high, found.stated_max)


@given(counting_claims)
def test_figure_has_no_best_when_disputed(rows):
    found = figure(rows)
    assert found.best is None or not found.disputed


@given(counting_claims)
def test_figure_is_disputed_exactly_when_some_pair_is(rows):
    pairs = [figure([one, other]).disputed for one in rows for other in rows]
    assert figure(rows).disputed is any(pairs)


@given(counting_claims)
def test_figure_invents_no_number(rows):
    stated = {number for row in rows for number in row.numbers}
    assert {n for n in numbers(figure(rows)) if n is not None} <= stated


@given(counting_claims)
def test_figure_has_a_kind_exactly_when_somebody_gives_a_number(rows):
    assert (figure(rows).kind != "none") is any(row.numbers for row in rows)


@given(counting_claims, st.randoms())
def test_figure_does_not_depend_on_the_order_of_claims(rows, random):
    assert figure(random.sample(rows, len(rows))) == figure(rows)


@given(counting_claims)
def test_figure_does_not_change_when_everything_is_said_twice(rows):
    again = [replace(row, id=row.id + 50) for row in rows]
    assert figure([*rows, *again]) == figure(rows)


# Rule 3: assessments


def test_assessed_replaces_low_best_and_high():
    found = assessed(figure(claims(("about", 200), ("at_most", 60))), 50, 60, 200)
    assert (numbers(found), found.kind) == ((50, 60, 200), "assessed")


def test_assessed_stays_disputed():
    assert assessed(figure(claims(("about", 200), ("at_most", 60))), 50, None, None).disputed


def test_assessed_keeps_what_was_stated():
    found = assessed(figure(claims(("about", 200), ("at_most", 60))), 50, None, None)
    assert (found.stated_min, found.stated_max) == (60, 200)


def test_assessed_gives_a_figure_where_nobody_stated_one():
    assert assessed(Figure(), 5, None, None) == Figure(low=5, kind="assessed")


# Rule 4: sources

SOURCES = {
    "two-bodies": ([{"body": "A"}, {"body": "B"}], (2, 0)),
    "one-body-twice": ([{"body": "A"}, {"body": "A", "origin": "own"}], (1, 1)),
    "without-a-number": ([{"body": "A", "qualifier": "unstated"}], (1, 0)),
    "any-basis": ([{"body": "A", "basis": "part"}, {"body": "B", "basis": ""}], (2, 0)),
    "any-unit": ([{"body": "A", "unit": "families"}], (1, 0)),
    "denial": ([{"body": "A", "stance": "denies"}], (0, 0)),
    "set-aside": ([{"body": "A", "status": "set_aside"}], (0, 0)),
    "restricted": ([{"body": "A", "restricted": True}], (0, 0)),
    "no-body": ([{"body": None}], (0, 0)),
    "repeat": ([{"body": "A"}, {"body": "B", "repeats": 1}], (1, 0)),
    "repeat-of-a-part": ([{"body": "A", "basis": "part"}, {"body": "B", "repeats": 1}], (1, 0)),
    "repeat-of-a-denial": (
        [{"body": "A", "stance": "denies"}, {"body": "B", "repeats": 1}],
        (1, 0),
    ),
    "repeat-of-the-absent": ([{"body": "B", "repeats": 77}], (1, 0)),
    "corrected": ([{"body": "A"}, {"body": "B", "corrects": 1}], (1, 0)),
    "relays": ([{"body": "A", "origin": "relays"}, {"body": "B", "origin": "own"}], (2, 1)),
}


@pytest.mark.parametrize(("rows", "expected"), SOURCES.values(), ids=SOURCES.keys())
def test_sources_of(rows, expected):
    assert sources(Count(id=key, **row) for key, row in enumerate(rows, 1)) == expected


@given(any_claims(), st.randoms())
def test_sources_do_not_depend_on_the_order_of_rows(rows, random):
    assert sources(random.sample(rows, len(rows))) == sources(rows)


@given(any_claims())
def test_sources_own_are_among_the_named(rows):
    named, own = sources(rows)
    assert own <= named <= len(rows)
