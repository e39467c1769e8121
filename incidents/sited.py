"""The small map of one incident: its places as exactly as known, and where people were sent.

One rule: a place that is only mentioned is not on it; what is drawn stands in words beside it, so
the picture adds nothing that is not in the list of places. Called by detail.
"""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from incidents.charted import Charted, charted
from incidents.models import Incident, IncidentPlace
from incidents.pictures.worldmap import Picture, Spot, Way, picture_of
from incidents.standing import DESTINATION, STARTS

WIDTH = 400  # pixels
LARGER = ("country", "division")


def map_of(incident: Incident, places: Sequence[IncidentPlace]) -> Picture | None:
    """Draw one incident's places; None where none can be drawn."""
    ends = {one.place_id for one in places if one.role == DESTINATION}
    ends = ends or {incident.receiving_id} - {None}
    known = charted({one.place_id for one in places if one.role != "context"} | ends)
    spots = [spot for one in places if (spot := spot_of(one, known)) is not None]
    if incident.latitude is not None:
        spots.append(point_of(incident))
    if not spots:
        return None
    marked = {spot.point for spot in spots}
    named = [known[key] for key in sorted(ends) if known[key].point not in marked]
    return picture_of(
        spots,
        ways(places, ends, known),
        [Spot("end", one.point, 1, one.name) for one in named if one.point is not None],
        width=WIDTH,
    )


def spot_of(one: IncidentPlace, known: dict[int, Charted]) -> Spot | None:
    """Draw a place in its role; a country or division that is a destination is only named."""
    place = known.get(one.place_id)
    if place is None or place.point is None:
        return None
    if one.role == DESTINATION and place.sign in LARGER:
        return None
    title = f"{place.full_name} ({place.precision}): {one.get_role_display()}"
    return Spot(place.sign, place.point, 1, place.name, title=title, country=place.country)


def point_of(incident: Incident) -> Spot:
    """Draw the point that a source gives."""
    point = float(incident.latitude), float(incident.longitude)
    name = _("point of the source")
    return Spot("point", point, 1, name, title=f"{name}: {incident.get_point_precision_display()}")


def ways(places: Sequence[IncidentPlace], ends: set[int], known: dict[int, Charted]) -> list[Way]:
    """Lead from where people were taken to where they were sent, as the map of many does."""
    by_role = {role: [one.place_id for one in places if one.role == role] for role in STARTS}
    starts = next((found for found in by_role.values() if found), [])
    return [
        Way(start, end, 1, f"{known[one].full_name} → {known[other].full_name}")
        for one in dict.fromkeys(starts)
        for other in sorted(ends)
        if one != other and (start := known[one].point) and (end := known[other].point)
    ]
