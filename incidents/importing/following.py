"""Works out what follows for incidents that arrive, before any row of theirs is stored.

One rule: it shows `deriving` what it would read once the rows stood, so that each is written
once, with all that follows from it. Called by saving.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from incidents.deriving import Derived, derive_from
from incidents.gathering import Arriving, body_of, gather
from incidents.importing.articles import Known
from incidents.importing.planning import ClaimDraft, Draft
from incidents.models import Source, parents_of_sources
from incidents.placing import Placing


class Spoken(NamedTuple):
    """A claim that is to be inserted, with what it refers to."""

    key: int
    incident: int
    article: Known
    source: int | None
    draft: ClaimDraft


class Following:
    """What follows for the new incidents of one file."""

    def __init__(self, now: dt.datetime) -> None:
        """Read what sources belong to; `names` of sources and places follow as they are met."""
        self.now, self.placing = now, Placing()
        self.parents, self.names = parents_of_sources(), dict[int, str]()

    def derive(
        self, incidents: Sequence[dict], drafts: Iterable[Draft], spoken: Iterable[Spoken]
    ) -> Derived:
        """Compute what follows for these incidents, from their drafts and what is said of them."""
        claims: dict[int, list[dict]] = defaultdict(list)
        for said in sorted(spoken):
            claims[said.incident].append(self.as_gathered(said))
        assessed, places = False, {}
        for incident, draft in zip(incidents, drafts, strict=True):
            stand = [(place["place_id"], place["role"], place["words"]) for place in draft.places]
            places[incident["id"]] = stand
            assessed = assessed or bool(draft.assessments)
        touched = {place for its in places.values() for place, _role, _words in its}
        touched |= {claim["place_id"] for its in claims.values() for claim in its} - {None}
        self.placing.learn(touched)
        return derive_from(
            gather(list(places), Arriving(incidents, claims, places, assessed)), self.placing
        )

    def as_gathered(self, said: Spoken) -> dict[str, Any]:
        """See a claim that is not stored yet as `gathering` would read it."""
        article, source = said.article, said.source
        claim = {
            **said.draft.columns,
            "id": said.key,
            "source_id": source,
            "source__name": source and self.name_of(source),
            "source_suggested": False,
            "repeats_id": None,
            "corrects_id": None,
            "created": self.now,
            "closed": False,
            "article_id": article.key,
            "article__publisher_id": article.publisher,
            "article__publisher__name": article.publisher and self.name_of(article.publisher),
            "article__url": article.url,
            "article__archive_url": article.archive_url,
        }
        claim["body"] = body_of(claim, self.parents)
        return claim

    def name_of(self, source: int) -> str:
        """Name a source by its key."""
        if source not in self.names:
            self.names |= dict(Source.objects.values_list("pk", "name"))
        return self.names[source]
