"""The map of a question: what stands where, in words and with links, ready to be drawn.

One rule: each number's link finds exactly what it counts; where several places are drawn as one,
words say so. What a map cannot show stands beside it. Called by seeing.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from django.http import QueryDict
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from incidents import tally
from incidents.charted import Charted, charted
from incidents.facets import Cell, asking, cells, headings, matching, measures_in, people
from incidents.filters import BadQuestion, Question, ask
from incidents.keyset import check_cursor
from incidents.models import NOWHERE, OWN_POINT, choices, code_of
from incidents.phrases import grouped, people_in
from incidents.pictures.framing import Part
from incidents.pictures.projection import view_of
from incidents.pictures.worldmap import Picture, Spot, Way, picture_of
from incidents.reckoning import Added, Reckoning
from incidents.standing import Whereabouts

WIDE, NARROW = 1100, 360  # pixels
NARROW_SHAPE = {"tall": 1.2, "flat": 0.75}
MOST_PLACES, MOST_POINTS, MOST_BEYOND, MOST_WAYS = 180, 60, 60, 60
APART = 24.0  # pixels: points of their own that lie nearer are drawn as one
SIZES = ("incidents", "people")
BORDERS = gettext_noop(
    "Land and borders: Natural Earth, as held on the ground; they say nothing of claims."
)


def ask_map(data: QueryDict, user) -> tuple[Question, str]:
    """Understand a map's query string: the question, and what gives marks their size.

    Raises BadQuestion as `ask` does.
    """
    plain = data.copy()
    sizes = plain.pop("size", [""])
    if len(sizes) > 1 or sizes[0] not in ("", *SIZES):
        said = _("size: “%(value)s” is not known; allowed, once: %(allowed)s.")
        raise BadQuestion([said % {"value": ", ".join(sizes), "allowed": ", ".join(SIZES)}])
    question = ask(plain, user)
    check_cursor(question)
    return question, sizes[0] or SIZES[0]


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the table behind a map: a place, how exactly it is known, its numbers."""

    name: str
    precision: str
    number: int
    cells: list[Cell]


@dataclass(slots=True)
class WorldMap:
    """What is drawn of a question, and what stands beside and behind the picture.

    `measure`: which people give marks their size, if any. `has_people`, `has_ways`: whether there
    were few enough incidents to add people up and to follow where they were sent. `places_beyond`:
    how many places are drawn together, by country.
    """

    size: str
    has_people: bool
    has_ways: bool
    measure: str = ""
    spots: list[Spot] = field(default_factory=list)
    ways: list[Way] = field(default_factory=list)
    more_ways: int = 0
    ends: list[Spot] = field(default_factory=list)
    columns: list[str] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    beside: list[Line] = field(default_factory=list)
    places_beyond: int = 0

    @property
    def heading(self) -> str:
        """Say what is drawn, and what gives marks their size."""
        if not self.measure:
            return _("Where: marks sized by incidents")
        return _("Where: marks sized by %(people)s") % {"people": people_in(self.measure)}

    @property
    def signs(self) -> set[str]:
        """The signs that the legend explains."""
        return {spot.sign for spot in self.spots} | ({"way"} if self.ways else set())

    @property
    def table(self) -> list[tuple[Line, list[tuple[str, Cell]]]]:
        """Each line of the table, and its cells with the names of their columns."""
        lines = [*self.lines, *self.beside]
        return [(line, list(zip(self.columns, line.cells, strict=True))) for line in lines]

    @property
    def description(self) -> str:
        """Say in a sentence what the picture shows, for whoever hears it."""
        most = [f"{line.name}: {line.number}" for line in self.lines[:5]]
        said = ngettext("%s place", "%s places", len(self.lines)) % grouped(len(self.lines))
        return _("%(places)s. Most incidents: %(most)s. The table below has all.") % {
            "places": said,
            "most": "; ".join(most) or "–",
        }

    def wide(self) -> Picture:
        """Draw it for a desk and for paper."""
        return picture_of(self.spots, self.ways, self.ends, width=WIDE)

    def narrow(self) -> Picture:
        """Draw it for a telephone."""
        return picture_of(self.spots, self.ways, self.ends, width=NARROW, **NARROW_SHAPE)


def world_map(reckoning: Reckoning, size: str) -> WorldMap:
    """Work out the map of a question; incidents or people give marks their size."""
    return Making(reckoning, size).made()


class Making:
    """Puts a map together from what stands where."""

    def __init__(self, reckoning: Reckoning, size: str) -> None:
        """Count what stands where; add people up where they are asked for or few."""
        self.question, self.where = reckoning.question, Whereabouts(reckoning)
        has_people = self.where.is_short or size == "people"
        self.map = WorldMap(size, has_people, self.where.is_short)
        self.found = self.where.people() if has_people else self.counted()
        self.measures = measures_in(
            added for matches in self.found.values() for added in matches.values()
        )
        if size == "people":
            self.map.measure = self.leading_measure()

    def counted(self) -> dict[int, dict[str, Added]]:
        """See plain counts as sums without people."""
        return {
            place: {match: Added(number) for match, number in numbers.items()}
            for place, numbers in self.where.counts.items()
        }

    def leading_measure(self) -> str:
        """Choose the measure in which most is said; people of two are never added up."""
        said: Counter[str] = Counter()
        for matches in self.found.values():
            for added in matches.values():
                said.update({name: total.with_figure for name, total in added.totals.items()})
        return max(self.measures, key=said.__getitem__, default="")

    def made(self) -> WorldMap:
        """Put everything together."""
        if NOWHERE not in self.found and self.where.roles:
            self.found[NOWHERE] = self.counted().get(NOWHERE, {})
        columns = [headings(match, self.measures) for match in self.question.matches]
        self.map.columns = [name for column in columns for name in column]
        order = sorted(self.found, key=lambda place: (-self.weight(place), place))
        order = [place for place in order if place not in (NOWHERE, OWN_POINT)]
        ways = self.where.ways() if self.where.is_short else Counter()
        self.map.more_ways = max(0, len(ways) - MOST_WAYS)
        drawn, chosen = order[:MOST_PLACES], ways.most_common(MOST_WAYS)
        self.places = charted({*drawn, *(place for way, _number in chosen for place in way)})
        for place in drawn:
            self.add_place(self.places[place])
        if len(order) > MOST_PLACES:
            self.add_beyond(order[MOST_PLACES:])
        self.add_points()
        self.add_ways(chosen)
        self.add_beside(NOWHERE, _("No place is recorded"), {"at": "none"})
        return self.map

    def weight(self, place: int) -> int:
        """How many incidents, or people, stand at a place."""
        if self.map.measure:
            return sum(map(self.people_of, self.found[place].values()))
        return self.number(place)

    def number(self, place: int) -> int:
        """How many incidents stand at a place."""
        return sum(added.incidents for added in self.found[place].values())

    def people_of(self, added: Added) -> int:
        """One number for people, only to give a mark its size: the best, else least or most."""
        total = added.totals.get(self.map.measure)
        known = (total.best, total.at_least, total.at_most) if total else ()
        return next((number for number in known if number is not None), 0)

    def add_place(self, place: Charted) -> None:
        """Put a place on the map, or beside it where nothing says where it lies."""
        parameters = self.at(place.code)
        if place.point is None:
            self.add_beside(place.key, place.full_name, parameters)
            return
        self.map.lines.append(self.line(place.key, place.full_name, place.precision, parameters))
        self.map.spots.append(
            Spot(
                sign=place.sign,
                point=place.point,
                number=self.weight(place.key),
                name=place.name,
                amount=self.amount(place.key),
                title=f"{place.full_name} ({place.precision}): {self.said(place.key)}",
                href=self.address(parameters),
                country=place.country,
            )
        )

    def at(self, code: str) -> dict[str, str]:
        """Ask for what stands at a place; the region as well, which is quick to look up."""
        return {"at": code} if self.question.asked["region"] else {"region": code, "at": code}

    def address(self, parameters: Mapping[str, str]) -> str:
        """Give the list that a narrower question finds."""
        return f"{reverse('incident-list')}?{asking(self.question, parameters)}"

    def line(self, place: int, name: str, precision: str, parameters: Mapping[str, str]) -> Line:
        """Write a place's line of the table."""
        found = self.found[place]
        written = [
            cell
            for match in self.question.matches
            for cell in cells(
                self.question,
                matching(parameters, match),
                found.get(match, Added()),
                self.measures,
            )
        ]
        return Line(name, precision, self.number(place), written)

    def amount(self, place: int) -> str:
        """Write what a mark counts, shortly."""
        if not self.map.measure:
            return grouped(self.number(place))
        totals = [added.totals.get(self.map.measure) for added in self.found[place].values()]
        return next((shortly(total) for total in totals if total and total.lines), "?")

    def said(self, place: int) -> str:
        """Say everything that a mark counts."""
        return "; ".join(
            part
            for match in self.question.matches
            for part in said_of(self.found[place].get(match, Added()), match, self.measures)
        )

    def add_beside(self, place: int, name: str, parameters: Mapping[str, str]) -> None:
        """List what stands at no point that could be drawn."""
        if place in self.found and self.number(place):
            self.map.beside.append(self.line(place, name, "", parameters))

    def add_beyond(self, left: Sequence[int]) -> None:
        """Draw all other places together, by country; the table has those that are drawn."""
        found = self.where.by_country(left)
        self.map.places_beyond = sum(map(len, found.values()))
        largest = sorted(found, key=lambda country: -len(found[country]))[:MOST_BEYOND]
        countries = charted(country for country in largest if country)
        for country in largest:
            if country in countries and countries[country].point is not None:
                self.map.spots.append(self.spot_beyond(countries[country], found[country]))

    def spot_beyond(self, country: Charted, places: Sequence[int]) -> Spot:
        """Draw the places of a country that have too few each; the list shows all in it."""
        number = sum(map(self.number, places))
        title = _(
            "%(places)s more places in %(country)s: %(incidents)s, counted at each of them. "
            "The list shows all in %(country)s."
        ) % {
            "places": grouped(len(places)),
            "country": country.name,
            "incidents": incidents_words(number),
        }
        narrower = {} if self.question.asked["region"] else {"region": country.code}
        return Spot(
            sign="more",
            point=country.point or (0.0, 0.0),
            number=0 if self.map.measure else number,
            name=country.name,
            amount=f"+{grouped(number)}",
            title=title,
            href=self.address(narrower),
            country=country.country,
        )

    def add_points(self) -> None:
        """Draw the points that sources give, those that lie near each other as one."""
        if OWN_POINT not in self.found or not self.number(OWN_POINT):
            return
        name, parameters = _("A point that a source gives"), {"at": "point"}
        self.map.lines.append(self.line(OWN_POINT, name, _("point"), parameters))
        corners = [*self.where.span_of_points(), *(spot.point for spot in self.map.spots)]
        degrees = APART * view_of(corners, WIDE).degrees
        for cell in self.where.cells(degrees, MOST_POINTS):
            said = incidents_words(cell.number)
            alone = cell.number == 1
            href = reverse("incident-detail", args=[code_of(cell.key)]) if alone else ""
            note = _("%s; the list shows all with a point of their own") % said
            self.map.spots.append(
                Spot(
                    sign="point" if cell.is_one_point else "points",
                    point=(cell.latitude, cell.longitude),
                    number=1 if self.map.measure else cell.number,
                    name="",
                    amount="" if alone else grouped(cell.number),
                    title=code_of(cell.key) if alone else note,
                    href=href or self.address(parameters),
                )
            )

    def add_ways(self, chosen: Iterable[tuple[tuple[int, int], int]]) -> None:
        """Draw from where people were taken to where, and name the ends that have no mark."""
        marked = {spot.point for spot in self.map.spots}
        for (start, end), number in chosen:
            first, last = self.places[start], self.places[end]
            if first.point is None or last.point is None:
                continue
            title = f"{first.full_name} → {last.full_name}: {incidents_words(number)}"
            self.map.ways.append(Way(first.point, last.point, number, title))
            if last.point not in marked:
                marked.add(last.point)
                self.map.ends.append(Spot("end", last.point, number, last.name))


def said_of(added: Added, match: str, measures: Iterable[str]) -> Iterator[str]:
    """Say what matches the days so: incidents, and the people in them."""
    if not added.incidents:
        return
    said = incidents_words(added.incidents)
    yield f"{said}, {MATCHED[match]()}" if match else said
    for measure in measures:
        number = people(added, measure)
        if number:
            yield f"{choices.Measure(measure).label}: {number}"


MATCHED = {
    "certain": lambda: _("certainly inside the days asked for"),
    "possible": lambda: _("possibly inside"),
    "open": lambda: _("without a firm date"),
}


def incidents_words(number: int) -> str:
    """Say how many incidents."""
    return ngettext("%s incident", "%s incidents", number) % grouped(number)


def shortly(total: tally.Total) -> str:
    """Write a total in a few signs: what it is at least and at most."""
    low, best, high = total.at_least, total.best, total.at_most
    if low is not None and high is not None:
        return grouped(low) if low == high else f"{grouped(low)}–{grouped(high)}"
    if low is not None:
        return f"≥ {grouped(low)}"
    if best is not None:
        return f"~ {grouped(best)}"
    return "?" if high is None else f"≤ {grouped(high)}"


def part_of(made: WorldMap) -> Part:
    """Draw a map with the words that belong to it, to be framed."""
    picture = made.wide()
    signs = _(
        "A hatched country or a label in a dashed frame (province, district): no more exactly "
        "known. An incident stands at each of its places; numbers of marks are not added up."
    )
    beside = [f"{line.name}: {incidents_words(line.number)}." for line in made.beside]
    context = {"picture": picture, "name": "alone", "is_still": True, "title": made.heading}
    context["description"] = made.description
    shapes = render_to_string("incidents/pictures/_map.svg", context)
    note = " ".join([*beside, signs, _(BORDERS)])
    return Part(made.heading, shapes, picture.height, note, picture.width)
