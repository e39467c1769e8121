"""The land behind a map: outlines of countries, cut to what a picture shows.

One rule: an outline is drawn no finer than the picture can show, so that the whole world is no
larger a file than a town's surroundings. The outlines are Natural Earth's (docs/places/README.md);
borders are de facto and say nothing of claims. Knows no Django.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from pathlib import Path

from incidents.pictures.projection import Point, View

FILE = Path(__file__).resolve().parents[1] / "data" / "countries.json"
BESIDE = 12.0  # pixels beyond the picture at which an outline is cut
FINENESS = 1.1  # pixels between two points of an outline, at least
FINEST = 0.02  # degrees
PARTS = 4  # of a pixel, in which paths are written

XY = tuple[float, float]
Edge = tuple[int, float, bool]  # axis, where, and whether what is larger is kept


@dataclass(frozen=True, slots=True)
class Ring:
    """A closed line around land: longitude and latitude of each point, and the box it fills."""

    points: tuple[XY, ...]
    west: float
    east: float
    south: float
    north: float


@dataclass(frozen=True, slots=True)
class Country:
    """A country's rings; the code is empty for land that ISO 3166-1 has no code for."""

    code: str
    rings: tuple[Ring, ...]


@dataclass(frozen=True)
class Land:
    """What is drawn of a country in one picture: the code, and closed lines in pixels."""

    code: str
    lines: tuple[tuple[XY, ...], ...]

    @cached_property
    def path(self) -> str:
        """The lines as the text of a path, in PARTS of a pixel."""
        return "".join(map(written, self.lines))

    def holds(self, x: float, y: float) -> bool:
        """Tell whether a point of the picture lies on this land."""
        return sum(is_right_of(line, x, y) for line in self.lines) % 2 == 1


@lru_cache(maxsize=64)
def land_in(view: View) -> tuple[Land, ...]:
    """Draw every country that the picture shows anything of."""
    fineness = FINEST
    while fineness * 2 <= view.degrees * FINENESS:
        fineness *= 2
    drawn = (Land(one.code, tuple(lines_of(one, view))) for one in countries(fineness))
    return tuple(land for land in drawn if land.lines)


@cache
def has_outline(code: str) -> bool:
    """Tell whether a country's outline is known."""
    return any(country.code == code for country in countries(FINEST))


@cache
def countries(fineness: float) -> tuple[Country, ...]:
    """Read the outlines, leaving out points nearer to the one before than so many degrees."""
    if fineness > FINEST:
        found = countries(fineness / 2)
        return tuple(Country(one.code, tuple(coarser(one.rings, fineness))) for one in found)
    stored = json.loads(FILE.read_text(encoding="utf-8"))["countries"]
    return tuple(Country(code, tuple(map(unpacked, rings))) for code, rings in stored)


def coarser(rings: Sequence[Ring], fineness: float) -> Iterator[Ring]:
    """Leave out points, and rings too small to see, but for the largest."""
    largest = max(rings, key=size_of, default=None)
    for ring in rings:
        if size_of(ring) < fineness * 1.5 and ring is not largest:
            continue
        kept = [ring.points[0]]
        for x, y in ring.points[1:]:
            if max(abs(x - kept[-1][0]), abs(y - kept[-1][1])) >= fineness:
                kept.append((x, y))
        if len(kept) > 2:
            yield boxed(kept)


def size_of(ring: Ring) -> float:
    """The longer side of the box that a ring fills, in degrees."""
    return max(ring.east - ring.west, ring.north - ring.south)


def unpacked(steps: Sequence[int]) -> Ring:
    """Read a ring from its first point and the steps after it, in hundredths of a degree."""
    x = y = 0
    points = []
    for right, up in zip(steps[::2], steps[1::2], strict=True):
        x, y = x + right, y + up
        points.append((x / 100, y / 100))
    return boxed(points)


def boxed(points: Sequence[XY]) -> Ring:
    """Make a ring of these points."""
    across, up = zip(*points, strict=True)
    return Ring(tuple(points), min(across), max(across), min(up), max(up))


@cache
def extent(code: str) -> Sequence[Point]:
    """Give two corners, latitude and longitude, of the box around a country's largest piece."""
    found = [one for one in countries(FINEST) if one.code == code]
    rings = [ring for one in found for ring in one.rings]
    ring = max(rings, key=size_of, default=None)
    return () if ring is None else ((ring.south, ring.west), (ring.north, ring.east))


def lines_of(country: Country, view: View) -> Iterator[tuple[XY, ...]]:
    """Give the closed lines of what a picture shows of a country."""
    for ring in country.rings:
        if ring.north <= view.south or ring.south >= view.north:
            continue
        for turn in (-360.0, 0.0, 360.0):
            if ring.east + turn > view.west and ring.west + turn < view.east:
                line = cut(placed(ring, turn, view), view)
                if len(line) > 2:
                    yield tuple(line)


def is_right_of(line: Sequence[XY], x: float, y: float) -> bool:
    """Tell whether a point has a closed line to its left an odd number of times."""
    crossed = False
    for (x1, y1), (x2, y2) in zip(line, (*line[1:], line[0]), strict=True):
        if (y1 > y) != (y2 > y) and x > x1 + (y - y1) / (y2 - y1) * (x2 - x1):
            crossed = not crossed
    return crossed


def placed(ring: Ring, turn: float, view: View) -> list[XY]:
    """Find the points of a ring in the picture, turned once around the world if need be."""
    wide = view.width / (view.east - view.west)
    high = view.height / (view.north - view.south)
    return [((x + turn - view.west) * wide, (view.north - y) * high) for x, y in ring.points]


def cut(line: list[XY], view: View) -> list[XY]:
    """Cut a closed line to the picture and a little beyond (Sutherland and Hodgman)."""
    edges: tuple[Edge, ...] = (
        (0, -BESIDE, True),
        (0, view.width + BESIDE, False),
        (1, -BESIDE, True),
        (1, view.height + BESIDE, False),
    )
    for edge in edges:
        line = cut_at(line, edge)
    return line


def cut_at(line: list[XY], edge: Edge) -> list[XY]:
    """Keep the part of a closed line on one side of an edge."""
    axis, where, larger = edge
    inside = [(point[axis] >= where) == larger for point in line]
    if all(inside):
        return line
    kept: list[XY] = []
    for number, point in enumerate(line):
        if inside[number] != inside[number - 1]:
            kept.append(crossing(line[number - 1], point, axis, where))
        if inside[number]:
            kept.append(point)
    return kept


def crossing(start: XY, end: XY, axis: int, where: float) -> XY:
    """Find where a line crosses an edge."""
    along = (where - start[axis]) / (end[axis] - start[axis])
    across, up = (start[at] + along * (end[at] - start[at]) for at in (0, 1))
    return across, up


def written(line: Sequence[XY]) -> str:
    """Write a closed line as part of a path: the first point, then steps, in PARTS of a pixel."""
    x, y = round(line[0][0] * PARTS), round(line[0][1] * PARTS)
    steps = []
    for across, up in line[1:]:
        right, down = round(across * PARTS), round(up * PARTS)
        if right != x or down != y:
            steps.append(f"{right - x} {down - y}")
            x, y = right, down
    start = f"M{round(line[0][0] * PARTS)} {round(line[0][1] * PARTS)}l"
    return start + " ".join(steps).replace(" -", "-") + "z"
