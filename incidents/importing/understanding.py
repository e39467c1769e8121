"""Understands a row of a sheet by a mapping: which incident, places, claims and figures it says.

One rule: nothing is dropped. A cell either becomes a value, or stays as labelled extra data, or
rejects the row; the last two with a line that names the column, the value and the reason. No
queries.
"""

import datetime as dt
import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from incidents.importing.binding import Binding, Cells, Line, Reading, Said
from incidents.importing.presets import Preset, Section
from incidents.importing.values import ORDERS, date_of, orders_of, quantity_of
from incidents.retelling import retold

LONGEST_KEY = 200
WITH_ZERO = re.compile(r"(\d+)\.0+")  # an id that some program made a number with decimals
NONE_STATED = "none stated"
UNCLEAR = gettext_noop("Days such as 04/05/2024 may begin with the day or the month.")
CONTRADICTING = gettext_noop(
    "Some days begin with the day and some with the month: write 2024-04-26."
)


class WrongOrder(ValueError):
    """Days in numbers whose order the file does not tell, or contradicts."""


class UnclearOrder(WrongOrder):
    """Days in numbers that both orders fit; whoever asks adds how to say which it is."""


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
    columns: Mapping[str, str] = field(default_factory=dict)  # by target: the file's own name

    @property
    def is_rejected(self) -> bool:
        """Whether the row cannot be saved."""
        return any(line.kind == "rejected" for line in self.lines)


class Understanding:
    """A mapping, bound to the columns of one file."""

    def __init__(
        self, preset: Preset, headers: Sequence[str], *, order: str = "", file: str = ""
    ) -> None:
        """Bind it. `order` is that of days in numbers, where the file has any: dmy or mdy."""
        self.preset, self.headers, self.file = preset, tuple(headers), file
        self.binding = binding = Binding(preset, headers)
        binding.order = order
        self.incident = binding.bound(preset.incident)
        self.places = [binding.bound(section) for section in preset.places]
        self.claims = [binding.bound(section) for section in preset.claims]
        self.assessments = [binding.bound(section) for section in preset.assessments]
        self.id = binding.position(preset.id)
        self.place_columns = [self.column_in(section, "place") for section in preset.places]
        self.columns = {
            target: column
            for section in (preset.incident, *preset.claims)
            for target in section.values
            if (column := self.column_in(section, target))
        }
        always = {binding.position([name]) for name in preset.keep} - {None}
        derived = {binding.position([name]) for name in preset.derived} - binding.used - {None}
        self.unread = [headers[at] for at in sorted(derived)]
        used = binding.used | {self.id} | derived
        self.extra = sorted({*range(len(headers))} - used | always)
        self.in_order = sorted(range(len(headers)), key=lambda at: headers[at])

    def column_in(self, section: Section, target: str) -> str:
        """Name the column from which a part of the mapping reads a target; "" for none."""
        value = section.values.get(target)
        at = self.binding.position((*value.columns, *value.together)) if value else None
        return "" if at is None else self.headers[at]

    # --- reading ---

    def understand(self, number: int, cells: Cells) -> Understood:
        """Say what a row says; what is wrong with it, or with a mapping for it, is in its lines."""
        try:
            return self.read(number, cells)
        except (TypeError, AttributeError, IndexError, KeyError, RecursionError) as error:
            digest = self.digest(cells)
            line = Line(number, "", "", _("The mapping does not fit this row: %s.") % error)
            return Understood(number, digest, digest, digest, lines=[line])

    def read(self, number: int, cells: Cells) -> Understood:
        """Read a row."""
        reading = Reading(number, cells)
        digest = self.digest(cells)
        own_id = cells[self.id].strip() if self.id is not None else ""
        if found := WITH_ZERO.fullmatch(own_id):
            own_id = found[1]
        if len(own_id) > LONGEST_KEY:
            message = _("An id has at most %(longest)s characters; this has %(length)s.") % {
                "longest": LONGEST_KEY,
                "length": len(own_id),
            }
            reading.note(self.headers[self.id or 0], own_id[:80] + "…", message, "rejected")
        understood = Understood(number, (own_id or digest)[:LONGEST_KEY], digest, "")
        understood.columns = self.columns
        understood.incident = self.incident.said(reading)
        understood.incident_key = self.key_of(understood, reading)
        understood.places = [
            {**said, "column": column}
            for bound, column in zip(self.places, self.place_columns, strict=True)
            if (said := bound.said(reading))
        ]
        understood.claims = list(self.claims_of(reading, understood))
        understood.assessments = [said for b in self.assessments if (said := b.said(reading))]
        self.complete(understood, reading)
        kept = sorted({*self.extra, *reading.kept})
        understood.extra |= {
            self.headers[at]: cells[at].strip() for at in kept if cells[at] and cells[at].strip()
        }
        understood.lines = reading.lines
        return understood

    def key_of(self, understood: Understood, reading: Reading) -> str:
        """Give the key of the row's incident: of its own, or that of the row."""
        key = str(understood.incident.pop("key", None) or understood.own_id).strip()
        if len(key) > LONGEST_KEY or key.startswith("#"):
            message = _("A key has at most %s characters and does not begin with #.") % LONGEST_KEY
            reading.note(self.column_of("key"), key[:80], message, "rejected")
        return key[:LONGEST_KEY]

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
            reading.note(self.column_of("words"), words, retold(str(error)), "rejected")
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
            reading.note(self.column_of("date"), words, retold(str(error)), "rejected")
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
                if value and (at := self.binding.position(value.columns)) is not None:
                    reading.kept.add(at)
        message = _("low, best and high must not decrease; kept as words and extra data.")
        reading.note("low, best, high", ", ".join(numbers), message, "kept")

    def column_of(self, target: str) -> str:
        """Name the column from which a target is read, for a line of the report."""
        sections = (*self.preset.claims, self.preset.incident)
        return next(filter(None, (self.column_in(one, target) for one in sections)), target)

    # --- the order of days in numbers ---

    def find_order(self, rows: Iterable[tuple[int, Cells]]) -> None:
        """Find from the whole file whether its days in numbers begin with the day or the month.

        Raises WrongOrder where rows contradict each other, or none of several decides.
        """
        positions = [
            at
            for section in (self.preset.incident, *self.preset.claims)
            for value in section.values.values()
            if value.read == "day" and (at := self.binding.position(value.columns)) is not None
        ]
        if self.binding.order or not positions:
            return
        possible, is_open = set(ORDERS), False
        for _number, cells in rows:
            for at in positions:
                fits = orders_of(cells[at].strip())
                if len(fits) == 1:
                    possible &= fits
                elif fits:
                    is_open = True
        if len(possible) == 1:
            self.binding.order = possible.pop()
        elif is_open:
            raise UnclearOrder(_(UNCLEAR)) if possible else WrongOrder(_(CONTRADICTING))


def json_of(extra: Mapping[str, str]) -> str:
    """Write extra data as it is stored."""
    return json.dumps(extra, ensure_ascii=False) if extra else ""
