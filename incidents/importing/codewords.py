"""Reads the words by which sheets name categories and measures: 강제북송, “deportation”, 遣返.

One rule: a word stands for one code or for none; nothing is guessed from a part of a word. The
words stand in data/value_names.toml. Called where cells are read, and by the page that asks a
person for the rest. Pure.
"""

import tomllib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from incidents.names import fold

NAMES = Path(__file__).resolve().parent.parent / "data" / "value_names.toml"
TARGETS = ("category", "measure")  # what a sheet may say in words of its own


def key_of(word: str) -> str:
    """Give the key by which two spellings of a word are one."""
    return fold(word.replace("_", " ")).replace(" ", "")


def by_key(names: Mapping[str, list[str]]) -> dict[str, str]:
    """Map the key of each word to its code; the code itself is one of its words."""
    return {key_of(word): code for code, words in names.items() for word in (code, *words)}


CODES = {
    target: by_key(names)
    for target, names in tomllib.loads(NAMES.read_text(encoding="utf-8")).items()
}


@lru_cache(maxsize=2_000)
def code_for(target: str, word: str) -> str:
    """Give the code that a word stands for; "" for a word that is not known."""
    return CODES[target].get(key_of(word), "")
