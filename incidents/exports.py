"""Turns a question into a CSV stream, for pages, the admin and the command alike.

One rule: an export is one consistent picture of the database, logged with who asked what, and a
stream that breaks looks broken. Rows come from records.py, columns from columns.py.
"""

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from typing import Any

from django.db import connection, transaction
from django.http import StreamingHttpResponse
from django.utils import timezone

from incidents import records, summaries
from incidents.cells import BOM, csv_lines, today
from incidents.columns import TABLES
from incidents.filters import Question
from incidents.keyset import in_order
from incidents.models import ExportLog
from incidents.reckoning import Reckoning

BATCH = 500


def file_name(question: Question, table: str) -> str:
    """Name the file: table, day and a short id of the question."""
    return f"attest-{table}-{today()}-{question.short_id}.csv"


def csv_response(question: Question, table: str) -> StreamingHttpResponse:
    """Send a table of a question's answer as a file."""
    name = file_name(question, table)
    return StreamingHttpResponse(
        csv_stream(question, table),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def csv_stream(question: Question, table: str) -> Iterator[bytes]:
    """Yield the CSV of a question in pieces, and log how it ended.

    `table` is a key of columns.TABLES. UTF-8; with BOM and guarded text unless the question says
    raw. The header always comes first, also when there are no rows.
    """
    log = ExportLog.objects.create(
        user=question.user, table=table, query=question.text, question=question.short_id
    )
    digest, size, rows = hashlib.sha256(), 0, 0
    try:
        with one_picture():
            for count, piece in pieces(question, table):
                rows, size = rows + count, size + len(piece)
                digest.update(piece)
                yield piece
    except BaseException:
        finish(log, ExportLog.State.FAILED, rows, size, "")
        raise
    finish(log, ExportLog.State.FINISHED, rows, size, digest.hexdigest())


def finish(log: ExportLog, state: str, rows: int, size: int, sha256: str) -> None:
    """Note how an export ended."""
    ended = timezone.now()
    ExportLog.objects.filter(pk=log.pk).update(
        state=state, rows=rows, size=size, sha256=sha256, ended=ended
    )


def pieces(question: Question, table: str) -> Iterator[tuple[int, bytes]]:
    """Yield the header, then the rows of one batch after the other, with how many there are."""
    columns = TABLES[table]
    header = csv_lines([[column.name for column in columns]], raw=True)
    yield 0, (header if question.raw else BOM + header).encode()
    for rows in batches(question, table):
        cells = [[column.cell(row) for column in columns] for row in rows]
        yield len(cells), csv_lines(cells, raw=question.raw).encode()


def batches(question: Question, table: str) -> Iterator[list[dict[str, Any]]]:
    """Yield the rows of a table, a batch of incidents at a time, in the question's order."""
    standings = summaries.standings(Reckoning(question)) if table == "incidents" else {}
    keys = in_order(question).values_list("pk", flat=True)
    for batch in in_batches(keys.iterator(chunk_size=2000)):
        if table == "incidents":
            yield records.incident_rows(batch, question, standings)
        else:
            yield records.claim_rows(batch, question)


def in_batches(keys: Iterator[int]) -> Iterator[Sequence[int]]:
    """Cut a stream of keys into lists."""
    while batch := list(islice(keys, BATCH)):
        yield batch


@contextmanager
def one_picture() -> Iterator[None]:
    """Read everything inside from one state of the database.

    On PostgreSQL a repeatable-read transaction. On SQLite the open cursor over the keys holds the
    state, and a transaction of ours would lock writers out.
    """
    if connection.vendor != "postgresql" or connection.in_atomic_block:
        yield
        return
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        yield
