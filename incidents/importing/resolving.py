"""Finds the places, sources and categories that rows name, in the database's own vocabularies.

One rule: a name is found or it is not; nothing is guessed, and no place is invented. What was
found is remembered for the file, so that a name costs one query however often it occurs.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

from incidents.chunks import in_chunks
from incidents.importing.codewords import code_for
from incidents.importing.inside import place_inside
from incidents.models import Category, Place, PlaceName, Source, SourceAlias, choices
from incidents.names import fold

KINDS = (
    *("division", "province", "governorate", "state", "district", "department", "oblast", "region"),
    *("republic", "county", "prefecture", "municipality", "territory", "island", "islands", "city"),
    *("autonomous", "emirate", "voivodeship", "krai", "rayon", "parish", "wilaya", "of", "the"),
)
SEVERAL = 0  # stands for a name that more than one source has
ASIDE = re.compile(r"^(?P<name>[^()]+?)\s*\((?P<aside>[^()]+)\)$")
# Names that data sets give to countries, beside those the gazetteer knows.
OTHER_NAMES = {
    "dr congo": "CD",
    "dr congo (zaire)": "CD",
    "zaire": "CD",
    "congo": "CG",
    "russia (soviet union)": "RU",
    "soviet union": "RU",
    "yemen (north yemen)": "YE",
    "serbia (yugoslavia)": "RS",
    "yugoslavia (serbia)": "RS",
    "bosnia herzegovina": "BA",
    "kingdom of eswatini (swaziland)": "SZ",
    "zimbabwe (rhodesia)": "ZW",
    "madagascar (malagasy)": "MG",
    "macedonia, fyr": "MK",
    "macedonia": "MK",
    "ivory coast": "CI",
    "turkey": "TR",
    "burma": "MM",
    "vietnam (north vietnam)": "VN",
    "south vietnam": "VN",
    "palestine": "PS",
    "kosovo": "XK",
    "china, hong kong special administrative region": "HK",
    "china, macao special administrative region": "MO",
    "united states virgin islands": "VI",
    "cape verde": "CV",
    "swaziland": "SZ",
    "east timor": "TL",
}
fold_of_source = lru_cache(maxsize=20_000)(fold)


class KnownCategory(NamedTuple):
    """A category as rows need it."""

    key: int
    code: str
    measure: str
    name: str


class Vocabulary:
    """What the database knows by name, as far as a file has asked for it."""

    def __init__(self) -> None:
        """Read what is small: countries, divisions, categories."""
        self.categories: dict[str, KnownCategory] = {}
        for row in Category.objects.values_list("pk", "code", "measure", "name"):
            known = KnownCategory(*row)
            self.categories |= {known.code: known, fold(known.name): known}
        self.codes: dict[str, int] = {}
        self.countries = self.of_kind(choices.PlaceKind.COUNTRY)
        self.divisions = self.of_kind(choices.PlaceKind.ADMIN1)
        self.divisions_named: dict[str, set[int]] = defaultdict(set)
        self.named: dict[str, int | None] = {}
        self.sources: dict[str, int | None] = {}
        self.slugs: set[str] = set(Source.objects.values_list("slug", flat=True))

    def of_kind(self, kind: str) -> dict[tuple[int | None, str], int]:
        """Map the names of standing places of a kind, below the country, to the place.

        A name that several have is left out.
        """
        found: dict[tuple[int | None, str], set[int]] = defaultdict(set)
        names = PlaceName.objects.filter(place__kind=kind, place__merged_into=None)
        above = "place__country_id" if kind != choices.PlaceKind.COUNTRY else None
        rows = names.values_list("place_id", "folded", *([above] if above else []))
        for key, folded, *country in rows:
            found[country[0] if country else None, folded].add(key)
            if kind == choices.PlaceKind.ADMIN1:
                found[country[0], without_kind(folded)].add(key)
        return {name: keys.pop() for name, keys in found.items() if len(keys) == 1}

    def category(self, name: str) -> KnownCategory | None:
        """Find a category by code, by name, or by a word that stands for it in some language."""
        code = name.strip().lower().replace(" ", "_")
        named = self.categories.get(code) or self.categories.get(fold(name))
        return named or self.categories.get(code_for("category", name))

    def place(self, asked: tuple[str, ...]) -> int | None:
        """Find a place as a reader names it: (kind of question, names, larger first)."""
        how, *names = asked
        if how == "country":
            return self.country(names[0])
        if how == "division":
            country = self.country(names[0])
            return self.division(country, names[1]) or country if country else None
        return self.any_place(names[0])

    def country(self, name: str) -> int | None:
        """Find a country by code, by a name in any language, or by what stands before brackets."""
        for spelling in spellings(name):
            if found := self.countries.get((None, spelling)) or self.by_code(spelling):
                return found
            if code := OTHER_NAMES.get(spelling):
                return self.by_code(code)
        return None

    def division(self, country: int, name: str) -> int | None:
        """Find a first-level division of a country; what kind of division it is does not count."""
        for spelling in spellings(name):
            found = self.divisions.get((country, spelling))
            if found := found or self.divisions.get((country, without_kind(spelling))):
                return found
        return None

    def any_place(self, name: str) -> int | None:
        """Find the one standing place with this code or name; of several, the country."""
        if name not in self.named:
            whole = None if "(" in name else self.country(name)
            found = self.by_code(name) or whole or self.only(name)
            found = found or place_inside(name, self.larger)
            self.named[name] = found or self.country(name)
        return self.named[name]

    def larger(self, name: str) -> set[int]:
        """Find the country of this name, and the divisions of it in any country."""
        if not self.divisions_named:
            for (_country, folded), key in self.divisions.items():
                self.divisions_named[folded].add(key)
        country = self.country(name)
        keys = (fold(name), without_kind(fold(name)))
        return {country} - {None} | set().union(*(self.divisions_named.get(k, ()) for k in keys))

    def only(self, name: str) -> int | None:
        """Find the one place of this name."""
        found = PlaceName.objects.filter(folded=fold(name), place__merged_into=None)
        keys = set(found.values_list("place_id", flat=True)[:2])
        return keys.pop() if len(keys) == 1 else None

    def by_code(self, code: str) -> int | None:
        """Find a place by its code, in any case."""
        if not self.codes:
            standing = Place.objects.filter(merged_into=None)
            self.codes = {code.casefold(): pk for code, pk in standing.values_list("code", "pk")}
        return self.codes.get(code.strip().casefold())

    def look_up_sources(self, names: Iterable[str]) -> None:
        """Look up the sources with these names, slugs or aliases that nobody asked for yet."""
        keyed = {name: fold_of_source(name) for name in set(names) if name}
        asked = {key: name for name, key in keyed.items() if key not in self.sources}
        found: dict[str, set[int]] = defaultdict(set)
        for some in in_chunks(sorted(asked)):
            slugs = [asked[key] for key in some]
            standing = Source.objects.standing()
            for pk, folded in standing.filter(folded__in=some).values_list("pk", "folded"):
                found[folded].add(pk)
            for pk, slug in standing.filter(slug__in=slugs).values_list("pk", "slug"):
                found[fold(slug)].add(pk)
            aliases = SourceAlias.objects.filter(folded__in=some, source__merged_into=None)
            for pk, folded in aliases.values_list("source_id", "folded"):
                found[folded].add(pk)
        for key in asked:
            several = len(found[key]) > 1
            self.sources[key] = SEVERAL if several else next(iter(found[key]), None)

    def source(self, name: str) -> int | None:
        """Give the source of this name, after it was looked up; None for none, or for several."""
        return (self.sources.get(fold_of_source(name)) or None) if name else None

    def new_slug(self, name: str) -> str:
        """Make a short name for a new source that no other has."""
        letters = re.sub(r"[^a-z0-9]+", "-", fold(name)).strip("-")[:60].strip("-")
        base = letters or "source"
        slug, number = base, 1
        while slug in self.slugs:
            number += 1
            slug = f"{base}-{number}"
        self.slugs.add(slug)
        return slug


def spellings(name: str) -> Iterator[str]:
    """Give the keys by which a name may stand: whole, without what is in brackets, that alone."""
    yield fold(name)
    if found := ASIDE.match(name.strip()):
        yield fold(found["name"])
        yield fold(found["aside"])


def without_kind(folded: str) -> str:
    """Leave out what kind of division it is: `idlib governorate` is idlib."""
    return " ".join(word for word in folded.split() if word not in KINDS) or folded
