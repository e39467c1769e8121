"""Recalls the claims, places, links and events of an incident as they stood at a moment.

One rule: rows are those of that moment, rights are those of today: what its reader may not see now
does not show for then either. Called by sheet.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from django.db.models import Q

from incidents import records, tally
from incidents.deriving import Records, count_of
from incidents.models import (
    Claim,
    ClaimStep,
    Incident,
    IncidentLink,
    IncidentPlace,
    Place,
)
from incidents.past import Past, Timeline, figures_from
from incidents.records import Row
from incidents.story import may_read, words_of

OF_ARTICLE = (
    "title",
    "url",
    "archive_url",
    "language",
    "date_edtf",
    "date_words",
    "date_inferred",
    "reprint_of_id",
)
OF_SOURCE = ("name", "slug", "kind")


def claims_at(incident: Incident, moment: dt.datetime, user) -> list[Row]:
    """Recall the claims on an incident, by number: rows as `records.claim_rows` gives them.

    Each says besides which of the counting ones `contradicts` it, and how it counted then.
    """
    past = Past([incident.pk])
    stood = past.records(incident.pk, moment)
    return claims_of(past, stood, moment, user) if stood else []


def claims_of(past: Past, stood: Records, moment: dt.datetime, user) -> list[Row]:
    """Recall the claims from what was read already."""
    rows = seen_today(stood.claims, user)
    counts = [count_of(claim, stood.incident["kind"]) for claim in stood.claims]
    counting = {count.id: count for count in tally.counting(counts)}
    places = Place.objects.in_bulk({row["place_id"] for row in rows} - {None})
    for row in rows:
        place = places.get(row["place_id"])
        row["place_name"], row["place__code"] = (place.label, place.code) if place else ("", "")
        row["counts"], row["restricted"] = row["id"] in counting, row["closed"]
        row["contradicts"] = contradicting(row["id"], counting)
        complete(row, past, moment)
    shown, steps = records.VisibleReferences(rows, user), steps_at(rows, moment)
    for row in rows:
        records.complete_claim(row, shown, steps)
    return rows


def seen_today(rows: Sequence[Row], user) -> list[Row]:
    """Keep the claims that a person may see today, wherever they stand by now.

    A claim that moved on to somebody's draft was read here when it stood here.
    """
    open_now = Claim.objects.filter(restricted=False, incident__restricted=False)
    seen = Claim.objects.visible_to(user) | open_now
    keys = set(seen.filter(pk__in=[row["id"] for row in rows]).values_list("pk", flat=True))
    return [row for row in rows if row["id"] in keys]


def contradicting(claim: int, counting: dict[int, tally.Count]) -> list[int]:
    """List the counting claims that cannot be true together with this one."""
    own = counting.get(claim)
    return [
        other.id
        for other in counting.values()
        if own and other.measure == own.measure and tally.opposed([own, other])
    ]


def complete(row: Row, past: Past, moment: dt.datetime) -> None:
    """Add to a claim what its source and article were called then."""
    article = row["article"]
    for name in OF_ARTICLE:
        row[f"article__{name}"] = article.get(name) or ""
    row["article__reprint_of_id"] = article.get("reprint_of_id")
    row["article__credit__name"] = past.name_of(article.get("credit_id"), moment)
    for prefix, key in (("source", "source_id"), ("article__publisher", "article__publisher_id")):
        source = past.sources.known_at(row[key], moment)
        row.update({f"{prefix}__{name}": source.get(name) for name in OF_SOURCE})
    row["source__country__code"] = None
    row["speaker"] = records.speaker_of(row)


def steps_at(rows: Sequence[Row], moment: dt.datetime) -> dict[int, list[str]]:
    """Recall the chains of these claims, written as `records.steps_of` does."""
    keys = [row["id"] for row in rows]
    steps = standing(Timeline(ClaimStep.history.filter(claim__in=keys)), moment)
    found: dict[int, list[str]] = defaultdict(list)
    for step in sorted(steps, key=lambda step: step["position"]):
        parts = (step["name_as_printed"], step["verb"], step["date_edtf"])
        found[step["claim_id"]].append(", ".join(filter(None, parts)))
    return found


def standing(timeline: Timeline, moment: dt.datetime) -> list[Row]:
    """List the states of all records of a timeline that held at a moment, by key."""
    states = (timeline.at(key, moment) for key in sorted(timeline.states))
    return [state for state in states if state is not None]


def as_stood(model: type, state: Row) -> Any:
    """See a historical state as the record it was; what is not kept in history has its default."""
    columns = [column.attname for column in model._meta.concrete_fields]
    return model(**{name: state[name] for name in columns if name in state})


def places_at(key: int, moment: dt.datetime) -> list[IncidentPlace]:
    """Recall the places of an incident with their roles."""
    states = standing(Timeline(IncidentPlace.history.filter(incident=key)), moment)
    rows = [as_stood(IncidentPlace, state) for state in states]
    places = Place.objects.select_related("country").in_bulk({row.place_id for row in rows})
    for row in rows:
        row.place = places[row.place_id]
    return rows


def links_at(key: int, moment: dt.datetime, user) -> list[dict[str, Any]]:
    """Recall the links of an incident whose other end a person may see."""
    rows = IncidentLink.history.filter(Q(first=key) | Q(second=key))
    links = [as_stood(IncidentLink, state) for state in standing(Timeline(rows), moment)]
    ends = {end for link in links for end in (link.first_id, link.second_id)}
    seen = Incident.objects.visible_to(user).in_bulk(ends)
    others = [(link, link.second_id if link.first_id == key else link.first_id) for link in links]
    return [
        {"link": link, "other": seen[other], "onward": link.first_id == key}
        for link, other in others
        if other in seen and key in (link.first_id, link.second_id)
    ]


def events_at(key: int, moment: dt.datetime, user) -> list[dict[str, Any]]:
    """Recall the events of a wave that a person may see, each with what its figure said."""
    ever = set(Incident.history.filter(wave=key).values_list("id", flat=True))
    if not ever:
        return []
    past, found = Past(ever), []
    for event in Incident.objects.visible_to(user).filter(pk__in=ever).order_by("sort_day", "pk"):
        stood = past.records(event.pk, moment)
        if stood and stood.incident["wave_id"] == key and may_read(stood.incident, user):
            figure = figures_from(stood)[stood.incident["category__measure"]]
            found.append({"event": event, "title": stood.incident["title"], **figure})
            found[-1]["words"] = words_of(figure)
    return found
