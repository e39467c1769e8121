"""Mappings: which column of somebody's sheet becomes what, written as small TOML files.

One rule: a mapping is data. It names columns (several names where editions differ), a reader of
`values`, or a constant; a researcher copies one and changes the names. README shows how.
"""

import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from incidents.importing import codewords, ucdp, values
from incidents.importing.targets import ASSESSMENT, CLAIM, INCIDENT, PLACE

FOLDER = Path(__file__).resolve().parent.parent / "data" / "presets"
READERS = values.READERS | ucdp.READERS
KEYS = {
    *("name", "title", "about", "terms", "publisher", "rows", "recognised_by", "columns"),
    *("id", "keep", "derived", "notes", "values"),
}
ONLY = ("", "first", "others")
SECTIONS = {"incident": INCIDENT, "place": PLACE, "claim": CLAIM, "assessment": ASSESSMENT}
ROWS = ("incidents", "claims")


# Readers whose values are no text, and the targets that take them.
FITTING = (
    (
        {"country", "place", "division", "ucdp_where"},
        {"place", "nationality", "sending", "receiving"},
    ),
    ({"point", "points", "own_point", "ucdp_point"}, {"point"}),
    ({"whole"}, {"low", "best", "high", "credibility", "version"}),
    ({"yes_no"}, {"seen_original"}),
)
LISTS = {"urls", "ucdp_sources"}


class BadMapping(ValueError):
    """A mapping that is not understood; says where and why in one sentence."""


@dataclass(frozen=True, slots=True)
class Value:
    """Where one value comes from: columns of the row, a part of what is repeated, or a constant.

    `columns`: the first of these that the file has; `together`: all of them, for a reader that
    takes several. `codes` translates what was read; `template` puts cells into a sentence.
    """

    columns: tuple[str, ...] = ()
    together: tuple[str, ...] = ()
    part: str = ""
    value: str = ""
    template: str = ""
    read: str = "text"
    codes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Section:
    """One record that a row makes: its values by target, and what it is repeated for."""

    values: Mapping[str, Value]
    each: Value | None = None
    only: str = ""  # of what it is repeated for: the first, or the others; "": every one
    needs: tuple[str, ...] = ()  # targets without which the row makes no such record
    unless: tuple[str, ...] = ()  # labels of records beside which the row makes no such record
    label: str = ""


@dataclass(frozen=True, slots=True)
class Preset:
    """A whole mapping. `rows`: whether a row is an incident, or a claim about one.

    `columns` gives one name to columns that editions of a file call differently; `values` says,
    by target, what code a word of the file stands for. What is in
    `keep` stays as extra data though it is used; what is in `derived` follows from the rest and is
    not read.
    """

    name: str
    title: str
    rows: str
    incident: Section
    about: str = ""
    terms: str = ""
    publisher: str = ""
    places: tuple[Section, ...] = ()
    claims: tuple[Section, ...] = ()
    assessments: tuple[Section, ...] = ()
    recognised_by: tuple[tuple[str, ...], ...] = ()
    columns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    id: tuple[str, ...] = ()
    keep: tuple[str, ...] = ()
    derived: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()  # what is done with known quirks, for the codebook

    def lines(self) -> Iterator[tuple[str, str, str]]:
        """Say where each value comes from: columns, what they become, how they are read."""
        parts = [("incident", [self.incident]), ("place", self.places), ("claim", self.claims)]
        for kind, sections in [*parts, ("assessment", self.assessments)]:
            for section in sections:
                name = f"{kind} ({section.label})" if section.label else kind
                for target, value in section.values.items():
                    yield self.origin(value), f"{name}: {target}", value.read

    def origin(self, value: Value) -> str:
        """Name the columns of a value, or what it always is."""
        names = [*value.columns, *value.together]
        columns = [" or ".join(self.columns.get(name, (name,))) for name in names]
        fixed = f"“{value.value}”" if value.value else value.template or f"each: {value.part}"
        return ", ".join(columns) or fixed


@cache
def presets() -> dict[str, Preset]:
    """Read the mappings that come with the project, by file name."""
    return {path.stem: load(path) for path in sorted(FOLDER.glob("*.toml"))}


def load(path: Path) -> Preset:
    """Read a mapping from a file. Raises BadMapping."""
    try:
        written = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BadMapping(
            _("%(name)s: the mapping cannot be read: %(error)s.") % {"name": path, "error": error}
        ) from error
    return read(written, path.name)


def read(written: str, name: str = "the mapping") -> Preset:
    """Read a mapping from TOML. Raises BadMapping, which says where it is wrong."""
    if "\0" in written or "\\u0000" in written:
        raise BadMapping(_("%s holds a NUL character.") % name)
    try:
        data = tomllib.loads(written)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise BadMapping(
            _("%(name)s is not TOML: %(error)s.") % {"name": name, "error": error}
        ) from error
    try:
        return mapping_of(data)
    except BadMapping as error:
        raise BadMapping(f"{name}: {error}") from error
    except (TypeError, ValueError, AttributeError) as error:
        raise BadMapping(
            _("%(name)s is not written as a mapping is: %(error)s.")
            % {"name": name, "error": error}
        ) from error


def mapping_of(data: dict[str, Any]) -> Preset:
    """Understand a mapping that was read from TOML."""
    allowed(data, KEYS | SECTIONS.keys(), "the mapping")
    for key in ("name", "rows"):
        if not data.get(key):
            raise BadMapping(_("“%s” is missing.") % key)
    if data["rows"] not in ROWS:
        raise BadMapping(
            _("rows = “%(written)s” is not allowed. Allowed: %(allowed)s.")
            % {"written": data["rows"], "allowed": ", ".join(ROWS)}
        )
    return Preset(
        name=str(data["name"])[:100],
        title=str(data.get("title", data["name"])),
        about=str(data.get("about", "")),
        terms=str(data.get("terms", "")),
        publisher=str(data.get("publisher", "")),
        rows=data["rows"],
        incident=section_of("incident", data.get("incident", {})),
        places=tuple(section_of("place", part) for part in tables(data, "place")),
        claims=tuple(section_of("claim", part) for part in tables(data, "claim")),
        assessments=tuple(section_of("assessment", part) for part in tables(data, "assessment")),
        recognised_by=tuple(tuple(names) for names in data.get("recognised_by", ())),
        columns={name: names_in(names) for name, names in data.get("columns", {}).items()},
        values=words_of(data.get("values", {})),
        id=names_in(data.get("id", ())),
        keep=names_in(data.get("keep", ())),
        derived=names_in(data.get("derived", ())),
        notes=names_in(data.get("notes", ())),
    )


def words_of(data: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    """Understand [values.category] and [values.measure]: a word of the file = a code."""
    allowed(data, codewords.TARGETS, "[values]")
    return {
        target: {str(word): str(code) for word, code in words.items()}
        for target, words in data.items()
    }


def tables(data: Mapping[str, Any], name: str) -> Sequence[dict[str, Any]]:
    """List the parts that a mapping writes as [[name]]; one written as [name] stands alone."""
    parts = data.get(name, [])
    return [parts] if isinstance(parts, dict) else parts


def section_of(kind: str, data: dict[str, Any]) -> Section:
    """Understand one part: `target = value` lines."""
    special = {"each", "only", "needs", "unless", "label"}
    allowed(data, SECTIONS[kind].keys() | special, f"[{kind}]")
    made = {
        name: value_of(written, f"{kind}.{name}")
        for name, written in data.items()
        if name not in special
    }
    for name, value in made.items():
        check_reader(f"{kind}.{name}", name, value.read)
    return Section(
        values=made,
        each=value_of(data["each"], f"{kind}.each") if "each" in data else None,
        only=only_of(data.get("only", ""), kind),
        needs=names_in(data.get("needs", ())),
        unless=names_in(data.get("unless", ())),
        label=str(data.get("label", "")),
    )


def check_reader(where: str, target: str, reader: str) -> None:
    """Refuse a reader whose values do not fit the target."""
    for readers, targets in FITTING:
        fits = reader in readers
        if fits != (target in targets) and (fits or target == "point"):
            allowed = ", ".join(sorted(readers if target in targets else targets))
            raise BadMapping(
                _("%(where)s: the reader “%(reader)s” does not fit here. Allowed: %(allowed)s.")
                % {"where": where, "reader": reader, "allowed": allowed}
            )
    if reader in LISTS:
        raise BadMapping(
            _("%(where)s: the reader “%(reader)s” gives a list, which only each takes.")
            % {"where": where, "reader": reader}
        )


def only_of(written: str, kind: str) -> str:
    """Understand which of what a part is repeated for it is made for."""
    if written not in ONLY:
        raise BadMapping(
            _("[%(kind)s]: only = “%(written)s” is not allowed: first or others.")
            % {"kind": kind, "written": written}
        )
    return written


def value_of(written: Any, where: str) -> Value:
    """Understand one value: a column's name, several, or a table that says more."""
    if isinstance(written, str | list):
        return Value(columns=names_in(written))
    if not isinstance(written, dict):
        raise BadMapping(
            _("%(where)s = %(written)s is neither a column's name nor a table.")
            % {"where": where, "written": repr(written)}
        )
    allowed(written, {"columns", "together", "part", "value", "template", "read", "codes"}, where)
    reader = written.get("read", "text")
    if reader not in READERS:
        raise BadMapping(
            _("%(where)s: there is no reader “%(reader)s”. Allowed: %(allowed)s.")
            % {"where": where, "reader": reader, "allowed": ", ".join(sorted(READERS))}
        )
    return Value(
        columns=names_in(written.get("columns", ())),
        together=names_in(written.get("together", ())),
        part=str(written.get("part", "")),
        value=str(written.get("value", "")),
        template=str(written.get("template", "")),
        read=reader,
        codes={str(k): str(v) for k, v in written.get("codes", {}).items()},
    )


def names_in(written: str | Iterable[str]) -> tuple[str, ...]:
    """Read one name or a list of names."""
    return (written,) if isinstance(written, str) else tuple(map(str, written))


def allowed(data: Mapping[str, Any], names: Iterable[str], where: str) -> None:
    """Refuse a key that means nothing."""
    known = set(names)
    for name in data:
        if name not in known:
            raise BadMapping(
                _("%(where)s: “%(name)s” is not allowed. Allowed: %(allowed)s.")
                % {"where": where, "name": name, "allowed": ", ".join(sorted(known))}
            )


def plain(name: str) -> str:
    """Give the key by which two names of a column are the same: case and spaces do not count."""
    return " ".join(name.replace("_", " ").casefold().split())


def recognised(headers: Sequence[str]) -> Iterator[str]:
    """Name the presets whose columns these headers have, the one that asks for most first."""
    there = {plain(header) for header in headers}
    fitting = [
        (-len(names), key)
        for key, mapping in presets().items()
        for names in mapping.recognised_by
        if {plain(name) for name in names} <= there
    ]
    yield from dict.fromkeys(key for _size, key in sorted(fitting))


def chosen(name: str, headers: Sequence[str]) -> Preset:
    """Find the mapping that was named, or that the columns tell. Raises BadMapping.

    “attest” stands for the project's own columns, of whichever table the file is.
    """
    known = presets()
    fitting = list(recognised(headers))
    if name in known:
        return known[name]
    own = [key for key in fitting if key.startswith(name)] if name else fitting
    if not own:
        names = sorted({key.removesuffix("-claims").removesuffix("-incidents") for key in known})
        what = (
            _("“%s” is no mapping for these columns") % name
            if name
            else _("No mapping has these columns")
        )
        raise BadMapping(
            _("%(what)s: %(columns)s. Allowed: %(names)s, or a .toml file.")
            % {"what": what, "columns": ", ".join(headers)[:300], "names": ", ".join(names)}
        )
    return known[own[0]]
