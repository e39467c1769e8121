"""From an article to a table: three people, three browsers, one incident with two claims.

A researcher logs, a reviewer signs, a viewer finds it and takes it along; nothing is simulated.
"""

import csv
import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from incidents.models import Incident, Place, User
from tests.factories import make_claim, make_incident, make_place, make_user, touch

DAY = "2024-04-26"
TITLE = "Return of North Koreans from Jilin, 26 April 2024"
CLAIMS = {"Unification Solidarity": "around 200", "Radio Free America": "up to 60"}
READ_AS = ["about: value 200 persons", "at most: high 60 persons"]
FIGURE = "disputed: up to 60 (Radio Free America) to around 200 (Unification Solidarity)"


@pytest.fixture
def jilin(transactional_db) -> Place:
    """The one province that the incident is about."""
    return make_place("CN-JL", name="Jilin", parent=make_place("CN", name="China"))


@pytest.fixture
def enter(open_profile, sign_in, live_server) -> Callable[[User], Page]:
    """Return a function that gives a person a browser and signs them in."""

    def enter(user: User) -> Page:
        page = open_profile(live_server.url)
        sign_in(page, user.username, "secret")
        return page

    return enter


def test_article_becomes_a_row_that_somebody_takes_along(enter, jilin, live_server):
    article = f"{live_server.url}/healthz"
    researcher = enter(make_user("Researcher", "rita"))
    log_article(researcher, url=article)
    complete_incident(researcher, place=jilin)
    decide(researcher, "Submit for review", why="Both numbers logged.")

    reviewer = enter(make_user("Reviewer", "rolf"))
    reviewer.goto(desk_page(Incident.objects.get()))
    decide(reviewer, "Publish", why="Read against the article.")

    viewer = enter(make_user("Viewer", "vera"))
    row = find(viewer, region=jilin.code, day=DAY)
    expect(row.locator(".figure")).to_have_text(FIGURE)
    assert claims_taken_along(viewer) == [
        (source, words, DAY, article) for source, words in CLAIMS.items()
    ]
    follow_source(viewer, row, to=article)


def test_researcher_is_neither_offered_nor_allowed_to_publish(enter, jilin):
    incident = make_incident(published=False, status="in_review", date_words=DAY)
    touch(incident, jilin)
    make_claim(incident, "around 200")
    page = enter(make_user("Researcher"))
    page.goto(desk_page(incident))
    offered = page.locator(".object-tools a").all_inner_texts()
    assert "Link to another incident" in offered
    assert "Publish" not in offered
    assert page.goto(f"{desk_page(incident)}../publish/").status == 403

    page.goto(f"{desk_page(incident)}../link/")
    page.get_by_label("Why").fill("I am sure.")
    form = page.locator("#content-main form")
    form.evaluate("form => { form.action = '../publish/' }")
    with page.expect_response(re.compile(r"/publish/$")) as answered:
        form.locator("input[type=submit]").click()
    assert answered.value.request.method == "POST"
    assert answered.value.status == 403
    expect(page.get_by_text("Your account may not do this.")).to_be_visible()
    incident.refresh_from_db()
    assert incident.status == "in_review"


def desk_page(incident: Incident) -> str:
    """Give the address of an incident's page at the desk."""
    return f"/admin/incidents/incident/{incident.pk}/change/"


def log_article(page: Page, *, url: str) -> None:
    """Log an article of a new outlet, with two claims that start one incident."""
    page.goto("/incidents/")
    page.get_by_role("link", name="Desk").click()
    page.locator(".model-article .addlink").click()
    page.get_by_label("URL:", exact=True).fill(url)
    page.get_by_label("Title:", exact=True).fill("They were sent back")
    page.get_by_label("Publication date:").fill("2024-05-07")
    add_publisher(page, "Daily Light")
    page.get_by_role("button", name="Add another Claim").click()
    for number, (source, words) in enumerate(CLAIMS.items()):
        fill_claim(page.locator(f"#claims-{number}"), source=source, words=words)
    page.locator("#claims-0").get_by_label("Category of the new incident").select_option(
        label="Forced return (refoulement)"
    )
    page.get_by_role("button", name="Save and continue editing").click()
    expect(page.locator(".messagelist .success")).to_contain_text("They were sent back")
    for reading, shown in zip(READ_AS, page.locator(".claims .reading").all(), strict=True):
        expect(shown).to_contain_text(f"{reading} · {DAY} · counts")


def add_publisher(page: Page, name: str) -> None:
    """Look for a publisher, do not find it, and add it on the spot."""
    choice = page.locator(".field-publisher")
    choice.locator(".select2-selection").click()
    page.locator(".select2-search__field").fill(name)
    expect(page.get_by_text("No results found")).to_be_visible()
    page.keyboard.press("Escape")
    with page.expect_popup() as opened:
        choice.locator(".add-related").click()
    with opened.value.expect_event("close"):
        opened.value.get_by_label("Name:", exact=True).fill(name)
        opened.value.get_by_role("button", name="Save", exact=True).click()
    expect(choice.locator(".select2-selection")).to_contain_text(name)


def fill_claim(row: Locator, *, source: str, words: str) -> None:
    """Type one claim."""
    row.get_by_label("Source as printed").fill(source)
    row.get_by_label("Count as worded").fill(words)
    row.get_by_label("Basis").select_option("event")
    row.get_by_label("Or a new incident titled").fill(TITLE)
    row.get_by_label("Date as worded").fill(DAY)
    row.get_by_label("Place as printed").fill("Jilin")


def complete_incident(page: Page, *, place: Place) -> None:
    """Give the incident that the claims started its day and its place."""
    page.goto("/admin/incidents/incident/")
    page.get_by_role("link", name=TITLE).click()
    page.locator("#id_date_words").fill(DAY)
    row = page.locator("#places-0")
    row.locator(".select2-selection").click()
    page.locator(".select2-search__field").fill("jilin")
    page.locator(".select2-results__option", has_text=place.code).click()
    row.locator("select[name$=role]").select_option("apprehension")
    page.get_by_role("button", name="Save and continue editing").click()
    expect(page.locator(".field-figures")).to_contain_text(FIGURE)


def decide(page: Page, action: str, *, why: str) -> None:
    """Take an incident one step on, with a reason."""
    page.get_by_role("link", name=action, exact=True).click()
    page.get_by_label("Why").fill(why)
    page.get_by_role("button", name=action, exact=True).click()
    expect(page.locator(".messagelist .success")).to_contain_text(f"Done: {action}")


def find(page: Page, *, region: str, day: str) -> Locator:
    """Ask for a region and a day; return the one row that answers."""
    page.goto("/incidents/")
    page.get_by_label("Place", exact=True).fill(region)
    page.get_by_label("From", exact=True).fill(day)
    page.get_by_label("To", exact=True).fill(day)
    page.get_by_role("button", name="Show").click()
    row = page.locator("table.rows tbody tr")
    expect(row).to_have_count(1)
    expect(row.locator("a.title")).to_have_text(TITLE)
    return row


def claims_taken_along(page: Page) -> list[tuple[str, str, str, str]]:
    """Download the claims; return who says what, when and where it stands."""
    with page.expect_download() as started:
        page.get_by_role("link", name="claims.csv", exact=True).click()
    assert started.value.suggested_filename.endswith(".csv")
    with open(started.value.path(), encoding="utf-8-sig", newline="") as file:
        return [
            (row["source_as_printed"], row["words"], row["date_edtf"], row["article_url"])
            for row in csv.DictReader(file)
        ]


def follow_source(page: Page, row: Locator, *, to: str) -> None:
    """Open the page that a claim stands on, without telling it where one comes from."""
    link = row.get_by_role("link", name="Radio Free America")
    assert link.get_attribute("href") == to
    assert set(link.get_attribute("rel").split()) == {"noopener", "noreferrer"}
    with page.expect_request(to) as asked:
        link.click()
    assert "referer" not in asked.value.all_headers()
    expect(page).to_have_url(to)
