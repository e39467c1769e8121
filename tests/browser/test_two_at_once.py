"""Two people, two browsers, one record: who saves second loses nothing and overwrites nothing."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from incidents.models import Claim, Incident, User
from tests.factories import make_claim, make_incident, make_user

CHANGED = "Changed by others while you had this page open"


@pytest.fixture
def enter(open_profile, sign_in, live_server) -> Callable[[User], Page]:
    """Return a function that gives a person a browser and signs them in."""

    def enter(user: User) -> Page:
        page = open_profile(live_server.url)
        sign_in(page, user.username, "secret")
        return page

    return enter


@pytest.fixture
def claim(transactional_db) -> Claim:
    """One claim on one incident that nobody has submitted yet."""
    return make_claim(make_incident("Old title", published=False), "9")


@pytest.fixture
def both(enter, claim) -> tuple[Page, Page]:
    """Rita and Sam, each with the incident's page open."""
    pages = tuple(enter(make_user("Researcher", name)) for name in ("rita", "sam"))
    for page in pages:
        page.goto(f"/admin/incidents/incident/{claim.incident_id}/change/")
        page.locator("#claims-0 summary").first.click()
    return pages


def save(page: Page) -> None:
    """Press the button that stays on the page."""
    page.get_by_role("button", name="Save and continue editing").click()


def saved(page: Page) -> None:
    """See that the save went through."""
    expect(page.locator(".messagelist .success")).to_be_visible()


def words(page: Page):
    """Find the count of the first claim."""
    return page.locator("#claims-0").get_by_label("Count as worded")


def test_first_and_second_change_different_things_and_both_stand(both, claim):
    rita, sam = both
    sam.locator("#id_summary").fill("Sam's summary.")
    sam.locator("#claims-0").get_by_label("Place as printed").fill("Dandong")
    rita.get_by_label("Title:", exact=True).fill("Rita's title")
    words(rita).fill("around 200")
    save(rita)
    saved(rita)
    save(sam)
    saved(sam)
    expect(sam.locator(".messagelist .info").first).to_contain_text("rita")
    incident = Incident.objects.get()
    claim.refresh_from_db()
    assert (incident.title, incident.summary) == ("Rita's title", "Sam's summary.")
    assert (claim.words, claim.place_words) == ("around 200", "Dandong")


def test_both_change_the_same_and_the_second_decides_by_keyboard(both, claim):
    rita, sam = both
    sam.get_by_label("Title:", exact=True).fill("Sam's title")
    words(sam).fill("up to 60")
    sam.locator("#id_summary").fill("Sam's summary.")
    rita.get_by_label("Title:", exact=True).fill("Rita's title")
    rita.get_by_label("Why / what changed").fill("clearer")
    words(rita).fill("around 200")
    save(rita)
    saved(rita)
    save(sam)
    told = sam.get_by_role("region", name=CHANGED)
    row = told.locator("tr", has=sam.get_by_role("rowheader", name="Title"))
    for text in ("Old title", "Rita's title", "Sam's title", "rita", "clearer"):
        expect(row).to_contain_text(text)
    expect(sam.locator("#id_summary")).to_have_value("Sam's summary.")
    save(sam)
    expect(told).to_be_visible()
    assert Incident.objects.get().title == "Rita's title"

    choice = told.get_by_role("group", name="Title: what should stand?")
    choice.get_by_label("theirs").focus()
    sam.keyboard.press("Space")
    told.get_by_role("group", name="Count as worded").get_by_label("theirs").focus()
    sam.keyboard.press("ArrowDown")
    save(sam)
    saved(sam)
    incident = Incident.objects.get()
    claim.refresh_from_db()
    assert (incident.title, incident.summary) == ("Rita's title", "Sam's summary.")
    assert (claim.words, claim.high) == ("up to 60", 60)


def test_signed_out_meanwhile_and_the_other_saved(both, claim):
    rita, sam = both
    sam.get_by_label("Title:", exact=True).fill("Sam's title")
    words(sam).fill("up to 60")
    sam.locator("#claims-0").get_by_label("Quote").fill("first line\nsecond line")
    rita.get_by_label("Title:", exact=True).fill("Rita's title")
    save(rita)
    saved(rita)
    sam.context.clear_cookies(name="sessionid")
    save(sam)
    expect(sam.get_by_role("heading", name="You were signed out")).to_be_visible()
    sam.get_by_label("User name").fill("sam")
    sam.get_by_label("Password").fill("secret")
    sam.get_by_role("button", name="Sign in").click()
    expect(sam.get_by_text("Sam's title")).to_be_visible()
    assert Incident.objects.get().title == "Rita's title"
    sam.get_by_role("button", name="Send on what I typed").click()

    told = sam.get_by_role("region", name=CHANGED)
    expect(told.get_by_role("row", name="Title Old title")).to_contain_text("Rita's title")
    told.get_by_label("mine, as it stands below").check()
    save(sam)
    saved(sam)
    claim.refresh_from_db()
    assert Incident.objects.get().title == "Sam's title"
    assert (claim.words, claim.quote.splitlines()) == ("up to 60", ["first line", "second line"])


def test_signed_in_anew_in_another_tab_loses_nothing(enter, claim, sign_in):
    sam = enter(make_user("Researcher", "sam"))
    sam.goto(f"/admin/incidents/incident/{claim.incident_id}/change/")
    sam.get_by_label("Title:", exact=True).fill("Sam's title")
    tab = sam.context.new_page()
    tab.goto("/incidents/")
    tab.get_by_role("button", name="Sign out").click()
    sign_in(tab, "sam", "secret")
    save(sam)
    sam.get_by_role("button", name="Send on what I typed").click()
    saved(sam)
    assert Incident.objects.get().title == "Sam's title"


def test_nothing_needs_a_script(open_profile, sign_in, live_server, claim):
    make_user("Researcher", "sam")
    sam = open_profile(live_server.url, java_script_enabled=False)
    sign_in(sam, "sam", "secret")
    sam.goto(f"/admin/incidents/incident/{claim.incident_id}/change/")
    sam.get_by_label("Title:", exact=True).fill("Sam's title")
    incident = Incident.objects.get()
    incident.title = "Changed elsewhere"
    incident.save()
    sam.context.clear_cookies(name="sessionid")
    save(sam)
    sam.get_by_label("User name").fill("sam")
    sam.get_by_label("Password").fill("secret")
    sam.get_by_role("button", name="Sign in").click()
    sam.get_by_role("button", name="Send on what I typed").click()
    sam.get_by_role("region", name=CHANGED).get_by_label("mine, as it stands below").check()
    save(sam)
    saved(sam)
    assert Incident.objects.get().title == "Sam's title"
