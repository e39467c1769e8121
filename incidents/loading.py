"""Brings the gazetteer's places into the database and leaves alone what people edited there.

One rule: a place whose history has an author belongs to that person, its names and point
included, and so does a place that was merged; every other place follows the gazetteer. What the
gazetteer puts into a merged place lies in the one that stands for it. Called by the commands.
"""

import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, TextIO, TypeVar

from django.db import transaction

from incidents.gazetteer import PlaceRow
from incidents.mentions import incidents_at
from incidents.models import Place, PlaceAncestor, PlaceName, survivor_of
from incidents.names import fold
from incidents.settling import settle
from incidents.turns import wait_for_turn

REASON = "Gazetteer"
COLUMNS = ("kind", "parent_id", "name", "name_ko", "name_zh", "iso3", "latitude", "longitude")
BATCH = 500

Item = TypeVar("Item")


@dataclass(slots=True)
class Loaded:
    """What one load did: places added and updated, names added, codes kept as people left them."""

    added: int = 0
    updated: int = 0
    names: int = 0
    kept: list[str] = field(default_factory=list)


@transaction.atomic
def load_places(rows: Iterable[PlaceRow]) -> Loaded:
    """Add the places that are new and bring the others up to date; a second run changes nothing.

    Parents come before children. A person's place that differs from its row is reported as kept.
    Raises ValueError where a row lies in a place that is neither stored nor among the rows.
    """
    wait_for_turn()
    wanted = {row.code: row for row in rows}
    known = Place.objects.in_bulk(field_name="code")
    edited = edited_places()
    standing = [(known[code], row) for code, row in wanted.items() if code in known]
    differing = [(place, row) for place, row in standing if differs(place, row, known)]
    kept = sorted(place.code for place, _row in differing if place.pk in edited)
    changed = [pair for pair in differing if pair[0].pk not in edited]
    added = insert([row for code, row in wanted.items() if code not in known], known)
    update(changed, known)
    PlaceName.objects.refresh([*added, *(place for place, _row in changed)])
    ours = {known[code].pk: row for code, row in wanted.items() if known[code].pk not in edited}
    names = add_names(ours)
    settle(incidents_at([place.pk for place, _row in changed]))
    return Loaded(len(added), len(changed), names, kept)


def edited_places() -> set[int]:
    """List the places that a person made, edited or merged, by key."""
    edits = Place.history.filter(history_user__isnull=False).order_by()
    merged = Place.objects.exclude(merged_into=None).order_by()
    return {*edits.values_list("id", flat=True), *merged.values_list("pk", flat=True)}


def values_of(row: PlaceRow, known: dict[str, Place]) -> dict[str, Any]:
    """Say what a place's columns hold when they follow the gazetteer."""
    preferred = {language: name for language, name, is_preferred in row.names if is_preferred}
    return {
        "kind": row.kind,
        "parent_id": survivor_of(known[row.parent]).pk if row.parent else None,
        "name": row.name,
        "name_ko": preferred.get("ko", ""),
        "name_zh": preferred.get("zh", ""),
        "iso3": row.iso3,
        "latitude": degrees(row.latitude),
        "longitude": degrees(row.longitude),
    }


def degrees(number: float | None) -> Decimal | None:
    """Write a coordinate with the six places that the database keeps."""
    return None if number is None else Decimal(f"{number:.6f}")


def differs(place: Place, row: PlaceRow, known: dict[str, Place]) -> bool:
    """Tell whether a stored place says something else than the gazetteer."""
    if row.parent and row.parent not in known:
        return True
    return any(getattr(place, name) != value for name, value in values_of(row, known).items())


def insert(rows: Sequence[PlaceRow], known: dict[str, Place]) -> list[Place]:
    """Insert new places, larger ones first, and add them to the known ones."""
    added: list[Place] = []
    waiting = list(rows)
    while waiting:
        ready = [row for row in waiting if not row.parent or row.parent in known]
        if not ready:
            raise ValueError(
                f"{waiting[0].code} lies in “{waiting[0].parent}”, which is not in the gazetteer."
            )
        places = [Place(code=row.code, **values_of(row, known)) for row in ready]
        added += Place.objects.bulk_create(places, batch_size=BATCH)
        known.update({place.code: place for place in places})
        waiting = [row for row in waiting if row.code not in known]
    Place.history.bulk_history_create(added, batch_size=BATCH, default_change_reason=REASON)
    PlaceAncestor.objects.refresh(added)
    return added


def update(changed: Sequence[tuple[Place, PlaceRow]], known: dict[str, Place]) -> None:
    """Bring stored places up to date, and the tree below those that moved."""
    if not changed:
        return
    places, moved = [place for place, _row in changed], []
    for place, row in changed:
        values = values_of(row, known)
        if (place.kind, place.parent_id) != (values["kind"], values["parent_id"]):
            moved.append(place.pk)
        for name, value in values.items():
            setattr(place, name, value)
    Place.objects.bulk_update(places, COLUMNS, batch_size=BATCH)
    Place.history.bulk_history_create(places, update=True, default_change_reason=REASON)
    below = PlaceAncestor.objects.filter(ancestor__in=moved).values("place")
    PlaceAncestor.objects.refresh(Place.objects.filter(pk__in=below))


def add_names(rows: dict[int, PlaceRow]) -> int:
    """Add the names by which places (by key) are found and that are not there yet; count them."""
    present = set(PlaceName.objects.order_by().values_list("place_id", "language", "name"))
    missing = [
        PlaceName(place_id=place, language=language, name=name, folded=fold(name))
        for place, row in rows.items()
        for language, name in dict.fromkeys((language, name) for language, name, _ in row.names)
        if (place, language, name) not in present
    ]
    return len(PlaceName.objects.bulk_create(missing, batch_size=2000))


def shown(items: Sequence[Item], what: str, stream: TextIO | None = None) -> Iterator[Item]:
    """Hand the items on one by one; on a terminal, draw a bar of how far the work is."""
    stream = stream or sys.stderr
    on_terminal = stream.isatty()
    for done, item in enumerate(items):
        if on_terminal:
            filled = 30 * done // len(items)
            bar = "█" * filled + "·" * (30 - filled)
            stream.write(f"\r{what} {bar} {done:,} of {len(items):,}")
            stream.flush()
        yield item
    if on_terminal:
        stream.write("\r\x1b[K")
