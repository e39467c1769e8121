"""What a sign-off rests on: who changed a record since the last one, what it lacks, its figures.

One rule: every question is answered for many records at once, in a constant number of queries.
Reads only; called by actions and by the pages of the review.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import F, OuterRef, Q, Subquery
from django.utils.translation import gettext as _

from incidents.deriving import Row
from incidents.models import Claim, Incident, IncidentFigure, IncidentPlace, Merge, choices
from incidents.past import figures_at

SAID_BY_FIGURE = (
    "people_low",
    "people_best",
    "people_high",
    "stated_min",
    "stated_max",
    "figure_kind",
    "figure_words",
    "disputed",
    "newer_claims",
)
Figures = dict[str, Row]  # by measure


@dataclass(frozen=True, slots=True)
class Saved:
    """One saved state of an incident since the last sign-off, the signed one included."""

    version: int
    status: str
    at: dt.datetime
    who: int | None
    name: str
    why: str


def saved_since(incidents: Iterable[Incident]) -> dict[int, list[Saved]]:
    """List by incident (key) what was saved of it from the signed version on, oldest first."""
    signed = Incident.objects.filter(pk=OuterRef("id")).order_by().values("signed_version")
    states = Incident.history.filter(
        id__in=[incident.pk for incident in incidents], version__gte=Subquery(signed)
    )
    found: dict[int, list[Saved]] = defaultdict(list)
    for key, *state, name, why in states.order_by("history_id").values_list(
        "id",
        "version",
        "status",
        "history_date",
        "history_user",
        "history_user__username",
        "history_change_reason",
    ):
        found[key].append(Saved(*state, name or _("the system"), why or ""))
    return found


def versions_since(incident: Incident, saved: Sequence[Saved]) -> list[Saved]:
    """Keep the first state of each version after the signed one: whoever saved it made it.

    A change of status alone makes no version.
    """
    first: dict[int, Saved] = {}
    for state in saved:
        if state.version > incident.signed_version:
            first.setdefault(state.version, state)
    return list(first.values())


def makers(incident: Incident, saved: Sequence[Saved]) -> set[int]:
    """List who made the versions after the signed one, by key."""
    return {state.who for state in versions_since(incident, saved) if state.who is not None}


def contributors(incident: Incident) -> set[int]:
    """List who changed the incident or its claims since the last sign-off, by key."""
    return makers(incident, saved_since([incident])[incident.pk])


def claim_authors(incidents: Iterable[Incident]) -> dict[int, set[int]]:
    """List by incident who wrote claims on it since its last sign-off, restricted ones too.

    Whoever worked on a record that was merged into it since then wrote what came with it.
    """
    asked = list(incidents)
    came = came_with(asked)
    found = wrote_claims([*asked, *came])
    if came:
        saved = saved_since(came)
        for gone, key in came.items():
            found[key] |= found[gone.pk] | makers(gone, saved[gone.pk])
    return found


def came_with(incidents: Sequence[Incident]) -> dict[Incident, int]:
    """List the records that were merged into these since their last sign-off, each with the key
    of the one asked about; through chains too."""
    found: dict[Incident, int] = {}
    into = {incident.pk: (incident.pk, incident.signed_at) for incident in incidents}
    while into:
        merges = Merge.objects.standing().filter(kind=choices.MergeKind.INCIDENT, survivor__in=into)
        since = {
            gone: into[survivor][0]
            for gone, survivor, made in merges.values_list("gone", "survivor", "made_at")
            if into[survivor][1] is None or made > into[survivor][1]
        }
        layer = Incident.objects.in_bulk(since).values() if since else []
        found |= {gone: since[gone.pk] for gone in layer}
        into = {gone.pk: (since[gone.pk], gone.signed_at) for gone in layer}
    return found


def wrote_claims(incidents: Iterable[Incident]) -> dict[int, set[int]]:
    """List by incident who wrote claims while they stood on it, since its last sign-off."""
    keys = [incident.pk for incident in incidents]
    written = Claim.history.filter(incident__in=keys, history_user__isnull=False)
    written = written.filter(
        Q(incident__signed_at=None) | Q(history_date__gt=F("incident__signed_at"))
    )
    found: dict[int, set[int]] = defaultdict(set)
    for key, author in written.values_list("incident_id", "history_user").order_by():
        found[key].add(author)
    return found


def changed_by(incident: Incident) -> set[int]:
    """List who must not sign the incident alone: everybody who changed anything on it."""
    return contributors(incident) | claim_authors([incident])[incident.pk]


def lacks(incidents: Iterable[Incident]) -> dict[int, list[str]]:
    """Say by incident what it needs before it can be published; an empty list when nothing."""
    kept = {incident.pk: incident for incident in incidents}
    accepted = Claim.objects.filter(incident__in=kept, status=choices.ClaimStatus.ACCEPTED)
    accepted = accepted.filter(Q(restricted=False) | Q(incident__restricted=True))
    claimed = set(accepted.order_by().values_list("incident_id", flat=True))
    places = IncidentPlace.objects.filter(incident__in=kept).order_by()
    placed = set(places.values_list("incident_id", flat=True))
    return {
        key: lacking(incident, claimed=key in claimed, placed=key in placed)
        for key, incident in kept.items()
    }


def lacking(incident: Incident, *, claimed: bool, placed: bool) -> list[str]:
    """Say what one incident needs before it can be published."""
    needs = [
        (claimed, _("an accepted claim with its article")),
        (
            incident.date_words or incident.date_not_stated,
            _("a date, or a tick at “no date is stated”"),
        ),
        (
            placed or incident.place_not_stated,
            _("a place, or a tick at “no place is stated”"),
        ),
    ]
    return [sentence for met, sentence in needs if not met]


def figures_now(keys: Iterable[int]) -> dict[int, Figures]:
    """Give the stored figures of incidents (by key), by measure."""
    found: dict[int, Figures] = defaultdict(dict)
    for figure in IncidentFigure.objects.filter(incident__in=keys).order_by("measure").values():
        found[figure["incident_id"]][figure["measure"]] = figure
    return found


def moments(incidents: Iterable[Incident]) -> dict[int, dt.datetime]:
    """Say by incident when it was last signed off; one that never was is left out."""
    return {incident.pk: incident.signed_at for incident in incidents if incident.signed_at}


def figures_signed(incidents: Iterable[Incident]) -> dict[int, Figures]:
    """Give the figures as they stood at each incident's last sign-off; none for a new one."""
    return figures_at(moments(incidents))


def same_figures(before: Figures, now: Figures) -> bool:
    """Tell whether figures say the same in every measure."""
    return all(same_figure(before.get(measure), now.get(measure)) for measure in {*before, *now})


def same_figure(before: Row | None, now: Row | None) -> bool:
    """Tell whether two figures say the same; who says so may have changed.

    A measure that came or went is a change, also when nobody gives a number: with another
    category another figure stands for the record.
    """
    if before is None or now is None:
        return before is now
    return all(before[name] == now[name] for name in SAID_BY_FIGURE)
