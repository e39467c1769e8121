"""Opens a workbook's zip file and takes its parts apart while they are unpacked.

One rule: nothing of a part is believed or kept beyond its limit: the directory is checked before
anything is unpacked, a part is read a piece at a time, no entity is ever expanded, and nothing is
written to disk.
"""

import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO
from xml.parsers import expat

from django.utils.translation import gettext as _

from incidents.importing.limits import (
    BOMB,
    DEPTH,
    DIRECTORY,
    PIECE,
    RATIO,
    TOKEN,
    WORKBOOK,
    Meter,
    Unreadable,
    open_bytes,
    shown,
)

ENCRYPTED = 0x1
PACKINGS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}  # the two that a spreadsheet writes
DAMAGES = (
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    zlib.error,
    expat.ExpatError,
    EOFError,
    LookupError,
    NotImplementedError,
    OSError,
    OverflowError,
    RuntimeError,
    ValueError,
)


class GuardedFile:
    """A file that gives no more at a time than a workbook's directory may need."""

    def __init__(self, file: IO[bytes], meter: Meter) -> None:
        self.file, self.meter = file, meter
        self.seek, self.tell, self.seekable = file.seek, file.tell, file.seekable

    def read(self, size: int = -1) -> bytes:
        """Read up to `size` bytes, or the rest."""
        piece = self.file.read(DIRECTORY + 1 if size < 0 else min(size, DIRECTORY + 1))
        if len(piece) > DIRECTORY:
            raise Unreadable(_("The workbook has too many parts; no spreadsheet writes so many."))
        self.meter.read += len(piece)
        return piece


@contextmanager
def opened(path: Path, meter: Meter) -> Iterator[zipfile.ZipFile]:
    """Open a workbook's file and check its directory; damage becomes a sentence."""
    meter.read = 0
    with open_bytes(path) as file:
        try:
            with zipfile.ZipFile(GuardedFile(file, meter)) as archive:  # type: ignore[arg-type]
                check_directory(archive)
                yield archive
        except Unreadable:
            raise
        except DAMAGES as error:
            told = {"error": shown(str(error))}
            raise Unreadable(
                _("The workbook is damaged (%(error)s); open it in a spreadsheet and save it anew.")
                % told
            ) from None


def check_directory(archive: zipfile.ZipFile) -> None:
    """Refuse what would unpack to too much, before anything is unpacked."""
    parts = archive.infolist()
    if sum(part.file_size for part in parts) > WORKBOOK:
        told = {"most": WORKBOOK // 1024**3}
        raise Unreadable(
            _("Unpacked, the workbook is larger than %(most)s GB; save the sheet as CSV.") % told
        )
    for part in parts:
        told = {"name": shown(part.filename), "most": RATIO}
        if part.file_size > BOMB and part.file_size > RATIO * part.compress_size:
            raise Unreadable(
                _("The part “%(name)s” of the workbook grows more than %(most)s times.") % told
            )
        if part.flag_bits & ENCRYPTED or part.compress_type not in PACKINGS:
            raise Unreadable(
                _("The part “%(name)s” of the workbook is locked or packed unusually.") % told
            )


class Part:
    """An XML part of a workbook, taken apart as it comes; kinds of part say what they keep."""

    def __init__(self) -> None:
        self.depth = 0

    def start(self, tag: str, values: dict[str, str]) -> None:
        """Meet the beginning of an element; `tag` without its prefix."""

    def end(self, tag: str) -> None:
        """Meet the end of an element."""

    def text(self, text: str) -> None:
        """Meet text, or a stretch of it."""

    def pieces(self, archive: zipfile.ZipFile, name: str) -> Iterator[None]:
        """Read the part; stops after each piece, so that what was found can be taken away."""
        parser = self.parser()
        fed = 0
        with archive.open(name) as unpacked:
            while piece := unpacked.read(PIECE):
                parser.Parse(piece, False)
                fed += len(piece)
                if fed - parser.CurrentByteIndex > TOKEN:
                    raise expat.ExpatError(_("a tag without end"))
                yield
        parser.Parse(b"", True)
        yield

    def read(self, archive: zipfile.ZipFile, name: str) -> None:
        """Read the whole part."""
        for _piece in self.pieces(archive, name):
            pass

    def parser(self) -> expat.XMLParserType:
        """Make a parser that expands nothing and goes no deeper than a spreadsheet does."""
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler = self.opening
        parser.EndElementHandler = self.closing
        parser.CharacterDataHandler = self.text
        parser.StartDoctypeDeclHandler = refuse_doctype
        return parser

    def opening(self, tag: str, values: dict[str, str]) -> None:
        """Count how deep this element lies, and pass it on."""
        self.depth += 1
        if self.depth > DEPTH:
            raise expat.ExpatError(_("tags within tags without end"))
        self.start(tag.rpartition(":")[2] if ":" in tag else tag, values)

    def closing(self, tag: str) -> None:
        """Pass the end of an element on."""
        self.depth -= 1
        self.end(tag.rpartition(":")[2] if ":" in tag else tag)


def refuse_doctype(*_declared: object) -> None:
    """Refuse a document type, the only door to entities; no spreadsheet writes one."""
    raise Unreadable(_("The workbook declares a document type or entities, and is refused."))
