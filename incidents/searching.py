"""Looks incidents up by words, in any script: what a query asks of the index, and how.

One rule: an incident is found exactly when its searchable text has every word, Latin and the like
from the beginning of a word, Korean, Chinese and others anywhere. Where the index cannot tell, the
text itself is looked at. Called by filterset and the desk.
"""

import json
from dataclasses import dataclass
from functools import cached_property

from django.db import connection
from django.db.models import Exists, QuerySet

from incidents.models import IncidentText
from incidents.names import fold
from incidents.words import wanted

RARE = 5_000  # texts; fewer are all found before anything else is asked
FEW = 30_000  # texts that PostgreSQL sorts sooner than it walks the list for them


@dataclass(frozen=True)
class Search:
    """A query, as the index and the texts are asked for it."""

    tokens: tuple[str, ...]
    held: tuple[str, ...]  # words that the texts themselves must be asked for

    @property
    def reads_every_text(self) -> bool:
        """Whether nothing in the query can be looked up."""
        return not self.tokens

    def among(self, incidents: QuerySet) -> QuerySet:
        """Keep what has every word; each row is asked, in whichever order they come."""
        held = incidents.holding(self.held)
        if not self.tokens:
            return held
        return held.filter(Exists(IncidentText.objects.of_row().asking(self.tokens)))

    def in_index(self, incidents: QuerySet) -> QuerySet:
        """Keep what has every word; the index is asked once for all."""
        held = incidents.holding(self.held)
        if not self.tokens:
            return held
        return held.filter(pk__in=IncidentText.objects.asking(self.tokens).values("incident"))

    @cached_property
    def frequency(self) -> int:
        """About how many texts have these tokens; beyond RARE, SQLite says no more than that."""
        found = IncidentText.objects.asking(self.tokens).order_by()
        if connection.vendor == "postgresql":
            [plan] = json.loads(found.values("key").explain(format="json"))
            return plan["Plan"]["Plan Rows"]
        return found.values("key")[: RARE + 1].count()

    @property
    def is_rare(self) -> bool:
        """Whether so few texts have these tokens that they are best looked up first."""
        return bool(self.tokens) and self.frequency <= RARE


def search_for(text: str) -> Search:
    """Understand a query; each word is asked for once."""
    words = wanted(fold(text))
    tokens = dict.fromkeys(token for word in words for token in word.tokens)
    return Search(tuple(tokens), tuple(word.held for word in words if word.held))


def matching(incidents: QuerySet, text: str) -> QuerySet:
    """Keep incidents that have every word of a text; for lists in an order of their own."""
    return search_for(text).in_index(incidents)
