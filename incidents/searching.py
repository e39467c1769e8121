"""Looks incidents up by words, in any script: what a query asks of the index, and how.

One rule: whatever has every word is found, Latin and the like from the beginning of a word, Korean,
Chinese and others anywhere; where a number stands before such a letter, longer numbers are found
too (1명 in 21명). Where the index cannot tell, the text itself is looked at. Called by filterset
and the desk.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Exists, QuerySet

from incidents.models import IncidentText
from incidents.names import fold
from incidents.words import Wanted, wanted

WALKED = 6  # keys that the index of words gives in the time that one row is asked for its words
REACHED = 2  # and in which one incident is reached by its key
NARROWING = 2  # one text in so many may have a token that is asked for beside words
RARE = 5_000  # texts; fewer are all found before anything else is asked, on SQLite
COMMON = 20_000  # texts; where more have the words, SQLite walks a list in another order sooner
ESTIMATED = 12  # tokens of a query whose number is estimated; more say little more


@dataclass(frozen=True)
class Search:
    """A query, as the index and the texts are asked for it.

    `beside`: tokens of a place or a category that is asked for with the words; only the index is
    asked for them, and only where they spare it much.
    """

    words: tuple[Wanted, ...]
    beside: tuple[str, ...] = ()

    @cached_property
    def tokens(self) -> tuple[str, ...]:
        """What the index is asked for, each once."""
        return tuple(dict.fromkeys(token for word in self.words for token in word.tokens))

    @cached_property
    def looked_up(self) -> tuple[str, ...]:
        """What the index is asked for where the question itself is narrowed by it anyway."""
        return (*self.tokens, *self.narrowing) if self.tokens else ()

    @cached_property
    def narrowing(self) -> tuple[str, ...]:
        """What is asked for beside the words and leaves few texts; SQLite is told of all."""
        if connection.vendor != "postgresql":
            return self.beside
        return tuple(token for token in self.beside if self.shares[token] * NARROWING <= 1)

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
        return held.filter(pk__in=IncidentText.objects.asking(self.looked_up).values("incident"))

    @cached_property
    def frequency(self) -> int:
        """About how many texts the index gives; beyond RARE, SQLite says no more than that."""
        if connection.vendor == "postgresql":
            return round(self.expected[0] * math.prod(self.shares[t] for t in self.narrowing))
        found = IncidentText.objects.asking(self.looked_up)
        return found.order_by().values("key")[: RARE + 1].count()

    @property
    def is_common(self) -> bool:
        """Whether so many texts have the words that SQLite sorts none of them by anything else."""
        if connection.vendor == "postgresql":
            return False
        found = IncidentText.objects.asking(self.looked_up).order_by().values("key")
        return found[: COMMON + 1].count() > COMMON

    @cached_property
    def expected(self) -> tuple[int, int]:
        """How many texts PostgreSQL's planner expects to have the words, and how many in all.

        Pairs of one word come together, so a word counts as often as its rarest token; different
        words are taken to come by chance.
        """
        shares = self.shares
        words = [[shares[token] for token in word.tokens if token in shares] for word in self.words]
        return round(self.every * math.prod(min(word) for word in words if word)), self.every

    @property
    def shares(self) -> dict[str, float]:
        """The share of texts in which PostgreSQL's planner expects each token."""
        return {token: rows / self.every for token, rows in self.planned_texts[1].items()}

    @property
    def every(self) -> int:
        """How many texts PostgreSQL's planner expects in all."""
        return self.planned_texts[0]

    @cached_property
    def planned_texts(self) -> tuple[int, dict[str, int]]:
        """How many texts the planner expects in all, and with each of the tokens."""
        tokens = [*self.tokens[:ESTIMATED], *self.beside]
        texts = IncidentText.objects.order_by().values("key")
        asked = [texts.asking([token]) for token in tokens]
        plans = plan_of(texts.union(*asked, all=True))["Plans"]
        every, *each = [max(part["Plan Rows"], 1) for part in plans]
        return every, dict(zip(tokens, each, strict=True))

    def far(self, size: int) -> float:
        """Among how many rows of a list so many with the words are expected."""
        found, every = self.expected
        return size * every / max(found, 1)

    def is_walked_sooner(self, size: int, rows: float) -> bool:
        """Whether PostgreSQL reads the first of a list of so many rows by going through it.

        Each row is asked for its words, until there are enough. The other way all that has the
        words is looked up, reached and sorted.
        """
        far = self.far(size)
        return far < rows and WALKED * far < (1 + REACHED) * self.frequency

    def soonest(self, incidents: QuerySet, rows: int, size: float) -> QuerySet:
        """Keep what has every word, in the way in which PostgreSQL finds so many of them sooner.

        Among about so many rows, in any order: either way ends when there are enough.
        """
        found, every = self.frequency, self.every
        rows = max(rows, 1)
        reached = min(found, size * every / rows)
        walked = WALKED * min(rows, self.far(size)) < found + REACHED * reached
        return self.among(incidents) if walked else self.in_index(incidents)

    def is_rarer_than(self, *others: QuerySet, times: int = 1) -> bool:
        """Whether the index gives fewer texts than any of these questions finds rows, or so many.

        SQLite is not asked how many those are: up to RARE texts count as fewer.
        """
        if connection.vendor != "postgresql":
            return self.frequency <= RARE
        return self.frequency <= times * min(map(planned, others))


def planned(rows: QuerySet) -> int:
    """How many rows PostgreSQL's planner expects a question to find; many take no longer."""
    try:
        return plan_of(rows.order_by().values("pk"))["Plan Rows"]
    except EmptyResultSet:
        return 0


def plan_of(rows: QuerySet) -> dict[str, Any]:
    """What PostgreSQL's planner makes of a question. Raises EmptyResultSet for what has no SQL."""
    sql, params = rows.query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (FORMAT json) {sql}", params)
        return cursor.fetchone()[0][0]["Plan"]


def search_for(text: str, beside: Iterable[str] = ()) -> Search:
    """Understand a query, and tokens asked for beside it; each word is asked for once."""
    return Search(tuple(wanted(fold(text))), tuple(beside))


def matching(incidents: QuerySet, text: str) -> QuerySet:
    """Keep incidents that have every word of a text; for lists in an order of their own."""
    return search_for(text).in_index(incidents)
