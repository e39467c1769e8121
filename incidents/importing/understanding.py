"""Understands a row of a sheet by a mapping: which incident, places, claims and figures it says.

One rule: nothing is dropped. A cell either becomes a value, or stays as labelled extra data, or
rejects the row; the last two with a line that names the column, the value and the reason. Pure.
"""

import datetime as dt
import hashlib
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from incidents.importing.presets import READERS, Preset, Section, Value, plain
from incidents.importing.values import Aside, date_of, day, orders_of, quantity_of

LONGEST_KEY = 200
GUARDED = re.compile(r"'+[=+\-@\t\r]")
NONE_STATED = "none stated"
Cells = Sequence[str]
Said = dict[str, Any]


class WrongOrder(ValueError):
    """Days in numbers whose order the file does not tell; says what to name."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the report: what about which cell of which row."""

    row: int
    column: str
    value: str
    message: str
    kind: str = "rejected"  # rejected, kept, merged, conflict, changed, duplicate


@dataclass(slots=True)
class Understood:
    """What a row says, as values by target; `own_id` names it in its data set.

    `incident` names the incident by its key where several rows speak of one.
    """

    row: int
    own_id: str
    digest: str
    incident_key: str
    incident: Said = field(default_factory=dict)
    places: list[Said] = field(default_factory=list)
    claims: list[Said] = field(default_factory=list)
    assessments: list[Said] = field(default_factory=list)
    extra: dict[str, str] = field(default_factory=dict)
    lines: list[Line] = field(default_factory=list)

    @property
    def is_rejected(self) -> bool:
        """Whether the row cannot be saved."""
        return any(line.kind == "rejected" for line in self.lines)


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


class Understanding:
    """A mapping, bound to the columns of one file."""

    def __init__(
        self, preset: Preset, headers: Sequence[str], *, order: str = "", file: str = ""
    ) -> None:
        """Bind it. `order` is that of days in numbers, where the file has any: dmy or mdy."""
        self.preset, self.headers, self.order, self.file = preset, tuple(headers), order, file
        self.at: dict[str, int] = {}
        for position, header in enumerate(headers):
            self.at.setdefault(header, position)
        self.loose = {plain(header): position for header, position in reversed(self.at.items())}
        self.used: set[int] = set()
        self.incident = self.bound(preset.incident)
        self.places = [self.bound(section) for section in preset.places]
        self.claims = [self.bound(section) for section in preset.claims]
        self.assessments = [self.bound(section) for section in preset.assessments]
        self.id = self.position(preset.id)
        always = {self.position([name]) for name in preset.keep} - {None}
        derived = {self.position([name]) for name in preset.derived} - self.used - {None}
        self.unread = sorted(self.headers[at] for at in derived)
        self.extra = sorted({*range(len(headers))} - self.used - {self.id} - derived | always)
        self.in_order = sorted(range(len(headers)), key=lambda at: headers[at])

    # --- binding ---

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
        values = {name: get for name, value in section.values.items() if (get := self.get(value))}
        each = self.get(section.each) if section.each else None
        return Bound(section, values, each)

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
                reading.note(column, cell, f"{aside}; kept as extra data.", "kept")
            except ValueError as error:
                reading.note(column, cell, str(error), "rejected")
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
                reading.note(column, "; ".join(cells), f"{aside}; kept as extra data.", "kept")
            except ValueError as error:
                reading.note(column, "; ".join(cells), str(error), "rejected")
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

    # --- reading ---

    def understand(self, number: int, cells: Cells) -> Understood:
        """Say what a row says; what is wrong with it is in its lines."""
        reading = Reading(number, cells)
        digest = self.digest(cells)
        own_id = cells[self.id].strip() if self.id is not None else ""
        if len(own_id) > LONGEST_KEY:
            message = f"An id has at most {LONGEST_KEY} characters; this has {len(own_id)}."
            reading.note(self.headers[self.id or 0], own_id[:80] + "…", message, "rejected")
        understood = Understood(number, (own_id or digest)[:LONGEST_KEY], digest, "")
        understood.incident = self.incident.said(reading)
        understood.incident_key = str(understood.incident.pop("key", None) or understood.own_id)
        understood.places = [said for bound in self.places if (said := bound.said(reading))]
        understood.claims = list(self.claims_of(reading, understood))
        understood.assessments = [said for b in self.assessments if (said := b.said(reading))]
        self.complete(understood, reading)
        kept = sorted({*self.extra, *reading.kept})
        understood.extra |= {
            self.headers[at]: cells[at].strip() for at in kept if cells[at] and cells[at].strip()
        }
        understood.lines = reading.lines
        return understood

    def digest(self, cells: Cells) -> str:
        """Name what a row says, whatever order its columns stand in: 32 hexadecimal digits."""
        text = "\x1f".join(
            f"{self.headers[at]}\x1e{cells[at]}" for at in self.in_order if cells[at]
        )
        return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()

    def claims_of(self, reading: Reading, understood: Understood) -> Iterator[Said]:
        """Read the claims of a row, each with the key by which it is known again."""
        made: set[str] = set()
        for bound in self.claims:
            section = bound.section
            if made.intersection(section.unless):
                continue
            for place, part in enumerate(bound.parts(reading)):
                reading.part = part
                said = bound.said(reading)
                if not said or any(said.get(name) is None for name in section.needs):
                    continue
                made.add(section.label)
                key = said.pop("key", None)
                label = f"{section.label}{place + 1}" if place else section.label
                said["own_id"] = str(key) if key else f"{understood.own_id}#{label}"
                yield said
            reading.part = {}

    def complete(self, understood: Understood, reading: Reading) -> None:
        """Work out counts and days, and name the article where the row names none."""
        published = None
        for said in understood.claims:
            self.complete_claim(said, understood, reading)
            published = published or said["published_day"]
        incident = understood.incident
        if self.preset.rows == "claims" and not incident.get("date"):
            incident["date"] = self.day_of_claims(understood)
        incident["read"] = self.days(incident.get("date"), published, reading)
        for said in [*understood.assessments]:
            bounds = [n for name in ("low", "best", "high") if (n := said.get(name)) is not None]
            if not bounds or bounds != sorted(bounds):
                self.set_bounds_aside(said, understood, reading)

    def day_of_claims(self, understood: Understood) -> str | None:
        """Give an incident that names no day of its own the day of its claim."""
        for said in understood.claims:
            if read := said["read"]:
                return f"{read.words} [{read.edtf}]" if read.inferred else read.words
        return None

    def complete_claim(self, said: Said, understood: Understood, reading: Reading) -> None:
        """Work out what the words of a claim say."""
        words = said.get("words") or NONE_STATED
        try:
            said["count"] = quantity_of(words.strip())
        except ValueError as error:
            reading.note(self.column_of("words"), words, str(error), "rejected")
        said["published_read"] = self.days(said.get("published"), None, reading)
        read = said["published_read"]
        published = read.earliest if read and read.earliest == read.latest else None
        said["published_day"] = published
        said["read"] = self.days(said.get("date"), published, reading)
        if not said.get("article_url") and not said.get("article_title"):
            said["article_title"] = self.own_title(understood)
            said["publisher"] = said.get("publisher") or self.preset.publisher
            said["article_kind"] = "page"

    def own_title(self, understood: Understood) -> str:
        """Name the record of the data set that stands for an article where none is named."""
        if self.id is None:
            return f"[{self.file or self.preset.title}]"
        return f"[{self.preset.title}, record {understood.own_id}]"

    def days(self, words: str | None, published: dt.date | None, reading: Reading) -> Any:
        """Work out the days that words mean; None where there are none."""
        if not words:
            return None
        try:
            return date_of(words.strip(), published)
        except ValueError as error:
            reading.note(self.column_of("date"), words, str(error), "rejected")
            return None

    def set_bounds_aside(self, said: Said, understood: Understood, reading: Reading) -> None:
        """Keep numbers that break their own bounds as words and extra data."""
        numbers = [f"{name} {said.get(name)}" for name in ("low", "best", "high")]
        understood.assessments.remove(said)
        words = f"{self.preset.title} gives {', '.join(numbers)}, which contradict each other."
        understood.incident["summary"] = words
        for bound in self.assessments:
            for name in ("low", "best", "high"):
                value = bound.section.values.get(name)
                if value and (at := self.position(value.columns)) is not None:
                    reading.kept.add(at)
        message = "low, best and high must not decrease; kept as words and extra data."
        reading.note("low, best, high", ", ".join(numbers), message, "kept")

    def column_of(self, target: str) -> str:
        """Name the column from which a target is read, for a line of the report."""
        for section in (*self.preset.claims, self.preset.incident):
            value = section.values.get(target)
            names = (*value.columns, *value.together) if value else ()
            if (at := self.position(names)) is not None:
                return self.headers[at]
        return target

    # --- the order of days in numbers ---

    def find_order(self, rows: Iterable[tuple[int, Cells]]) -> None:
        """Find from the whole file whether its days in numbers begin with the day or the month.

        Raises WrongOrder where rows contradict each other, or none of several decides.
        """
        positions = [
            at
            for section in (self.preset.incident, *self.preset.claims)
            for value in section.values.values()
            if value.read == "day" and (at := self.position(value.columns)) is not None
        ]
        if self.order or not positions:
            return
        possible, is_open = {"dmy", "mdy"}, False
        for _number, cells in rows:
            for at in positions:
                fits = orders_of(cells[at].strip())
                if len(fits) == 1:
                    possible &= fits
                elif fits and "/" in cells[at]:
                    is_open = True
        if not possible:
            raise WrongOrder("Some days begin with the day and some with the month.")
        if len(possible) == 1:
            self.order = possible.pop()
        elif is_open:
            raise WrongOrder("Days such as 04/05/2024 may begin with the day or the month.")


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
        raise Aside(f"“{read}” is not one of the codes of the mapping: {allowed}")
    return codes[str(read)]


def unguarded(cell: str) -> str:
    """Take away the apostrophe that exports put before what a spreadsheet might run."""
    return cell[1:] if GUARDED.match(cell) else cell.strip()


def one_line(cell: str) -> str:
    """Put a cell into one line."""
    return " ".join(cell.split())


def json_of(extra: Mapping[str, str]) -> str:
    """Write extra data as it is stored."""
    return json.dumps(extra, ensure_ascii=False) if extra else ""
