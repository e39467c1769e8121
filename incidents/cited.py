"""Who says it and where: the citations that stand on an incident's row and in its cells.

One rule: a speaker is named as readers should see it, and each is cited once for an article, in
the order of the claims. Called by deriving, which stores them, and by records.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from django.utils.translation import gettext_noop

from incidents.cells import joined

Row = dict[str, Any]
AFFIRMING = ("affirms", "affirms_in_part")
THE_ARTICLE = gettext_noop("the article itself")


def speaker_of(claim: Row) -> str:
    """Name who says it: a suggested reading is not the source's word. Empty: the article itself."""
    if claim["source__name"] and not claim["source_suggested"]:
        return claim["source__name"]
    printed = claim["source_as_printed"] or claim["source__name"]
    return printed or claim["article__publisher__name"] or ""


def cited_once(claims: Iterable[Row]) -> list[Row]:
    """List the claims that first name each speaker in each article, by number."""
    once = {(speaker_of(c), c["article_id"]): c for c in reversed(list(claims))}
    return sorted(once.values(), key=lambda claim: claim["id"])


def unnamed_outlets(claims: Sequence[Row]) -> int:
    """Count the outlets that stand for a source nobody names, and are not named elsewhere."""
    named = {claim["source_id"] for claim in claims}
    silent = {claim["article__publisher_id"] for claim in claims if is_unnamed(claim)}
    return len(silent - named - {None})


def is_unnamed(claim: Row) -> bool:
    """Tell whether a claim affirms something without saying who says so."""
    affirms = claim["stance"] in AFFIRMING and claim["status"] == "accepted"
    named = claim["source_id"] or claim["source_as_printed"] or claim["repeats_id"]
    return affirms and not named


def citations(claims: Sequence[Row]) -> Row:
    """Give what an incident's row holds of these claims: how many, and who says so where.

    `cited` lists speaker (empty: the article itself), article, URL, publisher (both may be empty);
    the cells are aligned by position.
    """
    once = cited_once(claims)
    return {
        "open_claims": len(claims),
        "unnamed_outlets": unnamed_outlets(claims),
        "cited": [
            [
                speaker_of(claim),
                claim["article_id"],
                claim["article__url"],
                claim["article__publisher__name"] or "",
            ]
            for claim in once
        ],
        "cited_sources": joined(speaker_of(claim) or THE_ARTICLE for claim in once),
        "cited_urls": joined(claim["article__url"] for claim in once),
        "cited_archives": joined(claim["article__archive_url"] for claim in once),
    }
