"""Counts what stands where on the map of a question: incidents, people, and ways between places.

One rule: a number at a place is that of the list with `at` for this place, whatever it is worked
out from. An incident stands at each of its places, so these numbers are not added up; the people at
one place are untied as a set of their own. Called by `mapped`.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, reduce
from operator import or_
from typing import Any

from django.db.models import Avg, Count, F, FloatField, Max, Min, QuerySet
from django.db.models.functions import Cast, Floor

from incidents import sums
from incidents.models import NOWHERE, ON_MAP, OWN_POINT, Incident, IncidentPlace, MonthSum, Place
from incidents.reckoning import MOST, Added, Reckoning
from incidents.summing import added_up
from incidents.sums import Row
from incidents.whereabouts import standing, standing_at

STARTS = ("apprehension", "happened", "detention", "crossing", "unclear")
DESTINATION = "destination"
SIDES = ("latitude", "longitude")


@dataclass(frozen=True, slots=True)
class Cell:
    """Incidents with points of their own that lie together: where about, how many, one's key."""

    latitude: float
    longitude: float
    number: int
    is_one_point: bool
    key: int


class Whereabouts:
    """What stands where, for one question and its reader."""

    def __init__(self, reckoning: Reckoning) -> None:
        """Count this question's incidents; nothing is read before it is asked for."""
        self.reckoning, self.question = reckoning, reckoning.question
        self.roles = self.question.asked["role"]

    @cached_property
    def is_short(self) -> bool:
        """Whether there are few enough incidents to look at each."""
        return self.reckoning.counted <= MOST

    @cached_property
    def by_figures(self) -> bool:
        """Whether the figures that the table adds up name most of the incidents."""
        asks_more = self.roles or self.question.asked["measure"] or self.question.closed_claims
        return self.reckoning.by_table and not asks_more

    def matching(self, match: str) -> QuerySet:
        """The incidents that match the days so, which a map may show."""
        question = self.reckoning.at_hand
        found = question.matching.filter(question.match(match)) if match else question.incidents
        return found.exclude(kind=Incident.Kind.AGGREGATE).order_by()

    @property
    def drawn(self) -> QuerySet:
        """The incidents that a map may show, however they match the days."""
        return self.reckoning.at_hand.incidents.exclude(kind=Incident.Kind.AGGREGATE).order_by()

    def sets(self, match: str) -> Iterator[QuerySet]:
        """Name the incidents that match the days so, by key, in sets of which none is in two.

        Where there are many, most by their figures: those are far fewer bytes to look through.
        """
        matching = self.matching(match)
        if self.is_short or not self.by_figures:
            yield matching.values("pk")
            return
        yield sums.figures_in_table(self.question, match).filter(principal=True).values("incident")
        tied = Incident.objects.filter(tied=True).order_by()
        yield matching.filter(pk__in=tied.values("pk")).values("pk")
        yield matching.filter(tied=False, restricted=True).values("pk")

    @cached_property
    def counts(self) -> Mapping[int, Counter[str]]:
        """Count the incidents at each place, OWN_POINT and NOWHERE, by match."""
        found: dict[int, Counter[str]] = defaultdict(Counter)
        for match in self.question.matches:
            for rows in self.rows(match):
                counted = rows.values_list("place").annotate(number=Count("incident"))
                for place, number in counted:
                    found[place][match] += number
            if self.roles:
                nowhere = self.matching(match).filter(standing_at([NOWHERE], self.roles))
                found[NOWHERE][match] += nowhere.count()
        return found

    def rows(self, match: str) -> Iterator[QuerySet]:
        """Give the rows that say where incidents stand that match so; none is in two."""
        if self.reckoning.looked_up:
            yield self.reckoning.looked_up.keyed(standing(self.roles), "incident", match)
            return
        for keys in self.sets(match):
            yield standing(self.roles).filter(incident__in=keys)

    def by_country(self, places: Collection[int]) -> dict[int, list[int]]:
        """List places by country; 0 for none."""
        found: dict[int, list[int]] = defaultdict(list)
        rows = Place.objects.filter(pk__among=places).order_by()
        for place, country in rows.values_list("pk", "country"):
            found[country or 0].append(place)
        return found

    def people(self) -> Mapping[int, Mapping[str, Added]]:
        """Add up the people at each place, by match; what is tied is untied at each."""
        stands = self.stands_of_others()
        groups = self.reckoning.grouped(
            self.sums_of_figures(), lambda row: row["place"], lambda one: stands.get(one.key, ())
        )
        found: dict[int, dict[str, Added]] = defaultdict(dict)
        for (match, place), added in groups.items():
            found[place][match] = added
        return found

    def sums_of_figures(self) -> Iterator[Row]:
        """Add up the figures of what is not looked at one by one, at each place."""
        question = self.question
        for match in question.matches:
            if self.reckoning.by_table:
                figures = sums.figures_in_table(question, match)
            else:
                figures = self.reckoning.figures_matching(match)
            for row in added_up(self.with_place(figures), "measure", "place"):
                yield {**row, **{name: int(row[name]) for name in MonthSum.SUMS}, "match": match}

    def with_place(self, figures: QuerySet) -> QuerySet:
        """Give figures with each place at which their incident stands."""
        if self.roles:
            figures = figures.filter(incident__places__in=standing(self.roles))
            return figures.annotate(place=F("incident__places__place"))
        return figures.filter(touching__role=ON_MAP).annotate(place=F("touching__place"))

    def stands_of_others(self) -> Mapping[int, set[Hashable]]:
        """List where each incident stands that is looked at by itself."""
        found: dict[int, set[Hashable]] = defaultdict(set)
        others = self.reckoning.apart.all
        kinds = {
            "incident__tied" if one.tied else "incident__restricted" for one in others.values()
        }
        for kind in kinds:
            rows = standing(self.roles).filter(**{kind: True})
            for key, place in rows.values_list("incident_id", "place_id"):
                if key in others:
                    found[key].add(place)
        return found

    def cells(self, degrees: float, most: int) -> list[Cell]:
        """Put incidents with points of their own together, by squares of so many degrees."""
        found = Incident.objects.filter(pk__in=self.with_point.values("pk")).order_by()
        squares = found.values_list(*(square_of(side, degrees) for side in SIDES))
        squares = squares.annotate(
            *(number(side) for side in SIDES for number in (Min, Max, Avg)),
            number=Count("pk"),
            one=Min("pk"),
        )
        return [cell_of(row[2:]) for row in squares.order_by("-number", "one")[:most]]

    @cached_property
    def with_point(self) -> QuerySet:
        """The incidents that stand at a point of their own; looked up once where they are few."""
        if not self.reckoning.looked_up:
            return self.drawn.filter(standing_at([OWN_POINT], ()))
        rows = standing(()).filter(place=OWN_POINT)
        keyed = (self.reckoning.looked_up.keyed(rows, "incident", m) for m in self.question.matches)
        keys = reduce(or_, keyed).values_list("incident", flat=True).order_by()
        few = list(keys[: MOST + 1])
        found = {"pk__among": few} if len(few) <= MOST else {"pk__in": keys}
        return Incident.objects.filter(**found).order_by()

    def span_of_points(self) -> list[tuple[float, float]]:
        """Give two corners of the box that holds all points of their own."""
        sides = self.with_point.aggregate(
            south=Min("latitude"),
            west=Min("longitude"),
            north=Max("latitude"),
            east=Max("longitude"),
        )
        if sides["south"] is None:
            return []
        south, west, north, east = (
            float(sides[name]) for name in ("south", "west", "north", "east")
        )
        return [(south, west), (north, east)]

    def ways(self) -> Counter[tuple[int, int]]:
        """Count the incidents that led from one place to another; for few incidents alone.

        From the places of the first role of STARTS that an incident has (or of those asked for), to
        its destinations, else to the receiving state.
        """
        starts = [role for role in STARTS if not self.roles or role in self.roles]
        starting: dict[int, dict[str, set[int]]] = defaultdict(lambda: defaultdict(set))
        incidents = self.drawn
        rows = IncidentPlace.objects.filter(
            incident__in=incidents.values("pk"), role__in=[*starts, DESTINATION]
        )
        for key, role, place in rows.order_by().values_list("incident_id", "role", "place_id"):
            starting[key][role].add(place)
        found: Counter[tuple[int, int]] = Counter()
        for key, receiving in incidents.values_list("pk", "receiving"):
            by_role = starting[key]
            first = next((by_role[role] for role in starts if role in by_role), set())
            ends = by_role.get(DESTINATION) or {receiving} - {None}
            found.update((start, end) for start in first for end in ends if start != end)
        return found


def square_of(side: str, degrees: float) -> Floor:
    """Number the row or column of squares of so many degrees that a point lies in."""
    return Floor(Cast(side, FloatField()) / degrees)


def cell_of(row: Sequence[Any]) -> Cell:
    """See the points of one square: least, most and middle of each side, how many, one key."""
    south, north, latitude, west, east, longitude = map(float, row[:6])
    return Cell(latitude, longitude, row[6], south == north and west == east, row[7])
