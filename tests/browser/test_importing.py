"""A sheet of one's own, in Korean, from a European Excel: from the file to saved incidents."""

import json

import pytest
from django.core.management import call_command
from django_tasks_db.management.commands import db_worker
from playwright.sync_api import expect

from incidents.models import Claim, Import, Incident
from tests.browser.accessibility import violations
from tests.factories import make_place, make_user

SHEET = (
    "연번;사건 날짜;나라;발생지;돌아간 사람;말한 곳;원문 링크;담당자\n"
    "1;2024년 4월 26일;중국;투먼;약 200명;통일연대;https://news.example/1;김\n"
    "2;2023-10-09;중국;훈춘;최대 60명;자유방송;https://news.example/2;이\n"
    "3;어느 날인가;중국;투먼;9명;통일연대;https://news.example/3;박\n"
).encode("cp949")
CHOICES = {
    "연번": "Number of the row",
    "나라": "Country",
    "돌아간 사람": "How many people",
    "말한 곳": "Source: who says so",
}


@pytest.fixture(autouse=True)
def world(transactional_db, settings, tmp_path, monkeypatch):
    """Two places, somebody who imports, a folder for uploads, a worker on our own connection."""
    settings.MEDIA_ROOT = str(tmp_path / "media")
    monkeypatch.setattr(db_worker, "close_old_connections", lambda: None)
    china = make_place("CN", name="China", name_ko="중국")
    make_place("CN-JL/tumen", parent=china, name="Tumen", name_ko="투먼")
    make_user("Researcher", "rosa")
    (tmp_path / "북송 목록.csv").write_bytes(SHEET)


def test_korean_sheet_comes_in_by_choosing_its_columns(page, sign_in, tmp_path):
    sign_in(page, "rosa", "secret")
    page.goto("/admin/incidents/import/")
    page.get_by_role("link", name="Import a file").click()
    assert violations(page) == []
    page.get_by_label("File", exact=True).set_input_files(tmp_path / "북송 목록.csv")
    page.get_by_role("button", name="Go on to the columns").click()

    for column, target in CHOICES.items():
        page.get_by_label(column, exact=True).select_option(label=target)
    expect(page.get_by_label("사건 날짜", exact=True)).to_have_value("date")
    expect(page.get_by_label("발생지", exact=True)).to_have_value("place")
    expect(page.get_by_label("원문 링크", exact=True)).to_have_value("claim.article_url")
    page.get_by_role("button", name="Preview").click()
    rows = page.locator("ol.seen > li")
    expect(rows).to_have_count(3)
    expect(rows.nth(0)).to_contain_text("“2024년 4월 26일” → 2024-04-26")
    expect(rows.nth(0)).to_contain_text("Tumen, China")
    expect(rows.nth(0)).to_contain_text("about, value 200")
    expect(rows.nth(0)).to_contain_text("담당자: 김")
    expect(rows.nth(1)).to_contain_text("훈춘” is no place of the gazetteer")
    expect(rows.nth(2)).to_contain_text("어느 날인가")
    assert violations(page) == []

    page.get_by_role("button", name="Check this file").click()
    expect(page.get_by_role("heading", name="Being checked")).to_be_visible()
    assert violations(page) == []
    call_command("worker", "--batch")
    page.reload()
    expect(page.get_by_role("heading", name="What would be saved")).to_be_visible()
    expect(page.locator("table.report").first).to_contain_text("어느 날인가")
    assert violations(page) == []

    page.get_by_label("I know that the rejected rows stay out.").check()
    page.get_by_role("button", name="Save the good rows").click()
    expect(page.get_by_role("heading", name="Being saved")).to_be_visible()
    call_command("worker", "--batch")
    page.reload()
    expect(page.get_by_role("heading", name="What was saved")).to_be_visible()
    assert violations(page) == []
    page.get_by_role("link", name="The incidents of this import").click()
    expect(page.locator("#result_list tbody tr")).to_have_count(2)
    assert set(Claim.objects.values_list("words", flat=True)) == {"약 200명", "최대 60명"}
    kept = [json.loads(extra) for extra in Incident.objects.values_list("extra", flat=True)]
    assert sorted(kept, key=len) == [{"담당자": "김"}, {"place": "훈춘", "담당자": "이"}]

    page.go_back()
    page.get_by_label("Why").fill("The sheet was a draft.")
    page.get_by_role("button", name="Undo this import").click()
    expect(page.get_by_role("heading", name="Being undone")).to_be_visible()
    call_command("worker", "--batch")
    assert Import.objects.get().state == "undone"
