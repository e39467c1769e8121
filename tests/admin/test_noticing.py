"""What the desk points out after a save: it warns and never blocks."""

import pytest
from django.contrib.auth.models import Group

from incidents.models import Claim, Incident
from tests.admin.desk import address, save, signed_in
from tests.factories import make_article, make_claim, make_incident, make_source, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk():
    return signed_in(make_user("Researcher"))


def said(desk, page: str, **changes) -> str:
    """Save a page and read what the next one mentions."""
    response = save(desk, page, **changes)
    assert response.status_code == 302
    return desk.get(response["Location"]).text


def test_incident_like_another_is_mentioned_with_the_rule(desk):
    other = make_incident("The other", date_words="2024-04-26")
    incident = make_incident(date_words="2024-04-25", published=False)
    text = said(desk, address("incident", pk=incident.pk), date_words="2024-04-26")
    assert "One incident or several?" in text
    assert other.title in text
    incident.refresh_from_db()
    assert incident.date_words == "2024-04-26"


def test_restricted_twin_is_not_mentioned(desk):
    group = Group.objects.create(name="Inner")
    make_incident("The secret one", date_words="2024-04-26", restricted_to=group)
    incident = make_incident(date_words="2024-04-25", published=False)
    text = said(desk, address("incident", pk=incident.pk), date_words="2024-04-26")
    assert "One incident or several?" not in text
    assert "The secret one" not in text


def test_claim_that_contradicts_is_mentioned_beside_the_other(desk):
    incident = make_incident(published=False)
    make_claim(incident, "around 200", source_as_printed="An NGO")
    claim = make_claim(incident, "around 190")
    text = said(desk, address("claim", pk=claim.pk), words="up to 60", why="Misread.")
    assert "cannot be true together" in text
    assert "“around 200”" in text
    assert Claim.objects.get(pk=claim.pk).words == "up to 60"


def test_printed_name_of_another_source_is_mentioned(desk):
    source = make_source("Radio Free Asia")
    source.aliases.create(name="RFA")
    claim = make_claim(make_incident(published=False), "9")
    page = address("claim", pk=claim.pk)
    text = said(desk, page, source=source.pk, source_as_printed="RFA", why="Read again.")
    assert "recorded as another name of Radio Free Asia" in text


def test_article_with_the_same_title_and_publisher_is_mentioned(desk):
    article = make_article(title="They were sent back")
    other = make_article()
    page = address("article", pk=other.pk)
    text = said(desk, page, title=article.title, publisher=article.publisher_id)
    assert "nearly the same URL or title" in text
    assert article.url in text


def test_nothing_stands_out_nothing_is_mentioned(desk):
    incident = make_incident(date_words="2024-04-25", published=False)
    text = said(desk, address("incident", pk=incident.pk), date_words="2024-04-26")
    assert 'class="warning' not in text
    assert Incident.objects.count() == 1
