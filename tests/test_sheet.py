"""The defence sheet: what stood on a day, for whoever could read it, and nothing closed since."""

import datetime as dt

import pytest
from django.contrib.auth.models import Group
from django.utils import timezone

from incidents import actions
from incidents.models import Claim, Incident
from incidents.recalling import claims_at
from incidents.settling import settle, settle_articles
from tests.factories import (
    make_article,
    make_claim,
    make_incident,
    make_place,
    make_source,
    make_user,
    touch,
)
from tests.times import days_ago

pytestmark = pytest.mark.django_db


def day(ago: int) -> str:
    """Write the day that was so many days ago."""
    return str(timezone.now().date() - dt.timedelta(days=ago))


def sheet(client, incident: Incident, as_of: str = ""):
    asked = {"as_of": as_of} if as_of else {}
    return client.get(f"/incidents/{incident.code}/sheet/", asked)


@pytest.fixture
def viewer(client):
    user = make_user("Viewer")
    client.force_login(user)
    return user


def reword(claim: Claim, words: str) -> None:
    """Change a claim's count."""
    claim.words = words
    claim.read_count()
    claim.save()
    settle([claim.incident_id])


def test_sheet_needs_an_account_and_a_role(client):
    incident = make_incident()
    assert sheet(client, incident).status_code == 302
    client.force_login(make_user())
    assert sheet(client, incident).status_code == 403


def test_sheet_holds_all_that_stands_behind_the_figure(client, viewer):
    incident = make_incident("Return from Jilin", date_words="2024-04-26")
    touch(incident, make_place("CN", name="China"))
    article = make_article(
        title="강제북송", archive_url="https://archive.example/1", date_words="2024-05-07"
    )
    claim = make_claim(
        incident, "200여 명", article=article, source=make_source("통일연대"),
        quote="200여 명이 북송됐다", translation="More than 200 were sent back",
    )  # fmt: skip
    claim.steps.create(position=1, name_as_printed="a source in Dandong", verb="said")
    other = make_claim(incident, "up to 60", source_as_printed="Radio Free America")
    actions.assess(
        incident=incident, by=make_user("Reviewer", "rosa"), why="best supported", best=200,
        measure="returned", rule="the claim with a quote", claims=[claim],
    )  # fmt: skip
    page = sheet(client, incident).text
    for shown in (
        "Return from Jilin", "China", "200여 명", "통일연대", "200여 명이 북송됐다",
        "More than 200 were sent back", "a source in Dandong, said", article.url,
        "https://archive.example/1", "2024-05-07", "best supported", "the claim with a quote",
        "rosa", "signer", f'<a href="#claim-{other.pk}">{other.pk}</a>', "Radio Free America",
        f"?as_of={day(0)}", "version 2",
    ):  # fmt: skip
        assert shown in page


def test_claim_that_does_not_count_says_why(client, viewer):
    incident = make_incident()
    claim = make_claim(incident, "60", stance="denies")
    shown = sheet(client, incident).context["claims"]
    assert [(row["id"], row["counts"], bool(row["why_not"])) for row in shown] == [
        (claim.pk, False, True)
    ]


def test_sheet_of_a_day_between_shows_the_earlier_figure(client, viewer):
    outlet, incident = make_source("데일리NK"), make_incident()
    first = make_article(publisher=outlet, language="ko", title="200여 명 북송")
    claim = make_claim(incident, "200여 명", article=first, source=outlet)
    days_ago(4)
    second = make_article(publisher=outlet, language="ko", title="바로잡습니다")
    make_claim(incident, "60명", article=second, source=outlet, corrects=claim)
    between, now = sheet(client, incident, day(2)), sheet(client, incident)
    assert between.context["figure"]["words"] == "a little over 200"
    assert "바로잡습니다" not in between.text
    assert now.context["figure"]["words"] == "60"
    assert [chapter.words for chapter in now.context["story"]] == ["a little over 200", "60"]
    assert {"200여 명 북송", "바로잡습니다"} <= {
        row["article_title"] for row in now.context["claims"]
    }
    assert "a later claim corrects it" in now.text


def test_sheet_shows_titles_places_and_names_of_then(client, viewer):
    incident, source = make_incident("Old title"), make_source("Old name")
    claim = make_claim(incident, "9", source=source)
    place = touch(incident, make_place("CN", name="China"))
    days_ago(4)
    for record, field in ((incident, "title"), (source, "name"), (claim.article, "title")):
        setattr(record, field, "New wording")
        record.save()
    place.delete()
    settle([incident.pk])
    then, now = sheet(client, incident, day(2)).text, sheet(client, incident).text
    assert "New wording" not in then
    assert "China" in then
    assert "Old" not in now
    assert "China" not in now


def test_claim_that_moved_away_stands_where_it_stood(client, viewer):
    old, new = make_incident("Old"), make_incident("New")
    claim = make_claim(old, "60", source_as_printed="The Union")
    days_ago(3)
    claim.incident = new
    claim.save()
    settle([old.pk, new.pk])
    assert [row["id"] for row in sheet(client, old, day(1)).context["claims"]] == [claim.pk]
    assert sheet(client, old).context["claims"] == []
    assert [row["id"] for row in sheet(client, new).context["claims"]] == [claim.pk]


def test_sheet_equals_the_page_of_now(client, viewer):
    incident = make_incident()
    make_claim(incident, "around 200", source=make_source())
    make_claim(incident, "up to 60")
    page = client.get(incident.get_absolute_url()).context
    shown = sheet(client, incident).context
    assert shown["figure"]["words"] == page["row"]["figure_words"]
    told = [(row["id"], row["counts"], row["why_not"], row["speaker"]) for row in shown["claims"]]
    assert told == [
        (row["id"], row["counts"], row["why_not"], row["speaker"]) for row in page["claims"]
    ]


BAD = ["2024-13-01", "20240426", "2024", "yesterday", "2024-04-31", "9999-01-01", "２０２４-04-26"]


@pytest.mark.parametrize("as_of", [*BAD, "1999-01-01", "%00"])
def test_day_that_cannot_be_told_is_refused_with_a_sentence(client, viewer, as_of):
    incident = make_incident("A recorded return")
    response = client.get(f"/incidents/{incident.code}/sheet/?as_of={as_of}")
    assert response.status_code == 400
    assert "as_of" in response.text
    assert incident.title not in response.text


@pytest.mark.parametrize("query", ["asof=2024-01-01", "as_of=2024-01-01&as_of=2024-01-02", "q="])
def test_unknown_and_doubled_parameters_are_refused(client, viewer, query):
    assert client.get(f"/incidents/{make_incident().code}/sheet/?{query}").status_code == 400


def test_draft_stays_unseen_by_viewers(client, viewer):
    incident = make_incident("A draft", published=False)
    make_claim(incident, "200")
    days_ago(4)
    actions.submit(incident=incident, by=make_user("Researcher", "rita"), why="ready")
    response = sheet(client, incident, day(2))
    assert response.status_code == 400
    assert f"days since {day(0)}" in response.text
    client.force_login(make_user("Researcher"))
    assert sheet(client, incident, day(2)).status_code == 200


@pytest.mark.parametrize("closed", ["claim", "article", "incident", "link"])
def test_what_is_closed_today_does_not_show_for_a_past_day(client, viewer, closed):
    group, incident, other = Group.objects.create(name="Team"), make_incident(), make_incident()
    claim = make_claim(incident, "60", source_as_printed="Secret Union", quote="secret words")
    incident.links_onward.create(second=other, kind="same_people", reason="secret day")
    days_ago(4)
    records = {"claim": claim, "article": claim.article, "incident": incident, "link": other}
    records[closed].restricted_to.add(group)
    settle_articles([claim.article_id])
    settle([incident.pk, other.pk])
    response = sheet(client, incident, day(2))
    if closed == "incident":
        assert response.status_code == 404
    elif closed == "link":
        assert "secret day" not in response.text
    else:
        assert "ecret Union" not in response.text
        assert "60" not in response.context["figure"]["words"]
    viewer.groups.add(group)
    assert sheet(client, incident, day(2)).status_code == 200


def test_claims_at_are_those_this_person_may_see():
    group, incident = Group.objects.create(name="Team"), make_incident()
    make_claim(incident, "9")
    make_claim(incident, "60", restricted_to=group)
    insider = make_user("Viewer")
    insider.groups.add(group)
    now = timezone.now()
    assert [row["words"] for row in claims_at(incident, now, make_user("Viewer"))] == ["9"]
    assert [row["words"] for row in claims_at(incident, now, insider)] == ["9", "60"]


def test_wave_lists_its_events_of_then(client, viewer):
    wave = make_incident("A wave", kind="wave")
    event = make_incident("An event", wave=wave)
    make_claim(event, "9")
    days_ago(4)
    event.refresh_from_db()
    event.wave = None
    event.save()
    assert [one["words"] for one in sheet(client, wave, day(2)).context["events"]] == ["9"]
    assert sheet(client, wave).context["events"] == []


def test_sheet_of_a_merged_record_leads_to_the_survivor_and_keeps_the_days_before(client):
    client.force_login(make_user("Researcher"))
    gone, survivor = make_incident("Gone"), make_incident("Stays")
    make_claim(gone, "60")
    days_ago(4)
    gone.refresh_from_db()
    gone.status, gone.merged_into = "merged", survivor
    gone.save()
    assert sheet(client, gone).url == f"/incidents/{survivor.code}/sheet/"
    assert sheet(client, gone, day(2)).context["figure"]["words"] == "60"
    survivor.restricted_to.add(Group.objects.create(name="Team"))
    settle([survivor.pk])
    assert sheet(client, gone).status_code == 404


def test_incident_page_leads_to_the_sheet(client, viewer):
    incident = make_incident()
    assert f"/incidents/{incident.code}/sheet/" in client.get(incident.get_absolute_url()).text


@pytest.mark.parametrize("number", [2, 20])
def test_number_of_queries_is_constant(client, viewer, number, django_assert_max_num_queries):
    incident = make_incident()
    place = make_place("CN", name="China")
    for each in range(number):
        article = make_article(credit=make_source(), reprint_of=make_article())
        claim = make_claim(incident, source=make_source(), article=article, place=place)
        claim.steps.create(position=1, name_as_printed="somebody")
        touch(incident, make_place(f"CN-{each}", parent=place))
        incident.links_onward.create(second=make_incident(), kind="same_people", reason="day")
    with django_assert_max_num_queries(32):
        assert len(sheet(client, incident).context["claims"]) == number


def test_refusal_asks_for_another_day_of_the_same_record(client, viewer):
    incident = make_incident()
    answer = client.get(f"/incidents/{incident.code}/sheet/", {"as_of": "1999-01-01"})
    assert answer.status_code == 400
    assert f'action="/incidents/{incident.code}/sheet/"' in answer.text
    assert 'name="as_of"' in answer.text
