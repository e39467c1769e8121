"""Notices that a file has one event twice: same day, same place, same figures or same link.

One rule: it is said and nothing is merged, as two acts of one day may well be alike. Of very long
files the first hundred thousand events are remembered. Called by `running`.
"""

from collections.abc import Iterator, Sequence
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
LOOKED_AT = ("new", "changed", "conflict")


class Twice:
    """The events of one file, by what makes two of them alike."""

    def __init__(self) -> None:
        """Begin with none."""
        self.figures: dict[int, tuple[int, int]] = {}  # row and incident, by what is alike
        self.links: dict[int, tuple[int, int]] = {}

    def look(self, drafts: Sequence[Draft]) -> None:
        """Say of these rows which earlier ones of the file they may repeat."""
        for draft in drafts:
            if draft.fate in LOOKED_AT and (where := self.day_and_place(draft)):
                self.compare(draft, where)

    def compare(self, draft: Draft, where: tuple) -> None:
        """Compare a row with earlier ones; one line, whatever is alike."""
        figures = self.earlier(self.figures, draft, [(where, fs) for fs in figures_of(draft)])
        links = self.earlier(self.links, draft, [(where, link) for link in links_of(draft)])
        if row := figures or links:
            message = (
                _("may be the same event as row %s of this file: same day, place and figures.")
                if figures
                else _("may be the same event as row %s of this file: same day, place and link.")
            )
            tell(draft, message % row, "duplicate")

    def earlier(self, seen: dict[int, tuple[int, int]], draft: Draft, keys: list[tuple]) -> int:
        """Find the earlier row of another incident that has one of these keys; 0 for none."""
        mine = draft.understood.row, hash(draft.understood.incident_key)
        found = 0
        for key in map(hash, keys):
            row, incident = seen.get(key, mine)
            if incident != mine[1]:
                found = found or row
            elif len(seen) < MOST:
                seen.setdefault(key, mine)
        return found

    def day_and_place(self, draft: Draft) -> tuple | None:
        """Give the day and place of a row; None where either is not known to be one."""
        read = draft.understood.incident.get("read")
        if not read or read.earliest is None or read.earliest != read.latest:
            return None
        places = frozenset(place["place_id"] for place in draft.places)
        words: frozenset[str] = frozenset()
        if not places or places & self.wide:
            words = words_of(draft)
        return (read.earliest, places, words) if places or words else None

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


def figures_of(draft: Draft) -> Iterator[frozenset]:
    """Give the numbers that a row states, measure by measure; nothing where it states none."""
    stated = frozenset(
        (said.get("measure"), count.low, count.value, count.high)
        for said in draft.understood.claims
        if (count := said.get("count")) and (count.low, count.value, count.high) != (None,) * 3
    )
    decided = frozenset(
        (said.get("measure"), said.get("low"), said.get("best"), said.get("high"))
        for said in draft.assessments
    )
    if stated or decided:
        yield stated | decided


def links_of(draft: Draft) -> set[str]:
    """Give the addresses that a row names."""
    claims = draft.understood.claims
    return {url for said in claims if (url := str(said.get("article_url") or "").strip())}
