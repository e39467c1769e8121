"""Loads the rows that columns and pages show, for one reader, a batch at a time.

One rule: everything beside the row itself (claims, links, wave) is asked for as this reader, so
that nothing restricted shows through. A batch takes the same few queries for 2 or 1,000 rows.
"""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from incidents import cited, dates
from incidents.cells import line_feeds
from incidents.filters import Question
from incidents.models import (
    Article,
    Claim,
    ClaimStep,
    Incident,
    IncidentFigure,
    IncidentLink,
    code_of,
    review_state,
)
from incidents.models.places import name_field

Row = dict[str, Any]
POINT_KINDS = ("locality", "site")
PRECISION_OF_KIND = {
    "site": "site",
    "locality": "locality",
    "admin2": "admin2",
    "admin1": "admin1",
    "country": "country",
}
INCIDENT_FIELDS = (
    "id kind title category__code category__name category__measure status version signed_version "
    "second_read date_edtf date_words date_inferred earliest latest sending__code receiving__code "
    "people_label responsible people_low people_best people_high stated_min stated_max "
    "figure_kind figure_words figure_words_ko figure_words_zh disputed newer_claims sources_named "
    "sources_own unnamed_outlets wave_id summary extra first_published updated latitude longitude "
    "point_precision main_role main_place__code main_place__kind main_place__latitude "
    "main_place__longitude main_place__country__code main_place__country__iso3 "
    "main_place__region__code main_place__admin1__code restricted"
).split()
REVIEWED = ("status", "version", "signed_version", "second_read")
CLAIM_FIELDS = (
    "id incident_id article_id source_id source__name source__slug source__kind "
    "source__country__code source_as_printed source_suggested stance measure basis of_id words "
    "qualifier low value high unit people act_words date_edtf date_words date_inferred "
    "date_reasoning earliest latest place_words place__code place_role quote translation locator "
    "origin seen_original repeats_id corrects_id credibility status status_note counts updated "
    "article__title article__publisher_id article__publisher__name "
    "article__publisher__slug article__credit__name "
    "article__reprint_of_id article__date_edtf article__date_words article__date_inferred "
    "article__language article__url article__archive_url restricted"
).split()


def incident_rows(keys: Sequence[int], question: Question, standings: dict) -> list[Row]:
    """Load the rows of these incidents (by key), in the order given."""
    name = name_field(get_language())
    places = [f"main_place__{part}{name}" for part in ("", "region__", "country__", "admin1__")]
    places += [f"sending__{name}", f"receiving__{name}"]
    rows = Incident.objects.filter(pk__in=keys).order_by().values(*INCIDENT_FIELDS, *places)
    loaded = {row["id"]: row for row in rows}
    beside = Beside(keys, question.user)
    for row in loaded.values():
        complete_incident(row, question, beside, name)
        row.update(standing_of(row, standings))
    return [loaded[key] for key in keys if key in loaded]


class Beside:
    """What stands beside some incidents, as one reader may see it."""

    def __init__(self, keys: Sequence[int], user) -> None:
        self.claims: dict[int, list[Row]] = defaultdict(list)
        for claim in claim_values(keys, user):
            self.claims[claim["incident_id"]].append(claim)
        self.overlaps: dict[int, list[str]] = defaultdict(list)
        self.stages: dict[int, list[str]] = defaultdict(list)
        self.read_links(keys, user)
        self.figures: dict[int, list[Row]] = defaultdict(list)
        figures = IncidentFigure.objects.filter(incident__in=keys).order_by("measure")
        for figure in figures.values():
            self.figures[figure["incident_id"]].append(figure)
        waves = Incident.objects.visible_to(user).filter(events__in=keys)
        self.waves = set(waves.values_list("pk", flat=True))

    def read_links(self, keys: Sequence[int], user) -> None:
        """Read the links whose both ends this reader may see."""
        for first, second, kind, certainty in links_of(keys, user):
            if kind == "next_stage":
                self.stages[first].append(code_of(second))
            else:
                self.overlaps[first].append(f"{code_of(second)} ({certainty})")
                self.overlaps[second].append(f"{code_of(first)} ({certainty})")


def links_of(keys: Sequence[int], user) -> list[tuple[int, int, str, str]]:
    """Read the links of these incidents whose both ends a reader may see: ends, kind, certainty."""
    links = IncidentLink.objects.filter(Q(first__in=keys) | Q(second__in=keys)).order_by("id")
    found = list(links.values_list("first_id", "second_id", "kind", "certainty"))
    ends = {end for first, second, *_about in found for end in (first, second)}
    seen = Incident.objects.visible_to(user).filter(pk__in=ends)
    visible = set(seen.values_list("pk", flat=True)) if ends else set()
    return [link for link in found if visible.issuperset(link[:2])]


def claim_values(keys: Sequence[int], user) -> list[Row]:
    """Read the claims on these incidents that a reader may see, by incident and number."""
    place = f"place__{name_field(get_language())}"
    claims = Claim.objects.visible_to(user).filter(incident__in=keys)
    rows = list(claims.order_by("id").values(*CLAIM_FIELDS, place))
    for row in rows:
        row["place_name"] = row.pop(place) or ""
        row["speaker"] = speaker_of(row)
    return rows


def speaker_of(claim: Row) -> str:
    """Name who says it, in the reader's language where it is the article itself."""
    return cited.speaker_of(claim) or str(_(cited.THE_ARTICLE))


def complete_incident(row: Row, question: Question, beside: Beside, name: str) -> None:
    """Add to an incident's row what follows from it and from what stands beside it."""
    key, language = row["id"], (get_language() or "en")[:2]
    kind = row["main_place__kind"]
    for part in ("region", "country", "admin1"):
        row[part] = row[f"main_place__{part}__{name}"] or ""
        row[f"{part}_code"] = row[f"main_place__{part}__code"]
    row["place"] = row[f"main_place__{name}"] or ""
    row["place_code"], row["place_role"] = row["main_place__code"], row["main_role"]
    row["country_iso3"] = row["main_place__country__iso3"]
    row["sending"], row["receiving"] = row["sending__code"], row["receiving__code"]
    row["sending_name"] = row[f"sending__{name}"] or row["sending"]
    row["receiving_name"] = row[f"receiving__{name}"] or row["receiving"]
    row["category"] = row["category__code"]
    row["place_precision"] = row["point_precision"] or PRECISION_OF_KIND.get(kind, "none")
    if row["latitude"] is None and kind in POINT_KINDS:
        row["latitude"] = row["main_place__latitude"]
        row["longitude"] = row["main_place__longitude"]
    row["figure_words"] = row.get(f"figure_words_{language}") or row["figure_words"]
    row["review"] = review_of(row)
    row["date_precision"] = dates.precision_of(row["earliest"], row["latest"])
    row["date_match"] = question.match_of(row["earliest"], row["latest"])
    row["year"] = year_of(row)
    row["other_figures"] = [
        figure_cell(figure, language)
        for figure in beside.figures[key]
        if figure["measure"] != row["category__measure"]
    ]
    row["claim_rows"] = beside.claims[key]
    row["claim_count"] = len(row["claim_rows"])
    row["wave"] = row["wave_id"] if row["wave_id"] in beside.waves else None
    row["may_overlap"], row["next_stage"] = beside.overlaps[key], beside.stages[key]
    row["references"] = cited.cited_once(row["claim_rows"])
    row["sources"] = [reference["speaker"] for reference in row["references"]]
    row["article_urls"] = [reference["article__url"] for reference in row["references"]]
    row["archive_urls"] = [reference["article__archive_url"] for reference in row["references"]]
    row["code"] = code_of(key)
    row["path"] = reverse("incident-detail", args=[row["code"]])
    row["url"] = settings.SITE_URL + row["path"]


def review_of(row: Row) -> str:
    """Say where a row stands between researcher and reviewer; as `Incident.review` does."""
    return str(review_state(*(row[name] for name in REVIEWED)))


def year_of(row: Row) -> int | None:
    """The year, where both days lie in one."""
    years = {row[name].year for name in ("earliest", "latest") if row[name]}
    return years.pop() if len(years) == 1 and row["earliest"] and row["latest"] else None


def figure_cell(figure: Row, language: str) -> str:
    """Write a figure in another measure: `missing 3/5/9 (3 to 9)`; a dash where nobody said."""
    numbers = "/".join(
        "-" if figure[name] is None else str(figure[name])
        for name in ("people_low", "people_best", "people_high")
    )
    words = figure.get(f"figure_words_{language}") or figure["figure_words"]
    return f"{figure['measure']} {numbers} ({words})"


def standing_of(row: Row, standings: dict) -> Row:
    """Say whether a row is a line of the question's total, why not, and which group it is in."""
    if row["kind"] == "aggregate":
        return {"counted": False, "counted_why": "aggregate", "group": None}
    if row["id"] in standings:
        standing = standings[row["id"]]
        return {
            "counted": standing.counted,
            "counted_why": standing.why,
            "group": standing.group,
        }
    has_figure = row["figure_kind"] != "none"
    return {"counted": has_figure, "counted_why": "" if has_figure else "no figure", "group": None}


def claim_rows(keys: Sequence[int], question: Question) -> list[Row]:
    """Load the visible claims of these incidents, in the incidents' order, then by number."""
    rows = claim_values(keys, question.user)
    shown = VisibleReferences(rows, question.user)
    steps = steps_of([row["id"] for row in rows])
    for row in rows:
        complete_claim(row, shown, steps)
    order = {key: position for position, key in enumerate(keys)}
    return sorted(rows, key=lambda row: (order[row["incident_id"]], row["id"]))


class VisibleReferences:
    """Which claims and articles that these claims refer to may be named to a reader."""

    def __init__(self, rows: Sequence[Row], user) -> None:
        claims = {row[name] for row in rows for name in ("of_id", "repeats_id", "corrects_id")}
        articles = {row["article__reprint_of_id"] for row in rows}
        self.claims = set(
            Claim.objects.visible_to(user)
            .filter(pk__in=claims - {None})
            .values_list("pk", flat=True)
        )
        self.articles = set(
            Article.objects.visible_to(user)
            .filter(pk__in=articles - {None})
            .values_list("pk", flat=True)
        )


def steps_of(claims: Sequence[int]) -> dict[int, list[str]]:
    """Write the chains of these claims: name, verb and day of each step."""
    steps: dict[int, list[str]] = defaultdict(list)
    rows = ClaimStep.objects.filter(claim__in=claims).order_by("claim", "position")
    for claim, name, verb, date in rows.values_list(
        "claim_id", "name_as_printed", "verb", "date_edtf"
    ):
        steps[claim].append(", ".join(filter(None, (name, verb, date))))
    return steps


def complete_claim(row: Row, shown: VisibleReferences, steps: dict[int, list[str]]) -> None:
    """Add to a claim's row what follows from it."""
    row["source_name"] = row["source__name"]
    row["source_slug"], row["source_kind"] = row["source__slug"], row["source__kind"]
    row["source_country"] = row["source__country__code"]
    row["steps"] = steps[row["id"]]
    for name in ("of", "repeats", "corrects"):
        row[name] = row[f"{name}_id"] if row[f"{name}_id"] in shown.claims else None
    reprint = row["article__reprint_of_id"]
    row["reprint_of"] = reprint if reprint in shown.articles else None
    row["place_code"] = row["place__code"]
    row["article_title"], row["publisher"] = row["article__title"], row["article__publisher__name"]
    row["credit"] = row["article__credit__name"]
    row["published"], row["published_words"] = row["article__date_edtf"], row["article__date_words"]
    row["language"] = row["article__language"]
    row["article_url"], row["archive_url"] = row["article__url"], row["article__archive_url"]
    row["quote"] = line_feeds(row["quote"])
    path = reverse("incident-detail", args=[code_of(row["incident_id"])])
    row["url"] = f"{settings.SITE_URL}{path}#claim-{row['id']}"
