"""Finds incidents that a claim may be about, and incidents that may be one and the same.

One rule: it only proposes, in a sentence that says why; a person decides. Bounded: it looks at
link rows of places and days near by, never at every incident. Called by the desk.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from incidents.models import Claim, Incident, IncidentLink, IncidentRegion, Place
from incidents.models.asking import STANDING

NEAR = dt.timedelta(days=45)
CLOSE = dt.timedelta(days=3)
POOL = 40


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of the act that a claim speaks of; each may be missing.

    Days are inclusive. `places` are those named, the likeliest first.
    """

    earliest: dt.date | None = None
    latest: dt.date | None = None
    published: dt.date | None = None
    places: tuple[Place, ...] = ()
    category: int | None = None
    article: int | None = None


@dataclass(slots=True)
class Candidate:
    """An incident that a claim may be about, and what speaks for it."""

    incident: Incident
    score: int = 0
    reasons: list[str] = field(default_factory=list)

    def add(self, points: int, reason: str) -> None:
        """Count what speaks for it."""
        self.score += points
        self.reasons.append(reason)


def candidates(facts: Facts, user, *, limit: int = 6) -> list[Candidate]:
    """Rank incidents that somebody may mean: by place, by days, by category; the likeliest first.

    An incident that the same article already speaks about counts as likely too.
    """
    spoken = spoken_of(facts, user)
    pool = Incident.objects.visible_to(user).filter(pk__in=pool_of(facts, user, spoken))
    pool = pool.filter(status__in=STANDING).select_related("category")
    touched = touching(facts.places, [incident.pk for incident in pool])
    ranked = [weigh(incident, facts, touched, spoken) for incident in pool]
    ranked.sort(key=lambda one: (-one.score, distance(one.incident, facts), -one.incident.pk))
    return ranked[:limit]


def pool_of(facts: Facts, user, spoken: set[int]) -> set[int]:
    """List the keys of incidents worth weighing: of the article, near by, and near in time."""
    day = facts.earliest or facts.latest or facts.published
    found = set(spoken)
    for place in facts.places[:3]:
        for above in {place.pk, place.admin1_id, place.country_id} - {None}:
            rows = IncidentRegion.objects.filter(place=above, role="")
            found |= around(rows, day, "incident_id", CLOSE) | around(
                rows, day, "incident_id", NEAR
            )
    seen = Incident.objects.visible_to(user)
    found |= around(seen, day, "pk", CLOSE) if day else set()
    return found or around(seen, day, "pk", NEAR)


def around(rows: QuerySet, day: dt.date | None, key: str, margin: dt.timedelta) -> set[int]:
    """List the keys of rows around a day, the latest first, at most POOL; any day where none is."""
    ordered = rows.order_by("-sort_day", f"-{key}").values_list(key, flat=True)
    if day is not None:
        ordered = ordered.filter(sort_day__range=days_around(day, margin))
    return set(ordered[:POOL])


def days_around(day: dt.date, margin: dt.timedelta) -> tuple[dt.date, dt.date]:
    """Give the first and the last day around a day, as far as the calendar reaches."""
    first = day - margin if day - dt.date.min > margin else dt.date.min
    last = day + margin if dt.date.max - day > margin else dt.date.max
    return first, last


def spoken_of(facts: Facts, user) -> set[int]:
    """List the incidents that claims of the same article are about."""
    if facts.article is None:
        return set()
    claims = Claim.objects.visible_to(user).filter(article=facts.article)
    return set(claims.order_by().values_list("incident_id", flat=True)[:POOL])


def touching(places: Sequence[Place], keys: Iterable[int]) -> set[tuple[int, int]]:
    """Find which of these incidents touch the places, or what they lie in: incident and place."""
    wanted = {key for p in places for key in (p.pk, p.admin1_id, p.country_id)} - {None}
    rows = IncidentRegion.objects.filter(place__in=wanted, role="", incident__in=list(keys))
    return set(rows.order_by().values_list("incident_id", "place_id"))


def weigh(incident: Incident, facts: Facts, touched: set, spoken: set[int]) -> Candidate:
    """Weigh one incident: same place, same division, same country; same days; same category."""
    one = Candidate(incident)
    if incident.pk in spoken:
        one.add(2, _("this article speaks about it"))
    for place in facts.places[:3]:
        levels = ((place, 4), (place.admin1, 3), (place.country, 1))
        hit = next(((at, n) for at, n in levels if at and (incident.pk, at.pk) in touched), None)
        if hit:
            one.add(hit[1], _("same place: %s") % hit[0].label)
            break
    if overlaps(incident, facts.earliest, facts.latest):
        one.add(4, _("same days"))
    elif distance(incident, facts) <= CLOSE.days:
        one.add(1, _("days close by"))
    if facts.category and incident.category_id == facts.category:
        one.add(2, _("same category"))
    return one


def overlaps(incident: Incident, earliest: dt.date | None, latest: dt.date | None) -> bool:
    """Tell whether both are dated and share a day; an open end reaches on."""
    if not (earliest or latest) or not (incident.earliest or incident.latest):
        return False
    begins_before = latest is None or incident.earliest is None or incident.earliest <= latest
    ends_after = earliest is None or incident.latest is None or incident.latest >= earliest
    return begins_before and ends_after


def distance(incident: Incident, facts: Facts) -> int:
    """Count the days between an incident and the claim; many where either is undated."""
    day = facts.earliest or facts.latest or facts.published
    known = incident.earliest or incident.latest
    return abs((known - day).days) if day and known else 10_000


def twins(incident: Incident, user, *, places: Sequence[Place] = (), limit: int = 4) -> list:
    """List incidents that may be this very one: same kind of act, same states, shared days.

    A state or place that either does not say keeps nothing apart. Incidents that are tied to it
    already (a link, a wave) are left out: somebody looked. Without a day there is none.
    """
    if incident.kind != Incident.Kind.EVENT or not (incident.earliest or incident.latest):
        return []
    near = Incident.objects.visible_to(user).filter(
        kind=Incident.Kind.EVENT, status__in=STANDING, category=incident.category_id
    )
    near = near.exclude(pk=incident.pk).exclude(pk__in=tied_to(incident))
    for state in ("sending", "receiving"):
        known = getattr(incident, f"{state}_id")
        if known:
            near = near.filter(Q(**{state: known}) | Q(**{f"{state}__isnull": True}))
    if incident.wave_id:
        near = near.exclude(wave=incident.wave_id)
    near = near.filter(during(incident.earliest, incident.latest)).order_by("-sort_day", "-pk")
    found = list(near.select_related("category", "main_place")[: 10 * limit])
    return [other for other in found if not apart(other, places)][:limit]


def during(earliest: dt.date | None, latest: dt.date | None) -> Q:
    """Keep dated incidents that share a day with these two; bounded on both sides by sort_day."""
    first, last = earliest or latest, latest or earliest
    return Q(earliest__lte=last, latest__gte=first, sort_day__lte=last) | Q(
        earliest=None, latest__gte=first, latest__lte=last
    )


def tied_to(incident: Incident) -> set[int]:
    """List the incidents that are linked to this one."""
    if not incident.pk:
        return set()
    links = IncidentLink.objects.filter(Q(first=incident.pk) | Q(second=incident.pk))
    return {end for ends in links.values_list("first_id", "second_id") for end in ends}


def apart(other: Incident, places: Sequence[Place]) -> bool:
    """Tell whether places keep two incidents apart: both name divisions, and share none."""
    if not places or other.main_place is None:
        return False
    theirs = {other.main_place.admin1_id, other.main_place.country_id}
    ours = {key for place in places for key in (place.admin1_id, place.country_id)}
    divisions = {place.admin1_id for place in places} - {None}
    if divisions and other.main_place.admin1_id:
        return other.main_place.admin1_id not in divisions
    return bool(theirs - {None}) and not (theirs & ours - {None})
