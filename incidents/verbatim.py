"""How a stored value becomes a cell of the package, and how exactly that value is read back.

One rule: one value, one spelling. What would be written otherwise than it was read is refused, so
that a package restored and made again has the same bytes. Called by packing and restoring.
"""

import csv
import datetime as dt
import io
import json
import re
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection, models
from django.utils.translation import gettext as _

YES, NO = "yes", "no"
WHOLE_NUMBER = re.compile(r"0|-?[1-9][0-9]{0,18}")
DEGREES = re.compile(r"-?(0|[1-9][0-9]{0,2})\.[0-9]{6}")
ADDRESS = re.compile(r"(https?|ftps?)://[^\s\x00-\x20\x7f]+", re.IGNORECASE)
LONGEST = 4 * 1024 * 1024  # characters of one cell

Read = Callable[[str], Any]


def cell(value: Any) -> str:
    """Write a stored value; null is empty, as is a text that is empty."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return YES if value else NO
    if isinstance(value, dt.datetime):
        return value.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False, sort_keys=True)
    return str(value)


def lines(rows: Iterable[Sequence[str]]) -> bytes:
    """Write rows as CSV, UTF-8, LF ends; a row that holds a CR has all its cells in quotes."""
    text = io.StringIO(newline="")
    plain = csv.writer(text, lineterminator="\n")
    quoted = csv.writer(text, lineterminator="\n", quoting=csv.QUOTE_ALL)
    for row in rows:
        (quoted if any("\r" in cell for cell in row) else plain).writerow(row)
    return text.getvalue().encode()


def reader(field: models.Field) -> Read:
    """Make what reads the cells of a column. It raises ValueError with a sentence for people."""
    read = kind_of_reader(field)
    if isinstance(field, models.CharField | models.TextField):
        return read
    return lambda text: nothing(field) if text == "" else read(text)


def nothing(field: models.Field) -> None:
    """Read an empty cell, where a column may be empty."""
    if not field.null:
        raise ValueError(_("it may not be empty"))


def kind_of_reader(field: models.Field) -> Read:
    """Choose by the type of a column what reads it."""
    if isinstance(field, models.BooleanField):
        return yes_or_no
    if isinstance(field, models.DateTimeField):
        return moment
    if isinstance(field, models.DateField):
        return day
    if isinstance(field, models.DecimalField):
        return degrees
    if isinstance(field, models.JSONField):
        return structure
    if isinstance(field, models.IntegerField):
        return number_reader(field)
    return text_reader(field)


def yes_or_no(text: str) -> bool:
    """Read yes or no."""
    if text not in (YES, NO):
        raise ValueError(_("it is yes or no"))
    return text == YES


def day(text: str) -> dt.date:
    """Read a day."""
    try:
        read = dt.date.fromisoformat(text)
    except ValueError:
        read = None
    if read is None or cell(read) != text:
        raise ValueError(_("a day is written 2024-04-26"))
    return read


def moment(text: str) -> dt.datetime:
    """Read a time."""
    try:
        read = dt.datetime.fromisoformat(text)
    except ValueError:
        read = None
    if read is None or read.tzinfo is None or cell(read) != text:
        raise ValueError(_("a time is written 2026-11-23T19:40:00.000000Z"))
    return read


def degrees(text: str) -> Decimal:
    """Read a coordinate."""
    if not DEGREES.fullmatch(text):
        raise ValueError(_("degrees are written with six places: 42.965600"))
    return Decimal(text)


def structure(text: str) -> Any:
    """Read JSON."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        raise ValueError(_("it is not JSON")) from None


def number_reader(field: models.Field) -> Read:
    """Read whole numbers within what the column holds."""
    least, most = connection.ops.integer_field_range(field.get_internal_type())
    if "Positive" in field.get_internal_type():
        least = 0
    if field.primary_key or field.remote_field:
        least = 1
    allowed = {code for code, _label in field.flatchoices} if field.choices else None

    def number(text: str) -> int:
        if not WHOLE_NUMBER.fullmatch(text) or not least <= int(text) <= most:
            raise ValueError(
                _("it is a whole number from %(least)s to %(most)s")
                % {"least": least, "most": most}
            )
        return one_of(int(text), allowed)

    return number


def text_reader(field: models.Field) -> Read:
    """Read text of a column: no longer than it holds, one of its codes, an address or a slug."""
    longest = field.max_length or LONGEST
    allowed = {code for code, _label in field.flatchoices} if field.choices else None
    if allowed is not None and field.blank:
        allowed.add("")
    is_address = isinstance(field, models.URLField)
    is_slug = isinstance(field, models.SlugField)
    is_needed = field.unique and not field.null

    def read(text: str) -> str:
        if len(text) > longest:
            raise ValueError(_("it is longer than %s characters") % longest)
        if "\0" in text:
            raise ValueError(_("it holds a NUL character"))
        if is_address and text and not ADDRESS.fullmatch(text):
            raise ValueError(_("it is not the address of a page"))
        if is_needed and not text:
            raise ValueError(_("it may not be empty"))
        if is_slug:
            need_valid(field, text)
        return one_of(text, allowed)

    return read


def one_of(value: Any, allowed: set | None) -> Any:
    """Refuse a code that is not among the choices of a column."""
    if allowed is not None and value not in allowed:
        listed = ", ".join(sorted(str(code) for code in allowed if code != ""))
        raise ValueError(_("allowed: %s") % listed)
    return value


def need_valid(field: models.Field, text: str) -> None:
    """Refuse what the field's own validators refuse."""
    try:
        field.run_validators(text)
    except ValidationError as refusal:
        raise ValueError(" ".join(refusal.messages)) from None
