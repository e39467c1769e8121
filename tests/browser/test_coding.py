"""Coding articles by hand: how many keys and clicks it takes, and what stands there afterwards.

The words themselves are free; each further key press and click counts. Nothing is simulated.
"""

from collections.abc import Callable

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from incidents.models import Article, Claim, Incident
from tests.browser.accessibility import violations
from tests.browser.hand import Hand
from tests.factories import (
    make_article,
    make_claim,
    make_incident,
    make_place,
    make_source,
    make_user,
)

ONE_CLAIM = 25
WHOLE_EDITORIAL = 150
EDITORIAL = "https://cambodiatribune.com/editorial-from-korea-times-on-may-7/"


@pytest.fixture
def places(transactional_db) -> None:
    """The places that the editorial names."""
    china = make_place("CN", name="China", name_ko="중국", name_zh="中国")
    jilin = make_place("CN-JL", name="Jilin", name_ko="지린성", parent=china)
    make_place("CN-JL/tumen", name="Tumen", parent=jilin)
    make_place("CN-JL/hunchun", name="Hunchun", parent=jilin)
    liaoning = make_place("CN-LN", name="Liaoning", parent=china)
    make_place("CN-LN/dandong", name="Dandong", parent=liaoning)


@pytest.fixture
def researcher(open_profile, sign_in, live_server, places) -> Callable[..., Page]:
    """Return a function that gives a researcher a browser and signs them in."""
    person = make_user("Researcher", "rita")

    def enter(**options) -> Page:
        page = open_profile(live_server.url, **options)
        sign_in(page, person.username, "secret")
        return page

    return enter


def queue(hand: Hand, url: str) -> None:
    """Paste an address into the desk and open what it queues."""
    page = hand.page
    page.goto(reverse("admin:triage"))
    hand.type(url)
    hand.tab_to(page.get_by_role("button", name="Look up and queue"))
    hand.press("Enter")
    expect(page.locator("a.button", has_text="Code").first).to_be_focused()
    hand.press("Enter")
    expect(page.locator("#id_article-title")).to_be_focused()


def fill(hand: Hand, name: str, words: str) -> None:
    """Go on to a field with Tab and type."""
    hand.tab_to(hand.page.locator(f"#id_{name}"))
    hand.type(words)


def choose(hand: Hand, name: str, key: str) -> None:
    """Go on to a list and choose by its first letters."""
    hand.tab_to(hand.page.locator(f"#id_{name}"))
    hand.press(key)


def accept(hand: Hand, part: str) -> None:
    """Take the first proposal under the field with one key, once it is there."""
    offered = hand.page.locator(f"#reading-{part} input[type=radio][value]:not([value=''])")
    expect(offered.first).to_be_visible()
    hand.press("ArrowDown")


def save(hand: Hand) -> None:
    """Save with Enter, and wait for the page that takes the next claim."""
    with hand.page.expect_navigation():
        hand.press("Enter")
    expect(hand.page.locator(".messagelist .success")).to_contain_text("Saved")


def facts(hand: Hand, *, title: str, publisher: str, published: str) -> None:
    """Type what identifies the article."""
    hand.type(title)
    fill(hand, "article-date_words", published)
    fill(hand, "article-publisher_name", publisher)


def test_one_claim_on_an_existing_incident(researcher):
    incident = make_incident("Return from Jilin, 26 April 2024", date_words="2024-04-26")
    page = researcher()
    hand = Hand(page)
    queue(hand, "https://news.example/jilin")
    facts(hand, title="They were sent back", publisher="Daily Light", published="2024-05-07")
    fill(hand, "claim-words", "around 200")
    fill(hand, "claim-source_as_printed", "The Korean Unification Solidarity")
    choose(hand, "claim-basis", "e")
    fill(hand, "claim-date_words", "April 26")
    fill(hand, "claim-incident_find", incident.code)
    save(hand)
    claim = Claim.objects.get()
    assert (claim.incident, claim.words, str(claim.earliest)) == (
        incident,
        "around 200",
        "2024-04-26",
    )
    assert claim.article.publisher.name == "Daily Light"
    incident.refresh_from_db()
    assert incident.figure_words == "around 200"
    assert hand.count <= ONE_CLAIM, f"{hand.count} keys and clicks"


def test_whole_editorial(researcher):
    make_source("Radio Free Asia", kind="outlet")
    page = researcher()
    hand = Hand(page)
    queue(hand, EDITORIAL)
    facts(
        hand,
        title="EDITORIAL from Korea Times on May 7",
        publisher="The Cambodia Tribune",
        published="May 7 [2024-05-07]",
    )
    # C1 starts the incident of April 2024.
    claim(hand, "around 200", "The Korean Unification Solidarity", "e", "April 26", "Jilin")
    accept(hand, "place")
    start(hand, "Return of North Koreans from China, April 2024", "f")
    save(hand)
    # C2 and C3 are undated; the broadcaster's printed name is kept, a reading only suggested.
    claim(hand, "up to 60", "Radio Free America", "e", "", "Tumen and Hunchun regions")
    accept(hand, "place")
    same_incident(hand)
    save(hand)
    claim(hand, "others", "Radio Free America", "e", "", "Dandong")
    accept(hand, "place")
    same_incident(hand)
    save(hand)
    # C5: confirmed, by the article's word; the quotation is weaker.
    claim(hand, "none stated", "The National Intelligence Service (NIS)", "e")
    same_incident(hand)
    hand.tab_to(page.get_by_text("More about this claim"))
    hand.press("Enter")
    hand.tab_to(page.locator("#id_claim-stance"))
    hand.type_keys("doe")
    save_by_key(hand)
    # C6 starts the incident of October 2023, C7 an aggregate.
    claim(hand, "up to 600", "", "e", "shortly after the Asian Games in Hangzhou [2023-10~]")
    start(hand, "Return of North Koreans after the Asian Games, October 2023", "f")
    save(hand)
    claim(hand, "approximately 2,000", "", "s", "for about three years [2020~/2023-10~]", "China")
    start(hand, "North Koreans detained in China: a published number", "Arb", kind="a")
    save(hand)
    check_editorial()
    assert hand.count <= WHOLE_EDITORIAL, f"{hand.count} keys and clicks"


def claim(hand: Hand, words: str, who: str, basis: str, when: str = "", where: str = "") -> None:
    """Type one claim from the first field on."""
    fill(hand, "claim-words", words)
    if who:
        fill(hand, "claim-source_as_printed", who)
    choose(hand, "claim-basis", basis)
    if when:
        fill(hand, "claim-date_words", when)
    if where:
        fill(hand, "claim-place_words", where)


def test_answer_that_comes_late_takes_no_choice_away(researcher):
    article = make_article(title="Sent back")
    make_claim(make_incident("Return from Dandong", date_words="2024-04-26"), "60", article=article)
    page = researcher()
    page.goto(reverse("admin:code", args=[article.pk]))
    offered = page.locator("#reading-incident input[type=radio][value]:not([value=''])").first
    page.locator("#id_claim-words").fill("around 200")
    expect(offered).to_be_visible()
    late = []
    page.route("**/reading/**", lambda route: late.append(route) if not late else route.continue_())
    page.locator("#id_claim-words").fill("around 20")
    page.wait_for_timeout(400)
    offered.check()
    assert late, "nothing was asked"
    late[0].continue_()
    page.wait_for_timeout(900)
    expect(offered).to_be_checked()


def same_incident(hand: Hand) -> None:
    """Take the incident that the article speaks about already: the likeliest."""
    hand.tab_to(hand.page.locator("#id_claim-incident_find"))
    accept(hand, "incident")


def start(hand: Hand, title: str, category: str, kind: str = "") -> None:
    """Start a new incident without leaving the page."""
    hand.tab_to(hand.page.get_by_text("Start a new incident"))
    hand.press("Enter")
    fill(hand, "claim-new_incident_title", title)
    hand.tab_to(hand.page.locator("#id_claim-new_incident_category"))
    hand.type_keys(category)
    if kind:
        choose(hand, "claim-new_incident_kind", kind)
    while not page_has_focus_on(hand, "claim-new_incident_title"):
        hand.press("Shift+Tab")  # back to where Enter saves; in a list it would only open it


def page_has_focus_on(hand: Hand, name: str) -> bool:
    """Tell whether a field has the focus."""
    field = hand.page.locator(f"#id_{name}")
    return field.evaluate("one => one === document.activeElement")


def save_by_key(hand: Hand) -> None:
    """Save from a field in which Enter does not: by the button, reached with Tab."""
    hand.tab_to(hand.page.get_by_role("button", name="Save this claim"), most=20)
    save(hand)


def check_editorial() -> None:
    """Look at what stands there: figures, readings, and what must not have happened."""
    april = Incident.objects.get(title__contains="April 2024")
    october = Incident.objects.get(title__contains="October 2023")
    stock = Incident.objects.get(kind="aggregate")
    assert april.figure_words == (
        "disputed: up to 60 (Radio Free America) to around 200 (The Korean Unification Solidarity)"
    )
    assert october.figure_words == "up to 600"
    assert stock.stated_max == 2000
    assert (april.people_low, april.people_best, april.people_high) == (None, None, 200)
    assert [c.words for c in april.claims.order_by("pk")] == [
        "around 200",
        "up to 60",
        "others",
        "none stated",
    ]
    assert april.claims.get(words="none stated").stance == "does_not_deny"
    assert not april.claims.exclude(source=None).filter(source__name="Radio Free Asia").exists()
    assert {p.place.code for p in april.places.all()} == {"CN-JL"}


def test_korean_article_and_its_correction(researcher):
    incident = make_incident("중국 강제북송, 2024년 4월", date_words="2024-04")
    page = researcher()
    source = make_source("통일연대", kind="ngo")
    first = make_article(title="탈북민 200여 명 강제북송", date_words="2024-05-07")
    page.goto(reverse("admin:code", args=[first.pk]))
    hand = Hand(page)
    fill(hand, "claim-words", "200여 명")
    expect(page.locator("#reading-words")).to_contain_text("a little over: value 200 persons")
    fill(hand, "claim-source_as_printed", "통일연대")
    choose(hand, "claim-basis", "e")
    fill(hand, "claim-date_words", "지난달 26일")
    expect(page.locator("#reading-date")).to_contain_text("2024-04-26; worked out, not stated")
    fill(hand, "claim-incident_find", incident.code)
    expect(page.locator("#reading-effect")).to_contain_text("a little over 200")
    save(hand)
    incident.refresh_from_db()
    assert (incident.figure_words, incident.figure_words_ko) == ("a little over 200", "200여 명")
    earlier = Claim.objects.get()
    assert (earlier.source, str(earlier.earliest), earlier.date_inferred) == (
        source,
        "2024-04-26",
        True,
    )

    second = make_article(title="북송 인원 정정", date_words="2024-05-09")
    page.goto(reverse("admin:code", args=[second.pk]))
    fill(hand, "claim-words", "60명")
    fill(hand, "claim-source_as_printed", "통일연대")
    choose(hand, "claim-basis", "e")
    fill(hand, "claim-incident_find", incident.code)
    effect = page.locator("#reading-effect")
    expect(effect).to_contain_text("said something else before")
    expect(effect).to_contain_text("disputed")
    hand.click(page.get_by_label("this corrects it"))
    expect(effect).not_to_contain_text("disputed")
    hand.click(page.get_by_role("button", name="Save this claim"))
    expect(page.locator(".messagelist .success")).to_contain_text("60명")
    incident.refresh_from_db()
    earlier.refresh_from_db()
    assert (incident.figure_words, incident.disputed, earlier.counts) == ("60", False, False)
    assert earlier.words == "200여 명"
    page.goto(f"/incidents/{incident.code}/")
    for words in ("200여 명", "60명"):
        expect(page.get_by_text(words).first).to_be_visible()


def test_choice_of_an_incident_opens_what_stands_there_and_keeps_its_place(researcher):
    incident = make_incident("Return from Jilin", date_words="2024-04-26")
    make_claim(incident, "around 200", source_as_printed="An NGO")
    article = make_article(date_words="2024-04-27")
    page = researcher()
    page.goto(reverse("admin:code", args=[article.pk]))
    page.get_by_label("Count as worded").fill("up to 60")
    choice = page.locator("#reading-incident").get_by_label(incident.title)
    choice.check()
    expect(page.get_by_label("this corrects it")).to_be_visible()
    expect(choice).to_be_checked()
    expect(choice).to_be_focused()


def test_page_works_without_script(researcher):
    incident = make_incident("Return from Jilin", date_words="2024-04-26")
    make_claim(incident, "around 200")
    article = make_article(date_words="2024-05-07")
    page = researcher(java_script_enabled=False)
    page.goto(reverse("admin:code", args=[article.pk]))
    page.get_by_label("Count as worded").fill("up to 60")
    page.get_by_label("Basis").select_option("event")
    page.get_by_label("Date as worded").fill("지난달 26일")
    page.get_by_label("Place as printed").fill("Jilin")
    page.get_by_role("button", name="Check without saving").click()
    expect(page.locator("#reading-words")).to_contain_text("at most: high 60 persons")
    expect(page.locator("#reading-date")).to_contain_text("2024-04-26; worked out")
    assert Claim.objects.count() == 1
    page.locator("#reading-place").get_by_label("Jilin").check()
    page.locator("#reading-incident").get_by_label(incident.title).check()
    page.get_by_role("button", name="Save this claim").click()
    expect(page.locator(".messagelist .success")).to_contain_text("disputed")
    assert Claim.objects.get(article=article).place.code == "CN-JL"


def test_reprint_is_one_click_with_its_effect_and_one_to_save(researcher):
    incident = make_incident(date_words="2024-04-26")
    original = make_article(title="They were sent back", date_words="2024-05-06")
    Article.objects.filter(pk=original.pk).update(coding_state="coded")
    make_claim(incident, "around 200", article=original)
    article = make_article(title="They were sent back", date_words="2024-05-07")
    page = researcher()
    page.goto(reverse("admin:code", args=[article.pk]))
    hand = Hand(page)
    hand.click(page.get_by_role("button", name="Reprint of “They were sent back”"))
    expect(page.get_by_role("row").nth(1)).to_contain_text("the same")
    hand.click(page.get_by_role("button", name="Save as a reprint"))
    expect(page.locator(".messagelist .success")).to_contain_text("1 claim repeated")
    assert hand.count == 2
    assert not Claim.objects.get(article=article).counts


@pytest.mark.looks
@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
def test_page_has_no_fault_for_axe(researcher, scheme, width):
    incident = make_incident("Return from Jilin", date_words="2024-04-26")
    article = make_article(date_words="2024-05-07")
    make_claim(incident, "around 200", article=article, source_as_printed="An NGO")
    page = researcher(color_scheme=scheme, viewport={"width": width, "height": 900})
    page.goto(reverse("admin:code", args=[article.pk]))
    assert violations(page) == []
    page.get_by_label("Count as worded").fill("up to 60")
    page.get_by_label("Basis").select_option("event")
    page.get_by_label("Who says so").fill("Radio Free America")
    page.get_by_label("Place as printed").fill("Tumen")
    page.get_by_label("Incident", exact=True).fill(incident.code)
    expect(page.locator("#reading-effect")).to_contain_text("disputed")
    assert violations(page) == []
