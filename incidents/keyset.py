"""Pages of a list by keyset: no row is lost or repeated while others edit, at any depth.

A cursor names the row at the edge of a page and the direction from there. Used by the list page;
exports use the same order.
"""

import base64
import binascii
import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import BooleanField, Expression, F, Func, Lookup, QuerySet, Value
from django.db.models.functions import Coalesce
from django.db.models.lookups import GreaterThan, LessThan
from django.utils.translation import gettext as _

from incidents.filters import BadQuestion, Question
from incidents.leaves import Leaf
from incidents.models import text_key

PAGE = 50
ORDERS = {  # code: (column, descending)
    "-date": ("day", True),
    "date": ("day", False),
    "-people": ("people", True),
    "-updated": ("updated", True),
}


@dataclass(frozen=True, slots=True)
class Page:
    """The keys of one page in order, and the cursors of its neighbours; empty where none is."""

    keys: Sequence[int]
    next: str = ""
    previous: str = ""


def in_order(question: Question, *, backwards: bool = False) -> QuerySet:
    """Order the incidents of a question as it asks, the key deciding between equals."""
    name, descending = ORDERS[question.order]
    edges = edges_of(question, name)
    if descending != backwards:
        return question.incidents.order_by(*(edge.desc() for edge in edges))
    return question.incidents.order_by(*(edge.asc() for edge in edges))


def edges_of(question: Question, name: str) -> tuple[Any, ...]:
    """The columns that an order sorts by; where words lead, their key holds both day and number."""
    if name == "day" and question.leader == "texts":
        return (F("leading_text"),)
    return column(question, name), F(key_column(question, name))


def column(question: Question, name: str) -> F | Coalesce:
    """The column that an order sorts by."""
    columns = {
        "day": F(question.day_column),
        "people": Coalesce(F("stated_max"), Nobody()),
        "updated": F("updated"),
    }
    return columns[name]


class Nobody(Value):
    """The number that stands for none stated, as the index of people has it.

    Written into the statement: SQLite takes no index for an expression with a parameter in it.
    """

    def __init__(self) -> None:
        super().__init__(-1)

    def as_sql(self, compiler, connection) -> tuple[str, list]:
        """Write the number itself."""
        return str(self.value), []


def key_column(question: Question, name: str) -> str:
    """The column that decides between equals: beside the day in the index that is walked."""
    return question.key_column if name == "day" else "pk"


def page_of(question: Question) -> Page:
    """Cut the page that the question's cursor points at; the first without one.

    Raises BadQuestion when the cursor is not one of ours.
    """
    name, descending = ORDERS[question.order]
    backwards, value, pk = read_cursor(question.cursor, name)
    edge = (value, pk) if question.cursor else None
    downwards = descending != backwards

    def every(asked: Question) -> QuerySet:
        return in_order(asked, backwards=backwards).values_list("pk", column(asked, name))

    def cut(asked: Question) -> QuerySet:
        rows = every(asked)
        return rows.filter(after(asked, name, *edge, downwards=downwards)) if edge else rows

    if question.is_looked_up:
        asked = question.without_words
        leaf = Leaf(question, every(asked), cut(asked), PAGE + 1, downwards, edge)
        found = leaf.by_day() if name == "day" else leaf.by_another()
    elif name == "day":
        found = by_day(question, cut, downwards=downwards)
    elif question.leader == "texts" and question.search.is_common:
        found = list(question.search.among(cut(question.without_words))[: PAGE + 1])
    else:
        found = list(cut(question)[: PAGE + 1])
    more, found = len(found) > PAGE, found[:PAGE]
    if backwards:
        found.reverse()
    if not found:
        return Page([])
    has_previous, has_next = (more, True) if backwards else (bool(question.cursor), more)
    return Page(
        keys=[key for key, _value in found],
        next=write_cursor("n", *found[-1]) if has_next else "",
        previous=write_cursor("p", *found[0]) if has_previous else "",
    )


def by_day(
    question: Question, cut: Callable[[Question], QuerySet], *, downwards: bool
) -> list[tuple]:
    """Read one row more than a page, in the order of days.

    Very long and open rows may begin long before the days asked for, and an index holds just such;
    read together with the others, the whole list before those days would be walked for them. Where
    words lead, their keys say the day.
    """
    first, end = question.stretch
    rows, led = cut(question), question.leader == "texts"
    if led and end is not None:
        rows = rows.filter(leading_text__lt=text_key(end, 0))
    if first is None:
        return list(rows[: PAGE + 1])
    day = question.day_column
    late, early = rows.filter(**{f"{day}__gte": first}), rows
    if led:
        late = rows.filter(leading_text__gte=text_key(first, 0))
        early = question.search.among(cut(question.without_words))
    parts = [late, early.filter(**{f"{day}__lt": first}, wide=True)]
    found: list[tuple] = []
    for part in parts if downwards else reversed(parts):
        if len(found) <= PAGE:
            found += part[: PAGE + 1 - len(found)]
    return found


def after(
    question: Question, name: str, value: Any, pk: int, *, downwards: bool
) -> Lookup | Expression:
    """Say which rows come after the one at the edge of a page."""
    edges = edges_of(question, name)
    if len(edges) == 2:
        return Beyond(*edges, Value(value), Value(pk), downwards=downwards)
    side = LessThan if downwards else GreaterThan
    return side(*edges, text_key(value, pk))


class Beyond(Func):
    """Whether column and key of a row, in this order, lie beyond those of another.

    Said as one comparison, so that an index is walked from that very row: of many that are equal
    in the column, as in numbers of people, none is passed over one by one.
    """

    output_field = BooleanField()

    def __init__(self, *expressions: Any, downwards: bool) -> None:
        super().__init__(*expressions)
        self.sign = "<" if downwards else ">"

    def as_sql(self, compiler, connection, **context) -> tuple[str, list]:
        """Compare two rows of two values, as both databases can."""
        parts = [compiler.compile(part) for part in self.get_source_expressions()]
        column, key, value, pk = (sql for sql, _params in parts)
        params = [param for _sql, its in parts for param in its]
        return f"({column}, {key}) {self.sign} ({value}, {pk})", params


def check_cursor(question: Question) -> None:
    """Refuse a cursor that is not one of ours, also where a whole file is asked for."""
    read_cursor(question.cursor, ORDERS[question.order][0])


def write_cursor(direction: str, pk: int, value: Any) -> str:
    """Write a cursor: direction, key and value of the row at the edge."""
    shown = value.isoformat() if hasattr(value, "isoformat") else value
    return base64.urlsafe_b64encode(f"{direction}|{pk}|{shown}".encode()).decode().rstrip("=")


def read_cursor(cursor: str, name: str) -> tuple[bool, Any, int]:
    """Read a cursor as (backwards, value, key). Raises BadQuestion for anything else."""
    if not cursor:
        return False, None, 0
    try:
        text = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
        direction, pk, value = text.split("|")
        return {"n": False, "p": True}[direction], READERS[name](value), key_within(int(pk))
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
    if read.tzinfo is None or not 1 < read.year < 9999:
        raise ValueError(text)
    return read


READERS = {"day": dt.date.fromisoformat, "people": people_key, "updated": moment}
