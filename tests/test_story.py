"""The figure's story: what it said, from when until when, and who changed it."""

import datetime as dt

import pytest
from django.contrib.auth.models import Group

from incidents import actions
from incidents.models import Article, Claim, Incident
from incidents.past import Past
from incidents.settling import settle, settle_articles
from incidents.story import story, versions
from tests.admin.desk import address, save, signed_in
from tests.factories import make_article, make_claim, make_incident, make_source, make_user
from tests.times import days_ago

pytestmark = pytest.mark.django_db


@pytest.fixture
def rita():
    return make_user("Researcher", "rita")


def told(incident: Incident, user) -> list[tuple[str, str, str]]:
    return [(chapter.words, chapter.who, chapter.why) for chapter in story(incident, user)]


def test_first_figure_stands_since_the_first_claim(rita):
    incident = make_incident()
    make_claim(incident, "60")
    [chapter] = story(incident, rita)
    assert (chapter.words, chapter.until) == ("60", None)


def test_each_save_that_changed_the_figure_is_a_chapter(rita):
    incident, desk = make_incident(), signed_in(rita)
    claim = make_claim(incident, "200여 명")
    save(desk, address("claim", pk=claim.pk), words="60", basis="event", why="misread")
    save(desk, address("claim", pk=claim.pk), locator="p. 3", why="page added")
    save(desk, address("claim", pk=claim.pk), words="90", why="misread again")
    assert told(incident, rita)[1:] == [("60", "rita", "misread"), ("90", "rita", "misread again")]


def test_chapters_follow_each_other_without_a_gap(rita):
    incident = make_incident()
    claim = make_claim(incident, "60")
    days_ago(3)
    claim.words = "90"
    claim.read_count()
    claim.save()
    settle([incident.pk])
    first, second = story(incident, rita)
    assert first.until == second.since
    assert second.until is None
    assert first.until - first.since > dt.timedelta(days=2)


def test_korean_correction_by_the_same_source_is_told_in_order(rita):
    outlet, desk, incident = make_source("데일리NK"), signed_in(rita), make_incident()
    first = make_article(publisher=outlet, date_words="2024-05-02", language="ko")
    claim = make_claim(
        incident, "200여 명", article=first, source=outlet, quote="200여 명이 북송됐다"
    )
    days_ago(3)
    save(
        desk,
        address("incident", pk=incident.pk),
        **new_claim(make_article(publisher=outlet, language="ko"), "60명", corrects=claim.pk),
        why="데일리NK corrects itself",
    )
    assert told(incident, rita) == [
        ("a little over 200", "", ""),
        ("60", "rita", "데일리NK corrects itself"),
    ]
    assert Claim.objects.get(pk=claim.pk).counts is False


def new_claim(article: Article, words: str, **fields) -> dict:
    """Fill in the second claim of an incident's page."""
    typed = {"article": article.pk, "words": words, "basis": "event", **fields}
    return {f"claims__1__{name}": value for name, value in typed.items()}


def test_viewers_are_told_nothing_of_the_draft():
    rita, viewer, reviewer = (make_user(role) for role in ("Researcher", "Viewer", "Reviewer"))
    incident = make_incident(published=False)
    claim = make_claim(incident, "200여 명")
    claim.words = "60"
    claim.read_count()
    days_ago(5)
    claim.save()
    settle([incident.pk])
    days_ago(3)
    incident = actions.submit(incident=incident, by=rita, why="ready")
    assert [words for words, *_ in told(incident, rita)] == ["a little over 200", "60"]
    [chapter] = story(incident, viewer)
    assert (chapter.words, chapter.why) == ("60", "ready")
    days_ago(1)
    incident = actions.withdraw(incident=incident, by=reviewer, why="doubtful")
    assert [chapter.until is None for chapter in story(incident, viewer)] == [False]


@pytest.mark.parametrize("closed", ["claim", "article"])
def test_closed_claim_and_what_was_said_about_it_are_not_told(rita, closed):
    incident, desk = make_incident(), signed_in(rita)
    make_claim(incident, "60")
    claim = make_claim(incident, "9")
    save(desk, address("claim", pk=claim.pk), words="200", why="a name in here")
    record = claim if closed == "claim" else claim.article
    record.restricted_to.add(Group.objects.create(name="Team"))
    settle_articles([claim.article_id])
    settle([incident.pk])
    assert [words for words, *_ in told(incident, rita)] == ["60"]


def test_last_chapter_is_the_stored_figure(rita):
    incident = make_incident()
    for words in ("around 200", "up to 60", "27"):
        make_claim(incident, words)
        assert told(incident, rita)[-1][0] == Incident.objects.get(pk=incident.pk).figure_words


def test_version_is_told_as_its_save_left_it(rita):
    incident, desk = make_incident("One"), signed_in(rita)
    for title in ("Two", "Three"):
        save(desk, address("incident", pk=incident.pk), title=title, why=f"now {title}")
    past = Past([incident.pk])
    listed = versions(past, incident.pk)
    assert [(version.number, version.who, version.why) for version in listed[:2]] == [
        (3, "rita", "now Three"),
        (2, "rita", "now Two"),
    ]
    titles = [past.incidents.at(incident.pk, version.at)["title"] for version in listed]
    assert titles == ["Three", "Two", "One"]


def test_story_needs_few_queries_however_long(rita, django_assert_max_num_queries):
    incident = make_incident()
    for _number in range(20):
        make_claim(incident, source=make_source())
    with django_assert_max_num_queries(16):
        story(incident, type(rita).objects.get(pk=rita.pk))
