"""Search keys for names in any script.

The one rule: two spellings that differ only in case, accents, apostrophes, hyphens or width have
the same key. Called wherever a name is stored to be found, or typed to find one.
"""

import unicodedata

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


def fold(text: str) -> str:
    """Give the search key of a name: `Manp’o` is manpo, `Hamgyŏng-bukto` is hamgyong bukto.

    Case, accents, apostrophes and full width do not count; hyphens and middle dots are spaces.
    Hangul and Chinese characters stay as they are. The key of a key is itself.
    """
    plain = _bare(_bare(text.translate(MARKS)).casefold()).translate(MARKS)
    words = "".join(" " if unicodedata.category(c) == "Pd" else c for c in plain)
    return unicodedata.normalize("NFC", " ".join(words.split()))


def _bare(text: str) -> str:
    """Decompose, and leave out accents and characters without width."""
    letters = unicodedata.normalize("NFKD", text)
    return "".join(
        c for c in letters if not unicodedata.combining(c) and unicodedata.category(c) != "Cf"
    )
