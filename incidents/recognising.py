"""Recognises places and sources in words as an article prints them, in any script.

One rule: it only proposes; a person accepts. Looks names up whole, by their search key, so that a
long list of names costs no more than a short one. Called where somebody types a claim.
"""

import re
from collections.abc import Iterator

from django.db.models import Q

from incidents.models import Place, PlaceName, Source, SourceAlias, choices
from incidents.names import fold

MOST_WORDS = 4  # of one name: "Democratic Republic of Congo" is found by its last two
MOST_KEYS = 400
IDEOGRAPHS = re.compile(r"[぀-ヿ㐀-鿿가-힣]+")
POSSESSIVE = re.compile(r"['’]s\b")
LONGEST_RUN = 8  # of Korean or Chinese characters in one name
SMALLEST_FIRST = {kind: -depth for depth, kind in enumerate(choices.PlaceKind.values)}


def places_in(words: str, *, limit: int = 6) -> list[Place]:
    """List places that the words may mean, the likeliest first.

    A name that covers more of the words comes first; among equals the one whose larger place is
    named beside it ("Tumen, Jilin"), then the smaller place.
    """
    keys = set(keys_in(words))
    if not keys:
        return []
    longest: dict[int, int] = {}
    named = PlaceName.objects.filter(folded__in=keys, place__merged_into=None)
    for place, key in named.values_list("place_id", "folded"):
        longest[place] = max(longest.get(place, 0), len(key))
    found = Place.objects.filter(pk__in=longest).select_related("country", "admin1")[:200]
    return sorted(found, key=lambda place: rank_of(place, longest))[:limit]


def rank_of(place: Place, longest: dict[int, int]) -> tuple:
    """Rank a place among those whose names were found, by the length of the name found."""
    above = {place.admin1_id, place.country_id} - {place.pk}
    beside = sum(key in longest for key in above)
    return (-longest[place.pk] - 4 * beside, SMALLEST_FIRST[place.kind], place.name, place.pk)


def keys_in(words: str) -> Iterator[str]:
    """List the search keys of every name that the words may hold: at most MOST_KEYS."""
    keys = list(dict.fromkeys(candidate_keys(words)))
    yield from keys[:MOST_KEYS]


def candidate_keys(words: str) -> Iterator[str]:
    """Go through the whole text, its parts between commas, runs of words, and runs of Hangul."""
    words = POSSESSIVE.sub("", words)
    yield fold(words)
    for part in re.split(r"[,;、，·/()]|\band\b|\bor\b", words):
        tokens = fold(part).split()
        for length in range(min(len(tokens), MOST_WORDS), 0, -1):
            for start in range(len(tokens) - length + 1):
                yield " ".join(tokens[start : start + length])
    for run in IDEOGRAPHS.findall(fold(words)):
        for length in range(min(len(run), LONGEST_RUN), 1, -1):
            for start in range(len(run) - length + 1):
                yield run[start : start + length]


def source_called(name: str) -> Source | None:
    """Find the one source with exactly this name or alias; None when there is none, or several."""
    found = sources_called(name)
    return found[0] if len(found) == 1 else None


def sources_called(name: str) -> list[Source]:
    """List the sources with exactly this name or alias; the first three are enough."""
    key = fold(name)
    if not key:
        return []
    aliases = SourceAlias.objects.filter(folded=key).values("source")
    return list(Source.objects.standing().filter(Q(folded=key) | Q(pk__in=aliases))[:3])


def sources_like(name: str, *, limit: int = 5) -> list[Source]:
    """List sources that the printed name may mean: any that hold it, or most of its words."""
    key = fold(name)
    if not key:
        return []
    exact = source_called(name)
    found = list(Source.objects.standing().named(name)[:limit])
    words = [word for word in key.split() if len(word) > 3 or IDEOGRAPHS.fullmatch(word)]
    for word in sorted(words, key=len, reverse=True)[:2]:
        if len(found) < limit:
            found += Source.objects.standing().named(word)[:limit]
    return list(dict.fromkeys([*([exact] if exact else []), *found]))[:limit]


def usual_publisher(host: str) -> Source | None:
    """Find who published every recorded article of a site; None where that is not one body."""
    if not host:
        return None
    on_site = Source.objects.standing().filter(
        articles__url_key__startswith=f"{host}/", articles__restricted=False
    )
    found = set(on_site.order_by().values_list("pk", flat=True)[:50])
    return Source.objects.get(pk=found.pop()) if len(found) == 1 else None
