"""Reads the rows of a text file (CSV), packed by gzip or not.

One rule: never more than a piece and a row of the file is held: pieces are decoded, checked and
cut into lines before the csv module sees them, and a line or row that outgrows RECORD is refused
while it grows. Called by incidents/importing/reading.py.
"""

import codecs
import csv
import gzip
import io
import re
import zlib
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from itertools import chain
from pathlib import Path

from django.utils.translation import gettext as _

from incidents.importing.guessing import DELIMITERS, delimiter_of, encoding_of
from incidents.importing.limits import (
    CELL,
    PIECE,
    RECORD,
    ROWS,
    UNPACKED,
    Meter,
    Unreadable,
    at_cell,
    is_text,
    no_text,
    open_bytes,
    shown,
    too_long_row,
    too_many_rows,
)

GZIP = b"\x1f\x8b"
MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
UNSUITABLE = ("hz", "idna", "iso2022", "punycode", "raw", "unicode", "utf-7")  # keep a state
CONTROLS = bytes({*range(32), 127} - set(b"\t\n\r"))
LATER_CONTROLS = re.compile(rb"\xc2[\x80-\x9f]")
SEPARATOR = re.compile(r'\A"?sep=([^"\n])"?\n', re.IGNORECASE)


class BrokenOff(Exception):
    """The file cannot be read on; `at` gives the refusal for the row where that is."""

    def __init__(self, at: Callable[[int], Unreadable]) -> None:
        super().__init__()
        self.at = at


class TextFile:
    """A text file whose encoding and delimiter are known."""

    kind = "csv"

    def __init__(self, path: Path, *, encoding: str, delimiter: str) -> None:
        self.path, self.meter = path, Meter()
        with open_bytes(path) as file:
            self.packed = file.read(len(GZIP)) == GZIP
        try:
            self.encoding, self.mark = self.decoding(encoding)
        except BrokenOff as broken:
            raise broken.at(1) from None
        head, whole = self.head()
        separator = SEPARATOR.match(head)
        self.preamble = len(separator[0]) if separator else 0
        self.delimiter = self.delimiting(head, whole, delimiter or (separator or ["", ""])[1])

    def decoding(self, named: str) -> tuple[str, int]:
        """Tell the encoding and how many bytes mark it at the start of the file."""
        if named:
            named = known_encoding(named)
        first = next(self.pieces(), b"")
        for mark, encoding in MARKS:
            if first.startswith(mark):
                return encoding, len(mark)
        return named or encoding_of(self.pieces()), 0

    def delimiting(self, head: str, whole: bool, named: str) -> str:
        """Tell the delimiter: the named one, the one that the file names, or the likely one."""
        if named and named not in DELIMITERS:
            told = {"value": shown(named)}
            raise Unreadable(
                _("“%(value)s” is no delimiter; allowed are comma, semicolon, tab and “|”.") % told
            )
        return named or delimiter_of(head[self.preamble :], whole=whole)

    def head(self) -> tuple[str, bool]:
        """Read the beginning of the text; tell whether it is all there is."""
        head = ""
        try:
            for text, _odd in self.texts():
                head += text
                if len(head) >= PIECE:
                    return head, False
        except BrokenOff:
            return head, False
        return head, True

    def pieces(self) -> Iterator[bytes]:
        """Read the unpacked bytes, PIECE at a time."""
        unpacked = 0
        with open_bytes(self.path) as raw:
            file = gzip.GzipFile(fileobj=raw) if self.packed else raw
            try:
                while piece := file.read(PIECE):
                    unpacked += len(piece)
                    self.meter.read = raw.tell()
                    if unpacked > UNPACKED:
                        told = {"most": UNPACKED // 1024**3}
                        raise Unreadable(
                            _("The file holds more than %(most)s GB of text; divide it.") % told
                        )
                    yield piece
            except (EOFError, zlib.error, gzip.BadGzipFile):
                raise BrokenOff(cut_off) from None

    def texts(self) -> Iterator[tuple[str, bool]]:
        """Decode the pieces, with LF at the end of every line; nothing is ever replaced.

        With each, whether it may hold characters that no text has.
        """
        decoder = codecs.getincrementaldecoder(self.encoding)("strict")
        line_feeds = io.IncrementalNewlineDecoder(None, translate=True)
        passed = 0
        for piece in chain(self.pieces(), [b""]):
            kept = piece[self.mark :] if not passed else piece
            passed += len(piece)
            try:
                text = decoder.decode(kept, final=not piece)
            except UnicodeDecodeError as error:
                good = error.object[: error.start].decode(self.encoding)
                yield line_feeds.decode(good, final=True), True
                byte = passed - len(error.object) + error.start + 1
                refuse = partial(undecodable, byte=byte, encoding=self.encoding)
                raise BrokenOff(refuse) from None
            odd = is_odd(piece if self.encoding == "utf-8" else text.encode())
            yield line_feeds.decode(text, final=not piece), odd

    def records(self) -> Iterator[tuple[int, list[str]]]:
        """Read the rows with their numbers, blank ones as they are.

        Raises Unreadable at the first row that cannot be read as it was written.
        """
        feed = Feed(self.texts(), self.preamble)
        reader = csv.reader(feed.lines(), delimiter=self.delimiter, strict=True)
        row = 0
        try:
            for row, cells in enumerate(reader, 1):
                if feed.closely:
                    feed.passed()
                    for column, cell in enumerate(cells, 1):
                        if not is_text(cell):
                            raise no_text(cell, at_cell(row, column))
                    if row > ROWS:
                        break
                yield row, cells
        except csv.Error as error:
            raise misquoted(row + 1, str(error)) from None
        except BrokenOff as broken:
            raise broken.at(row + 1) from None
        if row > ROWS:
            raise too_many_rows()


class Feed:
    """Cuts texts into lines for the csv module and tells which rows to look at closely.

    A row within one batch is shorter than the batch, so only the first row that ends in a batch,
    and all rows of a long or suspicious one, need to be looked at cell by cell.
    """

    def __init__(self, texts: Iterable[tuple[str, bool]], preamble: int) -> None:
        self.texts, self.preamble = texts, preamble
        self.closely = self.odd = False
        self.unfinished = 0

    def passed(self) -> None:
        """Note that a row has ended in this batch."""
        self.closely, self.unfinished = self.odd, 0

    def lines(self) -> Iterator[str]:
        """Give the lines one by one."""
        return chain.from_iterable(self.batches())

    def batches(self) -> Iterator[Iterable[str]]:
        """Give whole lines, as many as a piece holds at a time."""
        rest = ""
        for text, odd in self.texts:
            batch = rest + text[self.preamble :]
            self.preamble = max(0, self.preamble - len(text))
            end = batch.rfind("\n") + 1
            rest = batch[end:]
            self.closely, self.odd = True, odd or len(batch) > CELL
            if len(rest) > RECORD or self.unfinished > RECORD:
                raise BrokenOff(too_long_row)
            if end:
                self.unfinished += end
                yield self.cut(batch[:end])
        if rest:
            yield (rest,)

    def cut(self, batch: str) -> Iterable[str]:
        """Cut at LF; splitlines is quicker, but also cuts at characters that a cell may hold."""
        if self.odd or "\u2028" in batch or "\u2029" in batch:
            return io.StringIO(batch, newline="\n")
        return batch.splitlines(keepends=True)


def is_odd(piece: bytes) -> bool:
    """Tell whether UTF-8 holds control characters; one that is cut in two counts with the next."""
    if len(piece.translate(None, CONTROLS)) != len(piece):
        return True
    return bool(not piece.isascii() and LATER_CONTROLS.search(piece))


def known_encoding(named: str) -> str:
    """Check the name of an encoding that somebody gave."""
    try:
        b"aa  ".decode(named)
        name = codecs.lookup(named).name
        if name.startswith(UNSUITABLE):
            raise LookupError
    except (LookupError, UnicodeError, ValueError):
        told = {"name": shown(named)}
        raise Unreadable(
            _("“%(name)s” is no encoding; examples are utf-8, cp949, gb18030 and cp1252.") % told
        ) from None
    return {"utf-8-sig": "utf-8", "utf-16": "utf-16-le", "utf-32": "utf-32-le"}.get(name, name)


def undecodable(row: int, *, byte: int, encoding: str) -> Unreadable:
    """Say where the file stops being in its encoding; bytes are counted from 1, unpacked."""
    told = {"row": f"{row:,}", "byte": f"{byte:,}", "encoding": encoding}
    return Unreadable(
        _(
            "Row %(row)s, byte %(byte)s of the file, is not written in %(encoding)s: either the "
            "file mixes encodings or it is in another one; save it as UTF-8, or name its encoding."
        )
        % told
    )


def cut_off(row: int) -> Unreadable:
    """Say where a packed file ends too early."""
    return Unreadable(
        _("The packed file is damaged or cut off at row %(row)s; pack it again.")
        % {"row": f"{row:,}"}
    )


def misquoted(row: int, error: str) -> Unreadable:
    """Say what is wrong with the quotation marks of a row."""
    told = {"row": f"{row:,}"}
    if "field limit" in error:
        return too_long_row(row)
    if "unexpected end" in error:
        return Unreadable(
            _("A quotation mark that opens in row %(row)s is not closed before the file ends.")
            % told
        )
    return Unreadable(
        _(
            "Row %(row)s: after a closing quotation mark there is more text before the delimiter; "
            "write a quotation mark within a value twice."
        )
        % told
    )
