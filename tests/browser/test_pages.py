"""The pages fit a phone and a desk, in light and in dark, and answer without any script.

The records are worse than real ones (`pages`).
"""

import re

import pytest
from django.conf import settings
from playwright.sync_api import Page, expect

from incidents.models import Incident
from tests.browser.pages import make_records, public_addresses
from tests.factories import make_incident, make_user

WIDTHS = (320, 360, 390, 1280)  # 320 is what a window of 1280 leaves at 400 %
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
# What hides a part of its own text; what only a reader of the screen meets is clipped whole.
CUT_OFF = """() => [...document.querySelectorAll("main *, header *, footer *")].filter(one => {
  const style = getComputedStyle(one);
  return ["hidden", "clip"].includes(style.overflowX) && style.clipPath === "none"
    && one.clientWidth > 0 && one.scrollWidth > one.clientWidth + 1;
}).slice(0, 3).map(one => `cut off: ${one.outerHTML.slice(0, 90)}`)"""
BACKGROUND = "() => getComputedStyle(document.body).backgroundColor"


@pytest.fixture
def incident(transactional_db) -> Incident:
    """An incident with a disputed figure, long words and all that a record can show."""
    return make_records()


@pytest.fixture
def addresses(incident) -> list[str]:
    """Every page that a reader has."""
    return public_addresses(incident)


@pytest.fixture
def reader(page, sign_in, incident) -> Page:
    """The browser of a viewer who has signed in."""
    sign_in(page, make_user("Viewer", "vera").username, "secret")
    return page


@pytest.mark.looks
@pytest.mark.parametrize("locale", ["en-GB", "ko-KR"])
def test_nothing_sticks_out_of_a_page(open_profile, live_server, sign_in, addresses, locale):
    reader = open_profile(live_server.url, locale=locale)
    sign_in(reader, make_user("Viewer").username, "secret")
    found = [fault for address in addresses for fault in faults(reader, address)]
    assert found == []
    expect(reader.locator("html")).to_have_attribute("lang", locale[:2])


@pytest.mark.looks
def test_nothing_sticks_out_of_the_sign_in_page(page):
    assert faults(page, "/accounts/login/") == []


@pytest.mark.looks
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


def test_pictures_comparison_pages_and_language_need_no_script(
    open_profile, live_server, sign_in, incident
):
    for number in range(51):
        make_incident(f"Return {number}", date_words="2021-05-01")
    page = open_profile(live_server.url, java_script_enabled=False)
    sign_in(page, make_user("Viewer").username, "secret")
    page.get_by_role("link", name="Next page").click()
    expect(page.get_by_role("link", name="Previous page")).to_be_visible()
    page.goto("/timeline/")
    page.get_by_label("From", exact=True).fill("2023-10")
    page.get_by_label("To", exact=True).fill("2024-06")
    page.get_by_role("button", name="Show").click()
    page.get_by_role("link", name="October 2023: 1 incident", exact=True).click()
    expect(page.locator("table.rows .figure")).to_have_text("up to 600")
    page.goto("/summary/?from=2024")
    page.get_by_role("link", name="Compare with another place or time").click()
    page.get_by_label("From", exact=True).fill("2023")
    page.get_by_label("To", exact=True).fill("2023")
    page.get_by_role("button", name="Compare").click()
    expect(page.get_by_role("heading", name="2. Other side")).to_be_visible()
    page.get_by_role("button", name="한국어").click()
    expect(page.locator("html")).to_have_attribute("lang", "ko")
    expect(page).to_have_url(re.compile(r"/compare/\?.*with_from=2023"))
    page.get_by_role("button", name="English").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Compare")


@pytest.mark.looks
def test_pages_fit_the_paper_in_the_colours_of_print(reader, incident):
    reader.emulate_media(media="print", color_scheme="dark")
    reader.set_viewport_size({"width": 680, "height": 900})  # A4 between its margins
    for address in ("/incidents/", "/summary/", "/timeline/", incident.get_absolute_url()):
        reader.goto(address)
        assert reader.evaluate(STICKING_OUT) + reader.evaluate(CUT_OFF) == [], address
        assert brightness(reader.evaluate(BACKGROUND)) == 255
        expect(reader.locator("form:visible")).to_have_count(0)
        expect(reader.get_by_text(f"Attest · {settings.SITE_URL}{address} · ")).to_be_visible()
        assert reader.pdf(prefer_css_page_size=True).startswith(b"%PDF")
        drawn = reader.locator(".certain, .mark").first
        if drawn.count():
            assert drawn.evaluate("one => getComputedStyle(one).fill") == "rgb(11, 85, 102)"


@pytest.mark.looks
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
    """List what sticks out of a page or is cut off, at every width, folded and open."""
    page.goto(address)
    found = []
    for opened in (False, True):
        if opened:
            page.evaluate("() => document.querySelectorAll('details').forEach(d => d.open = true)")
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 800})
            out = page.evaluate(STICKING_OUT) + page.evaluate(CUT_OFF)
            found += [f"{address} {width}: {one}" for one in out]
    return found


def brightness(colour: str) -> float:
    """Average the three numbers of a colour as the browser writes it: `rgb(0, 0, 0)`."""
    numbers = [float(part) for part in colour.partition("(")[2].rstrip(")").split(",")[:3]]
    return sum(numbers) / 3
