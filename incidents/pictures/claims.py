"""What the claims on one incident say, on one scale for each measure, so that it can be seen.

One rule: every claim that the reader may see stands in it, also one without a number and one that
does not count; in the order in which they were published. Called by detail.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.template.loader import render_to_string
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from incidents.models import IncidentFigure, choices
from incidents.phrases import people_in
from incidents.pictures.framing import ROOM, Part
from incidents.pictures.lettering import wrapped
from incidents.pictures.scales import Bar, Scale, bar_of, scale_for

Row = dict[str, Any]
UNDATED = "9999"
ROW, BAR, GAP, LETTERS = 18, 24, 12, 13  # pixels of the picture that is taken away
NOTE = gettext_noop(
    "A dot is the one number stated, the light band what “about” leaves around it. A bar with an "
    "edge ends where the source says so; where it has no edge, the source leaves it open."
)


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

    @property
    def heading(self) -> str:
        """Name what is counted."""
        return capfirst(people_in(self.measure))

    @property
    def note(self) -> str:
        """Say how to read it."""
        return _(NOTE)

    def part(self) -> Part:
        """Draw it with its words, to be framed."""
        rows, y = [], 0
        for said in self.rows:
            y = add_row(rows, y, words_of(said.claim), said.bar, is_soft=not said.claim["counts"])
        if self.figure:
            words = _("The figure: %s") % self.figure.figure_said
            y = add_row(rows, y, words, self.bar, is_figure=True)
        context = {"rows": rows, "scale": self.scale, "axis_y": y}
        shapes = render_to_string("incidents/pictures/_claims.svg", context)
        return Part(self.heading, shapes, y + BAR, self.note, ROOM)


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


def add_row(rows: list[Row], y: int, text: str, bar: Bar | None, **looks: bool) -> int:
    """Add one line of text, as many as it takes, with its bar below; where the next begins."""
    for line in wrapped(text, ROOM, LETTERS):
        y += ROW
        rows.append({"y": y, "text": line, "bar": None, **looks})
    rows[-1] |= {"bar": bar, "bar_y": y + 2}
    return y + (BAR if bar else 0) + GAP


def words_of(claim: Row) -> str:
    """Say a claim in one line: when, who, what, and whether it counts."""
    who = ", ".join(filter(None, (claim["speaker"], claim["place_name"])))
    said = f"{claim['published'] or '–'} · {who}: {claim['words']}"
    if not any(claim[name] is not None for name in BOUNDS):
        said += " " + _("(no number of persons)")
    if claim["repeated"]:
        said += " " + _("(repeats %s)") % claim["repeated"]
    elif claim["origin"] == choices.Origin.RELAYS:
        said += f" ({claim['labels']['origin']})"
    return said if claim["counts"] else f"{said} " + _("[does not count: %s]") % claim["why_not"]


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
