"""Reads EDTF (ISO 8601-2) expressions of years 1 to 9999 into an earliest and a latest day.

Levels 0 and 1 whole; of level 2 qualified parts, unspecified digits, sets, and the seasons that
name the same months everywhere. `?`, `~` and `%` are kept and never widen the days. An expression
is read whole or refused. Called by `dates.py`; the `edtf` library is the oracle of its tests.
"""

import calendar
import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass

LONGEST = 120  # the width of the stored column


class Unreadable(ValueError):
    """Says in a clause for people why words are not read as a date."""


@dataclass(frozen=True, slots=True)
class Span:
    """An EDTF expression and its two inclusive days; None is open or unknown."""

    edtf: str
    earliest: dt.date | None
    latest: dt.date | None


POINT = re.compile(
    r"([?%]?)([0-9X]{4})([?~%]?)"
    r"(?:-([?~%]?)([0-9X]{2})([?~%]?)(?:-([?~%]?)([0-9X]{2})([?~%]?))?)?"
)
AROUND_JOINTS = re.compile(r"\s*([/,])\s*")
EDTF_LIKE = re.compile(r"[0-9X?~%./\-\[\]{},]+")

# Seasons 21 to 24 name no hemisphere; the northern months are meant, as in the library.
SEASONS = {
    21: (3, 5), 22: (6, 8), 23: (9, 11), 25: (3, 5), 26: (6, 8), 27: (9, 11),
    29: (9, 11), 31: (3, 5), 32: (6, 8), 33: (1, 3), 34: (4, 6), 35: (7, 9), 36: (10, 12),
    37: (1, 4), 38: (5, 8), 39: (9, 12), 40: (1, 6), 41: (7, 12),
}  # fmt: skip
ACROSS_YEARS = {24: "winter", 28: "northern winter", 30: "southern summer"}


def read(text: str) -> Span | None:
    """Return what `text` means as EDTF, or None when it is not written as EDTF.

    Raises Unreadable when it is, but names no possible days.
    """
    expression = AROUND_JOINTS.sub(r"\1", text.strip()).replace("x", "X")
    if not EDTF_LIKE.fullmatch(expression):
        return None
    if expression[0] in "[{":
        return read_set(expression)
    if re.match(r"~[0-9X]{4}", expression):
        raise Unreadable("a leading ~ may mean “about” or “until”; write 2024~ or ../2024")
    first, slash, last = expression.partition("/")
    if not slash:
        return read_point(expression)
    return read_interval(first, last)


def read_interval(first: str, last: str) -> Span | None:
    """Read `first/last`; `..` is an open end, an empty one unknown, both are None."""
    start, end = (None if side in ("", "..") else read_point(side) for side in (first, last))
    if (start is None and first not in ("", "..")) or (end is None and last not in ("", "..")):
        return None
    if start is None and end is None:
        raise Unreadable("both ends are open, so it names no day")
    return between(first, start, last, end)


def between(first: str, start: Span | None, last: str, end: Span | None) -> Span:
    """Join two ends. Raises Unreadable when they are reversed."""
    earliest = start.earliest if start else None
    latest = end.latest if end else None
    if earliest and latest and earliest > latest:
        raise Unreadable(f"it ends ({last}) before it begins ({first})")
    return Span(f"{first}/{last}", earliest, latest)


def read_set(expression: str) -> Span | None:
    """Read `[one of, these]` or `{all, of, these}` as the days that hold every member."""
    if expression[-1] != {"[": "]", "{": "}"}[expression[0]] or len(expression) > LONGEST:
        return None
    members = expression[1:-1].split(",")
    spans = []
    for position, member in enumerate(members):
        span = read_member(member)
        if span is None:
            return None
        if (span.earliest is None and position) or (
            span.latest is None and position < len(members) - 1
        ):
            raise Unreadable("only the first member of a set may begin, and the last end, with ..")
        spans.append(span)
    return Span(expression, *hull(spans))


def read_member(member: str) -> Span | None:
    """Read one member of a set: a date, or two joined by `..`, or one with `..` at a side."""
    first, dots, last = member.partition("..")
    if not dots:
        return read_point(member)
    start, end = read_point(first), read_point(last)
    if (first and not start) or (last and not end) or not (first or last):
        return None
    return between(first, start, last, end)


def hull(spans: Iterable[Span]) -> tuple[dt.date | None, dt.date | None]:
    """Return the earliest and latest day of all; None where any of them is open."""
    firsts, lasts = zip(*((span.earliest, span.latest) for span in spans), strict=True)
    known_firsts = [day for day in firsts if day]
    known_lasts = [day for day in lasts if day]
    return (
        min(known_firsts) if len(known_firsts) == len(firsts) else None,
        max(known_lasts) if len(known_lasts) == len(lasts) else None,
    )


def read_point(text: str) -> Span | None:
    """Read a year, month, season or day, with its marks and unspecified digits."""
    match = POINT.fullmatch(text)
    if not match:
        return None
    _, year, _, _, month, _, _, day, _ = match.groups()
    if year == "0000":
        raise Unreadable("there is no year 0000; years run from 0001 to 9999")
    if year == "XXXX":
        raise Unreadable("XXXX names no year")
    if month and month.isdigit() and int(month) > 20:
        return Span(text, *season_days(year, int(month), day))
    if "X" not in text:
        return Span(text, *exact_days(int(year), int(month or 0), int(day or 0), month, day))
    return Span(text, *unspecified_days(year, month or "XX", day or "XX"))


def exact_days(
    year: int, month: int, day: int, month_text: str | None, day_text: str | None
) -> tuple[dt.date, dt.date]:
    """Return the days of a stated year, month or day; the texts tell 00 from nothing."""
    if month_text is None:
        return dt.date(year, 1, 1), dt.date(year, 12, 31)
    if day_text is None:
        return month_days(year, month)
    exact = day_of(year, month, day)
    return exact, exact


def day_of(year: int, month: int, day: int) -> dt.date:
    """Return the day. Raises Unreadable when the calendar has none such."""
    last = month_days(year, month)[1].day
    if not 1 <= day <= last:
        raise Unreadable(f"there is no day {day} in {calendar.month_name[month]} {year}")
    return dt.date(year, month, day)


def month_days(year: int, month: int) -> tuple[dt.date, dt.date]:
    """Return the first and last day of a month. Raises Unreadable when there is none such."""
    if not 1 <= month <= 12:
        raise Unreadable(f"there is no month {month:02d}")
    if not 1 <= year <= 9999:
        raise Unreadable(f"the year {year} is outside 1 to 9999")
    first = dt.date(year, month, 1)
    return first, first.replace(day=calendar.monthrange(year, month)[1])


def season_days(year: str, season: int, day: str | None) -> tuple[dt.date, dt.date]:
    """Return the days of a season, quarter or half; refuse those that may mean other days."""
    if day or not year.isdigit():
        raise Unreadable(f"there is no month {season}")
    if season not in SEASONS and season not in ACROSS_YEARS:
        raise Unreadable(f"there is no month {season}")
    if season > int(year[2:]):
        raise Unreadable(
            f"{year}-{season} may be a season or the years {year} to {year[:2]}{season}; "
            "write months or years, such as 2022-09/2022-11 or 2022/2023"
        )
    if season in ACROSS_YEARS:
        raise Unreadable(
            f"the {ACROSS_YEARS[season]} of {year} may begin in two years; "
            "write its months, such as 2023-12/2024-02"
        )
    first, last = SEASONS[season]
    return month_days(int(year), first)[0], month_days(int(year), last)[1]


def unspecified_days(year: str, month: str, day: str) -> tuple[dt.date, dt.date]:
    """Return the first and last day that the digits around each X allow."""
    years = fitting(year, 1, 9999)
    months = fitting(month, 1, 12)
    days = fitting(day, 1, 31)
    first = first_day(years, months, days)
    last = first_day(years[::-1], months[::-1], days[::-1])
    if first is None or last is None:
        raise Unreadable("no day of the calendar fits these digits")
    return first, last


def fitting(pattern: str, low: int, high: int) -> list[int]:
    """Return the numbers from `low` to `high` whose digits fit a pattern such as 202X."""
    low = max(low, int(pattern.replace("X", "0")))
    high = min(high, int(pattern.replace("X", "9")))
    shape = re.compile(pattern.replace("X", "[0-9]"))
    width = len(pattern)
    return [number for number in range(low, high + 1) if shape.fullmatch(f"{number:0{width}d}")]


def first_day(years: list[int], months: list[int], days: list[int]) -> dt.date | None:
    """Return the first day that exists, trying the lists in their order."""
    for year in years:
        for month in months:
            length = calendar.monthrange(year, month)[1]
            for day in days:
                if day <= length:
                    return dt.date(year, month, day)
    return None
