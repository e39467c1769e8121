"""The columns that may leave: an allow-list for CSV header, codebook and import template.

One rule: what is not listed here cannot get out. A column is an expression over an incident, or
over a claim on it, that may depend on the question: its reader, language and days. The database
writes the cells (`written`).
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.db.models import F, IntegerField, TextField
from django.utils.translation import gettext_lazy as _

from incidents import expressions as of
from incidents.expressions import CLAIMS as CLAIM
from incidents.filters import Question
from incidents.written import Cell, Code, CodeOf, Degrees, Free, Guarded, Moment, Word, YesNo


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name, what it means (also when empty), its value and how that is written.

    `value` is the path to a field, or makes an expression for a question.
    """

    name: str
    meaning: Any
    value: str | Callable[[Question], Any]
    written: type[Cell]

    def cell(self, question: Question) -> Cell:
        """Make the expression that writes the cell."""
        value = F(self.value) if isinstance(self.value, str) else self.value(question)
        is_free = self.written is Guarded
        return (Free if is_free and question.raw else self.written)(value)


def column(written: type[Cell], name: str, meaning: Any, value: Any = None) -> Column:
    """Make a column that is written in one way; its value is the field of its name, or another."""
    return Column(name, meaning, value or name, written)


text = partial(column, Guarded)  # free text, which a spreadsheet might run
words = partial(column, Code)  # text of our own: codes, EDTF, addresses
word = partial(column, Word)  # codes of one word
number = partial(column, Cell)  # numbers and days
yes_no = partial(column, YesNo)
moment = partial(column, Moment)
degrees = partial(column, Degrees)
code = partial(column, CodeOf)  # an incident's permanent code


def claim(make: Callable[..., Column], name: str, meaning: Any, path: str | None = None) -> Column:
    """Make a column of a claim."""
    return make(name, meaning, f"{CLAIM}{path or name}")


INCIDENTS: tuple[Column, ...] = (
    code("incident", _("Permanent code of the record."), "pk"),
    word("kind", _("event, wave or aggregate.")),
    text("title", _("One plain line.")),
    text("category", _("Code of the kind of act."), "category__code"),
    word("measure", _("What people_low to people_high count."), "category__measure"),
    word("status", _("draft, in_review, published, withdrawn or merged.")),
    word("review", _("none, second_read, not_second_read or changed (since review)."), of.review),
    words("date_edtf", _("The date as EDTF; empty when none is stated.")),
    text("date_words", _("The date as worded.")),
    yes_no("date_inferred", _("yes when part of the date was worked out, not stated.")),
    number("earliest", _("First day on which it can have happened; empty: open or unknown.")),
    number("latest", _("Last day on which it can have happened; empty: open or unknown.")),
    word("date_precision", _("day, range, month, year, open or none."), of.date_precision),
    word(
        "date_match",
        _("certain, possible or open for the days asked for; empty: none asked."),
        of.date_match,
    ),
    number("year", _("The year, where both days lie in one; else empty."), of.year),
    text("region_code", _("UN M49 code of the region of the place."), "main_place__region__code"),
    text("region", _("Name of that region."), of.named("main_place__region")),
    text(
        "country_code",
        _("ISO 3166-1 alpha-2 code of the country of the place."),
        "main_place__country__code",
    ),
    word(
        "country_iso3", _("ISO 3166-1 alpha-3 code of that country."), "main_place__country__iso3"
    ),
    text("country", _("Name of that country."), of.named("main_place__country")),
    text(
        "admin1_code",
        _("ISO 3166-2 code of the first-level division of the place."),
        "main_place__admin1__code",
    ),
    text("admin1", _("Name of that division."), of.named("main_place__admin1")),
    text(
        "place_code",
        _("Code of the smallest place that holds all places of the main role."),
        "main_place__code",
    ),
    text("place", _("Name of that place."), of.named("main_place")),
    word(
        "place_role",
        _("The main role: happened, crossing, apprehension, detention, …"),
        "main_role",
    ),
    word(
        "place_precision",
        _("exact, site, locality, admin2, admin1, country or none."),
        of.place_precision,
    ),
    degrees(
        "latitude",
        _("Degrees, WGS 84; empty above a town: a label point is no location."),
        of.degrees("latitude"),
    ),
    degrees("longitude", _("Degrees, WGS 84; empty above a town."), of.degrees("longitude")),
    text("sending", _("Country code of the state that sent people away."), "sending__code"),
    text("receiving", _("Country code of the state they were sent to."), "receiving__code"),
    text("people", _("Who they are, as labelled by the sources."), "people_label"),
    text("responsible", _("Responsible authority, as alleged.")),
    number("people_low", _("People: the smallest number that holds; empty: nobody said.")),
    number("people_best", _("People: the number best supported; empty when disputed or not said.")),
    number("people_high", _("People: the largest number that holds; empty: nobody said.")),
    number("stated_min", _("The smallest number anybody stated.")),
    number("stated_max", _("The largest number anybody stated.")),
    word("figure_kind", _("exact, about, at_least, at_most, range, disputed, assessed, none.")),
    text(
        "figure_words",
        _("The figure as a person would say it; quote this."),
        lambda question: of.in_language("figure_words"),
    ),
    yes_no("disputed", _("yes when claims contradict each other.")),
    number("newer_claims", _("How many claims came after the assessment that holds.")),
    text(
        "other_figures",
        _("Figures in other measures: measure low/best/high (words)."),
        of.other_figures,
    ),
    word(
        "counted", _("yes when this row is a line of the total of this very question."), of.counted
    ),
    word(
        "counted_why",
        _("Why not: part of a wave, same people, aggregate, no figure."),
        of.counted_why,
    ),
    code(
        "overlap_group", _("Rows with the same code here may be the same people."), of.overlap_group
    ),
    number(
        "claims",
        _("How many claims you may see."),
        of.beside_or("claims", "open_claims", IntegerField()),
    ),
    number("sources_named", _("Sources named that do not repeat another, by parent body.")),
    number("sources_own", _("Of these, sources known to have gathered it themselves.")),
    code("wave", _("Code of the wave it is part of."), of.wave),
    text(
        "may_overlap",
        _("Incidents that may be about the same people: code (certainty)."),
        of.may_overlap,
    ),
    text("next_stage", _("Incidents that are the next stage for the same people."), of.next_stage),
    text(
        "sources",
        _("Who says so, one for each article_urls."),
        of.beside_or("cited_sources", "cited_sources", TextField()),
    ),
    text(
        "article_urls",
        _("Where, in the order of sources."),
        of.beside_or("cited_urls", "cited_urls", TextField()),
    ),
    text(
        "archive_urls",
        _("Archived copies, in the order of sources."),
        of.beside_or("cited_archives", "cited_archives", TextField()),
    ),
    text("summary", _("What is known and what is judged.")),
    text("extra", _("Labelled data without a column of its own, as JSON.")),
    number("version", _("Goes up with each change.")),
    moment("first_published", _("When it was first published, UTC.")),
    moment("updated", _("When it was last changed, UTC.")),
    words("url", _("Address of the record's page."), of.address),
)

CLAIMS: tuple[Column, ...] = (
    code("incident", _("Permanent code of the incident the claim is about."), "pk"),
    claim(number, "claim", _("Number of the claim."), "pk"),
    claim(text, "source", _("Who says so, as identified; empty when nobody is."), "source__name"),
    claim(text, "source_slug", _("Short name of that source."), "source__slug"),
    claim(text, "source_as_printed", _("The name as the article prints it.")),
    claim(word, "source_kind", _("person, outlet, agency, ngo, government, …"), "source__kind"),
    claim(text, "source_country", _("Country code of the source."), "source__country__code"),
    text("steps", _("The chain inside the article: name, verb, date of each step."), of.steps),
    claim(word, "stance", _("affirms, affirms_in_part, does_not_deny, denies, …")),
    claim(word, "measure", _("What is counted.")),
    claim(
        word,
        "basis",
        _("event, part, stock, cumulative, rate, planned, prevented; empty: not said."),
    ),
    number("of", _("For a part: number of the claim it is a part of."), of.other_claim("of")),
    claim(text, "words", _("The count as worded.")),
    claim(word, "qualifier", _("exactly, about, at_most, … as read from the words.")),
    claim(number, "low", _("Lower bound, inclusive; empty: the source gives none.")),
    claim(number, "value", _("The number itself; empty: the source gives a bound or none.")),
    claim(number, "high", _("Upper bound, inclusive; empty: the source gives none.")),
    claim(word, "unit", _("persons, families, households or flights.")),
    claim(text, "people", _("People as printed.")),
    claim(text, "act_words", _("Act as printed.")),
    claim(words, "date_edtf", _("The date as EDTF."), "date_edtf"),
    claim(text, "date_words", _("The date as worded.")),
    claim(number, "earliest", _("First possible day; empty: open or unknown.")),
    claim(number, "latest", _("Last possible day; empty: open or unknown.")),
    claim(text, "place_words", _("Place as printed.")),
    claim(text, "place_code", _("Code of the place."), "place__code"),
    text("place", _("Name of the place."), of.named("claims__place")),
    claim(word, "place_role", _("What happened there.")),
    claim(text, "quote", _("Short quote as printed.")),
    claim(text, "translation", _("Translation of the quote.")),
    claim(text, "locator", _("Where in the article.")),
    claim(word, "origin", _("own, relays or not_known.")),
    claim(
        yes_no,
        "seen_original",
        _("yes when the claimant's own publication was read."),
        "seen_original",
    ),
    number("repeats", _("Number of the claim it repeats."), of.other_claim("repeats")),
    number("corrects", _("Number of the claim it corrects."), of.other_claim("corrects")),
    claim(number, "credibility", _("Admiralty 1 to 6; empty: not judged.")),
    claim(word, "status", _("accepted, conflict, needs_work or set_aside.")),
    claim(yes_no, "counts", _("yes when it counts towards the incident's figure."), "counts"),
    claim(number, "article", _("Number of the article."), "article_id"),
    claim(text, "article_title", _("Title of the article."), "article__title"),
    claim(
        text,
        "publisher",
        _("Who published it; empty when that is not known."),
        "article__publisher__name",
    ),
    claim(text, "credit", _("Whom it credits."), "article__credit__name"),
    number("reprint_of", _("Number of the article it reprints."), of.reprint_of),
    claim(words, "published", _("When it was published, as EDTF."), "article__date_edtf"),
    claim(text, "published_words", _("When it was published, as worded."), "article__date_words"),
    claim(text, "language", _("Language of the article."), "article__language"),
    claim(text, "article_url", _("Address of the article."), "article__url"),
    claim(text, "archive_url", _("Address of an archived copy."), "article__archive_url"),
    claim(moment, "updated", _("When the claim was last changed, UTC."), "updated"),
    words("url", _("Address of the claim on the incident's page."), of.claim_address),
)

TABLES = {"incidents": INCIDENTS, "claims": CLAIMS}
