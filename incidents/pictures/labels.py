"""Finds room for words in a picture, so that none lies over another or over a mark.

One rule: who comes first has the better place; who finds none is told so, and is not squeezed in.
Knows no Django.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from incidents.pictures.lettering import width_of

FONT = 13.0  # pixels
LINE = 17.0
GAP = 4.0
Edges = tuple[float, float, float, float]  # left, top, right, bottom


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in a picture: its upper left corner, and how wide and high it is."""

    x: float
    y: float
    width: float
    height: float

    @property
    def middle(self) -> float:
        """How far to the right its middle is."""
        return round(self.x + self.width / 2, 1)

    def nearest(self, x: float, y: float) -> tuple[float, float]:
        """Find the point of this box that is nearest to another."""
        right, bottom = self.x + self.width, self.y + self.height
        return min(max(x, self.x), right), min(max(y, self.y), bottom)

    def meets(self, other: "Box") -> bool:
        """Tell whether two boxes overlap."""
        return (
            self.x < other.x + other.width
            and other.x < self.x + self.width
            and self.y < other.y + other.height
            and other.y < self.y + self.height
        )


@dataclass(frozen=True, slots=True)
class Words:
    """Words in a picture: the point of their baseline that `anchor` names, and their box."""

    text: str
    x: float
    y: float
    box: Box
    anchor: str = "start"


class Room:
    """What is still free in a picture of this width and height: each row of pixels as bits."""

    def __init__(self, width: float, height: float) -> None:
        """Begin with an empty picture."""
        self.width, self.height = width, height
        self.rows = [0] * math.ceil(height)

    def take(self, box: Box) -> None:
        """Let nothing else lie here."""
        bits = bits_between(box.x, box.x + box.width)
        for row in range(max(0, int(box.y)), min(len(self.rows), math.ceil(box.y + box.height))):
            self.rows[row] |= bits

    def is_free(self, edges: Edges) -> bool:
        """Tell whether a box lies in the picture and over nothing else; asked of thousands."""
        left, top, right, bottom = edges
        if left < 2 or top < 2 or right > self.width - 2 or bottom > self.height - 2:
            return False
        bits = bits_between(left, right)
        for row in self.rows[int(top) : math.ceil(bottom)]:  # noqa: SIM110 any() takes twice as long
            if row & bits:
                return False
        return True

    def words_beside(self, text: str, x: float, y: float, away: float) -> Words | None:
        """Find room for words beside a mark that reaches so far; None where there is none."""
        wide, far = width_of(text, FONT), away + GAP
        corners = (
            *((x + far, y - LINE / 2), (x - far - wide, y - LINE / 2)),
            *((x - wide / 2, y - far - LINE), (x - wide / 2, y + far)),
            *((x + far * 0.7, y - far * 0.7 - LINE), (x + far * 0.7, y + far * 0.7)),
            *((x - far * 0.7 - wide, y - far * 0.7 - LINE), (x - far * 0.7 - wide, y + far * 0.7)),
        )
        found = self.first_free(corners, wide, LINE)
        if found is None:
            return None
        line = round(found.y + 12.9, 1)
        if found.x + wide < x:
            return Words(text, round(found.x + wide, 1), line, found, "end")
        if found.x < x - 1:
            return Words(text, found.middle, line, found, "middle")
        return Words(text, found.x, line, found)

    def words_at(self, text: str, middles: Iterable[tuple[float, float]]) -> Words | None:
        """Find room for a label around one of these points, with some space within its edge."""
        wide, high = width_of(text, FONT) + 14, LINE + 5
        corners = ((x - wide / 2, y - high / 2) for x, y in middles)
        found = self.first_free(corners, wide, high)
        return (
            None
            if found is None
            else Words(text, found.middle, round(found.y + 15.5, 1), found, "middle")
        )

    def first_free(
        self, corners: Iterable[tuple[float, float]], wide: float, high: float
    ) -> Box | None:
        """Take the first box of this size, by its upper left corner, that is free."""
        for left, top in corners:
            if self.is_free((left, top, left + wide, top + high)):
                self.take(Box(left, top, wide, high))
                return Box(*(round(side, 1) for side in (left, top, wide, high)))
        return None


def bits_between(left: float, right: float) -> int:
    """Set the bits of the pixels of a row that lie between two points, or are touched."""
    return (1 << max(0, math.ceil(right))) - (1 << max(0, int(left)))


def around(x: float, y: float, steps: Sequence[float]) -> Iterable[tuple[float, float]]:
    """Give a point, then points around it at these distances, nearest first."""
    yield x, y
    for far in steps:
        for right, down in ((0, -1), (0, 1), (1, 0), (-1, 0), (1, -1), (1, 1), (-1, -1), (-1, 1)):
            yield x + right * far * 1.6, y + down * far
