"""Notices that a file has one event twice: same day, same place, same figures or same link.

One rule: it is said and nothing is merged, as two acts of one day may well be alike. Of very long
files the first hundred thousand events are remembered. Called by `running`.
"""

from collections.abc import Sequence
from functools import cached_property

from django.utils.translation import gettext as _

from incidents.importing.planning import Draft, tell
from incidents.models import Place, choices
from incidents.names import fold

MOST = 100_000
WIDE = (
    *(choices.PlaceKind.REGION, choices.PlaceKind.SUBREGION),
    *(choices.PlaceKind.COUNTRY, choices.PlaceKind.ADMIN1, choices.PlaceKind.ADMIN2),
)
NUMBERLESS = ("indefinite", "unstated")
LOOKED_AT = ("new", "changed", "conflict")
Seen = dict[int, tuple[int, int]]  # row and incident, by what is alike


class Twice:
    """The events of one file, by what makes two of them alike."""

    def __init__(self) -> None:
        """Begin with none."""
        self.figures: Seen = {}
        self.links: Seen = {}

    def look(self, drafts: Sequence[Draft]) -> None:
        """Say of these rows which earlier ones of the file they may repeat."""
        for draft in drafts:
            if draft.fate in LOOKED_AT and (where := self.day_and_place(draft)):
                self.compare(draft, where)

    def compare(self, draft: Draft, where: int) -> None:
        """Compare a row with earlier ones; one line, whatever is alike."""
        stated, mine = figures_of(draft), hash(draft.understood.incident_key)
        row = figures = self.earlier(self.figures, draft, (where, stated), mine) if stated else 0
        for said in draft.understood.claims:
            if url := said.get("article_url"):
                link = self.earlier(self.links, draft, (where, str(url).strip()), mine)
                row = row or link
        if row:
            message = (
                _("may be the same event as row %s of this file: same day, place and figures.")
                if figures
                else _("may be the same event as row %s of this file: same day, place and link.")
            )
            tell(draft, message % row, "duplicate")

    def earlier(self, seen: Seen, draft: Draft, alike: tuple, mine: int) -> int:
        """Find the earlier row of another incident that is alike; 0 for none."""
        key = hash(alike)
        if known := seen.get(key):
            return known[0] if known[1] != mine else 0
        if len(seen) < MOST:
            seen[key] = draft.understood.row, mine
        return 0

    def day_and_place(self, draft: Draft) -> int:
        """Name the day and place of a row; 0 where either is not known to be one."""
        read = draft.understood.incident.get("read")
        if not read or read.earliest is None or read.earliest != read.latest:
            return 0
        places = sorted([place["place_id"] for place in draft.places])
        is_small = places and self.wide.isdisjoint(places)
        words = frozenset() if is_small else words_of(draft)
        return hash((read.earliest, *places, words)) if places or words else 0

    @cached_property
    def wide(self) -> frozenset[int]:
        """The places that are too large to tell one event from another."""
        return frozenset(Place.objects.filter(kind__in=WIDE).values_list("pk", flat=True))


def words_of(draft: Draft) -> frozenset[str]:
    """Give the words by which a row names its places."""
    understood = draft.understood
    said = [place.get("words") for place in understood.places]
    said += [claim.get("place_words") for claim in understood.claims]
    return frozenset(fold(words) for words in said if words)


def figures_of(draft: Draft) -> tuple:
    """Give the numbers that a row states, measure by measure; () where it states none."""
    stated = [
        (said.get("measure"), count.low, count.value, count.high)
        for said in draft.understood.claims
        if (count := said.get("count")) and count.qualifier not in NUMBERLESS
    ]
    stated += [
        (said.get("measure"), said.get("low"), said.get("best"), said.get("high"))
        for said in draft.assessments
    ]
    return tuple(stated)
