"""Takes the rows of a worksheet apart and writes each cell's stored value as text.

One rule: numbers, days and yes/no are written as this project's own files write them; whatever has
no such value is refused by the name of its cell. Called by incidents/importing/workbooks.py.
"""

import datetime as dt
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from xml.parsers import expat

from django.utils.translation import gettext as _
from openpyxl.utils.cell import get_column_letter
from openpyxl.utils.datetime import from_excel

from incidents.cells import line_feeds
from incidents.importing.archives import Part
from incidents.importing.limits import (
    CELL,
    RECORD,
    ROWS,
    Unreadable,
    is_text,
    no_text,
    shown,
    too_long_cell,
    too_long_row,
    too_many_rows,
)

ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")
WHOLE = re.compile(r"-?[0-9]{1,30}\Z")
LAST_COLUMN = 16_384
FORMULA_SHOWN = 60
BOOLEANS = {"1": "yes", "0": "no", "true": "yes", "false": "no"}


@dataclass(frozen=True, slots=True)
class Setting:
    """What a cell's value rests on outside its sheet."""

    text_at: Callable[[int], str]
    dates: list[bool]
    epoch: dt.datetime


@dataclass(slots=True)
class Cell:
    """A cell as the sheet stores it."""

    column: int  # from 0
    kind: str
    style: int
    value: str | None = None
    formula: str | None = None


class Rows(Part):
    """The rows of one worksheet; those that came whole can be taken away after each piece."""

    def __init__(self, setting: Setting) -> None:
        super().__init__()
        self.setting = setting
        self.number = 0
        self.cells: list[Cell] = []
        self.ready: list[tuple[int, list[Cell]]] = []
        self.cell: Cell | None = None
        self.column = -1
        self.heard: list[str] | None = None
        self.length = self.size = self.spoken = 0
        self.columns: dict[str, int] = {}

    def taken(self) -> Iterator[tuple[int, list[str]]]:
        """Take away the rows that came whole and hold something, as text."""
        ready, self.ready = self.ready, []
        for number, cells in ready:
            texts = [""] * (cells[-1].column + 1)
            size = 0
            for cell in cells:
                texts[cell.column] = text = self.written(cell, number)
                size += len(text)
                if size > RECORD:
                    raise too_long_row(number)
            yield number, texts

    def start(self, tag: str, values: dict[str, str]) -> None:
        """Meet a row, a cell, or what is in it."""
        if tag == "c":
            self.column = self.place(values.get("r", ""))
            style = values.get("s", "0")
            self.cell = Cell(
                self.column, values.get("t", "n")[:9], int(style) if style != "0" else 0
            )
        elif tag in ("v", "t", "f"):
            self.heard = [] if self.cell and not self.spoken else None
            self.length = 0
        elif tag == "row":
            self.begin(values.get("r", ""))
        elif tag == "rPh":
            self.spoken += 1

    def end(self, tag: str) -> None:
        """Close a row, a cell, or what is in it."""
        if tag == "c" and self.cell:
            if self.cell.value or self.cell.formula is not None:
                self.cells.append(self.cell)
            self.cell = None
        elif tag in ("v", "t", "f"):
            if self.heard is not None and self.cell:
                self.keep(self.cell, tag, "".join(self.heard))
            self.heard = None
        elif tag == "row":
            if self.cells:
                self.ready.append((self.number, self.cells))
            self.cells = []
        elif tag == "rPh":
            self.spoken -= 1

    def text(self, text: str) -> None:
        """Hear a stretch of what is in a cell."""
        if self.heard is not None:
            self.heard.append(text)
            self.length += len(text)
            if self.length > CELL:
                raise too_long_cell(self.name(self.column, self.number))

    def keep(self, cell: Cell, tag: str, text: str) -> None:
        """Keep what was heard; a text may come in several runs."""
        if tag == "f":
            cell.formula = text[: FORMULA_SHOWN + 1]
            return
        cell.value = (cell.value or "") + text
        self.size += len(text)
        if len(cell.value) > CELL:
            raise too_long_cell(self.name(cell.column, self.number))
        if self.size > RECORD:
            raise too_long_row(self.number)

    def begin(self, number: str) -> None:
        """Begin a row; rows must come in order."""
        row = int(number) if number else self.number + 1
        if row <= self.number:
            raise expat.ExpatError(_("rows out of order"))
        if row > ROWS:
            raise too_many_rows()
        self.number, self.column, self.size, self.cells = row, -1, 0, []

    def place(self, name: str) -> int:
        """Tell a cell's column, from 0; cells must come in order."""
        letters = name.rstrip("0123456789")
        column = self.columns.get(letters, -1) if letters else self.column + 1
        if column < 0:
            column = column_of(letters)
            self.columns[letters] = column
        if not self.column < column < LAST_COLUMN:
            raise expat.ExpatError(_("cells out of order"))
        return column

    def name(self, column: int, row: int) -> str:
        """Name a cell as a spreadsheet does."""
        return f"{get_column_letter(column + 1)}{row}"

    def written(self, cell: Cell, row: int) -> str:
        """Write the stored value of a cell."""
        name = self.name(cell.column, row)
        if cell.value is None or (cell.value == "" and cell.formula is not None):
            return self.without_value(cell, name)
        if cell.kind == "e":
            told = {"name": name, "error": shown(cell.value)}
            raise Unreadable(_("%(name)s holds the error %(error)s; correct or empty it.") % told)
        try:
            text = self.as_text(cell, cell.value)
        except (ValueError, OverflowError, ArithmeticError, IndexError):
            told = {"name": name, "value": shown(cell.value)}
            raise Unreadable(
                _("%(name)s holds “%(value)s”, which is no value of its kind.") % told
            ) from None
        if not is_text(text):
            raise no_text(text, name)
        return text

    def without_value(self, cell: Cell, name: str) -> str:
        """Refuse a formula that was never worked out; a formula that gave no text is empty."""
        if cell.kind == "str" and cell.value == "":
            return ""
        told = {"name": name, "formula": shown(f"={cell.formula}" if cell.formula else "=…")}
        raise Unreadable(
            _("%(name)s holds the formula %(formula)s without a value; save the sheet as values.")
            % told
        )

    def as_text(self, cell: Cell, value: str) -> str:
        """Write a value by its kind. Raises ValueError when it is none of that kind."""
        if cell.kind == "s":
            return plain(self.setting.text_at(int(value)))
        if cell.kind in ("str", "inlineStr"):
            return plain(value)
        if cell.kind == "b":
            if value not in BOOLEANS:
                raise ValueError(value)
            return BOOLEANS[value]
        if cell.kind == "d":
            return value
        dates = self.setting.dates
        if cell.style < len(dates) and dates[cell.style]:
            return day(float(value), self.setting.epoch)
        return number(value)


def column_of(letters: str) -> int:
    """Read a column's letters as a number, from 0."""
    if not (letters.isascii() and letters.isalpha() and letters.isupper() and len(letters) <= 3):
        raise expat.ExpatError(_("cells without a name"))
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - ord("A") + 1
    return column - 1


def plain(text: str) -> str:
    """Undo how a workbook writes characters that XML cannot hold; line ends become LF."""
    if "_x" in text:
        text = ESCAPED.sub(character, text)
    return line_feeds(text) if "\r" in text else text


def character(found: re.Match[str]) -> str:
    """Write the character that was escaped; half of one, which no text can hold, stays as it is."""
    code = int(found[1], 16)
    return found[0] if 0xD800 <= code <= 0xDFFF else chr(code)


def number(value: str) -> str:
    """Write a number without needless digits: 5, not 5.0; 1.1, not 1.1000000000000001."""
    if WHOLE.match(value):
        return value
    amount = float(value)
    if amount.is_integer() and abs(amount) < 1e15:
        return str(int(amount))
    return format(Decimal(repr(amount)), "f") if abs(amount) < float("inf") else number_error(value)


def number_error(value: str) -> str:
    """Refuse what is no number."""
    raise ValueError(value)


def day(serial: float, epoch: dt.datetime) -> str:
    """Write a stored day or time as ISO 8601, to the second."""
    moment = from_excel(round(serial * 86_400) / 86_400, epoch)
    if isinstance(moment, dt.time):
        return moment.replace(microsecond=0).isoformat()
    if moment.microsecond >= 500_000:
        moment += dt.timedelta(seconds=1)
    moment = moment.replace(microsecond=0)
    return moment.date().isoformat() if moment.time() == dt.time() else moment.isoformat()
