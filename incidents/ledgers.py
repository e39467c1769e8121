"""Writes what a merge moved without the keys of one database, and reads it back in another.

One rule: places go by code, groups by name, names of places by what they say; all other records
keep their keys. What is not in the package is taken out. Called by packing and restoring.
"""

from collections.abc import Callable, Container, Iterable, Mapping
from dataclasses import fields
from typing import Any

from django.utils.translation import gettext as _

from incidents.models import choices
from incidents.moving import NAMES, POINTERS, REMOVABLE, Ledger
from incidents.packed import table_of

PLACE = choices.MergeKind.PLACE
PARTS = [part.name for part in fields(Ledger)]
ENDS = {"incident_id": "incidents", "first_id": "incidents", "second_id": "incidents"}
Swap = Callable[[Any], Any]  # gives None for what is not there


def written(moved: dict[str, Any], kind: str, names: "Names") -> dict[str, Any]:
    """Write a ledger for every database."""
    return swapped(Ledger(**moved), kind, names)


def read(moved: Any, kind: str, names: "Names") -> dict[str, Any]:
    """Read a ledger for this database. Raises ValueError with a sentence."""
    if not isinstance(moved, dict) or sorted(moved) != sorted(PARTS):
        raise ValueError(_("it is not what a merge writes down"))
    try:
        return swapped(Ledger(**moved), kind, names)
    except (TypeError, ValueError, KeyError, AttributeError):
        raise ValueError(_("it is not what a merge writes down")) from None


class Names:
    """What stands for what: places, groups and names of places, and which records are there.

    One instance swaps keys for texts, another texts for keys.
    """

    def __init__(
        self, *, places: Swap, groups: Swap, place_names: Swap, there: Mapping[str, Container[int]]
    ) -> None:
        self.places, self.groups, self.place_names = places, groups, place_names
        self.there = there

    def record(self, table: str, key: Any) -> Any:
        """Swap what names a record; None where it is not there."""
        if table == "places":
            return self.places(key)
        return whole(key) if whole(key) in self.there[table] else None


def swapped(ledger: Ledger, kind: str, names: Names) -> dict[str, Any]:
    """Swap every key of a ledger that other databases do not share."""
    swap_name = names.place_names if kind == PLACE else lambda key: alias(key, names)
    return {
        "moved": {
            pointer: kept(lambda key, p=pointer: names.record(table_behind(p), key), keys)
            for pointer, keys in sorted(ledger.moved.items())
        },
        "left": {
            table: kept(lambda key, t=table: names.record(table_of(REMOVABLE[t]).name, key), keys)
            for table, keys in sorted(ledger.left.items())
        },
        "removed": {
            table: kept(lambda row, t=table: row_of(t, row, names), rows)
            for table, rows in sorted(ledger.removed.items())
        },
        "names": kept(swap_name, ledger.names),
        "groups": {
            str(int(incident)): [kept(names.groups, side) for side in two(sides)]
            for incident, sides in sorted(ledger.groups.items())
            if names.record("incidents", int(incident))
        },
        "status": one_of(ledger.status, ["", *choices.Status.values]),
        "wave": ledger.wave and names.record("incidents", ledger.wave),
    }


def kept(swap: Swap, things: Iterable[Any]) -> list[Any]:
    """Swap each, and leave out what is not there."""
    return [made for thing in listed(things) if (made := swap(thing)) is not None]


def table_behind(pointer: str) -> str:
    """Name the file that holds the rows of a pointer."""
    return table_of(POINTERS[pointer][0]).name


def alias(key: Any, names: Names) -> Any:
    """Swap the key of another name of a source."""
    return names.record(table_of(NAMES["source"]).name, key)


def row_of(table: str, row: dict[str, Any], names: Names) -> dict[str, Any] | None:
    """Swap what a row that was taken out refers to; None where that is not there."""
    columns = [field.attname for field in REMOVABLE[table]._meta.concrete_fields]
    if sorted(row) != sorted(columns):
        raise ValueError(row)
    made = {}
    for column in columns:
        value = row[column]
        if column == "place_id":
            value = names.places(value)
        elif column in ENDS:
            value = names.record(ENDS[column], value)
        elif column == "id":
            value = whole(value)
        else:
            value = one_of(value, known_codes(table, column))
        if value is None:
            return None
        made[column] = value
    return made


def known_codes(table: str, column: str) -> list[str] | None:
    """List the codes that a column may hold; None where it holds any text."""
    field = REMOVABLE[table]._meta.get_field(column)
    return [code for code, _label in field.flatchoices] if field.choices else None


def one_of(value: Any, allowed: list[str] | None) -> str:
    """Refuse what is no text, or not among the codes."""
    if (
        not isinstance(value, str)
        or "\0" in value
        or (allowed is not None and value not in allowed)
    ):
        raise ValueError(value)
    return value


def whole(value: Any) -> int:
    """Refuse what is no key."""
    if type(value) is not int or not 0 < value < 2**63:
        raise ValueError(value)
    return value


def listed(value: Any) -> list[Any]:
    """Refuse what is no list."""
    if not isinstance(value, list):
        raise TypeError(value)
    return value


def two(value: Any) -> list[Any]:
    """Refuse what has not two sides."""
    if len(listed(value)) != 2:
        raise ValueError(value)
    return value


def places_in(moved: dict[str, Any]) -> set[int]:
    """List the places, by key, that a ledger needs: those of rows that were taken out."""
    return {row["place_id"] for row in moved.get("removed", {}).get("incidentplace", [])}


def groups_in(moved: dict[str, Any]) -> set[int]:
    """List the groups, by key, that a ledger names."""
    return {key for sides in moved.get("groups", {}).values() for side in sides for key in side}


def removed_keys(moved: dict[str, Any], table: str) -> list[int]:
    """List the keys of rows that were taken out, which may be put back under them."""
    return [row["id"] for row in moved["removed"].get(table, [])]
