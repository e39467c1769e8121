"""A map as numbers and words, for a template to draw: land, areas, marks, labels and arrows.

One rule: how exactly a place is known is seen. A country is an area with a label, a division a
label, and only a town, a site or a source's own point is a point in the picture. What finds no
room is counted. Called by `mapped`; knows no Django.
"""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from operator import attrgetter

from incidents.pictures.basemap import extent, land_in
from incidents.pictures.labels import Box, Room, Words, around
from incidents.pictures.projection import FLAT, TALL, Point, View, view_of

POINTS = ("town", "site", "point", "points")  # signs that say where; the others are labels
LEAST, MOST = 4.0, 22.0  # a mark's radius in pixels
STEPS = (14.0, 24.0, 36.0, 50.0)  # how far a label may be moved
PARTS = (1, 4, 20)  # of the largest mark, that the legend shows
FIRST = 5  # marks whose words come before every label
BEND = 0.16  # of an arrow's length
HEAD = 6.5
NEAR = 5.0  # pixels between a label and its place that need no line
GRID = 9  # columns in which a country's label looks for room


@dataclass(frozen=True, slots=True)
class Spot:
    """What a map shows at one place.

    `sign`: country, division, town, site, point (a source's own), points (several of these) or
    more (places with too few to be drawn each). `number` gives size and order, `amount` is how it
    is written, `title` all of it in words; `country` a code.
    """

    sign: str
    point: Point
    number: int
    name: str
    amount: str = ""
    title: str = ""
    href: str = ""
    country: str = ""

    @property
    def text(self) -> str:
        """The words of a label."""
        return f"{self.name} {self.amount}".strip()


@dataclass(frozen=True, slots=True)
class Way:
    """From where people were taken to where, and how many incidents say so."""

    start: Point
    end: Point
    number: int
    title: str = ""


@dataclass(frozen=True, slots=True)
class Mark:
    """A point in a picture, its words if they find room."""

    spot: Spot
    x: float
    y: float
    r: float
    words: Words | None

    @property
    def left(self) -> float:
        """The left edge of the square that a site is drawn as."""
        return round(self.x - self.across / 2, 1)

    @property
    def top(self) -> float:
        """The upper edge of this square."""
        return round(self.y - self.across / 2, 1)

    @property
    def across(self) -> float:
        """The side of this square, of the same area as the circle."""
        return round(self.r * math.sqrt(math.pi), 1)


@dataclass(frozen=True, slots=True)
class Label:
    """A label in a picture; `line` leads to its place where it had to be moved away from it."""

    spot: Spot
    words: Words
    line: str = ""


@dataclass(frozen=True, slots=True)
class Area:
    """A country that is shaded: the text of its path."""

    spot: Spot
    path: str


@dataclass(frozen=True, slots=True)
class Arrow:
    """An arrow: the texts of its line's and head's paths, and how wide the line is."""

    way: Way
    line: str
    head: str
    width: float


@dataclass(slots=True)
class Picture:
    """Everything that a template draws of a map; `unwritten` counts what found no room."""

    width: int
    height: int
    land: str = ""
    areas: list[Area] = field(default_factory=list)
    arrows: list[Arrow] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)
    labels: list[Label] = field(default_factory=list)
    ends: list[Words] = field(default_factory=list)
    sizes: list[tuple[int, float]] = field(default_factory=list)
    unwritten: int = 0


def picture_of(
    spots: Sequence[Spot],
    ways: Sequence[Way] = (),
    ends: Sequence[Spot] = (),
    *,
    width: int,
    tall: float = TALL,
    flat: float = FLAT,
) -> Picture:
    """Work a map out; `ends` names where arrows lead that has no mark of its own."""
    view = view_of(list(shown(spots, ways)), width, tall=tall, flat=flat)
    return Drawing(view, spots).picture(ways, ends)


def shown(spots: Sequence[Spot], ways: Iterable[Way]) -> Iterator[Point]:
    """Give the points that a picture must show: a country's corners where nothing else is in it."""
    exact = {spot.country for spot in spots if spot.sign != "country"}
    for spot in spots:
        if spot.sign != "country":
            yield spot.point
        elif spot.country not in exact:
            yield from extent(spot.country) or [spot.point]
    for way in ways:
        yield from (way.start, way.end)


class Drawing:
    """Puts what a map shows into one picture, in order of importance."""

    def __init__(self, view: View, spots: Sequence[Spot]) -> None:
        """Draw these spots in a view."""
        self.view, self.land = view, land_in(view)
        self.spots = sorted(spots, key=attrgetter("number"), reverse=True)
        self.room = Room(view.width, view.height)
        numbers = [spot.number for spot in spots if spot.sign in POINTS]
        self.largest = max(numbers, default=1)
        self.made = Picture(view.width, view.height)
        self.starts: set[Point] = set()
        self.grids: dict[str, list[tuple[float, float]]] = {}

    def picture(self, ways: Sequence[Way], ends: Sequence[Spot]) -> Picture:
        """Draw everything."""
        made, shaded = self.made, self.areas()
        self.starts = {way.start for way in ways}
        made.land = "".join(land.path for land in self.land if land.code not in shaded)
        made.areas = list(shaded.values())
        points = [spot for spot in self.spots if spot.sign in POINTS]
        placed = [(spot, *self.place_of(spot), self.radius(spot.number)) for spot in points]
        for _spot, x, y, r in placed:
            self.room.take(Box(x - r, y - r, 2 * r, 2 * r))
        made.arrows = [arrow for way in ways for arrow in self.arrow(way)]
        made.marks = [Mark(*each, self.words(*each)) for each in placed[:FIRST]]
        made.labels = list(filter(None, map(self.label, self.others())))
        made.ends = list(filter(None, map(self.end, ends)))
        made.marks += [Mark(*each, self.words(*each)) for each in placed[FIRST:]]
        made.sizes = self.sizes()
        return made

    def place_of(self, spot: Spot) -> tuple[float, float]:
        """Find a spot in the picture, to a tenth of a pixel."""
        x, y = self.view.xy(spot.point)
        return round(x, 1), round(y, 1)

    def areas(self) -> dict[str, Area]:
        """Shade the countries about which no more is known than the country."""
        known = {spot.country: spot for spot in self.spots if spot.sign == "country"}
        return {
            land.code: Area(known[land.code], land.path) for land in self.land if land.code in known
        }

    def others(self) -> Iterator[Spot]:
        """Give what has a label and no mark, countries last: they may stand anywhere in them."""
        others = [spot for spot in self.spots if spot.sign not in POINTS]
        yield from (spot for spot in others if spot.sign != "country")
        yield from (spot for spot in others if spot.sign == "country")

    def radius(self, number: int) -> float:
        """Make the area of a mark follow its number, but none too small to be seen."""
        largest = min(MOST, LEAST + 3 * math.sqrt(self.largest))
        return round(max(LEAST, largest * math.sqrt(max(0, number) / self.largest)), 1)

    def sizes(self) -> list[tuple[int, float]]:
        """Give numbers for the legend, each with its radius."""
        steps = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 50_000, 100_000)
        largest = max(step for step in steps if step <= max(1, self.largest))
        chosen = {max([1, *(step for step in steps if step * part <= largest)]) for part in PARTS}
        return [(step, self.radius(step)) for step in sorted(chosen)]

    def words(self, spot: Spot, x: float, y: float, r: float) -> Words | None:
        """Write the words of a mark where there is room."""
        if not spot.text:
            return None
        found = self.room.words_beside(spot.text, x, y, r)
        self.made.unwritten += found is None
        return found

    def label(self, spot: Spot) -> Label | None:
        """Write a label near its place, or only its number."""
        found = self.room.words_at(spot.text, self.places_for(spot))
        if found is None and spot.amount:
            found = self.room.words_at(spot.amount, self.places_for(spot))
        if found is None:
            self.made.unwritten += 1
            return None
        return Label(spot, found, self.leading_line(spot, found))

    def leading_line(self, spot: Spot, words: Words) -> str:
        """Lead from a label to its place; not where it stands there, or within its country."""
        x, y = self.view.xy(spot.point)
        end_x, end_y = words.box.nearest(x, y)
        middle = words.box.middle, words.box.y + words.box.height / 2
        if math.dist((x, y), (end_x, end_y)) < NEAR:
            return ""
        is_free = spot.sign == "country" and spot.point not in self.starts
        if is_free and self.is_in(spot.country, *middle):
            return ""
        return f"M{x:.1f} {y:.1f}L{end_x:.1f} {end_y:.1f}"

    def is_in(self, country: str, x: float, y: float) -> bool:
        """Tell whether a point of the picture lies in a country."""
        return any(land.holds(x, y) for land in self.land if land.code == country)

    def places_for(self, spot: Spot) -> Iterator[tuple[float, float]]:
        """Give points for a label: near its place; for a country also elsewhere in it."""
        x, y = self.view.xy(spot.point)
        yield from around(x, y, STEPS)
        if spot.sign == "country":
            if spot.country not in self.grids:
                self.grids[spot.country] = list(self.points_in(spot.country))
            yield from sorted(self.grids[spot.country], key=lambda at: math.dist(at, (x, y)))

    def points_in(self, country: str) -> Iterator[tuple[float, float]]:
        """Give points of a grid that lie in what the picture shows of a country."""
        for land in self.land:
            if land.code != country:
                continue
            step = self.view.width / GRID
            for column in range(GRID):
                for row in range(int(self.view.height / step * 2)):
                    x, y = (column + 0.5) * step, (row + 0.5) * step / 2
                    if land.holds(x, y):
                        yield x, y

    def end(self, spot: Spot) -> Words | None:
        """Name where an arrow ends."""
        x, y = self.view.xy(spot.point)
        return self.room.words_beside(spot.name, x, y, 5)

    def arrow(self, way: Way) -> Iterator[Arrow]:
        """Draw a curved arrow; none where both ends are the same point in the picture."""
        (x1, y1), (x2, y2) = self.view.xy(way.start), self.view.xy(way.end)
        length = math.dist((x1, y1), (x2, y2))
        if length < 2 * HEAD:
            return
        bend_x = (x1 + x2) / 2 - (y2 - y1) * BEND
        bend_y = (y1 + y2) / 2 + (x2 - x1) * BEND
        angle = math.atan2(y2 - bend_y, x2 - bend_x)
        width = round(min(5.0, 1.2 + 0.5 * math.sqrt(way.number)), 1)
        size = HEAD + width
        neck_x, neck_y = x2 - size * 0.8 * math.cos(angle), y2 - size * 0.8 * math.sin(angle)
        wings = [
            (x2 - size * math.cos(angle + side), y2 - size * math.sin(angle + side))
            for side in (0.42, -0.42)
        ]
        line = f"M{x1:.1f} {y1:.1f}Q{bend_x:.1f} {bend_y:.1f} {neck_x:.1f} {neck_y:.1f}"
        head = f"M{x2:.1f} {y2:.1f}" + "".join(f"L{x:.1f} {y:.1f}" for x, y in wings) + "Z"
        yield Arrow(way, line, head, width)
