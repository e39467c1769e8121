"""What an export needs beside the stored rows: a temporary table that only its connection sees.

One rule: it holds nothing but what the reader of the question may see. These are the standings of
tied incidents whose knot this very question cuts, and what restricted claims add for a reader who
may see them. Called by exports; read by `expressions`.
"""

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection

from incidents.chunks import in_chunks
from incidents.cited import citations
from incidents.expressions import BESIDE
from incidents.filters import Question
from incidents.models import Claim
from incidents.reckoning import without_table
from incidents.records import claim_values
from incidents.summaries import live_standings

COLUMNS = {
    "incident": "bigint PRIMARY KEY",
    "counted": "text",
    "counted_why": "text",
    "overlap_group": "bigint",
    "claims": "bigint",
    "cited_sources": "text",
    "cited_urls": "text",
    "cited_archives": "text",
}
BATCH = 100
Row = dict[str, Any]


@contextmanager
def table_beside(question: Question) -> Iterator[None]:
    """Have the temporary table for a question, and take it away in the end."""
    columns = ", ".join(f"{name} {kind}" for name, kind in COLUMNS.items())
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS {BESIDE}")
        cursor.execute(f"CREATE TEMPORARY TABLE {BESIDE} ({columns})")
        rows = [[row.get(name) for name in COLUMNS] for row in rows_beside(question)]
        for batch in in_chunks(rows, BATCH):
            places = ", ".join([f"({', '.join(['%s'] * len(COLUMNS))})"] * len(batch))
            values = [value for row in batch for value in row]
            cursor.execute(f"INSERT INTO {BESIDE} VALUES {places}", values)
    yield
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS {BESIDE}")


def rows_beside(question: Question) -> list[Row]:
    """Work out what the stored rows do not say, for each incident where there is anything."""
    rows: dict[int, Row] = defaultdict(dict)
    for key, standing in live_standings(without_table(question)).items():
        rows[key] |= {
            "counted": "yes" if standing.counted else "no",
            "counted_why": standing.why,
            "overlap_group": standing.group,
        }
    for key, cells in with_closed_claims(question):
        rows[key] |= cells
    return [{"incident": key, **row} for key, row in rows.items()]


def with_closed_claims(question: Question) -> Iterator[tuple[int, Row]]:
    """Work out who is cited where this reader sees more claims than everybody does."""
    seen = Claim.objects.filter(pk__in=question.closed_claims).values_list("incident_id", flat=True)
    for chunk in in_chunks(sorted(set(seen))):
        keys = list(question.incidents.filter(pk__in=chunk).values_list("pk", flat=True))
        claims: dict[int, list[Row]] = defaultdict(list)
        for claim in claim_values(keys, question.user):
            claims[claim["incident_id"]].append(claim)
        for key, rows in claims.items():
            cells = citations(rows)
            yield key, {"claims": cells.pop("open_claims"), **cells}
