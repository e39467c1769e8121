"""The made-up words of the benchmark: three languages, skewed as words are in real texts.

One rule: a few words stand in a known share of the incidents, so that a search for one finds a
known number of rows; two marks differ from copy to copy, so that rare words stay rare.
"""

import random
from collections.abc import Sequence
from itertools import accumulate

from tests.filling import CHINESE, ENGLISH, HANGUL, HANZI, KOREAN, SYLLABLES

chance = random.Random(11)  # noqa: S311 the same made-up records each time

# What a copy writes in place of what the block holds: rare words, and addresses that are its own.
LATIN_MARK = "q{:05d}q"
FIRST_HANGUL, HANGULS, HANGUL_STEP = 0xAC00, 11_172, 7919
BLOCK_LATIN, BLOCK_HANGUL = LATIN_MARK.format(0), "쀍"

# Words that stand in this share of the incidents.
SPRINKLED = {
    f"희{BLOCK_HANGUL}": 0.001,  # two characters, about ten in each copy
    BLOCK_LATIN: 0.001,
    "zelkova": 0.001,
    "강제노동을": 0.01,
    "quarry": 0.01,
    "遣返者": 0.05,
}
RISKY_STARTS = ("=1+1 ", "+82 ", "- ", "@all ", "'=x ", "\ttab ")


def hangul_of(copy: int) -> str:
    """Give the syllable that stands in a copy for the block's."""
    return chr(FIRST_HANGUL + (copy * HANGUL_STEP) % HANGULS) if copy else BLOCK_HANGUL


def invented(letters: Sequence[str], longest: int, number: int) -> list[str]:
    """Make up words of two letters (or syllables) or more."""
    return ["".join(chance.choices(letters, k=chance.randint(2, longest))) for _ in range(number)]


class Vocabulary:
    """Words of a language, the first far more frequent than the last."""

    def __init__(self, words: Sequence[str]) -> None:
        self.words = words
        self.weights = list(accumulate(1 / rank for rank in range(2, len(words) + 2)))

    def sentence(self, length: int) -> str:
        """String so many words together."""
        return " ".join(chance.choices(self.words, cum_weights=self.weights, k=length))


LATIN = Vocabulary([*dict.fromkeys(ENGLISH), *invented(SYLLABLES, 4, 4000)])
HANGUL_WORDS = Vocabulary([*dict.fromkeys(KOREAN), *invented(HANGUL, 4, 2000)])
HANZI_WORDS = Vocabulary([*dict.fromkeys(CHINESE), *invented(HANZI, 3, 1000)])


def title() -> str:
    """Make up a title: English, Korean or Chinese."""
    language = chance.choices([LATIN, HANGUL_WORDS, HANZI_WORDS], [60, 30, 10])[0]
    return language.sentence(chance.randint(5, 9))


def summary() -> str:
    """Make up a summary, with the words that stand in a known share of all."""
    language = LATIN if chance.random() < 0.7 else HANGUL_WORDS
    known = [word for word, share in SPRINKLED.items() if chance.random() < share]
    return " ".join([language.sentence(chance.randint(10, 35)), *known])


def quote() -> str:
    """Make up a quote: now and then with what a CSV file must quote or guard."""
    language = chance.choices([LATIN, HANGUL_WORDS, HANZI_WORDS], [50, 35, 15])[0]
    text = language.sentence(chance.randint(6, 16))
    dice = chance.random()
    if dice < 0.03:
        return chance.choice(RISKY_STARTS) + text
    if dice < 0.2:
        return f'“{text}”, he said, "and more"'
    if dice < 0.23:
        return text.replace(" ", "\n", 1)
    return text.replace(" ", ", ", 1) if dice < 0.4 else text


class Skewed:
    """Records of which the first are chosen far more often than the last, as in life."""

    def __init__(self, records: Sequence, *, flat: int = 1) -> None:
        self.records = records
        self.weights = list(accumulate(1 / rank for rank in range(flat, len(records) + flat)))

    def choose(self):
        """Choose one."""
        return chance.choices(self.records, cum_weights=self.weights)[0]
