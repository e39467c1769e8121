"""Who may do what: every refusal is a sentence, and changes nothing."""

import pytest
from django.contrib.auth.models import Group

from incidents import actions
from incidents.models import Incident, IncidentLink
from tests.factories import make_claim, make_incident, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def researcher():
    return make_user("Researcher")


@pytest.fixture
def reviewer():
    return make_user("Reviewer")


@pytest.fixture
def submitted(researcher):
    incident = make_incident(published=False, date_words="2024", place_not_stated=True)
    make_claim(incident)
    actions.revise(incidents=[incident.pk], by=researcher, why="logged")
    return actions.submit(incident=incident, by=researcher, why="ready")


def test_publishing_by_somebody_else(submitted, reviewer):
    incident = actions.publish(incident=submitted, by=reviewer, why="checked")
    assert (incident.status, incident.review, incident.signed_by) == (
        "published",
        "second_read",
        reviewer,
    )
    assert incident.history.first().history_change_reason == "checked"


def test_researcher_cannot_publish(submitted, researcher):
    with pytest.raises(actions.Refused, match="roles"):
        actions.publish(incident=submitted, by=researcher, why="x")


def test_nobody_publishes_what_they_changed(submitted, reviewer):
    actions.revise(incidents=[submitted.pk], by=reviewer, why="corrected a date")
    with pytest.raises(actions.Refused, match="somebody else"):
        actions.publish(incident=submitted, by=reviewer, why="x")
    submitted.refresh_from_db()
    assert submitted.status == "in_review"


def test_sending_back_is_not_a_change(submitted, researcher, reviewer):
    actions.send_back(incident=submitted, by=reviewer, why="which article?")
    actions.submit(incident=submitted, by=researcher, why="this one")
    assert actions.publish(incident=submitted, by=reviewer, why="checked").status == "published"


def test_desk_of_one_publishes_and_says_so(submitted, reviewer, settings):
    settings.SOLO_REVIEW = True
    actions.revise(incidents=[submitted.pk], by=reviewer, why="corrected a date")
    incident = actions.publish(incident=submitted, by=reviewer, why="alone today")
    assert incident.review == "not_second_read"


def test_change_after_publication_shows_and_can_be_signed(submitted, researcher, reviewer):
    actions.publish(incident=submitted, by=reviewer, why="checked")
    actions.revise(incidents=[submitted.pk], by=researcher, why="added a claim")
    submitted.refresh_from_db()
    assert submitted.review == "changed"
    assert submitted in Incident.objects.awaiting_review()
    assert actions.publish(incident=submitted, by=reviewer, why="again").review == "second_read"


@pytest.mark.parametrize(
    ("missing", "change"),
    [
        ("a date", {"date_words": "", "date_not_stated": False}),
        ("a place", {"place_not_stated": False}),
    ],
)
def test_publishing_needs_date_and_place_or_a_deliberate_none(submitted, reviewer, missing, change):
    Incident.objects.filter(pk=submitted.pk).update(**change)
    with pytest.raises(actions.Refused, match=missing):
        actions.publish(incident=submitted, by=reviewer, why="x")


def test_publishing_needs_an_accepted_claim(submitted, reviewer):
    submitted.claims.update(status="conflict", status_note="two numbers")
    with pytest.raises(actions.Refused, match="accepted claim"):
        actions.publish(incident=submitted, by=reviewer, why="x")


@pytest.mark.parametrize("action", [actions.publish, actions.send_back, actions.withdraw])
def test_reason_is_asked_for(submitted, reviewer, action):
    with pytest.raises(actions.Refused, match="why"):
        action(incident=submitted, by=reviewer, why=" ")


@pytest.mark.parametrize(
    ("action", "status"),
    [
        (actions.submit, "published"),
        (actions.publish, "draft"),
        (actions.send_back, "draft"),
        (actions.withdraw, "withdrawn"),
    ],
)
def test_action_that_does_not_fit_the_status_is_refused(submitted, reviewer, action, status):
    changes = {"signed_by": reviewer, "signed_at": submitted.updated, "signed_version": 1}
    Incident.objects.filter(pk=submitted.pk).update(status=status, **changes)
    with pytest.raises(actions.Refused, match=submitted.code):
        action(incident=submitted, by=reviewer, why="x")


def test_anyone_may_mark_a_possible_overlap_and_a_reviewer_raises_it(researcher, reviewer):
    older, newer = make_incident(), make_incident()
    marked = {"kind": "same_people", "why": "same days"}
    made = actions.link(first=newer, second=older, by=researcher, certainty="possible", **marked)
    assert (made.first, made.second) == (older, newer)
    with pytest.raises(actions.Refused):
        actions.link(first=older, second=newer, by=researcher, certainty="established", **marked)
    actions.link(first=older, second=newer, by=reviewer, certainty="established", **marked)
    assert IncidentLink.objects.get().certainty == "established"


def test_removing_a_link_takes_a_reviewer_and_stays_in_history(researcher, reviewer):
    older, newer = make_incident(), make_incident()
    made = actions.link(
        first=older,
        second=newer,
        by=researcher,
        why="same days",
        kind="same_people",
        certainty="possible",
    )
    with pytest.raises(actions.Refused):
        actions.unlink(link=made, by=researcher, why="x")
    actions.unlink(link=made, by=reviewer, why="other people")
    assert not IncidentLink.objects.exists()
    assert IncidentLink.history.first().history_change_reason == "other people"
    older.refresh_from_db()
    assert not older.tied


def test_assessment_needs_claims_of_this_incident(reviewer):
    incident, other = make_incident(), make_incident()
    claim = make_claim(other)
    asked = {"measure": "returned", "rule": "lowest", "low": 1, "by": reviewer, "why": "x"}
    for claims in ([], [claim]):
        with pytest.raises(actions.Refused):
            actions.assess(incident=incident, claims=claims, **asked)


def test_failure_half_way_changes_nothing(submitted, reviewer, monkeypatch):
    def fail(_keys) -> int:
        raise RuntimeError

    monkeypatch.setattr(actions, "settle", fail)
    with pytest.raises(RuntimeError):
        actions.publish(incident=submitted, by=reviewer, why="checked")
    submitted.refresh_from_db()
    assert submitted.status == "in_review"
    assert submitted.history.first().status == "in_review"


def test_signing_holds_for_the_version_that_was_read(submitted, researcher, reviewer):
    read = submitted.version
    actions.revise(incidents=[submitted.pk], by=researcher, why="another number")
    with pytest.raises(actions.Refused, match="while you read"):
        actions.publish(incident=submitted, by=reviewer, why="checked", version=read)


def test_author_of_a_restricted_claim_cannot_sign(submitted, reviewer):
    claim = make_claim(submitted, restricted_to=Group.objects.create(name="Circle"))
    claim._history_user = reviewer
    claim.save()
    with pytest.raises(actions.Refused, match="somebody else"):
        actions.publish(incident=submitted, by=reviewer, why="checked")


def test_restricted_claim_alone_publishes_no_open_record(reviewer, researcher):
    incident = make_incident(published=False, date_words="2024", place_not_stated=True)
    make_claim(incident, restricted_to=Group.objects.create(name="Circle"))
    actions.submit(incident=incident, by=researcher, why="ready")
    with pytest.raises(actions.Refused, match="accepted claim"):
        actions.publish(incident=incident, by=reviewer, why="checked")
