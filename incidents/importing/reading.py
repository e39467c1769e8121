"""Opens a sheet file (CSV, packed CSV, XLSX) as headers and rows of text.

One rule: rows come exactly as they were written, or the file is refused with a sentence that says
where and why; nothing is replaced, cut or guessed. Whatever the file holds, reading it takes at
most 100 MB of memory: a piece and a row at a time, and of a workbook also its texts
(incidents/importing/limits.py). Called by whoever imports.
"""

import re
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from itertools import dropwhile
from operator import itemgetter
from pathlib import Path
from typing import Protocol

from django.utils.translation import gettext as _

from incidents.importing.limits import (
    BLANK_ROWS,
    COLUMNS,
    HEADER,
    Meter,
    Unreadable,
    at_cell,
    named,
    open_bytes,
    shown,
    too_many_blank_rows,
    too_many_columns,
    too_wide,
)
from incidents.importing.rejected import RejectedFile
from incidents.importing.textfiles import TextFile
from incidents.importing.workbooks import Workbook

__all__ = ["RejectedFile", "Sheet", "Unreadable", "open_sheet"]

ZIP = b"PK\x03\x04"
STRANGERS = (b"\xd0\xcf\x11\xe0", b"%PDF", b"SQLite", b"PAR1", b"BZh", b"7z\xbc\xaf", b"\xfd7zXZ")
TAG = re.compile(r"\s*#[A-Za-z]\w*(\s*\+[A-Za-z]\w*)*\s*\Z")


class Table(Protocol):
    """A file whose rows can be read, again and again."""

    kind: str
    encoding: str
    delimiter: str
    meter: Meter

    def records(self) -> Iterator[tuple[int, list[str]]]:
        """Read the rows with their numbers, as wide as they are."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A file that was opened: its headers, and how it was read."""

    path: Path
    headers: tuple[str, ...]
    kind: str  # csv or xlsx
    encoding: str  # empty for a workbook
    delimiter: str  # likewise
    tags: tuple[str, ...]  # HXL tags by column; () without
    first_row: int  # number of the first row of data, as a spreadsheet counts
    size: int  # bytes of the file
    columns: tuple[int, ...] = field(repr=False)  # which columns have a header, from 0
    table: Table = field(repr=False)

    @property
    def progress(self) -> int:
        """How many of `size` bytes have been read so far."""
        return min(self.size, self.table.meter.read)

    def rows(self) -> Iterator[tuple[int, tuple[str, ...]]]:
        """Read the rows from the first again: number and cells, one for each header.

        Blank rows are skipped but counted. Raises Unreadable at the first row that cannot be read.
        """
        last = self.columns[-1] + 1
        take = taking(self.columns)
        nameless = sorted({*range(last)} - {*self.columns})
        blank = 0
        with closing(self.table.records()) as records:
            for number, cells in dropwhile(lambda row: row[0] < self.first_row, records):
                if len(cells) != last:
                    fit(number, cells, last)
                if not cells[0].strip() and not any(map(str.strip, cells)):
                    blank += 1
                    if blank > BLANK_ROWS:
                        raise too_many_blank_rows(number)
                    continue
                blank = 0
                if nameless:
                    check_nameless(number, cells, nameless)
                    cells = take(cells)
                yield number, tuple(cells)


def open_sheet(
    path: Path, *, encoding: str = "", delimiter: str = "", worksheet: str = ""
) -> Sheet:
    """Open a file and read its headers; what is not named is recognised.

    Raises Unreadable.
    """
    with open_bytes(path) as file:
        begin = file.read(8)
        size = path.stat().st_size
    if not begin:
        raise Unreadable(_("“%(path)s” is empty.") % {"path": named(path)})
    if begin.startswith(STRANGERS):
        raise Unreadable(
            _(
                "“%(path)s” is neither CSV nor an .xlsx workbook; an older or protected workbook "
                "must be saved as .xlsx without a password."
            )
            % {"path": named(path)}
        )
    table: Table
    if begin.startswith(ZIP):
        table = Workbook(path, worksheet=worksheet)
    elif worksheet:
        raise Unreadable(
            _("“%(path)s” is a text file, which has no worksheets.") % {"path": named(path)}
        )
    else:
        table = TextFile(path, encoding=encoding, delimiter=delimiter)
    with closing(table.records()) as records:
        row, names = first_row(records)
        columns, headers = named_columns(row, names)
        following = next(iter(records), (0, []))
    tags = tags_of(following[1], columns) if following[0] == row + 1 else ()
    return Sheet(
        path=path,
        headers=headers,
        kind=table.kind,
        encoding=table.encoding,
        delimiter=table.delimiter,
        tags=tags,
        first_row=row + 1 + bool(tags),
        size=size,
        columns=columns,
        table=table,
    )


def first_row(records: Iterator[tuple[int, list[str]]]) -> tuple[int, list[str]]:
    """Find the header: the first row that is not blank."""
    for blank, (number, cells) in enumerate(records):
        if any(map(str.strip, cells)):
            return number, cells
        if blank == BLANK_ROWS:
            raise too_many_blank_rows(number)
    raise Unreadable(_("The file has no header: every row is blank."))


def named_columns(row: int, names: list[str]) -> tuple[tuple[int, ...], tuple[str, ...]]:
    """Tell which columns have a header, and which; refuse headers that cannot be told apart."""
    if len(names) > COLUMNS:
        raise too_many_columns(row, len(names))
    found: dict[str, int] = {}
    for column, name in enumerate(names):
        header = " ".join(name.split())
        if len(header) > HEADER:
            told = {"where": at_cell(row, column + 1), "most": HEADER}
            raise Unreadable(
                _("%(where)s: a header may have %(most)s characters; this one is longer.") % told
            )
        if header in found:
            told = {"name": shown(header), "one": found[header] + 1, "other": column + 1}
            raise Unreadable(
                _("Columns %(one)s and %(other)s are both called “%(name)s”; rename one.") % told
            )
        if header:
            found[header] = column
    return tuple(found.values()), tuple(found)


def tags_of(cells: list[str], columns: Sequence[int]) -> tuple[str, ...]:
    """Read a row of HXL tags; empty when it is a row of data."""
    filled = [cell for cell in cells if cell.strip()]
    if not filled or not all(map(TAG.match, filled)):
        return ()
    padded = cells + [""] * (columns[-1] + 1)
    return tuple(padded[column].strip() for column in columns)


def check_nameless(number: int, cells: Sequence[str], nameless: Sequence[int]) -> None:
    """Refuse a value that stands under no header."""
    for column in nameless:
        if cells[column].strip():
            told = {"where": at_cell(number, column + 1), "value": shown(cells[column])}
            raise Unreadable(_("%(where)s holds “%(value)s”, but the column has no header.") % told)


def fit(number: int, cells: list[str], width: int) -> None:
    """Give a row as many cells as the header reaches; refuse values beyond it."""
    if any(map(str.strip, cells[width:])):
        raise too_wide(number, cells, width)
    del cells[width:]
    cells += [""] * (width - len(cells))


def taking(columns: Sequence[int]) -> "itemgetter[list[str]]":
    """Make what takes the named columns out of a row, as a list even if there is one."""
    if len(columns) > 1:
        return itemgetter(*columns)
    return itemgetter(slice(columns[0], columns[0] + 1))
