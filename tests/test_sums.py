"""The table of sums: true after every change, and blind to what is restricted."""

import contextlib
import copy
import io

import pytest
from django.core.management import call_command
from hypothesis import given
from hypothesis import strategies as st

from incidents import actions, facets, sums
from incidents.closed import closed_claims
from incidents.filters import ask
from incidents.knots import wrong_knots
from incidents.models import Category, Claim, Incident, Place
from incidents.reckoning import Reckoning, in_parts, one_by_one
from incidents.refusals import Refused
from incidents.settling import settle, settle_articles
from incidents.summaries import live_standings, standings
from incidents.summing import wrong_sums
from tests.examples import few
from tests.factories import (
    make_claim,
    make_incident,
    make_user,
    touch,
)
from tests.test_merging import STEPS, step
from tests.worlds import World, make_world, one_example

pytestmark = pytest.mark.django_db

DATES = ["2023-10-09", "2023-10", "2023", "2023-12/2024-02", "../2024-05-07", "2024-04-26/.."]
CATEGORIES = ["forced_return", "arrest", "death"]
QUESTIONS = [
    "",
    "region=CN",
    "region=CN-JL&category=forced_return&category=arrest",
    "region=m49:030&from=2023-10&to=2023-12",
    "from=2023&to=2024-02",
    "from=2024-02&dates=certain",
    "to=2023&dates=open&dates=possible",
    "dates=certain",
    "dates=open&region=CN",
    "kind=event&from=2023&to=2023",
    "region=KP&dates=certain&dates=possible&dates=open&from=2023-11",
]
BESIDE = [
    "from=2023-10-09",
    "status=published&status=in_review",
    "kind=event&kind=aggregate",
    "role=crossing&region=CN",
    "region=CN&region=KP",
    "region=CN-JL/tumen",
    "sending=CN",
    "people_min=0",
    "disputed=no",
]


def redate(world, first: int, second: int) -> None:
    incident = chosen(world, first)
    incident.date_words = DATES[second % len(DATES)]
    incident.read_date()
    actions.save(incident, by=world.actor, why="dated")
    settle([incident.pk])


def recategorise(world, first: int, second: int) -> None:
    incident = chosen(world, first)
    incident.category = Category.objects.get(code=CATEGORIES[second % 3])
    actions.save(incident, by=world.actor, why="another act")
    settle([incident.pk])


def withdraw(world, first: int, second: int) -> None:
    actions.withdraw(incident=chosen(world, first), by=world.actor, why="wrong")


def publish(world, first: int, second: int) -> None:
    incident = chosen(world, first)
    with contextlib.suppress(Refused):
        actions.submit(incident=incident, by=world.actor, why="again")
    signer = make_user("Reviewer")
    signer.groups.add(*world.groups)
    actions.publish(incident=incident, by=signer, why="read")


def join_wave(world, first: int, second: int) -> None:
    incident, wave = chosen(world, first % 4), chosen(world, 4 + second % 2)
    incident.wave = wave if second < 5 and wave.kind == "wave" else None
    actions.save(incident, by=world.actor, why="part of it")
    settle([incident.pk])


def close_claim(world, first: int, second: int) -> None:
    claim = chosen(world, first).claims.order_by("pk").last()
    if claim is None:
        raise Refused("Nothing said.")
    claim.restricted_to.set(world.groups[: second % 3])
    settle([claim.incident_id])


def measure_otherwise(world, first: int, second: int) -> None:
    category = Category.objects.get(code=CATEGORIES[first % 3])
    category.measure = ["returned", "arrested", "dead"][second % 3]
    actions.save(category, by=world.actor, why="counts others")
    settle(Incident.objects.filter(category=category).values_list("pk", flat=True))


def rekind(world, first: int, second: int) -> None:
    place = Place.objects.get(pk=world.places[2 + first % 2].pk)
    place.kind = ["admin1", "admin2"][second % 2]
    actions.save(place, by=world.actor, why="of another kind")
    settle(Incident.objects.values_list("pk", flat=True))


def chosen(world, number: int) -> Incident:
    incident = Incident.objects.get(pk=world.incidents[number % len(world.incidents)].pk)
    if incident.merged_into_id:
        raise Refused("Not editable.")
    return incident


OWN = (
    *(redate, redate, recategorise, withdraw, publish, join_wave, close_claim),
    *(measure_otherwise, rekind),
)
STEPS |= {f"sums: {act.__name__}": act for act in OWN}
numbers = st.integers(0, 6)
moves = st.tuples(st.sampled_from(sorted(STEPS)), numbers, numbers)


def make_dated_world() -> World:
    """Make a world with days of every kind, and incidents that nothing is tied to."""
    made = make_world()
    for number, incident in enumerate(made.incidents):
        redate(made, number, number)
        if number % 3 == 0:
            other = make_incident(date_words=DATES[number % 6], category=CATEGORIES[number % 2])
            touch(other, made.places[number % 7])
            make_claim(other, "up to 60", measure="arrested")
            made.incidents.append(other)
        assert incident.pk
    return made


@pytest.fixture(scope="module")
def made_world(once):
    return make_dated_world()


@pytest.fixture
def world(made_world):
    """The world, for one test to change."""
    return copy.deepcopy(made_world)


def readers(world) -> list:
    """Whoever reads: anybody, a viewer of one group, one of both groups, and a superuser."""
    people = [make_user("Viewer") for _number in range(2)]
    for person, groups in zip(people, (world.groups[:1], world.groups), strict=True):
        person.groups.add(*groups)
    return [None, *people, make_user(is_superuser=True)]


def check_questions(readers: list, questions: list[str]) -> None:
    for reader in readers:
        for query in questions:
            check_question(query, reader)


def check_question(query: str, reader) -> None:
    """Hold the table's answer against that of the incidents, and each cell against its link."""
    table, live = Reckoning(ask(query, reader)), one_by_one(ask(query, reader))
    assert table.by_table
    assert numbers_of(table) == numbers_of(live), (query, reader)
    keys = list(table.question.incidents.values_list("pk", flat=True))
    assert standings(table, keys) == live_standings(live)
    parts = in_parts(ask(query, reader))
    found = facets.facets(parts)
    assert found == facets.facets(table) == facets.facets(live), (query, reader)
    assert numbers_of(parts) == numbers_of(live), (query, reader)
    check_cells(found, reader)


def numbers_of(reckoning: Reckoning) -> tuple:
    matches = {match: reckoning.count_of(match) for match in reckoning.question.matches if match}
    totals = {match: reckoning.totals(match) for match in reckoning.question.matches}
    return reckoning.count, matches, reckoning.undated, totals


def check_cells(found: list[facets.Facet], reader) -> None:
    for facet in found:
        for row in facet.rows:
            assert len(row.cells) == len(facet.columns)
            for cell in row.cells:
                if cell.query:
                    asked = one_by_one(ask(cell.query, reader))
                    assert asked.count == cell.number, (facet.code, row.label, cell)


def test_table_is_true_after_any_sequence(world):
    @few(5, shrunk=False)
    @given(st.lists(moves, min_size=4, max_size=9))
    def holds(steps):
        with one_example():
            for what, first, second in steps:
                step(world, what, first, second)
                assert wrong_sums() == []
                assert list(wrong_knots()) == []
            call_command("settle", "--check", stdout=io.StringIO())

    holds()


def test_table_answers_as_the_incidents_do(world):
    @few(4, shrunk=False)
    @given(st.lists(moves, min_size=3, max_size=6), st.sampled_from(QUESTIONS))
    def holds(steps, query):
        with one_example():
            for what, first, second in steps:
                step(world, what, first, second)
            check_questions(readers(world), ["", query])

    close_claim(world, 0, 1)
    anybody, insider, *_others, everybody = readers(world)
    check_questions([anybody, insider, everybody], QUESTIONS)
    holds()


@pytest.mark.parametrize("query", BESIDE)
def test_breakdown_agrees_with_its_links_where_the_table_does_not_know(world, query):
    for reader in readers(world):
        apart, at_hand = Reckoning(ask(query, reader)), in_parts(ask(query, reader))
        assert not apart.by_table
        assert numbers_of(at_hand) == numbers_of(apart), (query, reader)
        found = facets.facets(at_hand)
        assert found == facets.facets(apart), (query, reader)
        check_cells(found, reader)


def test_measure_is_answered_by_table_only_for_many(world, monkeypatch):
    query = "measure=arrested&from=2023&to=2023"
    assert not Reckoning(ask(query, None)).by_table
    monkeypatch.setattr(sums, "MOST", 0)
    table, live = Reckoning(ask(query, None)), one_by_one(ask(query, None))
    assert table.by_table
    assert table.count == live.count > 0
    for match in ("certain", "possible"):
        arrested = live.totals(match).get("arrested")
        assert table.totals(match) == ({"arrested": arrested} if arrested else {})


def test_restricted_claims_that_a_reader_sees_are_those_visible_to_them(world):
    for number, incident in enumerate(world.incidents):
        close_claim(world, number, number)
        if number % 4 == 0:
            incident.restricted_to.add(world.groups[0])
            settle([incident.pk])
    article = Claim.objects.order_by("pk")[0].article
    article.restricted_to.add(world.groups[1])
    settle_articles([article.pk])
    for reader in (*readers(world)[1:], *map(make_user, ("Viewer", "Researcher", ""))):
        visible = Claim.objects.filter(restricted=True).visible_to(reader)
        assert set(closed_claims(reader)) == set(visible)
    assert not closed_claims(None).exists()
