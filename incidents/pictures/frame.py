"""The words around a picture that stands alone: what it shows, of when, from where.

One rule: a picture that is taken away says by itself what was asked and what it is not. Knows no
Django.
"""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

PIXELS = 6  # that a letter is wide, about
LETTERS = 118  # narrow ones that fit into a line of a picture
INK, SOFT = "#1d1c1a", "#5c5850"


@dataclass(frozen=True, slots=True)
class Written:
    """A line of text beside a picture that stands alone."""

    text: str
    y: int
    size: int
    weight: int
    ink: str


@dataclass(frozen=True, slots=True)
class Frame:
    """What stands above and below a picture that stands alone, and how much room that takes."""

    top: int
    height: int
    lines: list[Written]


def framed(
    width: int, height: int, *, title: str, above: Iterable[str], below: Iterable[str]
) -> Frame:
    """Write a title and lines above a picture, and lines below it, broken where they are long."""
    long = width // PIXELS
    heads = [line for text in above for line in wrapped(text, long)]
    feet = [line for text in below for line in wrapped(text, long)]
    top = 44 + 18 * len(heads)
    lines = [Written(title, 28 - top, 18, 600, INK)]
    lines += [Written(text, 50 - top + 18 * n, 13, 400, SOFT) for n, text in enumerate(heads)]
    bottom = height + 20
    lines += [Written(text, bottom + 16 * n, 11, 400, SOFT) for n, text in enumerate(feet)]
    return Frame(top, top + height + 14 + 16 * len(feet), lines)


def wrapped(text: str, most: int = LETTERS) -> list[str]:
    """Break a text into lines that fit, between words; a word longer than a line stays whole."""
    lines: list[str] = [""]
    for word in text.split():
        together = f"{lines[-1]} {word}".strip()
        if lines[-1] and width_of(together) > most:
            lines.append(word)
        else:
            lines[-1] = together
    return lines


def width_of(text: str) -> int:
    """Count letters; those of East Asian scripts are two wide."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)
