"""How large a file may be, and the sentences that refuse one.

One rule: whatever the file says, it is refused before more of it is held than these limits allow;
the readers of text and of workbooks check them while they read, not afterwards.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from django.utils.translation import gettext as _

CELL = 100_000  # characters of one cell; three times what a spreadsheet holds
RECORD = 1_000_000  # characters of one row, all its cells together
COLUMNS = 500  # cells of one row; the widest public data set of the field has 60
ROWS = 5_000_000  # rows of one file, the header and blank ones counted
UNPACKED = 2 * 1024**3  # bytes of a text file, unpacked
BLANK_ROWS = 100_000  # blank rows one after the other
HEADER = 300  # characters of the name of a column
PIECE = 64 * 1024  # bytes that are read, unpacked or taken apart at a time

WORKBOOK = 1024**3  # bytes of all parts of a workbook, unpacked
RATIO = 200  # times that a part may grow when unpacked, where it is larger than BOMB
BOMB = 10 * 1024**2  # bytes up to which a part may grow as it likes
DIRECTORY = 1024**2  # bytes of the list of a workbook's parts; usual are less than a thousand
TEXTS = 64 * 1024**2  # bytes of the texts that a workbook keeps apart from its sheets
TOKEN = 1024**2  # bytes of one tag or comment in a workbook's part
DEPTH = 100  # tags within tags
STYLES = 100_000  # formats of cells; a spreadsheet writes at most 65,490
SHEETS = 1_000  # worksheets, and parts that one part may point to
NAME = 1_000  # characters of the name of a sheet or part; longer ones are cut

CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
SHOWN = 60


class Unreadable(ValueError):
    """A file that cannot be read; says why in one sentence for people."""


@dataclass(slots=True)
class Meter:
    """How many bytes of the file have been read so far; begins anew with each reading."""

    read: int = 0


def shown(value: str) -> str:
    """Shorten a value so that it can stand in a sentence, on one line, on any terminal."""
    flat = harmless(value[: SHOWN + 1])
    return flat if len(value) <= SHOWN else flat[:SHOWN] + "…"


def named(path: Path) -> str:
    """Write a path so that it can stand in a sentence, whatever bytes it is made of."""
    return harmless(str(path).encode(errors="replace").decode())


def harmless(text: str) -> str:
    """Write line breaks and control characters as signs that only show."""
    return CONTROL.sub("\N{REPLACEMENT CHARACTER}", " ".join(re.split(r"[\t\r\n]+", text)))


def open_bytes(path: Path) -> IO[bytes]:
    """Open a regular file; anything else is refused with a sentence."""
    try:
        if path.is_dir():
            raise Unreadable(_("“%(path)s” is a folder, not a file.") % {"path": named(path)})
        if path.exists() and not path.is_file():
            raise Unreadable(_("“%(path)s” is not an ordinary file.") % {"path": named(path)})
        return path.open("rb")
    except Unreadable:
        raise
    except FileNotFoundError:
        raise Unreadable(_("There is no file “%(path)s”.") % {"path": named(path)}) from None
    except PermissionError:
        raise Unreadable(_("You may not read “%(path)s”.") % {"path": named(path)}) from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        told = {"path": named(path), "error": reason}
        raise Unreadable(_("“%(path)s” cannot be opened: %(error)s.") % told) from None


def too_many_rows() -> Unreadable:
    """Refuse a file of too many rows."""
    return Unreadable(_("The file has more than %(most)s rows; divide it.") % {"most": f"{ROWS:,}"})


def too_many_columns(row: int, count: int) -> Unreadable:
    """Refuse a row of too many cells."""
    told = {"row": f"{row:,}", "count": f"{count:,}", "most": f"{COLUMNS:,}"}
    return Unreadable(_("Row %(row)s has %(count)s columns; allowed are %(most)s.") % told)


def too_many_blank_rows(row: int) -> Unreadable:
    """Refuse a file that is blank for too long."""
    told = {"row": f"{row:,}", "most": f"{BLANK_ROWS:,}"}
    return Unreadable(
        _("More than %(most)s blank rows in a row stand before row %(row)s; remove them.") % told
    )


def too_long_row(row: int) -> Unreadable:
    """Refuse a row of too many characters, as an unclosed quotation mark makes one."""
    told = {"row": f"{row:,}", "cell": f"{CELL:,}", "most": f"{RECORD:,}"}
    return Unreadable(
        _(
            "Row %(row)s is too long: a cell may hold %(cell)s characters and a row %(most)s; "
            "perhaps a quotation mark is not closed."
        )
        % told
    )


def too_long_cell(where: str) -> Unreadable:
    """Refuse a cell of too many characters."""
    told = {"where": where, "most": f"{CELL:,}"}
    return Unreadable(
        _("%(where)s holds more than %(most)s characters, the most that a cell may hold.") % told
    )


def at_cell(row: int, column: int) -> str:
    """Name a cell by its row and its column, both counted from 1."""
    return _("Row %(row)s, column %(column)s") % {"row": f"{row:,}", "column": column}


def is_text(cell: str) -> bool:
    """Tell whether a cell is short enough and holds only characters that a text has."""
    return len(cell) <= CELL and not CONTROL.search(cell)


def no_text(cell: str, where: str) -> Unreadable:
    """Refuse a cell that is too long or holds control characters."""
    found = CONTROL.search(cell)
    if not found:
        return too_long_cell(where)
    if found[0] == "\0":
        return Unreadable(
            _("%(where)s holds a NUL byte; the file is damaged or is no text.") % {"where": where}
        )
    told = {"where": where, "code": f"U+{ord(found[0]):04X}"}
    return Unreadable(
        _("%(where)s holds the control character %(code)s; only tabs and line breaks may be.")
        % told
    )


def too_wide(row: int, cells: Sequence[str], width: int) -> Unreadable:
    """Refuse a row with values where the header has no column."""
    last = max(place for place, cell in enumerate(cells, 1) if cell.strip())
    told = {"row": f"{row:,}", "count": f"{last:,}", "width": f"{width:,}"}
    return Unreadable(
        _(
            "Row %(row)s has %(count)s cells, the header only %(width)s; perhaps a value that "
            "holds the delimiter lacks its quotation marks."
        )
        % told
    )
