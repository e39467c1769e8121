"""Finds a town that a cell names together with its country or province: 중국 선양; Shenyang, China.

One rule: it is found where exactly one place of that name lies in all that the cell names beside
it; otherwise nothing is guessed. Called by resolving, for names that are no place as they stand.
"""

import re
from collections.abc import Callable, Iterator, Sequence, Set
from itertools import combinations

from incidents.models import PlaceName
from incidents.names import fold

APART = re.compile(r"[,，、;；/()（）]+")  # noqa: RUF001 (the commas of Chinese texts)
IDEOGRAPHS = re.compile(r"[\u4e00-\u9fff]{4,14}")  # Chinese writes an address without spaces
SUFFIXES = "시군성도省市县縣州"
MOST_WORDS, MOST_GROUPS = 7, 3
Larger = Callable[[str], Set[int]]  # the countries and divisions of a name
Groups = Sequence[str]


def place_inside(name: str, larger: Larger) -> int | None:
    """Find the one place that a cell names with what it lies in."""
    asked = [
        (town, others)
        for groups in readings(name)
        for town, others in towns_of(groups, larger)
        if others
    ]
    if not asked:
        return None
    spelled = {town: set(spellings(town)) for town, _others in asked}
    names = PlaceName.objects.filter(
        folded__in={key for keys in spelled.values() for key in keys}, place__merged_into=None
    )
    known = list(names.values_list("folded", "place_id", "place__country_id", "place__admin1_id"))
    fitting = {
        place
        for town, others in asked
        for folded, place, *above in known
        if folded in spelled[town] and all(other & ({*above} - {place}) for other in others)
    }
    return fitting.pop() if len(fitting) == 1 else None


def readings(name: str) -> Iterator[Groups]:
    """List the ways to take a cell apart into names: at commas, else between words."""
    pieces = [piece.strip() for piece in APART.split(name) if piece.strip()]
    if len(pieces) > 1:
        if len(pieces) <= MOST_GROUPS + 1:
            yield pieces
        return
    words, between = name.split(), " "
    if len(words) == 1 and IDEOGRAPHS.fullmatch(words[0]):
        words, between = list(words[0]), ""
    elif len(words) > MOST_WORDS:
        return
    for number in range(1, MOST_GROUPS):
        for cuts in combinations(range(1, len(words)), number):
            ends = (0, *cuts, len(words))
            yield [between.join(words[a:b]) for a, b in zip(ends, ends[1:], strict=False)]


def towns_of(groups: Groups, larger: Larger) -> Iterator[tuple[str, list[Set[int]]]]:
    """Take each name for the town, where all others are countries or divisions."""
    found = [larger(group) for group in groups]
    for at, town in enumerate(groups):
        others = [*found[:at], *found[at + 1 :]]
        if all(others):
            yield town, others


def spellings(name: str) -> Iterator[str]:
    """Give the keys by which a town may stand: with and without 시, 市 and the like."""
    folded = fold(name)
    yield folded
    if len(folded) > 2 and folded[-1] in SUFFIXES:
        yield folded[:-1]
    elif folded and not folded.isascii():
        yield from (f"{folded}시", f"{folded}市")
