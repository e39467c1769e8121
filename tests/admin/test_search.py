"""The desk's search: exact names first, any script, nothing that the person may not see."""

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse

from tests.admin.desk import address, signed_in
from tests.factories import (
    make_article,
    make_claim,
    make_incident,
    make_place,
    make_source,
    make_user,
    touch,
)

pytestmark = pytest.mark.django_db

SEARCH = reverse("admin:search")


@pytest.fixture
def desk():
    return signed_in(make_user("Researcher"))


def found(response, kind: str) -> list[str]:
    """List the names found of one kind, in order."""
    return [
        hit.name for shown in response.context["kinds"] if shown.label == kind for hit in shown.hits
    ]


def test_box_stands_on_every_desk_page(desk):
    for page in (reverse("admin:index"), address("incident", page="changelist"), SEARCH):
        assert f'action="{SEARCH}" role="search"' in desk.get(page).text


def test_code_leads_to_its_incident(desk):
    incident = make_incident()
    for text in (incident.code, incident.code.lower()):
        assert desk.get(SEARCH, {"q": text})["Location"] == address("incident", pk=incident.pk)


def test_bare_number_finds_the_incident_first(desk):
    incident = make_incident("Wanted")
    make_incident(f"With {incident.pk} in its title")
    assert found(desk.get(SEARCH, {"q": str(incident.pk)}), "incidents")[0] == str(incident)


@pytest.mark.parametrize("typed", ["http://www.news.example/a/", "https://news.example/a#top"])
def test_pasted_address_leads_to_its_article(desk, typed):
    article = make_article(url="https://news.example/a")
    assert desk.get(SEARCH, {"q": typed})["Location"] == reverse("admin:code", args=[article.pk])


def test_part_of_an_address_finds_articles(desk):
    article = make_article(title="", url="https://news.example/2026/wanted")
    assert found(desk.get(SEARCH, {"q": "2026/wanted"}), "articles") == [article.url]


@pytest.mark.parametrize("text", ["북송", "탈북", "遣返", "Manp", "manp’o"])
def test_names_are_found_in_any_script(desk, text):
    place = make_place("KP", name="Manp'o", name_ko="강제북송지", name_zh="遣返地")
    place.names.create(name="탈북")
    incident = make_incident("A return")
    touch(incident, place)
    incident_2 = make_incident("탈북민 강제북송 遣返 Manpo")
    response = desk.get(SEARCH, {"q": text})
    assert found(response, "places") == [str(place)]
    assert str(incident_2) in found(response, "incidents")


def test_exact_codes_and_short_names_come_first(desk):
    make_place("AA", name="Cn-like").names.create(name="CN")
    make_place("CN", name="Zhongguo")
    make_source("a-zz aaa", slug="other")
    make_source("Zz", slug="a-zz")
    assert found(desk.get(SEARCH, {"q": "cn"}), "places")[0] == "Zhongguo (CN)"
    assert found(desk.get(SEARCH, {"q": "a-zz"}), "sources")[0] == "Zz"


def test_many_are_counted_and_lead_to_their_list(desk):
    for number in range(10):
        make_incident(f"Return {number}")
    response = desk.get(SEARCH, {"q": "return"})
    assert len(found(response, "incidents")) == 8
    assert "All 10 incidents" in response.text
    listed = f"{address('incident', page='changelist')}?q=return"
    assert listed in response.text
    assert desk.get(listed).context["cl"].result_count == 10


def test_nothing_found_says_what_was_asked(desk):
    assert "holds “qqxx”" in desk.get(SEARCH, {"q": "qqxx"}).text


def test_empty_search_says_what_can_be_typed(desk):
    assert "Type a code, an address or a name" in desk.get(SEARCH).text


@pytest.mark.parametrize("text", ["nul\0", "a" * 2001])
def test_unreadable_text_is_refused(desk, text):
    assert desk.get(SEARCH, {"q": text}).status_code == 400


@pytest.mark.parametrize("text", ["%", "_", "'", "AT-", "AT-999999999999999", "９", "²", "http://"])
def test_odd_text_breaks_nothing(desk, text):
    make_incident("Plain")
    assert desk.get(SEARCH, {"q": text}).status_code == 200


def test_closed_records_are_neither_found_nor_counted(desk):
    group = Group.objects.create(name="Tumen team")
    incident = make_incident("Secret crossing", restricted_to=group)
    article = make_article(title="Secret page", restricted_to=group)
    page = make_article(  # no number in it
        title="Open page", url="https://open.example/", publisher=make_source("Open outlet")
    )
    make_claim(make_incident("Open"), "9", article=page, quote="Secret quote", restricted_to=group)
    for text in ("secret", incident.code, str(incident.pk), article.url, "Secret quote"):
        response = desk.get(SEARCH, {"q": text})
        assert response.status_code == 200
        assert not found(response, "articles")
        assert str(incident) not in response.text


def test_search_asks_as_often_for_two_hits_as_for_eight(desk, django_assert_num_queries):
    for number in (2, 18):
        for _count in range(number):
            make_claim(make_incident("Return"), article=make_article(title="Return"))
            make_source("Return")
            make_place(f"XX/return-{number}-{_count}", parent=None, kind="country", name="Return")
        with django_assert_num_queries(15):
            desk.get(SEARCH, {"q": "return"})
