"""The file of rejected rows: of the last run alone, whole or not there, safe in a spreadsheet."""

import stat

import pytest

from incidents.importing.reading import RejectedFile
from incidents.models import Claim
from tests.importing.sheets import CLAIMS, claims


@pytest.fixture
def sheet(tmp_path):
    """Stand for the imported file, which only its owner and group may read."""
    path = tmp_path / "시트.csv"
    path.write_text("a\n")
    path.chmod(0o640)
    return path


def lines(sheet) -> str:
    return (sheet.parent / "시트.csv.rejected.csv").read_bytes().decode()


def test_rejected_rows_are_written_beside_the_file(sheet):
    with RejectedFile(sheet) as rejected:
        rejected.add(3, "date", '04/05/2024, "or"', "Which day?\r\nBoth are possible.")
        rejected.add(7, "사람 수", "많음", "약 600명")
    assert rejected.count == 2
    assert lines(sheet) == (
        "\ufeffrow,column,value,message\n"
        '3,date,"04/05/2024, ""or""","Which day?\nBoth are possible."\n'
        "7,사람 수,많음,약 600명\n"
    )


def test_cells_that_a_spreadsheet_would_run_are_guarded(sheet):
    with RejectedFile(sheet) as rejected:
        rejected.add(2, "=a", "@SUM(1)", "+1")
        rejected.add(3, "a", "'-1", "no")
    assert lines(sheet).splitlines()[1:] == ["2,'=a,'@SUM(1),'+1", "3,a,''-1,no"]


def test_value_is_cut_to_what_a_spreadsheet_holds(sheet):
    with RejectedFile(sheet) as rejected:
        rejected.add(2, "a", "x" * 100_000, "too long")
    assert len(lines(sheet)) < 33_000


def test_earlier_file_is_overwritten(sheet):
    for row in (1, 2):
        with RejectedFile(sheet) as rejected:
            rejected.add(row, "a", "x", "no")
    assert lines(sheet).splitlines()[1:] == ["2,a,x,no"]


def test_nothing_rejected_leaves_no_file(sheet):
    with RejectedFile(sheet) as rejected:
        rejected.add(2, "a", "x", "no")
    with RejectedFile(sheet):
        pass
    assert list(sheet.parent.iterdir()) == [sheet]


def test_run_that_fails_leaves_no_file(sheet):
    with pytest.raises(TypeError), RejectedFile(sheet) as rejected:
        rejected.add(2, "a", "x", None)
    assert list(sheet.parent.iterdir()) == [sheet]


def test_nothing_stands_there_before_it_is_whole(sheet):
    with RejectedFile(sheet) as rejected:
        rejected.add(2, "a", "x", "no")
        assert not rejected.path.exists()
    assert rejected.path.exists()


def test_who_may_read_the_file_may_read_what_was_rejected(sheet):
    with RejectedFile(sheet) as rejected:
        rejected.add(2, "a", "x", "no")
    assert stat.S_IMODE(rejected.path.stat().st_mode) == 0o640


def test_rejected_rows_stand_beside_the_file_and_come_in_when_corrected(bring, tmp_path):
    good = {"claim": "2", "source": "=Radio", "words": "30"}
    bad = {"words": "lots?", "quote": "-1,5"}
    path = claims(tmp_path / "c.csv", bad, {"incident": "K2"} | good)
    assert bring(path, "--keep-good").code == 1
    rows = path.with_name("c.csv.rejected-rows.csv")
    written = rows.read_text(encoding="utf-8-sig")
    assert written.splitlines()[0].split(",") == CLAIMS
    assert written.count("\n") == 2
    rows.write_text(written.replace("lots?", "60"), encoding="utf-8-sig")
    assert bring(rows).code == 0
    assert set(Claim.objects.values_list("words", flat=True)) == {"30", "60"}
    assert bring(path, "--keep-good").run.unchanged == 1
    assert not path.with_name("c.csv.rejected-rows.csv.rejected-rows.csv").exists()
