"""Every page, asked by axe-core: wide and light in English, narrow and dark in Korean.

Colours do not hang on the language, nor names on the colours: no page is asked four times.
"""

from collections.abc import Callable

import pytest
from django.urls import reverse
from playwright.sync_api import Page

from incidents.models import Article, IncidentLink
from tests.browser.accessibility import violations
from tests.browser.pages import make_records, public_addresses
from tests.factories import (
    make_article,
    make_claim,
    make_incident,
    make_place,
    make_source,
    make_user,
    touch,
)

LOOKS = {
    "wide-light": {"viewport": {"width": 1280, "height": 900}, "color_scheme": "light"},
    "narrow-dark": {"viewport": {"width": 390, "height": 844}, "color_scheme": "dark"},
}
ZOOMED = {"viewport": {"width": 320, "height": 800}}  # what 400 % leave of 1280
LOCALES = ("en-GB", "ko-KR")
OWN = ("index", "triage", "review", "search")
RECORDS = ("article", "claim", "incident", "source", "place", "category")
ACTIONS = ("submit", "publish", "send-back", "withdraw", "assess", "link", "unlink")


@pytest.fixture
def records(transactional_db) -> dict[str, int]:
    """Some of everything: disputed, linked, restated, in Korean, waiting; give a key of each."""
    place = make_place("CN-JL", name="Jilin", name_ko="지린성", parent=make_place("CN"))
    source = make_source("통일연대")
    source.aliases.create(name="Unification Solidarity")
    incident = make_incident("강제북송, 2024년 4월", date_words="2024-04-26")
    touch(incident, place)
    article = make_article(title="탈북민 200여 명", date_words="2024-05-07")
    claim = make_claim(incident, "200여 명", source=source, article=article, place=place)
    make_claim(incident, "up to 60", source_as_printed="Radio Free America")
    make_claim(make_incident("Waiting", published=False, status="in_review"), "9")
    other = make_incident("Another", date_words="2024-04-26")
    IncidentLink.objects.create(first=incident, second=other, kind="same_people", reason="Seen.")
    waiting = make_article(title="", publisher=None, url="https://news.example/waiting")
    Article.objects.filter(pk=waiting.pk).update(coding_state="to_code")
    return {
        "article": article.pk,
        "claim": claim.pk,
        "incident": incident.pk,
        "source": source.pk,
        "place": place.pk,
        "category": incident.category_id,
    }


def addresses(keys: dict[str, int]) -> list[str]:
    """List the addresses of the desk's pages."""
    of_incident = [
        reverse("admin:incidents_incident_act", args=[keys["incident"], name]) for name in ACTIONS
    ]
    return [
        *(reverse(f"admin:{name}") for name in OWN),
        reverse("admin:search") + "?q=북송",
        reverse("admin:code", args=[keys["article"]]),
        *(reverse(f"admin:incidents_{name}_changelist") for name in RECORDS),
        *(reverse(f"admin:incidents_{name}_add") for name in RECORDS),
        *(reverse(f"admin:incidents_{name}_change", args=[keys[name]]) for name in RECORDS),
        *(reverse(f"admin:incidents_{name}_history", args=[keys[name]]) for name in RECORDS),
        *of_incident,
        *(
            reverse(f"admin:incidents_{name}_merge", args=[keys[name]])
            for name in ("incident", "source", "place")
        ),
        reverse("admin:incidents_incident_compare", args=[keys["incident"]]),
    ]


@pytest.mark.looks
@pytest.mark.parametrize("look", LOOKS)
def test_no_page_of_the_desk_has_a_fault_for_axe(
    open_profile: Callable[..., Page], sign_in, live_server, records, look
):
    page = open_profile(live_server.url, **LOOKS[look])
    sign_in(page, make_user("Administrator", "ada").username, "secret")
    assert faults(page, addresses(records)) == {}


@pytest.mark.looks
def test_no_main_page_of_the_desk_has_a_fault_in_korean(
    open_profile: Callable[..., Page], sign_in, live_server, records
):
    page = open_profile(live_server.url, locale="ko-KR", **LOOKS["narrow-dark"] | ZOOMED)
    sign_in(page, make_user("Administrator").username, "secret")
    main = [
        *(reverse(f"admin:{name}") for name in OWN),
        reverse("admin:code", args=[records["article"]]),
        reverse("admin:incidents_incident_change", args=[records["incident"]]),
        reverse("admin:incidents_incident_act", args=[records["incident"], "withdraw"]),
        reverse("admin:incidents_import_changelist"),
    ]
    assert faults(page, main) == {}


@pytest.mark.looks
@pytest.mark.parametrize(("look", "locale"), [*zip(LOOKS, LOCALES, strict=True)])
def test_no_page_of_a_reader_has_a_fault_for_axe(
    open_profile: Callable[..., Page], sign_in, live_server, transactional_db, look, locale
):
    incident = make_records()
    page = open_profile(live_server.url, locale=locale, **LOOKS[look])
    found = faults(page, ["/accounts/login/"])
    sign_in(page, make_user("Viewer").username, "secret")
    found |= faults(page, public_addresses(incident), refused=True)
    assert found == {}


def faults(page: Page, addresses: list[str], *, refused: bool = False) -> dict[str, list[str]]:
    """Ask axe-core of each page, and whether it scrolls sideways.

    `refused` where some of them answer that they are not there.
    """
    faults = {}
    for address in addresses:
        answer = page.goto(address)
        assert refused or answer.status == 200, address
        found = violations(page)
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            found.append("scrolls sideways")
        if found:
            faults[address] = found
    return faults
