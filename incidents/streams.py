"""Lets the database write the lines of a CSV file, and hands them on in pieces as they come.

One rule: whoever stops reading ends the query. On PostgreSQL a thread fills a short queue from
COPY; on SQLite the lines are read from an open cursor. Called by exports.
"""

import io
import queue
import threading
from collections.abc import Iterator

from django.db import DatabaseError, connection

Piece = tuple[int, bytes]  # how many rows are known to be in it, and its bytes
CHUNK = 64 * 1024
AHEAD = 8  # pieces that wait at most
STALLED = 120  # seconds without anybody taking a piece
LINES = 500


class Stalled(Exception):
    """Nobody took anything for too long."""


def lines_of(sql: str, params: tuple) -> Iterator[Piece]:
    """Yield the lines that a statement selects."""
    return copied(sql, params) if connection.vendor == "postgresql" else fetched(sql, params)


def fetched(sql: str, params: tuple) -> Iterator[Piece]:
    """Yield the lines of a statement that selects whole lines."""
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        while rows := cursor.fetchmany(LINES):
            lines = [line for (line,) in rows]
            yield len(lines), ("\n".join(lines) + "\n").encode()


def copied(sql: str, params: tuple) -> Iterator[Piece]:
    """Yield what COPY writes, by a thread that has this connection to itself meanwhile."""
    with connection.cursor() as cursor:
        statement = cursor.mogrify(sql, params).decode()
        pipe = Pipe()
        thread = threading.Thread(
            target=pipe.fill, args=(cursor.cursor, f"COPY ({statement}) TO STDOUT (FORMAT csv)")
        )
        thread.start()
        try:
            yield from pipe.pieces()
        finally:
            if pipe.close():
                connection.connection.cancel()
            thread.join()
    if pipe.failure:
        raise DatabaseError(str(pipe.failure)) from pipe.failure
    yield cursor.rowcount, b""


class Pipe(io.RawIOBase):
    """Takes what COPY writes, and gives it out again in pieces; a short queue lies between."""

    def __init__(self) -> None:
        self.waiting: queue.Queue[bytes | None] = queue.Queue(AHEAD)
        self.buffer = bytearray()
        self.is_closed = threading.Event()
        self.is_done = threading.Event()
        self.failure: BaseException | None = None

    def fill(self, cursor, statement: str) -> None:
        """Run the statement until it ends or nobody reads any more."""
        try:
            cursor.copy_expert(statement, self, CHUNK)
            self.pass_on()
        except Exception as error:  # noqa: BLE001 the reading thread raises it
            self.failure = error
            if isinstance(error, Stalled):
                # Who reads may hang for ever, and with it the thread that would give the export's
                # place back; closing ends the transaction and frees the place at once.
                cursor.connection.cancel()
                cursor.connection.close()
        finally:
            self.is_done.set()
            self.put(None)

    def write(self, written: bytes) -> int:
        """Take what COPY writes."""
        self.buffer += written
        if len(self.buffer) >= CHUNK:
            self.pass_on()
        return len(written)

    def pass_on(self) -> None:
        """Put what was written so far into the queue."""
        piece, self.buffer = bytes(self.buffer), bytearray()
        if piece and not self.put(piece):
            raise Stalled("the reader took nothing for too long, or has gone")

    def put(self, piece: bytes | None) -> bool:
        """Wait for room in the queue, as long as somebody reads."""
        for _second in range(STALLED):
            if self.is_closed.is_set():
                return False
            try:
                self.waiting.put(piece, timeout=1)
            except queue.Full:
                continue
            return True
        return False

    def pieces(self) -> Iterator[Piece]:
        """Give out what was written, until the end."""
        while (piece := self.take()) is not None:
            yield 0, piece

    def take(self) -> bytes | None:
        """Wait for the next piece; None at the end, however it came."""
        while True:
            try:
                return self.waiting.get(timeout=1)
            except queue.Empty:
                if self.is_done.is_set() and self.waiting.empty():
                    return None

    def close(self) -> bool:
        """Read no more; tell whether the statement still runs."""
        self.is_closed.set()
        return not self.is_done.is_set()
