"""Connects what a file's rows say of each other, when all of them are saved.

One rule: a row that is nowhere connects nothing, and costs nothing else. Called by `running`.
"""

from collections.abc import Iterable, Iterator

from django.db.models import F

from incidents.chunks import in_chunks
from incidents.importing.binding import Said
from incidents.importing.own import is_our_own, own_claims, own_incidents
from incidents.importing.saving import Saving
from incidents.models import Claim, Incident, Origin, choices
from incidents.signing import lacks


def connect(saving: Saving) -> set[int]:
    """Let claims refer to claims, and events to waves, of this data set; the incidents.

    What refers to a row that is nowhere, or to what the forms refuse, stays unconnected.
    """
    return {*connect_claims(saving), *connect_waves(saving)}


def connect_claims(saving: Saving) -> Iterator[int]:
    """Let claims refer to others of the same incident, never in a circle; those incidents."""
    for some in in_chunks(saving.waiting):
        found = keys_of(saving, (f"#{other}" for _claim, _name, other in some), "claim_id")
        stands_on = incidents_of({claim for claim, _name, _other in some} | set(found.values()))
        for claim, name, other in some:
            key = found.get(f"#{other}")
            beside = key and stands_on.get(key) == stands_on[claim]
            if beside and not leads_back(key, claim, name):
                change = {f"{name}_id": key}
                Claim.objects.filter(pk=claim).update(**change)
                Claim.history.filter(id=claim).update(**change)
                yield stands_on[claim]


def connect_waves(saving: Saving) -> Iterator[int]:
    """Put events into waves; both."""
    for some in in_chunks(saving.waves):
        found = keys_of(saving, (wave for _incident, wave in some), "incident_id")
        for incident, wave in some:
            key = found.get(wave)
            waves = Incident.objects.filter(pk=key, kind=Incident.Kind.WAVE)
            events = Incident.objects.filter(pk=incident, kind=Incident.Kind.EVENT)
            if key and waves.exists() and events.update(wave_id=key):
                Incident.history.filter(id=incident).update(wave_id=key)
                yield from (incident, key)


def incidents_of(claims: set[int]) -> dict[int, int]:
    """Say on which incident each of these claims stands, all by key."""
    found: dict[int, int] = {}
    for some in in_chunks(sorted(claims)):
        found |= dict(Claim.objects.filter(pk__in=some).values_list("pk", "incident_id"))
    return found


def leads_back(claim: int, to: int, name: str) -> bool:
    """Tell whether a claim refers, over however many, to the one that would refer to it."""
    seen: set[int] = set()
    here: int | None = claim
    while here is not None and here not in seen:
        if here == to:
            return True
        seen.add(here)
        here = Claim.objects.filter(pk=here).values_list(f"{name}_id", flat=True).first()
    return False


def publish_waiting(saving: Saving, incidents: Iterable[int]) -> None:
    """Publish what an import put in review only because its claims came with another file."""
    unedited = Origin.objects.filter(claim=None, version=F("incident__version"))
    waiting = list(
        Incident.objects.filter(pk__in=incidents, status=choices.Status.IN_REVIEW).filter(
            pk__in=unedited.values("incident")
        )
    )
    missing = lacks(waiting)
    ready = [incident.pk for incident in waiting if not missing[incident.pk]]
    status = choices.Status.PUBLISHED
    signature = saving.signature(status) | {"signed_version": F("version")}
    saving.revise(ready, status=status, **signature)


def keys_of(saving: Saving, own_ids: Iterable[str], column: str) -> dict[str, int]:
    """Find the records of this data set by their own ids; in our own files, by their codes."""
    asked = set(own_ids)
    origins = Origin.objects.filter(dataset=saving.run.dataset, own_id__in=asked)
    found = dict(origins.values_list("own_id", column))
    if not is_our_own(saving.run.dataset, saving.run.by):
        return found
    said: dict[str, Said] = {own_id: {} for own_id in asked - found.keys()}
    own = own_claims(said, saving.by) if column == "claim_id" else own_incidents(said, saving.by)
    return found | {own_id: known.claim or known.incident for own_id, known in own.items()}
