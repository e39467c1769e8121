"""Tells in the reader's language what is kept in English: how words were read, why it was saved.

One rule: a text is retold only when the whole of it is one of the sentences below; anything else
stays as it is. What reads dates and counts knows no Django, and what it says of a date is stored
with it, so its sentences stand here a second time; a test compares the two. Called where they are
shown.
"""

import datetime as dt
import re
from functools import lru_cache

from django.utils.formats import date_format
from django.utils.translation import get_language, gettext, gettext_noop

DAY = r"\d{1,2} [A-Z][a-z]+ \d{1,4}"
ALLOWED = {
    "day": DAY,
    "first_day": DAY,
    "until": rf"{DAY}(?:, the (?:day before the )?publication)?",
    "month": r"[A-Z][a-z]+(?: \d{1,4})?",
    "weekday": "[A-Z][a-z]+day",
    "other_weekday": "[A-Z][a-z]+day",
}
SENTENCES = (
    # Why an incident is no line of a total.
    gettext_noop("part of wave %(code)s"),
    gettext_noop("same people as %(code)s"),
    gettext_noop("wave without a figure of its own"),
    gettext_noop("aggregate"),
    gettext_noop("no figure"),
    # Why a claim is not simply accepted, where a file does not say.
    gettext_noop("As in the file it was imported from."),
    # Why a figure was decided, where a file does not say.
    gettext_noop("As decided by whoever made the imported data set"),
    # Why a record was saved, where the program says it.
    gettext_noop("Added while coding an article."),
    gettext_noop("Claims on this record changed."),
    gettext_noop("Demo data"),
    gettext_noop("Demo data: %(record)s"),
    gettext_noop("Gazetteer"),
    gettext_noop("Given to %(person)s."),
    gettext_noop("Given to whoever comes first."),
    gettext_noop("Import %(number)s undone: %(reason)s"),
    gettext_noop("Imported from %(file)s (%(dataset)s), import %(number)s"),
    gettext_noop("Noted as a reprint."),
    gettext_noop("Noted while reading the article."),
    gettext_noop("Put back into the queue."),
    gettext_noop("Queued to be coded."),
    gettext_noop("Read: nothing new."),
    gettext_noop("Read – nothing new."),
    gettext_noop("Restored from package %(sum)s"),
    gettext_noop("The figure was assessed."),
    # Dates: whole sentences.
    gettext_noop("“%(typed)s” is not read as a date: %(why)s. %(allowed)s"),
    gettext_noop("“%(typed)s” lies outside the years 1 to 9999."),
    gettext_noop(
        "“%(typed)s” is not a day, month or year: %(why)s. Write 2024-04-26, 2024-04 or 2024, "
        "from 0001 to 9999."
    ),
    gettext_noop(
        "Write a day (26 April 2024, 2024-04-26, 2024년 4월 26일, 2024年4月26日), a month, a year, "
        "a period (8-21 October 2022), EDTF (2023-10~, ../2024-05-07), “not stated”, or the "
        "source's words with your own reading in brackets: shortly after the Asian Games "
        "[2023-10~]."
    ),
    # Dates: how a day was worked out.
    gettext_noop("Read as %(edtf)s by the researcher"),
    gettext_noop("it is taken to run up to the publication on %(day)s"),
    gettext_noop("one end lies over the turn of the year, in %(year)s"),
    gettext_noop("“%(words)s” is counted from the publication on %(day)s"),
    gettext_noop("the %(part)s is not stated: %(day)s is the latest such day up to %(until)s"),
    gettext_noop("the year is not stated: %(month)s is the latest such month up to %(until)s"),
    gettext_noop("%(weekday)s is read as %(day)s, the latest one up to %(until)s"),
    gettext_noop("%(until)s, the publication"),
    gettext_noop("%(until)s, the day before the publication"),
    # Dates: why words are not read.
    gettext_noop("a leading ~ may mean “about” or “until”; write 2024~ or ../2024"),
    gettext_noop("both ends are open, so it names no day"),
    gettext_noop("it ends (%(last)s) before it begins (%(first)s)"),
    gettext_noop("only the first member of a set may begin, and the last end, with .."),
    gettext_noop("there is no year 0000; years run from 0001 to 9999"),
    gettext_noop("XXXX names no year"),
    gettext_noop("there is no day %(number)s in %(month)s"),
    gettext_noop("there is no month %(number)s"),
    gettext_noop("the year %(number)s is outside 1 to 9999"),
    gettext_noop(
        "%(season)s may be a season or the years %(first)s to %(last)s; write months or years, "
        "such as 2022-09/2022-11 or 2022/2023"
    ),
    gettext_noop(
        "the %(season)s of %(year)s may begin in two years; write its months, such as "
        "2023-12/2024-02"
    ),
    gettext_noop("no day of the calendar fits these digits"),
    gettext_noop("there is no time %(time)s"),
    gettext_noop("“%(text)s” is not a time that belongs to one day"),
    gettext_noop("day and month may be either way round; write the month as a word or first"),
    gettext_noop("“%(text)s” is not understood"),
    gettext_noop("“%(text)s” is not one decade"),
    gettext_noop("“%(text)s” is not a year; a year has four digits"),
    gettext_noop("no month has a day %(number)s"),
    gettext_noop("“%(text)s” is not an ordinal"),
    gettext_noop("“%(text)s” does not say which day"),
    gettext_noop("%(number)s is not read as a year; bare years run from 1000 to 2100"),
    gettext_noop("“%(text)s” has a year of two digits; a year has four"),
    gettext_noop("the number %(number)s is not understood"),
    gettext_noop("it says only one end of a stretch; write both, or “since” or “until”"),
    gettext_noop("how its parts hang together is not understood"),
    gettext_noop("its brackets do not match"),
    gettext_noop("it ends before it begins"),
    gettext_noop("it begins after the publication on %(day)s"),
    gettext_noop("nothing lies before it"),
    gettext_noop("nothing lies after it"),
    gettext_noop("before or after only part of a day, month or year is not clear"),
    gettext_noop("weeks begin on Monday or Sunday, so the day before or after is not clear"),
    gettext_noop("it may mean %(day)s or a day after the publication; add the whole date"),
    gettext_noop("a list of longer stretches is not read"),
    gettext_noop("its parts do not follow one another"),
    gettext_noop("one end names only a year and the other none"),
    gettext_noop("one end names a day without its month"),
    gettext_noop("one end is a weekday and the other is none"),
    gettext_noop("it would end after the publication"),
    gettext_noop("“%(text)s” before a weekday may count weeks"),
    gettext_noop("%(text)s may be a year or a time of day"),
    gettext_noop("it may count days back or name a day before"),
    gettext_noop("the number %(number)s has no place here"),
    gettext_noop("“%(text)s” says how long, not when"),
    gettext_noop("it names no date"),
    gettext_noop("a day in words needs its month"),
    gettext_noop("more than a day is said of one day"),
    gettext_noop("part of a week, or a weekend, is not read"),
    gettext_noop("it names two stretches of time"),
    gettext_noop("it names a quarter of a year and a shorter time"),
    gettext_noop("it names a half and a day"),
    gettext_noop("that time belongs to two days"),
    gettext_noop("it names two different %(parts)s"),
    gettext_noop("“%(text)s” has no place here"),
    gettext_noop("it does not say which day; only days can be counted back from"),
    gettext_noop("what follows “at” is not a time of day"),
    gettext_noop("no such day lies in the months before %(day)s"),
    gettext_noop("the number %(number)s is neither a day of a month nor a year"),
    gettext_noop("it would be %(first_day)s, after the publication on %(day)s"),
    gettext_noop("%(day)s is a %(weekday)s, not a %(other_weekday)s"),
    gettext_noop("its parts do not agree with %(day)s"),
    gettext_noop("its parts do not agree: %(first)s is not %(last)s"),
    gettext_noop("a day and a year without a month name no date"),
    gettext_noop("it may be %(day)s, the day after the publication; add month and year"),
    gettext_noop("“last” may mean this year or the year before; add the year"),
    gettext_noop("a weekday and a month or year name no one day"),
    gettext_noop("it may be %(day)s or the week before; add the day of the month"),
    gettext_noop("it is %(first_day)s or %(day)s, as weeks begin on Monday or Sunday"),
    gettext_noop("the year is missing"),
    gettext_noop("%(year)s is after the publication"),
    gettext_noop("it may mean this month or that of the year before; add the year"),
    gettext_noop("not all of it is stated, so the day the article was published is needed"),
    gettext_noop("a week and a month or year name no one stretch"),
    gettext_noop("it has digits in an unusual form; type plain ones"),
    gettext_noop("“%(text)s” is not read: %(why)s"),
    gettext_noop("a season falls in other months elsewhere"),
    gettext_noop("it may mean the calendar one or the time up to the article"),
    gettext_noop("midnight belongs to two days"),
    gettext_noop("it is not said which days are meant"),
    gettext_noop("overnight touches two days"),
    gettext_noop("it names the day of a count, not of what happened"),
    gettext_noop("whether the day itself counts is not clear"),
    gettext_noop("it is not an ISO date"),
    gettext_noop("nothing is written"),
    gettext_noop("it is longer than %(number)s characters"),
    gettext_noop("[%(text)s] is not EDTF"),
    gettext_noop("it names too many dates"),
    # Counts: whole sentences.
    gettext_noop("“%(typed)s” is not one count: %(why)s. %(allowed)s"),
    gettext_noop(
        "Write one count, such as “about 200”, “50 to 60”, “200여 명”, “至少406人” or "
        "“none stated”."
    ),
    # Counts: why words are not read.
    gettext_noop("its words are known, but not in this order"),
    gettext_noop("it has no number"),
    gettext_noop("it has more than one number; record each as its own claim"),
    gettext_noop("“none” may mean zero or not stated; write “0” or “none stated”"),
    gettext_noop("the range is not clear"),
    gettext_noop("its unit is not clear"),
    gettext_noop("“几” follows only tens"),
    gettext_noop("its qualifiers do not go together"),
    gettext_noop("it has two units"),
    gettext_noop("too many words follow the number"),
    gettext_noop("“%(text)s” before “%(noun)s” may change the number"),
    gettext_noop("“%(text)s” is not known as people or a unit"),
    gettext_noop("a range cannot have another qualifier"),
    gettext_noop("it looks like years; write 2,023 or 2023 people"),
    gettext_noop("the range %(first)s to %(last)s does not rise"),
    gettext_noop("the number is larger than %(number)s"),
    gettext_noop("an end of its range is not exact"),
    gettext_noop("“%(first)s” and “%(last)s” may be of different size"),
    gettext_noop("it gives two numbers"),
    gettext_noop("“%(text)s” may be short for a larger number"),
    gettext_noop("“%(text)s” is not understood there"),
    gettext_noop("“%(text)s” is not understood there; record each number as its own claim"),
    gettext_noop("it is empty"),
    gettext_noop("it has more than %(number)s characters"),
    gettext_noop("“%(text)s” stands alone and may be no number; close it up"),
    gettext_noop("“%(text)s” begins with a zero"),
    gettext_noop("“%(text)s” is not one number"),
    gettext_noop("“%(text)s” alone is not surely a number"),
    gettext_noop("“%(text)s” may be read in two ways"),
    gettext_noop("“%(text)s” is not a whole number"),
    gettext_noop("it holds a character that is no plain letter or digit, %(text)s"),
)
WORDS = {
    "day": gettext_noop("day"),
    "month": gettext_noop("month"),
    "year": gettext_noop("year"),
    "days": gettext_noop("days"),
    "months": gettext_noop("months"),
    "years": gettext_noop("years"),
    "weeks": gettext_noop("weeks"),
    "weekdays": gettext_noop("weekdays"),
    "decades": gettext_noop("decades"),
    "winter": gettext_noop("winter"),
    "northern winter": gettext_noop("northern winter"),
    "southern summer": gettext_noop("southern summer"),
}
PLACE = re.compile(r"%\((\w+)\)s")


def pattern_of(sentence: str) -> re.Pattern[str]:
    """Make of a sentence what finds its values in a text."""
    parts = PLACE.split(sentence)
    found = [place_of(part) if at % 2 else re.escape(part) for at, part in enumerate(parts)]
    return re.compile("".join(found), re.DOTALL)


def place_of(name: str) -> str:
    """Say what may stand in one place of a sentence."""
    return f"(?P<{name}>{ALLOWED.get(name, '.+')})"


PATTERNS = sorted(
    ((sentence, pattern_of(sentence)) for sentence in SENTENCES),
    key=lambda pair: -len(PLACE.sub("", pair[0])),
)


def retold(text: str) -> str:
    """Tell a sentence that the program wrote in the reader's language."""
    language = get_language() or "en"
    return text if not text or language.startswith("en") else told_in(language, text)


@lru_cache(maxsize=1_000)
def told_in(language: str, text: str) -> str:
    """Tell a text in the language that is active: a sentence, or reasons joined as `dates` does."""
    if told := sentence_told(text):
        return told
    reasons = text.removesuffix(".").split("; ")
    reasons = [sentence_told(one) or sentence_told(one[:1].lower() + one[1:]) for one in reasons]
    return "; ".join(reasons) + "." if text.endswith(".") and all(reasons) else text


def sentence_told(text: str) -> str:
    """Tell one sentence; "" where it is none of ours."""
    for sentence, pattern in PATTERNS:
        if found := pattern.fullmatch(text):
            values = {name: value_told(name, value) for name, value in found.groupdict().items()}
            return gettext(sentence) % values
    return ""


def value_told(name: str, value: str) -> str:
    """Tell a value by the name of its place: a clause, a day, a month; words as typed stay."""
    if name in ("day", "first_day", "until") and re.fullmatch(DAY, value):
        return date_format(dt.datetime.strptime(value, "%d %B %Y"), "DATE_FORMAT")
    if name == "month":
        return month_told(*value.split(" "))
    if name in ("why", "allowed", "until"):
        return sentence_told(value) or value
    if name in ("weekday", "other_weekday"):
        return gettext(value)
    return gettext(value) if name in ("part", "parts", "season") and value in WORDS else value


def month_told(month: str, year: str = "") -> str:
    """Tell a month, in a year or in every year."""
    if not year:
        return gettext(month)
    return date_format(
        dt.datetime.strptime(f"{month} {year.zfill(4)}", "%B %Y"), "YEAR_MONTH_FORMAT"
    )
