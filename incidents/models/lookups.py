"""Lookups of our own: a folded text within another, as it stands; and one of many keys at once,
or of a list that the database wrote.

On PostgreSQL STRPOS takes half the time of LIKE; on SQLite LIKE is the quicker one (measured on
50,000 texts in three scripts, docs/decisions.md). Used by the queryset words that search.
"""

import json
from collections.abc import Callable
from typing import Any

from django.db import models
from django.db.models.fields.related import ForeignObject
from django.db.models.lookups import Contains, Lookup


@models.CharField.register_lookup
@models.TextField.register_lookup
class Holds(Contains):
    """`folded__holds="jilin"`: for search keys on both sides, in which case does not count."""

    lookup_name = "holds"

    def get_rhs_op(self, connection, rhs: str) -> str:
        """Compare as `contains` does."""
        return connection.operators["contains"] % rhs

    def as_postgresql(self, compiler, connection) -> tuple[str, list]:
        """Look for the bytes."""
        held, params = self.process_lhs(compiler, connection)
        return f"STRPOS({held}, %s) > 0", [*params, self.rhs]


@models.CharField.register_lookup
@models.AutoField.register_lookup
@models.BigAutoField.register_lookup
@ForeignObject.register_lookup
class Among(Lookup):
    """`pk__among=keys`: what `in` finds, the keys given as one value; thousands cost no more."""

    lookup_name = "among"
    prepare_rhs = False
    array = "%s"  # as PostgreSQL is given the keys

    def as_postgresql(self, compiler, connection) -> tuple[str, list]:
        """Ask for any of an array, whose length the planner sees; not so that of its rows."""
        column, params = compiler.compile(self.lhs)
        return f"{column} = ANY({self.array})", [*params, self.keys(list)]

    def as_sqlite(self, compiler, connection) -> tuple[str, list]:
        """Ask for the members of a JSON list."""
        column, params = compiler.compile(self.lhs)
        sql = f"{column} IN (SELECT value FROM json_each(%s))"  # noqa: S608
        return sql, [*params, self.keys(json.dumps)]

    def keys(self, written: Callable[[list], Any]) -> Any:
        """Give the keys as the database takes them."""
        return written(list(self.rhs))


@models.AutoField.register_lookup
@models.BigAutoField.register_lookup
@ForeignObject.register_lookup
class Listed(Among):
    """`pk__listed=Value(keys)`: the same, the keys in a list as the database itself wrote it."""

    lookup_name = "listed"
    array = "%s::bigint[]"

    def keys(self, written: Callable[[list], Any]) -> str:
        """Give the list back as it is."""
        return self.rhs.value
