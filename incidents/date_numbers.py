"""Reads the numbers of dates with what stands beside them: 26th, 7:30 p.m., 26일, 2024.4.26.

A number is read by the first rule whose shape it has; years of two digits and orders that may be
either way round are refused. Called by `date_tokens.py`.
"""

import re
from collections.abc import Callable

from incidents.date_edtf import Unreadable, day_of, month_days
from incidents.date_words import LATIN_PHRASES, Token

Cut = list[Token]
Rule = Callable[[re.Match[str]], Cut]
Rules = tuple[tuple[re.Pattern[str], Rule], ...]


def whole_day(year: str, month: str, day: str) -> Cut:
    """Return the three tokens of a stated day that exists."""
    stated = day_of(int(year), int(month), int(day))
    return [
        Token("year", stated.year, year),
        Token("month", stated.month, month),
        Token("day", stated.day, day),
    ]


def year_first(match: re.Match[str]) -> Cut:
    """Read 2024-4-26, 2024/04/26, 2024. 4. 26."""
    year, _, month, day, dotted_month, dotted_day, hour, minute = match.groups()
    return whole_day(year, month or dotted_month, day or dotted_day) + clock(hour, minute)


def clock(hour: str | None, minute: str | None) -> Cut:
    """Return the token of a time of day, which is understood and left out; none without one."""
    if hour is None:
        return []
    if int(hour) > 23 or int(minute or 0) > 59:
        raise Unreadable(f"there is no time {hour}:{minute or '00'}")
    return [Token("hours", int(hour), hour)]


def half_day_clock(match: re.Match[str]) -> Cut:
    """Read 7:30 p.m.; refuse 12 a.m., which touches two days, and 19 p.m."""
    hour, minute, half = match.groups()
    if not 1 <= int(hour) <= 12 or (int(hour) == 12 and half == "a"):
        raise Unreadable(f"“{match[0]}” is not a time that belongs to one day")
    return clock(str(int(hour) % 12 + 12 * (half == "p")), minute)


def year_last(match: re.Match[str]) -> Cut:
    """Read 26/04/2024 and 04/26/2024; refuse 04/05/2024, which may be either."""
    first, _, second, year = match.groups()
    if int(first) == int(second) or int(first) > 12:
        return whole_day(year, second, first)
    if int(second) > 12:
        return whole_day(year, first, second)
    raise Unreadable("day and month may be either way round; write the month as a word or first")


def month_and_year(year: str, month: str) -> Cut:
    """Return the two tokens of a stated month that exists."""
    month_days(int(year), int(month))
    return [Token("year", int(year), year), Token("month", int(month), month)]


def day_month_year(match: re.Match[str]) -> Cut:
    """Read 26-Apr-2024."""
    day, word, year = match.groups()
    month = next((t for w, t in LATIN_PHRASES.get(word, ()) if t.kind == "month"), None)
    if month is None:
        raise Unreadable(f"“{match[0]}” is not understood")
    return whole_day(year, str(month.value), day)


def decade(match: re.Match[str]) -> Cut:
    """Read 1990s; refuse 2000s, which may be the century."""
    if match[1][3] != "0" or match[1][2] == "0":
        raise Unreadable(f"“{match[0]}” is not one decade")
    return [Token("decade", int(match[1]), match[0])]


def marked_year(match: re.Match[str]) -> Cut:
    """Read 2024년 or 2024年; refuse years of fewer digits, which name an era or a length."""
    if len(match[1]) != 4 or match[1] == "0000":
        raise Unreadable(f"“{match[0]}” is not a year; a year has four digits")
    return [Token("year", int(match[1]), match[0])]


def marked_month(match: re.Match[str]) -> Cut:
    """Read 10월 or 10月."""
    month_days(2000, int(match[1]))
    return [Token("numbered_month", int(match[1]), match[0])]


def day_number(match: re.Match[str]) -> Cut:
    """Read 26일, 26日 or 26号."""
    check_day(int(match[1]))
    return [Token("day", int(match[1]), match[0])]


def check_day(number: int) -> None:
    """Refuse a day that no month has."""
    if not 1 <= number <= 31:
        raise Unreadable(f"no month has a day {number}")


def ordinal(match: re.Match[str]) -> Cut:
    """Read 26th; refuse 21th and 32nd."""
    number = int(match[1])
    proper = {1: "st", 2: "nd", 3: "rd"}.get(number % 10 if number // 10 != 1 else 0, "th")
    if match[2] not in (proper, "er" if number == 1 else proper):
        raise Unreadable(f"“{match[0]}” is not an ordinal")
    check_day(number)
    return [Token("ordinal", number, match[0])]


def span(match: re.Match[str]) -> Cut:
    """Read a stretch of days, weeks or months: 3天, 2주간, 两个月."""
    number, unit = int(match[1]), match[2]
    if unit[-1] in "월달月":
        return [Token("span_months", number, match[0])]
    return [Token("span", number * (1 if unit in ("일", "天") else 7), match[0])]


def too_vague(match: re.Match[str]) -> Cut:
    """Refuse two weeks ago and the like."""
    raise Unreadable(f"“{match[0]}” does not say which day")


def year_number(match: re.Match[str]) -> Cut:
    """Read a bare year; a clock time such as 0930 or 2130 is none."""
    if not 1000 <= int(match[1]) <= 2100:
        raise Unreadable(f"{match[1]} is not read as a year; bare years run from 1000 to 2100")
    return [Token("bare_year", int(match[1]), match[1])]


def two_digit_year(match: re.Match[str]) -> Cut:
    """Refuse 26/04/24."""
    raise Unreadable(f"“{match[0]}” has a year of two digits; a year has four")


def rules(*pairs: tuple[str, Rule]) -> Rules:
    """Compile the shapes of some rules."""
    return tuple((re.compile(shape, re.ASCII), rule) for shape, rule in pairs)


STRETCH = r"(\d{1,3})(일(?=간|동안)|天|주일?|周|週|개월|달|[个個]?(?:星期|礼拜|禮拜)|[个個]月)"
ISO_CLOCK = r"(?:t(\d\d):(\d\d)(?::\d\d(?:\.\d{1,9})?)?)?"
DOTTED_DAY = r"\.\s?(\d{1,2})\.\s?(\d{1,2})\.?"
AM_PM = r"\s?([ap])(?:m\b|\.m(?:\.|\b))"
NUMBER = r"(\d{1,2})(?:\.(?=\s?[a-zä]{3}))?(?!\d)"
HOUR = r"(\d{1,2})[시时時点點](?:(\d{1,2})[분分]|[반半整钟鐘])?[许許多]?"
COMPACT = rules((r"(\d{4})(\d{2})(\d{2})", lambda m: whole_day(m[1], m[2], m[3])))
YEARS = rules(
    (rf"(\d{{4}})(?:([-/])(\d{{1,2}})\2(\d{{1,2}})|{DOTTED_DAY})(?!\d){ISO_CLOCK}", year_first),
    (r"(\d{4})-(\d{2})(?!\d)", lambda m: month_and_year(m[1], m[2])),
    (r"(\d{4})\.\s?(\d{1,2})\.?(?!\d)", lambda m: month_and_year(m[1], m[2])),
    (r"(\d{4})(?:'?s\b|년대|年代)", decade),
    (r"(\d{4})[년年](?:期?[间間])?(?!도|度)", marked_year),
    (r"(\d{4})", year_number),
)
BESIDE_CJK = rules(
    (r"(\d{1,3})(?:일전(?!후)|天前(?!后|後))", lambda m: [Token("days", -int(m[1]), m[0])]),
    (r"\d+(?:주일?|周|週|개월|달|년|年|[个個]?(?:月|星期|礼拜|禮拜))[전前]", too_vague),
    (r"([1-4])(?:분기|季度)", lambda m: [Token("quarter", int(m[1]), m[0])]),
    (r"(\d+)[년年](?!도|度)", marked_year),
    (r"(\d{1,2})(?:월|月份?)(?:期?[间間])?", marked_month),
    (STRETCH + r"(?:간|동안|이내|내|[内內里裡来來间間]|以[来來內内])?", span),
    (r"(\d{1,2})[일日号號]", day_number),
    (HOUR, lambda m: clock(m[1], m[2])),
    (NUMBER, lambda m: [Token("number", int(m[1]), m[0])]),
)
PLAIN = rules(
    (r"(\d{1,2})(st|nd|rd|th|er)\b", ordinal),
    (r"(\d{1,2})([-./])(\d{1,2})\2(\d{4})(?!\d)", year_last),
    (r"\d{1,2}([-./])\d{1,2}\1\d{2}(?!\d)", two_digit_year),
    (r"(\d{1,2})/(\d{4})(?![\d/])", lambda m: month_and_year(m[2], m[1])),
    (r"(\d{1,2})-([a-z]+)-(\d{4})(?!\d)", day_month_year),
    (rf"(\d{{1,2}})(?:[:.](\d\d))?(?::\d\d)?{AM_PM}", half_day_clock),
    (r"(\d{1,2}):(\d\d)(?::\d\d)?(?![\d:])", lambda m: clock(m[1], m[2])),
    (NUMBER, lambda m: [Token("number", int(m[1]), m[0])]),
)
DIGITS = re.compile(r"\d+", re.ASCII)


def read_number(text: str, at: int) -> tuple[Cut, int]:
    """Return the tokens of the number at `at`, and where the next piece begins.

    Raises Unreadable when no rule knows the number, or what it says cannot be.
    """
    for shape, rule in rules_for(text, at):
        if match := shape.match(text, at):
            return rule(match), match.end()
    raise Unreadable(f"the number {text[at : at + 12].split()[0]} is not understood")


def rules_for(text: str, at: int) -> Rules:
    """Return the rules for a number of so many digits and the letter behind it."""
    match = DIGITS.match(text, at)
    end = match.end() if match else at
    if end - at > 3:
        return {4: YEARS, 8: COMPACT}.get(end - at, ())
    return BESIDE_CJK if text[end : end + 1] > "\u3000" else PLAIN
