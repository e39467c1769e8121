"""Writes a mapping as TOML, so that it can be kept with an import, taken away and used again.

One rule: what `presets.read` reads from it is the same mapping. Called by the mapping page. Pure.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from incidents.importing.presets import Preset, Section, Value

BARE = re.compile(r"[A-Za-z0-9_-]+")
TEXTS = ("name", "title", "about", "terms", "publisher", "rows")
LISTS = ("id", "keep", "derived", "notes")


def written(preset: Preset) -> str:
    """Write a mapping as TOML."""
    return "\n".join(lines_of(preset)) + "\n"


def lines_of(preset: Preset) -> Iterator[str]:
    """Write a mapping line by line."""
    for name in TEXTS:
        if text := getattr(preset, name):
            yield f"{name} = {text_of(text)}"
    if preset.recognised_by:
        listed = [list_of(map(text_of, names)) for names in preset.recognised_by]
        yield f"recognised_by = {list_of(listed)}"
    for name in LISTS:
        if names := getattr(preset, name):
            yield f"{name} = {names_of(names)}"
    if preset.columns:
        yield from ("", "[columns]")
        for name, columns in preset.columns.items():
            yield f"{key_of(name)} = {names_of(columns)}"
    for target, words in preset.values.items():
        if words:
            yield from ("", f"[values.{key_of(target)}]")
            yield from (f"{key_of(word)} = {text_of(code)}" for word, code in words.items())
    yield from ("", "[incident]", *section_of(preset.incident))
    parts = {"place": preset.places, "claim": preset.claims, "assessment": preset.assessments}
    for kind, sections in parts.items():
        for section in sections:
            yield from ("", f"[[{kind}]]", *section_of(section))


def section_of(section: Section) -> Iterator[str]:
    """Write one part of a mapping."""
    if section.label:
        yield f"label = {text_of(section.label)}"
    if section.each:
        yield f"each = {value_of(section.each)}"
    if section.only:
        yield f"only = {text_of(section.only)}"
    for name in ("needs", "unless"):
        if names := getattr(section, name):
            yield f"{name} = {names_of(names)}"
    for name, value in section.values.items():
        yield f"{key_of(name)} = {value_of(value)}"


def value_of(value: Value) -> str:
    """Write one value: a column's name where it is no more than that."""
    said: dict[str, Any] = {
        name: names_of(names) for name in ("columns", "together") if (names := getattr(value, name))
    }
    said |= {
        name: text_of(text)
        for name in ("part", "value", "template")
        if (text := getattr(value, name))
    }
    if value.read != "text":
        said["read"] = text_of(value.read)
    if value.codes:
        said["codes"] = table_of({name: text_of(code) for name, code in value.codes.items()})
    return said["columns"] if said.keys() == {"columns"} else table_of(said)


def table_of(said: Mapping[str, str]) -> str:
    """Write a table in one line."""
    return "{ " + ", ".join(f"{key_of(name)} = {text}" for name, text in said.items()) + " }"


def list_of(written: Iterable[Any]) -> str:
    """Write a list of what is written already, or of names."""
    return "[" + ", ".join(written) + "]"


def names_of(names: Iterable[str]) -> str:
    """Write one name, or a list of several."""
    texts = [text_of(name) for name in names]
    return texts[0] if len(texts) == 1 else list_of(texts)


def key_of(name: str) -> str:
    """Write a key."""
    return name if BARE.fullmatch(name) else text_of(name)


def text_of(text: str) -> str:
    """Write a text: JSON's marks are TOML's, except that TOML wants the delete character marked."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007F")
