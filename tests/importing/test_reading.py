"""Text files become headers and rows exactly as written, or are refused with a sentence."""

import codecs
import csv
import gzip
import io
import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from incidents.importing import limits
from incidents.importing.reading import Sheet, Unreadable, open_sheet

KOREAN = (
    "사건명;날짜;사람 수;출처\r\n"
    "강제북송;2023년 10월 9일;약 600명;한반도통일연대\r\n"
    "투먼 세관을 통한 송환;2024-04-26;200여 명;자유아시아방송, 서울\r\n"
)
ENCODED = {
    "utf-8": "国;수\nÄ;2\n",
    "cp949": KOREAN,
    "gb18030": "姓名;日期;人数\n遣返朝鲜难民;2023年10月9日;约600人\n据韩国媒体报道;2024;数百名\n",
    "big5": "姓名;日期;人數\n遣返北韓難民;2023年10月9日;約600人\n據韓國媒體報導;2024;數百名\n",
    "shift_jis": "名前;日付;人数\n強制送還された人;2023年10月9日;約600人\nについて;2024;数百人\n",
    "cp1252": "nom;date;nombre\nrefoulés à Calais;été 2023;« environ » 600\nArrêtés;août;élevé\n",
    "cp1251": "имя;дата;число\nвыдворение беженцев;октябрь 2023;около 600\nМосква;2024;сотни\n",
    "koi8-r": "имя;дата;число\nвыдворение беженцев;октябрь 2023;около 600\nМосква;2024;сотни\n",
}


@pytest.fixture
def write(tmp_path):
    """Write a file of these bytes, or of this text in UTF-8."""

    def writing(content: str | bytes, name: str = "sheet.csv") -> Path:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return writing


def rows(sheet: Sheet) -> list[tuple[int, tuple[str, ...]]]:
    return list(sheet.rows())


def refusal(path: Path, **how: str) -> str:
    """Read a file that must be refused, and give the sentence."""
    with pytest.raises(Unreadable) as refused:
        rows(open_sheet(path, **how))
    return str(refused.value)


def test_headers_and_rows_come_with_their_numbers(write):
    sheet = open_sheet(write("name,count\nDandong,60\nTumen,about 200\n"))
    assert sheet.headers == ("name", "count")
    assert (sheet.kind, sheet.encoding, sheet.delimiter) == ("csv", "utf-8", ",")
    assert (sheet.first_row, sheet.tags) == (2, ())
    assert rows(sheet) == [(2, ("Dandong", "60")), (3, ("Tumen", "about 200"))]


def test_rows_can_be_read_again(write):
    sheet = open_sheet(write("a,b\n1,2\n"))
    assert rows(sheet) == rows(sheet) == [(2, ("1", "2"))]


def test_progress_reaches_the_size(write):
    path = write("a,b\n" + "1,2\n" * 100_000)
    sheet = open_sheet(path)
    assert sheet.size == path.stat().st_size
    seen = [sheet.progress for _row in sheet.rows()]
    assert 0 < seen[0] < seen[len(seen) // 2] < seen[-1] == sheet.size


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"], ids=["LF", "CRLF", "CR"])
def test_every_line_end_is_read(write, end):
    sheet = open_sheet(write(f'a,b{end}1,"x{end}y"{end}3,4'))
    assert rows(sheet) == [(2, ("1", "x\ny")), (3, ("3", "4"))]


def test_line_ends_are_read_across_pieces(write):
    cells = "x" * (limits.PIECE - len("a,b\r\n1,\r"))
    sheet = open_sheet(write(f"a,b\r\n1,{cells}\r\n2,y\r\n"))
    assert rows(sheet) == [(2, ("1", cells)), (3, ("2", "y"))]


def test_line_separators_of_unicode_stay_in_their_cell(write):
    sheet = open_sheet(write("a,b\n1,x\u2028y\u2029z\n"))
    assert rows(sheet) == [(2, ("1", "x\u2028y\u2029z"))]


def test_blank_rows_are_skipped_but_counted(write):
    assert rows(open_sheet(write("\na,b\n\n1,2\n , \n3,4\n\n"))) == [
        (4, ("1", "2")),
        (6, ("3", "4")),
    ]


def test_short_rows_are_padded_and_empty_cells_beyond_dropped(write):
    assert rows(open_sheet(write("a,b,c\n1\n1,2,3,,\n"))) == [
        (2, ("1", "", "")),
        (3, ("1", "2", "3")),
    ]


def test_header_alone_gives_no_rows(write):
    sheet = open_sheet(write("a,b"))
    assert (sheet.headers, rows(sheet)) == (("a", "b"), [])


def test_column_without_header_and_values_is_dropped(write):
    sheet = open_sheet(write("a,,b,\n1,,2,\n3, ,4\n"))
    assert sheet.headers == ("a", "b")
    assert rows(sheet) == [(2, ("1", "2")), (3, ("3", "4"))]


def test_only_one_named_column_among_nameless_ones(write):
    assert rows(open_sheet(write(",a\n,1\n"))) == [(2, ("1",))]


def test_headers_lose_their_line_breaks(write):
    assert open_sheet(write('"Main\nID", date \n1,2\n')).headers == ("Main ID", "date")


def test_tags_of_hxl_are_recognised(write):
    sheet = open_sheet(write("place,note,dead\n#adm1 +name,,#affected+killed\nJilin,x,2\n"))
    assert sheet.tags == ("#adm1 +name", "", "#affected+killed")
    assert sheet.first_row == 3
    assert rows(sheet) == [(3, ("Jilin", "x", "2"))]


def test_a_row_of_values_is_no_row_of_tags(write):
    sheet = open_sheet(write("place,note\n#1,#2\n"))
    assert (sheet.tags, sheet.first_row) == ((), 2)


@pytest.mark.parametrize("encoding", ENCODED)
def test_encoding_is_recognised(write, encoding):
    text = ENCODED[encoding]
    sheet = open_sheet(write(text.encode(encoding)))
    assert codecs.lookup(sheet.encoding).name == codecs.lookup(encoding).name
    expected = list(csv.reader(io.StringIO(text, newline=""), delimiter=";"))
    assert [list(sheet.headers), *(list(cells) for _row, cells in sheet.rows())] == expected


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
def test_byte_order_mark_tells_the_encoding(write, encoding):
    sheet = open_sheet(write("이름,b\n김,2\n".encode(encoding)))
    assert (sheet.headers, rows(sheet)) == (("이름", "b"), [(2, ("김", "2"))])


def test_utf16_of_the_other_byte_order_is_read(write):
    sheet = open_sheet(write(codecs.BOM_UTF16_BE + "이름,b\n1,2\n".encode("utf-16-be")))
    assert sheet.headers == ("이름", "b")


def test_korean_sheet_from_a_european_excel_is_read(write):
    sheet = open_sheet(write(("sep=;\r\n" + KOREAN).encode("cp949")))
    assert (sheet.encoding, sheet.delimiter) == ("cp949", ";")
    assert sheet.headers == ("사건명", "날짜", "사람 수", "출처")
    assert rows(sheet)[1] == (
        3,
        ("투먼 세관을 통한 송환", "2024-04-26", "200여 명", "자유아시아방송, 서울"),
    )


def test_letters_far_down_the_file_are_recognised(write):
    content = "a;b\n" + "x;y\n" * 500_000 + KOREAN.replace(";", "", 2)
    assert open_sheet(write(content.encode("cp949"))).encoding == "cp949"


@pytest.mark.parametrize(
    "content",
    [
        "nazwa;miejsce\nwydalenie z Białegostoku;Łódź\n".encode("cp1250"),
        "ad;yer\nsınır dışı edildi;Şubat\n".encode("cp1254"),
        "a;b\nż;x\n".encode("cp1250"),
        "שם;מקום\nגירוש פליטים;ישראל\n".encode("cp1255"),
        "nom;été\nexpulsés à Calais;août\n".encode("cp850"),
        b"a;b\n\x81\xff\x90;x\n",
    ],
    ids=["Polish", "Turkish", "one letter", "Hebrew", "from DOS", "no text"],
)
def test_uncertain_encoding_is_refused_with_names(write, content):
    sentence = refusal(write(content))
    assert "--encoding" in sentence
    assert "cp1252" in sentence


def test_named_encoding_is_used(write):
    sheet = open_sheet(write("a;b\nŁódź;2\n".encode("cp1250")), encoding="windows-1250")
    assert rows(sheet) == [(2, ("Łódź", "2"))]


@pytest.mark.parametrize(
    "name", ["nothing", "rot13", "utf-7", "unicode_escape", "\0", "iso2022_kr"]
)
def test_unusable_encoding_is_refused(write, name):
    assert "is no encoding" in refusal(write("a,b\n1,2\n"), encoding=name)


@pytest.mark.parametrize(
    ("encoding", "row"), [("utf-8", "가나다,2\n"), ("cp949", "가나다,2\n"), ("utf-16-le", "a,2\n")]
)
def test_mixed_encodings_are_refused_with_row_and_byte(write, encoding, row):
    good = ("a,b\n" + row * 30_000).encode(encoding)
    bad = b"\xff\xff,1\n" if encoding != "utf-16-le" else b"\x00\xd8\x00\xd8"
    mark = codecs.BOM_UTF16_LE if encoding == "utf-16-le" else b""
    sentence = refusal(write(mark + good + bad), encoding=encoding)
    assert f"Row 30,002, byte {len(mark + good) + 1:,} " in sentence
    assert encoding in sentence


def test_file_of_two_encodings_is_not_guessed(write):
    content = "a,b\n가나다,1\n라마바,2\n".encode() + "사아자,3\n".encode("cp949")
    assert "Row 4, byte" in refusal(write(content))


def test_character_cut_off_at_the_end_is_refused(write):
    assert "Row 2, byte 7 " in refusal(write("a,b\n1,가".encode()[:-1]), encoding="utf-8")


@pytest.mark.parametrize(
    "delimiter", [",", ";", "\t", "|"], ids=["comma", "semicolon", "tab", "bar"]
)
def test_delimiter_is_recognised(write, delimiter):
    texts = [["a", "b, with; all|of\tthem", "c"], ["1,5", "x;y", "p|q"], ["2", "", "r\ts"]]
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows(texts)
    sheet = open_sheet(write(out.getvalue()))
    assert sheet.delimiter == delimiter
    assert [cells for _row, cells in sheet.rows()] == [tuple(cells) for cells in texts[1:]]


def test_decimal_commas_do_not_make_a_delimiter(write):
    assert open_sheet(write("a;b;c\n1,5;2,5;3,5\n2,5;3,5;4,5\n")).delimiter == ";"


def test_single_column_of_prose_has_no_delimiter(write):
    assert rows(open_sheet(write("summary\nOne, two; three\n"))) == [(2, ("One, two; three",))]


def test_equal_delimiters_are_refused_and_can_be_named(write):
    path = write("a,b;c\n1,2;3\n")
    assert "--delimiter" in refusal(path)
    assert open_sheet(path, delimiter=";").headers == ("a,b", "c")


def test_unusual_delimiter_is_refused(write):
    assert "“x” is no delimiter" in refusal(write("a,b\n"), delimiter="x")


def test_named_separator_line_is_not_a_row(write):
    sheet = open_sheet(write("\ufeffsep=|\na|b;c\n1|2\n"))
    assert (sheet.delimiter, sheet.headers, sheet.first_row) == ("|", ("a", "b;c"), 2)


def test_packed_file_is_read(write):
    sheet = open_sheet(write(gzip.compress(b"a,b\n1,2\n"), "sheet.csv.gz"))
    assert rows(sheet) == [(2, ("1", "2"))]


def test_packed_file_that_is_cut_off_is_refused(write):
    packed = gzip.compress(os.urandom(60_000).hex().encode())
    assert "cut off at row 1" in refusal(write(packed[:-9], "sheet.csv.gz"))


def test_unclosed_quotation_mark_is_refused_with_the_row_where_it_opens(write):
    assert "opens in row 3 " in refusal(write('a,b\n1,2\n3,"4\n5,6\n7,8\n'))


def test_text_after_a_closing_quotation_mark_is_refused(write):
    assert "Row 2: after a closing" in refusal(write('a,b\n"x" y,2\n'))


def test_row_with_more_cells_than_headers_is_refused(write):
    assert "Row 3 has 4 cells, the header only 2" in refusal(write("a,b\n1,2\n1,2,3,4\n"))


def test_value_without_a_header_is_refused(write):
    assert "Row 3, column 2 holds “x”" in refusal(write("a,,b\n1,,2\n1,x,2\n"))


def test_equal_headers_are_refused_with_both_positions(write):
    assert "Columns 1 and 3 are both called “a b”" in refusal(write("a b,c,a  b\n"))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("a,b\n1,2\n1,x\0y\n", "Row 3, column 2 holds a NUL byte"),
        ("a\0,b\n", "Row 1, column 1 holds a NUL byte"),
        ("a,b\n\x1b[2J,1\n", "Row 2, column 1 holds the control character U+001B"),
        ("a,b\n1,x\x0cy\n", "Row 2, column 2 holds the control character U+000C"),
        ("a,b\n1,x\x85y\n", "Row 2, column 2 holds the control character U+0085"),
        ('a,b\n1,"x\n\x7f"\n', "Row 2, column 2 holds the control character U+007F"),
        ("a,b\n" + "1,2\n" * 99_999 + "1,\x01\n", "Row 100,001, column 2 holds"),
        ("a,b\n1," + "x" * (limits.PIECE - 7) + "\x85\n", "Row 2, column 2 holds"),
        ("a,b\n" + "가" * 40_000 + "\x1c,1\n", "Row 2, column 1 holds"),
    ],
)
def test_characters_that_no_text_has_are_refused_with_their_cell(write, content, words):
    assert words in refusal(write(content))


def test_control_character_is_found_wherever_pieces_are_cut(write, monkeypatch):
    monkeypatch.setattr("incidents.importing.textfiles.PIECE", 7)
    for length in range(1, 30):
        content = "a,b\n" + "1,2\n" * 3 + f"1,{'x' * length}\x85\n2,3\n"
        assert "Row 5, column 2 holds" in refusal(write(content), encoding="utf-8", delimiter=",")


def test_tabs_and_line_breaks_may_be(write):
    assert rows(open_sheet(write('a,b\n1,"x\ty\nz"\n'))) == [(2, ("1", "x\ty\nz"))]


def test_cell_of_most_characters_is_read_and_one_more_refused(write):
    most = "x" * limits.CELL
    assert rows(open_sheet(write(f"a,b\n1,{most}\n")))[0][1][1] == most
    assert "Row 2, column 2 holds more than 100,000" in refusal(write(f"a,b\n1,{most}x\n"))
    assert "Row 2, column 2 holds more than" in refusal(write(f"a,b\n1,{most}x\n2,3\n"))


@pytest.mark.parametrize("quote", ["", '"'], ids=["bare", "quoted"])
def test_row_of_too_many_characters_is_refused(write, quote):
    path = write("a,b\n1,2\n3," + quote + "xy z\n"[: 4 + bool(quote)] * 300_000)
    assert "Row 3 is too long" in refusal(path)


def test_too_many_columns_are_refused(write):
    assert "501 columns; allowed are 500" in refusal(write(",".join(map(str, range(501)))))


def test_too_long_header_is_refused(write):
    assert "Row 1, column 2: a header" in refusal(write("a," + "x" * 301 + "\n"))


def test_too_many_rows_are_refused(write, monkeypatch):
    monkeypatch.setattr("incidents.importing.textfiles.ROWS", 10)
    assert len(rows(open_sheet(write("a,b\n" + "1,2\n" * 9)))) == 9
    assert "more than" in refusal(write("a,b\n" + "1,2\n" * 10))


def test_too_much_unpacked_text_is_refused(write, monkeypatch):
    monkeypatch.setattr("incidents.importing.textfiles.UNPACKED", 3_000_000)
    packed = gzip.compress(b"a,b\n" + b"1,2\n" * 1_000_000)
    assert "of text; divide it" in refusal(write(packed, "sheet.csv.gz"))


@pytest.mark.parametrize("blank", ["\n", ",\n", " ,\r\n"])
def test_too_many_blank_rows_are_refused(write, blank):
    enough = write("a,b\n1,2\n" + blank * limits.BLANK_ROWS + "3,4\n")
    assert [row for row, _cells in rows(open_sheet(enough))] == [2, limits.BLANK_ROWS + 3]
    assert "100,000 blank rows" in refusal(write("a,b\n" + blank * (limits.BLANK_ROWS + 1)))
    assert "100,000 blank rows" in refusal(write("\n" * (limits.BLANK_ROWS + 1) + "a,b\n"))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is empty"),
        (b"\n \n", "no header"),
        (b"\xef\xbb\xbf", "no header"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "saved as .xlsx"),
        (b"%PDF-1.7\n", "neither CSV nor"),
    ],
)
def test_file_without_a_sheet_is_refused(write, content, words):
    assert words in refusal(write(content))


def test_what_is_no_file_is_refused(tmp_path):
    assert "is a folder" in refusal(tmp_path)
    assert "There is no file" in refusal(tmp_path / "nothing.csv")
    assert "There is no file" in refusal(tmp_path / ("../" * 3 + "nothing\nhere\x1b.csv"))
    assert "cannot be opened" in refusal(tmp_path / ("x" * 300))
    assert "not an ordinary file" in refusal(Path(os.devnull))


def test_file_that_may_not_be_read_is_refused(write, monkeypatch):
    path = write("a,b\n")

    def forbid(*_args, **_kwargs):
        raise PermissionError

    monkeypatch.setattr(Path, "open", forbid)
    assert "You may not read" in refusal(path)


def test_text_file_has_no_worksheets(write):
    assert "no worksheets" in refusal(write("a,b\n"), worksheet="Sheet1")


def test_sentences_cannot_write_to_a_terminal(write, tmp_path):
    assert "\x1b" not in refusal(tmp_path / "\x1b[2J")
    assert "\n" not in refusal(tmp_path / "a\nb")
    refusal(tmp_path / "\udcff").encode()
    assert "\x1b" not in refusal(write("a,b\n1,2\n"), delimiter="\x1b[2J")


CELLS = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufeff")
    | st.sampled_from("\t\n"),
    max_size=20,
)
KOREAN_CELLS = st.text("가나다힣ㄱ漢 字,;|\"'\t\nabc019", max_size=20)


def came_back(
    folder: Path, table: list[list[str]], encoding: str, delimiter: str, end: str
) -> None:
    """Check that rows written by the csv module are read as they were."""
    table = [row for row in table if any(map(str.strip, row))]
    out = io.StringIO(newline="")
    quoting = csv.QUOTE_ALL if end == "\r" else csv.QUOTE_MINIMAL  # else a LF stands bare
    writer = csv.writer(out, delimiter=delimiter, lineterminator=end, quoting=quoting)
    writer.writerows([["one", "two", "three"], *table])
    path = folder / "sheet.csv"
    path.write_bytes(out.getvalue().encode(encoding))
    sheet = open_sheet(path, encoding=encoding, delimiter=delimiter)
    expected = [tuple(row) for row in table]
    skipped = sheet.first_row - 2
    assert [cells for _row, cells in sheet.rows()] == expected[skipped:]


TABLES = {
    "delimiter": st.sampled_from(",;\t|"),
    "end": st.sampled_from(["\n", "\r\n", "\r"]),
}
KEPT = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])


@KEPT
@given(
    table=st.lists(st.lists(CELLS, min_size=3, max_size=3), max_size=20),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "gb18030"]),
    **TABLES,
)
def test_rows_come_back_as_the_csv_module_wrote_them(tmp_path, table, encoding, delimiter, end):
    came_back(tmp_path, table, encoding, delimiter, end)


@KEPT
@given(
    table=st.lists(st.lists(KOREAN_CELLS, min_size=3, max_size=3), max_size=20),
    encoding=st.sampled_from(["cp949", "utf-8", "utf-16"]),
    piece=st.integers(1, 9),
    **TABLES,
)
def test_rows_come_back_wherever_pieces_are_cut(tmp_path, table, encoding, delimiter, end, piece):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("incidents.importing.textfiles.PIECE", 8 + piece)
        came_back(tmp_path, table, encoding, delimiter, end)
