"""The table of sums: true after every change, and blind to what is restricted."""

import contextlib
import io

import pytest
from django.contrib.auth.models import Group
from django.core.management import CommandError, call_command
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from incidents import actions, facets, sums
from incidents.closed import closed_claims
from incidents.filters import ask
from incidents.knots import wrong_knots
from incidents.models import Category, Claim, Incident, MonthSum, Place
from incidents.reckoning import Reckoning, one_by_one
from incidents.refusals import Refused
from incidents.settling import settle, settle_articles
from incidents.summaries import live_standings, standings
from incidents.summing import wrong_sums
from tests.factories import make_claim, make_incident, make_place, make_user, touch
from tests.test_merging import STEPS, one_example, step
from tests.worlds import World, make_world

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


@pytest.fixture
def world():
    return make_dated_world()


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


def readers(world) -> list:
    """Whoever reads: anybody, a viewer, one of each group, both groups, and a superuser."""
    people = [make_user("Viewer") for _number in range(3)]
    for person, groups in zip(people[1:], (world.groups[:1], world.groups), strict=True):
        person.groups.add(*groups)
    return [None, *people, make_user(is_superuser=True)]


def check_questions(world, questions=QUESTIONS) -> None:
    for reader in readers(world):
        for query in questions:
            check_question(query, reader)


def check_question(query: str, reader) -> None:
    """Hold the table's answer against that of the incidents, and each cell against its link."""
    table, live = Reckoning(ask(query, reader)), one_by_one(ask(query, reader))
    assert table.by_table
    assert numbers_of(table) == numbers_of(live), (query, reader)
    keys = list(table.question.incidents.values_list("pk", flat=True))
    assert standings(table, keys) == live_standings(live)
    found = facets.facets(table)
    assert found == facets.facets(live), (query, reader)
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


few = settings(max_examples=10, phases=[Phase.generate], suppress_health_check=list(HealthCheck))


def test_table_is_true_after_any_sequence(world):
    @few
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
    @settings(parent=few, max_examples=5)
    @given(st.lists(moves, min_size=3, max_size=6), st.sampled_from(QUESTIONS))
    def holds(steps, query):
        with one_example():
            for what, first, second in steps:
                step(world, what, first, second)
            check_questions(world, ["", query])

    check_questions(world)
    holds()


@pytest.mark.parametrize("query", BESIDE)
def test_breakdown_agrees_with_its_links_where_the_table_does_not_know(world, query):
    for reader in readers(world):
        reckoning = Reckoning(ask(query, reader))
        assert not reckoning.by_table
        check_cells(facets.facets(reckoning), reader)


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


def test_restricted_incident_changes_nothing_for_others():
    circle, place = Group.objects.create(name="Circle"), make_place("CN")
    viewer, insider = make_user("Viewer"), make_user("Viewer")
    insider.groups.add(circle)
    make_claim(make_incident(date_words="2023-10"), "9")
    before = list(MonthSum.objects.values())
    seen = [numbers_of(Reckoning(ask(query, viewer))) for query in ("", "region=CN")]
    hidden = make_incident(date_words="2023-10", restricted_to=circle)
    touch(hidden, place)
    make_claim(hidden, "5000")
    assert list(MonthSum.objects.values()) == before
    assert seen == [numbers_of(Reckoning(ask(query, viewer))) for query in ("", "region=CN")]
    assert Reckoning(ask("region=CN", insider)).totals("")["returned"].best == 5000


def test_incident_that_becomes_restricted_leaves_the_table():
    incident = make_incident(date_words="2023-10")
    touch(incident, make_place("CN"))
    make_claim(incident, "9")
    assert MonthSum.objects.count() == 2
    incident.restricted_to.add(Group.objects.create(name="Circle"))
    settle([incident.pk])
    assert not MonthSum.objects.exists()


def test_place_by_a_restricted_claim_counts_for_its_readers_alone():
    circle, china = Group.objects.create(name="Circle"), make_place("CN")
    make_place("CN-LN", parent=china)
    jilin, insider = make_place("CN-JL", parent=china), make_user("Viewer")
    insider.groups.add(circle)
    incident = make_incident()
    make_claim(incident, "9")
    make_claim(incident, "10", place=jilin, restricted_to=circle)
    assert Reckoning(ask("region=CN-JL", None)).count == 0
    assert Reckoning(ask("region=CN-JL", insider)).count == 1
    touch(incident, china)
    check_question("region=CN", insider)


def test_reader_without_rights_is_told_nothing():
    make_claim(make_incident(), "9")
    assert Reckoning(ask("", make_user())).count == 0


def test_incidents_of_no_category_measure_are_counted_once():
    incident = make_incident(date_words="2023-10")
    make_claim(incident, "9")
    make_claim(incident, "60", measure="arrested")
    assert (Reckoning(ask("", None)).count, MonthSum.objects.count()) == (1, 2)


def test_months_without_a_firm_date_stand_outside_all_months():
    for words in ("", "../2024-05-07", "2024-04-26/.."):
        make_incident(date_words=words)
    check_question("from=2024-05", None)
    assert Reckoning(ask("from=2024-05", None)).undated == 3


def test_time_is_broken_down_by_months_and_by_years():
    for words in ("2023-10-09", "2023-11", "2023-10/2023-11", "2024-04", ""):
        make_claim(make_incident(date_words=words), "9")
    [months] = facets.facets(Reckoning(ask("from=2023-10&to=2024-04", None)))
    rows = {row.label: [cell.words for cell in row.cells] for row in months.rows}
    assert rows == {
        "October 2023": ["1", "9", "1"],
        "November 2023": ["1", "9", "1"],
        "April 2024": ["1", "9", "0"],
        "without a firm date": ["1", "9", ""],
    }
    [years] = facets.facets(Reckoning(ask("to=2024-03", None)))
    assert [row.label for row in years.rows] == ["2023", "without a firm date"]


def spoil(**change) -> str:
    """Change one cell behind the table's back; return what the check says of it."""
    MonthSum.objects.filter(place=0).update(**change)
    printed = io.StringIO()
    with pytest.raises(CommandError, match="1 differences"):
        call_command("settle", "--check", stdout=printed)
    return printed.getvalue()


@pytest.fixture
def settled():
    incident = make_incident(date_words="2023-10")
    touch(incident, make_place("CN"))
    make_claim(incident, "9")


@pytest.mark.usefixtures("settled")
def test_wrong_sum_is_said_and_mended():
    said = "Sums anywhere forced_return returned 2023-10/2023-10 are wrong: best_sum is 8 and"
    assert said in spoil(best_sum=8)
    call_command("settle", stdout=io.StringIO())
    call_command("settle", "--check", stdout=io.StringIO())


@pytest.mark.usefixtures("settled")
@pytest.mark.parametrize("place", ["CN", "anywhere"])
def test_missing_sum_is_said_and_mended(place):
    key = 0 if place == "anywhere" else Place.objects.get(code=place).pk
    MonthSum.objects.filter(place=key).delete()
    printed = io.StringIO()
    with pytest.raises(CommandError):
        call_command("settle", "--check", stdout=printed)
    assert f"Sums {place} forced_return returned 2023-10/2023-10 are missing." in printed.getvalue()
    call_command("settle", stdout=io.StringIO())
    assert wrong_sums() == []


@pytest.mark.usefixtures("settled")
def test_stray_sum_is_said_and_mended():
    MonthSum.objects.create(
        **MonthSum.objects.filter(place=0).values(*MonthSum.CELL[:-1], *MonthSum.SUMS).get(),
        last_month=24300,
    )
    printed = io.StringIO()
    with pytest.raises(CommandError):
        call_command("settle", "--check", stdout=printed)
    assert "2023-10/2025-01 are stored, and nothing supports them." in printed.getvalue()
    call_command("settle", stdout=io.StringIO())
    assert wrong_sums() == []


def test_table_takes_no_more_queries_for_more_incidents(django_assert_num_queries):
    counts = []
    for number in (2, 20):
        for _incident in range(number):
            make_claim(make_incident(date_words="2023-10"), "9")
        with transaction.atomic(), django_assert_num_queries(3) as asked:
            assert Reckoning(ask("", None)).count
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_nobody_adds_up_what_a_claim_set_aside_says():
    claim = make_claim(make_incident(date_words="2023-10"), "9")
    Claim.objects.filter(pk=claim.pk).update(status="set_aside", status_note="wrong")
    settle([claim.incident_id])
    assert list(MonthSum.objects.values_list("best_sum", "without_figure")) == [(0, 1)]


def test_restricted_claims_that_a_reader_sees_are_those_visible_to_them(world):
    for number, incident in enumerate(world.incidents):
        close_claim(world, number, number)
        if number % 4 == 0:
            incident.restricted_to.add(world.groups[0])
            settle([incident.pk])
    article = Claim.objects.order_by("pk")[0].article
    article.restricted_to.add(world.groups[1])
    settle_articles([article.pk])
    for reader in (*readers(world)[1:], make_user("Researcher"), make_user()):
        visible = Claim.objects.filter(restricted=True).visible_to(reader)
        assert set(closed_claims(reader)) == set(visible)
    assert not closed_claims(None).exists()
