"""How a value becomes a cell of a CSV file, the same in every table.

One rule: text that a spreadsheet could run is made harmless by one more apostrophe, which the
importer takes away; typed cells (numbers, days, yes/no) are never touched.
"""

import csv
import datetime as dt
import io
import re
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from django.utils import timezone

BOM = "\ufeff"
LONGEST_CELL = 32_000
TOO_LONG = "see claims.csv"
RISKY = re.compile(r"^'*[=+\-@\t\r]")


class Text(str):
    """Marks free text, which is guarded; other strings are codes of our own and are not."""

    __slots__ = ()


def joined(values: Iterable[str | None]) -> Text:
    """Put several values into one cell, separated by ` | `; a `|` inside becomes `\\|`."""
    cell = " | ".join((value or "").replace("|", "\\|") for value in values)
    return Text(cell if len(cell) <= LONGEST_CELL else TOO_LONG)


def written(value: Any) -> str:
    """Write a value as every table writes it: empty for null, yes/no, ISO days, UTC times."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dt.datetime):
        return value.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    return str(value)


def line_feeds(text: str) -> str:
    """Store and write one kind of line end."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def guarded(value: Any) -> str:
    """Write a value so that a spreadsheet shows it and does not run it."""
    cell = written(value)
    if isinstance(value, Text):
        cell = line_feeds(cell)
        return "'" + cell if RISKY.match(cell) else cell
    return cell


def unguarded(value: Any) -> str:
    """Write a value for programs: no apostrophe in front of risky text."""
    cell = written(value)
    return line_feeds(cell) if isinstance(value, Text) else cell


def csv_lines(rows: Iterable[Sequence[Any]], *, raw: bool) -> str:
    """Write rows as RFC 4180 lines with LF ends."""
    cell = unguarded if raw else guarded
    buffer = io.StringIO(newline="")
    csv.writer(buffer, lineterminator="\n").writerows([cell(v) for v in row] for row in rows)
    return buffer.getvalue()


def today() -> str:
    """The day in UTC, for file names."""
    return timezone.now().date().isoformat()
