"""Cuts a phrase into tokens, all of it or nothing: what is not known is refused by name.

Numbers are read with what stands beside them (26th, 7:30 p.m., 26일, 21日, 2024.4.26), words from
the table in `date_words.py`. Called by `dates.py`.
"""

import re
import unicodedata

from incidents.date_edtf import Unreadable
from incidents.date_numbers import Cut, read_number
from incidents.date_words import CJK_WORDS, LATIN_PHRASES, REFUSALS, WEEK_WORDS, WEEKS, Token

IDEOGRAPHS = "〇\u4e00-\u9fff\uac00-\ud7a3、"
BESIDE_CJK = re.compile(rf"\s+(?=[{IDEOGRAPHS}])|(?<=[{IDEOGRAPHS}])\s+")
SPELLING = {**dict.fromkeys(map(ord, "\u200b\ufeff")), ord("○"): "〇"}
LATIN_WORD = re.compile(r"[a-zà-öø-ÿ]+")
BETWEEN_WORDS = re.compile(r"[\s-]+")
LONGEST_CJK = max(map(len, CJK_WORDS))
MARKS = {
    ",": "link", "(": "open", ")": "close", "?": "unsure", "&": "and",
    "-": "to", "–": "to", "—": "to", "−": "to", "~": "to", "〜": "to", "∼": "to",
}  # fmt: skip
DOTTED, DOT = {"month", "weekday", "about"}, re.compile(r"\.")  # Nov. 7
HYPHENED, HYPHEN = {"part", "portion"}, re.compile(r"-(?=[a-z\d])")  # mid-October, mid-2023

HANZI_DIGITS = {letter: number % 10 for number, letter in enumerate("〇一二三四五六七八九零")}
HANZI_RUN = re.compile(
    rf"(?<![{''.join(sorted(set(''.join(WEEK_WORDS))))}第])"
    r"([〇零一二三四五六七八九十廿卅两兩]+)(?=[年月日号號天周週星礼禮个個时時点點分])"
)
BEFORE_DAY = re.compile(r"(?<![\d,.])(\d{1,2}),\s?(?=\d{1,2}[일日号號])")  # 8, 9일
HANZI_TENS = re.compile(r"([一二三]?十|廿|卅)([一二三四五六七八九]?)")


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
    if phrase.isascii():
        return phrase.lower().rstrip(" .")
    if any(is_odd_digit(letter) for letter in phrase):
        raise Unreadable("it has digits in an unusual form; type plain ones")
    text = unicodedata.normalize("NFKC", phrase).translate(SPELLING).lower()
    text = BESIDE_CJK.sub("", text).rstrip(" .。")
    return BEFORE_DAY.sub(r"\1·", HANZI_RUN.sub(digits_for_hanzi, text))


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
        return read_number(text, at)
    if match := QUARTER.match(text, at):
        return [Token("quarter", int(match[1]), match[0])], match.end()
    if match := LATIN_WORD.match(text, at):
        return worded(text, at, match)
    if match := WEEKDAY_OF_WEEK.match(text, at):
        week = Token("isoweek", WEEKS[match[1]], match[0])
        return [week, CJK_WORDS["周" + match[2]]], match.end()
    for length in range(min(LONGEST_CJK, len(text) - at), 0, -1):
        token = CJK_WORDS.get(text[at : at + length])
        if token and not (token.kind == "now" and THIS_DAY_OR_YEAR.match(text, at + length - 1)):
            return [checked(token)], at + length
    if letter in MARKS:
        return [Token(MARKS[letter], 0, letter)], at + 1
    raise Unreadable(f"“{unknown_piece(text, at)}” is not understood")


WEEKDAY_OF_WEEK = re.compile(r"([上本这這下])[个個]?(?:周|週|星期|礼拜|禮拜)([一二三四五六日天])")
THIS_DAY_OR_YEAR = re.compile("今[年日天早晨晚]")  # 至今年1月 is no 至今
QUARTER = re.compile(r"q([1-4])\b")
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
