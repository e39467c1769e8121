"""Finds stored incidents that may be what a file brings: same kind of act, place and first day.

One rule: it warns and never decides; nobody is told of what is restricted. Each pair of place and
day is looked up by itself, which stays quick beside a million stored incidents. Called by planning.
"""

import datetime as dt
import json
from collections.abc import Collection, Iterator, Sequence

from django.db import connection
from django.db.models import F
from django.db.models.expressions import RawSQL

from incidents.models import IncidentRegion, choices

Alike = tuple[int, int, dt.date]  # category, place, first day
TABLE = IncidentRegion._meta.db_table
PAIRS = {
    "postgresql": "unnest(%s::bigint[], %s::date[]) pair (place, day)",
    "sqlite": "(SELECT value ->> 0 place, value ->> 1 day FROM json_each(%s)) pair",
}


def stored_alike(new: Collection[Alike], dataset: str) -> Iterator[tuple[Alike, int]]:
    """Find stored incidents of other data sets that are alike: what they share, and their keys."""
    if not new:
        return
    pairs = sorted({(place, day) for _category, place, day in new})
    found = IncidentRegion.objects.filter(
        pk__in=regions_of(pairs),
        incident__status__in=[choices.Status.PUBLISHED, choices.Status.IN_REVIEW],
        incident__restricted=False,
        incident__earliest=F("sort_day"),
    ).exclude(incident__origins__dataset=dataset)
    columns = ("incident__category_id", "place_id", "sort_day", "incident_id")
    for *shared, key in found.values_list(*columns):
        if tuple(shared) in new:
            yield tuple(shared), key


def regions_of(pairs: Sequence[tuple[int, dt.date]]) -> RawSQL:
    """Select the rows of exactly these places and days, whatever the role."""
    statement = (
        f"SELECT region.id FROM {PAIRS[connection.vendor]} CROSS JOIN {TABLE} region"  # noqa: S608
        " WHERE region.place_id = pair.place AND region.role = '' AND region.sort_day = pair.day"
    )
    places, days = zip(*pairs, strict=True)
    if connection.vendor == "postgresql":
        return RawSQL(statement, [list(places), list(days)])  # noqa: S611
    by_text = [(place, day.isoformat()) for place, day in pairs]
    return RawSQL(statement, [json.dumps(by_text)])  # noqa: S611
