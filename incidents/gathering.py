"""Gathers everything that the derivation of some incidents reads, in a few queries for any number.

One rule: whether a claim is closed to others stands on each, so that no reader forgets to ask.
Called by deriving; totals, foreseeing and the past read claims the same way.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q

from incidents.joined import arrivals_on, former_codes
from incidents.models import (
    Article,
    Assessment,
    Claim,
    Incident,
    IncidentLink,
    IncidentPlace,
    parents_of_sources,
)
from incidents.names import fold

Row = dict[str, Any]


@dataclass(slots=True)
class Records:
    """Everything that the derivation of one incident reads."""

    incident: Row
    claims: list[Row]
    places: list[tuple[int, str, str]]  # place, role, words as printed
    assessments: list[Row]
    links: Set[str] = frozenset()  # the kinds of link to other incidents
    closed: bool = False
    former_codes: Sequence[str] = ()  # of records merged into this one

    @property
    def open_claims(self) -> list[Row]:
        return [claim for claim in self.claims if not claim["closed"]]


@dataclass(slots=True)
class Arriving:
    """Incidents that are not stored yet, each with INCIDENT_FIELDS.

    Whoever has not stored their claims and places either gives these along: claims by incident,
    each with CLAIM_FIELDS, whether closed and body; places by incident as in Records. Such
    incidents have no links and no groups; `assessed` tells that assessments stand already.
    """

    incidents: Iterable[Row]
    claims: Mapping[int, list[Row]] | None = None
    places: Mapping[int, list[tuple[int, str, str]]] = field(default_factory=dict)
    assessed: bool = False


def gather(keys: Sequence[int], arriving: Arriving) -> Iterator[Records]:
    """Put the records of incidents together that arrive with all that is said of them."""
    assessments = defaultdict(list)
    for assessment in read_assessments(keys) if arriving.assessed else ():
        assessments[assessment["incident_id"]].append(assessment)
    for incident in arriving.incidents:
        key = incident["id"]
        claims, places = arriving.claims.get(key, []), arriving.places.get(key, [])
        yield Records(incident, claims, places, assessments[key])


def read(keys: Sequence[int], incidents: Iterable[Row] | None = None) -> Iterator[Records]:
    """Read the records of these incidents, a constant number of queries for any number.

    Those that are not stored yet are given, each with INCIDENT_FIELDS.
    """
    claims, places, assessments = defaultdict(list), defaultdict(list), defaultdict(list)
    for claim in read_claims(keys):
        claims[claim["incident_id"]].append(claim)
    rows = IncidentPlace.objects.filter(incident__among=keys).order_by("id")
    for incident, *place in rows.values_list("incident_id", "place_id", "role", "words"):
        places[incident].append(tuple(place))
    for assessment in read_assessments(keys):
        assessments[assessment["incident_id"]].append(assessment)
    linked, closed = linked_incidents(keys), closed_incidents(keys)
    former = former_codes(keys)
    stored = Incident.objects.filter(pk__among=keys).order_by("pk")
    for incident in stored.values(*INCIDENT_FIELDS) if incidents is None else incidents:
        key = incident["id"]
        yield Records(
            incident,
            claims[key],
            places[key],
            assessments[key],
            linked[key],
            key in closed,
            former[key],
        )


INCIDENT_FIELDS = (
    "id",
    "kind",
    "status",
    "category_id",
    "category__measure",
    "title",
    "summary",
    "people_label",
    "responsible",
    "earliest",
    "latest",
    "latitude",
    "wave_id",
)
CLAIM_FIELDS = (
    "id",
    "incident_id",
    "source_id",
    "source__name",
    "source_as_printed",
    "source_suggested",
    "stance",
    "measure",
    "basis",
    "status",
    "unit",
    "qualifier",
    "low",
    "value",
    "high",
    "words",
    "origin",
    "repeats_id",
    "corrects_id",
    "place_id",
    "place_role",
    "place_words",
    "quote",
    "translation",
    "created",
    "article_id",
    "article__publisher_id",
    "article__publisher__name",
    "article__url",
    "article__archive_url",
)


def read_claims(keys: Sequence[int]) -> list[Row]:
    """Read the claims on these incidents, each with the body that says it and whether closed."""
    claims = list(Claim.objects.filter(incident__among=keys).order_by("id").values(*CLAIM_FIELDS))
    closed = set(
        Claim.restricted_to.through.objects.filter(claim__incident__among=keys).values_list(
            "claim_id", flat=True
        )
    )
    closed_articles = set(
        Article.restricted_to.through.objects.filter(article__claims__incident__among=keys)
        .order_by()
        .values_list("article_id", flat=True)
    )
    parents = parents_of_sources()
    for claim in claims:
        claim["closed"] = claim["id"] in closed or claim["article_id"] in closed_articles
        claim["body"] = body_of(claim, parents)
    return claims


def body_of(claim: Row, parents: dict[int, int]) -> Hashable:
    """Name the body that counts as the source: the topmost parent, else the printed name,
    else the article's publisher."""
    if claim["source_id"] is None and claim["source_as_printed"]:
        return fold(claim["source_as_printed"])
    body, seen = claim["source_id"] or claim["article__publisher_id"], set()
    while body in parents and body not in seen:
        seen.add(body)
        body = parents[body]
    return body


def read_assessments(keys: Sequence[int]) -> list[Row]:
    """Read the assessments on these incidents, latest first, with the claims each used."""
    assessments = list(
        Assessment.objects.filter(incident__among=keys)
        .order_by("-made_at", "-id")
        .values(
            "id", "incident_id", "measure", "made_at", "people_low", "people_best", "people_high"
        )
    )
    used, arrivals = defaultdict(set), arrivals_on({row["incident_id"] for row in assessments})
    through = Assessment.claims.through.objects.filter(assessment__incident__among=keys)
    for assessment, claim in through.values_list("assessment_id", "claim_id"):
        used[assessment].add(claim)
    for assessment in assessments:
        assessment["claims"] = used[assessment["id"]]
        assessment["arrived"] = {
            claim
            for moved_at, claims in arrivals[assessment["incident_id"]]
            if moved_at > assessment["made_at"]
            for claim in claims
        }
    return assessments


def linked_incidents(keys: Sequence[int]) -> dict[int, set[str]]:
    """Find which kinds of link tie each of these incidents to another."""
    kinds: dict[int, set[str]] = defaultdict(set)
    links = IncidentLink.objects.filter(Q(first__among=keys) | Q(second__among=keys))
    for first, second, kind in links.values_list("first_id", "second_id", "kind"):
        kinds[first].add(kind)
        kinds[second].add(kind)
    return kinds


def closed_incidents(keys: Sequence[int]) -> set[int]:
    """Find which of these incidents are restricted to groups."""
    through = Incident.restricted_to.through.objects.filter(incident__among=keys)
    return set(through.values_list("incident_id", flat=True))
