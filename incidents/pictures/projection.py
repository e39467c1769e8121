"""Which part of the world a picture shows, and where in it a point lies.

One rule: degrees of latitude and longitude keep their proportion in the middle of the picture
(equirectangular), and a box may cross the date line: its east is then beyond 180. Called by the
map and its base; knows no Django.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

Point = tuple[float, float]  # latitude, longitude

WORLD_SOUTH, WORLD_NORTH = -58.0, 84.0
LEAST_SPAN = 4.0  # degrees: nearer than this the base has nothing to show
MARGIN = 0.12
MOST_SPAN = 300.0  # a wider box shows the whole world
TALL, FLAT = 0.62, 0.42  # height to width, at most and at least


@dataclass(frozen=True, slots=True)
class View:
    """A box of the world and the picture it fills: degrees, and pixels."""

    west: float
    east: float
    south: float
    north: float
    width: int
    height: int

    @property
    def degrees(self) -> float:
        """How many degrees of longitude a pixel is wide."""
        return (self.east - self.west) / self.width

    def xy(self, point: Point) -> tuple[float, float]:
        """Find a point in the picture."""
        latitude, longitude = point
        turned = (longitude - self.west) % 360 + self.west
        if turned > self.east and turned - 360 > 2 * self.west - self.east:
            turned -= 360
        x = (turned - self.west) / (self.east - self.west) * self.width
        y = (self.north - latitude) / (self.north - self.south) * self.height
        return x, y


def view_of(points: Sequence[Point], width: int, *, tall: float = TALL, flat: float = FLAT) -> View:
    """Choose the box that holds these points with some margin, or the whole world."""
    west, east = longitudes([longitude for _latitude, longitude in points])
    if not points or east - west > MOST_SPAN:
        return world(width)
    latitudes = [latitude for latitude, _longitude in points]
    south, north = widened(min(latitudes), max(latitudes))
    west, east = widened(west, east)
    narrowing = math.cos(math.radians(min(75.0, max(-75.0, (south + north) / 2))))
    across, up = (east - west) * narrowing, north - south
    lacking = max(0.0, up / tall - across) / narrowing
    west, east = west - lacking / 2, east + lacking / 2
    if east - west > MOST_SPAN:
        return world(width)
    lacking = max(0.0, across * flat - up)
    south, north = south - lacking / 2, north + lacking / 2
    height = width * (north - south) / ((east - west) * narrowing)
    return View(west, east, south, north, width, round(height))


def world(width: int) -> View:
    """Show all of the world but Antarctica."""
    height = width * (WORLD_NORTH - WORLD_SOUTH) / 360
    return View(-180.0, 180.0, WORLD_SOUTH, WORLD_NORTH, width, round(height))


def longitudes(found: Sequence[float]) -> tuple[float, float]:
    """Give the narrowest span that holds all of these; its end may lie beyond 180."""
    if not found:
        return -180.0, 180.0
    ordered = sorted((longitude + 180) % 360 - 180 for longitude in found)
    gaps = [(after - before, after, before) for before, after in pairwise(ordered)]
    around = (ordered[0] + 360 - ordered[-1], ordered[0], ordered[-1])
    _gap, west, east = max([around, *gaps])
    return west, east if east >= west else east + 360


def widened(least: float, most: float) -> tuple[float, float]:
    """Add the margin, and what a small box lacks to LEAST_SPAN."""
    span = max((most - least) * (1 + 2 * MARGIN), LEAST_SPAN)
    middle = (least + most) / 2
    return middle - span / 2, middle + span / 2
