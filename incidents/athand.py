"""Looks up once which incidents a question finds, for pages that ask for them again and again.

One rule: what is at hand is what the question finds for its reader at that moment, by match and
whether tied, and what is without a firm date besides. Called by `reckoning`, where the table of
sums does not answer.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property

from django.db import connection
from django.db.models import Aggregate, Case, CharField, Count, Q, QuerySet, TextField, Value, When

from incidents.filters import Question
from incidents.models import Incident, IncidentFigure
from incidents.searching import planned

LEEWAY = 2  # times as many are looked up rather than counted first, to be looked up after


class KeyList(Aggregate):
    """All keys of a group, written as `listed` takes them; they never become numbers in between."""

    function = "JSON_GROUP_ARRAY"
    output_field = TextField()

    def as_postgresql(self, compiler, connection, **context):
        """Write an array."""
        template = "ARRAY_AGG(%(expressions)s)::text"
        return self.as_sql(compiler, connection, template=template, **context)


@dataclass(frozen=True, slots=True)
class Group:
    """Incidents that match the days in one way: how many, and their keys."""

    match: str
    tied: bool
    aggregate: bool
    number: int
    keys: str


class AtHand:
    """The incidents of a question, looked up when this is made."""

    def __init__(self, question: Question) -> None:
        self.asked = question
        rows = question.soonest(with_match).annotate(
            aggregate=Case(When(kind=Incident.Kind.AGGREGATE, then=True), default=False)
        )
        grouped = rows.order_by().values_list("matched", "tied", "aggregate")
        self.groups = [
            Group(*row) for row in grouped.annotate(number=Count("pk"), keys=KeyList("pk"))
        ]

    def count(self, *matches: str) -> int:
        """How many incidents match so, published totals among them where they are asked for."""
        return sum(group.number for group in self.groups if group.match in matches)

    @cached_property
    def question(self) -> Question:
        """The same question, whose incidents are found by their keys."""
        return self.found_among(self.groups)

    @cached_property
    def tied(self) -> Question:
        """The same question of those that are tied alone."""
        return self.found_among([group for group in self.groups if group.tied])

    def found_among(self, groups: Iterable[Group]) -> Question:
        """The same question, which finds these alone, by their keys."""
        found = among(Incident.objects.order_by(), "pk", groups)
        return replace(self.asked, found=found, unworded=found, leader="", search=None)

    def keyed(self, rows: QuerySet, column: str, match: str) -> QuerySet:
        """Keep rows of the events and waves that match so, whose key stands in this column."""
        groups = [its for its in self.groups if its.match == match and not its.aggregate]
        return among(rows, column, groups)

    def figures_of_untied(self, match: str) -> QuerySet:
        """The figures of the untied events that match so."""
        groups = [its for its in self.groups if its.match == match]
        untied = [its for its in groups if not (its.aggregate or its.tied)]
        return among(IncidentFigure.objects.order_by(), "incident", untied)


def among(rows: QuerySet, column: str, groups: Iterable[Group]) -> QuerySet:
    """Keep the rows whose key in this column is in one of these groups."""
    lists = [group.keys for group in groups]
    if not lists:
        return rows.none()
    begins, ends = lists[0][0], lists[0][-1]  # brackets or braces, as the database writes them
    every = begins + ",".join(keys[1:-1] for keys in lists) + ends
    return rows.filter(**{f"{column}__listed": Value(every)})  # Django goes through bare letters


def is_expected_within(question: Question, most: int) -> bool:
    """Whether a database that says so beforehand expects about so many incidents at most."""
    return connection.vendor == "postgresql" and planned(question.incidents) <= LEEWAY * most


def with_match(question: Question) -> QuerySet:
    """All that a question finds, and those without a firm date, each with its match."""
    if not question.has_window:
        return question.incidents.order_by().annotate(matched=Value("", CharField()))
    matches = list(dict.fromkeys((*question.matches, "open")))
    conditions = {match: question.match(match) for match in matches}
    wanted = Q()
    for condition in conditions.values():
        wanted |= condition
    matched = Case(
        *(When(condition, then=Value(match)) for match, condition in conditions.items()),
        output_field=CharField(),
    )
    return question.matching.filter(wanted).order_by().annotate(matched=matched)
