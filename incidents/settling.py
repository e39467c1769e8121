"""Keeps every stored derived column true: figures, flags, sort rows, link rows, sums and knots.

One rule: what `settle` writes is exactly what `deriving.derive` computes from the records, so a
check can prove it at any time. Forms, actions and imports call it in the transaction that changed
a record; it writes only what differs.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import models, transaction
from django.db.models import Exists, OuterRef

from incidents.chunks import in_chunks
from incidents.deriving import NO_DAY, Derived, derive
from incidents.knots import settle_knots
from incidents.models import (
    Article,
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
    for keys in in_chunks(sorted(set(incidents))):
        with transaction.atomic():
            wait_for_turn()
            list(Incident.objects.select_for_update().filter(pk__in=keys).order_by("pk"))
            stored, due = all_stored(keys), derive(keys)
            found = differing(stored, due)
            for table in {difference.table for difference in found}:
                write(table, [difference for difference in found if difference.table == table])
            store(changes_of_sums(stored, due, found))
            changed += len(found) + settle_knots(keys)
    return changed


def settle_articles(articles: Iterable[int]) -> None:
    """Bring these articles' restriction, and every incident they speak about, up to date."""
    keys = list(articles)
    closed = Exists(Article.restricted_to.through.objects.filter(article=OuterRef("pk")))
    with transaction.atomic():
        wait_for_turn()
        Article.objects.filter(closed, pk__in=keys, restricted=False).update(restricted=True)
        Article.objects.filter(~closed, pk__in=keys, restricted=True).update(restricted=False)
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
            for key in {*right, *there}
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
        rows = Incident.objects.filter(pk__in=keys).order_by()
        return {row.pop("id"): row for row in rows.values("id", *Incident.DERIVED)}
    if table == "claims":
        rows = Claim.objects.filter(incident__in=keys).order_by()
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
        return model.objects.filter(incident__in=keys)
    incidents = Incident.objects.filter(pk__in=keys).order_by()
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
    if table in FLAGGED:
        model = FLAGGED[table]
        rows = [model(pk=difference.key, **difference.derived) for difference in found]
        columns = [name.removesuffix("_id") for name in model.DERIVED]
        model.objects.bulk_update(rows, columns, batch_size=100)
        return
    model, identity = LINK_ROWS[table]
    gone = [dict(zip(identity, d.key, strict=True)) for d in found if d.stored is not None]
    for row in gone:
        model.objects.filter(**row).delete()
    model.objects.bulk_create(
        [
            model(**dict(zip(identity, d.key, strict=True)), **d.derived)
            for d in found
            if d.derived is not None
        ],
        batch_size=500,
    )


def misrestricted_articles() -> list[int]:
    """Find articles whose restriction flag does not say what their groups say."""
    closed = Exists(Article.restricted_to.through.objects.filter(article=OuterRef("pk")))
    return list(
        Article.objects.annotate(closed=closed)
        .exclude(restricted=models.F("closed"))
        .values_list("pk", flat=True)
    )
