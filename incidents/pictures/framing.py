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
from incidents.pictures.lettering import wrapped

ROOM, MARGIN, LINE = 880, 40, 20  # pixels
GUTTER = 36  # of the room left of a drawing, for the numbers of its scale
TITLE, HEADING, PLAIN, SMALL = 24, 16, 14, 12  # pixels: sizes of letters
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

    `shapes`: SVG, as wide as `width` pixels; 0: as the frame lets, with numbers left of it.
    """

    heading: str
    shapes: str
    height: int
    note: str = ""
    width: int = 0


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text at its height."""

    y: int
    text: str
    size: int = PLAIN
    is_soft: bool = False


class Frame:
    """Writes lines and places drawings below one another."""

    def __init__(self, parts: Sequence[Part]) -> None:
        """Begin a frame that is wide enough for its drawings."""
        self.room = max([ROOM, *(part.width for part in parts)])
        self.lines: list[Line] = []
        self.placed: list[tuple[int, int, int, Part]] = []
        self.y = MARGIN - LINE

    def write(self, text: str, size: int = PLAIN, *, is_soft: bool = True) -> None:
        """Write a text, on as many lines as it takes."""
        for line in wrapped(text, self.room, size):
            self.y += LINE if size < TITLE else TITLE + 6
            self.lines.append(Line(self.y, line, size, is_soft))

    def place(self, part: Part) -> None:
        """Place a drawing below its heading and above its note."""
        self.y += LINE
        self.write(part.heading, HEADING, is_soft=False)
        self.y += LINE // 2
        left = 0 if part.width else GUTTER
        self.placed.append((MARGIN + left, self.y, part.width or self.room - left, part))
        self.y += part.height
        if part.note:
            self.write(part.note, SMALL)

    def drawn(self, title: str) -> str:
        """Draw it, as a whole SVG file."""
        context = {"title": title, "lines": self.lines, "parts": self.placed, "margin": MARGIN}
        context |= {"width": self.room + 2 * MARGIN, "height": self.y + MARGIN // 2}
        return render_to_string("incidents/pictures/frame.svg", context)


def framed(title: str, said: Sequence[str], parts: Sequence[Part], *, address: str = "") -> str:
    """Draw a picture with its frame, as a whole SVG file; `address` is the page it is from."""
    frame = Frame(parts)
    frame.write(title, TITLE, is_soft=False)
    frame.y += LINE // 2
    frame.write(" · ".join(said))
    for part in parts:
        frame.place(part)
    frame.y += LINE // 2
    for sentence in (_(CAVEAT), origin(address)):
        frame.write(sentence, SMALL)
    return frame.drawn(title)


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
