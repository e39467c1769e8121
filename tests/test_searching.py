"""Searching by words: everything that has them is found, nothing else, in any script."""

import re
from urllib.parse import urlencode

import pytest
from django.contrib.auth.models import Group
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from incidents.aggregates import newest_aggregates
from incidents.filters import ask
from incidents.keyset import in_order, page_of
from incidents.models import Category, Incident, IncidentText
from incidents.names import fold
from incidents.reckoning import beside_list
from incidents.searching import matching
from incidents.settling import differences, settle
from incidents.words import PAIRED, kind_of
from tests.examples import few
from tests.factories import (
    make_claim,
    make_incident,
    make_place,
    make_source,
    make_user,
    settled_together,
    touch,
)

pytestmark = pytest.mark.django_db

WORDS = (
    *("강제노동을", "노동", "북송", "강제북송된", "탈북민refugees", "200여", "명"),
    *("遣返", "被遣返者", "ผู้ลี้ภัย", "ผู้", "border", "borders", "bord", "U.N.", "Tumen's"),
    *("Hamgyŏng-bukto", "1,277", "A", "북", "éclair", "NOT", 'OR"', "a*b", "(camp)", "AND:near"),
    *("&|!", "x'y", "강-제", "٣٤", "اللاجئين", "لاجئ"),
)
texts = st.lists(st.sampled_from(WORDS), min_size=1, max_size=6).map(" ".join)


def found(query: str) -> set[int]:
    """Ask the one door for the incidents with these words."""
    return set(ask(query_of(query), None).incidents.values_list("pk", flat=True))


def query_of(text: str) -> str:
    """Write a query string."""
    return urlencode({"q": text})


def holds(text: str, word: str) -> bool:
    """Tell by reading whether a folded text has a word as searching understands it."""
    for place in (match.start() for match in re.finditer(f"(?={re.escape(word)})", text)):
        before = text[place - 1 : place]
        within_word = before and before.isalnum() and word[0].isalnum()
        latin = within_word and PAIRED not in (kind_of(before), kind_of(word[0]))
        if not latin:
            return True
    return False


class Searched(TestCase):
    """Whatever is recorded, and whatever is looked for."""

    @few(15)
    @given(titles=st.lists(texts, min_size=1, max_size=4), query=texts)
    def test_finds_what_has_every_word_and_nothing_else(self, titles, query):
        with settled_together():
            for title in titles:
                make_incident(title)
        if not fold(query):
            return
        stored = dict(Incident.objects.values_list("pk", "search_text"))
        words = fold(query).split()
        indexed = [word for word in words if len(word) > 1]
        due = {
            key for key, text in stored.items() if all(holds(text, word) for word in indexed)
        } & {key for key, text in stored.items() if all(word in text for word in words)}
        assert found(query) == due
        assert set(matching(Incident.objects.all(), query).values_list("pk", flat=True)) == due


@pytest.mark.parametrize(
    ("title", "query"),
    [
        pytest.param("강제노동을 시켰다", "노동", id="two letters inside a longer word"),
        pytest.param("被遣返者人数", "遣返", id="Chinese inside a longer word"),
        pytest.param("Detention near the river", "deten", id="beginning of a word"),
        pytest.param("Hamgyŏng-bukto", "hamgyong", id="accents do not count"),
        pytest.param("Manp'o", "manpo", id="apostrophes do not count"),
        pytest.param("탈북민 북송", "북", id="one letter is looked for in every text"),
        pytest.param("returned to the camp", "camp to", id="in any order"),
    ],
)
def test_found(title, query):
    incident = make_incident(title)
    make_incident("something else altogether 다른 것")
    settle(Incident.objects.values_list("pk", flat=True))
    assert found(query) == {incident.pk}


@pytest.mark.parametrize("query", ["etention", "동강", "camps", "返遣", 'x" OR "border', "bo:*"])
def test_not_found(query):
    settle([make_incident("Detention camp 강제노동을 遣返 border").pk])
    assert found(query) == set()


MANY, NONE = {"planned": lambda rows: 10**9}, {"planned": lambda rows: 0}
WAYS = {  # of finding a page on PostgreSQL: what is expected, and how far is looked at once
    "all with the words": {"COUNTED": 0, "BUNCH": 2, **MANY},
    "stretches, looked up": {"COUNTED": 1, "SPARE": 0.01, "FURTHER": 1, "MOST": 2},
    "stretches, read": {"COUNTED": 10**9, "SPARE": 0.01, "FURTHER": 1, **MANY},
    "one stretch": {"COUNTED": 10**9, "SPARE": 10**6, **MANY},
    "rows that have the words": {"COUNTED": 10**9, **NONE},
}


@pytest.fixture(params=WAYS.values(), ids=WAYS)
def way(request, monkeypatch):
    """Find pages of three in one of the ways, whatever is expected."""
    monkeypatch.setattr("incidents.keyset.PAGE", 3)
    for name, value in request.param.items():
        monkeypatch.setattr(f"incidents.leaves.{name}", value)


@pytest.fixture(params=[0, 10**9], ids=["rows are walked", "all is looked up"])
def walking(request, monkeypatch):
    """Make walking a list, on PostgreSQL, as quick or slow as can be, and what is beside words."""
    monkeypatch.setattr("incidents.searching.WALKED", request.param)
    monkeypatch.setattr("incidents.searching.NARROWING", 10**9 - request.param)


@pytest.mark.usefixtures("way", "walking")
@pytest.mark.parametrize("rarer", [True, False], ids=["words lead", "others lead"])
def test_pages_by_words_are_the_whole_list_both_ways(monkeypatch, rarer):
    monkeypatch.setattr("incidents.searching.Search.is_rarer_than", lambda *_rows: rarer)
    place, source = make_place("CN"), make_source("Agency")
    with settled_together():
        for number in range(11):
            incident = make_incident("북송 border", date_words=f"2024-05-{number // 2 + 1:02}")
            touch(incident, place)
            make_claim(incident, str(number // 3 + 1), source=source)
            make_incident("다른 것", date_words=f"2024-05-{number // 2 + 1:02}")
    every = sorted(ask("q=북송", None).incidents.values_list("pk", flat=True))
    for query in (
        *("q=북송", "q=bord&order=date", "q=북송&order=-people", "q=bord&order=-updated"),
        *("q=북송&region=CN", f"q=bor&source={source.slug}", "q=북송&from=2024&to=2024"),
    ):
        forth, back = turned(query)
        assert sorted(sum(forth, [])) == every
        assert len(every) == 11
        assert back == forth


@pytest.mark.usefixtures("way")
@pytest.mark.parametrize("order", ["-date", "date"])
def test_pages_by_words_and_days_hold_what_began_long_before(order):
    days = ["2001-01-01/2024-05-02", "2024-05-01", "2024-05", "2024-05-03", "2024-06-01", "../2024"]
    with settled_together():
        for number, day in enumerate([*days, *days]):
            make_incident("북송 border" if number % 4 else "다른 것", date_words=day)
    for dates in ("", "&dates=certain", "&dates=possible&dates=open"):
        query = f"from=2024-05-01&to=2024-05-20&order={order}{dates}"
        others = in_order(ask(query, None)).values_list("pk", "search_text")
        due = [pk for pk, text in others if holds(text, "북송")]
        forth, back = turned(f"{query}&q=북송")
        assert due
        assert sum(forth, []) == due
        assert back == forth


def turned(query: str) -> tuple[list[list[int]], list[list[int]]]:
    """Turn all pages of a list forth, and back again."""
    forth, back, cursor = [], [], ""
    while True:
        page = page_of(ask(f"{query}&cursor={cursor}", None))
        forth.append(list(page.keys))
        if not page.next:
            break
        cursor = page.next
    while page.previous:
        back.append(list(page.keys))
        page = page_of(ask(f"{query}&cursor={page.previous}", None))
    back.append(list(page.keys))
    return forth, back[::-1]


@pytest.mark.usefixtures("walking")
@pytest.mark.parametrize("rarer", [True, False], ids=["words lead", "others lead"])
@pytest.mark.parametrize(
    "query",
    [
        "q=북송&region=CN",
        "q=북송&source=agency",
        "q=북송&publisher=agency",
        "q=bord&region=CN&from=2024-05&to=2024-05",
        "q=bord&order=-people",
        "q=북송&region=CN&region=KP",
        "q=북송&region=CN&role=destination",
        "q=북송&category=forced_return",
        "q=bord&category=death&region=KP&order=date",
        "q=bord&category=death&category=forced_return",
    ],
)
def test_whichever_leads_the_same_is_found(monkeypatch, rarer, query):
    monkeypatch.setattr("incidents.searching.Search.is_rarer_than", lambda *_rows: rarer)
    china, korea = make_place("CN"), make_place("KP")
    source = make_source("Agency", slug="agency")
    with settled_together():
        for number, title in enumerate(["북송 border", "북송된 borders", "border", "다른 말"] * 2):
            category = ("forced_return", "death")[number // 4]
            incident = make_incident(
                title, category=category, date_words=f"2024-0{4 + number % 3}-01"
            )
            touch(incident, (china, korea)[number % 2])
            make_claim(incident, "9", source=source)
    word = query.split("&")[0].removeprefix("q=")
    others = ask(query.partition("&")[2], None).incidents
    due = [pk for pk, text in others.values_list("pk", "search_text") if holds(text, fold(word))]
    assert sorted(page_of(ask(query, None)).keys) == sorted(due)
    assert ask(query, None).incidents.count() == len(due)
    assert beside_list(ask(query, None)).counted == len(due)


@pytest.mark.usefixtures("walking")
def test_published_totals_with_the_words_stand_beside_the_list():
    with settled_together():
        for number, title in enumerate(["북송 border", "다른 말"] * 3):
            make_incident(title, kind="aggregate", date_words=f"200{number}")
    found = newest_aggregates(ask("q=북송", None), 2)
    assert [str(incident.sort_day.year) for incident in found] == ["2004", "2002"]
    assert [
        i.sort_day.year for i in newest_aggregates(ask("q=북송&from=2001&to=2003", None), 9)
    ] == [2002]


@pytest.mark.usefixtures("walking")
def test_words_beside_a_place_and_a_category_follow_both():
    china, korea = make_place("CN"), make_place("KP")
    incident = make_incident("border")
    touch(incident, china)
    settle([incident.pk])
    incident.places.update(place=korea)
    incident.category = Category.objects.exclude(pk=incident.category_id).first()
    incident.save()
    settle([incident.pk])
    for query in ("region=KP", f"category={incident.category.code}"):
        assert list(ask(f"q=border&{query}", None).incidents) == [incident]
    for query in ("region=CN", "category=forced_return"):
        assert not ask(f"q=border&{query}", None).incidents


@pytest.mark.usefixtures("walking")
def test_place_in_a_restricted_claim_is_found_beside_words_by_those_who_see_it():
    circle = Group.objects.create(name="Circle")
    china, incident = make_place("CN"), make_incident("border")
    make_claim(incident, "9", place=china, place_role="crossing", restricted_to=circle)
    insider, outsider = make_user("Viewer"), make_user("Viewer")
    insider.groups.add(circle)
    for reader, seen in ((insider, [incident]), (outsider, [])):
        assert list(ask("q=border&region=CN", reader).incidents) == seen


def test_moved_incident_leaves_no_words_behind():
    incident = make_incident("border", date_words="2024-05-01")
    Incident.objects.filter(pk=incident.pk).update(earliest="2023-01-01", latest="2023-01-01")
    settle([incident.pk])
    assert IncidentText.objects.count() == 1
    assert differences([incident.pk]) == []


def test_tampered_words_are_found_and_mended():
    incident = make_incident("border")
    IncidentText.objects.filter(incident=incident.pk).delete()
    assert [difference.table for difference in differences([incident.pk])] == ["texts"]
    settle([incident.pk])
    assert found("border") == {incident.pk}


def test_page_says_that_one_letter_takes_longer(client):
    client.force_login(make_user("Viewer"))
    make_incident("북송")
    assert "every text" in client.get("/incidents/?q=북").content.decode()
    assert "every text" not in client.get("/incidents/?q=북송").content.decode()
