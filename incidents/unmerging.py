"""Takes a merge back: what moved and nobody moved on since returns, the record stands again.

One rule: the latest merge first. A later one that touched the same rows is named in the refusal;
rows that somebody changed since are left where they are, and named. Called by the desk.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from incidents.actions import revise, save
from incidents.mentions import (
    incidents_at,
    incidents_naming,
    shown_of_place,
    shown_of_source,
    with_branches,
)
from incidents.models import (
    Claim,
    Incident,
    IncidentLink,
    IncidentPlace,
    Merge,
    Place,
    PlaceAncestor,
    Source,
    User,
    choices,
    code_of,
)
from incidents.moving import POINTERS, Ledger, groups_of, keep_to, moved_back, put_back
from incidents.naming import take_names
from incidents.refusals import Refused, need, need_reason
from incidents.settling import settle
from incidents.turns import wait_for_turn

Kind = choices.MergeKind
MODELS: dict[str, type[models.Model]] = {
    Kind.INCIDENT: Incident,
    Kind.SOURCE: Source,
    Kind.PLACE: Place,
}
RIGHTS = {
    Kind.INCIDENT: "incidents.review_incident",
    Kind.SOURCE: "incidents.merge_source",
    Kind.PLACE: "incidents.merge_place",
}
REFERENCES = ("of", "repeats", "corrects")


@dataclass(slots=True)
class Undone:
    """A merge taken back, and the rows that stayed because they had moved on, in words."""

    merge: Merge
    left: list[str] = field(default_factory=list)


@transaction.atomic
def undo(*, merge: Merge, by: User, why: str) -> Undone:
    """Move everything back that a merge moved, and let the record stand again."""
    wait_for_turn()
    need(by, RIGHTS[merge.kind], _("undo merges"))
    need_reason(why)
    ledger = Ledger(**merge.moved)
    touched = touched_by(merge, ledger)
    hold(touched)
    merge = Merge.objects.select_for_update().get(pk=merge.pk)
    gone, survivor = pair_of(merge, by)
    need_latest(merge, ledger, by)
    need_no_circle(ledger, gone)
    need_own_references(merge, ledger, by)
    left = return_rows(merge, ledger, by, why)
    put_back(ledger.removed, by=by, why=why)
    if isinstance(gone, Incident):
        revised, closed = incident_stands_again(ledger, gone, survivor, by, why)
        left += closed
    else:
        revised = stand_again(ledger, gone, survivor, by, why)
    merge.undone_by, merge.undone_at, merge.undone_reason = by, timezone.now(), why
    merge.save()
    revise(incidents=revised, by=by, why=why)
    settle((touched | touched_by(merge, ledger)) - revised)
    return Undone(merge, left)


def hold(incidents: Iterable[int]) -> None:
    """Lock these incidents, always in the same order."""
    list(Incident.objects.select_for_update().filter(pk__in=set(incidents)).order_by("pk"))


def touched_by(merge: Merge, ledger: Ledger) -> set[int]:
    """List the incidents, by key, on which taking a merge back can change anything."""
    pair = [merge.gone, merge.survivor]
    countries = [
        key
        for pointer, keys in ledger.moved.items()
        if pointer.startswith("incident.")
        for key in keys
    ]
    if merge.kind == Kind.SOURCE:
        return incidents_naming(pair)
    if merge.kind == Kind.PLACE:
        removed = {row["incident_id"] for row in ledger.removed.get("incidentplace", [])}
        return incidents_at(pair) | set(countries) | removed
    links = IncidentLink.objects.filter(pk__in=ledger.moved.get("incidentlink.ends", []))
    ends = {end for pair in links.values_list("first_id", "second_id") for end in pair}
    for row in ledger.removed.get("incidentlink", []):
        ends |= {row["first_id"], row["second_id"]}
    return {*pair, *countries, *ends, *map(int, ledger.groups)}


def pair_of(merge: Merge, by: User) -> list:
    """Find the two records of a merge that stands; refuse one undone, or not for this person."""
    model = MODELS[merge.kind]
    keys = [merge.gone, merge.survivor]
    if merge.undone_at is not None:
        raise Refused(_("This merge was already undone."))
    found = model._default_manager.all()
    if model is Incident:
        found = Incident.objects.visible_to(by)
    else:
        found = found.select_for_update().order_by("pk")
    records = found.in_bulk(keys)
    if len(records) < len(keys):
        raise Refused(_("There is no such merge."))
    return [records[key] for key in keys]


def need_latest(merge: Merge, ledger: Ledger, by: User) -> None:
    """Refuse while a later merge stands that built on what this one did."""
    later = Merge.objects.standing().filter(pk__gt=merge.pk).order_by("-pk")
    ends = {
        row[column]
        for rows in ledger.removed.values()
        for row in rows
        for column in ("incident_id", "first_id", "second_id")
        if column in row
    }
    same = Q(kind=merge.kind) & (Q(gone=merge.survivor) | Q(survivor=merge.survivor))
    first = later.filter(same | Q(kind=Kind.INCIDENT, gone__in=ends)).first()
    first = first or next(built_on(ledger, later), None)
    if first is not None:
        raise Refused(
            _("Undo first what came later: %(gone)s merged into %(survivor)s on %(day)s.")
            % {
                "gone": name_in(first, first.gone, by),
                "survivor": name_in(first, first.survivor, by),
                "day": f"{first.made_at:%Y-%m-%d}",
            }
        )


def built_on(ledger: Ledger, later: models.QuerySet) -> Iterator[Merge]:
    """Find later merges that moved, left or took out the same rows."""
    own = ledger.footprint()
    for merge in later.iterator() if own else ():
        if own & Ledger(**merge.moved).footprint():
            yield merge


def name_in(merge: Merge, key: int, by: User) -> str:
    """Name a record of a merge, as far as the person may see it."""
    if merge.kind != Kind.INCIDENT:
        return str(MODELS[merge.kind]._default_manager.get(pk=key))
    seen = Incident.objects.visible_to(by).filter(pk=key).exists()
    return code_of(key) if seen else _("a record that you may not see")


def need_no_circle(ledger: Ledger, gone: models.Model) -> None:
    """Refuse where the record has come to lie below what would go back to it."""
    bodies = with_branches(ledger.moved.get("source.parent", []))
    within = PlaceAncestor.objects.filter(
        place=gone.pk, ancestor__in=ledger.moved.get("place.parent", [])
    )
    if (isinstance(gone, Source) and gone.pk in bodies) or (
        isinstance(gone, Place) and within.exists()
    ):
        raise Refused(
            _("%s has come to lie below what would go back to it; move that elsewhere first.")
            % gone
        )


def need_own_references(merge: Merge, ledger: Ledger, by: User) -> None:
    """Refuse while claims that would part refer to each other."""
    back = ledger.moved.get("claim.incident", [])
    claims = Claim.objects.filter(incident=merge.survivor)
    for name in REFERENCES:
        inward = Q(**{f"{name}__in": back}) & ~Q(pk__in=back)
        outward = Q(pk__in=back, **{f"{name}__incident": merge.survivor}) & ~Q(
            **{f"{name}__in": back}
        )
        parted = claims.filter(inward | outward)
        if parted.exists():
            raise Refused(parted_sentence(parted.visible_to(by).first(), name))


def parted_sentence(claim: Claim | None, name: str) -> str:
    """Say which claim refers to one that it would part from, as far as the person may see it."""
    if claim is None:
        return _("Claims that would part refer to each other; clear that first, then undo.")
    return _(
        "Claim #%(number)s refers to claim #%(other)s, and they would part; clear that first, "
        "then undo."
    ) % {"number": claim.pk, "other": getattr(claim, f"{name}_id")}


def return_rows(merge: Merge, ledger: Ledger, by: User, why: str) -> list[str]:
    """Move the rows back; name those that have moved on, as far as this person may see them."""
    left: list[str] = []
    for pointer, keys in ledger.moved.items():
        stayed = moved_back(pointer, keys, old=merge.survivor, new=merge.gone, by=by, why=why)
        left += named(POINTERS[pointer][0], stayed, by)
    return left


def named(model: type[models.Model], keys: list[int], by: User) -> list[str]:
    """Name rows for a sentence; what the person may not see is passed over."""
    rows = model._default_manager.filter(pk__in=keys)
    if hasattr(rows, "visible_to"):
        rows = rows.visible_to(by)
    elif model in (IncidentPlace, IncidentLink):
        return []
    return [f"{model._meta.verbose_name} {row}" for row in rows.order_by("pk")]


def stand_again(ledger: Ledger, gone, survivor, by: User, why: str) -> set[int]:
    """Let a source or place stand again; return the incidents to revise, by key."""
    take_names(survivor, ledger.names)
    gone.merged_into = None
    save(gone, by=by, why=why)
    if isinstance(gone, Source):
        return shown_of_source(gone)
    return shown_of_place(gone)


def incident_stands_again(
    ledger: Ledger, gone: Incident, survivor: Incident, by: User, why: str
) -> tuple[set[int], list[str]]:
    """Let an incident stand again; return those to revise, by key, and what had moved on."""
    left = []
    for key, (before, after) in ledger.groups.items():
        incident = Incident.objects.get(pk=key)
        if groups_of(incident) == set(after):
            keep_to(incident, before, by=by, why=why)
        else:
            left.append(_("restriction of %s") % incident.code)
    if ledger.wave and survivor.wave_id == ledger.wave:
        Incident.objects.filter(pk=survivor.pk).update(wave=None)
    Incident.objects.filter(pk=gone.pk).update(status=ledger.status, merged_into=None)
    revised = {gone.pk, survivor.pk, *ledger.moved.get("incident.wave", [])}
    if not groups_of(gone):
        revised |= ends_of_links(gone)
    return revised, left


def ends_of_links(incident: Incident) -> set[int]:
    """List the incidents that are linked to this one, by key."""
    links = IncidentLink.objects.filter(Q(first=incident) | Q(second=incident))
    ends = {end for pair in links.values_list("first_id", "second_id") for end in pair}
    return ends - {incident.pk}
