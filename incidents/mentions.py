"""Which incidents depend on a source or a place, so that they can be settled when it changes.

One rule: what lies in a place, or belongs to a body, is asked for with it. Reads, never writes;
called by the desk, the gazetteer loader and merges.
"""

from collections.abc import Iterable

from django.db.models import Q, QuerySet

from incidents.models import Claim, Incident, IncidentPlace, Place, PlaceAncestor, Source


def incidents_at(places: Iterable[int]) -> set[int]:
    """List the incidents that mention these places or what lies in them, all by key."""
    within = PlaceAncestor.objects.filter(ancestor__in=list(places)).values("place")
    return {
        key
        for mentions in (IncidentPlace.objects, Claim.objects)
        for key in mentions.filter(place__in=within).order_by().values_list("incident", flat=True)
    }


def incidents_naming(sources: Iterable[int]) -> set[int]:
    """List the incidents in whose claims or articles these sources or their parts speak, by key."""
    bodies = with_branches(sources)
    spoken = Claim.objects.filter(Q(source__in=bodies) | Q(article__publisher__in=bodies))
    return set(spoken.order_by().values_list("incident", flat=True))


def with_branches(sources: Iterable[int]) -> set[int]:
    """Add to these sources every source that belongs to them, directly or not; all by key."""
    found: set[int] = set()
    level = set(sources)
    while level:
        found |= level
        below = Source.objects.filter(parent__in=level).order_by().values_list("pk", flat=True)
        level = set(below) - found
    return found


def shown_of_source(source: Source) -> set[int]:
    """List the incidents that show readers this source: speaking, passing on, publishing; by key.

    Steps and credits count too; a restricted claim only on an incident that is restricted itself.
    """
    return shown_on(
        Claim.objects.filter(
            Q(source=source)
            | Q(steps__source=source)
            | Q(article__publisher=source)
            | Q(article__credit=source)
        )
    )


def shown_of_place(place: Place) -> set[int]:
    """List the incidents that show readers this very place, as a place or a state, by key."""
    named = Incident.objects.filter(Q(nationality=place) | Q(sending=place) | Q(receiving=place))
    touched = IncidentPlace.objects.filter(place=place).order_by()
    return {
        *shown_on(Claim.objects.filter(place=place)),
        *named.order_by().values_list("pk", flat=True),
        *touched.values_list("incident", flat=True),
    }


def shown_on(claims: QuerySet) -> set[int]:
    """List the incidents on which a change of these claims shows to all who see the incident."""
    shown = claims.filter(Q(restricted=False) | Q(incident__restricted=True))
    return set(shown.order_by().values_list("incident", flat=True))
