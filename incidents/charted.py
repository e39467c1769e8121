"""Places as a map draws them: name, sign, and the point that a label or mark stands at.

One rule: a sign never says more than is known. A town or site without a point of its own is drawn
as a label in its division, never as a mark. Called by `mapped` and for the places of one incident.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from incidents.models import Place, choices
from incidents.models.places import name_field
from incidents.pictures.projection import Point

SIGNS = {"country": "country", "admin1": "division", "admin2": "division", "locality": "town"}
SIGNS |= {"site": "site", "region": "region", "subregion": "region"}
POINTS = ("", "parent__", "admin1__", "country__")  # whose point is taken, in this order


@dataclass(frozen=True, slots=True)
class Charted:
    """A place on a map; without a point where nothing says where it lies."""

    key: int
    code: str
    name: str
    full_name: str
    sign: str
    precision: str
    point: Point | None
    country: str


def charted(keys: Iterable[int]) -> dict[int, Charted]:
    """Read these places as a map draws them, by key."""
    name = name_field(get_language())
    names = {f"{path}{each}" for path in ("", "country__") for each in (name, "name")}
    sides = [f"{path}{side}" for path in POINTS for side in ("latitude", "longitude")]
    rows = Place.objects.filter(pk__in=keys).order_by()
    rows = rows.values("pk", "code", "kind", "country_id", "country__code", *names, *sides)
    return {row["pk"]: charted_row(row, name) for row in rows}


def charted_row(row: dict[str, Any], name: str) -> Charted:
    """See one place as a map draws it."""
    own = row[name] or row["name"]
    country = row[f"country__{name}"] or row["country__name"] or ""
    sign, precision = SIGNS[row["kind"]], str(choices.PlaceKind(row["kind"]).label)
    point = None if sign == "region" else point_of(row)
    if sign in ("town", "site") and row["latitude"] is None:
        sign, precision = "division", _("%s, point not known") % precision
    return Charted(
        key=row["pk"],
        code=row["code"],
        name=own,
        full_name=f"{own}, {country}" if country and row["country_id"] != row["pk"] else own,
        sign=sign,
        precision=precision,
        point=point,
        country=row["country__code"] or "",
    )


def point_of(row: dict[str, Any]) -> Point | None:
    """Find the point at which a place stands: its own, else that of what it lies in."""
    for path in POINTS:
        latitude, longitude = row[f"{path}latitude"], row[f"{path}longitude"]
        if latitude is not None:
            return float(latitude), float(longitude)
    return None
