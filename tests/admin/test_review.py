"""The review at the desk: the queue, and all that a reviewer reads before deciding."""

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from incidents import actions
from incidents.admin import reviewing
from incidents.models import Incident
from incidents.settling import settle
from tests.admin.desk import act, address, signed_in
from tests.factories import make_article, make_claim, make_incident, make_user
from tests.reviewing import reported, signed, submitted, summarised

pytestmark = pytest.mark.django_db

QUEUE = "/admin/review/"


@pytest.fixture
def rita():
    return make_user("Researcher", "rita")


@pytest.fixture
def rolf():
    return make_user("Reviewer", "rolf")


@pytest.fixture
def desk(rolf):
    return signed_in(rolf)


def tick(*incidents: Incident) -> list[str]:
    """Tick these as they stand."""
    return [f"{incident.pk}:{incident.version}" for incident in incidents]


def told(response) -> str:
    """Join the messages of the page that a form leads to."""
    return " ".join(str(message) for message in response.context["messages"])


def test_address_of_the_queue():
    assert reverse("admin:review") == QUEUE


@pytest.mark.parametrize(
    ("role", "status"),
    [("", 403), ("Viewer", 403), ("Researcher", 403), ("Reviewer", 200), ("Administrator", 200)],
)
@pytest.mark.parametrize("method", ["get", "post"])
def test_queue_is_for_reviewers(rita, rolf, role, status, method):
    incident = summarised(signed(rita, rolf), rita)
    typed = {"tick": tick(incident)} if method == "post" else {}
    answer = getattr(signed_in(make_user(role)), method)(QUEUE, typed)
    assert answer.status_code == status
    incident.refresh_from_db()
    assert incident.review == "changed"


def test_stranger_is_sent_to_the_sign_in_page(client):
    assert client.get(QUEUE)["Location"].startswith(reverse("login"))


def test_row_says_what_a_reviewer_needs(desk, rita, rolf):
    incident = reported(signed(rita, rolf, "Return to Musan"), rita)
    shown = desk.get(QUEUE).text
    for piece in (incident.code, "Return to Musan", "around 200", "disputed", "another report"):
        assert piece in shown
    assert "A figure changed: read and sign it on its own page." in shown
    assert 'name="tick"' not in shown


def test_empty_queue_says_so(desk):
    assert "Nothing waits for review: no record is submitted" in desk.get(QUEUE).text


def test_empty_answer_repeats_the_question(desk, rita):
    submitted(rita)
    shown = desk.get(QUEUE, {"waiting": "changed", "category": "arrest", "logged_by": "rita"}).text
    assert (
        "Nothing waits for review that fits: Waiting as: changed since review; Logged by: rita; "
        "Category: Arrest." in shown
    )


def test_filters_keep_what_is_asked_for(desk, rita, rolf):
    new, changed = submitted(rita, "New one"), summarised(signed(rita, rolf, "Old one"), rita)
    shown = desk.get(QUEUE, {"waiting": "in_review", "logged_by": "rita"}).context["rows"]
    assert [row.incident for row in shown] == [new]
    shown = desk.get(QUEUE, {"waiting": "changed", "category": "forced_return"}).context["rows"]
    assert [row.incident for row in shown] == [changed]


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("waiting=published", "published is not one of the available choices"),
        ("logged_by=nobody", "not one of the available choices"),
        ("category=murder", "not one of the available choices"),
        ("page=0", "greater than or equal to 1"),
        ("page=x", "Enter a whole number"),
        ("status=draft", "Unknown: status. The queue knows: waiting, logged_by, category, page."),
    ],
)
def test_what_the_queue_does_not_know_is_refused(desk, rita, query, sentence):
    submitted(rita)
    answer = desk.get(f"{QUEUE}?{query}")
    assert answer.status_code == 400
    assert sentence in answer.text
    assert "rows" not in answer.context


def test_queue_goes_on_over_pages(desk, rita, monkeypatch):
    monkeypatch.setattr(reviewing, "ROWS", 2)
    made = [submitted(rita) for _number in range(3)]
    first, second = desk.get(QUEUE), desk.get(QUEUE, {"page": 2})
    assert [row.incident for row in first.context["rows"]] == made[:2]
    assert [row.incident for row in second.context["rows"]] == made[2:]
    assert "?page=2" in first.text
    assert "Nothing is left on this page." in desk.get(QUEUE, {"page": 3}).text


def test_ticked_records_are_signed_and_the_others_left(desk, rita, rolf):
    first, second, third = [summarised(signed(rita, rolf), rita) for _number in range(3)]
    typed = {"tick": tick(first, third), "why": "Only summaries changed."}
    answer = desk.post(f"{QUEUE}?waiting=changed", typed, follow=True)
    assert answer.redirect_chain == [(f"{QUEUE}?waiting=changed", 302)]
    assert told(answer) == f"Signed: {first.code}, {third.code}."
    assert [row.incident for row in answer.context["rows"]] == [second]
    assert first.history.latest().history_change_reason == "Only summaries changed."


def test_one_that_changed_meanwhile_is_named_and_the_rest_signed(desk, rita, rolf):
    kept, moved = [summarised(signed(rita, rolf), rita) for _number in range(2)]
    ticks = tick(kept, moved)
    summarised(moved, rita, "Once more.")
    answer = desk.post(QUEUE, {"tick": ticks, "why": "ok"}, follow=True)
    assert told(answer) == (
        f"Signed: {kept.code}. Not signed: {moved.code} was changed while you read it. "
        "Look at it again, then decide."
    )


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [({"why": " "}, "Say why."), ({"tick": [], "why": "ok"}, "Tick the records that you sign.")],
)
def test_incomplete_form_signs_nothing_and_keeps_what_was_typed(desk, rita, rolf, typed, sentence):
    incident = summarised(signed(rita, rolf), rita)
    answer = desk.post(QUEUE, {"tick": tick(incident), "why": "kept words"} | typed)
    assert sentence in answer.text
    assert ("checked" in answer.text) == ("tick" not in typed)
    assert (typed["why"] in answer.text) or "kept words" in answer.text
    incident.refresh_from_db()
    assert incident.review == "changed"


@pytest.mark.parametrize(
    "forged", ["", "x", "1", ":", "1:", "٣:٣", f"{'9' * 40}:1", "1:1:1", "-1:1"]
)
def test_forged_tick_does_nothing(desk, rita, rolf, forged):
    incident = summarised(signed(rita, rolf), rita)
    answer = desk.post(QUEUE, {"tick": [forged], "why": "ok"})
    assert "Tick the records that you sign." in answer.text
    incident.refresh_from_db()
    assert incident.review == "changed"


def test_too_many_ticks_are_refused(desk):
    ticks = [f"{key}:1" for key in range(101)]
    assert "at most 100 can be signed at once" in desk.post(QUEUE, {"tick": ticks, "why": "x"}).text


def test_unseen_record_is_neither_shown_nor_signed(desk, rita, rolf):
    hidden = summarised(signed(rita, rolf, "Return in secret"), rita)
    hidden.restricted_to.add(Group.objects.create(name="Circle"))
    settle([hidden.pk])
    shown = desk.get(QUEUE)
    assert hidden.code not in shown.text
    answer = desk.post(QUEUE, {"tick": tick(hidden), "why": "ok"}, follow=True)
    assert told(answer) == f"Not signed: There is no record {hidden.code}."
    hidden.refresh_from_db()
    assert hidden.review == "changed"


def test_own_change_gets_no_tick_and_says_why(desk, rita, rolf):
    summarised(signed(rita, rolf), rolf)
    shown = desk.get(QUEUE).text
    assert 'name="tick"' not in shown
    assert "You changed it since the last sign-off, so somebody else has to sign it." in shown


def test_desk_of_one_is_told_before_it_signs(desk, rita, rolf, settings):
    settings.SOLO_REVIEW = True
    incident = summarised(signed(rita, rolf), rolf)
    shown = desk.get(QUEUE).text
    assert "A record that you changed yourself will then say “not second-read”." in shown
    assert "You changed it: signed by you, it will say “not second-read”." in shown
    assert "it will say “not second-read”" in desk.get(act(incident, "publish")).text
    desk.post(QUEUE, {"tick": tick(incident), "why": "alone"})
    incident.refresh_from_db()
    assert incident.review == "not_second_read"


def queries(desk, page: str) -> int:
    """Count the queries of a page; the first visit also reads what is read once."""
    desk.get(page)
    with CaptureQueriesContext(connection) as asked:
        desk.get(page)
    return len(asked)


def test_queue_takes_the_same_queries_for_2_and_20_rows(desk, rita, rolf):
    def make(number: int) -> None:
        for _turn in range(number):
            reported(signed(rita, rolf), rita)
            summarised(submitted(rita), rita)

    make(1)
    few = queries(desk, QUEUE)
    make(9)
    assert queries(desk, QUEUE) == few <= 40


def test_review_page_takes_the_same_queries_for_2_and_20_claims(desk, rita, rolf):
    incident = reported(signed(rita, rolf), rita)
    few = queries(desk, act(incident, "publish"))
    for number in range(18):
        make_claim(incident, str(number + 1))
    assert queries(desk, act(incident, "publish")) == few <= 60


def test_review_page_shows_everything_on_one_page(desk, rita, rolf):
    incident = signed(rita, rolf)
    article = make_article(title="탈북민 60명 북송", language="ko", url="https://news.example/60")
    reported(
        incident, rita, "60명", article=article, quote="60명이 북송됐다", translation="60 sent"
    )
    shown = desk.get(act(incident, "publish")).text
    for piece in (
        "around 200",
        "disputed",
        "60명이 북송됐다",
        "60 sent",
        'href="https://news.example/60"',
        "What changed since the last sign-off",
        "another report",
        'value="Publish"',
        'value="Send back"',
    ):
        assert piece in shown


def test_record_is_sent_back_from_its_review_page(desk, rita, rolf):
    incident = submitted(rita)
    page = desk.get(act(incident, "publish")).text
    assert f'formaction="{act(incident, "send-back")}"' in page
    typed = {"why": "Which page says so?", "version": incident.version}
    desk.post(act(incident, "send-back"), typed)
    author = signed_in(rita)
    shown = author.get(address("incident", pk=incident.pk)).text
    assert "Sent back by rolf" in shown
    assert "Which page says so?" in shown
    author.post(act(incident, "submit"), {"why": "Page 3."})
    assert "Sent back by" not in author.get(address("incident", pk=incident.pk)).text


def test_note_is_dated_by_the_last_sending_back(desk, rita, rolf):
    incident = submitted(rita)
    for _turn in range(2):
        actions.send_back(incident=incident, by=rolf, why="Which page?")
        summarised(incident, rita)
        actions.submit(incident=incident, by=rita, why="There.")
    other = make_user("Reviewer", "rosa")
    actions.send_back(incident=incident, by=other, why="Which page?")
    summarised(incident, rita)
    assert "Sent back by rosa" in desk.get(address("incident", pk=incident.pk)).text


def test_change_to_a_published_record_is_sent_back_by_a_button(desk, rita, rolf):
    incident = signed(rita, rolf)
    assert act(incident, "send-back") not in desk.get(address("incident", pk=incident.pk)).text
    summarised(incident, rita)
    assert act(incident, "send-back") in desk.get(address("incident", pk=incident.pk)).text
    desk.post(act(incident, "send-back"), {"why": "Who says so?"})
    shown = signed_in(rita).get(address("incident", pk=incident.pk)).text
    assert "this note goes with your next change" in shown
    assert "Who says so?" in desk.get(QUEUE).text


def test_nobody_is_offered_to_sign_their_own_change(desk, rita, rolf):
    incident = summarised(submitted(rita), rolf)
    shown = desk.get(act(incident, "publish")).text
    assert 'value="Publish"' not in shown
    assert 'value="Send back"' in shown
    assert "somebody else has to sign it" in shown


def test_assessing_shows_the_claims_and_proposes_nothing(desk, rita, rolf):
    incident = reported(submitted(rita), rita, "up to 60", quote="최대 60명")
    page = desk.get(act(incident, "assess"))
    assert "From the claims alone, returned: disputed: up to 60" in page.text
    assert "최대 60명" in page.text
    assert "somebody else signs it afterwards" in page.text
    form = page.context["form"]
    assert {form[name].value() for name in ("low", "best", "high", "rule", "claims")} == {None}


def test_assessment_rests_on_the_claims_that_were_shown(desk, rita, rolf):
    incident = submitted(rita)
    claim, read = incident.claims.get(), incident.version
    reported(incident, rita)
    typed = {
        "measure": "returned",
        "low": 60,
        "rule": "lowest",
        "claims": [claim.pk],
        "why": "kept",
    }
    answer = desk.post(act(incident, "assess"), typed | {"version": read})
    assert "was changed while you read it" in answer.text
    assert "kept" in answer.text
    incident.refresh_from_db()
    assert f'name="version" value="{incident.version}"' in answer.text
    assert (
        desk.post(act(incident, "assess"), typed | {"version": incident.version}).status_code == 302
    )


@pytest.fixture
def passed_over(rita, rolf):
    """A published record with an assessment, and two claims that came after it."""
    incident = signed(rita, rolf)
    claims = list(incident.claims.all())
    decided = {"measure": "returned", "rule": "the only count", "claims": claims, "best": 200}
    actions.assess(incident=incident, by=make_user("Reviewer"), why="w", **decided)
    reported(incident, rita, "at least 9")
    return reported(incident, rita, "at least 70")


@pytest.mark.parametrize("where", ["queue", "desk", "review", "public"])
def test_newer_claims_are_announced_by_name(desk, passed_over, where):
    page = {
        "queue": QUEUE,
        "desk": address("incident", pk=passed_over.pk),
        "review": act(passed_over, "publish"),
        "public": passed_over.get_absolute_url(),
    }[where]
    shown = desk.get(page).text
    assert "2 newer claims not considered" in shown
    if where != "queue":
        for claim in passed_over.claims.exclude(words="around 200"):
            assert str(claim) in shown


def test_newer_claims_stand_with_the_assessment_of_their_measure(desk, passed_over, rolf):
    dead = make_claim(passed_over, "3", measure="dead")
    decided = {"measure": "dead", "rule": "the only count", "claims": [dead], "best": 3}
    actions.assess(incident=passed_over, by=rolf, why="w", **decided)
    told_of = desk.get(passed_over.get_absolute_url()).context["assessments"]
    assert [(one["made"].measure, one["holds"], len(one["newer"])) for one in told_of] == [
        ("dead", True, 0),
        ("returned", True, 2),
    ]


def test_link_with_a_merged_record_is_refused_in_words(desk, rita, rolf):
    incident, gone = submitted(rita), make_incident()
    gone.status, gone.merged_into = "merged", make_incident()
    gone.save()
    typed = {"other": gone.code, "kind": "same_people", "certainty": "possible", "why": "x"}
    shown = desk.post(act(incident, "link"), typed).text
    assert f"{gone.code} is merged; this can be done only while it is:" in shown
