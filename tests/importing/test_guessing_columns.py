"""What columns become, guessed by names in several languages, by tags and by content."""

import pytest

from incidents.importing.composing import OFFERED
from incidents.importing.guessing_columns import EXTRA, WORDS, guessed

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
    assert set(WORDS) <= TARGETS | {EXTRA}


@pytest.mark.parametrize(
    ("headers", "target"),
    [
        (
            "몇 명|인원|인원수|명수|사람 수|북송 인원수|Headcount|No. of victims|多少人|遣返人数",
            "claim.words",
        ),
        ("비고|메모|참고 사항|備考|备注|Internal notes|Remarks", None),
        ("발생일시|송환일|Start date|发生日期", "date"),
        ("Date of report|보도일자|报道日期", "claim.published"),
        ("기사 URL|출처 링크|Source link|原文链接", "claim.article_url"),
        ("사건 유형|침해 유형|Type of incident|类型", "incident.category"),
        ("사건 개요|Description|内容", "incident.summary"),
        ("Case number|사건 번호|事件编号", "incident.key"),
        ("Deported to|接收国", "incident.receiving"),
        ("가해 기관|责任机构|Perpetrators", "incident.responsible"),
        ("연번|Row|序号", "id"),
    ],
)
def test_usual_headings_are_known(headers, target):
    for header in headers.split("|"):
        assert guessed([header], (), []).get(header) == target, header


def test_column_of_known_kinds_becomes_the_category():
    rows = [["강제북송", "x"], ["遣返", "y"], ["Deportation", "z"], ["무언가", ""]]
    assert guessed(["구분값", "b"], (), rows) == {"구분값": "incident.category"}
