"""Keeps every stored derived column true: figures, flags, sort rows, link rows, sums and knots.

One rule: what `settle` writes is exactly what `deriving.derive` computes from the records, so a
check can prove it at any time. Forms, actions and imports call it in the transaction that changed
a record; it writes only what differs.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter, itemgetter
from typing import Any

from django.db import models, transaction
from django.db.models import Exists, OuterRef

from incidents import bulk
from incidents.chunks import in_chunks
from incidents.deriving import NO_DAY, Derived, derive
from incidents.gathering import INCIDENT_FIELDS
from incidents.knots import settle_knots
from incidents.models import (
    Article,
    Category,
    Claim,
    Incident,
    IncidentFigure,
    IncidentRegion,
    IncidentSource,
    IncidentText,
    text_key,
)
from incidents.summing import Changes, no_changes, put, store
from incidents.turns import wait_for_turn

CHUNK = 2_000
LINK_ROWS = {
    "figures": (IncidentFigure, ("incident_id", "measure")),
    "regions": (IncidentRegion, ("incident_id", "place_id", "role")),
    "sources": (IncidentSource, ("incident_id", "source_id", "part")),
    "texts": (IncidentText, ("incident_id", "key")),
}
FLAGGED = {"incidents": Incident, "claims": Claim}


@dataclass(frozen=True, slots=True)
class Difference:
    """One stored row that is not what the records say; None stands for a missing row."""

    table: str
    key: Any
    stored: dict[str, Any] | None
    derived: dict[str, Any] | None


def settle(incidents: Iterable[int]) -> int:
    """Bring the derived columns of these incidents (by key), sums and knots up to date.

    Locks them first, so that two people who add claims to one incident at once both end up in
    its figure. Returns how many stored rows had to change.
    """
    changed = 0
    for keys in in_chunks(sorted(set(incidents)), CHUNK):
        with transaction.atomic():
            wait_for_turn()
            locked = Incident.objects.select_for_update().filter(pk__among=keys)
            list(locked.order_by("pk").values_list("pk"))
            stored, due = all_stored(keys), derive(keys)
            found = differing(stored, due)
            for table, rows in groupby(found, attrgetter("table")):
                write(table, list(rows))
            store(changes_of_sums(stored, due, found))
            changed += len(found) + settle_knots(keys)
    return changed


def settle_new(columns: Sequence[str], rows: Iterable[Sequence]) -> int:
    """Insert incidents that nobody has yet, each with all that follows from it, and their sums.

    The columns (attnames) begin with the key. What refers to these incidents, such as claims and
    places, stands already: the database asks for the incident when the transaction ends. Many
    times as quick as inserting first and settling then. Returns how many there were.
    """
    changes, made = no_changes(), 0
    with bulk.uncollected(), transaction.atomic():
        wait_for_turn()
        for chunk in in_chunks(rows, CHUNK):
            due = derive([row[0] for row in chunk], arriving(columns, chunk))
            stored = Derived(claims=read_stored("claims", list(due.incidents)))
            write("claims", differing(stored, Derived(claims=due.claims)))
            insert_derived(columns, chunk, due, changes)
            made += len(chunk)
        store(changes)
    return made


def insert_derived(
    columns: Sequence[str], rows: Sequence[Sequence], due: Derived, changes: Changes
) -> None:
    """Insert incidents, in the order of what was derived for them, and all but claims and sums.

    What they add to the sums is put to the changes, which whoever calls is to store.
    """
    follow = [tuple(map(row.get, Incident.DERIVED)) for row in due.incidents.values()]
    whole = ((*row, *more) for row, more in zip(rows, follow, strict=True))
    bulk.insert(Incident, [*columns, *Incident.DERIVED], whole)
    for table in LINK_ROWS:
        put_links(table, getattr(due, table))
    put(changes, due.figures, due.regions, times=1)
    settle_knots([key for key, row in due.incidents.items() if row["tied"]])


def arriving(columns: Sequence[str], rows: Iterable[Sequence]) -> Iterator[dict[str, Any]]:
    """Give incidents that are not stored yet as `gathering` would read them."""
    measures = dict(Category.objects.values_list("pk", "measure"))
    fields = [name for name in INCIDENT_FIELDS if "__" not in name]
    usual = {name: Incident._meta.get_field(name).get_default() for name in fields}
    for row in rows:
        given = {**usual, **dict(zip(columns, row, strict=True))}
        yield {**given, "category__measure": measures[given["category_id"]]}


def settle_articles(articles: Iterable[int]) -> None:
    """Bring these articles' restriction, and every incident they speak about, up to date."""
    keys = list(articles)
    closed = Exists(Article.restricted_to.through.objects.filter(article=OuterRef("pk")))
    with transaction.atomic():
        wait_for_turn()
        Article.objects.filter(closed, pk__among=keys, restricted=False).update(restricted=True)
        Article.objects.filter(~closed, pk__among=keys, restricted=True).update(restricted=False)
        spoken_of = Claim.objects.filter(article__in=keys).values_list("incident_id", flat=True)
        settle(spoken_of.order_by())


def differences(keys: Sequence[int]) -> list[Difference]:
    """Compare what is stored for these incidents with what their records say."""
    return differing(all_stored(keys), derive(keys))


def differing(stored: Derived, due: Derived) -> list[Difference]:
    """List the rows that are stored otherwise than they should be."""
    found = []
    for table in (*FLAGGED, *LINK_ROWS):
        there: dict[Any, dict[str, Any]] = getattr(stored, table)
        right: dict[Any, dict[str, Any]] = getattr(due, table)
        found += [
            Difference(table, key, there.get(key), right.get(key))
            for key in right.keys() | there.keys()
            if there.get(key) != right.get(key)
        ]
    return found


def changes_of_sums(stored: Derived, due: Derived, found: Sequence[Difference]) -> Changes:
    """Say what the rows that differ change in the table of sums."""
    moved = {d.key[0] for d in found if d.table in ("figures", "regions")}
    changes = no_changes()
    for rows, times in ((stored, -1), (due, 1)):
        figures, regions = (
            {key: row for key, row in table.items() if key[0] in moved}
            for table in (rows.figures, rows.regions)
        )
        put(changes, figures, regions, times=times)
    return changes


def all_stored(keys: Sequence[int]) -> Derived:
    """Read everything that is stored of what `derive` computes."""
    return Derived(**{table: read_stored(table, keys) for table in (*FLAGGED, *LINK_ROWS)})


def read_stored(table: str, keys: Sequence[int]) -> dict[Any, dict[str, Any]]:
    """Read the stored derived columns of these incidents, in the shape `derive` returns."""
    if table == "incidents":
        rows = Incident.objects.filter(pk__among=keys).order_by()
        return {row.pop("id"): row for row in rows.values("id", *Incident.DERIVED)}
    if table == "claims":
        rows = Claim.objects.filter(incident__among=keys).order_by()
        return {row.pop("id"): row for row in rows.values("id", *Claim.DERIVED)}
    model, identity = LINK_ROWS[table]
    columns = derived_columns(model, identity)
    rows = stored_rows(model, keys).order_by().values(*identity, *columns)
    return {
        tuple(row[name] for name in identity): {name: row[name] for name in columns} for row in rows
    }


def stored_rows(model: type[models.Model], keys: Sequence[int]) -> models.QuerySet:
    """Find the link rows of these incidents; those of words by the keys that they can have."""
    if model is not IncidentText:
        return model.objects.filter(incident__among=keys)
    incidents = Incident.objects.filter(pk__among=keys).order_by()
    days = incidents.values_list("pk", "sort_day", "earliest", "latest")
    return model.objects.filter(
        pk__in={
            text_key(day, key)
            for key, stored, earliest, latest in days
            for day in (stored, earliest or latest or NO_DAY)
        }
    )


def derived_columns(model: type[models.Model], identity: Sequence[str]) -> list[str]:
    """List the columns of a link row that are not part of its identity."""
    names = [field.attname for field in model._meta.concrete_fields]
    return [name for name in names if name not in ("id", *identity)]


def write(table: str, found: Sequence[Difference]) -> None:
    """Store what the records say, for the rows of one table that differ."""
    due = {d.key: d.derived for d in found if d.derived is not None}
    if table in FLAGGED:
        columns = FLAGGED[table].DERIVED
        rows = ((key, *map(row.get, columns)) for key, row in sorted(due.items()))
        bulk.update(FLAGGED[table], "id", columns, rows)
        return
    remove(*LINK_ROWS[table], [d.key for d in found if d.stored is not None])
    put_links(table, due)


def put_links(table: str, due: Mapping[tuple, dict[str, Any]]) -> None:
    """Insert link rows; words in the order of their keys, which costs SQLite half as much."""
    model, identity = LINK_ROWS[table]
    columns = derived_columns(model, identity)
    keys = sorted(due, key=itemgetter(-1)) if table == "texts" else due
    bulk.insert(model, [*identity, *columns], ((*key, *map(due[key].get, columns)) for key in keys))


def remove(model: type[models.Model], identity: Sequence[str], gone: Sequence[tuple]) -> None:
    """Take link rows away that are named by their identity."""
    if not gone:
        return
    if model is IncidentText:
        model.objects.filter(pk__in=[key for _incident, key in gone]).delete()
        return
    wanted = set(gone)
    rows = model.objects.filter(incident__in={key[0] for key in gone}).values_list("pk", *identity)
    model.objects.filter(pk__in=[pk for pk, *key in rows if tuple(key) in wanted]).delete()


def misrestricted_articles() -> list[int]:
    """Find articles whose restriction flag does not say what their groups say."""
    closed = Exists(Article.restricted_to.through.objects.filter(article=OuterRef("pk")))
    return list(
        Article.objects.annotate(closed=closed)
        .exclude(restricted=models.F("closed"))
        .values_list("pk", flat=True)
    )
