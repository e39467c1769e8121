"""A reader's pages by keyboard alone: what is reached, in which order, and that it is seen."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.pages import make_records, public_addresses
from tests.factories import make_user

pytestmark = pytest.mark.looks

STEPS = 60
FOCUS = """() => {
  const one = document.activeElement, style = getComputedStyle(one);
  const drawn = one.querySelector("rect, circle");
  const ringed = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0;
  const stroked = one.ownerSVGElement && drawn && getComputedStyle(drawn).strokeWidth === "4px";
  return [one === document.body ? "" : one.outerHTML.slice(0, 90), Boolean(ringed || stroked)];
}"""
NAMES = "all => all.map(one => one.ariaLabel)"
# What scrolls sideways by itself and cannot be reached, or reached without being told what it is.
UNREACHED = """() => [...document.querySelectorAll("*")].filter(one =>
  ["auto", "scroll"].includes(getComputedStyle(one).overflowX)
  && one.scrollWidth > one.clientWidth && !(one.tabIndex >= 0 && one.ariaLabel)
).map(one => one.outerHTML.slice(0, 90))"""


@pytest.fixture
def incident(transactional_db):
    """The busiest record."""
    return make_records()


@pytest.fixture
def reader(page, sign_in, incident) -> Page:
    """The browser of a viewer who has signed in."""
    sign_in(page, make_user("Viewer").username, "secret")
    return page


def test_first_step_skips_to_the_content(reader):
    reader.goto("/timeline/")
    reader.keyboard.press("Tab")
    expect(reader.locator(".skip")).to_be_focused()
    expect(reader.locator(".skip")).to_be_in_viewport()
    reader.keyboard.press("Enter")
    expect(reader.locator("main")).to_be_focused()
    reader.keyboard.press("Tab")
    expect(reader.get_by_label("Words")).to_be_focused()


def test_focus_is_always_seen(reader, incident):
    unseen = {}
    for address in (
        "/incidents/",
        "/summary/",
        "/compare/?with_from=2024",
        incident.get_absolute_url(),
    ):
        reader.goto(address)
        for _step in range(STEPS):
            reader.keyboard.press("Tab")
            what, is_seen = reader.evaluate(FOCUS)
            if what and not is_seen:
                unseen.setdefault(address, what)
    assert unseen == {}


def test_each_column_of_the_timeline_is_reached_and_opened(reader):
    reader.goto("/timeline/?from=2023-10&to=2024-06")
    named = reader.locator(".picture a").evaluate_all(NAMES)
    assert len(named) >= 6
    reader.get_by_role("link", name="Picture (PNG)").focus()
    reached = []
    while len(reached) < len(named):
        reader.keyboard.press("Tab")
        what, is_seen = reader.evaluate(FOCUS)
        assert is_seen, what
        assert "<summary" not in what, f"only {reached} of {named}"
        reached += reader.locator(".picture a:focus").evaluate_all(NAMES)
    assert reached == named
    reader.keyboard.press("Enter")
    expect(reader).to_have_url(re.compile(r"/incidents/\?.*from=2024-04"))


def test_what_scrolls_can_be_scrolled_by_keys(reader, incident):
    unreached = {}
    for address in public_addresses(incident):
        reader.goto(address)
        for width in (320, 1280):
            reader.set_viewport_size({"width": width, "height": 800})
            if found := reader.evaluate(UNREACHED):
                unreached[address] = found
    assert unreached == {}
