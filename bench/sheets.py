"""Makes up a sheet of claims by the project's own template, skewed like real ones.

One rule: the same sheet each time, so that runs on both engines, and before and after a change,
bring in the same rows. Called by imports.
"""

import csv
import datetime as dt
from collections.abc import Iterator, Sequence
from pathlib import Path

from bench.vocabulary import Skewed, Vocabulary, chance, invented, quote, title
from tests.filling import HANGUL, SYLLABLES

COLUMNS = (
    "incident claim title category words source source_as_printed date_words place_code "
    "place_role article_url article_title publisher published quote"
).split()
CLAIMS_OF_INCIDENT = range(1, 40)
SOURCES, ROLES = 2_000, ("happened", "crossing", "detention", "destination", "")
FIRST_DAY, DAYS = dt.date(2010, 1, 1), 5_400
WITH_ADDRESS, SHARED = 0.6, 0.5  # of articles that have an address; of claims from one known
COUNTS = (
    *("{n}", "{n:,}", "about {n}", "up to {n}", "at least {n}", "more than {n}", "nearly {n}"),
    *("{n} people", "{n:,} to {m:,}", "{n}여 명", "약 {n}명", "최소 {n}명", "최대 {n}명", "dozens"),
    *("hundreds", "수십 명", "others"),
)
MONTHS = "January February March April May June July August September October".split()


def write_sheet(path: Path, incidents: int, *, places: Sequence[str], categories: Sequence) -> int:
    """Write so many incidents with 2.5 claims each; places by code. Returns the rows."""
    chance.seed(11)
    made = Sheet(places, categories)
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        for _row, row in enumerate(made.rows(incidents), start=1):
            writer.writerow(row)
    return _row


class Sheet:
    """What the rows of one sheet refer to."""

    def __init__(self, places: Sequence[str], categories: Sequence[str]) -> None:
        latin, korean = (invented(s, 4, SOURCES // 2) for s in (SYLLABLES, HANGUL))
        names = [f"{name} Daily {n}".title() for n, name in enumerate(latin)]
        names += [f"{name} 신문 {n}" for n, name in enumerate(korean)]
        chance.shuffle(names)
        self.sources = Skewed(names, flat=10)
        self.places = Skewed(chance.sample(list(places), len(places)), flat=5)
        self.categories = Vocabulary(categories)
        self.articles: list[tuple[str, str, str, str]] = []

    def rows(self, incidents: int) -> Iterator[list[str]]:
        """Make up the rows of so many incidents, those of one together."""
        weights = [0.6**n for n in CLAIMS_OF_INCIDENT]  # on average 2.5
        claim = 0
        for number in range(1, incidents + 1):
            what, day, place = title()[:300], self.day(), self.places.choose()
            category = self.categories.sentence(1)
            for _claim in range(chance.choices(CLAIMS_OF_INCIDENT, weights)[0]):
                claim += 1
                speaker = self.sources.choose() if chance.random() < 0.8 else ""
                beginning = [f"K{number}", str(claim), what, category, count()]
                said = [speaker, speaker, worded(day), place, chance.choice(ROLES)]
                yield [*beginning, *said, *self.article(claim, day), quote()]

    def day(self) -> dt.date:
        """Choose a day, later ones more often."""
        return FIRST_DAY + dt.timedelta(days=int(DAYS * chance.random() ** 0.5))

    def article(self, number: int, day: dt.date) -> tuple[str, str, str, str]:
        """Take one of the last articles, or a new one: address, title, publisher, published."""
        if self.articles and chance.random() < SHARED:
            return chance.choice(self.articles)
        address = f"https://news{number % 400}.example/{day.year}/{number}"
        has_address = chance.random() < WITH_ADDRESS
        published = (day + dt.timedelta(days=chance.randint(0, 20))).isoformat()
        made = (address if has_address else "", title()[:400], self.sources.choose(), published)
        self.articles = [*self.articles[-20:], made]
        return made


def count() -> str:
    """Make up a count as worded; small numbers far more often than large ones."""
    n = min(int(2 * chance.paretovariate(0.8)), 20_000)
    return chance.choice(COUNTS).format(n=n, m=n + chance.randint(1, 50))


def worded(day: dt.date) -> str:
    """Word a day: as such, in words, as its month, or as a span."""
    dice = chance.random()
    if dice < 0.7:
        return day.isoformat()
    if dice < 0.8 and day.month <= len(MONTHS):
        return f"{day.day} {MONTHS[day.month - 1]} {day.year}"
    if dice < 0.9:
        return f"{day:%Y-%m}"
    return f"{day.isoformat()}/{(day + dt.timedelta(days=chance.randint(1, 9))).isoformat()}"
