"""Merges two incidents, sources or places that turned out to be one; `undo` takes a merge back.

One rule: nothing is lost. Rows move to the one that stays, what cannot stand there twice is noted
and kept in the history, and the ledger of the merge says enough to move everything back. Each
merge is one transaction; called by the desk.
"""

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from incidents.actions import revise, save
from incidents.mentions import (
    incidents_at,
    incidents_naming,
    shown_of_place,
    shown_of_source,
)
from incidents.mergeable import groups_of_both, need_mergeable
from incidents.models import (
    Incident,
    IncidentLink,
    IncidentPlace,
    Merge,
    Place,
    Source,
    User,
    choices,
)
from incidents.moving import Mover, groups_of, keep_to, swap
from incidents.naming import give_names
from incidents.refusals import Refused, need, need_reason
from incidents.settling import settle
from incidents.turns import wait_for_turn
from incidents.unmerging import Undone, hold, undo

__all__ = [
    "Undone",
    "follow_restriction",
    "merge_incidents",
    "merge_places",
    "merge_sources",
    "undo",
]

Status = choices.Status
STRENGTH = [choices.Certainty.POSSIBLE, choices.Certainty.PROBABLE, choices.Certainty.ESTABLISHED]
OF_SOURCE = ("claim.source", "claimstep.source", "article.publisher", "article.credit")
OF_PLACE = ("claim.place", "incident.nationality", "incident.sending", "incident.receiving")


@transaction.atomic
def merge_incidents(*, gone: Incident, survivor: Incident, by: User, why: str) -> Merge:
    """Move the claims, places, links and events of one incident to another that stays.

    The code of the one that goes leads to the other. Its assessments stay with it: they decided
    about its claims as they stood apart. The stricter restriction holds for both.
    """
    wait_for_turn()
    need(by, "incidents.review_incident", _("merge records"))
    need_reason(why)
    gone, survivor = held_pair(gone, survivor, by)
    need_mergeable(gone, survivor)
    groups = groups_of_both(gone, survivor)
    mover = Mover(by, why)
    tied = move_records(mover, gone, survivor)
    mover.ledger.status = gone.status
    for kept in (survivor, gone, *absorbed(survivor, gone)):
        mover.restrict(kept, groups)
    Incident.objects.filter(pk=gone.pk).update(status=Status.MERGED, merged_into=survivor)
    merge = entered(mover, choices.MergeKind.INCIDENT, gone.pk, survivor.pk)
    events = set(mover.ledger.moved.get("incident.wave", []))
    revised = {gone.pk, survivor.pk} | events | (set() if groups else tied)
    revise(incidents=revised, by=by, why=why)
    settle((tied | {int(key) for key in mover.ledger.groups}) - revised)
    return merge


def held_pair(gone: Incident, survivor: Incident, by: User) -> tuple[Incident, Incident]:
    """Lock both incidents and all that their links and waves touch; refuse those unseen."""
    keys = {gone.pk, survivor.pk}
    ends = IncidentLink.objects.filter(Q(first__in=keys) | Q(second__in=keys))
    tied = {end for pair in ends.values_list("first_id", "second_id") for end in pair}
    events = Incident.objects.filter(wave__in=keys).values_list("pk", flat=True)
    hold(keys | tied | set(events))
    seen = Incident.objects.visible_to(by).in_bulk(keys)
    for record in (gone, survivor):
        if record.pk not in seen:
            raise Refused(_("There is no incident %s.") % record.code)
    return seen[gone.pk], seen[survivor.pk]


def absorbed(*incidents: Incident) -> list[Incident]:
    """List the records that were merged into these before, directly or through others."""
    found: list[Incident] = []
    level = list(incidents)
    while level:
        level = list(Incident.objects.filter(merged_into__in=level).order_by("pk"))
        found += level
    return found


@transaction.atomic
def follow_restriction(*, survivor: Incident, by: User, why: str) -> None:
    """Keep what was merged into an incident to the groups that it is kept to now.

    Otherwise the merged records would tell others of one that they may not see.
    """
    groups = groups_of(survivor)
    following = [gone for gone in absorbed(survivor) if groups_of(gone) != groups]
    for gone in following:
        keep_to(gone, groups, by=by, why=why)
    settle(gone.pk for gone in following)


def move_records(mover: Mover, gone: Incident, survivor: Incident) -> set[int]:
    """Move all that belongs to an incident; return the incidents that were linked to it."""
    old, new = gone.pk, survivor.pk
    mover.move_all(["claim.incident"], old=old, new=new)
    taken = set(survivor.places.values_list("place_id", "role"))
    twins = [row.pk for row in gone.places.all() if (row.place_id, row.role) in taken]
    mover.move("incidentplace.incident", gone.places.exclude(pk__in=twins), old=old, new=new)
    if twins:
        mover.ledger.left["incidentplace"] = twins
    tied = move_links(mover, gone, survivor)
    mover.move_all(["incident.wave"], old=old, new=new)
    if gone.wave_id and not survivor.wave_id:
        mover.ledger.wave = gone.wave_id
        Incident.objects.filter(pk=new).update(wave=gone.wave_id)
    return tied


def move_links(mover: Mover, gone: Incident, survivor: Incident) -> set[int]:
    """Move links; of two that become one the surer stays. Return the incidents at other ends."""
    tied: set[int] = set()
    for link in links_of(gone):
        ends = {link.first_id, link.second_id}
        if survivor.pk in ends:
            mover.remove(link)
            continue
        tied |= ends - {gone.pk}
        twin = twin_of(link, gone, survivor)
        if twin is not None and STRENGTH.index(twin.certainty) >= STRENGTH.index(link.certainty):
            mover.remove(link)
            continue
        if twin is not None:
            mover.remove(twin)
        rows = IncidentLink.objects.filter(pk=link.pk)
        mover.move("incidentlink.ends", rows, old=gone.pk, new=survivor.pk)
    return tied


def links_of(incident: Incident) -> list[IncidentLink]:
    """List the links of an incident."""
    links = IncidentLink.objects.filter(Q(first=incident) | Q(second=incident))
    return list(links.order_by("pk"))


def twin_of(link: IncidentLink, gone: Incident, survivor: Incident) -> IncidentLink | None:
    """Find the link that would stand twice if this one moved."""
    moved = IncidentLink(first_id=link.first_id, second_id=link.second_id, kind=link.kind)
    swap(moved, "ends", gone.pk, survivor.pk)
    same = IncidentLink.objects.filter(first=moved.first_id, second=moved.second_id)
    return same.filter(kind=link.kind).first()


@transaction.atomic
def merge_sources(*, gone: Source, survivor: Source, by: User, why: str) -> Merge:
    """Move claims, steps, articles and branches of one source to another that stays.

    The short name of the one that goes leads to the other, and its names become aliases there.
    """
    wait_for_turn()
    need(by, "incidents.merge_source", _("merge sources"))
    need_reason(why)
    touched, revised = incidents_naming([gone.pk, survivor.pk]), shown_of_source(gone)
    hold(touched | revised)
    gone, survivor = held_two(Source.objects, gone, survivor)
    need_mergeable(gone, survivor)
    mover = Mover(by, why)
    mover.move_all([*OF_SOURCE, "source.parent"], old=gone.pk, new=survivor.pk)
    mover.ledger.names = give_names(gone, survivor)
    merge = left_for(mover, choices.MergeKind.SOURCE, gone, survivor)
    revise(incidents=revised, by=by, why=why)
    settle(touched - revised)
    return merge


@transaction.atomic
def merge_places(*, gone: Place, survivor: Place, by: User, why: str) -> Merge:
    """Move all that happened in one place, and what lies in it, to another that stays.

    The code of the one that goes leads to the other, and its names are found there.
    """
    wait_for_turn()
    need(by, "incidents.merge_place", _("merge places"))
    need_reason(why)
    touched = incidents_at([gone.pk, survivor.pk]) | shown_of_place(gone)
    hold(touched)
    gone, survivor = held_two(Place.objects, gone, survivor)
    need_mergeable(gone, survivor)
    revised = shown_of_place(gone)
    mover = Mover(by, why)
    move_touches(mover, gone, survivor)
    mover.move_all([*OF_PLACE, "source.country", "place.parent"], old=gone.pk, new=survivor.pk)
    mover.ledger.names = give_names(gone, survivor)
    merge = left_for(mover, choices.MergeKind.PLACE, gone, survivor)
    revise(incidents=revised, by=by, why=why)
    settle(touched - revised)
    return merge


def held_two(records: QuerySet, gone, survivor) -> list:
    """Lock two sources or places; return them as they stand now."""
    keys = [gone.pk, survivor.pk]
    rows = records.select_for_update(no_key=True).filter(pk__in=keys).order_by("pk")
    held = {row.pk: row for row in rows}
    return [held[key] for key in keys]


def move_touches(mover: Mover, gone: Place, survivor: Place) -> None:
    """Move the places of incidents; of two that become one the one with printed words stays."""
    twins = {
        (row.incident_id, row.role): row
        for row in survivor.incident_places.filter(incident__places__place=gone)
    }
    for row in gone.incident_places.order_by("pk"):
        twin = twins.get((row.incident_id, row.role))
        if twin is not None:
            mover.remove(row if twin.words or not row.words else twin)
    rows = IncidentPlace.objects.filter(place=gone)
    mover.move("incidentplace.place", rows, old=gone.pk, new=survivor.pk)


def left_for(mover: Mover, kind: str, gone, survivor) -> Merge:
    """Mark a source or place as merged, with its history, and enter the merge."""
    gone.merged_into = survivor
    save(gone, by=mover.by, why=mover.why)
    return entered(mover, kind, gone.pk, survivor.pk)


def entered(mover: Mover, kind: str, gone: int, survivor: int) -> Merge:
    """Enter the merge, with the ledger of what moved."""
    return Merge.objects.create(
        kind=kind,
        gone=gone,
        survivor=survivor,
        moved=mover.ledger.written(),
        made_by=mover.by,
        reason=mover.why,
    )
