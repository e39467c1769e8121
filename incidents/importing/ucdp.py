"""Reads the cells of the UCDP Georeferenced Event Dataset that are coded in a way of its own.

Source: UCDP GED Codebook (Uppsala Conflict Data Program), CC BY 4.0. One rule: as `values`.
"""

import re
from collections.abc import Sequence

from django.utils.translation import gettext as _

from incidents.date_edtf import month_days
from incidents.importing.values import Aside, Reader, checked_point, date_of, degrees, whole

POINTS = {"1": "exact", "2": "locality"}  # where_prec; 3 to 7 are middles of larger areas
ELSEWHERE = {("Israel", "Gaza Strip"): "PS", ("Israel", "West Bank"): "PS"}  # of ISO 3166-1
WATERS = "7"  # international waters or airspace
SOURCE = re.compile(r'"((?:[^"]|"(?!;"|$))*)"(?:;|$)')
PARTS = re.compile(
    r"(?P<publisher>.*?),\s*(?P<published>\d{4}-\d{2}-\d{2})\s*,\s*(?P<title>.*)", re.S
)
LONGEST_TITLE = 500


def days(cells: Sequence[str]) -> str:
    """Write date_start, date_end and date_prec as EDTF: the day itself, or the days it lies in.

    date_prec 1 is the day; 2 to 5 say that it lies somewhere between the two, up to a year.
    """
    first, last = (date_of(cell[:10], None) for cell in cells[:2])
    if first.earliest is None or last.latest is None or first.earliest > last.latest:
        raise ValueError(_("“%s” to “%s” is not a span of days.") % (cells[0], cells[1]))
    if first.earliest == last.latest:
        is_exact = str(whole(cells[2] or "1")) == "1"
        return first.edtf if is_exact else f"{first.edtf}~"
    if (first.earliest, last.latest) == month_days(first.earliest.year, first.earliest.month):
        return f"{first.earliest:%Y-%m}"
    if f"{first.earliest:%m-%d}{last.latest:%m-%d}{last.latest.year - first.earliest.year}" == (
        "01-0112-310"
    ):
        return f"{first.earliest:%Y}"
    return f"{first.edtf}/{last.edtf}"


def where(cells: Sequence[str]) -> tuple[str, ...]:
    """Name the place of country, adm_1 and where_prec: a division, or the country alone."""
    precision = str(whole(cells[2])) if cells[2] else ""
    if precision == WATERS:
        raise Aside(_("international waters or airspace: no place of the gazetteer"))
    if elsewhere := ELSEWHERE.get((cells[0], cells[1])):
        return ("place", elsewhere)
    return (
        ("division", cells[0], cells[1]) if cells[1] and precision != "6" else ("country", cells[0])
    )


def point(cells: Sequence[str]) -> tuple[str, str, str] | None:
    """Give latitude, longitude and precision where where_prec says that a point was known."""
    precision = POINTS.get(str(whole(cells[2]))) if cells[2] else None
    if precision is None or not (cells[0] and cells[1]):
        return None
    return (*checked_point(degrees(cells[0]), degrees(cells[1])), precision)


def sources(cell: str) -> list[dict[str, str]]:
    """Read source_article: `"outlet,day,headline";"..."`, or one text if not so written."""
    quoted = [match[1] for match in SOURCE.finditer(cell)] if cell.startswith('"') else []
    found = [parts.groupdict() for part in quoted if (parts := PARTS.fullmatch(part.strip()))]
    if not found or len(found) != len(quoted):
        return [{"title": " ".join(cell.split())[:LONGEST_TITLE]}]
    return [
        {
            "publisher": part["publisher"].strip()[:200],
            "published": part["published"],
            "title": part["title"].strip()[:LONGEST_TITLE] or f"[{part['publisher'].strip()}]",
        }
        for part in found
    ]


READERS: dict[str, Reader] = {
    "ucdp_days": days,
    "ucdp_where": where,
    "ucdp_point": point,
    "ucdp_sources": sources,
}
