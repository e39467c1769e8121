"""Puts what a question finds into days, months or years: certainly in one, possibly in several.

One rule: each number is that of the question its link asks. What may lie in several periods stands
in each of them and is never added up; what has no firm date stands apart. Called by facets and by
the timeline.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.db.models import F
from django.utils.formats import date_format

from incidents.filters import Question
from incidents.models import Incident
from incidents.months import (
    OPEN_FIRST,
    OPEN_LAST,
    code_of_month,
    first_day_of,
    is_first_day,
    is_last_day,
    last_day_of,
    number_of,
)
from incidents.reckoning import Added, Groups, Reckoning

MOST_PERIODS = 200
Span = tuple[int | None, int | None]  # the first and the last period; None where that is open


@dataclass(frozen=True, slots=True)
class Unit:
    """A length of time, whose periods are numbered so that the next one is one more.

    `months`: how many it is long; nought for a day.
    """

    code: str
    months: int
    number: Callable[[dt.date], int]
    first_day: Callable[[int], dt.date]
    last_day: Callable[[int], dt.date]


DAY = Unit("day", 0, dt.date.toordinal, dt.date.fromordinal, dt.date.fromordinal)
MONTH = Unit("month", 1, number_of, first_day_of, last_day_of)
YEAR = Unit(
    "year",
    12,
    lambda day: day.year,
    lambda number: dt.date(number, 1, 1),
    lambda number: dt.date(number, 12, 31),
)


def periods_of(reckoning: Reckoning, unit: Unit) -> "Periods":
    """Sort what a question finds into periods; what has no firm date is among it."""
    question = reckoning.question
    matches = dict.fromkeys((*question.matches, *(["open"] if question.has_window else [])))
    grouped = by_days if unit is DAY else by_months
    return Periods(question, grouped(reckoning, list(matches), unit), unit)


def by_months(reckoning: Reckoning, matches: list[str], unit: Unit) -> Groups:
    """Group by first and last period of so many months."""
    length = unit.months

    def span(begins: int, ends: int) -> Span:
        is_open = begins == OPEN_FIRST, ends == OPEN_LAST // length
        return None if is_open[0] else begins, None if is_open[1] else ends

    rows = reckoning.rows(
        matches=matches, begins=F("first_month") / length, ends=F("last_month") / length
    )
    return reckoning.grouped(
        rows,
        lambda row: span(row["begins"], row["ends"]),
        lambda one: [span(one.first_month // length, one.last_month // length)],
    )


def by_days(reckoning: Reckoning, matches: list[str], unit: Unit) -> Groups:
    """Group by first and last day, which no stored sum knows."""
    reckoning = reckoning.past_table

    def span(earliest: dt.date | None, latest: dt.date | None) -> Span:
        return earliest and unit.number(earliest), latest and unit.number(latest)

    looked_at = Incident.objects.filter(pk__among=list(reckoning.apart.all)).order_by()
    days = {key: its for key, *its in looked_at.values_list("pk", "earliest", "latest")}
    rows = reckoning.rows(
        matches=matches, begins=F("incident__earliest"), ends=F("incident__latest")
    )
    return reckoning.grouped(
        rows,
        lambda row: span(row["begins"], row["ends"]),
        lambda one: [span(*days[one.key])],
    )


class Periods:
    """The periods of a question, each with what lies in it certainly or possibly.

    `certain` and `possible` are by number of the period; `spanning` counts what is certainly in
    none. `is_long`: something lasts longer than can be shown.
    """

    def __init__(self, question: Question, groups: Groups, unit: Unit) -> None:
        """Sort the groups, by match and (first, last) period."""
        self.question, self.unit = question, unit
        self.certain: dict[int, Added] = {}
        self.possible: dict[int, int] = defaultdict(int)
        self.undated, self.spanning = Added(), 0
        self.is_long = False
        for (match, (begins, ends)), added in groups.items():
            self.sort(match, begins, ends, added)

    def sort(self, match: str, begins: int | None, ends: int | None, added: Added) -> None:
        """Put one group into every period that it touches."""
        if begins is None or ends is None:
            self.undated.incidents += added.incidents
            for measure, total in added.totals.items():
                self.undated.add(measure, total)
        elif begins == ends and match in ("", "certain"):
            self.certain[begins] = added
        elif self.has_possible and len(self.within(begins, ends)) > MOST_PERIODS:
            self.is_long = True
        elif self.has_possible:
            self.spanning += added.incidents
            for period in self.within(begins, ends):
                self.possible[period] += added.incidents

    def within(self, begins: int, ends: int) -> range:
        """Cut a span of periods to those asked for."""
        first, last = (day and self.unit.number(day) for day in self.question.window)
        return range(max(begins, first or begins), min(ends, last or ends) + 1)

    @property
    def has_possible(self) -> bool:
        """Whether the question leaves in what lies only possibly inside."""
        return not self.question.has_window or "possible" in self.question.matches

    @property
    def has_certain(self) -> bool:
        """Whether the question leaves in what lies certainly inside; else no link asks for less."""
        asked = self.question.asked["dates"]
        return not asked or "certain" in asked

    @property
    def numbers(self) -> list[int]:
        """The periods in which there is anything, in order."""
        return sorted({*self.certain, *self.possible})

    @property
    def is_readable(self) -> bool:
        """Whether they are few enough to be shown, and hold everything."""
        return not self.is_long and len(self.numbers) <= MOST_PERIODS

    def days(self, period: int) -> tuple[dt.date, dt.date]:
        """The first and last day of a period, as far as they are asked for."""
        first, last = self.unit.first_day(period), self.unit.last_day(period)
        begins, ends = self.question.window
        return max(first, begins or first), min(last, ends or last)

    def parameters(self, period: int) -> Mapping[str, str]:
        """Ask for a period."""
        first, last = self.days(period)
        return {
            "from": code_of_month(number_of(first)) if is_first_day(first) else first.isoformat(),
            "to": code_of_month(number_of(last)) if is_last_day(last) else last.isoformat(),
        }

    def label(self, period: int) -> str:
        """Name a period: a year, a month, a day, or the part of one that is asked for."""
        first, last = self.days(period)
        if first == dt.date(first.year, 1, 1) and last == dt.date(first.year, 12, 31):
            return str(first.year)
        whole = is_first_day(first) and is_last_day(last)
        written = "YEAR_MONTH_FORMAT" if whole else "DATE_FORMAT"
        return " – ".join(dict.fromkeys(date_format(day, written) for day in (first, last)))
