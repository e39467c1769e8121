"""Rule 5 of DESIGN 2.3: what stands for what in a set of incidents."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from incidents.tally import Figure, Line, Tie, TotalLine, Untied, assessed, figure, untie
from incidents.ties import Web
from tests.tallying import claims, in_order, line, numbers, said, sets, wave

TUMEN = [
    wave(1, ("exactly", 41)),
    line(2, ("exactly", 8), wave=1),
    line(3, ("exactly", 9), wave=1),
]


def found_in(untied: Untied, key: int) -> TotalLine:
    return next(one for one in untied.lines if key in one.ids)


def ends_of(lines: list[Line], ties: list[Tie], key: int = 1) -> tuple[int | None, ...]:
    return numbers(found_in(untie(lines, ties), key).figure)


def possible(*ends: int) -> Tie:
    return Tie(*ends, "possible")


def established(*ends: int) -> Tie:
    return Tie(*ends, "established")


# A set without ties


def test_untie_nothing():
    assert untie([], []) == Untied((), {})


def test_untie_leaves_untied_incidents_as_they_are():
    lines = [line(2, ("about", 8)), line(1, ("exactly", 9))]
    assert untie(lines, []).lines == (
        TotalLine((1,), lines[1].figure),
        TotalLine((2,), lines[0].figure),
    )


def test_untie_ignores_ties_that_lead_out_of_the_set():
    lines = [line(1, ("exactly", 9))]
    assert untie(lines, [possible(1, 5), established(6, 1)]).lines[0].ids == (1,)


# Waves


def test_untie_a_wave_stands_for_its_events():
    untied = untie(TUMEN, [])
    assert untied.lines == (TotalLine((1,), TUMEN[0].figure, stands_for=(2, 3)),)


def test_untie_says_that_events_are_part_of_the_wave():
    assert untie(TUMEN, []).left_out == {2: ("part_of_wave", 1), 3: ("part_of_wave", 1)}


def test_untie_an_event_stands_alone_where_its_wave_is_not_in_the_set():
    assert numbers(untie([TUMEN[1]], []).lines[0].figure) == (8, 8, 8)


def test_untie_raises_a_low_that_its_events_exceed():
    lines = [wave(1, ("between", 10, 60)), *TUMEN[1:]]
    assert ends_of(lines, []) == (17, None, 60)


def test_untie_gives_a_wave_without_low_the_sum_of_its_events():
    assert ends_of([wave(1, ("about", 41)), *TUMEN[1:]], []) == (17, 41, None)


def test_untie_drops_the_best_that_a_raised_low_exceeds():
    assert ends_of([wave(1, ("about", 16)), *TUMEN[1:]], []) == (17, None, None)


def test_untie_does_not_dispute_a_wave_whose_events_fit_its_around():
    untied = untie([wave(1, ("about", 16)), *TUMEN[1:]], [])
    assert untied.lines[0].figure.kind == "at_least"


def test_untie_drops_the_high_that_a_raised_low_exceeds():
    assert ends_of([wave(1, ("exactly", 12)), *TUMEN[1:]], []) == (17, None, None)


def test_untie_disputes_a_wave_whose_events_are_more_than_it_has():
    assert untie([wave(1, ("exactly", 12)), *TUMEN[1:]], []).lines[0].figure.kind == "disputed"


def test_untie_drops_the_best_of_a_wave_that_its_events_dispute():
    lines = [
        wave(1, ("about", 100), ("at_most", 95)),
        *(line(n, ("exactly", 49), wave=1) for n in (2, 3)),
    ]
    assert ends_of(lines, []) == (98, None, 100)


def test_untie_counts_events_once_that_may_be_the_same_in_the_low_of_their_wave():
    lines = [wave(1, ("at_most", 60)), *TUMEN[1:]]
    assert ends_of(lines, [possible(2, 3)]) == (8, None, 60)


def test_untie_counts_events_once_that_may_both_be_a_third_in_the_low_of_their_wave():
    lines = [wave(1, ("at_most", 60)), *TUMEN[1:], line(4)]
    group = untie(lines, [possible(2, 4), possible(3, 4)]).lines[0]
    assert group.figure.low == 8


def test_untie_a_wave_without_a_figure_is_just_its_lines():
    untied = untie([wave(1), *TUMEN[1:]], [])
    assert [one.ids for one in untied.lines] == [(2,), (3,)]


def test_untie_says_that_a_wave_has_no_figure():
    untied = untie([wave(1), *TUMEN[1:]], [])
    assert untied.left_out == {1: ("wave_without_figure", 2)}


def test_untie_a_wave_without_a_figure_or_events_is_a_line():
    assert untie([wave(1)], []).lines == (TotalLine((1,), Figure()),)


def test_untie_a_wave_within_a_wave_stands_for_nothing_itself():
    lines = [
        wave(1, ("exactly", 41)),
        Line(2, "wave", Figure(), 1),
        line(3, ("exactly", 9), wave=2),
    ]
    assert untie(lines, []).left_out == {
        2: ("wave_without_figure", 1),
        3: ("part_of_wave", 1),
    }


# Established same people


def test_untie_collapses_the_same_people():
    lines = [line(1, ("about", 200)), line(2, ("about", 60))]
    assert ends_of(lines, [established(1, 2)]) == (60, None, 200)


def test_untie_says_what_the_same_people_are_counted_under():
    lines = [line(1, ("about", 200)), line(2, ("about", 60))]
    assert untie(lines, [established(1, 2)]).left_out == {2: ("same_people", 1)}


def test_untie_lets_the_one_with_a_figure_stand_for_the_same_people():
    untied = untie([line(1), line(2, ("exactly", 9))], [established(1, 2)])
    assert untied.left_out == {1: ("same_people", 2)}


def test_untie_collapses_along_a_chain():
    lines = [line(key, ("exactly", 9)) for key in (1, 2, 3)]
    assert untie(lines, [established(1, 2), established(3, 2)]).lines == (
        TotalLine((1,), Figure(9, 9, 9, 9, 9, "exact"), stands_for=(2, 3)),
    )


def test_untie_counts_once_a_claim_that_repeats_one_of_the_same_people():
    lines = [line(1, ("exactly", 9))]
    relay = (said("exactly", 8, id=200, repeats=100),)
    lines.append(Line(2, "event", figure(relay), None, relay))
    assert ends_of(lines, [established(1, 2)]) == (9, 9, 9)


def test_untie_pools_an_assessment_instead_of_the_claims_behind_it():
    first = line(1, ("about", 200), ("at_most", 60))
    first = Line(1, "event", assessed(first.figure, 55, None, 60), None, first.counts)
    lines = [first, line(2, ("exactly", 58))]
    assert ends_of(lines, [established(1, 2)]) == (55, None, 60)


def test_untie_keeps_an_assessed_figure_disputed():
    first = Line(1, "event", Figure(55, None, 60, 50, 200, "assessed", True), None)
    untied = untie([first, line(2, ("exactly", 58))], [established(1, 2)])
    assert untied.lines[0].figure.kind == "disputed"


def test_untie_keeps_an_assessment_when_the_other_has_no_figure():
    first = Line(1, "event", Figure(55, 57, 60, 50, 200, "assessed", True), None)
    assert untie([first, line(2)], [established(1, 2)]).lines[0].figure == first.figure


def test_untie_keeps_what_was_stated_beside_an_assessment():
    first = Line(1, "event", Figure(55, None, 60, 50, 200, "assessed"), None)
    found = untie([first, line(2, ("exactly", 58))], [established(1, 2)]).lines[0].figure
    assert (found.stated_min, found.stated_max) == (50, 200)


def test_untie_collapsed_with_an_event_of_a_wave_is_stood_for_by_the_wave():
    untied = untie([*TUMEN, line(4, ("exactly", 8))], [established(2, 4)])
    assert untied.left_out[4] == ("same_people", 1)


def test_untie_adds_an_event_once_that_is_collapsed_with_another_of_its_wave():
    lines = [wave(1, ("at_most", 60)), *TUMEN[1:], line(4, ("exactly", 9), wave=1)]
    assert ends_of(lines, [established(3, 4)]) == (17, None, 60)


def test_untie_takes_waves_that_are_part_of_each_other_for_the_same_people():
    lines = [
        Line(1, "wave", figure(claims(("exactly", 9))), 2),
        Line(2, "wave", figure(claims(("exactly", 9))), 1),
    ]
    assert untie(lines, []).left_out == {2: ("same_people", 1)}


def test_untie_groups_waves_that_share_an_event():
    lines = [
        wave(1, ("exactly", 41)),
        wave(2, ("exactly", 20)),
        line(3, ("exactly", 8), wave=1),
        line(4, ("exactly", 8), wave=2),
    ]
    assert [one.ids for one in untie(lines, [established(3, 4)]).lines] == [(1, 2)]


# What may be the same people


@pytest.mark.parametrize("certainty", ["possible", "probable"])
def test_untie_groups_what_may_be_the_same_people(certainty):
    lines = [line(2, ("about", 200)), line(1, ("exactly", 60))]
    found = untie(lines, [Tie(2, 1, certainty)]).lines
    assert [(one.ids, one.group) for one in found] == [((1, 2), 1)]


def test_untie_gives_a_group_the_pooled_low_no_best_and_the_sum_of_highs():
    lines = [line(1, ("about", 200)), line(2, ("between", 50, 60))]
    assert ends_of(lines, [possible(1, 2)]) == (50, None, 260)


def test_untie_disputes_a_group_whose_claims_contradict_each_other():
    lines = [line(1, ("about", 200)), line(2, ("between", 50, 60))]
    assert untie(lines, [possible(1, 2)]).lines[0].figure.kind == "disputed"


def test_untie_does_not_dispute_a_group_that_agrees():
    lines = [line(1, ("exactly", 9)), line(2, ("exactly", 9))]
    found = untie(lines, [possible(1, 2)]).lines[0].figure
    assert (numbers(found), found.kind) == ((9, None, 18), "range")


def test_untie_gives_a_group_no_high_when_one_has_neither_high_nor_around():
    lines = [line(1, ("at_least", 200)), line(2, ("exactly", 250))]
    assert ends_of(lines, [possible(1, 2)]) == (200, None, None)


def test_untie_gives_a_group_no_low_that_somebody_excludes():
    lines = [line(1, ("at_least", 100)), line(2, ("at_most", 60))]
    assert ends_of(lines, [possible(1, 2)]) == (None, None, None)


def test_untie_pools_no_claim_in_a_group_that_repeats_another_of_it():
    relay = (said("exactly", 8, id=200, repeats=100),)
    lines = [line(1, ("exactly", 9)), Line(2, "event", figure(relay), None, relay)]
    assert ends_of(lines, [possible(1, 2)]) == (9, None, 17)


def test_untie_counts_the_silent_in_a_group():
    lines = [line(1, ("exactly", 9)), line(2), line(3)]
    assert untie(lines, [possible(1, 2), possible(3, 2)]).lines[0].silent == 2


def test_untie_never_calls_a_group_with_a_figure_one_without():
    open_ended = Figure(kind="disputed", disputed=True)
    lines = [Line(1, "event", open_ended), line(2, ("about", 9))]
    assert untie(lines, [possible(1, 2)]).lines[0].figure.kind == "disputed"


def test_untie_lifts_an_overlap_with_an_event_to_its_wave():
    untied = untie([*TUMEN, line(4, ("exactly", 10))], [possible(2, 4)])
    assert untied.lines[0].ids == (1, 4)


def test_untie_lets_a_group_stand_for_the_events_of_its_waves():
    untied = untie([*TUMEN, line(4, ("exactly", 10))], [possible(2, 4)])
    assert untied.lines[0].stands_for == (2, 3)


@pytest.mark.parametrize(
    "tie", [possible(2, 3), possible(1, 2)], ids=["between-events", "event-and-wave"]
)
def test_untie_forgets_an_overlap_inside_one_line(tie):
    assert untie(TUMEN, [tie]).lines[0].group is None


def test_untie_lifts_an_overlap_with_a_wave_without_figure_to_its_lines():
    lines = [wave(1), *TUMEN[1:], line(4, ("exactly", 17))]
    assert untie(lines, [possible(1, 4)]).lines[0].ids == (2, 3, 4)


def test_untie_forgets_an_overlap_of_a_wave_without_figure_with_its_event():
    lines = [wave(1), *TUMEN[1:]]
    assert [one.group for one in untie(lines, [possible(1, 2)]).lines] == [None, None]


def test_untie_lets_the_figure_speak_where_claims_are_not_given():
    bare = [Line(1, "event", figure(claims(("exactly", 9)))), line(2, ("exactly", 7))]
    assert ends_of(bare, [possible(1, 2)]) == (7, None, 16)


# Always


@given(sets())
def test_untie_has_every_incident_in_one_line_or_left_out(drawn):
    untied = untie(*drawn)
    placed = sorted([key for one in untied.lines for key in one.ids] + [*untied.left_out])
    assert placed == [one.id for one in drawn[0]]


@given(sets())
def test_untie_leaves_out_only_for_an_incident_in_a_line(drawn):
    untied = untie(*drawn)
    in_lines = {key for one in untied.lines for key in one.ids}
    assert {speaker for _, speaker in untied.left_out.values()} <= in_lines


@given(sets())
def test_untie_lists_under_each_line_what_it_stands_for(drawn):
    untied = untie(*drawn)
    listed = sorted(key for one in untied.lines for key in one.stands_for)
    parts = [key for key, (why, _) in untied.left_out.items() if why != "wave_without_figure"]
    assert listed == sorted(parts)


@given(sets())
def test_untie_has_low_best_and_high_in_order(drawn):
    ends = [numbers(one.figure) for one in untie(*drawn).lines]
    assert all(in_order(*its) for its in ends)


@given(sets())
def test_untie_gives_groups_no_best(drawn):
    assert not [one for one in untie(*drawn).lines if one.group and one.figure.best is not None]


@given(sets())
def test_untie_has_a_figure_exactly_where_an_incident_has_one(drawn):
    lines, ties = drawn
    known = {one.id for one in lines if one.figure.kind != "none"}
    told = [bool(known & {*one.ids, *one.stands_for}) for one in untie(lines, ties).lines]
    assert told == [one.figure.kind != "none" for one in untie(lines, ties).lines]


@given(sets(), st.randoms())
def test_untie_does_not_depend_on_the_order_of_lines_and_ties(drawn, random):
    lines, ties = drawn
    flipped = [Tie(tie.second, tie.first, tie.certainty) for tie in ties]
    mixed = random.sample(lines, len(lines)), random.sample(flipped, len(flipped))
    assert untie(*mixed) == untie(lines, ties)


@given(sets())
def test_untie_ignores_what_is_not_in_the_set(drawn):
    lines, ties = drawn
    inside = {one.id for one in lines}
    known = [tie for tie in ties if {tie.first, tie.second} <= inside]
    homeless = [
        one if one.wave in inside else Line(one.id, one.kind, one.figure, None, one.counts)
        for one in lines
    ]
    assert untie(homeless, known) == untie(lines, ties)


@settings(max_examples=1000)
@given(sets())
def test_untie_gives_what_the_web_of_all_gives_however_it_gets_there(drawn):
    lines, ties = drawn
    by_id = {line.id: line for line in lines}
    inside = [tie for tie in ties if tie.first in by_id and tie.second in by_id]
    assert untie(lines, ties) == Web(by_id, inside).untied()
