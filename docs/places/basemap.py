# ruff: noqa: INP001  a script, not part of a package
"""Write the outlines of countries and the label points of divisions that maps are drawn with.

Usage: basemap.py ATLAS [FOLDER]
ATLAS is the file `countries-10m.json` of the unpacked npm package `world-atlas`, which holds the
1:10m countries of Natural Earth (public domain) as TopoJSON; the files go to FOLDER, by default to
`incidents/data`. Borders are simplified once for both neighbours, so that they still meet. Needs
the extra `places`. Running it again gives the same files, byte for byte.
"""

import csv
import json
import sys
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from statistics import fmean
from typing import Any

import pycountry

HERE = Path(__file__).resolve().parent
PROJECT = HERE.parents[1]
DATA = PROJECT / "incidents" / "data"
sys.path.insert(0, str(PROJECT))
from incidents import gazetteer  # noqa: E402  the project's folder must be on the path first

TOLERANCE = 0.04  # degrees that a line may lie beside the original
CLOSER, CLOSE = {"408"}, 0.008  # North Korea's, whose borders this database begins with
SMALLEST = 0.02  # square degrees; smaller islands are left out, but for a country's largest
HUNDREDTHS = 100
ORIGIN = (
    "Natural Earth 1:10m countries (public domain) through the npm package world-atlas 2.0.2, "
    "simplified by docs/places/basemap.py. Each country: ISO 3166-1 alpha-2, empty where it has "
    "none; rings of longitude, latitude in hundredths of a degree, each pair after the first as "
    "the step from the one before. De facto borders; they say nothing of claims."
)

Point = tuple[float, float]
Ring = list[Point]


def main() -> None:
    """Write countries.json and division_points.csv."""
    atlas = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    folder = Path(sys.argv[2]) if len(sys.argv) > 2 else DATA
    lines = [json.dumps(shape, separators=(",", ":")) for shape in shapes(atlas)]
    head = json.dumps(ORIGIN)
    (folder / "countries.json").write_text(
        f'{{"origin":{head},\n"countries":[\n' + ",\n".join(lines) + "\n]}\n", encoding="utf-8"
    )
    with (folder / "division_points.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["code", "latitude", "longitude"])
        writer.writerows(division_points())


def shapes(atlas: dict[str, Any]) -> Iterator[list[Any]]:
    """Give each country's code and rings; those without a code last."""
    geometries = atlas["objects"]["countries"]["geometries"]
    closer = {
        number if number >= 0 else ~number
        for country in geometries
        if country.get("id") in CLOSER
        for number in numbers_in(country["arcs"])
    }
    arcs = [
        simplified(arc, CLOSE if number in closer else TOLERANCE)
        for number, arc in enumerate(absolute(atlas))
    ]
    found = []
    for country in geometries:
        numeric = country.get("id")
        known = pycountry.countries.get(numeric=numeric) if numeric else None
        parts = country["arcs"] if country["type"] == "MultiPolygon" else [country["arcs"]]
        rings = [unbroken(joined(ring, arcs)) for part in parts for ring in part]
        largest = max(map(area, rings))
        kept = [ring for ring in rings if area(ring) >= min(SMALLEST, largest)]
        packed = [steps for steps in map(packed_ring, kept) if len(steps) > 6]
        name = country["properties"]["name"]
        found.append([known.alpha_2 if known else "", name, packed])
    merged: dict[str, list[Any]] = {}
    for code, name, packed in found:
        merged.setdefault(code or name, [code, []])[1].extend(packed)
    return iter(sorted(merged.values(), key=lambda shape: (not shape[0], shape[0])))


def numbers_in(arcs: Any) -> Iterator[int]:
    """Give the numbers of all lines in nested lists of them."""
    if isinstance(arcs, int):
        yield arcs
        return
    for part in arcs:
        yield from numbers_in(part)


def absolute(atlas: dict[str, Any]) -> Iterator[Ring]:
    """Give each line of the atlas in degrees."""
    (wide, high), (west, south) = atlas["transform"]["scale"], atlas["transform"]["translate"]
    for arc in atlas["arcs"]:
        x = y = 0
        line = []
        for step_x, step_y in arc:
            x, y = x + step_x, y + step_y
            line.append((x * wide + west, y * high + south))
        yield line


def simplified(line: Ring, tolerance: float) -> Ring:
    """Leave out the points of a line without which it moves by less than so many degrees."""
    kept, waiting = {0, len(line) - 1}, [(0, len(line) - 1)]
    if line[0] == line[-1] and len(line) > 3:
        middle = max(range(len(line)), key=lambda at: apart(line[at], line[0], line[0]))
        kept.add(middle)
        waiting = [(0, middle), (middle, len(line) - 1)]
    while waiting:
        first, last = waiting.pop()
        between = range(first + 1, last)
        far = max(between, key=lambda at: apart(line[at], line[first], line[last]), default=None)
        if far is not None and apart(line[far], line[first], line[last]) > tolerance:
            kept.add(far)
            waiting += [(first, far), (far, last)]
    return [line[at] for at in sorted(kept)]


def apart(point: Point, start: Point, end: Point) -> float:
    """The distance of a point from a line between two others, in degrees."""
    (x, y), (x1, y1), (x2, y2) = point, start, end
    wide, high = x2 - x1, y2 - y1
    length = wide * wide + high * high
    along = max(0.0, min(1.0, ((x - x1) * wide + (y - y1) * high) / length)) if length else 0.0
    return float(((x - x1 - along * wide) ** 2 + (y - y1 - along * high) ** 2) ** 0.5)


def joined(numbers: Sequence[int], arcs: Sequence[Ring]) -> Ring:
    """Join lines to a ring; a number below zero means the line backwards."""
    ring: Ring = []
    for number in numbers:
        line = arcs[number] if number >= 0 else arcs[~number][::-1]
        ring += line[1:] if ring else line
    return ring


def unbroken(ring: Ring) -> Ring:
    """Let a ring run on beyond the date line; one around the pole is closed along it."""
    across = ring[0][0]
    found = [ring[0]]
    for (before, _), (x, y) in pairwise(ring):
        across += (x - before + 180) % 360 - 180
        found.append((across, y))
    if abs(across - ring[0][0]) > 180:
        found += [(across, -90.0), (ring[0][0], -90.0), ring[0]]
    return found


def area(ring: Ring) -> float:
    """The area within a ring, in square degrees."""
    return abs(sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in pairwise([*ring, ring[0]]))) / 2


def packed_ring(ring: Ring) -> list[int]:
    """Write a ring in hundredths of a degree: the first point, then steps, without its last."""
    points = [(round(x * HUNDREDTHS), round(y * HUNDREDTHS)) for x, y in ring[:-1]]
    steps = [*points[:1]]
    for (x1, y1), (x2, y2) in pairwise(points):
        if (x1, y1) != (x2, y2):
            steps.append((x2 - x1, y2 - y1))
    return [number for step in steps for number in step]


def division_points() -> Iterator[list[str]]:
    """Give each division the middle of its towns, as far as they are known."""
    divisions = [place for place in gazetteer.places() if place.kind == "admin1"]
    towns: dict[str, list[Point]] = {place.code: [] for place in divisions}
    for country in sorted({place.parent for place in divisions}):
        for town in gazetteer.towns_of(country):
            if town.parent in towns and town.latitude is not None and town.longitude is not None:
                towns[town.parent].append((town.latitude, town.longitude))
    for place in gazetteer.places():
        if place.parent in towns and place.latitude is not None and place.longitude is not None:
            towns[place.parent].append((place.latitude, place.longitude))
    for code, points in towns.items():
        if points:
            latitude, longitude = (fmean(numbers) for numbers in zip(*points, strict=True))
            yield [code, f"{latitude:.2f}", f"{longitude:.2f}"]


if __name__ == "__main__":
    main()
