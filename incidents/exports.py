"""Turns a question into a stream of bytes, for pages, the admin and the command alike.

One rule: an export is one consistent picture of the database, logged with who asked what, and a
stream that breaks looks broken. CSV columns come from columns.py; the database writes the lines.
"""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, suppress
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection, transaction
from django.db.models import F, Q, QuerySet
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.utils import timezone

from incidents.beside import table_beside
from incidents.cells import BOM, csv_lines, today
from incidents.columns import TABLES
from incidents.filters import Question
from incidents.keyset import in_order
from incidents.models import ExportLog
from incidents.slots import Busy, slot
from incidents.streams import STALLED, Piece, lines_of
from incidents.written import Line


def file_name(question: Question, table: str, ending: str = "csv") -> str:
    """Name the file: table, day and a short id of the question."""
    return f"attest-{table}-{today()}-{question.short_id}.{ending}"


def csv_response(request: HttpRequest, question: Question, table: str) -> HttpResponse:
    """Send a table of a question's answer as a file, or say that too many are being sent."""
    name = file_name(question, table)
    return file_response(request, csv_stream(question, table), name, "text/csv; charset=utf-8")


def file_response(
    request: HttpRequest, stream: Iterator[bytes], name: str, content_type: str
) -> HttpResponse:
    """Send a stream as a file of this name, or say that too many are being sent."""
    give_up_on_stalled(request)
    try:
        begun = begin(stream)
    except Busy as busy:
        return HttpResponse(
            f"{busy}\n",
            status=503,
            content_type="text/plain; charset=utf-8",
            headers={"Retry-After": "30"},
        )
    return StreamingHttpResponse(
        begun,
        content_type=content_type,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def begin(stream: Iterator[bytes]) -> "Begun":
    """Take the first piece of a stream. Raises Busy when as many are under way as may be."""
    return Begun(next(stream), stream)


def give_up_on_stalled(request: HttpRequest) -> None:
    """Let a client that takes nothing for long be let go, as if it had gone.

    A download that somebody paused would keep its thread, its place among the exports and its
    connection for as long as the browser stays open. gunicorn sets the time back for the next
    request; other servers have time limits of their own.
    """
    socket = request.META.get("gunicorn.socket")
    if socket is not None:
        socket.settimeout(STALLED)


class Begun:
    """A stream whose first piece was taken already; closing it closes the stream."""

    def __init__(self, first: bytes, rest: Iterator[bytes]) -> None:
        self.first, self.rest = first, rest

    def __iter__(self) -> Iterator[bytes]:
        yield self.first
        yield from self.rest

    def close(self) -> None:
        """End the query behind the stream."""
        self.rest.close()


def csv_stream(question: Question, table: str) -> Iterator[bytes]:
    """Yield the CSV of a question in pieces, and log how it ended.

    `table` is a key of columns.TABLES. UTF-8; with BOM and guarded text unless the question says
    raw. The header always comes first, also when there are no rows. Raises Busy, before anything
    is yielded, when as many exports are under way as may be.
    """
    return logged(question, table, pieces(question, table))


def logged(question: Question, table: str, made: Iterator[Piece]) -> Iterator[bytes]:
    """Yield the pieces of a file, and log who took what away and how it ended.

    Takes a place among the exports first; raises Busy where there is none.
    """
    with slot():
        log = ExportLog.objects.create(
            user=question.user, table=table, query=question.text, question=question.short_id
        )
        digest, size, rows = hashlib.sha256(), 0, 0
        try:
            for count, piece in made:
                rows, size = rows + count, size + len(piece)
                digest.update(piece)
                if piece:
                    yield piece
        except BaseException:
            made.close()
            finish(log, ExportLog.State.FAILED, rows, size, "")
            raise
        finish(log, ExportLog.State.FINISHED, rows, size, digest.hexdigest())


def finish(log: ExportLog, state: str, rows: int, size: int, sha256: str) -> None:
    """Note how an export ended."""
    ended = timezone.now()
    ExportLog.objects.filter(pk=log.pk).update(
        state=state, rows=rows, size=size, sha256=sha256, ended=ended
    )


def pieces(question: Question, table: str) -> Iterator[Piece]:
    """Yield the header, then the rows in pieces, with how many rows are known to be in each."""
    header = csv_lines([[column.name for column in TABLES[table]]], raw=True)
    yield 0, (header if question.raw else BOM + header).encode()
    beside = table_beside(question) if table == "incidents" else nullcontext()
    # What cannot find anything has no SELECT, so that the header stands alone.
    with one_picture(), beside, suppress(EmptyResultSet):
        yield from lines_of(*statement(question, table))


def statement(question: Question, table: str) -> tuple[str, tuple]:
    """Write the SELECT of a table, and its parameters: columns for COPY, whole lines for SQLite."""
    cells = [column.cell(question) for column in TABLES[table]]
    if connection.vendor != "postgresql":
        cells = [Line(*cells)]
    rows = in_order(question) if table == "incidents" else with_claims(question)
    named = {f"cell_{number}": cell for number, cell in enumerate(cells)}
    return rows.annotate(**named).values_list(*named).query.sql_with_params()


def with_claims(question: Question) -> QuerySet:
    """One row for each claim that the reader may see, in the incidents' order, then by number."""
    seen = Q(claims__restricted=False)
    if question.closed_claims:
        seen |= Q(claims__in=question.closed_claims)
    incidents = in_order(question)
    return incidents.filter(seen).order_by(*incidents.query.order_by, F("claims__pk").asc())


@contextmanager
def one_picture() -> Iterator[None]:
    """Read everything inside from one state of the database, without locking writers out.

    Inside a transaction of somebody else's, that one decides.
    """
    if connection.in_atomic_block:
        yield
    elif connection.vendor == "postgresql":
        with transaction.atomic():
            say("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            say("SET LOCAL max_parallel_workers_per_gather = 1")  # none for pages: see settings
            yield
    else:
        say("BEGIN DEFERRED")
        try:
            yield
        finally:
            say("ROLLBACK")


def say(sentence: str, *parameters: Any) -> None:
    """Tell the database something that is no question."""
    with connection.cursor() as cursor:
        cursor.execute(sentence, parameters)
