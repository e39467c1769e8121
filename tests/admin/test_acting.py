"""The action pages: what each role may do with a record, and how a refusal is said."""

import pytest
from django.conf import settings
from django.db import DatabaseError

from incidents import actions
from incidents.models import Assessment, Incident, IncidentLink
from tests.admin.desk import act, address, save, signed_in
from tests.factories import make_claim, make_incident, make_user

pytestmark = pytest.mark.django_db

EVERY_ACTION = ["submit", "publish", "send-back", "withdraw", "assess", "link", "unlink"]


@pytest.fixture
def incident():
    """A record that waits for a reviewer and lacks nothing."""
    made = make_incident(published=False, status="in_review", date_not_stated=True)
    made.place_not_stated = True
    made.save()
    make_claim(made, "around 200")
    return made


@pytest.fixture
def reviewer():
    return make_user("Reviewer", "rex")


@pytest.mark.parametrize("action", EVERY_ACTION)
def test_page_says_what_will_happen_and_asks_why(incident, reviewer, action):
    page = signed_in(reviewer).get(act(incident, action)).text
    assert incident.code in page
    assert 'name="why"' in page


@pytest.mark.parametrize("action", ["publish", "send-back", "withdraw", "assess", "unlink"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_researcher_may_not_review(incident, action, method):
    desk = signed_in(make_user("Researcher"))
    assert getattr(desk, method)(act(incident, action), {"why": "x"}).status_code == 403
    incident.refresh_from_db()
    assert incident.status == "in_review"


@pytest.mark.parametrize(
    ("action", "before", "after"),
    [
        ("submit", "draft", "in_review"),
        ("submit", "withdrawn", "in_review"),
        ("publish", "in_review", "published"),
        ("send-back", "in_review", "draft"),
        ("withdraw", "draft", "withdrawn"),
        ("withdraw", "in_review", "withdrawn"),
    ],
)
def test_action_moves_the_record_and_keeps_the_reason(incident, reviewer, action, before, after):
    incident.status = before
    incident.save()
    response = signed_in(reviewer).post(act(incident, action), {"why": "because of this"})
    assert response["Location"] == address("incident", pk=incident.pk)
    incident.refresh_from_db()
    last = incident.history.first()
    assert incident.status == after
    assert (last.history_user, last.history_change_reason) == (reviewer, "because of this")


@pytest.mark.parametrize("action", EVERY_ACTION)
def test_action_without_a_reason_changes_nothing(incident, reviewer, action):
    before = incident.history.count()
    response = signed_in(reviewer).post(act(incident, action), {"why": "  "})
    assert response.status_code == 200
    assert "Say why." in response.text
    assert incident.history.count() == before


def test_refusal_is_a_sentence_and_keeps_what_was_typed(incident, reviewer):
    incident.claims.update(status="set_aside", status_note="no")
    response = signed_in(reviewer).post(act(incident, "publish"), {"why": "looks fine to me"})
    assert response.status_code == 200
    assert "It needs: an accepted claim with its article" in response.text
    assert "looks fine to me" in response.text


def test_action_that_does_not_fit_the_status_is_refused_in_words(incident, reviewer):
    response = signed_in(reviewer).post(act(incident, "submit"), {"why": "again"})
    assert "this can be done only while it is" in response.text


def test_own_change_is_not_signed_and_no_button_offered(incident, reviewer):
    desk = signed_in(reviewer)
    page = address("incident", pk=incident.pk)
    assert act(incident, "publish") in desk.get(page).text
    save(desk, page, summary="mine", why="wrote it")
    shown = desk.get(page).text
    assert act(incident, "publish") not in shown
    assert "somebody else has to publish" in shown
    response = desk.post(act(incident, "publish"), {"why": "mine"})
    assert "somebody else has to publish" in response.text
    incident.refresh_from_db()
    assert incident.status == "in_review"


def test_desk_of_one_publishes_its_own_change(incident, reviewer, monkeypatch):
    monkeypatch.setattr(settings, "SOLO_REVIEW", True)
    desk = signed_in(reviewer)
    save(desk, address("incident", pk=incident.pk), summary="mine", why="wrote it")
    desk.post(act(incident, "publish"), {"why": "alone here"})
    incident.refresh_from_db()
    assert (incident.status, incident.review) == ("published", "not_second_read")


def test_changed_record_can_be_signed_again(incident, reviewer):
    signed_in(reviewer).post(act(incident, "publish"), {"why": "ok"})
    page = address("incident", pk=incident.pk)
    assert act(incident, "publish") not in signed_in(reviewer).get(page).text
    save(signed_in(make_user("Researcher")), page, summary="more", why="second report")
    shown = signed_in(reviewer).get(page).text
    assert "Changed since review" in shown
    assert act(incident, "publish") in shown
    signed_in(reviewer).post(act(incident, "publish"), {"why": "read again"})
    incident.refresh_from_db()
    assert incident.review == "second_read"


def test_merged_record_is_read_only(incident, reviewer):
    incident.status, incident.merged_into = "merged", make_incident()
    incident.save()
    desk, page = signed_in(reviewer), address("incident", pk=incident.pk)
    shown = desk.get(page)
    assert not shown.context["acts"]
    assert desk.post(page, {"title": "x"}).status_code == 403


def test_assessment_replaces_the_figure(incident, reviewer):
    claim = incident.claims.get()
    typed = {
        "measure": "returned",
        "low": 60,
        "best": "",
        "high": 200,
        "rule": "the span of the named counts",
        "claims": [claim.pk],
        "why": "two counts, one night",
    }
    response = signed_in(reviewer).post(act(incident, "assess"), typed)
    assert response.status_code == 302
    incident.refresh_from_db()
    assert (incident.figure_kind, incident.people_low, incident.people_high) == (
        "assessed",
        60,
        200,
    )
    assert incident.version == 2
    shown = signed_in(reviewer).get(address("incident", pk=incident.pk)).text
    assert "60 / – / 200" in shown
    assert "two counts, one night" in shown


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"low": 9, "high": 3}, "Low must not exceed best"),
        ({}, "Give at least one of low, best and high"),
        ({"low": 9, "claims": []}, "Tick the claims that the assessment rests on."),
        ({"low": 9, "rule": ""}, "Say by which rule the numbers were reached."),
        ({"low": -1}, "greater than or equal to 0"),
    ],
)
def test_assessment_that_does_not_hold_is_refused(incident, reviewer, typed, sentence):
    claim = incident.claims.get()
    whole = {"measure": "returned", "rule": "r", "claims": [claim.pk], "why": "kept words"} | typed
    response = signed_in(reviewer).post(act(incident, "assess"), whole)
    assert sentence in response.text
    assert "kept words" in response.text
    assert not Assessment.objects.exists()


def test_claims_of_other_incidents_are_not_offered_for_assessment(incident, reviewer):
    elsewhere = make_claim(make_incident())
    form = signed_in(reviewer).get(act(incident, "assess")).context["form"]
    assert list(form.fields["claims"].queryset) == list(incident.claims.all())
    assert elsewhere not in form.fields["claims"].queryset


@pytest.mark.parametrize(
    ("kind", "stored", "turned"),
    [
        ("same_people", "same_people", False),
        ("next_stage", "next_stage", False),
        ("stage_before", "next_stage", True),
    ],
)
def test_link_ties_two_incidents(incident, kind, stored, turned):
    other = make_incident()
    typed = {"other": other.code.lower(), "kind": kind, "certainty": "possible", "why": "same week"}
    desk = signed_in(make_user("Researcher"))
    assert desk.post(act(incident, "link"), typed).status_code == 302
    tie = IncidentLink.objects.get()
    assert (tie.kind, tie.reason) == (stored, "same week")
    assert (tie.first == other) == turned
    for end in (incident, other):
        assert "same week" in desk.get(address("incident", pk=end.pk)).text


@pytest.mark.parametrize(
    ("other", "sentence"),
    [("AT-999999", "There is no incident"), ("the other one", "look like AT-000123")],
)
def test_link_to_nothing_is_refused(incident, other, sentence):
    typed = {"other": other, "kind": "same_people", "certainty": "possible", "why": "x"}
    response = signed_in(make_user("Researcher")).post(act(incident, "link"), typed)
    assert sentence in response.text


def test_researcher_cannot_establish_a_link(incident):
    typed = {"kind": "same_people", "certainty": "established", "why": "sure"}
    typed["other"] = make_incident().code
    response = signed_in(make_user("Researcher")).post(act(incident, "link"), typed)
    assert "raise or change the certainty" in response.text
    assert not IncidentLink.objects.exists()


def test_reviewer_removes_a_link_and_history_keeps_it(incident, reviewer):
    other = make_incident()
    tie = actions.link(
        first=incident,
        second=other,
        by=reviewer,
        why="w",
        kind="same_people",
        certainty="possible",
    )
    desk = signed_in(reviewer)
    response = desk.post(act(incident, "unlink"), {"link": tie.pk, "why": "different camps"})
    assert response.status_code == 302
    assert not IncidentLink.objects.exists()
    assert "different camps" in desk.get(address("incident", pk=other.pk, page="history")).text


def test_failure_half_way_leaves_the_record_as_it_was(incident, reviewer, monkeypatch):
    def fail(_keys):
        raise DatabaseError("the disk is full")

    monkeypatch.setattr(actions, "settle", fail)
    with pytest.raises(DatabaseError):
        signed_in(reviewer).post(act(incident, "publish"), {"why": "ok"})
    incident.refresh_from_db()
    assert incident.status == "in_review"
    assert not incident.history.filter(status="published").exists()


@pytest.mark.parametrize("action", EVERY_ACTION)
def test_viewer_reaches_no_action_page(incident, action):
    assert signed_in(make_user("Viewer")).get(act(incident, action)).status_code == 403


def test_sign_off_holds_for_the_version_that_stood_on_the_page():
    incident = make_incident(published=False, status="in_review", date_words="2024-04-26")
    Incident.objects.filter(pk=incident.pk).update(place_not_stated=True)
    make_claim(incident, "9")
    desk = signed_in(make_user("Reviewer"))
    page = desk.get(act(incident, "publish"))
    assert f'name="version" value="{incident.version}"' in page.text
    actions.revise(incidents=[incident.pk], by=make_user("Researcher"), why="A late report.")
    answer = desk.post(act(incident, "publish"), {"why": "Read.", "version": incident.version})
    assert "was changed while you read it" in answer.text
    incident.refresh_from_db()
    assert incident.status == "in_review"
