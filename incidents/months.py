"""Months as numbers, so that every database compares and groups them alike.

A month is its year times twelve and the months before it in that year: 2024-04 is 24291. One rule:
a day that is not known becomes a number outside all months, on the side where it stays open.
"""

import calendar
import datetime as dt

OPEN_FIRST = 0
OPEN_LAST = 12 * 10_000


def first_month_of(earliest: dt.date | None) -> int:
    """Number the month of an earliest day; OPEN_FIRST, before all months, where it is not known."""
    return OPEN_FIRST if earliest is None else number_of(earliest)


def last_month_of(latest: dt.date | None) -> int:
    """Number the month of a latest day; OPEN_LAST, after all months, where it is not known."""
    return OPEN_LAST if latest is None else number_of(latest)


def number_of(day: dt.date) -> int:
    """Number the month that a day lies in."""
    return 12 * day.year + day.month - 1


def code_of_month(number: int) -> str:
    """Write a month as it is asked for: `2024-04`; nothing for one that is open."""
    if number in (OPEN_FIRST, OPEN_LAST):
        return ""
    year, month = divmod(number, 12)
    return f"{year:04}-{month + 1:02}"


def first_day_of(number: int) -> dt.date:
    """The first day of a month."""
    return dt.date(number // 12, number % 12 + 1, 1)


def last_day_of(number: int) -> dt.date:
    """The last day of a month."""
    year, month = number // 12, number % 12 + 1
    return dt.date(year, month, calendar.monthrange(year, month)[1])


def is_first_day(day: dt.date) -> bool:
    """Whether a month begins on this day."""
    return day.day == 1


def is_last_day(day: dt.date) -> bool:
    """Whether a month ends on this day."""
    return day == last_day_of(number_of(day))
