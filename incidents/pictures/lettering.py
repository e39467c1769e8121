"""How wide words are in a picture, and where a line of them ends.

One rule: nothing runs out of its line; a word that is longer than a line is broken within, an
address where one of its parts ends. Knows no Django.
"""

import re
import unicodedata

NARROW, BROAD = frozenset("fijlrtI .,:;'|!()[]/-·"), frozenset("mwMW%@&—…")
PARTS = re.compile(r"[^/?&]*[/?&]+|[^/?&]+")


def width_of(text: str, size: float) -> float:
    """Estimate how wide words are, in pixels, as in one of the wider fonts."""
    return size * sum(ems(letter) for letter in text if not unicodedata.combining(letter))


def ems(letter: str) -> float:
    """Estimate how wide a letter is, as part of its font's size."""
    if unicodedata.east_asian_width(letter) in "WF":
        return 1.0
    if letter in NARROW:
        return 0.38
    if letter in BROAD:
        return 0.95
    return 0.7 if letter.isupper() else 0.62


def wrapped(text: str, room: float, size: float) -> list[str]:
    """Break a text into lines that fit, between words where that can be; one line at least."""
    lines = [""]
    for word in text.split():
        space = " " if lines[-1] else ""
        for part in parts_of(word, room, size):
            if lines[-1] and width_of(lines[-1] + space + part, size) > room:
                lines.append(part)
            else:
                lines[-1] += space + part
            space = ""
    return lines


def parts_of(word: str, room: float, size: float) -> list[str]:
    """Leave a word whole if it fits into a line, else cut it where it may be cut."""
    if width_of(word, size) <= room:
        return [word]
    return [letters for part in PARTS.findall(word) for letters in cut(part, room, size)]


def cut(part: str, room: float, size: float) -> list[str]:
    """Cut letters into pieces that fit into a line each."""
    made = [""]
    for letter in part:
        if made[-1] and width_of(made[-1] + letter, size) > room:
            made.append("")
        made[-1] += letter
    return made
