"""Whatever a file holds, reading it takes no more memory than the reader promises.

One rule: each file is read in a process of its own, whose peak is measured by the system.
"""

import gzip
import itertools
import os
import re
import resource
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import django
import pytest

from incidents.importing.reading import Unreadable, open_sheet
from tests.importing.books import make

MOST = 100  # MB above what the process takes before it opens a file
MB = 1024**2
PEAK = Path("/proc/self/status")
TEXT = b"some words " * (MB // 11)


def write(path: Path, *pieces: bytes) -> None:
    """Write a file of these pieces, or of these again and again."""
    with path.open("wb") as file:
        file.writelines(pieces)


def long_cell(path: Path) -> None:
    write(path, b"a,b\n1,", *itertools.repeat(b"x" * MB, 200), b"\n")


def long_quoted_cell(path: Path) -> None:
    write(path, b'a,b\n1,"', *itertools.repeat(b"some words\n" * 100_000, 110), b'"\n')


def long_cell_of_wide_letters(path: Path) -> None:
    write(path, "가,b\n1,".encode(), *itertools.repeat("😀가".encode() * 150_000, 120))


def long_packed_cell(path: Path) -> None:
    with gzip.open(path, "wb", compresslevel=1) as file:
        file.write(b"a,b\n1,")
        file.writelines(itertools.repeat(b"x" * MB, 200))


def long_cell_of_an_unknown_encoding(path: Path) -> None:
    write(path, b"a,b\n1,", *itertools.repeat(b"\xe9\xc0\xb3" * 350_000, 110))


def long_header(path: Path) -> None:
    write(path, *itertools.repeat(b"x" * MB, 200))


def many_columns(path: Path) -> None:
    header = ",".join(f"column {number}" for number in range(10_000))
    write(path, header.encode() + b"\n", *itertools.repeat(b"1," * 9_999 + b"1\n", 100))


def many_cells(path: Path) -> None:
    write(path, b"a,b\n", *itertools.repeat(b"1," * 10_000_000, 6))


def many_blank_lines(path: Path) -> None:
    write(path, b"a,b\n1,2\n", b"\n" * 1_000_000, b"3,4\n")


def zip_bomb(path: Path) -> None:
    make(path, sheet=itertools.repeat(b"\0" * MB, 300))


def long_cell_of_a_workbook(path: Path) -> None:
    cell = b'<worksheet><sheetData><row><c t="inlineStr"><is><t>'
    make(path, zipfile.ZIP_STORED, sheet=itertools.chain([cell], itertools.repeat(TEXT, 120)))


def long_tag_of_a_workbook(path: Path) -> None:
    make(
        path,
        zipfile.ZIP_STORED,
        sheet=itertools.chain([b'<worksheet><row r="'], itertools.repeat(TEXT, 120)),
    )


def long_comment_of_a_workbook(path: Path) -> None:
    make(
        path,
        zipfile.ZIP_STORED,
        sheet=itertools.chain([b"<worksheet><!--"], itertools.repeat(TEXT, 120)),
    )


def long_names_of_a_workbook(path: Path) -> None:
    links = itertools.repeat(b'<Relationship Id="%s"/>' % TEXT[: MB // 2], 240)
    make(
        path,
        zipfile.ZIP_STORED,
        links=itertools.chain([b"<Relationships>"], links, [b"</Relationships>"]),
    )


def many_texts_of_a_workbook(path: Path) -> None:
    texts = itertools.repeat(b"<si><t>%s</t></si>" % TEXT[:90_000], 1_300)
    sheet = '<worksheet><row><c t="s"><v>0</v></c></row></worksheet>'
    make(
        path, zipfile.ZIP_STORED, texts=itertools.chain([b"<sst>"], texts, [b"</sst>"]), sheet=sheet
    )


def many_long_cells_of_a_workbook(path: Path) -> None:
    cells = itertools.repeat(b"<c t='str'><v>%s</v></c>" % TEXT[:90_000], 1_300)
    make(path, zipfile.ZIP_STORED, sheet=itertools.chain([b"<worksheet><row>"], cells))


def one_long_text_again_and_again(path: Path) -> None:
    texts = b"<sst><si><t>%s</t></si></sst>" % TEXT[:99_000]
    rows = b"<row>" + b'<c t="s"><v>0</v></c>' * 9 + b"</row>"
    sheet = itertools.chain([b"<worksheet><row><c><v>1</v></c></row>", rows * 300, b"</worksheet>"])
    make(path, zipfile.ZIP_STORED, texts=[texts], sheet=sheet)


def deep_tags_of_a_workbook(path: Path) -> None:
    deep = itertools.repeat(b"<a>" * 100_000, 300)
    make(path, zipfile.ZIP_STORED, sheet=itertools.chain([b"<worksheet>"], deep))


def many_parts_of_a_workbook(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        for number in range(15_000):
            archive.writestr(f"xl/worksheets/a part of the workbook {number}.xml", b"")


HOSTILE: dict[Callable[[Path], None], str] = {
    long_cell: "Row 2 is too long",
    long_quoted_cell: "Row 2 is too long",
    long_cell_of_wide_letters: "Row 2 is too long",
    long_packed_cell: "Row 2 is too long",
    long_cell_of_an_unknown_encoding: "encoding is not certain",
    long_header: "Row 1 is too long",
    many_columns: "10,000 columns; allowed are 500",
    many_cells: "Row 2 is too long",
    many_blank_lines: "100,000 blank rows",
    zip_bomb: "grows more than 200 times",
    long_cell_of_a_workbook: "A1 holds more than 100,000 characters",
    long_tag_of_a_workbook: "a tag without end",
    long_comment_of_a_workbook: "a tag without end",
    long_names_of_a_workbook: "no visible worksheet",
    many_texts_of_a_workbook: "64 MB of text",
    many_long_cells_of_a_workbook: "Row 1 is too long",
    one_long_text_again_and_again: "9 cells, the header only 1",
    deep_tags_of_a_workbook: "tags within tags",
    many_parts_of_a_workbook: "too many parts",
}


@pytest.mark.parametrize("hostile", HOSTILE, ids=lambda hostile: hostile.__name__)
def test_memory_stays_within_its_bound(tmp_path, hostile):
    path = tmp_path / "sheet"
    hostile(path)
    told = subprocess.run(  # noqa: S603 this very file
        [sys.executable, "-m", "tests.importing.test_memory", str(path)],
        capture_output=True,
        check=True,
        text=True,
        timeout=120,
    ).stdout
    grown, _space, sentence = told.partition(" ")
    assert HOSTILE[hostile] in sentence
    assert int(grown) <= MOST


def peak() -> int:
    """Tell the most memory that this process has held, in MB."""
    if PEAK.exists():
        found = re.search(r"VmHWM:\s+(\d+) kB", PEAK.read_text())
        return int(found[1]) // 1024 if found else 0
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // MB


def read(path: Path) -> str:
    """Read a file as an import does, and say what came of it."""
    try:
        return f"{sum(1 for _row in open_sheet(path).rows()) + 1} rows"
    except Unreadable as refused:
        return str(refused)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    django.setup()
    before = peak()
    sentence = read(Path(sys.argv[1]))
    print(peak() - before, sentence)
