"""What the claims on one incident say, on one scale for each measure, so that it can be seen.

One rule: every claim that the reader may see stands in it, also one without a number and one that
does not count; in the order in which they were published. Called by detail.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from incidents.models import IncidentFigure
from incidents.pictures.scales import Bar, Scale, bar_of, scale_for

Row = dict[str, Any]
UNDATED = "9999"


@dataclass(frozen=True, slots=True)
class Said:
    """One claim in the picture; without a bar where it gives no number of persons."""

    claim: Row
    bar: Bar | None


@dataclass(frozen=True, slots=True)
class ClaimsPicture:
    """The claims in one measure, and the figure that they make."""

    measure: str
    scale: Scale | None
    rows: list[Said]
    figure: IncidentFigure | None
    bar: Bar | None


def pictures_of(
    claims: Sequence[Row], figures: Iterable[IncidentFigure], principal: str
) -> list[ClaimsPicture]:
    """Draw what is said in each measure, the principal one first."""
    stored = {figure.measure: figure for figure in figures}
    measures = dict.fromkeys([principal, *(claim["measure"] for claim in claims)])
    return [
        picture(measure, [claim for claim in claims if claim["measure"] == measure], stored)
        for measure in measures
        if any(claim["measure"] == measure for claim in claims)
    ]


def picture(
    measure: str, claims: Iterable[Row], stored: dict[str, IncidentFigure]
) -> ClaimsPicture:
    """Draw what is said in one measure."""
    ordered = sorted(claims, key=lambda claim: (claim["published"] or UNDATED, claim["id"]))
    figure = stored.get(measure)
    numbers = [claim[name] for claim in ordered if is_of_persons(claim) for name in BOUNDS]
    if figure:
        numbers += [figure.people_low, figure.people_best, figure.people_high]
    scale = scale_for(numbers)
    rows = [Said(claim, bar_of_claim(scale, claim)) for claim in ordered]
    return ClaimsPicture(measure, scale, rows, figure, bar_of_figure(scale, figure))


BOUNDS = ("low", "value", "high")


def is_of_persons(claim: Row) -> bool:
    """Tell whether a claim counts persons; families and flights stand on no scale of persons."""
    return claim["unit"] == "persons"


def bar_of_claim(scale: Scale | None, claim: Row) -> Bar | None:
    """Draw what one claim says."""
    if scale is None or not is_of_persons(claim):
        return None
    return bar_of(scale, *(claim[name] for name in BOUNDS))


def bar_of_figure(scale: Scale | None, figure: IncidentFigure | None) -> Bar | None:
    """Draw the figure that the claims make."""
    if scale is None or figure is None:
        return None
    numbers = figure.people_low, figure.people_best, figure.people_high
    return bar_of(scale, *numbers, disputed=figure.disputed)
