"""What columns become, guessed by names in several languages, by tags and by content."""

import pytest

from incidents.importing.composing import OFFERED
from incidents.importing.guessing_columns import WORDS, guessed

WANTED = ["date", "place", "claim.words", "claim.source", "claim.article_url"]
TARGETS = {target for _label, targets in OFFERED for target in targets}


@pytest.mark.parametrize(
    "headers",
    [
        ["Date", "Location", "How many", "Source", "URL"],
        ["날짜", "장소", "인원", "출처", "링크"],
        ["발생 날짜", "발생 장소", "송환 인원", "출처 기관", "기사 링크"],
        ["日期", "地点", "人数", "来源", "链接"],
        ["Datum", "Ort", "Anzahl", "Quelle", "Link"],
        ["date", "lieu", "nombre", "source", "lien"],
        ["Fecha", "Lugar", "Número de personas", "Fuente", "Enlace"],
        ["INCIDENT_DATE", "place:", "Number", "Information Source", "Article URL"],
    ],
    ids=["English", "Korean", "longer Korean", "Chinese", "German", "French", "Spanish", "codes"],
)
def test_columns_are_guessed_by_name(headers):
    assert [guessed(headers, (), []).get(header) for header in headers] == WANTED


def test_tags_count_more_than_names():
    found = guessed(["place", "a", "b"], ("#date +start", "#adm1 +name", "#affected"), [])
    assert found == {"place": "date", "a": "division", "b": "claim.words"}


def test_content_tells_where_names_do_not():
    rows = [
        ["https://a.example/1", "2024-04-26", "약 200명", "x"],
        ["www.b.example", "", "30명", ""],
    ]
    found = guessed(["a", "b", "c", "d"], (), rows)
    assert found == {"a": "claim.article_url", "b": "date", "c": "claim.words"}


def test_nothing_is_guessed_twice():
    found = guessed(["date", "Date of incident", "날짜"], (), [])
    assert found == {"date": "date"}


def test_every_name_is_of_something_that_can_be_chosen():
    assert set(WORDS) <= TARGETS


def test_column_of_known_kinds_becomes_the_category():
    rows = [["강제북송", "x"], ["遣返", "y"], ["Deportation", "z"], ["무언가", ""]]
    assert guessed(["구분값", "b"], (), rows) == {"구분값": "incident.category"}
