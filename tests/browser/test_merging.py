"""Two records merged and parted again by keyboard, on pages in which axe-core finds no fault."""

import pytest
from playwright.sync_api import Page, expect

from incidents.models import Incident
from tests.admin.desk import address
from tests.browser.accessibility import violations
from tests.factories import make_claim, make_incident, make_user


@pytest.fixture
def pair(transactional_db) -> tuple[Incident, Incident]:
    """Two incidents that are one, with a claim each."""
    pair = make_incident("Night in Dandong"), make_incident("Night at the Yalu")
    for incident, words in zip(pair, ("around 200", "up to 60"), strict=True):
        make_claim(incident, words)
    return pair


@pytest.fixture
def desk(page: Page, sign_in) -> Page:
    """A reviewer's browser."""
    sign_in(page, make_user("Reviewer", "rex").username, "secret")
    return page


def follow(desk: Page, name: str) -> None:
    """Go along a link as the keyboard does."""
    desk.get_by_role("link", name=name, exact=True).press("Enter")


def test_merge_is_seen_confirmed_and_undone_by_keyboard(desk, pair):
    gone, survivor = pair
    desk.goto(address("incident", pk=gone.pk))
    follow(desk, "Merge into another")
    desk.get_by_label("The record that stays").fill(survivor.code)
    desk.get_by_label("Why").fill("The same night in two articles.")
    desk.get_by_role("button", name="Show what will happen").press("Enter")
    expect(desk.get_by_text("disputed: up to 60")).to_be_visible()
    assert violations(desk) == []
    desk.get_by_role("button", name="Merge").press("Enter")
    expect(desk.get_by_text("was merged into")).to_be_visible()
    assert survivor.claims.count() == 2
    desk.goto(address("incident", pk=gone.pk))
    assert violations(desk) == []
    follow(desk, "Undo the merge")
    assert violations(desk) == []
    desk.get_by_label("Why").fill("They were two nights after all.")
    desk.get_by_role("button", name="Undo the merge").press("Enter")
    expect(desk.get_by_text("The merge was undone.")).to_be_visible()
    assert gone.claims.count() == 1


@pytest.mark.looks
@pytest.mark.parametrize("width", [390, 1280])
def test_both_records_fit_beside_each_other(desk, pair, width):
    gone, survivor = pair
    desk.set_viewport_size({"width": width, "height": 900})
    desk.goto(address("incident", pk=gone.pk, page="merge") + f"?other={survivor.code}")
    expect(desk.get_by_text("Nothing is saved yet.")).to_be_visible()
    assert desk.evaluate("document.documentElement.scrollWidth") == width
