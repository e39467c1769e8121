"""Keeps the table of sums true: what each change of figures and regions adds to it, or takes away.

One rule: the table follows the stored rows of figures and regions in the same transaction, and can
be computed from them anew at any time. Written through `settling` alone; read by `sums`.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from operator import add
from typing import Any

from django.db import connection, transaction
from django.db.models import Count, F, Q, QuerySet, Sum, Value
from django.db.models.functions import Coalesce

from incidents.chunks import in_chunks
from incidents.models import ANYWHERE, IncidentFigure, MonthSum
from incidents.turns import wait_for_turn

Row = dict[str, Any]
Cell = tuple[int, int, str, int, int]  # the columns of MonthSum.CELL
Changes = dict[Cell, list[int]]  # what is added to the columns of MonthSum.SUMS
BATCH = 200

HAS_FIGURE = ~Q(figure_kind="none")
MOST_OF_LINE = Coalesce("people_high", "people_best")
SUMS = {
    "incidents": Count("pk", filter=Q(principal=True)),
    "lines": Count("pk"),
    "without_figure": Count("pk", filter=~HAS_FIGURE),
    "without_low": Count("pk", filter=HAS_FIGURE & Q(people_low=None)),
    "without_best": Count("pk", filter=HAS_FIGURE & Q(people_best=None)),
    "without_high": Count("pk", filter=HAS_FIGURE & Q(most=None)),
    "low_sum": Coalesce(Sum("people_low"), 0),
    "best_sum": Coalesce(Sum("people_best"), 0),
    "high_sum": Coalesce(Sum("most"), 0),
    "about": Count("pk", filter=Q(people_high=None, people_best__isnull=False)),
    "disputed": Count("pk", filter=Q(disputed=True)),
}
OF_CELL = MonthSum.CELL[1:]


def added_up(figures: QuerySet, *by: str) -> QuerySet:
    """Add stored figures up in the database, apart for each value of these columns."""
    return figures.annotate(most=MOST_OF_LINE).order_by().values(*by).annotate(**SUMS)


def numbers_of(figure: Row) -> list[int]:
    """Say what one figure adds to each column of MonthSum.SUMS; the same as SUMS of it alone."""
    low, best, high = figure["people_low"], figure["people_best"], figure["people_high"]
    most = best if high is None else high
    known = figure["figure_kind"] != "none"
    return [
        int(figure["principal"]),
        1,
        int(not known),
        int(known and low is None),
        int(known and best is None),
        int(known and most is None),
        low or 0,
        best or 0,
        most or 0,
        int(high is None and best is not None),
        int(figure["disputed"]),
    ]


def no_changes() -> Changes:
    """Begin to collect changes, by cell."""
    return defaultdict(lambda: [0] * len(MonthSum.SUMS))


def put(changes: Changes, figures: Mapping, regions: Mapping, *, times: int) -> None:
    """Collect what these rows of figures and regions, by key, add to the table; -1 takes it out."""
    places: dict[int, list[int]] = defaultdict(lambda: [ANYWHERE])
    for (incident, place, _role), row in regions.items():
        if row["summed"]:
            places[incident].append(place)
    for (incident, measure), row in figures.items():
        if not row["summed"]:
            continue
        numbers = [times * number for number in numbers_of(row)]
        for place in places[incident]:
            cell = place, row["category_id"], measure, row["first_month"], row["last_month"]
            changes[cell] = list(map(add, changes[cell], numbers))


def store(changes: Changes) -> None:
    """Add the changes to the table, always in the same order, and take out what became empty."""
    rows = [(*cell, *numbers) for cell, numbers in sorted(changes.items()) if any(numbers)]
    if not rows:
        return
    with connection.cursor() as cursor:
        for batch in in_chunks(rows, BATCH):
            values = ", ".join([ROW] * len(batch))
            cursor.execute(ADD.format(values), [number for row in batch for number in row])
    MonthSum.objects.filter(lines=0).delete()


TABLE = MonthSum._meta.db_table
CELL, COLUMNS = ", ".join(MonthSum.CELL), ", ".join((*MonthSum.CELL, *MonthSum.SUMS))
ROW = f"({', '.join(['%s'] * len((*MonthSum.CELL, *MonthSum.SUMS)))})"
MORE = ", ".join(f"{name} = {TABLE}.{name} + excluded.{name}" for name in MonthSum.SUMS)
ADD = f"INSERT INTO {TABLE} ({COLUMNS}) VALUES {{}} ON CONFLICT ({CELL}) DO UPDATE SET {MORE}"  # noqa: S608 names of our own


@dataclass(frozen=True, slots=True)
class WrongSum:
    """A cell that is not what the stored figures add up to; None stands for no such cell."""

    cell: Cell
    stored: dict[str, int] | None
    due: dict[str, int] | None


def due() -> QuerySet:
    """Compute the whole table from the stored rows of figures and regions."""
    figures = IncidentFigure.objects.filter(summed=True)
    anywhere = figures.annotate(place=Value(ANYWHERE))
    placed = figures.filter(incident__regions__summed=True)
    placed = placed.annotate(place=F("incident__regions__place"))
    return added_up(anywhere, "place", *OF_CELL).union(
        added_up(placed, "place", *OF_CELL), all=True
    )


def wrong_sums() -> list[WrongSum]:
    """Compare the whole table with what the figures add up to, in one statement."""
    computed, parameters = due().query.sql_with_params()
    statement = (
        f"WITH due ({COLUMNS}) AS ({computed}) "  # noqa: S608 names of our own
        f"SELECT 0, {COLUMNS} FROM (SELECT {COLUMNS} FROM {TABLE} EXCEPT SELECT {COLUMNS} FROM due)"
        " stray UNION ALL "
        f"SELECT 1, {COLUMNS} FROM (SELECT {COLUMNS} FROM due EXCEPT SELECT {COLUMNS} FROM {TABLE})"
        " lacking"
    )
    found: dict[Cell, list[dict[str, int] | None]] = defaultdict(lambda: [None, None])
    width = len(MonthSum.CELL)
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        for side, *row in cursor.fetchall():
            found[tuple(row[:width])][side] = dict(
                zip(MonthSum.SUMS, map(int, row[width:]), strict=True)
            )
    return [WrongSum(cell, *sides) for cell, sides in sorted(found.items())]


@transaction.atomic
def mend_sums() -> int:
    """Compute the table anew where it is wrong; return how many cells were."""
    wait_for_turn()
    wrong = len(wrong_sums())
    if wrong:
        rebuild()
    return wrong


def rebuild() -> None:
    """Compute the whole table anew."""
    computed, parameters = due().query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {TABLE}")  # noqa: S608 a name of our own
        cursor.execute(f"INSERT INTO {TABLE} ({COLUMNS}) {computed}", parameters)  # noqa: S608
