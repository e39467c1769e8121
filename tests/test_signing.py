"""What a sign-off rests on, signing several at once, and how each refusal is said."""

import threading

import pytest
from django.contrib.auth.models import Group
from django.db import DatabaseError, connection, transaction

from incidents import actions, signing
from incidents.models import Category, Incident, IncidentLink
from incidents.settling import settle
from tests.factories import make_claim, make_incident, make_user
from tests.reviewing import reported, signed, submitted, summarised

pytestmark = pytest.mark.django_db


@pytest.fixture
def rita():
    return make_user("Researcher", "rita")


@pytest.fixture
def rolf():
    return make_user("Reviewer", "rolf")


@pytest.fixture
def rosa():
    return make_user("Reviewer", "rosa")


@pytest.fixture
def changed(rita, rolf):
    """Three signed records whose summary was changed since."""
    return [summarised(signed(rita, rolf), rita) for _number in range(3)]


def ticked(*incidents: Incident) -> dict[int, int]:
    """Tick these as they stand."""
    return {incident.pk: incident.version for incident in incidents}


def reviews(*incidents: Incident) -> list[str]:
    """Read where these stand with their reviewers."""
    found = Incident.objects.in_bulk([incident.pk for incident in incidents])
    return [found[incident.pk].review for incident in incidents]


def test_records_with_the_figures_last_signed_are_signed_together(changed, rolf):
    assert actions.sign_batch(incidents=ticked(*changed), by=rolf, why="summaries read") == {}
    assert reviews(*changed) == ["second_read"] * 3
    for incident in changed:
        latest = incident.history.first()
        assert (latest.history_user, latest.history_change_reason) == (rolf, "summaries read")
        assert latest.signed_version == latest.version == 3


def test_same_number_by_another_source_can_be_signed_together(rita, rolf):
    incident = reported(signed(rita, rolf), rita, "around 200")
    assert incident.sources_named == 2
    assert actions.sign_batch(incidents=ticked(incident), by=rolf, why="ok") == {}


def new_number(incident, rita, rolf):
    reported(incident, rita, "up to 60")


def number_in_another_measure(incident, rita, rolf):
    reported(incident, rita, "3", measure="dead")


def another_category(incident, rita, rolf):
    category = Category.objects.get(code="arrest")
    Incident.objects.filter(pk=incident.pk).update(category=category)
    settle([incident.pk])
    summarised(incident, rita)


def corrected_claim(incident, rita, rolf):
    claim = incident.claims.get()
    claim.words = "around 300"
    claim.read_count()
    claim.save()
    summarised(incident, rita)


def nothing_new(incident, rita, rolf):
    actions.publish(incident=incident, by=rolf, why="read again")


def withdrawn(incident, rita, rolf):
    actions.withdraw(incident=incident, by=rolf, why="not an act")


def own_change(incident, rita, rolf):
    summarised(incident, rolf, "mine")


def own_claim(incident, rita, rolf):
    claim = incident.claims.get()
    claim._history_user = rolf
    claim.save()


def no_place(incident, rita, rolf):
    Incident.objects.filter(pk=incident.pk).update(place_not_stated=False)


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        (new_number, "A figure of {code} changed since it was last signed off"),
        (number_in_another_measure, "A figure of {code} changed since it was last signed off"),
        (another_category, "A figure of {code} changed since it was last signed off"),
        (corrected_claim, "A figure of {code} changed since it was last signed off"),
        (nothing_new, "{code} is already published in this version."),
        (withdrawn, "{code} is withdrawn; this can be done only while it is"),
        (own_change, "You changed {code} since it was last signed off"),
        (own_claim, "You changed {code} since it was last signed off"),
        (no_place, "{code} cannot be published yet. It needs: a place"),
    ],
    ids=lambda value: getattr(value, "__name__", None),
)
def test_one_that_cannot_be_signed_is_left_out_and_named(changed, rita, rolf, spoil, sentence):
    before, spoilt, after = changed
    spoil(spoilt, rita, rolf)
    spoilt.refresh_from_db()
    saved = spoilt.history.count()
    refusals = actions.sign_batch(incidents=ticked(*changed), by=rolf, why="read")
    assert list(refusals) == [spoilt.pk]
    assert refusals[spoilt.pk].startswith(sentence.format(code=spoilt.code))
    assert reviews(before, after) == ["second_read"] * 2
    assert spoilt.history.count() == saved


def test_version_that_was_not_read_is_not_signed(changed, rita, rolf):
    ticks = ticked(*changed)
    summarised(Incident.objects.get(pk=changed[1].pk), rita, "once more")
    refusals = actions.sign_batch(incidents=ticks, by=rolf, why="read")
    assert refusals == {
        changed[1].pk: f"{changed[1].code} was changed while you read it. "
        "Look at it again, then decide."
    }
    assert reviews(*changed) == ["second_read", "changed", "second_read"]


def test_new_record_is_signed_on_its_own_page(rita, rolf):
    incident = submitted(rita)
    refusals = actions.sign_batch(incidents=ticked(incident), by=rolf, why="read")
    assert refusals[incident.pk].startswith(f"{incident.code} was never signed off")
    incident.refresh_from_db()
    assert incident.status == "in_review"


def test_record_handed_in_again_can_be_signed_with_others(rita, rolf):
    incident = signed(rita, rolf)
    actions.withdraw(incident=incident, by=rolf, why="too soon")
    incident = actions.submit(incident=incident, by=rita, why="now")
    assert actions.sign_batch(incidents=ticked(incident), by=rolf, why="ok") == {}
    incident.refresh_from_db()
    assert incident.status == "published"


def test_claim_that_an_assessment_passed_over_is_read_by_itself(rita, rolf, rosa):
    incident = signed(rita, rolf)
    decided = {"measure": "returned", "rule": "the only count", "best": 200}
    actions.assess(
        incident=incident, by=rosa, why="w", claims=list(incident.claims.all()), **decided
    )
    incident.refresh_from_db()
    actions.publish(incident=incident, by=rolf, why="ok")
    reported(incident, rita, "around 200")
    assert incident.newer_claims == 1
    assert actions.sign_batch(incidents=ticked(incident), by=rolf, why="ok").keys() == {incident.pk}


def test_unseen_record_is_refused_like_one_that_does_not_exist(changed, rita, rolf):
    hidden = summarised(signed(rita, rolf), rita)
    hidden.restricted_to.add(Group.objects.create(name="Circle"))
    settle([hidden.pk])
    wanted = {**ticked(changed[0]), hidden.pk: hidden.version, 999_999: 1}
    refusals = actions.sign_batch(incidents=wanted, by=rolf, why="ok")
    assert refusals == {
        hidden.pk: f"There is no record {hidden.code}.",
        999_999: "There is no record AT-999999.",
    }
    assert reviews(changed[0], hidden) == ["second_read", "changed"]


@pytest.mark.parametrize("role", ["", "Viewer", "Researcher"])
def test_signing_together_takes_a_reviewer(changed, role):
    with pytest.raises(actions.Refused, match="these do: Reviewer, Administrator"):
        actions.sign_batch(incidents=ticked(*changed), by=make_user(role), why="ok")
    assert reviews(*changed) == ["changed"] * 3


def test_signing_together_takes_a_reason(changed, rolf):
    with pytest.raises(actions.Refused, match="Say why"):
        actions.sign_batch(incidents=ticked(*changed), by=rolf, why="  ")


def test_failure_half_way_signs_nothing(changed, rolf, monkeypatch):
    done = []

    def fail_at_the_second(keys):
        done.append(keys)
        if len(done) == 2:
            raise DatabaseError("the disk is full")
        return settle(keys)

    monkeypatch.setattr(actions, "settle", fail_at_the_second)
    with pytest.raises(DatabaseError):
        actions.sign_batch(incidents=ticked(*changed), by=rolf, why="ok")
    assert reviews(*changed) == ["changed"] * 3


def test_desk_of_one_signs_its_own_changes_and_says_so(changed, rita, rolf, settings):
    settings.SOLO_REVIEW = True
    own = summarised(changed[0], rolf, "mine")
    assert actions.sign_batch(incidents=ticked(own, changed[1]), by=rolf, why="alone") == {}
    assert reviews(own, changed[1]) == ["not_second_read", "second_read"]


@pytest.mark.django_db(transaction=True)
def test_change_that_is_being_saved_is_not_signed_unread(rita, rolf):
    incident = summarised(signed(rita, rolf), rita)
    ticks, saving, refusals = ticked(incident), threading.Event(), {}

    def change() -> None:
        with transaction.atomic():
            actions.revise(incidents=[incident.pk], by=rita, why="a late report")
            saving.set()
            threading.Event().wait(0.5)
        connection.close()

    other = threading.Thread(target=change)
    other.start()
    assert saving.wait(10)
    refusals = actions.sign_batch(incidents=ticks, by=rolf, why="ok")
    other.join()
    assert "was changed while you read it" in refusals[incident.pk]
    assert reviews(incident) == ["changed"]


def test_note_stays_on_a_draft_until_it_is_handed_in_again(rita, rolf):
    incident = submitted(rita)
    actions.send_back(incident=incident, by=rolf, why=" Which article? ")
    incident.refresh_from_db()
    assert (incident.status, incident.review_note) == ("draft", "Which article?")
    summarised(incident, rita)
    assert incident.review_note == "Which article?"
    assert actions.submit(incident=incident, by=rita, why="this one").review_note == ""


def test_change_to_a_published_record_is_sent_back_without_taking_it_away(changed, rita, rolf):
    incident = actions.send_back(incident=changed[0], by=rolf, why="Who says so?")
    assert (incident.status, incident.review, incident.review_note) == (
        "published",
        "changed",
        "Who says so?",
    )
    assert summarised(incident, rita, "The ministry.").review_note == ""


def test_signing_takes_the_note_away(changed, rolf):
    actions.send_back(incident=changed[0], by=rolf, why="Who says so?")
    assert actions.publish(incident=changed[0], by=rolf, why="seen").review_note == ""


def test_unchanged_published_record_is_not_sent_back(rita, rolf):
    incident = signed(rita, rolf)
    with pytest.raises(actions.Refused, match="did not change since it was signed"):
        actions.send_back(incident=incident, by=rolf, why="x")


def test_assessment_holds_for_the_claims_that_were_read(rita, rolf):
    incident = submitted(rita)
    read = incident.version
    reported(incident, rita)
    with pytest.raises(actions.Refused, match="was changed while you read it"):
        actions.assess(
            incident=incident,
            by=rolf,
            why="w",
            measure="returned",
            rule="r",
            claims=list(incident.claims.all()),
            low=60,
            version=read,
        )
    assert not incident.assessments.exists()


@pytest.mark.parametrize("role", ["Researcher", "Reviewer"])
def test_same_link_twice_is_refused_in_words(rita, role):
    older, newer = make_incident(), make_incident()
    tie = {"first": older, "second": newer, "kind": "same_people", "certainty": "possible"}
    actions.link(**tie, by=rita, why="same week")
    sentence = f"{older.code} and {newer.code} are already linked so, as possible."
    with pytest.raises(actions.Refused, match=sentence):
        actions.link(**tie, by=make_user(role), why="again")


def test_link_removed_by_somebody_else_is_refused_in_words(rita, rolf):
    tie = actions.link(
        first=make_incident(),
        second=make_incident(),
        kind="same_people",
        certainty="possible",
        by=rita,
        why="w",
    )
    seen_by_both = IncidentLink.objects.get(pk=tie.pk)
    actions.unlink(link=tie, by=rolf, why="other people")
    with pytest.raises(actions.Refused, match="Somebody removed this link meanwhile"):
        actions.unlink(link=seen_by_both, by=rolf, why="other people")
    assert IncidentLink.history.filter(history_type="-").count() == 1


def test_link_and_assessment_take_a_reason(rita, rolf):
    incident, other = submitted(rita), make_incident()
    tie = {"first": incident, "second": other, "kind": "same_people", "certainty": "possible"}
    claims = list(incident.claims.all())
    decided = {"measure": "returned", "rule": "r", "claims": claims, "low": 1}
    with pytest.raises(actions.Refused, match="Say why"):
        actions.link(**tie, by=rita, why=" ")
    with pytest.raises(actions.Refused, match="Say why"):
        actions.assess(incident=incident, **decided, by=rolf, why=" ")


@pytest.mark.parametrize("decide", ["assess", "link"])
def test_who_assesses_or_links_leaves_the_signature_to_somebody_else(rita, rolf, rosa, decide):
    incident = submitted(rita)
    if decide == "assess":
        claims = list(incident.claims.all())
        decided = {"measure": "returned", "rule": "r", "claims": claims, "low": 1}
        actions.assess(incident=incident, **decided, by=rolf, why="w")
    else:
        tie = {"kind": "same_people", "certainty": "possible"}
        actions.link(first=incident, second=make_incident(), **tie, by=rolf, why="w")
    with pytest.raises(actions.Refused, match="somebody else"):
        actions.publish(incident=incident, by=rolf, why="mine")
    assert actions.publish(incident=incident, by=rosa, why="read").review == "second_read"


def test_contributors_are_who_made_versions_and_wrote_claims(rita, rolf, rosa):
    incident = submitted(rita)
    assert signing.changed_by(incident) == {rita.pk}
    actions.publish(incident=incident, by=rolf, why="ok")
    incident.refresh_from_db()
    assert signing.changed_by(incident) == set()
    summarised(incident, rosa)
    claim = make_claim(incident, "9", restricted_to=Group.objects.create(name="Circle"))
    claim._history_user = rolf
    claim.save()
    assert signing.contributors(incident) == {rosa.pk}
    assert signing.changed_by(incident) == {rosa.pk, rolf.pk}


def test_sign_off_and_its_history_row_are_one_moment(rita, rolf):
    incident = signed(rita, rolf)
    assert incident.history.latest().history_date == incident.signed_at
    incident.summary = "later"
    incident.save()
    assert incident.history.latest().history_date > incident.signed_at
