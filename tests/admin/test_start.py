"""The desk's start page: each role's own work, warnings that lead to their records, no traces."""

import re

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse

from incidents import actions, desk, triage
from incidents.models import Article, Incident
from tests.admin.desk import signed_in
from tests.factories import make_article, make_claim, make_incident, make_source, make_user

pytestmark = pytest.mark.django_db

START = reverse("admin:index")


@pytest.fixture
def rosa():
    return make_user("Researcher", "rosa")


@pytest.fixture
def rex():
    return make_user("Reviewer", "rex")


def start(user) -> str:
    return signed_in(user).get(START).text


def submitted(by, title="Return at Tumen"):
    incident = make_incident(title, published=False, logged_by=by)
    return actions.submit(incident=incident, by=by, why="Done.")


@pytest.mark.parametrize("role", ["Researcher", "Reviewer", "Administrator"])
def test_empty_desk_says_so(role):
    page = start(make_user(role))
    assert "Nothing waits in your queue." in page
    assert "You have no draft." in page
    assert ("Nothing waits for a reviewer." in page) == (role != "Researcher")


def test_my_queue_stands_first_and_nobody_elses(rosa):
    triage.queue(urls=["https://a.example/mine"], by=rosa, why="-", assigned_to=rosa)
    triage.queue(urls=["https://a.example/theirs"], by=rosa, why="-")
    page = start(rosa)
    assert "https://a.example/mine" in page
    assert "https://a.example/theirs" not in page


def test_record_sent_back_shows_the_note_and_who_wrote_it(rosa, rex):
    incident = submitted(rosa)
    actions.send_back(incident=incident, by=rex, why="Where is the date?")
    page = start(rosa)
    assert "“Where is the date?”" in page
    assert re.search(r"Where is the date\?”.*?rex", page, re.DOTALL)
    assert "“Where is the date?”" not in start(make_user("Researcher"))


def test_drafts_are_those_the_person_logged(rosa):
    make_incident("My draft", published=False, logged_by=rosa)
    make_incident("Their draft", published=False, logged_by=make_user("Researcher"))
    section = re.search(r'id="my-drafts".*?</section>', start(rosa), re.DOTALL)[0]
    assert "My draft" in section
    assert "Their draft" not in section


def test_reviewer_sees_what_waits_longest_first_and_a_researcher_does_not(rosa, rex):
    first, second = submitted(rosa, "First"), submitted(rosa, "Second")
    changed = make_incident("Published and changed")
    actions.revise(incidents=[changed.pk], by=rosa, why="A claim changed.")
    section = re.search(r'id="to-review".*?</section>', start(rex), re.DOTALL)[0]
    assert section.index(first.code) < section.index(second.code) < section.index(changed.code)
    assert "submitted for review: 2" in section
    assert "changed since review: 1" in section
    assert 'id="to-review"' not in start(rosa)


def test_change_is_told_with_who_and_why(rosa):
    incident = make_incident("Return at Tumen")
    actions.revise(incidents=[incident.pk], by=rosa, why="The source corrected itself.")
    section = re.search(r'id="changes".*?</section>', start(rosa), re.DOTALL)[0]
    assert incident.code in section
    assert "rosa: The source corrected itself." in section


def trouble(**closed):
    """Make one record for every warning; give them by the warning's name."""
    disputed = make_incident("Disputed", **closed)
    for words in ("200", "up to 60"):
        make_claim(disputed, words, source=make_source())
    assessed = make_incident("Assessed", **closed)
    claim = make_claim(assessed, "9")
    actions.assess(
        incident=assessed,
        by=make_user("Reviewer", is_superuser=True),
        why="-",
        measure=claim.measure,
        rule="-",
        claims=[claim],
        best=9,
    )
    make_claim(assessed, "9", source=make_source())
    vague = make_claim(make_incident(**closed), "27", basis="")
    guess = make_claim(make_incident(**closed), "28", source=make_source(), source_suggested=True)
    twins = [
        make_article(url=f"{scheme}://two.example/1", **closed) for scheme in ("http", "https")
    ]
    return {
        "undecided": [disputed],
        "newer-claims": [assessed],
        "no-basis": [vague],
        "suggested-source": [guess],
        "two-addresses": twins,
    }


@pytest.mark.parametrize("name", desk.WARNINGS)
def test_warning_leads_to_exactly_the_records_it_counts(rosa, name):
    records = trouble()[name]
    matter = desk.MATTERS[name]
    address = reverse(f"admin:incidents_{matter.model._meta.model_name}_changelist")
    browser = signed_in(rosa)
    assert f"{address}?asks={name}" in browser.get(START).text
    assert matter.count(rosa) == str(len(records))
    listed = browser.get(address, {"asks": name}).context["cl"].result_list
    assert {row.pk for row in listed} == {record.pk for record in records}


@pytest.mark.parametrize("name", desk.WARNINGS)
def test_warning_does_not_count_what_the_person_may_not_see(rosa, name):
    trouble(restricted_to=Group.objects.create(name="Tumen team"))
    assert desk.MATTERS[name].count(rosa) == "0"


@pytest.mark.parametrize("name", ["undecided", "newer-claims"])
def test_warning_leaves_out_withdrawn_records(rosa, name):
    [incident] = trouble()[name]
    actions.withdraw(incident=incident, by=make_user("Reviewer"), why="Not ours.")
    assert desk.MATTERS[name].count(rosa) == "0"


def test_reprint_ends_the_warning_about_two_addresses(rosa):
    first, second = trouble()["two-addresses"]
    Article.objects.filter(pk=second.pk).update(reprint_of=first)
    assert desk.MATTERS["two-addresses"].count(rosa) == "0"


def test_start_page_tells_nothing_of_closed_records(rosa, rex):
    group = Group.objects.create(name="Tumen team")
    incident = make_incident("Secret crossing", published=False, restricted_to=group)
    Incident.objects.update(status="in_review", logged_by=rosa)
    make_article(title="Secret page", assigned_to=rosa, restricted_to=group)
    for person in (rosa, rex, make_user("Administrator")):
        page = start(person)
        assert "Secret" not in page
        assert incident.code not in page
        assert "submitted for review: 1" not in page


def test_counts_stop_at_the_cap():
    assert desk.said(desk.CAP) == "1,000"
    assert desk.said(desk.CAP + 1) == "1,000+"


def test_start_page_asks_as_often_with_two_rows_as_with_twenty(rex, django_assert_num_queries):
    for number in (2, 18):
        for count in range(number):
            triage.queue(
                urls=[f"https://a.example/{number}/{count}"], by=rex, why="-", assigned_to=rex
            )
            make_claim(make_incident(), "9", basis="")
            incident = submitted(rex)
            if count % 2:
                actions.send_back(incident=incident, by=rex, why="Date?")
        browser = signed_in(rex)
        with django_assert_num_queries(22):
            browser.get(START)
