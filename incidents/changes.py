"""What differs in an incident between two moments: itself, its claims, places, steps and links.

One rule: as on the history page, only what its reader may see today, and nothing of how often it
was saved in between. Called by the desk's review and compare pages.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from incidents.models import (
    Assessment,
    Claim,
    ClaimStep,
    Incident,
    IncidentLink,
    IncidentPlace,
    choices,
)
from incidents.telling import Change, Line, Names, changes_of, label_of

Moments = Mapping[int, dt.datetime]
OF_SIGNING = frozenset({"version", "signed_by", "review_note"})


def what_changed(since: Moments, user) -> dict[int, list[Line]]:
    """Say what changed on each incident (by key) since its moment, as this person may see it."""
    now = timezone.now()
    return between(since, dict.fromkeys(since, now), user)


def between(before: Moments, after: Moments, user) -> dict[int, list[Line]]:
    """Say in what each incident (by key) differs between two moments; a dozen queries for all."""
    keys = list(before)
    records = [history for rows in histories(keys, user) for history in by_record(rows)]
    claims = {history[-1].id: history for history in records if of(history, Claim)}
    names = Names([row for history in records for row in history], user)
    told: dict[int, list[Line]] = {key: [] for key in keys}
    for history in records:
        for key in told.keys() & ever_on(history, claims):
            old, new = (at(history, moments[key]) for moments in (before, after))
            line = line_of(Pair(key, old, new, claims, before[key], after[key]), names)
            told[key] += [line] if line else []
    for key, made in assessments(keys, user):
        if before[key] < made.made_at <= after[key]:
            told[key].append(assessment_line(made))
    return told


def histories(keys: Iterable[int], user) -> list[QuerySet]:
    """List the historical rows that tell of these incidents, as far as a person may see them."""
    keys = list(keys)
    stood_here = Claim.history.filter(incident__in=keys).values("id")
    claims = Claim.objects.visible_to(user).filter(pk__in=stood_here).values("pk")
    seen = Incident.objects.visible_to(user).values("pk")
    ends = Q(first__in=keys) | Q(second__in=keys)
    rows = [
        Incident.history.filter(id__in=keys),
        IncidentPlace.history.filter(incident__in=keys),
        Claim.history.filter(id__in=claims),
        ClaimStep.history.filter(claim__in=claims),
        IncidentLink.history.filter(ends, first__in=seen, second__in=seen),
    ]
    return [each.order_by("history_date", "history_id") for each in rows]


def by_record(rows: QuerySet) -> list[list[Any]]:
    """Part historical rows into one history for each record, oldest state first."""
    found: dict[int, list[Any]] = defaultdict(list)
    for row in rows:
        found[row.id].append(row)
    return [found[key] for key in sorted(found)]


def of(history: list[Any], model: type) -> bool:
    """Tell whether a history is one of this kind of record."""
    return history[0].instance_type is model


def at(history: list[Any], moment: dt.datetime) -> Any | None:
    """Find the state that held at a moment; None before the first and after the removal."""
    states = [row for row in history if row.history_date <= moment]
    return states[-1] if states and states[-1].history_type != "-" else None


def ever_on(history: list[Any], claims: Mapping[int, list[Any]]) -> set[int]:
    """List the incidents that a record ever belonged to."""
    return {key for row in history for key in incidents_of(row, claims, None)}


def incidents_of(row, claims: Mapping[int, list[Any]], moment: dt.datetime | None) -> Iterable[int]:
    """List the incidents that a state of a record belongs to; a step at a moment, or ever."""
    model = row.instance_type
    if model is Incident:
        return [row.id]
    if model is IncidentLink:
        return [row.first_id, row.second_id]
    if model is not ClaimStep:
        return [row.incident_id]
    history = claims.get(row.claim_id, [])
    states = history if moment is None else filter(None, [at(history, moment)])
    return {state.incident_id for state in states}


@dataclass(frozen=True, slots=True)
class Pair:
    """One record at two moments, seen from one incident."""

    key: int
    old: Any | None
    new: Any | None
    claims: Mapping[int, list[Any]]
    since: dt.datetime
    until: dt.datetime

    @property
    def was_here(self) -> bool:
        """Whether it belonged to the incident at the first moment."""
        return self.old is not None and self.key in incidents_of(self.old, self.claims, self.since)

    @property
    def is_here(self) -> bool:
        """Whether it belongs to the incident at the second moment."""
        return self.new is not None and self.key in incidents_of(self.new, self.claims, self.until)


def line_of(pair: Pair, names: Names) -> Line | None:
    """Say what became of one record between the moments; None when nothing did."""
    if not pair.was_here and not pair.is_here:
        return None
    if not pair.is_here:
        verb = _("removed") if pair.new is None else _("moved to another incident")
        return Line(label_of(pair.old, names), verb, [], new=False)
    moved = pair.old is not None and not pair.was_here
    changes = changes_of(pair.new, pair.old, names, OF_SIGNING)
    if not changes and not moved:
        return None
    verb = _("added") if pair.old is None else _("moved here") if moved else _("changed")
    return Line(label_of(pair.new, names), verb, changes, new=pair.old is None)


def assessments(keys: Iterable[int], user) -> list[tuple[int, Assessment]]:
    """List the assessments of these incidents that a person may see, oldest first."""
    made = Assessment.objects.visible_to(user).filter(incident__in=list(keys))
    made = made.select_related("made_by").prefetch_related("claims").order_by("made_at", "id")
    return [(each.incident_id, each) for each in made]


def assessment_line(made: Assessment) -> Line:
    """Say a decision about a figure."""
    stated = [(_("low"), made.people_low), (_("best"), made.people_best)]
    stated += [(_("high"), made.people_high)]
    used = ", ".join(f"#{claim.pk}" for claim in made.claims.all())
    told = [(label, str(number)) for label, number in stated if number is not None]
    told += [(_("rule"), made.rule), (_("claims used"), used), (_("reason"), made.reason)]
    told.append((_("by"), made.made_by.get_username()))
    measure = choices.Measure(made.measure).label
    changes = [Change(str(label), "", text) for label, text in told]
    return Line(_("assessment of people %s") % measure, _("added"), changes, new=True)
