"""Computes the derived columns of incidents from their records; reads, never writes.

One rule: restricted claims and articles feed nothing that others see, so they are left out of
everything here. `settling` stores what this computes; `settle --check` compares the two.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q

from incidents import tally, wording
from incidents.joined import arrivals_on, former_codes
from incidents.models import (
    Article,
    Assessment,
    Claim,
    Incident,
    IncidentLink,
    IncidentPlace,
    code_of,
    parents_of_sources,
)
from incidents.names import fold
from incidents.placing import Placing

NO_DAY = dt.date(1, 1, 1)
WIDE_DAYS = 370
AGGREGATE_BASES = ("stock", "cumulative", "rate")

Row = dict[str, Any]


@dataclass(slots=True)
class Derived:
    """What follows from the records of some incidents; keys name the stored row."""

    incidents: dict[int, Row] = field(default_factory=dict)
    claims: dict[int, Row] = field(default_factory=dict)
    figures: dict[tuple[int, str], Row] = field(default_factory=dict)
    regions: dict[tuple[int, int, str], Row] = field(default_factory=dict)
    sources: dict[tuple[int, int, str], Row] = field(default_factory=dict)


@dataclass(slots=True)
class Records:
    """Everything that the derivation of one incident reads."""

    incident: Row
    claims: list[Row]
    places: list[tuple[int, str, str]]  # place, role, words as printed
    assessments: list[Row]
    linked: bool
    closed: bool
    former_codes: list[str] = field(default_factory=list)  # of records merged into this one

    @property
    def open_claims(self) -> list[Row]:
        return [claim for claim in self.claims if not claim["closed"]]


def derive(keys: Sequence[int]) -> Derived:
    """Compute everything derived for the incidents with these keys."""
    derived, placing = Derived(), Placing(keys)
    for records in read(keys):
        add_incident(derived, records, placing)
    return derived


def read(keys: Sequence[int]) -> Iterable[Records]:
    """Read the records of these incidents, a constant number of queries for any number."""
    claims, places, assessments = defaultdict(list), defaultdict(list), defaultdict(list)
    for claim in read_claims(keys):
        claims[claim["incident_id"]].append(claim)
    rows = IncidentPlace.objects.filter(incident__in=keys).order_by("id")
    for incident, *place in rows.values_list("incident_id", "place_id", "role", "words"):
        places[incident].append(tuple(place))
    for assessment in read_assessments(keys):
        assessments[assessment["incident_id"]].append(assessment)
    linked, closed = linked_incidents(keys), closed_incidents(keys)
    former = former_codes(keys)
    for incident in Incident.objects.filter(pk__in=keys).order_by("pk").values(*INCIDENT_FIELDS):
        key = incident["id"]
        yield Records(
            incident,
            claims[key],
            places[key],
            assessments[key],
            key in linked,
            key in closed,
            former[key],
        )


INCIDENT_FIELDS = (
    "id",
    "kind",
    "category__measure",
    "title",
    "summary",
    "people_label",
    "responsible",
    "earliest",
    "latest",
    "wave_id",
)
CLAIM_FIELDS = (
    "id",
    "incident_id",
    "source_id",
    "source__name",
    "source_as_printed",
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
)


def read_claims(keys: Sequence[int]) -> list[Row]:
    """Read the claims on these incidents, each with the body that says it and whether closed."""
    claims = list(Claim.objects.filter(incident__in=keys).order_by("id").values(*CLAIM_FIELDS))
    closed = set(
        Claim.restricted_to.through.objects.filter(claim__incident__in=keys).values_list(
            "claim_id", flat=True
        )
    )
    closed_articles = set(
        Article.restricted_to.through.objects.filter(article__claims__incident__in=keys)
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
        Assessment.objects.filter(incident__in=keys)
        .order_by("-made_at", "-id")
        .values(
            "id", "incident_id", "measure", "made_at", "people_low", "people_best", "people_high"
        )
    )
    used, arrivals = defaultdict(set), arrivals_on({row["incident_id"] for row in assessments})
    through = Assessment.claims.through.objects.filter(assessment__incident__in=keys)
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


def linked_incidents(keys: Sequence[int]) -> set[int]:
    """Find which of these incidents may be about the same people as another."""
    links = IncidentLink.objects.filter(kind="same_people").filter(
        Q(first__in=keys) | Q(second__in=keys)
    )
    return {end for ends in links.values_list("first_id", "second_id") for end in ends}


def closed_incidents(keys: Sequence[int]) -> set[int]:
    """Find which of these incidents are restricted to groups."""
    through = Incident.restricted_to.through.objects.filter(incident__in=keys)
    return set(through.values_list("incident_id", flat=True))


def add_incident(derived: Derived, records: Records, placing: Placing) -> None:
    """Compute what follows for one incident."""
    incident = records.incident
    key, day = incident["id"], incident["earliest"] or incident["latest"] or NO_DAY
    counts = [count_of(claim, incident["kind"]) for claim in records.claims]
    counting = tally.counting(counts)
    counted = {count.id for count in counting}
    for claim in records.claims:
        derived.claims[claim["id"]] = {
            "counts": claim["id"] in counted,
            "restricted": claim["closed"],
        }
    figures = figures_of(records, counts, counting)
    for measure, figure in figures.items():
        derived.figures[key, measure] = {**figure, "sort_day": day}
    for place, role in regions_of(records, placing):
        derived.regions[key, place, role] = {"sort_day": day}
    for source, part in sources_of(records):
        derived.sources[key, source, part] = {"sort_day": day}
    place, role = placing.main_place(records.places)
    derived.incidents[key] = {
        **figures[incident["category__measure"]],
        "sort_day": day,
        "wide": is_wide(incident["earliest"], incident["latest"]),
        "tied": bool(incident["kind"] == "wave" or incident["wave_id"] or records.linked),
        "restricted": records.closed,
        "main_place_id": place,
        "main_role": role,
        "search_text": search_text(records, placing),
    }


def count_of(claim: Row, incident_kind: str) -> tally.Count:
    """See a claim as the tally sees it.

    On an aggregate, a published stock, total or rate is what the record is about, so it stands
    where an event's own count would; aggregates never enter a total.
    """
    basis = claim["basis"]
    if incident_kind == "aggregate" and basis in AGGREGATE_BASES:
        basis = "event"
    return tally.Count(
        id=claim["id"],
        measure=claim["measure"],
        basis=basis,
        unit=claim["unit"],
        stance=claim["stance"],
        status=claim["status"],
        qualifier=claim["qualifier"],
        low=claim["low"],
        value=claim["value"],
        high=claim["high"],
        words=claim["words"],
        speaker=claim["source_as_printed"] or claim["source__name"] or "",
        body=claim["body"],
        origin=claim["origin"],
        repeats=claim["repeats_id"],
        corrects=claim["corrects_id"],
        restricted=claim["closed"],
    )


def figures_of(
    records: Records, counts: Sequence[tally.Count], counting: Sequence[tally.Count]
) -> dict[str, Row]:
    """Compute the figure of each measure that has claims, and of the principal one always."""
    measures = {count.measure for count in counts if not count.restricted}
    measures.add(records.incident["category__measure"])
    latest = latest_assessments(records)
    return {
        measure: figure_of(
            [count for count in counting if count.measure == measure],
            [count for count in counts if count.measure == measure],
            latest.get(measure),
            records,
        )
        for measure in sorted(measures | set(latest))
    }


def latest_assessments(records: Records) -> dict[str, Row]:
    """Find the assessment that holds for each measure.

    One that used a claim that is closed now, or has left for another record, does not hold.
    """
    open_here = {claim["id"] for claim in records.open_claims}
    latest: dict[str, Row] = {}
    for assessment in records.assessments:
        if assessment["claims"] <= open_here:
            latest.setdefault(assessment["measure"], assessment)
    return latest


def figure_of(
    counting: Sequence[tally.Count],
    counts: Sequence[tally.Count],
    assessment: Row | None,
    records: Records,
) -> Row:
    """Compute one figure with its words in each language and the sources behind it."""
    figure = tally.figure(counting)
    if assessment:
        figure = tally.assessed(
            figure,
            assessment["people_low"],
            assessment["people_best"],
            assessment["people_high"],
        )
    named, own = tally.sources(counts)
    return {
        "people_low": figure.low,
        "people_best": figure.best,
        "people_high": figure.high,
        "stated_min": figure.stated_min,
        "stated_max": figure.stated_max,
        "figure_kind": figure.kind,
        "figure_words": wording.figure_words(figure, counting, "en"),
        "figure_words_ko": wording.figure_words(figure, counting, "ko"),
        "figure_words_zh": wording.figure_words(figure, counting, "zh"),
        "disputed": figure.disputed,
        "sources_named": named,
        "sources_own": own,
        "newer_claims": newer_claims(counting, assessment, records),
    }


def newer_claims(counting: Sequence[tally.Count], assessment: Row | None, records: Records) -> int:
    """Count the claims that came after the assessment and were not considered in it.

    A claim comes when it is entered, or when a merge brings it from another record.
    """
    if not assessment:
        return 0
    later = {claim["id"] for claim in records.claims if claim["created"] > assessment["made_at"]}
    later |= assessment["arrived"]
    return sum(count.id in later - assessment["claims"] for count in counting)


def regions_of(records: Records, placing: Placing) -> set[tuple[int, str]]:
    """List every place the incident touched, with all it lies in: per role, and `""` for any."""
    touched = {(place, role) for place, role, _words in records.places}
    touched |= {
        (claim["place_id"], claim["place_role"] or "unclear")
        for claim in records.open_claims
        if claim["place_id"] and claim["status"] != "set_aside"
    }
    return {
        (above, stored_role)
        for place, role in touched
        if role != "context"
        for above in placing.chain(place)
        for stored_role in (role, "")
    }


def sources_of(records: Records) -> set[tuple[int, str]]:
    """List who speaks and who publishes in the incident's open claims."""
    claimants = {(c["source_id"], "claimant") for c in records.open_claims if c["source_id"]}
    published = {c["article__publisher_id"] for c in records.open_claims} - {None}
    return claimants | {(publisher, "publisher") for publisher in published}


def is_wide(earliest: dt.date | None, latest: dt.date | None) -> bool:
    """Tell whether a row spans so long, or is open, that date searches look it up apart."""
    return earliest is None or latest is None or (latest - earliest).days > WIDE_DAYS


def search_text(records: Records, placing: Placing) -> str:
    """Join everything the search box looks in, folded; restricted claims are not in it."""
    incident = records.incident
    texts = [code_of(incident["id"]), *records.former_codes]
    texts += [incident[name] for name in ("title", "summary", "people_label", "responsible")]
    touched = {place for place, _role, _words in records.places}
    texts += [words for _place, _role, words in records.places]
    for claim in records.open_claims:
        texts += [claim[name] or "" for name in CLAIM_TEXTS]
        touched |= {claim["place_id"]} - {None}
    names = {name for place in touched for name in placing.names(place)}
    return fold(" ".join([*dict.fromkeys(filter(None, texts)), *sorted(names)]))


CLAIM_TEXTS = (
    "quote",
    "translation",
    "source__name",
    "source_as_printed",
    "article__publisher__name",
    "place_words",
)
