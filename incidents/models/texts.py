"""The words by which incidents are found, in an index of the database's own; written by settle.

One rule: rows are reached by their key, which follows from an incident's sort day and number and
puts them in the lists' order; SQLite knows no other way into its full-text table.
"""

import datetime as dt
from collections.abc import Sequence

from django.db import models
from django.db.models import F, Func, Lookup, Value

from incidents.models.incidents import Incident

BITS = 40  # of a key, below the day, that hold the incident's number


def text_key(day: dt.date, incident: int) -> int:
    """Number a row so that larger is later in time, and among equals the larger incident."""
    return day.toordinal() << BITS | incident


class TextKey(Func):
    """The key of an incident's row of words, worked out in the database."""

    output_field = models.BigIntegerField()

    def as_postgresql(self, compiler, connection, **context) -> tuple[str, list]:
        """Count the days from the first of the calendar, as Python does."""
        template = "((%(days)s - DATE '0001-01-01' + 1)::bigint << {} | %(incident)s)"
        return self.filled(template, compiler)

    def as_sqlite(self, compiler, connection, **context) -> tuple[str, list]:
        """Count the days from the first of the calendar, as Python does."""
        template = "(CAST(julianday(%(days)s) - 1721424.5 AS integer) << {} | %(incident)s)"
        return self.filled(template, compiler)

    def filled(self, template: str, compiler) -> tuple[str, list]:
        """Put day and incident into the template."""
        days, incident = (compiler.compile(source) for source in self.get_source_expressions())
        sql = template.format(BITS) % {"days": days[0], "incident": incident[0]}
        return sql, [*days[1], *incident[1]]


class WordsField(models.TextField):
    """Tokens of a folded text, sorted, with a space between: a tsvector on PostgreSQL."""

    def db_type(self, connection) -> str:
        """Name the type of the column."""
        return "tsvector" if connection.vendor == "postgresql" else "text"

    def get_placeholder(self, value, compiler, connection) -> str:
        """Store the tokens as they are, without a parser's idea of words."""
        is_vector = connection.vendor == "postgresql"
        return "array_to_tsvector(string_to_array(%s, ' '))" if is_vector else "%s"

    def from_db_value(self, value: str, expression, connection) -> str:
        """Read the tokens back; PostgreSQL quotes each and sorts in its own way."""
        if connection.vendor != "postgresql":
            return value
        return " ".join(sorted(token.strip("'") for token in value.split(" ")))


@WordsField.register_lookup
class Asks(Lookup):
    """`words__asks=["jilin", "det*"]`: every token is among the words, or begins one of them."""

    lookup_name = "asks"
    prepare_rhs = False

    def as_postgresql(self, compiler, connection) -> tuple[str, list]:
        """Ask the GIN index."""
        words, params = self.process_lhs(compiler, connection)
        asked = [f"'{token.rstrip('*')}'{':*' * token.endswith('*')}" for token in self.rhs]
        return f"{words} @@ %s::tsquery", [*params, " & ".join(asked)]

    def as_sqlite(self, compiler, connection) -> tuple[str, list]:
        """Ask the full-text table, by the hidden column that has its name."""
        alias = compiler.quote_name_unless_alias(self.lhs.alias)
        table = connection.ops.quote_name(IncidentText._meta.db_table)
        asked = [f'"{token.rstrip("*")}"{"*" * token.endswith("*")}' for token in self.rhs]
        return f"{alias}.{table} MATCH %s", [" AND ".join(asked)]


@WordsField.register_lookup
class Has(Asks):
    """`words__has=[...]`: the same, for rows that are reached by their keys.

    SQLite's full-text table takes half a millisecond to be asked for one row; its words are read.
    """

    lookup_name = "has"

    def as_postgresql(self, compiler, connection) -> tuple[str, list]:
        """Ask the row, in words that do not let the planner ask the index for all other rows."""
        sql, params = super().as_postgresql(compiler, connection)
        return f"({sql}) IS TRUE", params

    def as_sqlite(self, compiler, connection) -> tuple[str, list]:
        """Look for the tokens between the spaces; they hold letters and digits, no pattern."""
        words, params = self.process_lhs(compiler, connection)
        held = [f"% {token.rstrip('*')}{'' if token.endswith('*') else ' '}%" for token in self.rhs]
        sql = " AND ".join([f"(' ' || {words} || ' ') LIKE %s"] * len(held))
        return f"({sql})", [part for pattern in held for part in (*params, pattern)]


class IncidentTextQuerySet(models.QuerySet):
    """Questions asked of the words."""

    def asking(self, tokens: Sequence[str]) -> "IncidentTextQuerySet":
        """Keep the texts that have all of these tokens."""
        return self.filter(words__asks=list(tokens))

    def having(self, tokens: Sequence[str]) -> "IncidentTextQuerySet":
        """Keep the texts that have all of these tokens, of few that were reached by key."""
        return self.filter(words__has=list(tokens))

    def of_row(self) -> "IncidentTextQuerySet":
        """Keep the text of the incident that an outer question looks at."""
        return self.filter(key=TextKey(models.OuterRef("sort_day"), models.OuterRef("pk")))

    def beyond(self, start: int | None, *, downwards: bool) -> "IncidentTextQuerySet":
        """Keep the texts that come after a key in a list; all where there is none."""
        if start is None:
            return self
        return self.filter(**{f"key__{'lt' if downwards else 'gt'}": start})

    def until(self, edge: int | None, *, downwards: bool) -> "IncidentTextQuerySet":
        """Keep the texts that come no later than a key in a list; all where there is none."""
        if edge is None:
            return self
        return self.filter(**{f"key__{'gte' if downwards else 'lte'}": edge})

    def edge(self, start: int | None, away: int, *, downwards: bool) -> int | None:
        """Find the key that lies so many texts after one, or after the beginning; None for none."""
        texts = self.beyond(start, downwards=downwards).values_list("key", flat=True)
        return next(iter(texts.order_by("-key" if downwards else "key")[away - 1 : away]), None)

    def keys(self, *, downwards: bool) -> "IncidentTextQuerySet":
        """Only the keys, in order: sorted, for whoever finds few and must not walk a list."""
        few = F("key") + Value(0)
        return self.order_by(few.desc() if downwards else few).values_list("key", flat=True)


class IncidentText(models.Model):
    """The words of one incident's searchable text; its table is made by `incidents.tables`."""

    key = models.BigIntegerField(primary_key=True, db_column="rowid")
    incident = models.ForeignKey(
        Incident,
        on_delete=models.CASCADE,
        related_name="texts",
        db_constraint=False,
        db_index=False,
    )
    words = WordsField()

    objects = IncidentTextQuerySet.as_manager()

    def __str__(self) -> str:
        return f"words of {self.incident_id}"
