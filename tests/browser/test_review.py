"""The review between two people: three records handed in, one sent back, two signed together."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from incidents.models import Incident, User
from tests.admin.desk import act
from tests.browser.accessibility import violations
from tests.factories import make_user
from tests.reviewing import reported, signed, submitted, summarised

NOTE = "어느 기사에서 나온 숫자입니까?"


@pytest.fixture
def enter(open_profile, sign_in, live_server, transactional_db) -> Callable[[User], Page]:
    """Return a function that gives a person a browser and signs them in."""

    def enter(user: User, **options) -> Page:
        page = open_profile(live_server.url, **options)
        sign_in(page, user.username, "secret")
        return page

    return enter


def test_one_is_sent_back_and_two_are_signed_together(enter):
    rita, rolf = make_user("Researcher", "rita"), make_user("Reviewer", "rolf")
    new = submitted(rita, "투먼에서 강제북송")
    first, second = signed(rita, rolf, "단둥에서 송환"), signed(rita, rolf, "훈춘에서 송환")

    researcher = enter(rita)
    for incident in (first, second):
        describe(researcher, incident)

    reviewer = enter(rolf)
    reviewer.goto("/admin/review/")
    expect(reviewer.locator("ol.waiting > li")).to_have_count(3)
    send_back(reviewer, new)
    sign_together(reviewer, [first, second])
    expect(reviewer.locator(".messagelist .success")).to_have_text(
        f"Signed: {first.code}, {second.code}."
    )
    expect(reviewer.get_by_text("Nothing waits for review")).to_be_visible()

    researcher.goto(f"/admin/incidents/incident/{new.pk}/change/")
    expect(researcher.locator(".note")).to_contain_text("Sent back by rolf")
    expect(researcher.locator(".note")).to_contain_text(NOTE)
    standing = {incident.pk: incident.status for incident in Incident.objects.all()}
    assert standing == {new.pk: "draft", first.pk: "published", second.pk: "published"}
    assert {Incident.objects.get(pk=i.pk).review for i in (first, second)} == {"second_read"}


def test_queue_works_by_keyboard_on_a_small_screen(enter):
    rita, rolf = make_user("Researcher"), make_user("Reviewer")
    incident = summarised(signed(rita, rolf, "단둥 국경을 통한 북한이탈주민 대규모 송환"), rita)
    page = enter(rolf, viewport={"width": 390, "height": 800})
    page.goto("/admin/review/")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.get_by_text("What changed since the last sign-off").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("cell", name="One more sentence.")).to_be_visible()
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.type("Only the summary.")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator(".messagelist .success")).to_have_text(f"Signed: {incident.code}.")


def describe(page: Page, incident: Incident) -> None:
    """Write a summary, which changes no figure."""
    page.goto(f"/admin/incidents/incident/{incident.pk}/change/")
    page.get_by_label("Summary:").fill("국경 도시를 통한 송환.")
    page.get_by_label("Why / what changed").fill("요약을 보탬")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator(".messagelist .success")).to_contain_text(incident.code)


def send_back(page: Page, incident: Incident) -> None:
    """Read one record of the queue and return it with a note."""
    page.get_by_role("link", name=incident.code).click()
    expect(page.get_by_role("heading", name="What is claimed")).to_be_visible()
    page.get_by_label("Why").fill(NOTE)
    page.get_by_role("button", name="Send back").click()
    expect(page.locator(".messagelist .success")).to_contain_text("Done: Send back")


def sign_together(page: Page, incidents: list[Incident]) -> None:
    """Tick these in the queue, read what changed on each, and sign them."""
    page.goto("/admin/review/")
    for incident in incidents:
        row = page.locator("ol.waiting > li", has_text=incident.code)
        row.locator("summary").click()
        expect(row.get_by_role("cell", name="국경 도시를 통한 송환.")).to_be_visible()
        row.get_by_label(f"Sign {incident.code} with the others").check()
    page.get_by_label("Why").fill("Only the summaries changed.")
    page.get_by_role("button", name="Sign the ticked records").click()


@pytest.mark.looks
@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
def test_pages_have_no_fault_for_axe(enter, scheme, width):
    rita, rolf = make_user("Researcher"), make_user("Reviewer")
    new, quiet = submitted(rita), summarised(signed(rita, rolf), rita)
    moved = reported(signed(rita, rolf), rita, quote="최대 60명이 북송됐다")
    page = enter(rolf, color_scheme=scheme, viewport={"width": width, "height": 900})
    addresses = ["/admin/review/", "/admin/review/?category=arrest", "/admin/review/?page=x"]
    addresses += [act(moved, name) for name in ("publish", "send-back", "assess", "link")]
    addresses += [act(quiet, "publish"), act(new, "publish"), act(new, "withdraw")]
    for address in addresses:
        page.goto(address)
        page.evaluate("document.querySelectorAll('details').forEach(part => part.open = true)")
        assert (address, violations(page)) == (address, [])
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), address
