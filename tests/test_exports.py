"""CSV files: the contract's columns, whole texts, and what must never get out."""

import csv
import datetime as dt
import hashlib
import io

import pytest
from django.contrib.auth.models import Group
from django.core.management import CommandError, call_command

from incidents import exports
from incidents.cells import BOM, LONGEST_CELL, TOO_LONG, Text, csv_lines, guarded, joined, written
from incidents.columns import TABLES
from incidents.filters import ask
from incidents.models import ExportLog
from tests.factories import (
    make_article,
    make_claim,
    make_incident,
    make_place,
    make_source,
    make_user,
    touch,
)

pytestmark = pytest.mark.django_db

NASTY = [
    '=HYPERLINK("http://x")',
    "'=twice",
    "+1",
    "-1",
    "@cmd",
    "\tcell",
    "a | b",
    'quote " and, comma',
    "two\nlines",
    "강제북송 600여 명",
    "遣返约600名",
]


def text_of(query: str, table: str, user=None) -> str:
    return b"".join(exports.csv_stream(ask(query, user), table)).decode()


def rows_of(query: str, table: str, user=None) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text_of(query, table, user).removeprefix(BOM))))


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        pytest.param(None, "", id="null"),
        pytest.param(True, "yes", id="yes"),
        pytest.param(False, "no", id="no"),
        pytest.param(0, "0", id="zero is not null"),
        pytest.param(-3.7, "-3.7", id="a number is never guarded"),
        pytest.param(dt.date(2024, 4, 26), "2024-04-26", id="day"),
        pytest.param(
            dt.datetime(2026, 11, 23, 19, 40, tzinfo=dt.UTC), "2026-11-23T19:40:00Z", id="time"
        ),
        pytest.param(Text("=1"), "'=1", id="formula"),
        pytest.param(Text("'=1"), "''=1", id="guarded formula"),
        pytest.param(Text("'plain"), "'plain", id="apostrophe before plain text"),
        pytest.param(Text("a\r\nb\rc"), "a\nb\nc", id="line ends"),
    ],
)
def test_cell_is_written_one_way(value, cell):
    assert guarded(value) == cell


def test_negative_longitude_is_a_number():
    incident = make_incident(latitude="5.1", longitude="-3.7", point_precision="exact")
    [row] = rows_of("", "incidents")
    assert (row["incident"], row["longitude"]) == (incident.code, "-3.7")


def test_several_values_escape_the_bar():
    assert joined(["a|b", "", None, "c"]) == "a\\|b |  |  | c"


def test_list_too_long_for_a_cell_points_at_the_other_file():
    assert joined(["x" * LONGEST_CELL, "y"]) == TOO_LONG


@pytest.mark.parametrize("table", TABLES)
def test_header_alone_when_nothing_is_found(table):
    header = csv_lines([[column.name for column in TABLES[table]]], raw=True)
    assert text_of("q=nothing", table) == BOM + header


def test_raw_has_neither_bom_nor_apostrophes():
    make_incident("=1+1")
    text = text_of("raw=1", "incidents")
    assert text.startswith("incident,kind,title")
    assert ",=1+1," in text


@pytest.mark.parametrize("title", NASTY)
def test_text_leaves_and_comes_back_intact(title):
    make_claim(make_incident(title), source_as_printed=title, quote=title)
    [incident] = rows_of("", "incidents")
    [claim] = rows_of("", "claims")
    for cell in (incident["title"], claim["source_as_printed"], claim["quote"]):
        came_back = cell[1:] if cell.startswith("'") else cell
        assert came_back == title
        assert cell == title or cell == "'" + title


def test_incident_row_is_exactly_this():
    asia = make_place("m49:030", name="Eastern Asia")
    china = make_place("CN", parent=asia, name="China", iso3="CHN")
    korea = make_place("KP", parent=asia, name="North Korea", iso3="PRK")
    jilin = make_place("CN-JL", parent=china, name="Jilin")
    tumen = make_place(
        "CN-JL/tumen", parent=jilin, name="Tumen", latitude="42.96", longitude="129.84"
    )
    incident = make_incident(
        "Returns of April 2024",
        date_words="2024-04-26",
        sending=china,
        receiving=korea,
        people_label="refugees",
    )
    touch(incident, tumen, "apprehension")
    ngo = make_source("The NGO", slug="ngo")
    for words, name in (("around 200", "The NGO"), ("up to 60", "A broadcaster")):
        article = make_article(url=f"https://a.example/{name[-1]}", title=name)
        make_claim(
            incident,
            words,
            source=ngo if name == "The NGO" else None,
            source_as_printed=name,
            article=article,
        )
    [row] = rows_of("from=2024-04&to=2024-04", "incidents")
    incident.refresh_from_db()
    assert row == {
        "incident": incident.code,
        "kind": "event",
        "title": "Returns of April 2024",
        "category": "forced_return",
        "measure": "returned",
        "status": "published",
        "review": "second_read",
        "date_edtf": "2024-04-26",
        "date_words": "2024-04-26",
        "date_inferred": "no",
        "earliest": "2024-04-26",
        "latest": "2024-04-26",
        "date_precision": "day",
        "date_match": "certain",
        "year": "2024",
        "region_code": "m49:030",
        "region": "Eastern Asia",
        "country_code": "CN",
        "country_iso3": "CHN",
        "country": "China",
        "admin1_code": "CN-JL",
        "admin1": "Jilin",
        "place_code": "CN-JL/tumen",
        "place": "Tumen",
        "place_role": "apprehension",
        "place_precision": "locality",
        "latitude": "42.96",
        "longitude": "129.84",
        "sending": "CN",
        "receiving": "KP",
        "people": "refugees",
        "responsible": "",
        "people_low": "",
        "people_best": "",
        "people_high": "200",
        "stated_min": "60",
        "stated_max": "200",
        "figure_kind": "disputed",
        "figure_words": "disputed: up to 60 (A broadcaster) to around 200 (The NGO)",
        "disputed": "yes",
        "newer_claims": "0",
        "other_figures": "",
        "counted": "yes",
        "counted_why": "",
        "overlap_group": "",
        "claims": "2",
        "sources_named": "2",
        "sources_own": "0",
        "wave": "",
        "may_overlap": "",
        "next_stage": "",
        "sources": "The NGO | A broadcaster",
        "article_urls": "https://a.example/O | https://a.example/r",
        "archive_urls": " | ",
        "summary": "",
        "extra": "",
        "version": "1",
        "first_published": written(incident.first_published),
        "updated": written(incident.updated),
        "url": f"http://127.0.0.1:8000/incidents/{incident.code}/",
    }


def test_point_of_a_division_is_no_location():
    asia = make_place("m49:030")
    china = make_place("CN", parent=asia, latitude="35", longitude="105")
    jilin = make_place("CN-JL", parent=china, latitude="43", longitude="126")
    touch(make_incident(), jilin)
    [row] = rows_of("", "incidents")
    assert (row["place_precision"], row["latitude"], row["longitude"]) == ("admin1", "", "")


def test_claims_follow_the_order_of_their_incidents():
    older = make_incident("older", date_words="2023")
    newer = make_incident("newer", date_words="2024")
    claims = [make_claim(incident) for incident in (older, newer, older)]
    ids = [int(row["claim"]) for row in rows_of("order=date", "claims")]
    assert ids == [claims[0].pk, claims[2].pk, claims[1].pk]


@pytest.mark.parametrize("table", TABLES)
def test_both_tables_hold_the_same_incidents(table):
    for year in (2022, 2023, 2024):
        make_claim(make_incident(date_words=str(year)))
    question = ask("from=2023", None)
    found = {incident.code for incident in question.incidents}
    assert {row["incident"] for row in rows_of("from=2023", table)} == found


@pytest.mark.parametrize("closed", ["claim", "article"])
def test_restricted_claim_leaves_no_trace(closed):
    circle = Group.objects.create(name="Circle")
    incident = make_incident()
    shown = make_claim(incident, "9", source_as_printed="Open")
    before = text_of("", "incidents")
    make_claim(
        incident,
        "5000",
        source_as_printed="Hidden",
        repeats=shown,
        corrects=shown,
        restricted_to=circle if closed == "claim" else None,
        article=make_article(restricted_to=circle if closed == "article" else None),
    )
    assert text_of("", "incidents") == before
    assert [row["source_as_printed"] for row in rows_of("", "claims")] == ["Open"]


def test_reference_to_a_restricted_claim_is_left_out():
    circle = Group.objects.create(name="Circle")
    incident = make_incident()
    hidden = make_claim(incident, "200", restricted_to=circle)
    make_claim(incident, "9", repeats=hidden)
    [row] = rows_of("", "claims")
    assert (row["repeats"], row["counts"]) == ("", "yes")


def test_export_is_logged_with_its_hash():
    make_claim(make_incident())
    user = make_user("Viewer")
    content = b"".join(exports.csv_stream(ask("from=", user), "claims"))
    log = ExportLog.objects.get()
    assert (log.user, log.table, log.state, log.rows) == (user, "claims", "finished", 1)
    assert (log.size, log.sha256) == (len(content), hashlib.sha256(content).hexdigest())


def test_broken_export_is_logged_as_failed():
    stream = exports.csv_stream(ask("", None), "incidents")
    next(stream)
    stream.close()
    assert ExportLog.objects.get().state == "failed"


def test_command_writes_what_the_page_gives(tmp_path):
    make_incident("for all")
    make_incident("draft", published=False)
    make_user("Researcher", "researcher")
    target = tmp_path / "out.csv"
    call_command("export_incidents", "status=draft", "-o", str(target), "--as", "researcher")
    lines = target.read_text(encoding="utf-8-sig").splitlines()
    assert [row["title"] for row in csv.DictReader(lines)] == ["draft"]
    call_command("export_incidents", "", "-o", str(target))
    assert target.read_text(encoding="utf-8") == text_of("", "incidents")


@pytest.mark.parametrize("arguments", [["regoin=CN"], ["", "--as", "nobody"]])
def test_command_refuses_and_writes_nothing(tmp_path, arguments):
    target = tmp_path / "out.csv"
    with pytest.raises(CommandError):
        call_command("export_incidents", *arguments, "-o", str(target))
    assert not target.exists()


@pytest.mark.parametrize("table", TABLES)
def test_export_asks_as_many_questions_for_2_as_for_20_rows(
    table, django_assert_num_queries, django_assert_max_num_queries
):
    def fill(count: int) -> None:
        for _ in range(count):
            make_claim(make_incident(date_words="2024"))

    fill(2)
    with django_assert_max_num_queries(20) as first:
        text_of("", table)
    fill(18)
    with django_assert_num_queries(len(first.captured_queries)):
        text_of("", table)
