"""Moves rows from one record to another, and writes down what moved so that it can move back.

One rule: every row moved, taken out or put back is saved with its author and reason; incidents
are the exception: their columns are set here and their history is written by `actions.revise`.
Called by merges and their undoing alone, inside their transaction.
"""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from django.contrib.auth.models import Group
from django.db import IntegrityError, models, transaction

from incidents.actions import save
from incidents.chunks import in_chunks
from incidents.models import (
    Article,
    Claim,
    ClaimStep,
    Incident,
    IncidentLink,
    IncidentPlace,
    Place,
    PlaceAncestor,
    PlaceName,
    Source,
    SourceAlias,
    User,
)

# What can move: the rows of a table, and the column that names the record they belong to.
POINTERS: dict[str, tuple[type[models.Model], str]] = {
    "claim.incident": (Claim, "incident"),
    "claim.source": (Claim, "source"),
    "claim.place": (Claim, "place"),
    "claimstep.source": (ClaimStep, "source"),
    "article.publisher": (Article, "publisher"),
    "article.credit": (Article, "credit"),
    "incidentplace.incident": (IncidentPlace, "incident"),
    "incidentplace.place": (IncidentPlace, "place"),
    "incidentlink.ends": (IncidentLink, "ends"),
    "incident.wave": (Incident, "wave"),
    "incident.nationality": (Incident, "nationality"),
    "incident.sending": (Incident, "sending"),
    "incident.receiving": (Incident, "receiving"),
    "source.parent": (Source, "parent"),
    "source.country": (Source, "country"),
    "place.parent": (Place, "parent"),
}
REMOVABLE: dict[str, type[models.Model]] = {
    "incidentplace": IncidentPlace,
    "incidentlink": IncidentLink,
}
NAMES: dict[str, type[models.Model]] = {"source": SourceAlias, "place": PlaceName}
CHUNK = 500


@dataclass(slots=True)
class Ledger:
    """What one merge moved: keys of rows by pointer, rows taken out, names given, what was before.

    `left` holds rows of the gone record that the survivor had already. `groups` maps an incident
    to the groups it was kept to before and after.
    """

    moved: dict[str, list[int]] = field(default_factory=dict)
    left: dict[str, list[int]] = field(default_factory=dict)
    removed: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    names: list[int] = field(default_factory=list)
    groups: dict[str, list[list[int]]] = field(default_factory=dict)
    status: str = ""
    wave: int | None = None

    def written(self) -> dict[str, Any]:
        """Give it as it is stored with the merge."""
        return asdict(self)

    def footprint(self) -> set[tuple[str, int]]:
        """List what the merge changed, as pointer and key; a row taken out or left counts whole."""
        whole = {(table, row["id"]) for table, rows in self.removed.items() for row in rows}
        whole |= {(table, key) for table, keys in self.left.items() for key in keys}
        changed = {(pointer, key) for pointer, keys in self.moved.items() for key in keys}
        return changed | {
            (pointer, key)
            for pointer in POINTERS
            for table, key in whole
            if pointer.partition(".")[0] == table
        }


@dataclass(slots=True)
class Mover:
    """Moves rows for one person and one reason, and keeps the ledger of it."""

    by: User
    why: str
    ledger: Ledger = field(default_factory=Ledger)

    def move(self, pointer: str, rows: models.QuerySet, *, old: int, new: int) -> list[int]:
        """Have these rows name another record in place of the old one; note and list their keys.

        A row that would stand twice then stays where it is.
        """
        moved = moved_rows(pointer, rows, old=old, new=new, by=self.by, why=self.why)
        if moved:
            self.ledger.moved[pointer] = sorted({*self.ledger.moved.get(pointer, []), *moved})
        return moved

    def move_all(self, pointers: Iterable[str], *, old: int, new: int) -> None:
        """Have every row of these pointers that names the old record name the other."""
        for pointer in pointers:
            model, column = POINTERS[pointer]
            self.move(pointer, model._base_manager.filter(**{column: old}), old=old, new=new)

    def remove(self, row: models.Model) -> None:
        """Take a row out; its history keeps it, and the ledger what it held."""
        table = row._meta.model_name
        held = {column.attname: getattr(row, column.attname) for column in row._meta.fields}
        self.ledger.removed.setdefault(table, []).append(held)
        row._history_user, row._change_reason = self.by, self.why
        row.delete()

    def restrict(self, incident: Incident, groups: Iterable[int]) -> None:
        """Keep an incident to these groups (by key), and note those it was kept to."""
        before, after = sorted(groups_of(incident)), sorted(groups)
        if before != after:
            self.ledger.groups[str(incident.pk)] = [before, after]
            keep_to(incident, after, by=self.by, why=self.why)


def moved_rows(
    pointer: str, rows: models.QuerySet, *, old: int, new: int, by: User, why: str
) -> list[int]:
    """Write the move of some rows; list the keys of those that could move."""
    model, column = POINTERS[pointer]
    if model in (Incident, Place):
        return moved_at_once(model, column, rows, new=new, by=by, why=why)
    return [
        row.pk
        for row in rows.order_by("pk")
        if saved_elsewhere(row, column, old=old, new=new, by=by, why=why)
    ]


def moved_at_once(
    model: type[models.Model], column: str, rows: models.QuerySet, *, new: int, by: User, why: str
) -> list[int]:
    """Move rows by one statement: a place saved walks the tree, incidents are revised later."""
    keys = list(rows.order_by("pk").values_list("pk", flat=True))
    model._base_manager.filter(pk__in=keys).update(**{column: new})
    if model is Place and keys:
        places = list(Place.objects.filter(pk__in=keys))
        Place.history.bulk_history_create(
            places, update=True, default_user=by, default_change_reason=why
        )
        below = PlaceAncestor.objects.filter(ancestor__in=keys).values("place")
        PlaceAncestor.objects.refresh(Place.objects.filter(pk__in=below))
    return keys


def saved_elsewhere(
    row: models.Model, column: str, *, old: int, new: int, by: User, why: str
) -> bool:
    """Save a row with another record in place of the old one; False where that stands already."""
    swap(row, column, old, new)
    try:
        with transaction.atomic():
            save(row, by=by, why=why)
    except IntegrityError:
        return False
    return True


def swap(row: models.Model, column: str, old: int, new: int) -> None:
    """Have a row name another record; the ends of a link keep the order that its kind asks for."""
    if column != "ends":
        setattr(row, f"{column}_id", new)
        return
    ends = [new if end == old else end for end in (row.first_id, row.second_id)]
    if row.kind == IncidentLink.Kind.SAME_PEOPLE:
        ends.sort()
    row.first_id, row.second_id = ends


def rows_naming(pointer: str, record: int, keys: Sequence[int]) -> models.QuerySet:
    """Ask for those of some rows that name a record."""
    model, column = POINTERS[pointer]
    rows = model._base_manager.filter(pk__in=keys)
    if column == "ends":
        return rows.filter(models.Q(first=record) | models.Q(second=record))
    return rows.filter(**{column: record})


def moved_back(
    pointer: str, keys: Sequence[int], *, old: int, new: int, by: User, why: str
) -> list[int]:
    """Move rows back; list the keys of those that still stand but belong elsewhere by now."""
    back, there = set(), set()
    for chunk in in_chunks(keys, CHUNK):
        rows = rows_naming(pointer, old, chunk)
        back.update(moved_rows(pointer, rows, old=old, new=new, by=by, why=why))
        model = POINTERS[pointer][0]
        there.update(model._base_manager.filter(pk__in=chunk).values_list("pk", flat=True))
    return sorted(there - back)


def put_back(removed: dict[str, list[dict[str, Any]]], *, by: User, why: str) -> None:
    """Enter rows again that a merge took out, under the keys they had; one that stands is left."""
    for table, rows in removed.items():
        for held in rows:
            try:
                with transaction.atomic():
                    save(REMOVABLE[table](**held), by=by, why=why)
            except IntegrityError:
                continue  # somebody entered the same meanwhile


def groups_of(incident: Incident) -> set[int]:
    """List the groups that an incident is kept to, by key."""
    return set(incident.restricted_to.values_list("pk", flat=True))


def keep_to(incident: Incident, groups: Iterable[int], *, by: User, why: str) -> None:
    """Keep an incident to these groups, with who and why in its history."""
    incident._history_user, incident._change_reason = by, why
    incident.restricted_to.set(Group.objects.filter(pk__in=list(groups)))
