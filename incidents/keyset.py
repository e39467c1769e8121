"""Pages of a list by keyset: no row is lost or repeated while others edit, at any depth.

A cursor names the row at the edge of a page and the direction from there. Used by the list page;
exports use the same order.
"""

import base64
import binascii
import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from incidents.filters import BadQuestion

PAGE = 50
ORDERS = {  # code: (column, descending)
    "-date": ("sort_day", True),
    "date": ("sort_day", False),
    "-people": ("people_key", True),
    "-updated": ("updated", True),
}


@dataclass(frozen=True, slots=True)
class Page:
    """The keys of one page in order, and the cursors of its neighbours; empty where none is."""

    keys: Sequence[int]
    next: str = ""
    previous: str = ""


def in_order(incidents: QuerySet, order: str, *, backwards: bool = False) -> QuerySet:
    """Order incidents as asked, the key deciding between equals."""
    column, descending = ORDERS[order]
    if column == "people_key":
        incidents = incidents.annotate(people_key=Coalesce(F("stated_max"), -1))
    sign = "-" if descending != backwards else ""
    return incidents.order_by(f"{sign}{column}", f"{sign}pk")


def page_of(incidents: QuerySet, order: str, cursor: str) -> Page:
    """Cut the page that a cursor points at; the first without one.

    Raises BadQuestion when the cursor is not one of ours.
    """
    column, descending = ORDERS[order]
    backwards, value, pk = read_cursor(cursor, column)
    rows = in_order(incidents, order, backwards=backwards)
    if cursor:
        rows = rows.filter(beyond(column, value, pk, downwards=descending != backwards))
    found = list(rows.values_list("pk", column)[: PAGE + 1])
    more, found = len(found) > PAGE, found[:PAGE]
    if backwards:
        found.reverse()
    if not found:
        return Page([])
    has_previous, has_next = (more, True) if backwards else (bool(cursor), more)
    return Page(
        keys=[key for key, _value in found],
        next=write_cursor("n", *found[-1]) if has_next else "",
        previous=write_cursor("p", *found[0]) if has_previous else "",
    )


def beyond(column: str, value: Any, pk: int, *, downwards: bool) -> Q:
    """Say “after this row” so that an index can walk it: never as a plain OR."""
    way = "lt" if downwards else "gt"
    return Q(**{f"{column}__{way}e": value}) & (
        Q(**{f"{column}__{way}": value}) | Q(**{f"pk__{way}": pk})
    )


def write_cursor(direction: str, pk: int, value: Any) -> str:
    """Write a cursor: direction, key and value of the row at the edge."""
    shown = value.isoformat() if hasattr(value, "isoformat") else value
    return base64.urlsafe_b64encode(f"{direction}|{pk}|{shown}".encode()).decode().rstrip("=")


def read_cursor(cursor: str, column: str) -> tuple[bool, Any, int]:
    """Read a cursor as (backwards, value, key). Raises BadQuestion for anything else."""
    if not cursor:
        return False, None, 0
    try:
        text = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
        direction, pk, value = text.split("|")
        return {"n": False, "p": True}[direction], READERS[column](value), key_within(int(pk))
    except (ValueError, KeyError, binascii.Error) as error:
        sentence = _("cursor: “%s” does not belong to this list. Start again without it.")
        raise BadQuestion([sentence % cursor]) from error


def key_within(pk: int) -> int:
    """Refuse a key that no row can have."""
    if not 0 < pk < 2**63:
        raise ValueError(pk)
    return pk


def people_key(text: str) -> int:
    """Read a number of people from a cursor; -1 stands for none stated."""
    number = int(text)
    if not -1 <= number < 2**63:
        raise ValueError(text)
    return number


def moment(text: str) -> dt.datetime:
    """Read a time from a cursor; it must name its zone."""
    read = dt.datetime.fromisoformat(text)
    if read.tzinfo is None:
        raise ValueError(text)
    return read


READERS = {"sort_day": dt.date.fromisoformat, "people_key": people_key, "updated": moment}
