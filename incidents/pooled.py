"""The figure of several incidents together, and of a wave with its events.

The one rule: incidents are never merged into more than their claims allow. DESIGN 2.3, 5.
Called by `ties`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from incidents.figures import Count, Figure, counting, figure, kind_of, opposed


def stand_in(key: int, found: Figure) -> Count:
    """Make an incident's figure speak as one claim; its id is that of no real claim."""
    return Count(id=-key, qualifier="between", low=found.low, value=found.best, high=found.high)


def figure_of_same(figures: Sequence[Figure], pool: Iterable[Count]) -> tuple[Figure, list[Count]]:
    """Work out the figure of incidents that are the same people, and the claims behind it."""
    counts = counting(pool)
    known = [its for its in figures if its.kind != "none"]
    if len(known) < 2:
        return (known[0] if known else Figure()), counts
    found = figure(counts)
    disputed = found.disputed or any(its.disputed for its in known)
    return keeping(replace(found, best=None if disputed else found.best), known), counts


def figure_of_group(figures: Sequence[Figure], pool: Iterable[Count]) -> Figure:
    """Work out the figure of incidents that may be the same people.

    The low is what all their claims together allow; there is no best; the high is the sum, when
    each that has a figure has one.
    """
    known = [its for its in figures if its.kind != "none"]
    most = [its.most for its in known if its.most is not None]
    high = sum(most) if known and len(most) == len(known) else None
    return keeping(replace(figure(counting(pool)), best=None, high=high), known)


def keeping(found: Figure, known: Sequence[Figure]) -> Figure:
    """Keep what any of these figures had stated or disputed, and name the kind."""
    disputed = found.disputed or any(its.disputed for its in known)
    kind = kind_of(found.low, found.best, found.high, disputed=disputed)
    return replace(
        found,
        stated_min=min(
            (its.stated_min for its in known if its.stated_min is not None), default=None
        ),
        stated_max=max(
            (its.stated_max for its in known if its.stated_max is not None), default=None
        ),
        kind=kind,
        disputed=disputed,
    )


def raise_to(low: int, own: Figure, pool: Sequence[Count]) -> Figure:
    """Raise a wave's low to the sum of its events' lows; best and high stay where they can.

    When that sum contradicts the wave's own claims, the figure becomes disputed.
    """
    events = Count(id=0, qualifier="at_least", low=low)
    against = opposed([*pool, events]) is not None
    disputed = own.disputed or against
    best = own.best if own.best is not None and own.best >= low and not against else None
    high = own.high if own.high is not None and own.high >= low else None
    kind = kind_of(low, best, high, disputed=disputed)
    return replace(own, low=low, best=best, high=high, kind=kind, disputed=disputed)
