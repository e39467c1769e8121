"""The markup of every page: what the strict policy, a screen reader and a keyboard rely on."""

import datetime as dt
import re
from html.parser import HTMLParser

import pytest
from django.contrib.auth.models import Group
from django.template.loader import render_to_string
from django.utils.translation import override

from incidents.keyset import write_cursor
from incidents.templatetags.reading import days
from tests.factories import (
    make_article,
    make_claim,
    make_incident,
    make_place,
    make_source,
    make_user,
    touch,
)

pytestmark = [pytest.mark.django_db, pytest.mark.looks]

EMPTY = "No report recorded here; that is not evidence that none happened"
VOID = {"br", "hr", "img", "input", "link", "meta"}
EXTERNAL = ("http://", "https://")


class Page(HTMLParser):
    """The elements of a page in order, each as (tag, attributes), and those left open."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.misnested: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.misnested.append(tag)

    def named(self, *tags: str) -> list[dict[str, str | None]]:
        return [attributes for tag, attributes in self.elements if tag in tags]

    @property
    def ids(self) -> list[str | None]:
        return [attributes["id"] for _tag, attributes in self.elements if "id" in attributes]


@pytest.fixture
def records():
    """A wave with an event, a busy incident in Korean, and sources."""
    china = make_place("CN", name="China")
    jilin = make_place("CN-JL", parent=china, name="Jilin")
    rfa = make_source("Radio Free Asia", slug="radio-free-asia", country=china)
    incident = make_incident(
        "탈북민 강제북송", date_words="2023-10-09", sending=china, summary="요약"
    )
    touch(incident, jilin)
    touch(incident, make_place("CN-ZJ", parent=china, name="Zhejiang"), "context")
    korean = make_article(language="ko", title="강제북송", publisher=rfa, date_words="2023-10-12")
    first = make_claim(
        incident,
        "200여 명",
        article=korean,
        source=rfa,
        source_as_printed="Radio Free America",
        source_suggested=True,
        quote="강제북송되었다",
        translation="were sent back",
        date_words="이달 9일",
        place_words="지린성",
        place=jilin,
        place_role="apprehension",
    )
    make_claim(incident, "up to 60", source=rfa, article=make_article(url=""), repeats=first)
    for number in range(8):
        make_claim(incident, str(190 + number), source=make_source(f"Group {number}"))
    wave = make_incident("A wave", kind="wave", date_words="2023-10")
    make_claim(make_incident("One of it", wave=wave, date_words="2023-10-05"), "9")
    total = make_incident("A published total", kind="aggregate", date_words="2023")
    make_claim(total, "at least 406", basis="cumulative")
    return {"incident": incident, "wave": wave, "article": korean, "first": first}


ADDRESSES = [
    pytest.param("/accounts/login/", 200, id="login"),
    pytest.param("/incidents/", 200, id="list"),
    pytest.param("/incidents/?from=2023-10-01&to=2023-10-20&region=CN", 200, id="list of days"),
    pytest.param("/incidents/?region=CN&region=CN-JL&people_min=5", 200, id="list, repeated"),
    pytest.param("/incidents/?q=nothing", 200, id="empty list"),
    pytest.param("/incidents/?colour=red", 400, id="refused"),
    pytest.param("/summary/", 200, id="summary"),
    pytest.param("/summary/?from=2023-10-07", 200, id="summary of days"),
    pytest.param("/summary/?q=nothing", 200, id="summary of nothing"),
    pytest.param("/timeline/", 200, id="timeline"),
    pytest.param("/timeline/?q=nothing", 200, id="timeline of nothing"),
    pytest.param("/compare/?with_from=2023", 200, id="comparison"),
    pytest.param("/map/", 200, id="map"),
    pytest.param("/map/?size=people&from=2023-10-07", 200, id="map of people"),
    pytest.param("/map/?q=nothing", 200, id="empty map"),
    pytest.param("{incident}", 200, id="incident"),
    pytest.param("{incident}sheet/", 200, id="sheet"),
    pytest.param("{wave}sheet/", 200, id="sheet of a wave"),
    pytest.param("{incident}sheet/?as_of=1999-01-01", 400, id="sheet of no day"),
    pytest.param("{wave}", 200, id="wave"),
    pytest.param("{article}", 200, id="article"),
    pytest.param("/sources/", 200, id="sources"),
    pytest.param("/sources/?q=nobody", 200, id="no sources"),
    pytest.param("/sources/radio-free-asia/", 200, id="source"),
    pytest.param("/codebook/", 200, id="codebook"),
    pytest.param("/incidents/AT-999999/", 404, id="not found"),
]


@pytest.fixture
def reader(request, client):
    client.force_login(make_user(getattr(request, "param", "Reviewer")))
    return client


def fetched(reader, records, address: str, status: int) -> Page:
    paths = {name: record.get_absolute_url() for name, record in records.items() if name != "first"}
    response = reader.get(address.format(**paths))
    assert response.status_code == status
    return Page(response.content.decode())


@pytest.mark.parametrize("reader", ["Viewer", "Reviewer"], indirect=True)
@pytest.mark.parametrize(("address", "status"), ADDRESSES)
def test_page_keeps_the_rules_of_markup(reader, records, address, status):
    page = fetched(reader, records, address, status)
    assert page.misnested == []
    assert page.open == []
    assert len(page.named("h1")) == 1
    assert page.named("html") == [{"lang": "en"}]
    assert len(page.ids) == len(set(page.ids))


MAP_SCRIPT = {"src": "/static/incidents/map.js", "defer": None}  # comfort alone


@pytest.mark.parametrize(("address", "status"), ADDRESSES)
def test_page_runs_nothing_inline_and_asks_nobody_else(reader, records, address, status):
    page = fetched(reader, records, address, status)
    assert page.named("style", "iframe") == []
    own = [MAP_SCRIPT] if str(address).startswith("/map/") else []
    assert page.named("script") == own
    for tag, attributes in page.elements:
        assert "style" not in attributes
        assert not [name for name in attributes if name.startswith("on")]
        if tag in ("link", "img"):
            assert (attributes.get("href") or attributes.get("src")).startswith("/static/")


@pytest.mark.parametrize(("address", "status"), ADDRESSES)
def test_external_links_tell_the_other_site_nothing(reader, records, address, status):
    for link in fetched(reader, records, address, status).named("a"):
        assert link["href"]
        if link["href"].startswith(EXTERNAL):
            assert link["rel"] == "noopener noreferrer"
            assert "target" not in link


@pytest.mark.parametrize(("address", "status"), ADDRESSES)
def test_tables_and_controls_are_named(reader, records, address, status):
    page = fetched(reader, records, address, status)
    assert len(page.named("caption")) == len(page.named("table"))
    assert all(header.get("scope") for header in page.named("th"))
    labelled = {label.get("for") for label in page.named("label")}
    for control in page.named("input", "select"):
        if control.get("type") not in ("hidden", "checkbox"):
            assert control.get("aria-label") or control["id"] in labelled
    for described in filter(None, (a.get("aria-describedby") for _tag, a in page.elements)):
        assert described in page.ids


def test_list_asks_every_parameter(reader, records):
    page = fetched(reader, records, "/incidents/", 200)
    names = {control.get("name") for control in page.named("input", "select")}
    assert names >= {
        *("q", "region", "role", "sending", "receiving", "from", "to", "dates", "category"),
        *("measure", "kind", "status", "source", "publisher", "people_min", "people_max"),
        *("sources_min", "disputed", "wave", "order"),
    }


def test_repeated_values_come_back_in_inputs_of_their_own(reader, records):
    page = fetched(reader, records, "/incidents/?region=CN&region=CN-JL", 200)
    values = [i["value"] for i in page.named("input") if i.get("name") == "region"]
    assert values == ["CN", "CN-JL"]


@pytest.mark.parametrize(
    ("query", "is_open"),
    [
        pytest.param("q=x&region=CN&from=2023&category=arrest", False, id="only common ones"),
        pytest.param("kind=event&kind=wave&status=published&order=date", False, id="defaults"),
        pytest.param("people_min=5", True, id="a rarer one"),
    ],
)
def test_rarer_filters_are_open_only_while_used(reader, records, query, is_open):
    page = fetched(reader, records, f"/incidents/?{query}", 200)
    [more] = [its for its in page.named("details") if its.get("class") == "more"]
    assert ("open" in more) is is_open


def test_source_links_to_its_article_or_else_to_the_articles_page(reader, records):
    page = fetched(reader, records, "/incidents/", 200)
    links = [link["href"] for link in page.named("a")]
    assert records["article"].url in links
    [unpublished] = records["incident"].claims.filter(article__url="")
    assert unpublished.article.get_absolute_url() in links


def test_more_than_five_sources_are_folded(reader, records):
    html = reader.get("/incidents/?q=탈북민").content.decode()
    assert "5 more</summary>" in html


def test_claim_has_an_anchor_and_its_words_a_language(reader, records):
    page = fetched(reader, records, "{incident}", 200)
    assert f"claim-{records['first'].pk}" in page.ids
    assert {"lang": "ko"} in page.named("blockquote")


def test_suggested_reading_is_not_shown_as_the_sources_word(reader, records):
    html = reader.get(records["incident"].get_absolute_url()).content.decode()
    assert "<h3>Radio Free America</h3>" in html
    assert "suggested:" in html


def test_empty_list_repeats_the_question_and_says_how_to_ask_for_less(reader, records):
    html = reader.get("/incidents/?q=nothing&region=CN").content.decode()
    assert EMPTY in html
    assert html.count("with the words “nothing”") == 2
    assert 'href="/incidents/?region=CN"' in html
    assert 'href="/incidents/?q=nothing"' in html


@pytest.mark.parametrize("page", ["/summary/", "/timeline/"])
def test_page_of_nothing_says_what_to_ask_instead(reader, records, page):
    html = reader.get(page, {"q": "nothing", "region": "CN"}).content.decode()
    assert EMPTY in html
    assert f'href="{page}?region=CN"' in html
    assert re.search(r'href="/incidents/\?[^"]*kind=aggregate', html)
    assert 'href="/admin/triage/"' in html


def test_page_behind_the_last_row_does_not_say_that_nothing_is_recorded(reader, records):
    cursor = write_cursor("n", 1, dt.date(1, 1, 1))
    html = reader.get(f"/incidents/?cursor={cursor}").content.decode()
    assert EMPTY not in html
    assert "To the first page" in html


@pytest.mark.parametrize("page", ["article", "source"])
def test_undated_claim_does_not_borrow_its_incidents_date(reader, page):
    source = make_source("A group", slug="a-group")
    claim = make_claim(make_incident("A return", date_words="2024-04-26"), source=source)
    address = claim.article.get_absolute_url() if page == "article" else "/sources/a-group/"
    html = reader.get(address).content.decode()
    assert "no date stated" in html
    assert "2024" not in html


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        pytest.param("2024-04-26", "26 April 2024", id="day"),
        pytest.param("2023-10~", "about October 2023", id="about a month"),
        pytest.param("2023?", "2023, uncertain", id="uncertain year"),
        pytest.param("2020~/2023-10", "about 2020 – October 2023", id="year to month"),
        pytest.param("../2024-05", "until May 2024", id="open start"),
        pytest.param("2024-05-07/..", "from 7 May 2024 on", id="open end"),
        pytest.param("", "", id="none"),
    ],
)
def test_dates_are_written_no_more_exactly_than_they_are_known(words, shown):
    incident = make_incident("A return", date_words=words)
    with override("en"):
        assert days(incident) == shown


def test_link_to_undated_replaces_the_dates_asked_for(reader, records):
    make_claim(make_incident("Undated"), "7")
    html = reader.get("/incidents/?from=2023&dates=certain").content.decode()
    assert "1 more without a firm date" in html
    assert 'href="?dates=open&amp;from=2023"' in html


def test_desk_is_offered_to_those_who_may_change_records(client):
    for role, offered in (("Viewer", False), ("Researcher", True)):
        client.force_login(make_user(role))
        assert ('href="/admin/"' in client.get("/incidents/").content.decode()) is offered


@pytest.mark.parametrize(
    ("sources", "said"),
    [
        pytest.param(["A"], "named by 1 source", id="one"),
        pytest.param(["A", "B"], "named by 2 sources", id="two"),
        pytest.param([""], "no named source; reported by 1 outlet", id="nobody named"),
        pytest.param(["A", ""], "named by 1 source; 1 outlet names nobody", id="mixed"),
        pytest.param([], "no source that affirms it", id="no claims"),
    ],
)
def test_outlet_that_names_nobody_is_not_called_a_named_source(reader, sources, said):
    incident = make_incident("A return")
    for name in sources:
        make_claim(incident, "up to 600", source=make_source(name) if name else None)
    assert said in reader.get("/incidents/").content.decode()


def test_restricted_record_says_so_to_those_who_may_see_it(client):
    user = make_user("Reviewer")
    incident = make_incident("Kept back", restricted_to=Group.objects.get(name="Reviewer"))
    client.force_login(user)
    assert "restricted</span>" in client.get("/incidents/").content.decode()
    assert "restricted</span>" in client.get(incident.get_absolute_url()).content.decode()


def test_totals_sentence_stands_whole_in_one_element(reader, records):
    response = reader.get("/incidents/")
    for total in response.context["overview"].totals:
        assert f"<span>{total.words}</span>" in response.content.decode()


@pytest.mark.parametrize("name", ["400.html", "403.html", "404.html", "500.html"])
def test_error_page_needs_no_request_and_no_database(name, django_assert_num_queries):
    with django_assert_num_queries(0):
        page = Page(render_to_string(name))
    assert len(page.named("h1")) == 1
    assert page.open == page.misnested == []
