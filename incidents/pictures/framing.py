"""Frames a picture to be taken away: title, question in words, day, source and caveat drawn in.

One rule: a picture that leaves the page says by itself what it shows and what it does not. SVG, or
PNG worked out from it by resvg with the machine's own fonts. Called by views and seeing.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import resvg_py
from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from incidents.phrases import day
from incidents.pictures.frame import wrapped

WIDTH, MARGIN, LINE = 960, 40, 20  # pixels
GUTTER = 36  # more of them left of a drawing, for the numbers of its scale
SCALE = 2  # pixels of a PNG for each of the picture
FONT = "Noto Sans CJK KR"
CAVEAT = gettext_noop(
    "Reported cases are a convenience sample: they show what was reported and recorded, not how "
    "often it happens."
)
TYPES = {"svg": "image/svg+xml", "png": "image/png"}


@dataclass(frozen=True, slots=True)
class Part:
    """One drawing of a picture, with what stands above and below it.

    `shapes`: SVG, as wide as its frame.
    """

    heading: str
    shapes: str
    height: int
    note: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text at its height."""

    y: int
    text: str
    size: int = 14
    is_soft: bool = False


def framed(title: str, said: Sequence[str], parts: Sequence[Part], *, address: str = "") -> str:
    """Draw a picture with its frame, as a whole SVG file; `address` is the page it is from."""
    lines, y = [Line(MARGIN + 10, title, 24)], MARGIN + 20
    for sentence in wrapped(" · ".join(said)):
        y += LINE
        lines.append(Line(y, sentence, is_soft=True))
    placed = []
    for part in parts:
        y += 2 * LINE
        lines.append(Line(y, part.heading, 16))
        y += LINE // 2
        placed.append((y, part))
        y += part.height
        for sentence in wrapped(part.note) if part.note else ():
            y += LINE
            lines.append(Line(y, sentence, 12, is_soft=True))
    for sentence in (origin(address), _(CAVEAT)):
        for line in wrapped(sentence):
            y += LINE
            lines.append(Line(y, line, 12, is_soft=True))
    frame = {"lines": lines, "parts": placed, "margin": MARGIN, "left": MARGIN + GUTTER}
    frame |= {"within": WIDTH - 2 * MARGIN - GUTTER}
    frame |= {"width": WIDTH, "height": y + MARGIN // 2, "title": title}
    return render_to_string("incidents/pictures/frame.svg", frame)


def origin(address: str) -> str:
    """Say where a picture is from, by the path of its page, and of which day."""
    return _("Attest, %(address)s, %(day)s") % {
        "address": settings.SITE_URL + address,
        "day": day(timezone.now()),
    }


def as_png(svg: str) -> bytes:
    """Work out the pixels of a picture."""
    made = resvg_py.svg_to_bytes(
        svg_string=svg, zoom=SCALE, sans_serif_family=FONT, font_family=FONT
    )
    return bytes(made)
