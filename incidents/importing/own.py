"""Recognises the records of this very database in its own files, by their codes and numbers.

One rule: a row changes such a record only where it stands as it did when the file was exported,
which its `updated` cell says; otherwise it is in conflict. Called by planning.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from urllib.parse import urlsplit

from django.conf import settings

from incidents.importing.binding import Said
from incidents.importing.known import Known
from incidents.models import Claim, Incident, User, key_in, pk_of

DATASET = "attest"


def dataset_of(address: str, by: User) -> str:
    """Name the data set of a file of the project's own tables: our own, or that of another site.

    A template that somebody filled in has no addresses: its keys are that person's own, so that two
    people who number their rows 1, 2, 3 do not meet.
    """
    if not address:
        return f"{DATASET} {by.username}"[:100]
    try:
        host = urlsplit(address).netloc
    except ValueError:
        host = "another site"
    is_ours = not host or host == urlsplit(settings.SITE_URL).netloc
    return DATASET if is_ours else f"{DATASET} {host}"[:100]


def key_of_code(code: str) -> int | None:
    """Read the key from an incident's code; None for what is no code."""
    try:
        return pk_of(code)
    except ValueError:
        return None


def own_incidents(said: Mapping[str, Said], by: User) -> dict[str, Known]:
    """Find the incidents of this database among these codes, as far as somebody may see them.

    What each row says is given.
    """
    keys = {pk: code for code in said if (pk := key_of_code(code))}
    found = Incident.objects.visible_to(by).filter(pk__in=keys)
    rows = found.values_list("pk", "status", "updated", "version")
    return {
        keys[pk]: known(keys[pk], pk, None, status, updated, said[keys[pk]], version)
        for pk, status, updated, version in rows
    }


def own_claims(said: Mapping[str, Said], by: User) -> dict[str, Known]:
    """Find the claims of this database among these numbers, written `#12`, likewise."""
    keys = {key: name for name in said if (key := key_in(name[1:]))}
    found = Claim.objects.visible_to(by).filter(pk__in=keys)
    rows = found.values_list(
        "pk", "incident_id", "incident__status", "updated", "incident__version"
    )
    made = {}
    for pk, incident, status, updated, version in rows:
        row = said[keys[pk]]
        here = key_of_code(str(row.get("key") or "")) == incident
        if not (here or row.get("address")):  # a number of somebody's own sheet
            continue
        made[keys[pk]] = known(keys[pk], incident, pk, status, updated, row, version)
        if not here:
            made[keys[pk]].version = version - 1
    return made


def known(
    own_id: str,
    incident: int,
    claim: int | None,
    status: str,
    updated: dt.datetime,
    row: Said,
    version: int,
) -> Known:
    """See a record of our own as one that was imported; edited since when its time differs."""
    same_time = updated.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ") == row.get("updated")
    same_version = claim is not None or row.get("version") in (None, version)
    seen = version if same_time and same_version else version - 1
    return Known(0, own_id, "", seen, incident, claim, 0, version, status, "")


MOST_BEYOND = 10_000_000  # keys that one file may jump over, so that codes stay short


def free_keys(wanted: Sequence[int], model: type[Incident] | type[Claim]) -> set[int]:
    """Keep the keys that no record has or ever had, so that a restored record gets its own back."""
    taken = set(model.objects.filter(pk__in=wanted).values_list("pk", flat=True))
    taken |= set(model.history.filter(id__in=wanted).values_list("id", flat=True))
    last = model.history.order_by("-id").values_list("id", flat=True).first() or 0
    return {key for key in wanted if key <= last + MOST_BEYOND} - taken
