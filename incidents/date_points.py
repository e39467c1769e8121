"""Gathers what one point in time is said to be, from its tokens: no day is worked out yet.

Every token must find its place, and two different years, months or days in one point are refused.
Called by `date_phrases.py`.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from incidents.date_edtf import Unreadable
from incidents.date_words import Token

SILENT = {"link", "place", "open", "close"}
CLOCK = {"hours"}
ABOUT = {"about", "about_before", "about_after"}
MONTHS = {"month", "numbered_month"}
WINDOW_WORDS = {"last", "past", "recent", "within"}
FACTS = {
    "year": "year",
    "bare_year": "year",
    "month": "month",
    "numbered_month": "month",
    "day": "day",
    "ordinal": "day",
    "ordinal_word": "day",
    "weekday": "weekday",
    "days": "days",
    "week": "week",
    "isoweek": "week",
    "months": "months",
    "years": "years",
    "half": "half",
    "quarter": "quarter",
    "decade": "decade",
}
NAMES = (*dict.fromkeys(FACTS.values()), "bare", "window")
RELATIVE = {"days", "week", "isoweek", "months", "years", "last", "past", "this"}


@dataclass(slots=True)
class Point:
    """What the words say of one day, month, year or stretch; None where they are silent.

    `days`, `week`, `months` and `years` count from the publication: yesterday is days -1.
    `bare` is a number that another point may tell to be a day or month (8 in 8-21 October).
    """

    year: int | None = None
    month: int | None = None
    day: int | None = None
    weekday: int | None = None
    days: int | None = None
    week: int | None = None
    months: int | None = None
    years: int | None = None
    half: int | None = None
    quarter: int | None = None
    decade: int | None = None
    bare: int | None = None
    window: tuple[str, int] | None = None
    last: str = ""
    monday_first: bool = False
    about: bool = False
    unsure: bool = False
    partial: bool = False
    portion: bool = False
    lends: str = ""
    said: list[str] = field(default_factory=list)

    def put(self, name: str, value: int) -> None:
        """Keep a fact. Raises Unreadable when another value stands there."""
        known = getattr(self, name)
        if known is not None and known != value:
            raise Unreadable(f"it names two different {name.removesuffix('s')}s")
        setattr(self, name, value)

    @property
    def names(self) -> set[str]:
        """Name the facts that are set."""
        return {name for name in NAMES if getattr(self, name) is not None}


def gather(tokens: Sequence[Token]) -> Point:
    """Return the point that these tokens describe. Raises Unreadable when one has no place."""
    pieces = stretches([token for token in tokens if token.kind not in SILENT])
    point = Point()
    for index, token in enumerate(pieces):
        before = pieces[index - 1] if index else None
        after = pieces[index + 1] if index + 1 < len(pieces) else None
        place(point, token, before, after)
    check_whole(point, pieces)
    return point


def stretches(pieces: list[Token]) -> list[Token]:
    """Join “three days” into one stretch and “three days ago” into one day."""
    joined: list[Token] = []
    for token in pieces:
        before = joined[-1] if joined else None
        if token.kind == "unit" and before:
            joined[-1:] = stretch(before, token)
        elif token.kind == "ago" and before and before.kind == "span":
            joined[-1] = Token("days", -before.value, f"{before.text} {token.text}")
        elif token.kind == "ago":
            raise Unreadable("it does not say which day; only days can be counted back from")
        else:
            joined.append(token)
    return joined


def stretch(count: Token, unit: Token) -> list[Token]:
    """Return “two weeks”, or “past” and the one week after it."""
    text = f"{count.text} {unit.text}"
    kind = {30: "span_months", 365: "span_years", 7: "span_weeks"}.get(unit.value, "span")
    if count.kind in ("number", "count"):
        return [Token(kind, count.value, text)]
    if count.kind == "past":
        return [count, Token(kind, 1, text)]
    raise Unreadable(f"“{text}” is not understood")


def place(point: Point, token: Token, before: Token | None, after: Token | None) -> None:
    """Give one token its place in the point, by what it is and its neighbours."""
    kind = token.kind
    next_kind = after.kind if after else ""
    last_kind = before.kind if before else ""
    if kind in RELATIVE:
        point.said.append(token.text)
    if kind in FACTS:
        check_order(point, token, last_kind, next_kind)
        point.put(FACTS[kind], token.value)
        point.monday_first |= kind == "isoweek"
        point.partial |= kind == "half"
    elif kind == "number":
        place_number(point, token, last_kind, next_kind)
    elif kind.startswith("span"):
        place_window(point, token, last_kind)
    elif kind in WINDOW_WORDS:
        place_last(point, token, next_kind)
    elif kind == "this" and next_kind in MONTHS:
        point.put("years", 0)
    elif kind in ABOUT:
        clock = last_kind if kind == "about_after" else next_kind
        point.about |= clock not in CLOCK
    elif kind in ("hours", "part", "portion"):
        point.partial = True
        point.portion |= kind == "portion"
    elif kind == "unsure":
        point.unsure = True
    elif kind == "at" and next_kind not in {"hours", "part", "portion", *ABOUT}:
        raise Unreadable("what follows “at” is not a time of day")
    elif kind not in ("prep", "at"):
        raise Unreadable(f"“{token.text}” has no place here")


def check_order(point: Point, token: Token, last_kind: str, next_kind: str) -> None:
    """Refuse the second Monday, 1930 on 26 April and 26일 하루 전."""
    if token.kind in ("ordinal", "ordinal_word") and next_kind == "weekday":
        raise Unreadable(f"“{token.text}” before a weekday may count weeks")
    leads = token.kind == "bare_year" and point.month is None
    if leads and next_kind in ("number", "ordinal", "weekday", "prep", "at"):
        raise Unreadable(f"{token.text} may be a year or a time of day")
    counts_back = token.kind == "days" and token.text.endswith(("ago", "전", "前"))
    if counts_back and last_kind in {"day", "ordinal", *MONTHS}:
        raise Unreadable("it may count days back or name a day before")


def place_number(point: Point, token: Token, last_kind: str, next_kind: str) -> None:
    """Take a bare number as the day beside a month by name, else leave it open."""
    named = next_kind == "month" or (last_kind == "month" and point.day is None)
    if not named and next_kind not in ("", "year", "bare_year", "unsure"):
        raise Unreadable(f"the number {token.text} has no place here")
    point.put("day" if named else "bare", token.value)


def place_window(point: Point, token: Token, last_kind: str) -> None:
    """Keep “two weeks” of “in the past two weeks”; how long alone is not when."""
    if last_kind not in WINDOW_WORDS or token.kind == "span_years" or not token.value:
        raise Unreadable(f"“{token.text}” says how long, not when")
    days = token.value * (7 if token.kind == "span_weeks" else 1)
    unit = "months" if token.kind == "span_months" else "days"
    point.window = (unit, days)
    point.said.append(token.text)


def place_last(point: Point, token: Token, next_kind: str) -> None:
    """Keep “last” before a weekday, month or day; before a stretch it belongs to that."""
    if next_kind.startswith("span"):
        return
    korean = token.kind == "last" and token.value == 1
    if token.kind == "past" and next_kind == "weekday":
        point.last = "past"
    elif token.kind == "last" and next_kind in {"weekday", *MONTHS}:
        point.last = "지난" if korean else "last"
    elif korean and next_kind in ("day", "year", "number"):
        point.last = "지난"
    else:
        raise Unreadable(f"“{token.text}” has no place here")


def check_whole(point: Point, pieces: Sequence[Token]) -> None:
    """Refuse what names no date, or joins facts that do not belong together."""
    names = point.names
    if not names:
        raise Unreadable("it names no date")
    if any(token.kind == "ordinal_word" for token in pieces) and not names & {"month", "months"}:
        raise Unreadable("a day in words needs its month")
    if point.day is not None and (point.portion or point.bare is not None):
        raise Unreadable("more than a day is said of one day")
    if point.week is not None and point.portion:
        raise Unreadable("part of a week, or a weekend, is not read")
    if {"window", "decade"} & names and len(names) > 1:
        raise Unreadable("it names two stretches of time")
    if "quarter" in names and names - {"quarter", "year", "years"}:
        raise Unreadable("it names a quarter of a year and a shorter time")
    if point.half is not None and names & {"day", "weekday", "days", "week", "months"}:
        raise Unreadable("it names a half and a day")
    check_midnight(pieces)
    first = pieces[0].kind
    point.lends = {"day": "day", "number": "day", "numbered_month": "month"}.get(first, "")


NIGHT = re.compile("night|밤|심야|晚|夜")
SMALL_HOURS = re.compile("새벽|凌晨|early|small|morning")


def check_midnight(pieces: Sequence[Token]) -> None:
    """Refuse 26일 밤 12시, Monday night at 1 a.m. and the like: they touch two days."""
    clocks = [token.text for token in pieces if token.kind == "hours"]
    hours = {token.value for token in pieces if token.kind == "hours" and token.value >= 0}
    touches = any(map(NIGHT.search, clocks)) and hours & {0, 1, 2, 3, 4, 12}
    if touches or (12 in hours and any(map(SMALL_HOURS.search, clocks))):
        raise Unreadable("that time belongs to two days")
