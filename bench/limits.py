"""The limits beside which exports are measured: the database's own programs, on the same rows.

One rule: the same columns of the same incidents in the same order. `written` is the very SELECT of
the project; `plain` has the same values without yes/no, guards and the like. Called by run.
"""

import shutil
import sys

from django.db import connection

from incidents.columns import TABLES
from incidents.exports import with_claims
from incidents.filters import Question
from incidents.keyset import in_order


def needed() -> None:
    """Say plainly which program is missing."""
    name = "psql" if connection.vendor == "postgresql" else "sqlite3"
    if shutil.which(name) is None:
        sys.exit(f"The program {name} is missing; it is the limit beside which exports stand.")


def plain_statement(question: Question, table: str) -> tuple[str, tuple]:
    """Write the SELECT of a table's values as the database has them."""
    rows = in_order(question) if table == "incidents" else with_claims(question)
    values = {
        f"cell_{number}": of(question) if callable(of := column.value) else as_field(of)
        for number, column in enumerate(TABLES[table])
    }
    return rows.annotate(**values).values_list(*values).query.sql_with_params()


def as_field(path: str):
    """Name a field by its path."""
    from django.db.models import F  # noqa: PLC0415

    return F(path)
