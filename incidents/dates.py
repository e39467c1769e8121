"""Reads a date as a source words it into an EDTF expression and two days, or refuses it.

Right or refused, never wrong: the whole text is understood, piece by piece, or a ValueError says
in a sentence what was not. What is worked out rather than stated is marked inferred and explained.
Called by the models, the filters and the import.
"""

import datetime as dt
import re
from dataclasses import dataclass

from incidents import date_edtf
from incidents.date_edtf import Span, Unreadable, month_days
from incidents.date_phrases import read_phrase
from incidents.date_reckoning import Anchor
from incidents.date_tokens import tokens_of
from incidents.date_words import UNSTATED_WORDS

LONGEST = 200
ALLOWED = (
    "Write a day (26 April 2024, 2024-04-26, 2024년 4월 26일, 2024年4月26日), a month, a year, a "
    "period (8-21 October 2022), EDTF (2023-10~, ../2024-05-07), “not stated”, or the source's "
    "words with your own reading in brackets: shortly after the Asian Games [2023-10~]."
)
ASIDE = re.compile(r"(?P<words>.*\S)\s*\[(?P<reading>[^\[\]]*|[\[{][^\[\]{}]*[\]}])\]", re.DOTALL)


@dataclass(frozen=True, slots=True)
class ImpreciseDate:
    """A date as worded, with the two inclusive days between which it lies.

    `earliest` and `latest` are None where open or unknown; `edtf` is empty when no date is stated.
    `inferred` is true when any part was worked out: `reasoning` says how, and `anchor` is the day
    of publication if it was used.
    """

    words: str
    edtf: str
    earliest: dt.date | None
    latest: dt.date | None
    inferred: bool = False
    anchor: dt.date | None = None
    reasoning: str = ""

    @property
    def precision(self) -> str:
        """Name how exact the two days are: day, range, month, year, open or none."""
        return precision_of(self.earliest, self.latest)


def parse(words: str, published: dt.date | None = None) -> ImpreciseDate:
    """Return what `words` mean; `published` is the article's day, which relative words need.

    Raises ValueError, with a sentence for people, when any piece of the words is not understood,
    may mean different days, or names a day that does not exist.
    """
    typed = words.strip()
    if isinstance(published, dt.datetime):
        published = published.date()
    try:
        return read(typed, published)
    except Unreadable as why:
        raise ValueError(f"“{shortened(typed)}” is not read as a date: {why}. {ALLOWED}") from why
    except OverflowError as why:
        raise ValueError(f"“{shortened(typed)}” lies outside the years 1 to 9999.") from why


def shortened(text: str) -> str:
    """Return the words for a message, cut where they are long."""
    return text if len(text) <= 60 else text[:59] + "…"


def read(typed: str, published: dt.date | None) -> ImpreciseDate:
    """Read the words as nothing stated, EDTF, a reading in brackets, or a phrase."""
    if not typed:
        raise Unreadable("nothing is written")
    if len(typed) > LONGEST:
        raise Unreadable(f"it is longer than {LONGEST} characters")
    plain = " ".join(typed.lower().split())
    if plain in UNSTATED_WORDS or plain.rstrip(".") in UNSTATED_WORDS:
        return ImpreciseDate(typed, "", None, None)
    if span := date_edtf.read(typed):
        return ImpreciseDate(typed, span.edtf, span.earliest, span.latest)
    if aside := ASIDE.fullmatch(typed):
        return read_by_hand(aside["words"], aside["reading"])
    anchor = Anchor(published)
    return explained(typed, read_phrase(tokens_of(typed), anchor), anchor)


def read_by_hand(words: str, reading: str) -> ImpreciseDate:
    """Return the words with the EDTF that a researcher put in brackets behind them."""
    span = date_edtf.read(reading) if reading.strip() else None
    if span is None:
        raise Unreadable(f"[{reading}] is not EDTF")
    because = f"Read as {span.edtf} by the researcher."
    return ImpreciseDate(words, span.edtf, span.earliest, span.latest, True, None, because)


def explained(typed: str, span: Span, anchor: Anchor) -> ImpreciseDate:
    """Return a phrase's days with the reasons that were noted on the way."""
    if len(span.edtf) > date_edtf.LONGEST:
        raise Unreadable("it names too many dates")
    because = "; ".join(anchor.reasons)
    return ImpreciseDate(
        words=typed,
        edtf=span.edtf,
        earliest=span.earliest,
        latest=span.latest,
        inferred=bool(because),
        anchor=anchor.published if because else None,
        reasoning=because and because[0].upper() + because[1:] + ".",
    )


def precision_of(earliest: dt.date | None, latest: dt.date | None) -> str:
    """Name how exact two inclusive days are: day, range, month, year, open or none."""
    if earliest is None or latest is None:
        return "none" if earliest is latest else "open"
    if earliest == latest:
        return "day"
    if (earliest, latest) == (dt.date(earliest.year, 1, 1), dt.date(earliest.year, 12, 31)):
        return "year"
    if (earliest, latest) == month_days(earliest.year, earliest.month):
        return "month"
    return "range"


EDGE = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")


def parse_window_edge(text: str, end: bool) -> dt.date:
    """Return the first day, or with `end` the last, of an ISO day, month or year.

    Raises ValueError, with a sentence for people, for anything else.
    """
    match = EDGE.fullmatch(text.strip())
    why = "it is not an ISO date"
    try:
        span = date_edtf.read_point(text.strip()) if match and not is_season(match) else None
        if span and span.earliest and span.latest:
            return span.latest if end else span.earliest
    except Unreadable as refusal:
        why = str(refusal)
    if match and is_season(match):
        why = f"there is no month {match[2]}"
    raise ValueError(
        f"“{shortened(text)}” is not a day, month or year: {why}. "
        "Write 2024-04-26, 2024-04 or 2024, from 0001 to 9999."
    )


def is_season(match: re.Match[str]) -> bool:
    """Tell EDTF's seasons, which are numbered above the months."""
    return match[2] is not None and int(match[2]) > 12
