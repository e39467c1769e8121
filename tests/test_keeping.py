"""Signed out while typing: what was typed comes back, and only to whoever typed it."""

import re

import pytest
from django.core import signing
from django.test import Client
from django.urls import reverse
from django.utils.html import escape

from config import keeping
from incidents.models import Article, Incident
from tests.admin.desk import address, filled, signed_in
from tests.factories import make_incident, make_source, make_user

pytestmark = pytest.mark.django_db

OWN = {"Sec-Fetch-Site": "same-origin"}
LOST = "Nothing you typed is lost"


@pytest.fixture
def rita():
    return make_user("Researcher", "rita")


@pytest.fixture
def typed(rita):
    """What rita typed on the page of a new article; nothing of it is saved."""
    page = filled(signed_in(rita).get(address("article")))
    return page | {
        "title": "Sent back <at> night",
        "publisher": make_source().pk,
        "claims-0-quote": "first line\r\nsecond “line”",
        "restricted_to": ["1", "2"],
    }


def fields(response) -> list[tuple[str, str]]:
    """Read the hidden fields of the page that sends on what is kept."""
    found = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)">', response.text)
    return [pair for pair in found if pair[0] != "csrfmiddlewaretoken"]


def carried(response) -> str:
    """Read what the sign-in page carries along."""
    return re.search(r'name="kept" value="([^"]+)"', response.text)[1]


def sign_in(client: Client, kept: str, **typed):
    """Send the sign-in form with what it carries."""
    rita = {"username": "rita", "password": "secret"}
    form = rita | {"kept": kept, "next": address("article")}
    return client.post(reverse("login"), form | typed)


def test_post_of_a_stranger_is_carried_through_sign_in(client, rita, typed):
    asked = client.post(f"{address('article')}?_popup=1", typed)
    assert asked.status_code == 403
    assert "You were signed out" in asked.text
    shown = sign_in(client, carried(asked))
    assert LOST in shown.text
    assert escape("Sent back <at> night") in shown.text
    assert f'action="{address("article")}?_popup=1"' in shown.text
    kept = shown.context["kept"]
    assert [value for name, value in kept.fields if name == "restricted_to"] == ["1", "2"]
    assert ("claims-0-quote", "first line\r\nsecond “line”") in kept.fields
    assert not Article.objects.exists()


def test_what_was_kept_is_saved_when_it_is_sent_on(client, rita, typed):
    del typed["restricted_to"]
    shown = sign_in(client, carried(client.post(address("article"), typed)))
    posted = dict(shown.context["kept"].fields) | {"claims-TOTAL_FORMS": "0"}
    assert client.post(shown.context["kept"].address, posted).status_code == 302
    assert Article.objects.get().title == "Sent back <at> night"


def test_change_by_somebody_else_is_told_after_signing_in(client, rita):
    incident = make_incident("Old", published=False)
    page = address("incident", pk=incident.pk)
    mine = filled(signed_in(rita).get(page)) | {"title": "Mine"}
    incident.title = "Theirs"
    incident.save()
    shown = sign_in(client, carried(client.post(page, mine)))
    response = client.post(page, dict(shown.context["kept"].fields))
    assert "Theirs" in response.text
    assert "Mine" in response.text
    assert Incident.objects.get().title == "Theirs"


def test_only_what_was_typed_is_listed(client, rita):
    incident = make_incident("Old", published=False, responsible="police")
    page = address("incident", pk=incident.pk)
    mine = filled(signed_in(rita).get(page)) | {"title": "Mine", "claims-0-words": "9"}
    blank = {"claims-__prefix__-stance": "affirms", "claims-__prefix__-words": ""}
    kept = sign_in(client, carried(client.post(page, mine | blank))).context["kept"]
    listed = dict(kept.typed())
    assert (listed["title"], listed["claims 1: words"]) == ("Mine", "9")
    assert not {"responsible", "claims 1: stance", "seen"} & listed.keys()
    assert not [name for name in listed if "prefix" in name]


def test_wrong_password_keeps_what_was_typed(client, typed):
    asked = sign_in(client, carried(client.post(address("article"), typed)), password="wrong")
    assert "do not match" in asked.text
    assert LOST in sign_in(client, carried(asked)).text


def test_another_person_sends_it_under_their_own_rights(client, typed):
    make_user("Viewer", "vera")
    shown = sign_in(client, carried(client.post(address("article"), typed)), username="vera")
    response = client.post(shown.context["kept"].address, dict(shown.context["kept"].fields))
    assert response.status_code == 403
    assert not Article.objects.exists()


def test_page_of_a_stranger_without_a_post_asks_to_sign_in(client):
    response = client.get(address("article"))
    assert response.status_code == 302
    assert response["Location"].startswith(reverse("login"))


def test_pages_that_carry_something_are_never_stored(client, typed, rita):
    asked = client.post(address("article"), typed)
    for page in (asked, sign_in(client, carried(asked))):
        assert "no-store" in page["Cache-Control"]


@pytest.mark.parametrize(
    "page",
    [
        address("user"),
        reverse("admin:auth_user_password_change", args=[1]),
        reverse("admin:password_change"),
        reverse("admin:auth_group_add"),
        reverse("admin:logout"),
        reverse("logout"),
    ],
)
def test_account_pages_are_never_kept(client, page):
    response = client.post(page, {"username": "x", "first_name": "word"})
    assert "word" not in response.text
    assert not re.search('name="kept"', response.text)


def test_passwords_are_never_kept(client):
    assert client.post(address("article"), {"my_password": "word"}).status_code == 302


def test_too_much_is_not_kept(client):
    assert client.post(address("article"), {"title": "x" * 1_000_001}).status_code == 302


def test_script_is_not_answered_with_a_page(client, typed):
    response = client.post(address("article"), typed, headers={"Sec-Fetch-Mode": "cors"})
    assert response.status_code == 302


@pytest.fixture
def strict():
    """A browser whose posts are checked against forgery."""
    return Client(enforce_csrf_checks=True)


@pytest.mark.parametrize("signed", [True, False], ids=["signed in", "stranger"])
@pytest.mark.parametrize(
    ("headers", "kept"),
    [
        ({"Sec-Fetch-Site": "same-origin"}, True),
        ({"Origin": "http://testserver"}, True),
        ({"Sec-Fetch-Site": "cross-site"}, False),
        ({"Sec-Fetch-Site": "same-site"}, False),
        ({"Sec-Fetch-Site": "none"}, False),
        ({"Sec-Fetch-Site": "cross-site", "Origin": "http://testserver"}, False),
        ({"Origin": "https://evil.example"}, False),
        ({"Origin": "http://testserver.evil.example"}, False),
        ({"Origin": "null"}, False),
        ({"Referer": "http://testserver/admin/"}, False),
        ({}, False),
    ],
)
def test_only_own_pages_with_an_old_token_are_kept(strict, rita, typed, headers, kept, signed):
    if signed:
        strict.force_login(rita)
    response = strict.post(address("article"), typed, headers=headers)
    assert response.status_code == (200 if kept and signed else 403)
    assert (LOST in response.text) == kept
    assert (escape("Sent back <at> night") in response.text) == (kept and signed)
    assert not Article.objects.exists()


def test_kept_page_needs_its_new_token(strict, rita, typed):
    strict.force_login(rita)
    del typed["restricted_to"]
    shown = strict.post(address("article"), typed, headers=OWN)
    posted = dict(shown.context["kept"].fields) | {"claims-TOTAL_FORMS": "0"}
    strict.post(address("article"), posted)
    assert not Article.objects.exists()
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', shown.text.split("<main")[1])[1]
    answer = strict.post(address("article"), posted | {"csrfmiddlewaretoken": token})
    assert answer.status_code == 302
    assert Article.objects.exists()


def test_reload_of_the_page_after_signing_in_loses_nothing(strict, rita, typed):
    strict.force_login(rita)
    kept = keeping.Kept(address("article"), [("title", "word")]).signed()
    shown = strict.post(reverse("login"), {"kept": kept}, headers=OWN)
    assert LOST in shown.text
    refused = strict.post(reverse("login"), {"kept": kept}, headers={"Sec-Fetch-Site": "none"})
    assert LOST not in refused.text


@pytest.mark.parametrize(
    "kept",
    [
        "",
        "x",
        signing.dumps(["https://evil.example/", [["title", "x"]]], salt="another"),
        signing.dumps(["/admin/", [["title", "x"]]]),
    ],
    ids=["nothing", "no signature", "of another page", "without salt"],
)
def test_nobody_else_makes_what_the_sign_in_page_carries(client, rita, kept):
    response = sign_in(client, kept)
    assert response.status_code == 302
    assert response["Location"] == address("article")


def test_kept_post_leads_nowhere_else(strict, rita):
    strict.force_login(rita)
    response = strict.post("/", {"title": "word"}, headers=OWN, PATH_INFO="//evil.example/admin/")
    assert response.status_code in (403, 404)
    assert "evil.example" not in response.text
    assert LOST not in response.text


def test_sign_in_leads_to_no_other_site(client, typed, rita):
    kept = carried(client.post(address("article"), typed))
    shown = sign_in(client, kept, next="https://evil.example/")
    assert "evil.example" not in shown.text


def test_nothing_kept_is_stored(client, rita, typed):
    sign_in(client, carried(client.post(address("article"), typed)))
    assert "Sent back" not in str(dict(client.session))
