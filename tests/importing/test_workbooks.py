"""Workbooks give the values that they store, as text, or are refused with the cell's name."""

import datetime as dt
import struct
import zipfile

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from incidents.importing import limits
from incidents.importing.reading import Unreadable, open_sheet
from tests.importing import books
from tests.importing.books import inline, make, sheet

DOCTYPE = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'

ONE_TEXT = sheet('<row><c t="s"><v>0</v></c></row>')


def saved(path, *rows, **named):
    """Save rows with openpyxl, as a spreadsheet would."""
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    for key, value in named.items():
        setattr(book, key, value)
    book.save(path)
    return path


def rows(path, **how):
    return list(open_sheet(path, **how).rows())


def refusal(path, **how) -> str:
    """Read a workbook that must be refused, and give the sentence."""
    with pytest.raises(Unreadable) as refused:
        rows(path, **how)
    return str(refused.value)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "book.xlsx"


def with_value(path, cell: str, **parts: str):
    """Make a workbook whose cell B2 is written like this."""
    return make(path, sheet=sheet(inline(["a", "b"]), f'<row r="2">{cell}</row>'), **parts)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (200, "200"),
        (-3, "-3"),
        (42.5, "42.5"),
        (3.0, "3"),
        (0.1 + 0.2, "0.3"),
        (1e-7, "0.0000001"),
        (True, "yes"),
        (False, "no"),
        (dt.date(2024, 4, 26), "2024-04-26"),
        (dt.datetime(2024, 4, 26, 19, 40), "2024-04-26T19:40:00"),
        (dt.datetime(2024, 4, 26, 23, 59, 59), "2024-04-26T23:59:59"),
        (dt.time(7, 30), "07:30:00"),
        ("약 600명\r\n투먼", "약 600명\n투먼"),
        (" x ", " x "),
        ("00123", "00123"),
        ("'=1+1", "'=1+1"),
    ],
)
def test_values_become_text(path, value, text):
    assert rows(saved(path, ["a", "b"], ["x", value])) == [(2, ("x", text))]


def test_days_counted_from_1904_are_read(path):
    saved(path, ["a"], [dt.date(2024, 4, 26)], epoch=CALENDAR_MAC_1904)
    assert rows(path) == [(2, ("2024-04-26",))]


def test_days_in_the_formats_of_a_korean_excel_are_read(path):
    styles = '<styleSheet><cellXfs><xf numFmtId="0"/><xf numFmtId="31"/></cellXfs></styleSheet>'
    with_value(path, '<c r="B2" s="1"><v>45408</v></c>', styles=styles)
    assert rows(path) == [(2, ("", "2024-04-26"))]


def test_long_whole_numbers_keep_their_digits(path):
    with_value(path, '<c r="B2"><v>12345678901234567890</v></c>')
    assert rows(path) == [(2, ("", "12345678901234567890"))]


def test_digits_that_only_the_machine_sees_are_left_out(path):
    with_value(path, '<c r="B2"><v>1.1000000000000001</v></c>')
    assert rows(path) == [(2, ("", "1.1"))]


def test_how_it_was_read_is_told(path):
    opened = open_sheet(saved(path, ["name", None, "count"], ["x", None, 2]))
    assert (opened.kind, opened.encoding, opened.delimiter) == ("xlsx", "", "")
    assert opened.headers == ("name", "count")
    assert list(opened.rows()) == list(opened.rows()) == [(2, ("x", "2"))]
    assert 0 < opened.progress <= opened.size


def test_row_numbers_are_those_of_the_spreadsheet(path):
    book = openpyxl.Workbook()
    for cell, value in {"B3": "a", "C3": "b", "B4": "#adm1", "B7": "x", "C900000": 5}.items():
        book.active[cell] = value
    book.save(path)
    opened = open_sheet(path)
    assert (opened.headers, opened.tags, opened.first_row) == (("a", "b"), ("#adm1", ""), 5)
    assert list(opened.rows()) == [(7, ("x", "")), (900_000, ("", "5"))]


def test_merged_cells_have_their_value_once(path):
    book = openpyxl.Workbook()
    for row in (["a", "b"], ["x", "y"], [None, "z"]):
        book.active.append(row)
    book.active.merge_cells("A2:A3")
    book.save(path)
    assert rows(path) == [(2, ("x", "y")), (3, ("", "z"))]


def test_texts_in_runs_are_joined_and_how_they_are_spoken_left_out(path):
    texts = "<sst><si><r><t>東</t></r><r><t>京</t></r><rPh><t>とうきょう</t></rPh></si></sst>"
    with_value(path, '<c r="B2" t="s"><v>0</v></c>', texts=texts)
    assert rows(path) == [(2, ("", "東京"))]


def test_shared_texts_are_found_by_number(path):
    texts = "<sst>" + "".join(f"<si><t>{t}</t></si>" for t in ("a", "", "강제", "b\n")) + "</sst>"
    cells = "".join(f'<c t="s"><v>{number}</v></c>' for number in (2, 1, 3))
    make(path, texts=texts, sheet=sheet(inline("xyz"), f"<row>{cells}</row>"))
    assert rows(path) == [(2, ("강제", "", "b\n"))]


def test_prefixes_of_tags_do_not_matter(path):
    row = '<x:row><x:c t="inlineStr"><x:is><x:t>{}</x:t></x:is></x:c></x:row>'
    content = row.format("a") + row.format("1")
    make(path, sheet=f'<x:worksheet xmlns:x="m"><x:sheetData>{content}</x:sheetData></x:worksheet>')
    assert rows(path) == [(2, ("1",))]


def test_first_visible_worksheet_is_read_or_the_named_one(path):
    book = openpyxl.Workbook()
    book.active.title = "hidden"
    book.active.append(["secret"])
    book.active.sheet_state = "hidden"
    for name in ("사건", "second"):
        book.create_sheet(name).append([name])
    book.save(path)
    assert open_sheet(path).headers == ("사건",)
    assert open_sheet(path, worksheet="second").headers == ("second",)
    for name in ("third", "hidden"):
        assert refusal(path, worksheet=name) == (
            f"There is no worksheet “{name}”; there are “사건”, “second”."
        )


def test_formula_with_a_stored_value_gives_it(path):
    with_value(
        path, '<c r="A2"><f>1+1</f><v>2</v></c><c r="B2" t="str"><f>A1&amp;""</f><v></v></c>'
    )
    assert rows(path) == [(2, ("2", ""))]


def test_formula_without_a_value_is_refused_by_name(path):
    assert refusal(saved(path, ["a", "b"], [1, "=SUM(A2:A9)"])) == (
        "B2 holds the formula =SUM(A2:A9) without a value; save the sheet as values."
    )


def test_shared_formula_without_a_value_is_refused(path):
    assert "B2 holds the formula" in refusal(
        with_value(path, '<c r="B2"><f t="shared" si="0"/></c>')
    )


def test_error_is_refused_by_name(path):
    assert "B2 holds the error #REF!" in refusal(
        with_value(path, '<c r="B2" t="e"><v>#REF!</v></c>')
    )


@pytest.mark.parametrize(
    "cell",
    [
        '<c r="B2"><v>many</v></c>',
        '<c r="B2"><v>1e999</v></c>',
        '<c r="B2"><v>nan</v></c>',
        '<c r="B2" t="s"><v>7</v></c>',
        '<c r="B2" t="s"><v>-1</v></c>',
        '<c r="B2" t="b"><v>maybe</v></c>',
        '<c r="B2" s="1"><v>1e15</v></c>',
    ],
)
def test_value_that_is_none_of_its_kind_is_refused(path, cell):
    styles = '<styleSheet><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>'
    assert "B2 holds “" in refusal(with_value(path, cell, styles=styles))


def test_control_characters_are_refused_by_name(path):
    assert "B2 holds the control character U+0001" in refusal(
        with_value(path, '<c r="B2" t="str"><v>x_x0001_</v></c>')
    )


def test_too_long_cell_is_refused_by_name(path):
    with_value(path, f'<c r="B2" t="str"><v>{"x" * (limits.CELL + 1)}</v></c>')
    assert "B2 holds more than 100,000 characters" in refusal(path)


def test_too_long_row_is_refused(path):
    cells = "".join(f'<c t="str"><v>{"x" * 90_000}</v></c>' for _ in range(12))
    assert "Row 2 is too long" in refusal(with_value(path, cells))


def test_row_of_one_long_text_again_and_again_is_refused(path):
    texts = f"<sst><si><t>{'x' * 90_000}</t></si></sst>"
    with_value(path, '<c t="s"><v>0</v></c>' * 12, texts=texts)
    assert "Row 2 is too long" in refusal(path)


def test_too_many_columns_are_refused(path):
    assert "10,000 columns; allowed are 500" in refusal(
        make(path, sheet=sheet(inline("a" * 10_000)))
    )


def test_more_blank_rows_than_a_text_file_may_have_are_skipped(path):
    blank = "<row><c/></row>" * 200_000
    make(path, sheet=sheet(inline("a"), blank, inline("x")))
    assert rows(path) == [(200_002, ("x",))]


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        ({"sheet": DOCTYPE + sheet(inline(["&b;"]))}, "declares a document type"),
        ({"texts": DOCTYPE + "<sst><si><t>&b;</t></si></sst>"}, "declares a document type"),
        ({"book": DOCTYPE + books.BOOK}, "declares a document type"),
        (
            {"styles": "<!DOCTYPE x SYSTEM 'file:///etc/passwd'><styleSheet/>"},
            "declares a document",
        ),
        ({"sheet": sheet(inline(["&nothing;"]))}, "is damaged"),
        ({"sheet": sheet("<row>" * 200)}, "is damaged"),
        ({"sheet": sheet('<row r="2"/><row r="1"/>')}, "rows out of order"),
        ({"sheet": sheet('<row r="x"/>')}, "is damaged"),
        ({"sheet": sheet('<row r="6000000"/>')}, "more than 5,000,000 rows"),
        ({"sheet": sheet('<row><c r="B1"/><c r="A1"/></row>')}, "cells out of order"),
        ({"sheet": sheet('<row><c r="AAAA1"/></row>')}, "cells without a name"),
        ({"sheet": sheet('<row><c s="x"/></row>')}, "is damaged"),
        ({"sheet": sheet()}, "every row is blank"),
        ({"sheet": "<worksheet>"}, "is damaged"),
        ({"root": "<Relationships/>"}, "is not an Excel workbook"),
        ({"links": "<Relationships/>"}, "no visible worksheet"),
        ({"links": books.LINKS.replace("sheet1.xml", "../../../etc/passwd")}, "is damaged"),
        ({"book": books.BOOK.replace('name="one"', 'name="one" state="hidden"')}, "no visible"),
    ],
)
def test_malformed_workbook_is_refused(path, parts, words):
    assert words in refusal(make(path, **parts))


def test_encoding_of_a_part_hides_no_document_type(path):
    content = '<?xml version="1.0" encoding="utf-16"?>' + DOCTYPE + sheet(inline(["&b;"]))
    assert "declares a document type" in refusal(make(path, sheet=[content.encode("utf-16")]))


def test_zip_that_is_no_workbook_is_refused(path):
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("incidents.csv", "a,b\n")
    assert "is not an Excel workbook" in refusal(path)


def test_cut_off_workbook_is_refused(path):
    saved(path, ["a"], [1])
    path.write_bytes(path.read_bytes()[:-50])
    assert "is damaged" in refusal(path)


def test_part_that_grows_too_much_is_refused(path):
    make(path, sheet=[b"<worksheet>", b" " * (limits.BOMB + 1)])
    assert "sheet1.xml” of the workbook grows more than 200 times" in refusal(path)


def test_workbook_that_is_too_large_unpacked_is_refused(path, monkeypatch):
    monkeypatch.setattr("incidents.importing.archives.WORKBOOK", 1000)
    assert "save the sheet as CSV" in refusal(saved(path, ["a"], [1]))


def test_part_that_is_larger_than_it_says_is_refused(path):
    make(path, sheet=sheet(inline("a"), *[inline(["x" * 50])] * 2000))
    content = bytearray(path.read_bytes())
    entry = content.rindex(b"PK\x01\x02")
    struct.pack_into("<L", content, entry + 24, 5_000)
    path.write_bytes(content)
    assert "is damaged" in refusal(path)


def test_locked_part_is_refused(path):
    content = bytearray(make(path).read_bytes())
    entry = content.rindex(b"PK\x01\x02")
    content[entry + 8] |= 1
    path.write_bytes(content)
    assert "is locked or packed unusually" in refusal(path)


def test_unusual_packing_is_refused(path):
    make(path)
    with zipfile.ZipFile(path, "a", zipfile.ZIP_LZMA) as archive:
        archive.writestr("xl/more.xml", "x")
    assert "is locked or packed unusually" in refusal(path)


def test_too_many_parts_are_refused(path):
    with zipfile.ZipFile(path, "w") as archive:
        for number in range(20_000):
            archive.writestr(f"xl/{number}", "")
    assert "too many parts" in refusal(path)


def test_too_much_text_is_refused(path, monkeypatch):
    monkeypatch.setattr("incidents.importing.workbooks.TEXTS", 100)
    make(path, texts=f"<sst><si><t>{'x' * 101}</t></si></sst>", sheet=ONE_TEXT)
    assert "MB of text; save the sheet as CSV" in refusal(path)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    table=st.lists(
        st.lists(
            st.text(
                st.characters(exclude_categories=["Cs", "Cc"]) | st.just("\n"), max_size=9
            ).filter(lambda text: not text.startswith("=") and "_x" not in text)
            | st.integers(-(10**14), 10**14),
            min_size=2,
            max_size=2,
        ),
        max_size=9,
    )
)
def test_what_openpyxl_writes_comes_back(tmp_path, table):
    path = saved(tmp_path / "book.xlsx", ["a", "b"], *table)
    filled = [tuple(map(str, row)) for row in table]
    expected = [cells for cells in filled if any(map(str.strip, cells))]
    skipped = open_sheet(path).first_row - 2
    assert [cells for _row, cells in rows(path)] == expected[skipped:]
