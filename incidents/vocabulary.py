"""Matches the accounts, groups, categories and places of a package with those of this database.

One rule: matched by name or code; what is missing is made, what differs becomes as packed, and
what this database has beside them is left alone. Called by restoring, inside its transaction.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.models import Group
from django.db import DataError, IntegrityError, models, transaction
from django.utils.translation import gettext as _

from incidents import bulk
from incidents.entering import rule_behind
from incidents.keysets import in_pieces
from incidents.models import Category, Place, PlaceAncestor, PlaceName, User
from incidents.names import fold
from incidents.packed import BY_NAME, EDITED, Table
from incidents.unpacking import Package, Row, Unrestorable, key_of, said
from incidents.verbatim import Read, reader, yes_or_no

BATCH = 500


@dataclass
class Resolver:
    """Reads the cells of a package as values of this database: texts typed, references found.

    `found` maps what names an account, group, category or place to its key here.
    """

    package: Package
    found: dict[str, dict[str, int]] = field(default_factory=dict)
    readers: dict[str, list[tuple[models.Field, Read | None]]] = field(default_factory=dict)

    def values(self, table: Table, row: Row, *, without: Sequence[str] = ()) -> dict[str, Any]:
        """Read a row, by the names of the database's columns."""
        readers = self.readers.get(table.name)
        if readers is None:
            readers = self.readers[table.name] = [
                (column, None if column.is_relation else reader(column)) for column in table.fields
            ]
        made = {}
        for column, read in readers:
            if column.name in without:
                continue
            if read is None:
                made[column.attname] = self.reference(table, row, column)
            else:
                made[column.attname] = value(table, row, column.name, read)
        return made

    def reference(self, table: Table, row: Row, column: models.Field) -> int | None:
        """Find the record that a cell names."""
        text = row.cells[column.name]
        if text == "":
            if not column.null:
                raise said(table, row, _("it may not be empty"), column.name)
            return None
        to = BY_NAME[table.references[column.name]]
        if to.named_by:
            key = self.found[to.name].get(text)
        else:
            key = key_of(table, row, column.name)
            key = key if key in self.package.keys[to.name] else None
        if key is None:
            raise said(table, row, _("there is no such row in %s") % to.file, column.name)
        return key


def value(table: Table, row: Row, column: str, read: Callable[[str], Any]) -> Any:
    """Read one cell. Raises Unrestorable with file, row, column, value and what is allowed."""
    try:
        return read(row.cells[column])
    except ValueError as refusal:
        raise said(table, row, str(refusal), column) from refusal


@dataclass
class Matched:
    """What was matched: names made here, by table."""

    accounts: list[str] = field(default_factory=list)
    groups: list[str] = field(default_factory=list)
    categories: list[str] = field(default_factory=list)
    places: list[str] = field(default_factory=list)


def match(resolver: Resolver, *, by: User, why: str) -> Matched:
    """Match everything that rows refer to by a name, and make what is missing."""
    matched = Matched()
    with refusing(BY_NAME["users"]) as table:
        matched.accounts = match_named(resolver, table, locked_account)
    with refusing(BY_NAME["groups"]) as table:
        matched.groups = match_named(resolver, table, lambda name: Group(name=name))
    with refusing(BY_NAME["categories"]) as table:
        matched.categories = match_categories(resolver, table, by=by, why=why)
    with refusing(BY_NAME["places"]) as table:
        matched.places = match_places(resolver, table, by=by, why=why)
    with refusing(BY_NAME["place_names"]) as table:
        match_place_names(resolver, table)
    return matched


@contextmanager
def refusing(table: Table) -> Iterator[Table]:
    """Say in a sentence what the database refuses of a file."""
    try:
        with transaction.atomic():
            yield table
    except (IntegrityError, DataError) as error:
        raise Unrestorable(f"{table.file}: {rule_behind(table.model, error)}") from error


def locked_account(name: str) -> User:
    """Make an account that nobody can sign in to until somebody lets them."""
    account = User(username=name, is_active=False)
    account.set_unusable_password()
    return account


def match_named(resolver: Resolver, table: Table, make: Callable[[str], models.Model]) -> list[str]:
    """Match records that are a name and nothing else; list those that were made."""
    column = table.named_by
    names = [resolver.values(table, row)[column] for row in resolver.package.rows(table)]
    there = known(table, names)
    missing = [make(name) for name in names if name not in there]
    table.model._base_manager.bulk_create(missing, batch_size=BATCH)
    resolver.found[table.name] = known(table, names)
    return [getattr(record, column) for record in missing]


def known(table: Table, names: Sequence[str]) -> dict[str, int]:
    """Map those of some names that this database has to the keys of their records."""
    found = {}
    for part in in_pieces(names, BATCH):
        rows = table.model._base_manager.filter(**{f"{table.named_by}__in": part})
        found.update(rows.values_list(table.named_by, "pk"))
    return found


def match_categories(resolver: Resolver, table: Table, *, by: User, why: str) -> list[str]:
    """Match categories by their codes."""
    wanted = [resolver.values(table, row) for row in resolver.package.rows(table)]
    there = Category.objects.in_bulk(field_name="code")
    made, changed = [], []
    for values in wanted:
        category = there.get(values["code"])
        if category is None:
            made.append(Category(**values))
        elif adopt(category, values):
            changed.append(category)
    Category.objects.bulk_create(made)
    if changed:
        Category.objects.bulk_update(changed, ["name", "definition", "measure", "position"])
    note(Category, made, changed, by=by, why=why)
    resolver.found["categories"] = known(table, [values["code"] for values in wanted])
    return [category.code for category in made]


def adopt(record: models.Model, values: dict[str, Any]) -> bool:
    """Set what differs; tell whether anything did."""
    differing = {name: new for name, new in values.items() if getattr(record, name) != new}
    for name, new in differing.items():
        setattr(record, name, new)
    return bool(differing)


def note(
    model: type[models.Model],
    made: Sequence[models.Model],
    changed: Sequence[models.Model],
    *,
    by: User | None,
    why: str,
) -> None:
    """Begin or continue the history of some records."""
    for records, kind in ((made, "+"), (changed, "~")):
        keys = sorted(record.pk for record in records)
        bulk.write_history(model, keys, by=by, why=why, kind=kind)


def match_places(resolver: Resolver, table: Table, *, by: User, why: str) -> list[str]:
    """Match places by their codes; larger ones come first.

    A place that a person edited where the package comes from is this person's here; any other
    goes on following the gazetteer.
    """
    rows = {row.cells["code"]: row for row in resolver.package.rows(table)}
    people = {code for code, row in rows.items() if value(table, row, EDITED, yes_or_no)}
    there: dict[str, Place] = {}
    for part in in_pieces(rows, BATCH):
        there.update({place.code: place for place in Place.objects.filter(code__in=part)})
    resolver.found["places"] = {code: place.pk for code, place in there.items()}
    made = make_places(resolver, table, [rows[code] for code in rows if code not in there])
    changed, moved = change_places(resolver, table, {**there, **made}, rows)
    refresh([*made.values()], moved)
    for mine, author in ((people, by), (rows.keys() - people, None)):
        note(
            Place,
            [place for code, place in made.items() if code in mine],
            [place for code, place in there.items() if code in mine & (changed | people)],
            by=author,
            why=why,
        )
    return [*made]


def make_places(resolver: Resolver, table: Table, rows: Sequence[Row]) -> dict[str, Place]:
    """Make the places that are missing, each after the one it lies in."""
    made: dict[str, Place] = {}
    known_codes = {"", *resolver.found["places"]}
    waiting = list(rows)
    while waiting:
        ready = [row for row in waiting if row.cells["parent"] in known_codes]
        if not ready:
            raise said(table, waiting[0], _("no place of that code can be made"), "parent")
        places = [Place(**resolver.values(table, row, without=["merged_into"])) for row in ready]
        insert_places(table, places)
        made.update({place.code: place for place in places})
        resolver.found["places"].update({place.code: place.pk for place in places})
        known_codes.update(place.code for place in places)
        waiting = [row for row in waiting if row.cells["code"] not in made]
    return made


def insert_places(table: Table, places: Sequence[Place]) -> None:
    """Store new places, each with a key of its own."""
    for key, place in zip(bulk.next_keys(Place, len(places)), places, strict=True):
        place.pk = key
    columns = ["id", *(column.attname for column in table.fields)]
    bulk.insert(Place, columns, ([getattr(place, name) for name in columns] for place in places))


def change_places(
    resolver: Resolver, table: Table, places: dict[str, Place], rows: dict[str, Row]
) -> tuple[set[str], list[int]]:
    """Bring places to what the package says; list the codes of all changed, the keys of moved."""
    changed, moved = [], []
    for code, row in rows.items():
        place = places[code]
        before = place.parent_id, place.kind
        if adopt(place, resolver.values(table, row)):
            changed.append(place)
        if before != (place.parent_id, place.kind):
            moved.append(place.pk)
    columns = [column.name for column in table.fields if column.name != "code"]
    if changed:
        Place.objects.bulk_update(changed, columns, batch_size=100)
    return {place.code for place in changed}, moved


def refresh(made: Sequence[Place], moved: Sequence[int]) -> None:
    """Work out anew what new and moved places, and all below them, lie in."""
    below = PlaceAncestor.objects.filter(ancestor__in=moved).values_list("place", flat=True)
    keys = {place.pk for place in made} | set(below)
    try:
        PlaceAncestor.objects.refresh(Place.objects.filter(pk__in=keys))
    except ValueError as circle:
        raise Unrestorable(f"places.csv: {circle}") from circle


def match_place_names(resolver: Resolver, table: Table) -> None:
    """Have the places of the package found by exactly the names that it has for them."""
    wanted: dict[tuple[int, str, str], bool] = {}
    for row in resolver.package.rows(table):
        values = resolver.values(table, row)
        wanted[values["place_id"], values["language"], values["name"]] = values["own"]
    there = {}
    for places in in_pieces(resolver.found["places"].values(), BATCH):
        names = PlaceName.objects.filter(place__in=places)
        there.update({(n.place_id, n.language, n.name): n for n in names})
    gone = [name.pk for key, name in there.items() if wanted.get(key) != name.own]
    for part in in_pieces(gone, BATCH):
        PlaceName.objects.filter(pk__in=part).delete()
    new = [
        (place, language, name, fold(name), own)
        for (place, language, name), own in wanted.items()
        if (place, language, name) not in there or there[place, language, name].own != own
    ]
    bulk.insert(PlaceName, ("place_id", "language", "name", "folded", "own"), new)
