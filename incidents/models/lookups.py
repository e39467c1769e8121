"""How a folded text is looked for within another: as it stands, without patterns.

On PostgreSQL STRPOS takes half the time of LIKE; on SQLite LIKE is the quicker one (measured on
50,000 texts in three scripts, docs/decisions.md). Used by the queryset words that search.
"""

from django.db import models
from django.db.models.lookups import Contains


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
