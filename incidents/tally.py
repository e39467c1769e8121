"""Figures and totals: the one door to how Attest counts (DESIGN 2.3).

The one rule: a total is exactly the sum of its lines, and what it lacks is said, never filled.
`figures` says what one incident's claims add up to, `ties` what stands for what, this module
adds up. Called by deriving, summaries and wording.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from operator import add, attrgetter
from typing import Any

from incidents.figures import Count, Figure, assessed, counting, figure, opposed, sources
from incidents.ties import Line, Tie, TotalLine, Untied, untie

__all__ = [
    "Count",
    "Figure",
    "Line",
    "Tie",
    "Total",
    "TotalLine",
    "Untied",
    "assessed",
    "counting",
    "figure",
    "opposed",
    "sources",
    "total",
    "total_of_rows",
    "untie",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Total:
    """What lines of one measure add up to. Totals of separate lines add up with `+`.

    `lines` counts them all, `without_figure` those of kind none. Of the others, `without_low`,
    `without_best` and `without_high` have no such number; the sums are over those that have it.
    `high_sum` takes the best of a line that only an about bounds; `about` counts such lines;
    `disputed` counts lines with a disputed figure. `silent`: incidents without a figure inside a
    group. `overlapping`: incidents in the `groups` that may be the same people. `left_out`:
    incidents that another stands for.
    """

    lines: int = 0
    without_figure: int = 0
    without_low: int = 0
    without_best: int = 0
    without_high: int = 0
    low_sum: int = 0
    best_sum: int = 0
    high_sum: int = 0
    about: int = 0
    disputed: int = 0
    silent: int = 0
    groups: int = 0
    overlapping: int = 0
    left_out: int = 0

    def __add__(self, other: "Total") -> "Total":
        """Add the total of other lines of the same measure."""
        added = map(add, numbers_of(self), numbers_of(other))
        return Total(**dict(zip(NUMBERS, added, strict=True)))

    @property
    def with_figure(self) -> int:
        """How many lines have a figure."""
        return self.lines - self.without_figure

    @property
    def incidents(self) -> int:
        """How many incidents are in the lines; a group is one line."""
        return self.lines - self.groups + self.overlapping

    @property
    def at_least(self) -> int | None:
        """The sum of lows; lines without one add at least 0. None when no line has one."""
        return self.low_sum if self.with_figure > self.without_low else None

    @property
    def best(self) -> int | None:
        """The sum of bests, when every line with a figure has one."""
        return self.best_sum if self.with_figure and not self.without_best else None

    @property
    def at_most(self) -> int | None:
        """The sum of highs (bests where about), when every line with a figure has one."""
        return self.high_sum if self.with_figure and not self.without_high else None


NUMBERS = tuple(field.name for field in fields(Total))
numbers_of = attrgetter(*NUMBERS)  # all of a total, in order


def total(lines: Iterable[TotalLine], *, left_out: int = 0) -> Total:
    """Add lines up; `left_out` is the number of incidents that others stand for."""
    rows = list(lines)
    known = [row.figure for row in rows if row.figure.kind != "none"]
    groups = [row.ids for row in rows if row.group is not None]
    return Total(
        lines=len(rows),
        without_figure=len(rows) - len(known),
        without_low=sum(its.low is None for its in known),
        without_best=sum(its.best is None for its in known),
        without_high=sum(its.most is None for its in known),
        low_sum=sum(its.low or 0 for its in known),
        best_sum=sum(its.best or 0 for its in known),
        high_sum=sum(its.most or 0 for its in known),
        about=sum(its.high is None and its.best is not None for its in known),
        disputed=sum(its.disputed for its in known),
        silent=sum(row.silent for row in rows),
        groups=len(groups),
        overlapping=sum(map(len, groups)),
        left_out=left_out,
    )


def total_of_rows(figures: Sequence[tuple[Any, ...]]) -> Total:
    """Add up figures that are a line each, given as the values of Figure in their order."""
    known = [row for row in figures if row[5] != "none"]
    if not known:
        return Total(lines=len(figures), without_figure=len(figures))
    lows, bests, highs, _min, _max, _kinds, disputed = zip(*known, strict=True)
    mosts = [best if high is None else high for best, high in zip(bests, highs, strict=True)]
    return Total(
        lines=len(figures),
        without_figure=len(figures) - len(known),
        without_low=lows.count(None),
        without_best=bests.count(None),
        without_high=mosts.count(None),
        low_sum=sum(filter(None, lows)),
        best_sum=sum(filter(None, bests)),
        high_sum=sum(filter(None, mosts)),
        about=highs.count(None) - mosts.count(None),
        disputed=sum(disputed),
    )
