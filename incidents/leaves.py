"""Pages of the incidents that have some words, as PostgreSQL finds them soonest.

One rule: the index of words is asked alone, for keys in the list's order and no more than a page
will need; incidents are then reached by their keys. Asked for both at once, the planner reads whole
tables or walks whole lists. Called by keyset.
"""

import datetime as dt
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import QuerySet

from incidents.chunks import in_chunks
from incidents.filters import Question
from incidents.models import IncidentText, text_key
from incidents.searching import Search, planned

SPARE = 1.4  # times what a page is expected to need, so that seldom more has to be looked for
COUNTED = 16  # texts that are counted off in the time that one is read
FURTHER = 4  # times as far, where a stretch held too few
MOST = 5_000  # keys at once
BUNCH = 300  # incidents at once; of many more, the planner walks lists instead


@dataclass(frozen=True)
class Leaf:
    """One page asked for: the words, the rows without them in the list's order, and its size.

    `every` are all rows, `rows` those after `edge`: value and key of the last row of the page
    before.
    """

    question: Question
    every: QuerySet
    rows: QuerySet
    size: int
    downwards: bool
    edge: tuple[Any, int] | None = None

    @property
    def search(self) -> Search:
        """The words asked for."""
        return self.question.search

    def by_day(self) -> list[tuple]:
        """Find the rows in the order of days."""
        if self.rows_are_rarer:
            return list(self.search.among(self.rows)[: self.size])
        found: list[tuple] = []
        for part in self.parts():
            found += part
            if len(found) >= self.size:
                break
        return found[: self.size]

    def by_another(self) -> list[tuple]:
        """Find the rows in an order that the words do not have.

        Those of fewer texts are sorted here, and cut off after the edge: asked for either, the
        planner may walk the order.
        """
        if self.search.is_walked_sooner(self.size, math.inf):
            return list(self.search.among(self.rows)[: self.size])
        found = self.sorted(self.search.in_index(self.every.order_by()))
        return list(filter(self.is_after_edge, found))[: self.size]

    @cached_property
    def is_found_whole(self) -> bool:
        """Whether all texts with the words are read sooner than a stretch is counted off."""
        return self.search.frequency * COUNTED <= self.away

    @cached_property
    def texts(self) -> QuerySet:
        """The texts to look among: of the days asked for, or of those and all before."""
        return self.texts_from(None if self.is_found_whole else self.question.stretch[0])

    @cached_property
    def within(self) -> int:
        """About how many texts there are in the days asked for."""
        first, end = self.question.stretch
        every = self.search.every
        return every if first is end is None else planned(self.texts_from(first))

    def texts_from(self, first: dt.date | None) -> QuerySet:
        """The texts of the days asked for; those of very long or open rows may lie before."""
        end = self.question.stretch[1]
        texts = IncidentText.objects.all()
        if first is not None:
            texts = texts.filter(key__gte=text_key(first, 0))
        return texts if end is None else texts.filter(key__lt=text_key(end, 0))

    @cached_property
    def others(self) -> int:
        """How many rows the rest of the question finds, whatever their words."""
        return planned(self.question.without_words.incidents)

    @cached_property
    def wanted(self) -> int:
        """How many texts with the words a page is expected to need: not every row is asked for."""
        narrowed = math.prod(self.search.shares[token] for token in self.search.narrowing)
        share = min(1, (1 + self.others) / (1 + self.within * narrowed))
        return math.ceil(min(MOST, SPARE * self.size / share))

    @cached_property
    def share(self) -> float:
        """The share of texts that the index gives."""
        return max(self.search.frequency, 1) / self.search.every

    @property
    def away(self) -> int:
        """Among how many texts a page's worth with the words is expected."""
        return math.ceil(self.wanted / self.share)

    @property
    def rows_are_rarer(self) -> bool:
        """Whether fewer rows than texts come into question."""
        return self.others < self.share * self.within

    def parts(self) -> Iterator[list[tuple]]:
        """Go through the rows with the words, some at a time, in order."""
        first, _end = self.question.stretch
        apart = first is not None and not self.is_found_whole
        if apart and not self.downwards:
            yield self.wide_before(first)
        for keys in self.stretches():
            yield from map(self.rows_at, in_chunks(keys, BUNCH))
        if apart and self.downwards:
            yield self.wide_before(first)

    def with_words(self, away: int) -> QuerySet:
        """The texts that have the words: looked up, or read one by one where fewer are."""
        tokens = self.search.looked_up
        few = away * COUNTED <= self.search.frequency
        return self.texts.having(tokens) if few else self.texts.asking(tokens)

    def rows_at(self, keys: Sequence[int]) -> list[tuple]:
        """Find the rows of these texts, all of which come after the edge.

        Asked for these numbers, for an order or an edge, the planner may walk a list that holds
        them.
        """
        texts = IncidentText.objects.filter(key__in=keys)
        return self.sorted(self.every.order_by().filter(pk__in=texts.values("incident")))

    def sorted(self, rows: QuerySet) -> list[tuple]:
        """Read rows, and put them in the list's order."""
        return sorted(rows, key=lambda row: row[::-1], reverse=self.downwards)

    def is_after_edge(self, row: tuple) -> bool:
        """Whether a row comes after the last of the page before."""
        if self.edge is None:
            return True
        return row[::-1] < self.edge if self.downwards else row[::-1] > self.edge

    def wide_before(self, first: dt.date) -> list[tuple]:
        """Find the very long or open rows that begin before the days asked for."""
        wide = self.rows.filter(wide=True, sort_day__lt=first)
        return list(self.search.among(wide)[: self.size])

    def stretches(self) -> Iterator[list[int]]:
        """Go through the keys of texts with the words, each stretch longer than the one before."""
        start, away = text_key(*self.edge) if self.edge else None, self.away
        while True:
            edge = None
            if not self.is_found_whole and away < self.within:
                edge = self.texts.edge(start, away, downwards=self.downwards)
            texts = self.with_words(away).beyond(start, downwards=self.downwards)
            texts = texts.until(edge, downwards=self.downwards)
            keys = list(texts.keys(downwards=self.downwards)[:MOST])
            yield keys
            if len(keys) == MOST:
                start = keys[-1]
            elif edge is None:
                return
            else:
                start, away = edge, away * FURTHER
