"""Made-up sheets in the shapes that imports read, with the quirks of the real ones."""

import csv
from collections.abc import Iterable, Mapping
from pathlib import Path

MIGRANTS = (
    "web_id region reported_date number_dead number_missing total_dead_and_missing "
    "number_of_survivors number_of_female number_of_male number_of_children cause_death "
    "country_of_incident location_description unsd_geographic_grouping location_coodinates "
    "migration_route information_source url source_quality region_origin country_origin"
).split()
MIGRANT = {
    "web_id": "2014.MMP00001",
    "region": "North Africa",
    "reported_date": "2014-12-31",
    "number_dead": "3",
    "number_missing": "4",
    "cause_death": "Drowning",
    "country_of_incident": "Libya",
    "location_description": "Off Zuwara\n",
    "location_coodinates": "32.9312, 12.0799",
    "information_source": "Coroner&#039;s Office",
    "url": "https://news.example/a",
    "source_quality": "4",
}
DOWNLOAD = (
    "Main ID,Incident ID,Region,Incident Date,Incident Year,Month,Number of Dead,"
    "Minimum Estimated Number of Missing,Total Number of Dead and Missing,Country of Incident,"
    "Cause of Death,Location of Incident,Information Source,Coordinates,URL"
).split(",")
EVENTS = (
    "id relid year type_of_violence dyad_name side_a side_b number_of_sources source_article "
    "source_office source_date source_headline source_original where_prec where_coordinates "
    "where_description adm_1 adm_2 latitude longitude country country_id region date_prec "
    "date_start date_end deaths_a deaths_b best high low"
).split()
EVENT = {
    "id": "300380.0",
    "relid": "SYR-2013-1",
    "year": "2013.0",
    "dyad_name": "Government of Syria - Syrian insurgents",
    "source_article": '"First Post,2013-01-03,A headline, with comma";"Second,2013-01-04,Another"',
    "where_prec": "1.0",
    "where_coordinates": "Rami village",
    "adm_1": "Idlib governorate",
    "latitude": "35.763369",
    "longitude": "36.558974",
    "country": "Syria",
    "date_prec": "1.0",
    "date_start": "2013-01-03",
    "date_end": "2013-01-03",
    "best": "2.0",
    "high": "4.0",
    "low": "1.0",
}
CLAIMS = (
    "incident claim title category words source source_as_printed date_words place_code "
    "place_role article_url article_title publisher published quote"
).split()
CLAIM = {
    "incident": "K1",
    "claim": "1",
    "title": "Returns at Tumen",
    "category": "forced_return",
    "words": "up to 60",
    "source_as_printed": "Radio Free America",
    "date_words": "2024-04-26",
    "place_code": "CN-JL",
    "place_role": "crossing",
    "article_url": "https://news.example/returns",
}


def write(
    path: Path,
    headers: Iterable[str],
    rows: Iterable[Mapping[str, str]],
    *,
    encoding: str = "utf-8-sig",
    delimiter: str = ",",
) -> Path:
    """Write a sheet; what a row does not say is empty."""
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.DictWriter(file, list(headers), restval="", delimiter=delimiter)
        writer.writeheader()
        writer.writerows(rows)
    return path


def migrants(path: Path, *rows: Mapping[str, str]) -> Path:
    """Write rows of Missing Migrants, as its API gives them."""
    return write(path, MIGRANTS, [{**MIGRANT, **row} for row in rows])


def events(path: Path, *rows: Mapping[str, str]) -> Path:
    """Write rows of UCDP GED."""
    return write(path, EVENTS, [{**EVENT, **row} for row in rows])


def claims(path: Path, *rows: Mapping[str, str]) -> Path:
    """Write claims by the project's own template."""
    return write(path, CLAIMS, [{**CLAIM, **row} for row in rows])
