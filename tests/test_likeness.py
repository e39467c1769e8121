"""Which incidents a claim may be about, and which may be one and the same."""

import datetime as dt

import pytest
from django.contrib.auth.models import Group

from incidents.likeness import Facts, candidates, twins
from incidents.models import Category, IncidentLink
from tests.factories import make_article, make_claim, make_incident, make_place, make_user, touch

pytestmark = pytest.mark.django_db

DAY = dt.date(2024, 4, 26)


@pytest.fixture
def researcher():
    return make_user("Researcher")


@pytest.fixture
def china():
    return make_place("CN", name="China")


@pytest.fixture
def jilin(china):
    return read_again(make_place("CN-JL", name="Jilin", parent=china))


def read_again(place):
    """Read a place as it is stored: with the country and division it lies in."""
    place.refresh_from_db()
    return place


def test_same_place_and_days_come_before_days_alone_and_place_alone(researcher, china, jilin):
    both = make_incident("both", date_words="2024-04-26")
    touch(both, jilin)
    country = make_incident("country", date_words="2024-04-26")
    touch(country, china)
    days = make_incident("days", date_words="2024-04-26")
    place = make_incident("place", date_words="2024-03-20")
    touch(place, jilin)
    far = make_incident("far", date_words="2019-01-01")
    touch(far, jilin)
    facts = Facts(earliest=DAY, latest=DAY, places=(jilin,))
    ranked = [one.incident for one in candidates(facts, researcher)]
    assert ranked[:2] == [both, country]
    assert set(ranked[2:]) == {days, place}


def test_category_decides_between_equals(researcher):
    make_incident("returned", date_words="2024-04-26")
    arrested = make_incident("held", category="arbitrary_detention", date_words="2024-04-26")
    category = Category.objects.get(code="arbitrary_detention")
    facts = Facts(earliest=DAY, latest=DAY, category=category.pk)
    assert candidates(facts, researcher)[0].incident == arrested


def test_incident_the_article_speaks_about_is_among_them(researcher):
    claim = make_claim(make_incident("old", date_words="2001-01-01"), article=make_article())
    facts = Facts(published=DAY, article=claim.article_id)
    [one] = candidates(facts, researcher)
    assert one.incident == claim.incident
    assert one.reasons == ["this article speaks about it"]


def test_restricted_and_withdrawn_incidents_are_no_candidates(researcher):
    make_incident("a", date_words="2024-04-26", restricted_to=Group.objects.create(name="Inner"))
    make_incident("b", date_words="2024-04-26", published=False, status="withdrawn")
    assert candidates(Facts(earliest=DAY, latest=DAY), researcher) == []


def test_nothing_known_offers_the_latest(researcher):
    incident = make_incident("only")
    assert [one.incident for one in candidates(Facts(), researcher)] == [incident]


@pytest.fixture
def states(china):
    return {"sending": china, "receiving": make_place("KP", name="North Korea")}


def test_same_act_states_and_days_are_twins(researcher, states):
    first = make_incident(date_words="2024-04-26", **states)
    second = make_incident(date_words="2024-04", **states)
    assert twins(first, researcher) == [second]
    assert twins(second, researcher) == [first]


@pytest.mark.parametrize(
    "other",
    [
        {"date_words": "2024-05-01"},
        {"date_words": "2024-04-26", "category": "expulsion"},
        {"date_words": "2024-04-26", "kind": "aggregate"},
        {"date_words": "2024-04-26", "published": False, "status": "withdrawn"},
        {"date_words": ""},
    ],
    ids=["days", "act", "aggregate", "withdrawn", "undated"],
)
def test_what_differs_is_no_twin(researcher, states, other):
    first = make_incident(date_words="2024-04-26", **states)
    make_incident(**states, **other)
    assert twins(first, researcher) == []


def test_other_states_are_no_twins_and_unstated_ones_may_be(researcher, states):
    first = make_incident(date_words="2024-04-26", **states)
    make_incident(date_words="2024-04-26", sending=make_place("TH"), receiving=states["sending"])
    unstated = make_incident(date_words="2024-04-26")
    assert twins(first, researcher) == [unstated]


def test_divisions_keep_incidents_apart(researcher, states, jilin, china):
    liaoning = read_again(make_place("CN-LN", name="Liaoning", parent=china))
    other = make_incident(date_words="2024-04-26", **states)
    touch(other, liaoning)
    first = make_incident(date_words="2024-04-26", **states)
    assert twins(first, researcher) == [other]
    assert twins(first, researcher, places=[jilin]) == []
    assert twins(first, researcher, places=[liaoning]) == [other]


def test_linked_incidents_and_events_of_one_wave_are_no_twins(researcher, states):
    first = make_incident(date_words="2024-04-26", **states)
    linked = make_incident(date_words="2024-04-26", **states)
    IncidentLink.objects.create(first=first, second=linked, kind="same_people", reason="Seen.")
    assert twins(first, researcher) == []
    wave = make_incident(kind="wave", date_words="2024-04", **states)
    one = make_incident(date_words="2024-04-01", wave=wave, **states)
    make_incident(date_words="2024-04-01", wave=wave, **states)
    assert twins(one, researcher) == []
