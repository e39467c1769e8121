"""Where incidents stand on a map: at places on their record, at a point of their own, or nowhere.

One rule: an incident stands at a place itself, never at what that lies in, once for each place.
Without a role asked for that is stored (`deriving.places_on_map`); in a role it is what the record
says. Called by the filter `at` and by the map, so that both speak of the same incidents.
"""

from collections.abc import Iterable, Sequence

from django.db.models import Exists, OuterRef, Q, QuerySet

from incidents.models import NOWHERE, ON_MAP, Incident, IncidentPlace, IncidentRegion, Place


def standing(roles: Sequence[str]) -> QuerySet:
    """The rows that say where incidents stand: one for each incident and place.

    In roles, those that stand nowhere have none.
    """
    if not roles:
        return IncidentRegion.objects.filter(role=ON_MAP).order_by()
    rows = IncidentPlace.objects.filter(role__in=roles).order_by()
    if len(roles) == 1:
        return rows
    same = rows.filter(incident=OuterRef("incident"), place=OuterRef("place"))
    return rows.filter(~Exists(same.filter(pk__lt=OuterRef("pk"))))


def standing_at(places: Iterable[Place | int], roles: Sequence[str]) -> Q:
    """Say which incidents stand at any of these; OWN_POINT and NOWHERE are among what may be."""
    keys = {place.pk if isinstance(place, Place) else place for place in places}
    rows = standing(roles).filter(incident=OuterRef("pk"))
    found = Q(Exists(rows.filter(place__in=keys)))
    if roles and NOWHERE in keys:
        found |= ~Q(Exists(rows))
    return found & ~Q(kind=Incident.Kind.AGGREGATE)
