"""Search keys for names in any script.

The one rule: two spellings that differ only in case, accents, apostrophes, hyphens or width have
the same key. Called wherever a name is stored to be found, or typed to find one.
"""

import unicodedata
from collections.abc import Callable
from functools import lru_cache

APOSTROPHES = "'’‘‛`´ʻʼʽʾʿˈʹ′＇"
DOTS = "·•‧・･ㆍ−˗⁃"
LETTERS = {
    "đ": "d",
    "ð": "d",
    "ħ": "h",
    "ı": "i",
    "ł": "l",
    "ø": "o",
    "æ": "ae",
    "œ": "oe",
    "þ": "th",
}

# Before decomposing: an acute accent on its own and the Korean middle dot would turn into others.
MARKS = str.maketrans(dict.fromkeys(APOSTROPHES, "") | dict.fromkeys(DOTS, " ") | LETTERS)
NAME = 60  # letters; shorter texts come again and again, and their keys are remembered
PLAIN_MARKS = str.maketrans({"-": " ", "'": None, "`": None})  # all that ASCII has of them


class Letters(dict[int, str]):
    """What becomes of each character, for `str.translate`; worked out when it is first met."""

    def __init__(self, rule: Callable[[str], str]) -> None:
        super().__init__()
        self._rule = rule

    def __missing__(self, code: int) -> str:
        found = self[code] = self._rule(chr(code))
        return found


def _bare(letter: str) -> str:
    """Leave out accents and characters without width, of a decomposed text."""
    bare = not unicodedata.combining(letter) and unicodedata.category(letter) != "Cf"
    return letter if bare else ""


def _plain(letter: str) -> str:
    """Leave out accents and apostrophes; hyphens and middle dots are spaces."""
    plain = _bare(letter).translate(MARKS)
    return " " if plain and unicodedata.category(plain[0]) == "Pd" else plain


BARE, PLAIN = Letters(_bare), Letters(_plain)


def fold(text: str) -> str:
    """Give the search key of a name: `Manp’o` is manpo, `Hamgyŏng-bukto` is hamgyong bukto.

    Case, accents, apostrophes and full width do not count; hyphens and middle dots are spaces.
    Hangul and Chinese characters stay as they are. The key of a key is itself. The key of texts
    with a space between is their keys with a space between.
    """
    if text.isascii():
        return " ".join(text.translate(PLAIN_MARKS).lower().split())
    return fold_of_name(text) if len(text) <= NAME else fold_of_text(text)


def fold_of_text(text: str) -> str:
    """Give the search key of a text in any script."""
    bare = unicodedata.normalize("NFKD", text.translate(MARKS)).translate(BARE)
    plain = unicodedata.normalize("NFKD", bare.casefold()).translate(PLAIN)
    return unicodedata.normalize("NFC", " ".join(plain.split()))


fold_of_name = lru_cache(maxsize=50_000)(fold_of_text)
