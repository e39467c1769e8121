"""The limits beside which exports are measured: the database's own programs, on the same rows.

One rule: the same columns of the same incidents in the same order. `written` is the very SELECT of
the project; `plain` has the same values without yes/no, guards and the like. Called by files.
"""

import os
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from django.db import connection
from django.db.models import F

from bench.databases import KEPT, program
from incidents.beside import table_beside
from incidents.columns import TABLES
from incidents.exports import statement, with_claims
from incidents.expressions import BESIDE
from incidents.filters import Question
from incidents.keyset import in_order

PLACE = "measured"  # a schema, or an attached file, for what the project keeps in a temporary table


def written(question: Question, table: str) -> str:
    """The project's own SELECT, as text."""
    return with_values(*statement(question, table))


def plain(question: Question, table: str) -> str:
    """A SELECT of a table's values as the database has them, as text."""
    rows = in_order(question) if table == "incidents" else with_claims(question)
    values = {
        f"cell_{number}": of(question) if callable(of := column.value) else F(of)
        for number, column in enumerate(TABLES[table])
    }
    return with_values(*rows.annotate(**values).values_list(*values).query.sql_with_params())


def with_values(sql: str, params: Sequence) -> str:
    """Put the parameters of a statement into it."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            return cursor.mogrify(sql, params).decode()
        return connection.ops.last_executed_query(cursor, sql, params)


@contextmanager
def beside(question: Question) -> Iterator[None]:
    """Let other programs read what the project works out before the rows."""
    aside = KEPT / f"{PLACE}.sqlite3"
    with table_beside(question), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"DROP SCHEMA IF EXISTS {PLACE} CASCADE")
            cursor.execute(f"CREATE SCHEMA {PLACE}")
        else:
            aside.unlink(missing_ok=True)
            cursor.execute(f"ATTACH '{aside}' AS {PLACE}")
        cursor.execute(f"CREATE TABLE {PLACE}.{BESIDE} AS SELECT * FROM {BESIDE}")
        if connection.vendor == "postgresql":
            cursor.execute(f"CREATE UNIQUE INDEX ON {PLACE}.{BESIDE} (incident)")
        else:
            cursor.execute(f"CREATE UNIQUE INDEX {PLACE}.aside ON {BESIDE} (incident)")
            cursor.execute(f"DETACH {PLACE}")
    yield


def run(select: str, *, quoted: bool = False) -> None:
    """Let psql, or sqlite3, write the rows of a SELECT to nowhere; `quoted`: they are lines."""
    name = str(connection.settings_dict["NAME"])
    if connection.vendor == "postgresql":
        setting = f"SET search_path = public, {PLACE}"
        command = [program("psql"), "-q", "-X", "-d", name, "-c", setting, "-f", "-"]
        words = f"COPY ({select}) TO STDOUT (FORMAT csv)"
    else:
        aside = f"ATTACH '{KEPT / PLACE}.sqlite3' AS {PLACE}"
        command = [program("sqlite3"), "-list" if quoted else "-csv", "-cmd", aside, name]
        words = select
    with Path(os.devnull).open("wb") as nowhere:
        subprocess.run(command, input=f"{words};".encode(), stdout=nowhere, check=True)
