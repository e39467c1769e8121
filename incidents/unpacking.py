"""Reads a package without trusting it: known names, bounded sizes, counted rows, proven bytes.

One rule: nothing is unpacked to disk, and nothing is believed that the manifest and the list of
tables do not say. Every refusal is one sentence. Called by restoring.
"""

import csv
import hashlib
import io
import json
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from django.utils.translation import gettext as _

from incidents.keysets import Keys
from incidents.packed import FILES, FORMAT, MANIFEST, README, SCHEMA, TABLES, Table
from incidents.verbatim import LONGEST

KNOWN = frozenset({README, MANIFEST, *FILES})
MOST_BYTES = 8 * 1024**3  # of one file, unpacked
MOST_IN_MANIFEST = 1024**2
RATIO = 200  # real tables shrink to a fifth or a thirtieth; a bomb to a thousandth
SLACK = 1024**2
LONGEST_LINE = LONGEST * 4
ENCRYPTED = 0x1
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError)


class Unrestorable(ValueError):
    """A package that cannot be restored; the message says why in one sentence."""


@dataclass(slots=True)
class Row:
    """A row of a file: its number as a spreadsheet counts, the header being 1, and its cells."""

    number: int
    cells: dict[str, str]


@dataclass(slots=True)
class Package:
    """A package that is open: what its manifest says, and once checked the keys of its records.

    `named` holds the texts that name accounts, groups, categories and places.
    """

    archive: zipfile.ZipFile
    sha256: str
    manifest: dict[str, Any]
    keys: dict[str, Keys] = field(default_factory=dict)
    named: dict[str, set[str]] = field(default_factory=dict)

    @property
    def short_sha(self) -> str:
        """What names the package in the history of what was restored."""
        return self.sha256[:12]

    def check(self) -> None:
        """Prove every file: bytes, number of rows, columns, and that each key stands once."""
        for table in TABLES:
            named, keys = set(), Keys()
            for row in self.rows(table):
                if table.has_keys:
                    new = keys.add(key_of(table, row, "id"))
                else:
                    name = name_of(table, row)
                    new = name not in named
                    named.add(name)
                if not new:
                    raise said(table, row, _("this row stands twice"))
            self.keys[table.name] = keys
            self.named[table.name] = named if table.named_by else set()

    def rows(self, table: Table) -> Iterator[Row]:
        """Yield the rows of a file, and at its end refuse what is not as the manifest says."""
        stated = self.manifest["files"][table.file]
        digest, count = hashlib.sha256(), 0
        rows = csv.reader(self.lines(table, digest), strict=True)
        csv.field_size_limit(LONGEST)
        try:
            header = next(rows, [])
            if header != table.columns:
                raise Unrestorable(header_sentence(table, header))
            for count, cells in enumerate(rows, start=1):
                if len(cells) != len(header):
                    raise Unrestorable(
                        _("%(file)s, row %(row)s: it has %(has)s cells instead of %(due)s.")
                        % {
                            "file": table.file,
                            "row": count + 1,
                            "has": len(cells),
                            "due": len(header),
                        }
                    )
                yield Row(count + 1, dict(zip(header, cells, strict=True)))
        except csv.Error as error:
            raise Unrestorable(
                _("%(file)s, row %(row)s: it cannot be read as CSV (%(error)s).")
                % {"file": table.file, "row": count + 2, "error": error}
            ) from error
        if digest.hexdigest() != stated["sha256"]:
            raise Unrestorable(
                _("%s is not as it was packed: its SHA-256 is not that of the manifest.")
                % table.file
            )
        if count != stated["rows"]:
            raise Unrestorable(
                _("%(file)s has %(has)s rows; the manifest says %(due)s.")
                % {"file": table.file, "has": count, "due": stated["rows"]}
            )

    def lines(self, table: Table, digest: Any) -> Iterator[str]:
        """Yield the lines of a file, none longer than a row may be."""
        try:
            with self.archive.open(table.file) as member, io.BufferedReader(member) as file:
                while line := file.readline(LONGEST_LINE + 1):
                    if len(line) > LONGEST_LINE:
                        raise Unrestorable(
                            _("%(file)s has a line of more than %(most)s bytes.")
                            % {"file": table.file, "most": LONGEST_LINE}
                        )
                    digest.update(line)
                    yield line.decode()
        except UnicodeDecodeError as error:
            raise Unrestorable(_("%s is not UTF-8 throughout.") % table.file) from error
        except BROKEN as error:
            raise Unrestorable(
                _("%(file)s is damaged inside the package (%(error)s).")
                % {"file": table.file, "error": error}
            ) from error


def is_package(path: Path) -> bool:
    """Tell a package, also one that lacks files or its end, from a workbook and other files."""
    try:
        with archive_in(path) as archive:
            names = set(archive.namelist())
    except BROKEN:
        return path.suffix.lower() == ".zip" and path.is_file()
    return bool(names & {MANIFEST, *FILES})


def archive_in(file: Path | IO[bytes]) -> zipfile.ZipFile:
    """Open a zip file. Raises BadZipFile for whatever is wrong with its directory."""
    try:
        return zipfile.ZipFile(file)
    except (NotImplementedError, ValueError, struct.error) as error:
        raise zipfile.BadZipFile(str(error)) from error


@contextmanager
def opened(path: Path) -> Iterator[Package]:
    """Open a package, as far as it can be trusted before its tables are read."""
    try:
        with path.open("rb") as file:
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()
            with archive_in(file) as archive:
                need_known_files(archive)
                manifest = read_manifest(archive)
                yield Package(archive, sha256, manifest)
    except zipfile.BadZipFile as error:
        raise Unrestorable(
            _("%s is not a package, or not a whole one: it cannot be read as a zip file.") % path
        ) from error
    except OSError as error:
        raise Unrestorable(
            _("%(path)s cannot be read: %(error)s.") % {"path": path, "error": error.strerror}
        ) from error


def need_known_files(archive: zipfile.ZipFile) -> None:
    """Refuse what is no package by its list of files: unknown, doubled, missing, too large."""
    held = archive.infolist()
    names = [info.filename for info in held]
    unknown = next((name for name in names if name not in KNOWN), None)
    if unknown is not None:
        raise Unrestorable(
            _("The package holds “%s”, which is no file of a package; it is refused whole.")
            % unknown[:100]
        )
    if len(set(names)) < len(names):
        raise Unrestorable(_("The package holds a file twice."))
    missing = sorted(KNOWN - {README} - set(names))
    if missing:
        raise Unrestorable(_("The package lacks %s.") % ", ".join(missing))
    for info in held:
        need_modest(info)


def need_modest(info: zipfile.ZipInfo) -> None:
    """Refuse a file that would unpack to more than a table can be."""
    if info.flag_bits & ENCRYPTED or info.compress_type not in METHODS:
        raise Unrestorable(
            _("%s is encrypted, or packed in a way that packages do not use.") % info.filename
        )
    most = MOST_IN_MANIFEST if info.filename in (MANIFEST, README) else MOST_BYTES
    if info.file_size > min(most, SLACK + RATIO * info.compress_size):
        raise Unrestorable(
            _("%(file)s would unpack from %(packed)s to %(unpacked)s bytes, more than a table can.")
            % {
                "file": info.filename,
                "packed": info.compress_size,
                "unpacked": info.file_size,
            }
        )


def read_manifest(archive: zipfile.ZipFile) -> dict[str, Any]:
    """Read the manifest; `files` maps the name of each to its rows and SHA-256."""
    try:
        with archive.open(MANIFEST) as file:
            said = json.loads(file.read(MOST_IN_MANIFEST + 1))
        is_ours, schema = said["format"] == FORMAT, said["schema"]
        files = {
            entry["name"]: {"rows": int(entry["rows"]), "sha256": str(entry["sha256"])}
            for entry in said["files"]
        }
    except (*BROKEN, ValueError, OverflowError, KeyError, TypeError, RecursionError) as error:
        raise Unrestorable(_("%s cannot be read.") % MANIFEST) from error
    if not is_ours or schema != SCHEMA:
        raise Unrestorable(
            _("The manifest names schema “%(schema)s”; this version restores schema %(known)s.")
            % {"schema": str(schema)[:20], "known": SCHEMA}
        )
    if files.keys() != FILES.keys():
        raise Unrestorable(_("The manifest does not list the files of a package."))
    return {**said, "files": files}


def key_of(table: Table, row: Row, column: str) -> int:
    """Read a key."""
    text = row.cells[column]
    if not (text.isascii() and text.isdigit() and text[0] != "0" and int(text[:20]) < 2**63):
        raise said(table, row, _("it is not a key"), column)
    return int(text)


def name_of(table: Table, row: Row) -> str:
    """Read what names a row that has no key."""
    if table.named_by:
        return row.cells[table.named_by]
    own = [row.cells[name] for name in table.columns if name != "own"]
    return "\n".join(own)


def said(table: Table, row: Row, message: str, column: str = "") -> Unrestorable:
    """Say what is wrong with a row: file, row, column, value, and what is allowed."""
    where = f"{table.file}, " + _("row %s") % row.number
    if not column:
        return Unrestorable(f"{where}: {message}.")
    value = row.cells[column]
    shown = value if len(value) <= 60 else value[:60] + "…"
    return Unrestorable(f"{where}, {column}: “{shown}”: {message.rstrip('.')}.")


def header_sentence(table: Table, header: list[str]) -> str:
    """Say which columns are too many, missing, or in another order."""
    extra = [name for name in header if name not in table.columns]
    missing = [name for name in table.columns if name not in header]
    if extra:
        reason = _("it has a column that it should not have: %s") % ", ".join(extra)[:200]
    elif missing:
        reason = _("it lacks the column %s") % ", ".join(missing)
    else:
        reason = _("its columns stand in another order")
    return f"{table.file}: {reason}."
