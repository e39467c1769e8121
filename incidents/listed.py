"""The rows of the list page, from what stands on the incidents themselves.

One rule: what a row cites was derived from what everybody may read; where somebody may read
restricted claims as well, those incidents' citations are worked out for them. A page takes the
same few queries whatever it shows. Called by views.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from incidents import cited
from incidents.filters import Question
from incidents.models import Claim, Incident, Place, choices, code_of
from incidents.models.places import name_field
from incidents.records import Row, claim_values, links_of, review_of, standing_of

FIELDS = (
    "id kind title category__name category__measure status version signed_version second_read "
    "date_edtf date_words date_inferred earliest latest figure_kind figure_words disputed "
    "newer_claims sources_named unnamed_outlets cited linked tied restricted "
    "main_place_id sending_id receiving_id"
).split()
PLACES = ("main_place_id", "sending_id", "receiving_id")
NOWHERE = ("", "")


def rows(
    keys: Sequence[int],
    question: Question,
    read_standings: Callable[[Sequence[int]], dict[int, Any]],
) -> list[Row]:
    """Load what the list shows of these incidents (by key), in the order given.

    How tied ones stand in the total is read only where there are any. Places are read by
    themselves: to plan how six tables are joined takes longer than to read them.
    """
    words, named = f"figure_words_{language()}", f"category__{name_field(get_language())}"
    shown = {*FIELDS, named, *({words} if language() in ("ko", "zh") else ())}
    found = Incident.objects.filter(pk__in=keys).order_by()
    loaded = {row["id"]: row for row in found.values(*shown)}
    places = places_of(loaded.values())
    closed = citations_for(question, keys)
    overlaps = overlaps_of([key for key, row in loaded.items() if row["linked"]], question.user)
    tied = [key for key, row in loaded.items() if row["tied"]]
    standings = read_standings(tied) if tied else {}
    address = reverse("incident-detail", args=["CODE"])
    for key, row in loaded.items():
        row["code"] = code_of(key)
        row["path"] = address.replace("CODE", row["code"])
        row["figure_words"] = row.get(words) or row["figure_words"]
        row["category"] = row[named] or row["category__name"]
        row["place"], row["country"] = places.get(row["main_place_id"], NOWHERE)
        row["sending"], _country = places.get(row["sending_id"], NOWHERE)
        row["receiving"], _country = places.get(row["receiving_id"], NOWHERE)
        row["may_overlap"] = overlaps.get(key, ())
        row["cited"] = closed.get(key, row["cited"])
        row["badges"] = list(badges(row))
        row["date_match"] = question.match_of(row["earliest"], row["latest"])
        row.update(standing_of(row, standings))
    return [loaded[key] for key in keys if key in loaded]


def places_of(loaded: Iterable[Row]) -> dict[int, tuple[str, str]]:
    """Name every place of these rows and its country, in the reader's language."""
    keys = {row[name] for row in loaded for name in PLACES} - {None}
    own = name_field(get_language())
    names = (own, "name", f"country__{own}", "country__name")
    found = Place.objects.filter(pk__in=keys).order_by().values_list("pk", *names)
    return {
        key: (its or name, country or name_of_country or "")
        for key, its, name, country, name_of_country in found
    }


def language() -> str:
    """The two letters of the reader's language."""
    return (get_language() or "en")[:2]


def citations_for(question: Question, keys: Sequence[int]) -> dict[int, list]:
    """Work out what these incidents cite where this reader sees more than everybody does."""
    if not question.closed_claims:
        return {}
    seen = Claim.objects.filter(pk__in=question.closed_claims, incident__in=keys).order_by()
    more = set(seen.values_list("incident_id", flat=True))
    claims: dict[int, list[Row]] = defaultdict(list)
    for claim in claim_values(list(more), question.user) if more else ():
        claims[claim["incident_id"]].append(claim)
    return {key: cited.citations(rows)["cited"] for key, rows in claims.items()}


def overlaps_of(keys: Sequence[int], user) -> dict[int, list[str]]:
    """Name what may be about the same people as each of these incidents: code (certainty)."""
    overlaps: dict[int, list[str]] = defaultdict(list)
    for first, second, kind, certainty in links_of(keys, user) if keys else ():
        if kind == choices.LinkKind.SAME_PEOPLE:
            overlaps[first].append(f"{code_of(second)} ({certainty})")
            overlaps[second].append(f"{code_of(first)} ({certainty})")
    return overlaps


def badges(row: Row) -> Iterable[tuple[str, str]]:
    """Name what a reader must know of a record beside its title: look and words of each."""
    if row["kind"] != "event":
        yield "", choices.IncidentKind(row["kind"]).label
    if row["status"] != "published":
        yield "amber", choices.Status(row["status"]).label
    elif (review := review_of(row)) != "second_read":
        yield "amber" if review == "changed" else "", choices.Review(review).label
    if row["restricted"]:
        yield "red", _("restricted")


def speaker_and_address(citation: Sequence[Any]) -> tuple[str, str, str]:
    """Read a stored citation: who says it, the address of the page, who published it if else."""
    speaker, article, url, publisher = citation
    shown = speaker or _(cited.THE_ARTICLE)
    address = url or reverse("article-detail", args=[article])
    return shown, address, "" if publisher == shown else publisher
