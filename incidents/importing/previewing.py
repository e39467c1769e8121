"""Shows the first rows of a file as they would be understood, before anything is checked or saved.

One rule: it asks the same engine as the import, so what it shows is what would be saved; it reads
and never writes. Called by the mapping page.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from incidents.importing.binding import Line
from incidents.importing.building import Building
from incidents.importing.planning import ClaimDraft, Draft, Planning
from incidents.importing.presets import Preset
from incidents.importing.reading import Sheet
from incidents.importing.resolving import Vocabulary
from incidents.importing.understanding import UnclearOrder, Understanding, WrongOrder
from incidents.models import Import, Place, choices

ROWS = 10
ROWS_FOR_ORDER = 20_000


@dataclass(frozen=True, slots=True)
class SeenClaim:
    """A claim as it would be saved."""

    words: str
    reading: str
    source: str
    is_new_source: bool
    article: str


@dataclass(frozen=True, slots=True)
class SeenRow:
    """A row as it would be understood."""

    number: int
    fate: str
    title: str
    category: str
    date: str
    days: str
    places: list[str]
    claims: list[SeenClaim]
    lines: list[Line]
    extra: dict[str, str]


@dataclass(slots=True)
class Preview:
    """The first rows, and what is wrong with the file or the mapping as a whole."""

    rows: list[SeenRow] = field(default_factory=list)
    problem: str = ""


def preview(run: Import, sheet: Sheet, preset: Preset, *, category: str, order: str) -> Preview:
    """Understand the first rows. Raises Unreadable."""
    vocabulary = Vocabulary()
    building = Building(vocabulary, default_category=category or "other")
    planning = Planning(run, preset.rows, vocabulary, building, by=run.by)
    understanding = Understanding(preset, sheet.headers, order=order, file=run.name)
    made = Preview()
    try:
        understanding.find_order(islice(sheet.rows(), ROWS_FOR_ORDER))
    except UnclearOrder as refusal:
        advice = _("Say which, at “Days in numbers”.")
        made.problem = f"{refusal} {advice}"
    except WrongOrder as refusal:
        made.problem = str(refusal)
    first = list(islice(sheet.rows(), ROWS))
    drafts = planning.plan([understanding.understand(number, cells) for number, cells in first])
    names = names_of(drafts)
    made.rows = [seen(draft, vocabulary, names) for draft in drafts]
    return made


def names_of(drafts: Sequence[Draft]) -> dict[int, str]:
    """Name the places of these rows."""
    keys = {place["place_id"] for draft in drafts for place in draft.places}
    return {place.pk: place.label for place in Place.objects.filter(pk__in=keys)}


def seen(draft: Draft, vocabulary: Vocabulary, names: dict[int, str]) -> SeenRow:
    """Say a row as it would be understood."""
    incident = draft.incident
    days = [incident.get("earliest"), incident.get("latest")]
    shown = dict.fromkeys(day.isoformat() if day else "…" for day in days) if any(days) else {}
    return SeenRow(
        number=draft.understood.row,
        fate=draft.fate,
        title=incident.get("title", ""),
        category=category_of(incident.get("category_id"), vocabulary),
        date=incident.get("date_words", ""),
        days=" – ".join(shown),
        places=[names[place["place_id"]] for place in draft.places],
        claims=[claim_seen(claim, vocabulary) for claim in draft.claims],
        lines=draft.understood.lines,
        extra=draft.understood.extra,
    )


def category_of(key: int | None, vocabulary: Vocabulary) -> str:
    """Name the category of a row that was understood."""
    known = vocabulary.categories.values()
    return next((found.name for found in known if found.key == key), "")


def claim_seen(claim: ClaimDraft, vocabulary: Vocabulary) -> SeenClaim:
    """Say a claim as it would be saved."""
    source = claim.names["source"] or claim.columns["source_as_printed"]
    return SeenClaim(
        words=claim.columns["words"],
        reading=", ".join(numbers_of(claim.columns)),
        source=source,
        is_new_source=bool(claim.names["source"]) and not vocabulary.source(source),
        article=claim.article["url"] or claim.article["title"],
    )


def numbers_of(columns: dict[str, Any]) -> Iterator[str]:
    """Say the numbers that follow from the words of a claim."""
    if columns.get("qualifier"):
        yield str(choices.Qualifier(columns["qualifier"]).label)
    labels = {
        "low": pgettext("bound", "low"),
        "value": pgettext("bound", "value"),
        "high": pgettext("bound", "high"),
    }
    for name, label in labels.items():
        if columns.get(name) is not None:
            yield f"{label} {columns[name]:,}"
