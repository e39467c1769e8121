"""Where incidents are, as far as deriving needs it: what a place lies in, and what it is called.

Reads the closure of the place tree once for each place that some incidents mention.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from incidents.models import SUMMED_PLACES, Claim, IncidentPlace, PlaceAncestor
from incidents.names import fold

ROLE_ORDER = ("happened", "crossing", "apprehension", "detention", "unclear", "destination")
NAMED_KINDS = ("country", "admin1", "admin2", "locality", "site")


class Placing:
    """The places that the incidents with these keys mention, with all they lie in."""

    def __init__(self, keys: Sequence[int] = ()) -> None:
        self._chains: dict[int, dict[int, int]] = defaultdict(dict)
        self._names: dict[int, set[str]] = defaultdict(set)
        self._kinds: dict[int, str] = {}
        self._search_keys: dict[frozenset[int], str] = {}
        if keys:
            self.learn(mentioned_by(keys))

    def learn(self, places: Iterable[int]) -> None:
        """Read what these places lie in, as far as that is not known yet."""
        missing = set(places) - self._chains.keys()
        if not missing:
            return
        rows = PlaceAncestor.objects.filter(place__among=missing).order_by("distance")
        for place, above, distance, kind, *names in rows.values_list(
            "place_id",
            "ancestor_id",
            "distance",
            "ancestor__kind",
            "ancestor__name",
            "ancestor__name_ko",
            "ancestor__name_zh",
        ):
            self._chains[place][above] = distance
            self._kinds[above] = kind
            if kind in NAMED_KINDS:
                self._names[place].update(filter(None, names))

    def chain(self, place: int) -> dict[int, int]:
        """Map what a place lies in to the number of steps up; itself included, at 0."""
        return self._chains[place]

    def has_sums(self, place: int) -> bool:
        """Tell whether a place, mentioned or above one that is, has sums of its own."""
        return self._kinds[place] in SUMMED_PLACES

    def search_keys(self, places: frozenset[int]) -> str:
        """Join the search keys of these places and all they lie in, up to their countries."""
        if places not in self._search_keys:
            names = {name for place in places for name in self._names[place]}
            self._search_keys[places] = " ".join(filter(None, map(fold, sorted(names))))
        return self._search_keys[places]

    def main_place(self, places: Sequence[tuple[int, str, str]]) -> tuple[int | None, str]:
        """Choose the one place that stands on an incident's row, and its role.

        Of the first role in ROLE_ORDER that has places: the smallest place that holds them all.
        """
        for role in ROLE_ORDER:
            mentioned = [place for place, its_role, _words in places if its_role == role]
            if mentioned:
                found = self.smallest_holding(mentioned)
                return found, role if found else ""
        return None, ""

    def smallest_holding(self, places: Sequence[int]) -> int | None:
        """Find the smallest place that all of these lie in; None when they share none."""
        shared = set.intersection(*(set(self._chains[place]) for place in places))
        return min(shared, key=self._chains[places[0]].__getitem__, default=None)


def mentioned_by(keys: Sequence[int]) -> set[int]:
    """Find the places that these incidents, or claims on them, mention."""
    touched = IncidentPlace.objects.filter(incident__among=keys).order_by()
    spoken_of = Claim.objects.filter(incident__among=keys, place__isnull=False).order_by()
    places = touched.values_list("place_id").union(spoken_of.values_list("place_id"))
    return {place for (place,) in places}
