"""The published totals that overlap a question: they stand beside its total, never in it.

One rule: there are few of them among all incidents, so the newest are looked at, some at a time,
until there are enough; a planner would go through whole lists for them. Called by summaries.
"""

from collections.abc import Iterator
from functools import reduce
from itertools import islice
from operator import or_

from django.db import connection
from django.db.models import QuerySet

from incidents.chunks import CHUNK
from incidents.filters import Question
from incidents.filterset import DEFAULT_STATUSES, MATCHES
from incidents.models import Incident

FEW = 3  # times as many texts as there are published totals are looked up as soon as these


def newest_aggregates(question: Question, size: int) -> QuerySet:
    """The newest so many published totals that overlap the question."""
    every = Incident.objects.filter(
        kind=Incident.Kind.AGGREGATE, status__in=question.asked["status"] or DEFAULT_STATUSES
    )
    if is_asked_whole(question, every):
        return newest(overlapping(question))[:size]
    keys = list(islice(keys_in_turn(question, every), size))
    return newest(Incident.objects.filter(pk__in=keys))


def is_asked_whole(question: Question, every: QuerySet) -> bool:
    """Whether the database finds them at once: what words leave is few, or it has good counts."""
    if question.leader == "texts":
        return question.search.is_rarer_than(every, times=FEW)
    return connection.vendor == "postgresql"


def keys_in_turn(question: Question, every: QuerySet) -> Iterator[int]:
    """Look at the newest, some at a time: the keys of those that overlap the question."""
    found = overlapping(question.without_words).order_by()
    if question.leader == "texts":
        found = question.search.among(found)
    for some in in_turn(newest(every).values_list("pk", flat=True)):
        kept = set(found.filter(pk__in=some).values_list("pk", flat=True))
        yield from (key for key in some if key in kept)


def in_turn(keys: QuerySet) -> Iterator[list[int]]:
    """Read keys some at a time, as far as they are wanted."""
    start = 0
    while some := list(keys[start : start + CHUNK]):
        yield some
        start += CHUNK


def overlapping(question: Question) -> QuerySet:
    """Keep published totals that overlap the days asked for, in whichever way."""
    aggregates = question.found.filter(kind=Incident.Kind.AGGREGATE)
    if not question.has_window:
        return aggregates
    return aggregates.filter(reduce(or_, (question.match(match) for match, _name in MATCHES)))


def newest(incidents: QuerySet) -> QuerySet:
    """Order incidents by day, the latest first."""
    return incidents.order_by("-sort_day", "-pk")
