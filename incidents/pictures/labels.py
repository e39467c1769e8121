"""Finds room for words in a picture, so that none lies over another or over a mark.

One rule: who comes first has the better place; who finds none is told so, and is not squeezed in.
Knows no Django.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from incidents.pictures.lettering import width_of

FONT = 13.0  # pixels
LINE = 17.0
GAP = 4.0
SQUARE = 48


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


@dataclass(slots=True)
class Room:
    """What is still free in a picture of this width and height."""

    width: float
    height: float
    taken: dict[tuple[int, int], list[Box]] = field(default_factory=dict)  # by square of SQUARE

    def take(self, box: Box) -> None:
        """Let nothing else lie here."""
        for square in squares_of(box):
            self.taken.setdefault(square, []).append(box)

    def is_free(self, box: Box) -> bool:
        """Tell whether a box lies in the picture and over nothing else."""
        inside = box.x >= 2 and box.y >= 2
        inside = inside and box.x + box.width <= self.width - 2
        inside = inside and box.y + box.height <= self.height - 2
        return inside and not any(
            box.meets(other) for square in squares_of(box) for other in self.taken.get(square, ())
        )

    def words_beside(self, text: str, x: float, y: float, away: float) -> Words | None:
        """Find room for words beside a mark that reaches so far; None where there is none."""
        wide, far = width_of(text, FONT), away + GAP
        corners = (
            *((x + far, y - LINE / 2), (x - far - wide, y - LINE / 2)),
            *((x - wide / 2, y - far - LINE), (x - wide / 2, y + far)),
            *((x + far * 0.7, y - far * 0.7 - LINE), (x + far * 0.7, y + far * 0.7)),
            *((x - far * 0.7 - wide, y - far * 0.7 - LINE), (x - far * 0.7 - wide, y + far * 0.7)),
        )
        found = self.first_free(Box(left, top, wide, LINE) for left, top in corners)
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
        boxes = (Box(x - wide / 2, y - high / 2, wide, high) for x, y in middles)
        found = self.first_free(boxes)
        return (
            None
            if found is None
            else Words(text, found.middle, round(found.y + 15.5, 1), found, "middle")
        )

    def first_free(self, boxes: Iterable[Box]) -> Box | None:
        """Take the first of these boxes that is free."""
        found = next(filter(self.is_free, boxes), None)
        if found is None:
            return None
        self.take(found)
        return Box(*(round(side, 1) for side in (found.x, found.y, found.width, found.height)))


def squares_of(box: Box) -> Iterator[tuple[int, int]]:
    """Name the squares of the picture that a box reaches into."""
    for column in range(int(box.x // SQUARE), int((box.x + box.width) // SQUARE) + 1):
        for row in range(int(box.y // SQUARE), int((box.y + box.height) // SQUARE) + 1):
            yield column, row


def around(x: float, y: float, steps: Sequence[float]) -> Iterable[tuple[float, float]]:
    """Give a point, then points around it at these distances, nearest first."""
    yield x, y
    for far in steps:
        for right, down in ((0, -1), (0, 1), (1, 0), (-1, 0), (1, -1), (1, 1), (-1, -1), (-1, 1)):
            yield x + right * far * 1.6, y + down * far
