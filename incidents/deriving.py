"""Computes the derived columns of incidents from their records; reads, never writes.

One rule: restricted claims and articles feed nothing that others see, so they are left out of
everything here. `settling` stores what this computes; `settle --check` compares the two.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from operator import attrgetter

from incidents import tally, wording
from incidents.cited import citations
from incidents.gathering import Records, Row, read
from incidents.models import NOWHERE, ON_MAP, OWN_POINT, code_of, text_key
from incidents.months import first_month_of, last_month_of
from incidents.names import fold
from incidents.placing import Placing
from incidents.words import token_of_category, token_of_place, tokens_of

NO_DAY = dt.date(1, 1, 1)
WIDE_DAYS = 370
AGGREGATE_BASES = ("stock", "cumulative", "rate")


@dataclass(slots=True)
class Derived:
    """What follows from the records of some incidents; keys name the stored row."""

    incidents: dict[int, Row] = field(default_factory=dict)
    claims: dict[int, Row] = field(default_factory=dict)
    figures: dict[tuple[int, str], Row] = field(default_factory=dict)
    regions: dict[tuple[int, int, str], Row] = field(default_factory=dict)
    sources: dict[tuple[int, int, str], Row] = field(default_factory=dict)
    texts: dict[tuple[int, int], Row] = field(default_factory=dict)


def derive(keys: Sequence[int], incidents: Iterable[Row] | None = None) -> Derived:
    """Compute everything derived for the incidents with these keys; stored or given, see `read`."""
    return derive_from(read(keys, incidents), Placing(keys))


def derive_from(gathered: Iterable[Records], placing: Placing) -> Derived:
    """Compute everything derived from these records."""
    derived = Derived()
    for records in gathered:
        add_incident(derived, records, placing)
    return derived


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
    where = {"sort_day": day, **cell_of(records)}
    for measure, figure in figures.items():
        principal = measure == incident["category__measure"]
        derived.figures[key, measure] = {**figure, **where, "principal": principal}
    plain, summed = {"sort_day": day, "summed": False}, {"sort_day": day, "summed": True}
    for place, role in regions_of(records, placing):
        has_sums = role == "" and placing.has_sums(place)
        derived.regions[key, place, role] = summed if has_sums else plain
    for place in places_on_map(records):
        derived.regions[key, place, ON_MAP] = plain
    for source, part in sources_of(records):
        derived.sources[key, source, part] = {"sort_day": day}
    text = search_text(records, placing)
    tokens = sorted([*tokens_of(text), *tokens_beside(records, placing)])
    derived.texts[key, text_key(day, key)] = {"words": " ".join(tokens)}
    place, role = placing.main_place(records.places)
    derived.incidents[key] = {
        **figures[incident["category__measure"]],
        "sort_day": day,
        "wide": is_wide(incident["earliest"], incident["latest"]),
        "linked": bool(records.links),
        "tied": is_tied(records),
        "restricted": records.closed,
        "main_place_id": place,
        "main_role": role,
        "search_text": text,
        **citations(records.open_claims),
    }


def cell_of(records: Records) -> Row:
    """Say to which sums the incident's figures add, and whether they do."""
    incident = records.incident
    is_open_event = incident["kind"] == "event" and not records.closed and not is_tied(records)
    return {
        "category_id": incident["category_id"],
        "first_month": first_month_of(incident["earliest"]),
        "last_month": last_month_of(incident["latest"]),
        "summed": is_open_event and incident["status"] == "published",
    }


def is_tied(records: Records) -> bool:
    """Tell whether totals must look at the incident beside others: waves, the same people."""
    incident = records.incident
    in_wave = incident["kind"] == "wave" or incident["wave_id"] is not None
    return in_wave or "same_people" in records.links


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
        **words_of(figure, counting),
        "disputed": figure.disputed,
        "sources_named": named,
        "sources_own": own,
        "newer_claims": newer_claims(counting, assessment, records),
    }


def words_of(figure: tally.Figure, counting: Sequence[tally.Count]) -> Row:
    """Say a figure in each language; remembered where no speaker is named in it."""
    if figure.disputed:
        return in_each_language(figure, counting)
    ordered = sorted(counting, key=attrgetter("id"))
    alike = tuple((c.qualifier, c.low, c.value, c.high, c.words) for c in ordered)
    return of_nobody(figure, alike)


@lru_cache(maxsize=20_000)
def of_nobody(figure: tally.Figure, alike: Sequence[tuple]) -> Row:
    """Say a figure whose words do not depend on who speaks."""
    names = ("qualifier", "low", "value", "high", "words")
    counts = [
        tally.Count(id=number, **dict(zip(names, each, strict=True)))
        for number, each in enumerate(alike)
    ]
    return in_each_language(figure, counts)


def in_each_language(figure: tally.Figure, counting: Sequence[tally.Count]) -> Row:
    """Say a figure in each language."""
    return {
        f"figure_words{end}": wording.figure_words(figure, counting, language)
        for language, end in (("en", ""), ("ko", "_ko"), ("zh", "_zh"))
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


def tokens_beside(records: Records, placing: Placing) -> set[str]:
    """List the tokens by which an incident is looked up beside words: its places and category."""
    places = {place for place, role in regions_of(records, placing) if role == ""}
    return {token_of_category(records.incident["category_id"]), *map(token_of_place, places)}


def places_on_map(records: Records) -> set[int]:
    """List where an incident stands on a map, of all that its own record says.

    At a source's own point, in place of where it happened; at places in any other role; at a
    destination only where nothing else is known; or NOWHERE. An aggregate is on no map.
    """
    if records.incident["kind"] == "aggregate":
        return set()
    has_point = records.incident["latitude"] is not None
    off = {"context", "destination", *(["happened"] if has_point else [])}
    found = {place for place, role, _words in records.places if role not in off}
    if has_point:
        found.add(OWN_POINT)
    sent_to = {place for place, role, _words in records.places if role == "destination"}
    return found or sent_to or {NOWHERE}


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
    keys = map(fold, dict.fromkeys(filter(None, texts)))
    return " ".join(filter(None, [*keys, placing.search_keys(frozenset(touched))]))


CLAIM_TEXTS = (
    "quote",
    "translation",
    "source__name",
    "source_as_printed",
    "article__publisher__name",
    "place_words",
)
