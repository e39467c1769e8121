"""What merges brought to an incident: the codes it now stands for, and the claims that came.

Reads, never writes; `deriving` alone asks.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence

from incidents.models import Incident, Merge, choices, code_of

Arrival = tuple[dt.datetime, list[int]]  # when a merge brought claims, and their keys


def arrivals_on(keys: Iterable[int]) -> dict[int, list[Arrival]]:
    """List by incident when merges that still stand brought claims to it, and which."""
    arrivals: dict[int, list[Arrival]] = defaultdict(list)
    wanted = list(keys)
    if not wanted:
        return arrivals
    merges = Merge.objects.standing().filter(kind=choices.MergeKind.INCIDENT, survivor__in=wanted)
    for survivor, at, ledger in merges.values_list("survivor", "made_at", "moved"):
        arrivals[survivor].append((at, ledger["moved"].get("claim.incident", [])))
    return arrivals


def former_codes(keys: Sequence[int]) -> dict[int, list[str]]:
    """List by incident the codes of the records merged into it, directly or through others."""
    former: dict[int, list[str]] = defaultdict(list)
    stands_for, level = {key: key for key in keys}, list(keys)
    while level:
        gone = Incident.objects.filter(merged_into__among=level).order_by("pk")
        pairs = list(gone.values_list("pk", "merged_into_id"))
        for key, into in pairs:
            stands_for[key] = stands_for[into]
            former[stands_for[into]].append(code_of(key))
        level = [key for key, _into in pairs]
    return former
