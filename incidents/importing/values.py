"""Reads a cell of a data set as a value: a count, days, a point, a list of addresses.

One rule: right, or said. What is wrong raises ValueError and the row is rejected; what a record
has no place for raises Aside, and the cell is kept as extra data with a line in the report. No
queries.
"""

import datetime as dt
import html
import json
import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

from django.utils.translation import gettext as _

from incidents import dates, quantities

Reader = Callable[..., Any]


class Aside(ValueError):
    """A cell that is kept as extra data, because no record has a place for what it says."""


WHOLE = re.compile(r"(-?)(\d+)(?:\.0+)?")
GROUPED = re.compile(r"\d{1,3}(?:,\d{3})+")
NUMBERED = re.compile(
    r"(?:(?P<weekday>[A-Za-z]+)\.?,?\s+)?(?P<one>\d{1,2})[/.\-](?P<two>\d{1,2})[/.\-](?P<year>\d{4})"
    r"(?:[\sT-]+\d{1,2}:\d{2}(?::\d{2})?)?(?:,?\s*\(?(?P<after>[A-Za-z]+)\.?\)?)?"
)
ISO_DAY = re.compile(r"(\d{4}-\d{2}-\d{2})(?:[T ]\d{2}:\d{2}(?::\d{2})?(?:\.\d+)?Z?)?")
ABSOLUTE = re.compile(r"\d{4}-\d{2}(?:-\d{2})?(?:/\d{4}-\d{2}(?:-\d{2})?)?")  # ISO, EDTF
ORDERS = ("dmy", "mdy")
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
PAIR = re.compile(r"\s*(-?\d+(?:\.\d+)?)\s*[,;\s]\s*(-?\d+(?:\.\d+)?)\s*")
WELL_KNOWN_TEXT = re.compile(r"\s*POINT\s*\(\s*(-?[\d.]+)\s+(-?[\d.]+)\s*\)\s*", re.IGNORECASE)
ADDRESS = re.compile(r"(?:https?://|www\.)\S+?(?=[,;|]?\s|[,;|](?:https?://|www\.)|[,;|]?$)", re.I)
ARCHIVES = re.compile(
    r"https?://(?:www\.)?(?:archive\.(?:today|is|ph|li|vn|md|fo|org)|web\.archive\.org|perma\.cc)/",
    re.IGNORECASE,
)
SEVERAL_NAMES = re.compile(r"[,;/|]|\b(?:via|and|reported|quoted|cited|citing|and/or|with)\b", re.I)
YES, NO = {"yes", "true", "1", "y", "예", "是"}, {"no", "false", "0", "n", "아니요", "否"}


def text(cell: str) -> str:
    """Take a text as it stands."""
    return cell


def unescaped(cell: str) -> str:
    """Read the entities of HTML: `Coroner&#039;s` is Coroner's."""
    return " ".join(html.unescape(cell).split())


def whole(cell: str) -> int:
    """Read a whole number: 12, 12.0, 1,022. Raises Aside below zero."""
    plain = cell.replace(",", "") if GROUPED.fullmatch(cell) else cell
    found = WHOLE.fullmatch(plain)
    if not found:
        raise ValueError(_("“%s” is not a whole number. Write digits, such as 12 or 1,022.") % cell)
    if found[1] and int(found[2]):
        raise Aside(_("%s people cannot be counted: a count is 0 or more") % cell)
    return int(found[2])


def count(cell: str) -> str:
    """Read a count of people in digits or words, and give the words to keep."""
    found = WHOLE.fullmatch(cell)
    words = str(whole(cell)) if found else cell
    quantities.parse(words)
    return words


def at_least(cell: str) -> str:
    """Read a number that its column calls a minimum."""
    return f"at least {whole(cell)}"


def day(cell: str, order: str = "") -> str:
    """Read a day and give the words to keep; `order` is that of 04/05/2024: "dmy" or "mdy".

    A weekday beside such a day decides the order where it can. Raises ValueError otherwise.
    """
    if found := ISO_DAY.fullmatch(cell):
        return found[1]
    numbered = NUMBERED.fullmatch(cell)
    if not numbered:
        return cell
    read = day_in_numbers(cell, numbered, order)
    return f"{cell} [{read.isoformat()}]"


def day_in_numbers(cell: str, found: re.Match[str], order: str) -> dt.date:
    """Find the one day that numbers and weekday can mean."""
    one, two, year = int(found["one"]), int(found["two"]), int(found["year"])
    possible = {"dmy": date_or_none(year, two, one), "mdy": date_or_none(year, one, two)}
    days = {name: read for name, read in possible.items() if read}
    for name in filter(None, (found["weekday"], found["after"])):
        weekday = name.lower()[:3]
        if weekday not in WEEKDAYS:
            raise ValueError(
                _("“%(cell)s”: “%(name)s” is not a day of the week.") % {"cell": cell, "name": name}
            )
        days = {n: read for n, read in days.items() if read.weekday() == WEEKDAYS.index(weekday)}
        if not days:
            raise ValueError(
                _("“%(cell)s” is no %(name)s, whichever number is the month.")
                % {"cell": cell, "name": name}
            )
    if len(set(days.values())) > 1 and order:
        days = {name: read for name, read in days.items() if name == order}
    if len(set(days.values())) != 1:
        unclear = _("“%s” may mean two days. Write year, month, day, such as 2024-04-26.")
        unknown = _("“%s” is no day of the calendar. Write year, month, day, such as 2024-04-26.")
        raise ValueError((unclear if days else unknown) % cell)
    return next(iter(days.values()))


def date_or_none(year: int, month: int, day_: int) -> dt.date | None:
    """Make a date, or None where there is no such day."""
    try:
        return dt.date(year, month, day_)
    except ValueError:
        return None


def orders_of(cell: str) -> set[str]:
    """Say in which orders a day in numbers can be read; none where the order does not matter."""
    found = NUMBERED.fullmatch(cell)
    if not found:
        return set()
    read: dict[str, dt.date] = {}
    for order in ORDERS:
        try:
            read[order] = day_in_numbers(cell, found, order)
        except ValueError:
            continue
    if found["one"] == found["two"]:
        return set()
    if len(set(read.values())) == 1:  # only one order makes a day of it
        return {"dmy" if next(iter(read.values())).day == int(found["one"]) else "mdy"}
    return set(read)


def date_of(words: str, published: dt.date | None) -> dates.ImpreciseDate:
    """Read a date as the forms do; remembered, as data sets name the same days again and again."""
    return date_as_of(words, None if ABSOLUTE.fullmatch(words) else published)


@lru_cache(maxsize=20_000)
def date_as_of(words: str, published: dt.date | None) -> dates.ImpreciseDate:
    """Read a date whose meaning may depend on the day of publication."""
    return dates.parse(words, published)


@lru_cache(maxsize=20_000)
def quantity_of(words: str) -> quantities.Quantity:
    """Read a count as the forms do; remembered likewise."""
    return quantities.parse(words)


def point(cell: str) -> tuple[str, str]:
    """Read a point, `latitude, longitude` or `POINT (longitude latitude)`, in degrees."""
    if found := WELL_KNOWN_TEXT.fullmatch(cell):
        return checked_point(found[2], found[1])
    if found := PAIR.fullmatch(cell):
        return checked_point(found[1], found[2])
    raise Aside(_("“%s” is not a point: latitude, longitude in degrees") % cell)


def checked_point(latitude: str, longitude: str) -> tuple[str, str]:
    """Give a point with the six places that the database keeps; Aside where it is not on Earth."""
    north, east = float(latitude), float(longitude)
    if not (-90 <= north <= 90 and -180 <= east <= 180):
        raise Aside(
            _("%(point)s is no point on Earth: -90 to 90, -180 to 180 degrees")
            % {"point": f"{latitude}, {longitude}"}
        )
    return f"{north:.6f}", f"{east:.6f}"


def urls(cell: str) -> list[dict[str, str]]:
    """Read the addresses in a cell; a copy in a web archive goes with the address before it.

    With several addresses, or several copies, each copy stands on its own, as nobody says of what.
    """
    found = [with_scheme(match[0].rstrip(".,;|")) for match in ADDRESS.finditer(cell)]
    if not found:
        raise Aside(_("“%s” holds no web address: http://… or https://…") % cell[:100])
    found = list(dict.fromkeys(found))
    pages = [url for url in found if not ARCHIVES.match(url)]
    copies = [url for url in found if ARCHIVES.match(url)]
    if len(pages) == 1 and len(copies) == 1:
        return [{"url": pages[0], "archive_url": copies[0]}]
    return [{"url": url} for url in [*pages, *copies]]


def with_scheme(url: str) -> str:
    """Complete an address that was written without http://."""
    return f"http://{url}" if url.lower().startswith("www.") else url


def one_source(cell: str) -> str:
    """Read the name of one source; "" where the cell names several, or how it passed on."""
    name = unescaped(cell)
    return "" if SEVERAL_NAMES.search(name) or len(name) > 100 else name


def yes_no(cell: str) -> bool:
    """Read yes or no."""
    lowered = cell.strip().casefold()
    if lowered in YES or lowered in NO:
        return lowered in YES
    raise ValueError(_("“%s” is neither yes nor no.") % cell)


def country(cell: str) -> tuple[str, ...]:
    """Name a country; where it is found is looked up in the gazetteer."""
    return ("country", unescaped(cell))


def place(cell: str) -> tuple[str, ...]:
    """Name any place, by code or name."""
    return ("place", cell)


def division(cells: Sequence[str]) -> tuple[str, ...]:
    """Name a first-level division in a country; the country alone where none is given."""
    return ("division", cells[0], cells[1]) if cells[1] else ("country", cells[0])


def latitude_longitude(cells: Sequence[str]) -> tuple[str, str]:
    """Read a point from two cells."""
    return checked_point(*(degrees(cell) for cell in cells[:2]))


def own_point(cells: Sequence[str]) -> tuple[str, ...] | None:
    """Read the point of the project's own table; one without precision is a place's label."""
    if not (cells[0] and cells[1]) or cells[2] not in ("exact", "site", "locality"):
        return None
    return (*latitude_longitude(cells), cells[2])


def labelled(cell: str) -> str:
    """Read labelled data: a JSON object."""
    try:
        read = json.loads(cell)
    except (ValueError, RecursionError) as error:
        raise ValueError(
            _("“%(cell)s” is not JSON: %(error)s.") % {"cell": cell[:60], "error": error}
        ) from error
    if not isinstance(read, dict):
        raise ValueError(f'“{cell[:60]}” is not a JSON object, such as {{"route": "sea"}}.')
    return cell


def degrees(cell: str) -> str:
    """Read a number of degrees."""
    try:
        return str(float(cell))
    except ValueError:
        raise ValueError(_("“%s” is not a number of degrees, such as 42.97.") % cell) from None


READERS: dict[str, Reader] = {
    "text": text,
    "html": unescaped,
    "count": count,
    "at_least": at_least,
    "whole": whole,
    "day": day,
    "point": point,
    "points": latitude_longitude,
    "urls": urls,
    "one_source": one_source,
    "own_point": own_point,
    "labelled": labelled,
    "yes_no": yes_no,
    "country": country,
    "place": place,
    "division": division,
}
