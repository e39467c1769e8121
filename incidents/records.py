"""Loads the claims and links that pages show beside incidents, for one reader, a batch at a time.

One rule: all of it is asked for as this reader, so that nothing restricted shows through. A batch
takes the same few queries for 2 or 1,000 rows. Called by the pages of records and of lists.
"""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from incidents import cited
from incidents.cells import line_feeds
from incidents.filters import Question
from incidents.models import (
    Article,
    Claim,
    ClaimStep,
    Incident,
    IncidentLink,
    code_of,
    review_state,
)
from incidents.models.places import name_field

Row = dict[str, Any]
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
    name = f"place__{name_field(get_language())}"
    claims = Claim.objects.visible_to(user).filter(incident__in=keys)
    rows = list(claims.order_by("id").values(*CLAIM_FIELDS, *{name, "place__name"}))
    for row in rows:
        row["place_name"] = row[name] or row["place__name"] or ""
        row["speaker"] = speaker_of(row)
    return rows


def speaker_of(claim: Row) -> str:
    """Name who says it, in the reader's language where it is the article itself."""
    return cited.speaker_of(claim) or str(_(cited.THE_ARTICLE))


def review_of(row: Row) -> str:
    """Say where a row stands between researcher and reviewer; as `Incident.review` does."""
    return str(review_state(*(row[name] for name in REVIEWED)))


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
