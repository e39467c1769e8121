"""Stored knots: true after every change, and questions answered by them as without them."""

import io

import pytest
from django.contrib.auth.models import Group
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import strategies as st

from incidents import actions, facets
from incidents.filters import ask
from incidents.knots import wrong_knots
from incidents.models import Incident, IncidentKnot, IncidentLink, KnotSum
from incidents.reckoning import Reckoning, in_parts, one_by_one
from incidents.refusals import Refused
from incidents.settling import settle
from incidents.summaries import live_standings, standings
from tests.examples import few
from tests.factories import make_claim, make_incident, make_user
from tests.test_merging import STEPS, one_example, step
from tests.test_sums import BESIDE, QUESTIONS, make_dated_world, moves, numbers_of, readers

pytestmark = pytest.mark.django_db


WINDOWS = ["", "from=2023-10&to=2023-12", "from=2023-11-05", "to=2024-02&dates=open&dates=certain"]
NARROWED = [
    *("", "region=CN-JL", "role=crossing&region=CN", "kind=event", "kind=wave", "disputed=yes"),
    *("category=forced_return", "measure=arrested", "status=published&status=draft", "q=9"),
    *("status=published&status=in_review&status=withdrawn", "people_min=40"),
]
ASKED = [*QUESTIONS, *BESIDE, *(f"{w}&{n}".strip("&") for w in WINDOWS for n in NARROWED)]


def tie(first: Incident, second: Incident, certainty: str = "possible") -> IncidentLink:
    """Link two incidents as the same people."""
    link = IncidentLink.objects.create(
        first=first, second=second, kind="same_people", certainty=certainty, reason="r"
    )
    settle([first.pk, second.pk])
    return link


def knots() -> dict[int, set[int]]:
    """Say which incidents are in which knot; sizes must agree."""
    found: dict[int, set[int]] = {}
    for row in IncidentKnot.objects.all():
        found.setdefault(row.knot_id, set()).add(row.pk)
    for row in IncidentKnot.objects.all():
        assert row.size == len(found[row.knot_id])
    return found


@pytest.fixture
def wave() -> list[Incident]:
    """A wave of two events, with figures."""
    made = [make_incident(kind="wave")]
    made += [make_incident(wave=made[0]) for _number in range(2)]
    for incident, words in zip(made, ("up to 100", "at least 30", "40"), strict=True):
        make_claim(incident, words)
    return made


def test_wave_and_its_events_are_one_knot(wave):
    keys = [incident.pk for incident in wave]
    assert knots() == {keys[0]: set(keys)}
    assert list(IncidentKnot.objects.order_by("pk").values_list("counted", "counted_why")) == [
        (True, ""),
        (False, f"part of wave {wave[0].code}"),
        (False, f"part of wave {wave[0].code}"),
    ]
    total = KnotSum.objects.get()
    assert (total.incidents, total.lines, total.low_sum, total.high_sum) == (3, 1, 70, 100)
    assert (total.left_out, total.measure, total.knot_id) == (2, "returned", keys[0])


def test_incident_without_ties_is_in_no_knot():
    make_claim(make_incident(), "9")
    assert not IncidentKnot.objects.exists()


def test_wave_without_events_is_a_knot():
    wave = make_incident(kind="wave")
    assert knots() == {wave.pk: {wave.pk}}


def test_link_joins_two_knots_and_its_end_parts_them(wave):
    other = make_incident(kind="wave")
    link = tie(wave[0], other)
    keys = {incident.pk for incident in (*wave, other)}
    assert knots() == {wave[0].pk: keys}
    assert IncidentKnot.objects.get(pk=other.pk).overlap_group == wave[0].pk
    link.delete()
    settle([other.pk])
    assert knots() == {wave[0].pk: keys - {other.pk}, other.pk: {other.pk}}
    assert list(wrong_knots()) == []


def test_event_takes_its_knot_along_when_it_leaves(wave):
    event = wave[1]
    event.wave = None
    event.save()
    settle([event.pk])
    assert knots() == {wave[0].pk: {wave[0].pk, wave[2].pk}}


def test_head_that_is_restricted_leaves_the_others_a_knot(wave):
    tie(wave[1], wave[2])
    wave[0].restricted_to.add(Group.objects.create(name="Circle"))
    settle([wave[0].pk])
    assert knots() == {wave[1].pk: {wave[1].pk, wave[2].pk}}
    assert not KnotSum.objects.filter(knot=wave[0].pk).exists()


@pytest.mark.parametrize("what", ["draft", "restricted"])
def test_what_not_everybody_sees_joins_no_knots(wave, what):
    circle = Group.objects.create(name="Circle")
    hidden = make_incident(published=what != "draft", restricted_to=circle)
    before = list(IncidentKnot.objects.values())
    tie(wave[1], hidden)
    assert list(IncidentKnot.objects.values()) == before


def test_claim_of_a_member_changes_the_sums_of_its_knot(wave):
    make_claim(wave[1], "at least 20")
    assert KnotSum.objects.get().low_sum == 60
    make_claim(wave[1], "9", measure="arrested")
    assert KnotSum.objects.get(measure="arrested").lines == 1
    assert list(wrong_knots()) == []


def test_surer_link_changes_how_its_ends_stand():
    first, second = make_incident(), make_incident()
    for incident in (first, second):
        make_claim(incident, "9")
    link = tie(first, second)
    assert KnotSum.objects.get().groups == 1
    link.certainty = "established"
    link.save()
    settle([first.pk])
    assert IncidentKnot.objects.get(pk=second.pk).counted_why == f"same people as {first.code}"
    assert KnotSum.objects.get().groups == 0


def said() -> str:
    """Run the check where it must find something, and return what it printed."""
    printed = io.StringIO()
    with pytest.raises(CommandError, match="difference"):
        call_command("settle", "--check", stdout=printed)
    return printed.getvalue()


def stray() -> None:
    """Store sums of a knot that is none."""
    row = KnotSum.objects.get()
    row.pk, row.measure, row.knot = None, "dead", make_incident()
    row.save()


def stand_alone() -> None:
    """Store a standing of what is not tied."""
    row = IncidentKnot.objects.first()
    row.pk = make_incident().pk
    row.save(force_insert=True)


SPOILS = [
    (lambda: IncidentKnot.objects.filter(counted=True).update(counted=False), "counted is False"),
    (lambda: IncidentKnot.objects.filter(counted=True).delete(), "standing is missing"),
    (lambda: KnotSum.objects.update(low_sum=1), "knot returned: low_sum is 1 and should be 70"),
    (lambda: KnotSum.objects.all().delete(), "knot returned is missing"),
    (stray, "knot dead is stored, and nothing supports it"),
    (stand_alone, "standing is stored, and nothing supports it"),
]


@pytest.mark.usefixtures("wave")
@pytest.mark.parametrize(("spoil", "sentence"), SPOILS, ids=[s for _spoil, s in SPOILS])
def test_wrong_knot_is_said_and_mended(spoil, sentence):
    spoil()
    assert sentence in said()
    call_command("settle", stdout=io.StringIO())
    call_command("settle", "--check", stdout=io.StringIO())


def tie_any(world, first: int, second: int) -> None:
    ends = sorted(pick(world, number) for number in (first, first + second))
    certainty = ["possible", "probable", "established"][second % 3]
    if ends[0] == ends[1] or IncidentLink.objects.filter(first=ends[0], second=ends[1]).exists():
        raise Refused("Linked already.")
    one, other = (Incident.objects.get(pk=key) for key in ends)
    if "merged" in (one.status, other.status):
        raise Refused("Gone.")
    actions.link(
        first=one,
        second=other,
        by=world.actor,
        why="same night",
        kind="same_people",
        certainty=certainty,
    )


def untie_any(world, first: int, second: int) -> None:
    links = list(IncidentLink.objects.order_by("pk"))
    if not links:
        raise Refused("None there.")
    link = links[first % len(links)]
    link.delete()
    for key in sorted((link.first_id, link.second_id), reverse=bool(second % 2)):
        settle([key])


def restrict_any(world, first: int, second: int) -> None:
    incident = Incident.objects.get(pk=pick(world, first))
    if incident.status == "merged":
        raise Refused("Gone.")
    incident.restricted_to.set(world.groups[: second % 3])
    settle([incident.pk])


def pick(world, number: int) -> int:
    return world.incidents[number % len(world.incidents)].pk


STEPS |= {f"knots: {act.__name__}": act for act in (tie_any, untie_any, restrict_any)}
numbers = st.integers(0, 12)
tying = st.tuples(st.sampled_from([name for name in STEPS if "knots" in name]), numbers, numbers)


def check_answers(query: str, reader) -> None:
    """Hold what a question is told by stored knots against what untying everything says."""
    stored, live = Reckoning(ask(query, reader)), one_by_one(ask(query, reader))
    assert numbers_of(stored) == numbers_of(live), (query, reader)
    keys = list(stored.question.incidents.values_list("pk", flat=True))
    assert standings(stored, keys) == live_standings(live), (query, reader)
    parts = in_parts(ask(query, reader))
    assert facets.facets(stored) == facets.facets(parts) == facets.facets(live), (query, reader)
    assert numbers_of(parts) == numbers_of(live), (query, reader)


def test_questions_are_answered_as_by_untying_everything():
    world = make_dated_world()
    people = readers(world)

    @few(5, shrunk=False)
    @given(
        st.lists(st.one_of(tying, tying, moves), min_size=3, max_size=9),
        st.lists(st.sampled_from(ASKED), min_size=2, max_size=2),
    )
    def holds(steps, queries):
        with one_example():
            for what, first, second in steps:
                step(world, what, first, second)
                assert list(wrong_knots()) == []
            call_command("settle", "--check", stdout=io.StringIO())
            for reader in people:
                for query in queries:
                    check_answers(query, reader)

    holds()


def test_every_kind_of_question_is_answered_as_by_untying_everything():
    world = make_dated_world()
    for first, second in ((0, 2), (4, 1), (2, 4)):
        tie_any(world, first, second)
    restrict_any(world, 3, 1)
    assert IncidentKnot.objects.exists()
    anybody, *_others, seer = readers(world)
    for query in [*ASKED, f"wave={world.incidents[4].code}"]:
        check_answers(query, anybody)
    for query in ASKED[::3]:
        check_answers(query, seer)


def test_whole_knots_are_read_as_stored_alone(wave):
    other = make_incident(date_words="2024", wave=make_incident(kind="wave"))
    make_claim(other, "9")
    for query, live in (("", 0), ("kind=event", 3), ("from=2024&to=2024", 2)):
        assert len(Reckoning(ask(query, None)).apart.live) == live


def test_what_only_some_see_opens_the_knot_it_is_tied_to(wave):
    circle, insider = Group.objects.create(name="Circle"), make_user("Viewer")
    insider.groups.add(circle)
    hidden = make_incident(restricted_to=circle)
    make_claim(hidden, "9")
    tie(wave[1], hidden, "established")
    assert set(Reckoning(ask("", None)).apart.live) == set()
    assert set(Reckoning(ask("", insider)).apart.live) == {one.pk for one in (*wave, hidden)}
    check_answers("", insider)
