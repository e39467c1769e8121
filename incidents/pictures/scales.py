"""Where numbers stand on a scale, in per cent of its width, and how a count is drawn on it.

One rule: nothing is drawn that nobody said. A bound that is missing is an open end, never a zero or
an edge. Per cent, so that a picture is as wide as its reader's page while its words keep their
size. Pure.
"""

from collections.abc import Iterable
from dataclasses import dataclass

STEPS = (1, 2, 5, 10)
MOST_TICKS = 6
NEAR = 10  # per cent that about, nearly and odd allow either way, as figures do


@dataclass(frozen=True, slots=True)
class Scale:
    """From nought to `most` people, with a tick every `step`."""

    most: int
    step: int

    def at(self, number: float) -> float:
        """Where a number stands, in per cent."""
        return round(100 * min(max(number, 0), self.most) / self.most, 2)

    @property
    def ticks(self) -> list[tuple[float, int]]:
        """Where to write which number."""
        return [(self.at(number), number) for number in range(0, self.most + 1, self.step)]


@dataclass(frozen=True, slots=True)
class Bar:
    """A count on a scale, in per cent.

    `start` and `end` bound what is drawn; an end that nobody stated is open. `mark` is the one
    number stated, `near` what words such as about leave around it.
    """

    start: float | None = None
    end: float | None = None
    open_start: bool = False
    open_end: bool = False
    mark: float | None = None
    near: tuple[float, float] | None = None
    disputed: bool = False

    @property
    def width(self) -> float:
        """How wide the bar is."""
        return round((self.end or 0) - (self.start or 0), 2)

    @property
    def near_width(self) -> float:
        """How wide what lies near the mark is."""
        return round(self.near[1] - self.near[0], 2) if self.near else 0

    @property
    def is_open(self) -> bool:
        """Whether an end of it is open."""
        return self.open_start or self.open_end


def scale_for(numbers: Iterable[int | None]) -> Scale | None:
    """Make the scale that holds all these numbers, with room beyond; None where there are none."""
    largest = max((number for number in numbers if number is not None), default=0)
    if largest == 0:
        return None
    step = step_for(largest)
    return Scale((largest + NEAR * largest // 100) // step * step + step, step)


def step_for(largest: int) -> int:
    """Choose the round number that ticks stand apart."""
    size = 1
    while True:
        for step in STEPS:
            if largest <= step * size * MOST_TICKS:
                return step * size
        size *= STEPS[-1]


def bar_of(
    scale: Scale, low: int | None, value: int | None, high: int | None, *, disputed: bool = False
) -> Bar | None:
    """Draw a count by its bounds and the one number stated; None where there is no number."""
    if low is None and value is None and high is None:
        return None
    mark = None if value is None else scale.at(value)
    if low == high and low is not None:
        return Bar(mark=scale.at(low), disputed=disputed)
    if low is None and high is None and value is not None:
        around = (100 - NEAR) * value / 100, (100 + NEAR) * value / 100
        return Bar(mark=mark, near=(scale.at(around[0]), scale.at(around[1])), disputed=disputed)
    return Bar(
        start=0.0 if low is None else scale.at(low),
        end=100.0 if high is None else scale.at(high),
        open_start=low is None,
        open_end=high is None,
        mark=mark,
        disputed=disputed,
    )
