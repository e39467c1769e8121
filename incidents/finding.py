"""Finds records of every kind by what somebody types: a code, an address, or a name in any script.

One rule: what is meant exactly (a code, a key, an address) comes first, then what holds the words;
only what the person may see is found or counted. Called by the desk's search page.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet

from incidents.addresses import addresses_in, url_key
from incidents.models import Article, Incident, Place, Source, User, pk_of
from incidents.searching import matching

CAP = 1000


@dataclass(frozen=True, slots=True)
class Found:
    """The first few records of one kind, and how many there are, up to one above CAP."""

    records: list
    number: int


def find_incidents(text: str, user: User, most: int) -> Found:
    """Find incidents: by code or number, then by the words of their records, last logged first."""
    seen = Incident.objects.visible_to(user)
    exact = seen.filter(pk__in=numbers_in(text))
    named = matching(seen, text).order_by("-pk")
    return together(exact, named, seen.select_related("category"), most)


def find_articles(text: str, user: User, most: int) -> Found:
    """Find articles: by address, then by title, part of an address, or publisher."""
    seen = Article.objects.visible_to(user)
    exact = seen.at(map(url_key, addresses_in(text)))
    named = seen.matching(text).order_by("-pk")
    return together(exact, named, seen.select_related("publisher"), most)


def find_sources(text: str, most: int) -> Found:
    """Find sources: by short name, then by any of their names."""
    standing = Source.objects.standing()
    exact = standing.filter(slug=text.casefold())
    named = standing.named(text).order_by("name", "pk")
    return together(exact, named, standing, most)


def find_places(text: str, most: int) -> Found:
    """Find places: by code, then by any of their names."""
    standing = Place.objects.standing()
    exact = standing.filter(code__iexact=text)
    named = standing.named(text).order_by("name", "pk")
    return together(exact, named, standing.select_related("admin1", "country"), most)


def together(exact: QuerySet, named: QuerySet, shown: QuerySet, most: int) -> Found:
    """Put what is meant exactly before what holds the words; read the first few."""
    keys = dict.fromkeys(
        [*exact.values_list("pk", flat=True)[:most], *named.values_list("pk", flat=True)[: CAP + 1]]
    )
    records = shown.in_bulk(list(keys)[:most])
    return Found([records[key] for key in list(keys)[:most] if key in records], len(keys))


def numbers_in(text: str) -> Iterable[int]:
    """Read an incident's key from its code or bare number."""
    try:
        return [pk_of(text if not text.isdecimal() else f"AT-{text}")]
    except ValueError:
        return []
