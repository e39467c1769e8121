"""Cuts a phrase into tokens, all of it or nothing: what is not known is refused by name.

Numbers are read with what stands beside them (26th, 7:30 p.m., 26일, 21日, 2024.4.26), words from
the table in `date_words.py`. Called by `dates.py`.
"""

import re
import unicodedata
from collections.abc import Callable

from incidents.date_edtf import Unreadable, day_of, month_days
from incidents.date_words import CJK_WORDS, LATIN_PHRASES, REFUSALS, WEEK_WORDS, Token

IDEOGRAPHS = "〇\u4e00-\u9fff\uac00-\ud7a3、"
BESIDE_CJK = re.compile(rf"\s+(?=[{IDEOGRAPHS}])|(?<=[{IDEOGRAPHS}])\s+")
INVISIBLE = dict.fromkeys(map(ord, "\u200b\ufeff"))
LATIN_WORD = re.compile(r"[a-zà-öø-ÿ]+")
BETWEEN_WORDS = re.compile(r"[\s-]+")
LONGEST_CJK = max(map(len, CJK_WORDS))
MARKS = {
    ",": "link", "(": "open", ")": "close", "?": "unsure", "&": "and",
    "-": "to", "–": "to", "—": "to", "−": "to", "~": "to", "〜": "to", "∼": "to",
}  # fmt: skip
DOTTED, DOT = {"month", "weekday", "about"}, re.compile(r"\.")  # Nov. 7
HYPHENED, HYPHEN = {"part", "portion"}, re.compile(r"-(?=[a-z])")  # mid-October

HANZI_DIGITS = {letter: number % 10 for number, letter in enumerate("〇一二三四五六七八九零")}
HANZI_RUN = re.compile(
    rf"(?<![{''.join(sorted(set(''.join(WEEK_WORDS))))}第])"
    r"([〇零一二三四五六七八九十廿卅两兩]+)(?=[年月日号號天周週星礼禮个個时時点點分])"
)
HANZI_TENS = re.compile(r"([一二三]?十|廿|卅)([一二三四五六七八九]?)")

Cut = list[Token]
Rule = Callable[[re.Match[str]], Cut]


def tokens_of(phrase: str) -> Cut:
    """Return the tokens of the whole phrase. Raises Unreadable at the first unknown piece."""
    text = spelled(phrase)
    cut: Cut = []
    at = 0
    while at < len(text):
        if text[at].isspace():
            at += 1
            continue
        pieces, at = next_pieces(text, at)
        cut += pieces
    return cut


def spelled(phrase: str) -> str:
    """Return the phrase in one spelling: NFKC, lower case, Chinese numerals as digits."""
    if any(is_odd_digit(letter) for letter in phrase):
        raise Unreadable("it has digits in an unusual form; type plain ones")
    text = unicodedata.normalize("NFKC", phrase).translate(INVISIBLE).lower()
    text = BESIDE_CJK.sub("", text).rstrip(" .。")
    return HANZI_RUN.sub(digits_for_hanzi, text)


def is_odd_digit(letter: str) -> bool:
    """Tell raised, circled and squared digits, which would join the number beside them."""
    if letter.isascii() or "０" <= letter <= "９":
        return False
    return any(map(str.isdigit, unicodedata.normalize("NFKC", letter)))


def digits_for_hanzi(match: re.Match[str]) -> str:
    """Write 二十六 as 26 and 二〇二四 as 2024; leave alone what is not one number."""
    run = match[1]
    if run in ("两", "兩"):
        return run if match.string[match.end()] in "年月日号號" else "2"
    if tens := HANZI_TENS.fullmatch(run):
        ten = {"十": 1, "一十": 1, "二十": 2, "廿": 2, "三十": 3, "卅": 3}[tens[1]]
        return str(ten * 10 + HANZI_DIGITS.get(tens[2], 0))
    if len(run) in (1, 4) and all(letter in HANZI_DIGITS for letter in run):
        return "".join(str(HANZI_DIGITS[letter]) for letter in run)
    return run


def next_pieces(text: str, at: int) -> tuple[Cut, int]:
    """Return the tokens that begin at `at`, and where the next ones begin."""
    letter = text[at]
    if letter.isascii() and letter.isdigit():
        return numbered(text, at)
    if match := LATIN_WORD.match(text, at):
        return worded(text, at, match)
    if match := WEEKDAY_OF_WEEK.match(text, at):
        week = CJK_WORDS[match[1] + "周"]
        return [week, CJK_WORDS["周" + match[2]]], match.end()
    for length in range(min(LONGEST_CJK, len(text) - at), 0, -1):
        if token := CJK_WORDS.get(text[at : at + length]):
            return [checked(token)], at + length
    if letter in MARKS:
        return [Token(MARKS[letter], 0, letter)], at + 1
    raise Unreadable(f"“{unknown_piece(text, at)}” is not understood")


WEEKDAY_OF_WEEK = re.compile(r"([上本这這下])[个個]?(?:周|週|星期|礼拜|禮拜)([一二三四五六日天])")
PIECE = re.compile(r"[^\W\d_]+|\S")


def unknown_piece(text: str, at: int) -> str:
    """Return the word or sign at `at`, for the message."""
    match = PIECE.match(text, at)
    return match[0][:30] if match else text[at]


def checked(token: Token) -> Token:
    """Return the token, or refuse a word that is known to be unsafe."""
    if token.kind == "refused":
        raise Unreadable(f"“{token.text}” is not read: {REFUSALS[token.value]}")
    return token


def worded(text: str, at: int, first: re.Match[str]) -> tuple[Cut, int]:
    """Match the longest Latin phrase that begins here, with the dot of an abbreviation."""
    for words, token in LATIN_PHRASES.get(first[0], ()):
        end = after_words(text, first.end(), words[1:])
        if end is None:
            continue
        joint = DOT if token.kind in DOTTED else HYPHEN if token.kind in HYPHENED else None
        return [checked(token)], end + bool(joint and joint.match(text, end))
    raise Unreadable(f"“{first[0][:30]}” is not understood")


def after_words(text: str, at: int, words: tuple[str, ...]) -> int | None:
    """Return the place behind these whole words, or None when other words follow."""
    for word in words:
        gap = BETWEEN_WORDS.match(text, at)
        found = gap and LATIN_WORD.match(text, gap.end())
        if not found or found[0] != word:
            return None
        at = found.end()
    return at


def numbered(text: str, at: int) -> tuple[Cut, int]:
    """Read a number by the first rule whose shape it has."""
    for shape, rule in RULES:
        if match := shape.match(text, at):
            return rule(match), match.end()
    raise Unreadable(f"the number {text[at : at + 12].split()[0]} is not understood")


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
    return [Token("hours", 0, hour)]


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
    day_of(2000, 1, int(match[1]))
    return [Token("day", int(match[1]), match[0])]


def ordinal(match: re.Match[str]) -> Cut:
    """Read 26th; refuse 21th and 32nd."""
    number = int(match[1])
    proper = {1: "st", 2: "nd", 3: "rd"}.get(number % 10 if number // 10 != 1 else 0, "th")
    if match[2] not in (proper, "er" if number == 1 else proper):
        raise Unreadable(f"“{match[0]}” is not an ordinal")
    day_of(2000, 1, number)
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


STRETCH = r"(\d{1,3})(일(?=간|동안)|天|주일?|周|週|개월|달|[个個]?(?:星期|礼拜|禮拜)|[个個]月)"
ISO_CLOCK = r"(?:t(\d\d):(\d\d)(?::\d\d(?:\.\d{1,9})?)?)?"
AM_PM = r"\s?[ap](?:m\b|\.m(?:\.|\b))"
RULES: tuple[tuple[re.Pattern[str], Rule], ...] = tuple(
    (re.compile(shape, re.ASCII), rule)
    for shape, rule in (
        (
            r"(\d{4})(?:([-/])(\d{1,2})\2(\d{1,2})|\.\s?(\d{1,2})\.\s?(\d{1,2})\.?)(?!\d)"
            + ISO_CLOCK,
            year_first,
        ),
        (r"(\d{4})(\d{2})(\d{2})(?!\d)", lambda m: whole_day(m[1], m[2], m[3])),
        (r"(\d{1,2})([-./])(\d{1,2})\2(\d{4})(?!\d)", year_last),
        (r"\d{1,2}([-./])\d{1,2}\1\d{2}(?!\d)", two_digit_year),
        (r"(\d{1,2})/(\d{4})(?![\d/])", lambda m: month_and_year(m[2], m[1])),
        (r"(\d{1,2})-([a-z]+)-(\d{4})(?!\d)", day_month_year),
        (r"(\d{4})-(\d{2})(?!\d)", lambda m: month_and_year(m[1], m[2])),
        (r"(\d{4})\.\s?(\d{1,2})\.?(?!\d)", lambda m: month_and_year(m[1], m[2])),
        (r"(\d{4})(?:'?s\b|년대|年代)", decade),
        (r"(\d{1,3})(?:일전(?!후)|天前(?!后|後))", lambda m: [Token("days", -int(m[1]), m[0])]),
        (r"\d+(?:주일?|周|週|개월|달|년|年|[个個]?(?:月|星期|礼拜|禮拜))[전前]", too_vague),
        (r"(\d+)[년年](?!도|度)", marked_year),
        (r"(\d{1,2})(?:월|月份?)", marked_month),
        (STRETCH + r"(?:간|동안|이내|내|[内內里裡来來间間]|以[来來內内])?", span),
        (r"(\d{1,2})[일日号號]", day_number),
        (rf"(\d{{1,2}})(?:[:.](\d\d))?(?::\d\d)?{AM_PM}", lambda m: clock(m[1], m[2])),
        (r"(\d{1,2}):(\d\d)(?::\d\d)?(?![\d:])", lambda m: clock(m[1], m[2])),
        (
            r"(\d{1,2})[시时時点點](?:(\d{1,2})[분分]|[반半整钟鐘])?[许許多]?",
            lambda m: clock(m[1], m[2]),
        ),
        (r"(\d{1,2})(st|nd|rd|th|er)\b", ordinal),
        (r"(\d{4})(?!\d)", year_number),
        (r"(\d{1,2})(?:\.(?=\s?[a-zä]{3}))?(?!\d)", lambda m: [Token("number", int(m[1]), m[0])]),
    )
)
