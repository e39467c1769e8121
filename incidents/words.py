"""What the search box looks up: the words of a folded text, and what a query asks of them.

One rule: whatever a text holds from the beginning of a word is found, in any script. Scripts that
part words with spaces are looked up by how their words begin; all others by pairs of
neighbouring letters, so that 노동 is found in 강제노동을. `deriving` stores a text's tokens, and
beside them those of its places and category, so that words and a place are looked up at once; the
queryset words that search ask for them.
"""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import chain, groupby

from incidents.names import Letters

SPACED = ("LATIN", "GREEK", "CYRILLIC", "ARMENIAN", "GEORGIAN")
LONGEST = 8  # letters of a word that are looked up; SQLite's prefix index goes up to seven

MARK = "\ue000"  # for private use: no token that a text has begins so and is as long as ours

BREAK, SPELT, PAIRED = "break", "spelt", "paired"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What one word of a query asks for, as far as it can be looked up, and what is left to check.

    A token that ends with `*` stands for every word that begins so. Without tokens every text has
    to be read. `held`: the word itself, where its tokens alone do not prove that a text holds it.
    """

    tokens: tuple[str, ...]
    held: str = ""


@cache
def kind_of(letter: str) -> str:
    """Tell whether a character parts words, is looked up in whole words, or in pairs."""
    category = unicodedata.category(letter)
    if category == "Nd":
        return SPELT
    if category[0] not in "LMN" and category != "Co":
        return BREAK
    return SPELT if unicodedata.name(letter, "").startswith(SPACED) else PAIRED


PARTED = Letters(lambda letter: " " if kind_of(letter) == BREAK else letter)


def tokens_of(folded: str) -> list[str]:
    """List the tokens of a folded text in order, each once; none holds a space or a sign."""
    found: set[str] = set()
    for word in set(folded.split()):
        if word.isascii() and word.isalnum():
            found.add(word[:LONGEST])
        else:
            found.update(tokens_of_word(word))
    return sorted(token for token in found if len(token) > 1)


@lru_cache(maxsize=50_000)
def tokens_of_word(word: str) -> frozenset[str]:
    """List the tokens of what stands between two spaces."""
    runs = runs_of(word)
    spelt = (part[:LONGEST] for run in runs for part in spelt_in(run))
    return frozenset(chain(spelt, *map(pairs_in, runs)))


def token_of_place(place: int) -> str:
    """Name a place among the tokens of every incident that touched it or something below it."""
    return f"{MARK}p{place}"


def token_of_category(category: int) -> str:
    """Name a category among the tokens of its incidents."""
    return f"{MARK}c{category}"


def wanted(folded: str) -> list[Wanted]:
    """Say what each word of a folded query asks for; all of them must be answered."""
    return [wanted_by(word) for word in dict.fromkeys(folded.split())]


def wanted_by(word: str) -> Wanted:
    """Say what one word asks for: a text that holds it where a word begins has all its tokens.

    A single letter is no token: half of all texts hold it.
    """
    tokens: dict[str, None] = {}
    for run in runs_of(word):
        ends_here = word.endswith(run) and kind_of(run[-1]) == SPELT
        spelt = list(spelt_in(run))
        for number, part in enumerate(spelt, start=1):
            is_open = ends_here and number == len(spelt) and len(part) < LONGEST
            if len(part) > 1:
                tokens[part[:LONGEST] + "*" * is_open] = None
        tokens |= dict.fromkeys(pairs_in(run))
    return Wanted(tuple(tokens), "" if proves(word, tokens) else word)


def proves(word: str, tokens: dict[str, None]) -> bool:
    """Tell whether a text with these tokens holds the word for certain."""
    return list(tokens) in ([word], [f"{word}*"])


def runs_of(folded: str) -> list[str]:
    """Cut a text into runs of letters and digits without a sign or space between them."""
    return folded.translate(PARTED).split()


def spelt_in(run: str) -> Iterator[str]:
    """Go through the words of a run that are looked up whole."""
    for kind, letters in groupby(run, kind_of):
        if kind == SPELT:
            yield "".join(letters)


def pairs_in(run: str) -> Iterator[str]:
    """Go through the neighbours in a run of which one is looked up in pairs."""
    kinds = list(map(kind_of, run))
    for place in range(len(run) - 1):
        if PAIRED in kinds[place : place + 2]:
            yield run[place : place + 2]
