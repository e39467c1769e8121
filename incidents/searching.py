"""Looks incidents up by words, in any script: what a query asks of the index, and how.

One rule: whatever has every word is found, Latin and the like from the beginning of a word, Korean,
Chinese and others anywhere; where a number stands before such a letter, longer numbers are found
too (1명 in 21명). Where the index cannot tell, the text itself is looked at. Called by filterset
and the desk.
"""

import json
import math
from dataclasses import dataclass
from functools import cached_property

from django.db import connection
from django.db.models import Exists, QuerySet

from incidents.models import IncidentText
from incidents.names import fold
from incidents.words import Wanted, wanted

RARE = 5_000  # texts; fewer are all found before anything else is asked
FEW = 5  # times the square root of all texts
ESTIMATED = 12  # tokens of a query whose number is estimated; more say little more


@dataclass(frozen=True)
class Search:
    """A query, as the index and the texts are asked for it."""

    words: tuple[Wanted, ...]

    @cached_property
    def tokens(self) -> tuple[str, ...]:
        """What the index is asked for, each once."""
        return tuple(dict.fromkeys(token for word in self.words for token in word.tokens))

    @property
    def held(self) -> tuple[str, ...]:
        """The words that the texts themselves must be asked for."""
        return tuple(word.held for word in self.words if word.held)

    @property
    def reads_every_text(self) -> bool:
        """Whether nothing in the query can be looked up."""
        return not self.tokens

    def among(self, incidents: QuerySet) -> QuerySet:
        """Keep what has every word; each row is asked, in whichever order they come."""
        held = incidents.holding(self.held)
        if not self.tokens:
            return held
        return held.filter(Exists(IncidentText.objects.of_row().having(self.tokens)))

    def in_index(self, incidents: QuerySet) -> QuerySet:
        """Keep what has every word; the index is asked once for all."""
        held = incidents.holding(self.held)
        if not self.tokens:
            return held
        return held.filter(pk__in=IncidentText.objects.asking(self.tokens).values("incident"))

    @cached_property
    def frequency(self) -> int:
        """About how many texts have these tokens; beyond RARE, SQLite says no more than that."""
        if connection.vendor == "postgresql":
            return self.expected[0]
        found = IncidentText.objects.asking(self.tokens)
        return found.order_by().values("key")[: RARE + 1].count()

    @cached_property
    def expected(self) -> tuple[int, int]:
        """How many texts PostgreSQL's planner expects to have these tokens, and how many in all.

        Pairs of one word come together, so a word counts as often as its rarest token; different
        words are taken to come by chance.
        """
        tokens = self.tokens[:ESTIMATED]
        texts = IncidentText.objects.order_by().values("key")
        asked = [texts.asking([token]) for token in tokens]
        plan = json.loads(texts.union(*asked, all=True).explain(format="json"))[0]["Plan"]
        every, *each = [part["Plan Rows"] for part in plan["Plans"]]
        share = dict(zip(tokens, (rows / every for rows in each), strict=True))
        words = [[share[token] for token in word.tokens if token in share] for word in self.words]
        return round(every * math.prod(min(word) for word in words if word)), every

    @cached_property
    def is_sorted_sooner(self) -> bool:
        """Whether PostgreSQL finds and sorts all such texts sooner than it walks to the next few.

        To find them it reads about a page for each; to walk it reads a page's worth of the list for
        each that it needs, so both cost the same near the square root of all there are.
        """
        if connection.vendor != "postgresql":
            return False
        found, every = self.expected
        return found <= FEW * math.sqrt(every)

    @property
    def is_walked_to(self) -> bool:
        """Whether PostgreSQL walks the list for texts with these tokens, and may walk far."""
        return connection.vendor == "postgresql" and not self.is_sorted_sooner

    @property
    def is_rare(self) -> bool:
        """Whether so few texts have these tokens that they are best looked up first."""
        return bool(self.tokens) and self.frequency <= RARE


def search_for(text: str) -> Search:
    """Understand a query; each word is asked for once."""
    return Search(tuple(wanted(fold(text))))


def matching(incidents: QuerySet, text: str) -> QuerySet:
    """Keep incidents that have every word of a text; for lists in an order of their own."""
    return search_for(text).in_index(incidents)
