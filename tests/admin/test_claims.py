"""A claim's own page: its references, its chain of steps, and what follows for its incident."""

import pytest

from incidents.models import Claim
from tests.admin.desk import address, errors, filled, save, signed_in
from tests.factories import make_article, make_claim, make_incident, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk():
    return signed_in(make_user("Researcher", "rita"))


@pytest.fixture
def claim():
    article = make_article(date_words="2024-05-07")
    return make_claim(make_incident(published=False), "around 200", article=article)


def page_of(claim: Claim) -> str:
    return address("claim", pk=claim.pk)


def test_least_claim_is_words_article_and_incident(desk):
    incident = make_incident(published=False)
    response = save(
        desk, address("claim"), article=make_article().pk, incident=incident.pk, words="9"
    )
    assert response.status_code == 302, errors(response)
    claim = Claim.objects.get()
    assert (claim.measure, claim.basis, claim.source) == ("returned", "", None)


@pytest.mark.parametrize("name", ["of", "repeats", "corrects"])
def test_reference_to_a_claim_on_another_incident_is_refused(desk, claim, name):
    elsewhere = make_claim(make_incident(published=False))
    response = save(desk, page_of(claim), **{name: elsewhere.pk})
    assert "only to claims about its own incident" in errors(response)


@pytest.mark.parametrize("name", ["of", "repeats", "corrects"])
def test_circle_of_references_is_refused(desk, claim, name):
    other = make_claim(claim.incident, **{name: claim})
    response = save(desk, page_of(claim), **{name: other.pk})
    assert "directly or through others" in errors(response)


def test_claim_that_others_refer_to_is_not_moved(desk, claim):
    make_claim(claim.incident, repeats=claim)
    response = save(desk, page_of(claim), incident=make_incident(published=False).pk)
    assert "clear that first" in errors(response)


def test_repeat_stops_counting_and_revises_once(desk, claim):
    other = make_claim(claim.incident, "9")
    save(desk, page_of(other), repeats=claim.pk, why="same wire report")
    other.refresh_from_db()
    claim.incident.refresh_from_db()
    assert not other.counts
    assert claim.incident.version == 2
    assert claim.incident.people_best == 200


def test_steps_are_numbered_dated_and_revise(desk, claim):
    response = save(
        desk,
        page_of(claim),
        steps__TOTAL_FORMS=2,
        steps__0__name_as_printed="a source in Dandong",
        steps__1__name_as_printed="Radio Free America",
        steps__1__verb="reported",
        steps__1__date_words="yesterday",
        why="chain read",
    )
    assert response.status_code == 302, errors(response)
    steps = list(claim.steps.values_list("position", "name_as_printed", "date_edtf"))
    assert steps == [(1, "a source in Dandong", ""), (2, "Radio Free America", "2024-05-06")]
    claim.incident.refresh_from_db()
    assert claim.incident.version == 2
    assert claim.steps.first().history.get().history_change_reason == "chain read"


def test_step_can_be_removed_and_its_history_says_why(desk, claim):
    step = claim.steps.create(position=1, name_as_printed="somebody")
    save(desk, page_of(claim), steps__0__DELETE="on", why="misread")
    assert not claim.steps.exists()
    gone = step.history.model.objects.get(history_type="-")
    assert gone.history_change_reason == "misread"
    claim.incident.refresh_from_db()
    assert claim.incident.version == 2


def test_edit_of_a_claim_that_was_moved_meanwhile_is_not_dropped(desk, claim):
    page = address("incident", pk=claim.incident_id)
    typed = filled(desk.get(page)) | {"claims-0-locator": "p. 3"}
    save(desk, page_of(claim), incident=make_incident(published=False).pk)
    typed["seen"] = ""
    response = desk.post(page, typed)
    assert "A row of this page was moved" in errors(response)
    assert "p. 3" in response.text


def test_claim_moved_to_a_published_incident_needs_a_reason(desk, claim):
    response = save(desk, page_of(claim), incident=make_incident().pk)
    assert "Say why" in errors(response)
