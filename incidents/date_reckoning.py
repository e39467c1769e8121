"""Works out the days of one point from what is said and the day the article was published.

What is not stated is the latest such day, month or weekday up to the publication; where two
readings are usual it is refused. Every step is written down as a reason. Called by
`date_phrases.py`.
"""

import calendar
import datetime as dt
from dataclasses import dataclass, field

from incidents.date_edtf import Span, Unreadable, day_of, month_days
from incidents.date_points import Point

DAY = dt.timedelta(days=1)


@dataclass(slots=True)
class Anchor:
    """The day of publication, if known, and the reasons noted so far."""

    published: dt.date | None
    reasons: list[str] = field(default_factory=list)

    def day(self) -> dt.date:
        """Return the day of publication. Raises Unreadable when it is not known."""
        if self.published is None:
            raise Unreadable(
                "not all of it is stated, so the day the article was published is needed"
            )
        return self.published

    def because(self, reason: str) -> None:
        """Note one step, once."""
        if reason not in self.reasons:
            self.reasons.append(reason)


def long_day(day: dt.date) -> str:
    """Write a day for people: 26 April 2024."""
    return f"{day.day} {calendar.month_name[day.month]} {day.year}"


def reckon(point: Point, anchor: Anchor, limit: dt.date | None = None) -> Span:
    """Return the days of a point; what is missing is looked for up to `limit`.

    `limit` is by default the publication. Raises Unreadable when the facts disagree, do not
    suffice, or lie after the publication without saying so.
    """
    if point.bare is not None:
        raise Unreadable(f"the number {point.bare} is neither a day of a month nor a year")
    if point.decade is not None:
        span = Span(f"{point.decade // 10:03d}X", *years(point.decade, point.decade + 9))
    elif day := day_of_point(point, anchor, limit):
        check_agreement(point, day, anchor)
        span = span_of(day, day)
    else:
        span = span_of(*stretch_of_point(point, anchor, limit))
    if point.year is None:
        check_not_later(point, span, anchor)
    return marked(span, MARKS[point.about, point.unsure])


MARKS = {(True, True): "%", (True, False): "~", (False, True): "?", (False, False): ""}


def marked(span: Span, mark: str) -> Span:
    """Add an approximate or uncertain mark to each end of the expression."""
    ends = [end + mark for end in span.edtf.split("/")]
    return Span("/".join(ends), span.earliest, span.latest)


def span_of(first: dt.date, last: dt.date) -> Span:
    """Return the days with their shortest expression: a day, month, year or interval."""
    if first == last:
        return Span(first.isoformat(), first, last)
    start, end = first.isoformat(), last.isoformat()
    if first.day == 1 and (last == dt.date.max or (last + DAY).day == 1):
        whole_years = start.endswith("01-01") and end.endswith("12-31")
        start, end = (start[:4], end[:4]) if whole_years else (start[:7], end[:7])
    return Span(start if start == end else f"{start}/{end}", first, last)


def years(first: int, last: int) -> tuple[dt.date, dt.date]:
    """Return the first and last day of a row of years."""
    return month_days(first, 1)[0], month_days(last, 12)[1]


def check_not_later(point: Point, span: Span, anchor: Anchor) -> None:
    """Refuse a worked out day after the publication, unless the words say so (next month)."""
    ahead = any(
        shift and shift > 0 for shift in (point.days, point.week, point.months, point.years)
    )
    published = anchor.published
    if published and span.earliest and span.earliest > published and not ahead:
        raise Unreadable(
            f"it would be {long_day(span.earliest)}, after the publication on {long_day(published)}"
        )


def check_agreement(point: Point, day: dt.date, anchor: Anchor) -> None:
    """Refuse a day that any other fact of the point contradicts."""
    if point.weekday is not None and point.weekday != day.weekday():
        raise Unreadable(
            f"{long_day(day)} is a {calendar.day_name[day.weekday()]}, "
            f"not a {calendar.day_name[point.weekday]}"
        )
    stated = [(point.year, day.year), (point.month, day.month), (point.day, day.day)]
    agrees = all(fact in (None, found) for fact, found in stated)
    if not agrees or (anchor.published and not fits_publication(point, day, anchor)):
        raise Unreadable(f"its parts do not agree with {long_day(day)}")


def fits_publication(point: Point, day: dt.date, anchor: Anchor) -> bool:
    """Tell whether yesterday, last week, last month and the like are true of a day."""
    published = anchor.day()
    gap = (published - day).days
    if point.days is not None and gap != -point.days:
        return False
    if point.week is not None and not week_days(point, anchor)[0] <= day <= week_end(point, anchor):
        return False
    if point.last and (gap <= 0 or (point.weekday is not None and gap > 14)):
        return False
    if point.months is not None and shifted_month(published, point.months) != (day.year, day.month):
        return False
    return point.years is None or day.year == published.year + point.years


def shifted_month(published: dt.date, shift: int) -> tuple[int, int]:
    """Return the year and month that many months from the publication."""
    months = published.year * 12 + published.month - 1 + shift
    return months // 12, months % 12 + 1


def counted(point: Point, anchor: Anchor) -> dt.date:
    """Return the day of publication, noting that the words count from it."""
    published = anchor.day()
    words = " ".join(dict.fromkeys(point.said))
    anchor.because(f"“{words}” is counted from the publication on {long_day(published)}")
    return published


def year_and_month(point: Point, anchor: Anchor) -> tuple[int | None, int | None]:
    """Return the year and month, stated or counted from the publication."""
    year, month = point.year, point.month
    if point.years is not None and (year is None or anchor.published):
        year = same_or_refused(year, counted(point, anchor).year + point.years)
    if point.months is not None and (None in (year, month) or anchor.published):
        shifted = shifted_month(counted(point, anchor), point.months)
        year, month = same_or_refused(year, shifted[0]), same_or_refused(month, shifted[1])
    return year, month


def same_or_refused(stated: int | None, found: int) -> int:
    """Return what was counted. Raises Unreadable when something else is stated."""
    if stated not in (None, found):
        raise Unreadable(f"its parts do not agree: {stated} is not {found}")
    return found


def day_of_point(point: Point, anchor: Anchor, limit: dt.date | None) -> dt.date | None:
    """Return the one day that a point names, or None when it names a longer stretch."""
    if point.day is None and point.days is None and point.weekday is None:
        return None
    if point.year and point.month and point.day:
        return day_of(point.year, point.month, point.day)
    if point.days is not None:
        return counted(point, anchor) + point.days * DAY
    year, month = year_and_month(point, anchor)
    if point.day is None:
        return weekday_of_point(point, anchor, limit, bool(year or month))
    if year and month:
        return day_of(year, month, point.day)
    if year:
        raise Unreadable("a day and a year without a month name no date")
    return latest_day(point, month, anchor, limit)


def latest_day(point: Point, month: int | None, anchor: Anchor, limit: dt.date | None) -> dt.date:
    """Return the latest day of that number, and month if stated, up to the limit."""
    end = limit or anchor.day() - (DAY if point.last else 0 * DAY)
    number = point.day or 0
    if not limit and not point.last:
        check_not_tomorrow(end, month, number)
    if number > (month_days(2000, month)[1].day if month else 31) or number < 1:
        raise Unreadable(f"there is no day {number} in {calendar.month_name[month or 1]}")
    steps = range(0, -13, -12) if month else range(0, -3, -1)
    for step in steps:
        year, in_month = shifted_month(end.replace(month=month or end.month, day=1), step)
        if year >= 1 and number <= month_days(year, in_month)[1].day:
            day = dt.date(year, in_month, number)
            if day <= end:
                return settled(point, day, anchor, end)
    raise Unreadable(f"no such day lies in the months before {long_day(end)}")


def check_not_tomorrow(published: dt.date, month: int | None, number: int) -> None:
    """Refuse the very next day, which time zones and next-day editions make likely."""
    if published == dt.date.max:
        return
    tomorrow = published + DAY
    if tomorrow.day == number and month in (None, tomorrow.month):
        raise Unreadable(
            f"it may be {long_day(tomorrow)}, the day after the publication; add month and year"
        )


def settled(point: Point, day: dt.date, anchor: Anchor, end: dt.date) -> dt.date:
    """Return the day found, with its reason; refuse “last 26 April” of the running year."""
    if point.last == "last" and day.year == anchor.day().year:
        raise Unreadable("“last” may mean this year or the year before; add the year")
    missing = "month" if point.month is None else "year"
    anchor.because(
        f"the {missing} is not stated: {long_day(day)} is the latest such day up to {long_day(end)}"
        + publication_of(anchor, end)
    )
    return day


def publication_of(anchor: Anchor, end: dt.date) -> str:
    """Say that a limit is the publication or the day before it, where it is."""
    if end == anchor.published:
        return ", the publication"
    return ", the day before the publication" if end + DAY == anchor.published else ""


def weekday_of_point(point: Point, anchor: Anchor, limit: dt.date | None, dated: bool) -> dt.date:
    """Return the day that a weekday means, in the named week or as the latest one."""
    if dated:
        raise Unreadable("a weekday and a month or year name no one day")
    if point.week is not None:
        return weekday_in_week(point, anchor)
    weekday = point.weekday or 0
    end = limit or anchor.day()
    if point.last:
        end -= DAY
    day = end - ((end.weekday() - weekday) % 7) * DAY
    if point.last in ("last", "지난"):
        check_last_week(day, anchor.day())
    anchor.because(
        f"{calendar.day_name[weekday]} is read as {long_day(day)}, the latest one up to "
        f"{long_day(end)}" + publication_of(anchor, end)
    )
    return day


def check_last_week(day: dt.date, published: dt.date) -> None:
    """Refuse “last Thursday” on a Friday, which may be yesterday or a week before."""
    if day.isocalendar()[:2] == published.isocalendar()[:2] or published - day == DAY:
        raise Unreadable(f"it may be {long_day(day)} or the week before; add the day of the month")


def weekday_in_week(point: Point, anchor: Anchor) -> dt.date:
    """Return the weekday of last or this week; refuse where Sunday or Monday first matters."""
    published = counted(point, anchor)
    weekday, weeks = point.weekday or 0, 7 * (point.week or 0)
    monday_first = published + (weekday - published.weekday() + weeks) * DAY
    sunday_first = published + ((weekday + 1) % 7 - (published.weekday() + 1) % 7 + weeks) * DAY
    if monday_first != sunday_first and not point.monday_first:
        raise Unreadable(
            f"it is {long_day(monday_first)} or {long_day(sunday_first)}, "
            "as weeks begin on Monday or Sunday"
        )
    return monday_first


def week_days(point: Point, anchor: Anchor) -> tuple[dt.date, dt.date]:
    """Return the week's days by either custom, Monday or Sunday first; this week ends today."""
    published = anchor.day()
    first = published - published.weekday() * DAY + 7 * (point.week or 0) * DAY
    sunday = published - (published.weekday() + 1) % 7 * DAY + 7 * (point.week or 0) * DAY
    last = max(first, sunday) + 6 * DAY
    return min(first, sunday), published if point.week == 0 else last


def week_end(point: Point, anchor: Anchor) -> dt.date:
    """Return the last day of the whole week, also of the running one."""
    first, last = week_days(point, anchor)
    return first + 7 * DAY if point.week == 0 else last


def stretch_of_point(
    point: Point, anchor: Anchor, limit: dt.date | None
) -> tuple[dt.date, dt.date]:
    """Return the days of a window, week, half, month or year."""
    if point.window:
        return window_days(point.window, counted(point, anchor))
    year, month = year_and_month(point, anchor)
    if point.week is not None:
        if year or month:
            raise Unreadable("a week and a month or year name no one stretch")
        counted(point, anchor)
        return week_days(point, anchor)
    if month:
        return month_days(year or year_of_month(point, month, anchor, limit), month)
    if not year:
        raise Unreadable("the year is missing")
    if point.last and anchor.published and year > anchor.published.year:
        raise Unreadable(f"{year} is after the publication")
    if point.quarter:
        return month_days(year, point.quarter * 3 - 2)[0], month_days(year, point.quarter * 3)[1]
    if point.half:
        return month_days(year, point.half * 6 - 5)[0], month_days(year, point.half * 6)[1]
    return years(year, year)


def window_days(window: tuple[str, int], published: dt.date) -> tuple[dt.date, dt.date]:
    """Return the days from so many days or months before the publication up to it."""
    unit, number = window
    if unit == "days":
        return published - number * DAY, published
    year, month = shifted_month(published, -number)
    last = month_days(year, month)[1]
    return last.replace(day=min(published.day, last.day)), published


def year_of_month(point: Point, month: int, anchor: Anchor, limit: dt.date | None) -> int:
    """Return the year of the latest such month that has begun by the limit."""
    end = limit or anchor.day()
    if point.last and month == end.month:
        raise Unreadable("it may mean this month or that of the year before; add the year")
    year = end.year if month <= end.month else end.year - 1
    if point.last == "last" and year == anchor.day().year:
        raise Unreadable("“last” may mean this year or the year before; add the year")
    anchor.because(
        f"the year is not stated: {calendar.month_name[month]} {year} is the latest such month "
        f"up to {long_day(end)}" + publication_of(anchor, end)
    )
    return year
