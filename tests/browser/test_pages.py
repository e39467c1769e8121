"""The pages fit a phone and a desk, in light and in dark, and answer without any script.

The records are worse than real ones: words that cannot be broken, and Korean text.
"""

import re

import pytest
from playwright.sync_api import Page, expect

from incidents.models import Incident
from tests.factories import make_article, make_claim, make_incident, make_place, make_user, touch

UNBROKEN = "https://archive.example/" + "unbroken" * 20
KOREAN = "지난달 26일 탈북민 200여 명이 지린성에서 강제북송됐다고 통일연대가 밝혔다"
WIDTHS = (360, 390, 1280)
SCHEMES = ("light", "dark")

# The parts that stick out of the page, innermost only; what scrolls by itself may be wider.
STICKING_OUT = """() => {
  const wide = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= wide) return [];
  const beyond = one => one.getBoundingClientRect().right > wide + 0.5 && !one.closest(".scroll");
  const out = [...document.body.querySelectorAll("*")].filter(beyond);
  const inner = out.filter(one => ![...one.children].some(beyond));
  return inner.length ? inner.slice(0, 3).map(one => one.outerHTML.slice(0, 90)) : ["the page"];
}"""
BACKGROUND = "() => getComputedStyle(document.body).backgroundColor"


@pytest.fixture
def incident(transactional_db) -> Incident:
    """An incident with a disputed figure, long words and all that a record can show."""
    jilin = make_place("CN-JL", name="Jilin", parent=make_place("CN", name="China"))
    wave = make_incident("A wave", kind="wave", date_words="2024-04")
    incident = make_incident(
        f"Return of people from Jilin {UNBROKEN[:90]}",
        date_words="2024-04-26",
        summary=f"{KOREAN} {UNBROKEN}",
        people_label=UNBROKEN[:60],
        responsible=UNBROKEN[:90],
        wave=wave,
    )
    touch(incident, jilin, "apprehension")
    touch(incident, make_place("CN-ZJ", name="Zhejiang", parent=jilin.parent), "context")
    article = make_article(title=UNBROKEN, url=UNBROKEN, date_words="2024-05-07")
    make_claim(incident, "around 200", article=article, source_as_printed=UNBROKEN)
    make_claim(
        incident,
        "최대 60명",
        article=make_article(title=KOREAN, language="ko"),
        quote=f"{KOREAN} {UNBROKEN}",
        translation=UNBROKEN,
        place_words=UNBROKEN,
        date_words="26 April 2024",
    )
    make_claim(
        make_incident("A published total", kind="aggregate", date_words="2024"),
        "at least 1,086",
        basis="cumulative",
    )
    return incident


@pytest.fixture
def addresses(incident) -> list[str]:
    """Every page that a reader has."""
    claim = incident.claims.select_related("article__publisher").first()
    return [
        "/incidents/",
        "/incidents/?region=CN-JL&region=KP&from=2023&to=2024-04-26&disputed=yes&sources_min=2",
        "/incidents/?region=Atlantis",
        "/incidents/?q=nothing+at+all",
        incident.get_absolute_url(),
        f"{incident.get_absolute_url()}sheet/",
        "/summary/",
        "/sources/",
        claim.article.publisher.get_absolute_url(),
        claim.article.get_absolute_url(),
        "/codebook/",
        "/no/such/page/",
    ]


@pytest.fixture
def reader(page, sign_in, incident) -> Page:
    """The browser of a viewer who has signed in."""
    sign_in(page, make_user("Viewer", "vera").username, "secret")
    return page


def test_nothing_sticks_out_of_a_page(reader, addresses):
    found = [fault for address in addresses for fault in faults(reader, address)]
    assert found == []


def test_nothing_sticks_out_of_the_sign_in_page(page):
    assert faults(page, "/accounts/login/") == []


def test_dark_is_dark(page):
    page.goto("/accounts/login/")
    shades = []
    for scheme in SCHEMES:
        page.emulate_media(color_scheme=scheme)
        shades.append(page.evaluate(BACKGROUND))
    assert brightness(shades[0]) > 200
    assert brightness(shades[1]) < 60


def test_reader_needs_no_script(open_profile, live_server, sign_in, incident):
    page = open_profile(live_server.url, java_script_enabled=False)
    sign_in(page, make_user("Viewer").username, "secret")
    page.get_by_text("More filters and order").click()
    page.get_by_label("Disputed").select_option("yes")
    page.get_by_label("Place", exact=True).fill("CN-JL")
    page.get_by_role("button", name="Show").click()
    expect(page.get_by_label("Disputed")).to_have_value("yes")
    page.locator("table.rows a.title").click()
    expect(page.locator("h1")).to_have_text(incident.title)
    expect(page.locator("article.claim")).to_have_count(2)
    for name in ("Summary", "Sources", "Codebook"):
        page.get_by_role("navigation").get_by_role("link", name=name).click()
        expect(page.get_by_role("heading", level=1)).to_have_text(name)
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_label("Password")).to_be_visible()


def test_sheet_fits_the_paper_black_on_white(reader, incident):
    reader.emulate_media(media="print", color_scheme="dark")
    reader.set_viewport_size({"width": 680, "height": 900})  # A4 between its margins
    reader.goto(f"{incident.get_absolute_url()}sheet/")
    assert reader.evaluate(STICKING_OUT) == []
    assert brightness(reader.evaluate(BACKGROUND)) == 255
    expect(reader.get_by_role("button", name="Show")).to_be_hidden()
    expect(reader.locator("table caption")).to_be_visible()
    assert reader.pdf(prefer_css_page_size=True).startswith(b"%PDF")


def test_day_is_chosen_on_the_sheet(reader, incident):
    reader.goto(incident.get_absolute_url())
    reader.get_by_role("link", name="Sheet for print").click()
    today = reader.get_by_label("As of the day").input_value()
    reader.get_by_role("button", name="Show").click()
    expect(reader).to_have_url(re.compile(f"as_of={today}$"))
    expect(reader.locator(".cite")).to_contain_text(f"as_of={today}")


def faults(page: Page, address: str) -> list[str]:
    """List what sticks out of a page, at every width, in light and in dark, folded and open."""
    page.goto(address)
    found = []
    for opened in (False, True):
        if opened:
            page.evaluate("() => document.querySelectorAll('details').forEach(d => d.open = true)")
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme)
            for width in WIDTHS:
                page.set_viewport_size({"width": width, "height": 800})
                out = page.evaluate(STICKING_OUT)
                found += [f"{address} {width} {scheme}: {one}" for one in out]
    return found


def brightness(colour: str) -> float:
    """Average the three numbers of a colour as the browser writes it: `rgb(0, 0, 0)`."""
    numbers = [float(part) for part in colour.partition("(")[2].rstrip(")").split(",")[:3]]
    return sum(numbers) / 3
