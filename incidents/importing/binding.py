"""Binds a mapping to the columns of one file: each value becomes a function of a row.

One rule: a function gives a value, or None and a line of the report that says why. Called by
understanding. No queries.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from incidents.importing.codewords import code_for, key_of
from incidents.importing.presets import READERS, Preset, Section, Value, plain
from incidents.importing.values import Aside, day
from incidents.retelling import retold

GUARDED = re.compile(r"'+[=+\-@\t\r]")
Cells = Sequence[str]
Said = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the report: what about which cell of which row."""

    row: int
    column: str
    value: str
    message: str
    kind: str = "rejected"  # rejected, kept, merged, conflict, changed, duplicate, unread


Get = Callable[["Reading"], Any]


class Reading:
    """A row while it is read: its cells, what is repeated, and what was noted so far."""

    __slots__ = ("cells", "kept", "lines", "number", "part")

    def __init__(self, number: int, cells: Cells) -> None:
        self.number, self.cells = number, cells
        self.part: Mapping[str, str] = {}
        self.kept: set[int] = set()  # columns whose cell stays as extra data
        self.lines: list[Line] = []

    def note(self, column: str, value: str, message: str, kind: str) -> None:
        """Note a line about a cell, once."""
        line = Line(self.number, column, value, message, kind)
        if line not in self.lines:
            self.lines.append(line)


class Binding:
    """The columns of a file, as a mapping asks for them."""

    def __init__(self, preset: Preset, headers: Sequence[str]) -> None:
        """Know the columns by their names; `used` are those that became part of a value."""
        self.preset, self.headers, self.order = preset, tuple(headers), ""
        self.at: dict[str, int] = {}
        for position, header in enumerate(headers):
            self.at.setdefault(header, position)
        self.loose = {plain(header): position for header, position in reversed(self.at.items())}
        self.used: set[int] = set()

    def position(self, names: Iterable[str]) -> int | None:
        """Find the first of these columns, or of what they stand for, that the file has."""
        for name in names:
            for header in self.preset.columns.get(name, (name,)):
                if header in self.at:
                    return self.at[header]
                if plain(header) in self.loose:
                    return self.loose[plain(header)]
        return None

    def bound(self, section: Section) -> "Bound":
        """Bind a part of the mapping."""
        values = {
            name: self.worded(name, get)
            for name, value in section.values.items()
            if (get := self.get(value))
        }
        each = self.get(section.each) if section.each else None
        return Bound(section, values, each)

    def worded(self, target: str, get: Get) -> Get:
        """Read a word of the file as the code that the mapping, or everybody, takes it for."""
        own = {key_of(word): code for word, code in self.preset.values.get(target, {}).items()}
        if not own and target != "measure":
            return get

        def coded_word(reading: Reading) -> Any:
            said = get(reading)
            if not isinstance(said, str):
                return said
            known = own.get(key_of(said), "")
            return known or (code_for(target, said) if target == "measure" else "") or said

        return coded_word

    def get(self, value: Value) -> Get | None:
        """Make the function that gives a value of a row; None where the file has no such column."""
        if value.value:
            return lambda reading: value.value
        if value.part:
            return lambda reading: reading.part.get(value.part)
        if value.template:
            return self.sentence(value.template)
        if value.together:
            return self.of_several(value)
        position = self.position(value.columns)
        if position is None:
            return None
        self.used.add(position)
        return self.of_one(value, position)

    def of_one(self, value: Value, position: int) -> Get:
        """Read one cell."""
        column, reader, codes = self.headers[position], READERS[value.read], value.codes
        if reader is day:
            reader = self.read_day

        def get(reading: Reading) -> Any:
            cell = reading.cells[position]
            if not cell or cell.isspace():
                return None
            try:
                return coded(reader(unguarded(cell)), codes)
            except Aside as aside:
                reading.kept.add(position)
                reading.note(column, cell, _("%s; kept as extra data.") % aside, "kept")
            except ValueError as error:
                reading.note(column, cell, retold(str(error)), "rejected")
            return None

        return get

    def of_several(self, value: Value) -> Get | None:
        """Read several cells together; those that the file lacks are empty."""
        found = [self.position([name]) for name in value.together]
        if all(position is None for position in found):
            return None
        self.used |= {position for position in found if position is not None}
        reader = READERS[value.read]
        column = ", ".join(self.headers[at] for at in found if at is not None)

        def get(reading: Reading) -> Any:
            cells = ["" if at is None else unguarded(reading.cells[at]) for at in found]
            if not any(cells):
                return None
            try:
                return coded(reader(cells), value.codes)
            except Aside as aside:
                reading.kept |= {at for at in found if at is not None}
                reading.note(column, "; ".join(cells), _("%s; kept as extra data.") % aside, "kept")
            except ValueError as error:
                reading.note(column, "; ".join(cells), retold(str(error)), "rejected")
            return None

        return get

    def sentence(self, template: str) -> Get:
        """Put cells into a sentence of parts between commas; `{column}` stands for a cell."""
        parts = [part.strip() for part in template.split(",")]
        filled = []
        for part in parts:
            name = part.strip("{}")
            filled.append((part, self.position([name]) if part.startswith("{") else None))

        def get(reading: Reading) -> str:
            words = (
                part if at is None and not part.startswith("{") else one_line(reading.cells[at])
                for part, at in filled
                if at is not None or not part.startswith("{")
            )
            return ", ".join(word for word in words if word)[:300]

        return get

    def read_day(self, cell: str) -> str:
        """Read a day in the order of this file."""
        return day(cell, self.order)


@dataclass(frozen=True, slots=True)
class Bound:
    """A part of a mapping, bound to the columns of a file."""

    section: Section
    values: Mapping[str, Get]
    each: Get | None

    def said(self, reading: Reading) -> Said:
        """Read every value that is given."""
        return {
            name: value for name, get in self.values.items() if (value := get(reading)) is not None
        }

    def parts(self, reading: Reading) -> list[Mapping[str, str]]:
        """List what the part is repeated for; once with nothing where that is empty."""
        if self.section.each is None:
            return [{}]
        parts = (self.each(reading) if self.each else None) or []
        if self.section.only == "others":
            return parts[1:]
        return parts[:1] or [{}] if self.section.only == "first" else parts or [{}]


def coded(read: Any, codes: Mapping[str, str]) -> Any:
    """Translate what was read by the codes of the mapping."""
    if not codes:
        return read
    if str(read) not in codes:
        allowed = ", ".join(codes)
        raise Aside(
            _("“%(read)s” is not one of the codes of the mapping: %(allowed)s")
            % {"read": read, "allowed": allowed}
        )
    return codes[str(read)]


def unguarded(cell: str) -> str:
    """Take away the apostrophe that exports put before what a spreadsheet might run."""
    return cell[1:] if GUARDED.match(cell) else cell.strip()


def one_line(cell: str) -> str:
    """Put a cell into one line."""
    return " ".join(cell.split())
