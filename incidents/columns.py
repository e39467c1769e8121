"""The columns that may leave: an allow-list for CSV header, codebook and import template.

One rule: what is not listed here cannot get out. A column is a function of a row (records.py
loads them) and of the question that it answers: its reader, language and days.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from incidents.cells import Text, joined
from incidents.models import code_of


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name, what it means (also when empty), and its cell for a row."""

    name: str
    meaning: Any
    cell: Callable[[dict[str, Any]], Any]


def text(name: str, meaning: Any, key: str | None = None) -> Column:
    """Make a column of free text."""
    key = key or name
    return Column(name, meaning, lambda row: Text(row[key] or ""))


def typed(name: str, meaning: Any, key: str | None = None) -> Column:
    """Make a column of codes, numbers, days or yes/no."""
    key = key or name
    return Column(name, meaning, lambda row: row[key])


def several(name: str, meaning: Any, key: str | None = None) -> Column:
    """Make a column that holds several values."""
    key = key or name
    return Column(name, meaning, lambda row: joined(row[key]))


def code(name: str, meaning: Any, key: str) -> Column:
    """Make a column that holds an incident's permanent code."""
    return Column(name, meaning, lambda row: code_of(row[key]))


INCIDENTS: tuple[Column, ...] = (
    code("incident", _("Permanent code of the record."), "id"),
    typed("kind", _("event, wave or aggregate.")),
    text("title", _("One plain line.")),
    text("category", _("Code of the kind of act."), "category__code"),
    typed("measure", _("What people_low to people_high count."), "category__measure"),
    typed("status", _("draft, in_review, published, withdrawn or merged.")),
    typed("review", _("none, second_read, not_second_read or changed (since review).")),
    typed("date_edtf", _("The date as EDTF; empty when none is stated.")),
    text("date_words", _("The date as worded.")),
    typed("date_inferred", _("yes when part of the date was worked out, not stated.")),
    typed("earliest", _("First day on which it can have happened; empty: open or unknown.")),
    typed("latest", _("Last day on which it can have happened; empty: open or unknown.")),
    typed("date_precision", _("day, range, month, year, open or none.")),
    typed("date_match", _("certain, possible or open for the days asked for; empty: none asked.")),
    typed("year", _("The year, where both days lie in one; else empty.")),
    text("region_code", _("UN M49 code of the region of the place.")),
    text("region", _("Name of that region.")),
    text("country_code", _("ISO 3166-1 alpha-2 code of the country of the place.")),
    typed("country_iso3", _("ISO 3166-1 alpha-3 code of that country.")),
    text("country", _("Name of that country.")),
    text("admin1_code", _("ISO 3166-2 code of the first-level division of the place.")),
    text("admin1", _("Name of that division.")),
    text("place_code", _("Code of the smallest place that holds all places of the main role.")),
    text("place", _("Name of that place.")),
    typed("place_role", _("The main role: happened, crossing, apprehension, detention, …")),
    typed("place_precision", _("exact, site, locality, admin2, admin1, country or none.")),
    typed("latitude", _("Degrees, WGS 84; empty above a town: a label point is no location.")),
    typed("longitude", _("Degrees, WGS 84; empty above a town.")),
    text("sending", _("Country code of the state that sent people away.")),
    text("receiving", _("Country code of the state they were sent to.")),
    text("people", _("Who they are, as labelled by the sources."), "people_label"),
    text("responsible", _("Responsible authority, as alleged.")),
    typed("people_low", _("People: the smallest number that holds; empty: nobody said.")),
    typed("people_best", _("People: the number best supported; empty when disputed or not said.")),
    typed("people_high", _("People: the largest number that holds; empty: nobody said.")),
    typed("stated_min", _("The smallest number anybody stated.")),
    typed("stated_max", _("The largest number anybody stated.")),
    typed("figure_kind", _("exact, about, at_least, at_most, range, disputed, assessed, none.")),
    text("figure_words", _("The figure as a person would say it; quote this.")),
    typed("disputed", _("yes when claims contradict each other.")),
    typed("newer_claims", _("How many claims came after the assessment that holds.")),
    several("other_figures", _("Figures in other measures: measure low/best/high (words).")),
    typed("counted", _("yes when this row is a line of the total of this very question.")),
    typed("counted_why", _("Why not: part of a wave, same people, aggregate, no figure.")),
    code("overlap_group", _("Rows with the same code here may be the same people."), "group"),
    typed("claims", _("How many claims you may see."), "claim_count"),
    typed("sources_named", _("Sources named that do not repeat another, by parent body.")),
    typed("sources_own", _("Of these, sources known to have gathered it themselves.")),
    code("wave", _("Code of the wave it is part of."), "wave"),
    several("may_overlap", _("Incidents that may be about the same people: code (certainty).")),
    several("next_stage", _("Incidents that are the next stage for the same people.")),
    several("sources", _("Who says so, one for each article_urls.")),
    several("article_urls", _("Where, in the order of sources.")),
    several("archive_urls", _("Archived copies, in the order of sources.")),
    text("summary", _("What is known and what is judged.")),
    text("extra", _("Labelled data without a column of its own, as JSON.")),
    typed("version", _("Goes up with each change.")),
    typed("first_published", _("When it was first published, UTC.")),
    typed("updated", _("When it was last changed, UTC.")),
    typed("url", _("Address of the record's page.")),
)

CLAIMS: tuple[Column, ...] = (
    code("incident", _("Permanent code of the incident the claim is about."), "incident_id"),
    typed("claim", _("Number of the claim."), "id"),
    text("source", _("Who says so, as identified; empty when nobody is."), "source_name"),
    text("source_slug", _("Short name of that source.")),
    text("source_as_printed", _("The name as the article prints it.")),
    typed("source_kind", _("person, outlet, agency, ngo, government, …")),
    text("source_country", _("Country code of the source.")),
    several("steps", _("The chain inside the article: name, verb, date of each step.")),
    typed("stance", _("affirms, affirms_in_part, does_not_deny, denies, …")),
    typed("measure", _("What is counted.")),
    typed("basis", _("event, part, stock, cumulative, rate, planned, prevented; empty: not said.")),
    typed("of", _("For a part: number of the claim it is a part of.")),
    text("words", _("The count as worded.")),
    typed("qualifier", _("exactly, about, at_most, … as read from the words.")),
    typed("low", _("Lower bound, inclusive; empty: the source gives none.")),
    typed("value", _("The number itself; empty: the source gives a bound or none.")),
    typed("high", _("Upper bound, inclusive; empty: the source gives none.")),
    typed("unit", _("persons, families, households or flights.")),
    text("people", _("People as printed.")),
    text("act_words", _("Act as printed.")),
    typed("date_edtf", _("The date as EDTF.")),
    text("date_words", _("The date as worded.")),
    typed("earliest", _("First possible day; empty: open or unknown.")),
    typed("latest", _("Last possible day; empty: open or unknown.")),
    text("place_words", _("Place as printed.")),
    text("place_code", _("Code of the place.")),
    text("place", _("Name of the place."), "place_name"),
    typed("place_role", _("What happened there.")),
    text("quote", _("Short quote as printed.")),
    text("translation", _("Translation of the quote.")),
    text("locator", _("Where in the article.")),
    typed("origin", _("own, relays or not_known.")),
    typed("seen_original", _("yes when the claimant's own publication was read.")),
    typed("repeats", _("Number of the claim it repeats.")),
    typed("corrects", _("Number of the claim it corrects.")),
    typed("credibility", _("Admiralty 1 to 6; empty: not judged.")),
    typed("status", _("accepted, conflict, needs_work or set_aside.")),
    typed("counts", _("yes when it counts towards the incident's figure.")),
    typed("article", _("Number of the article."), "article_id"),
    text("article_title", _("Title of the article.")),
    text("publisher", _("Who published it; empty when that is not known.")),
    text("credit", _("Whom it credits.")),
    typed("reprint_of", _("Number of the article it reprints.")),
    typed("published", _("When it was published, as EDTF.")),
    text("published_words", _("When it was published, as worded.")),
    text("language", _("Language of the article.")),
    text("article_url", _("Address of the article.")),
    text("archive_url", _("Address of an archived copy.")),
    typed("updated", _("When the claim was last changed, UTC.")),
    typed("url", _("Address of the claim on the incident's page.")),
)

TABLES = {"incidents": INCIDENTS, "claims": CLAIMS}
