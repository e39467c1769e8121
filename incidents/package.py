"""Streams the package of a question: every table as CSV with its keys, in one zip file.

One rule: the same records give the same bytes, whichever database holds them: rows by key or name,
no time of the export, files in one order. `restoring` reads what is written here.
"""

import hashlib
import json
import zipfile
from collections.abc import Iterator
from typing import Any

from incidents import VERSION, ledgers
from incidents.exports import logged, one_picture
from incidents.filters import Question
from incidents.keysets import in_pieces
from incidents.models import PlaceName, choices
from incidents.packed import EDITED, FORMAT, MANIFEST, README, SCHEMA, TABLES, Table
from incidents.packing import CHUNK, Packing
from incidents.streams import Piece
from incidents.verbatim import cell, lines

ENOUGH = 64 * 1024  # bytes that are worth a piece
EPOCH = (1980, 1, 1, 0, 0, 0)
PERMISSIONS = 0o644 << 16
UNIX = 3
ABOUT = f"""\
This is a package of Attest, a human-rights incident database in which every figure keeps its
source. It holds records as they were stored, every table as a CSV file with its keys.

{MANIFEST} says which question the package answers, what was left out, and the rows and SHA-256
of each file. The codebook page of every installation (/codebook/#package) says what each file
holds. Cells stand as stored: before opening a file in a spreadsheet, import its columns as text.

To restore it, an administrator of an installation that has no incidents, articles, sources and
imports runs, in the folder of that installation:

    python manage.py import_incidents package.zip --by NAME-OF-THE-ADMINISTRATOR

Everything is checked first, and all of it is restored or nothing; with --dry-run it is only tried.
Statuses, versions, times and
who logged, signed and assessed come back as they were; accounts that are missing are made without
a password and cannot sign in until somebody lets them. Figures and totals are worked out anew.

A package holds what the person who made it may see. Handle it as you would the database.
"""
Cells = list[str]


def package_stream(question: Question) -> Iterator[bytes]:
    """Yield the package of a question in pieces, and log how it ended.

    Raises Busy, before anything is yielded, when as many exports are under way as may be.
    """
    return logged(question, "package", pieces(question))


def pieces(question: Question) -> Iterator[Piece]:
    """Yield the bytes of the zip file, with how many rows are in each piece."""
    sink = Sink()
    files = []
    with zipfile.ZipFile(sink, "w") as archive:
        with member(archive, README) as file:
            file.write(ABOUT.encode())
        yield 0, sink.taken()
        with one_picture():
            packing = Packing(question)
            for table in TABLES:
                rows, digest = 0, hashlib.sha256()
                with member(archive, table.file) as file:
                    for part in parts(packing, table):
                        written = lines(part)
                        digest.update(written)
                        file.write(written)
                        rows += len(part)
                        if len(sink.waiting) >= ENOUGH:
                            yield 0, sink.taken()
                files.append({"name": table.file, "rows": rows - 1, "sha256": digest.hexdigest()})
                yield rows - 1, sink.taken()
        with member(archive, MANIFEST) as file:
            file.write(manifest(question, packing, files))
    yield 0, sink.taken()


def member(archive: zipfile.ZipFile, name: str) -> Any:
    """Open a file inside the zip file; nothing about it depends on the machine or the day."""
    about = zipfile.ZipInfo(name, EPOCH)
    about.compress_type = zipfile.ZIP_DEFLATED
    about.create_system = UNIX
    about.external_attr = PERMISSIONS
    return archive.open(about, "w", force_zip64=True)


def manifest(question: Question, packing: Packing, files: list[dict[str, Any]]) -> bytes:
    """Write what the package is, and what a reader needs to trust its files."""
    said = {
        "format": FORMAT,
        "schema": SCHEMA,
        "project": VERSION,
        "query": question.text,
        "whole": packing.is_whole,
        "desk": packing.for_desk,
        "files": files,
        "left_out": {name: n for name, n in sorted(packing.left_out.items()) if n},
    }
    return (json.dumps(said, ensure_ascii=False, indent=1) + "\n").encode()


class Sink:
    """Takes what the zip file writes until it is sent; cannot be wound back, like a connection."""

    def __init__(self) -> None:
        self.waiting = bytearray()

    def write(self, written: bytes) -> int:
        """Take some bytes."""
        self.waiting += written
        return len(written)

    def flush(self) -> None:
        """Do nothing; what waits is taken."""

    def taken(self) -> bytes:
        """Give out what waits."""
        piece, self.waiting = bytes(self.waiting), bytearray()
        return piece


def parts(packing: Packing, table: Table) -> Iterator[list[Cells]]:
    """Yield the header of a table, then its rows, some at a time."""
    yield [table.columns]
    at = f"{table.owner}_id" if table.owner else "pk"
    columns = [field.attname for field in table.fields]
    for keys in in_pieces(packing.in_order(packing.owner_of(table)), CHUNK):
        place = {key: number for number, key in enumerate(keys)}
        found = table.model._base_manager.filter(**{f"{at.removesuffix('_id')}__in": keys})
        rows = [list(row) for row in found.order_by().values_list(at, *columns)]
        name_references(packing, table, rows)
        finish(packing, table, rows)
        needed = needed_columns(table)
        made = sorted(
            (place[key], [cell(value) for value in values])
            for key, *values in rows
            if not any(values[number] is None for number in needed)
        )
        yield [cells for _place, cells in made]


def needed_columns(table: Table) -> list[int]:
    """List the columns, by number, without which there is no row."""
    return [n for n, field in enumerate(table.fields) if field.name in table.needed]


def name_references(packing: Packing, table: Table, rows: list[list[Any]]) -> None:
    """Put names in place of keys that databases do not share, and empty what leads outside."""
    for number, field in enumerate(table.fields, start=1):
        to = table.references.get(field.name)
        if field.name in table.desk and not packing.for_desk:
            for row in rows:
                row[number] = None
        elif to in packing.names:
            names = packing.names[to]
            for row in rows:
                row[number] = names.get(row[number])
        elif to is not None:
            empty_what_leads_outside(packing, f"{table.name}.{field.name}", to, rows, number)


def empty_what_leads_outside(
    packing: Packing, what: str, to: str, rows: list[list[Any]], number: int
) -> None:
    """Empty the references of a column to records that are not in the package, and count them."""
    there, outside = packing.keys[to], []
    for row in rows:
        if row[number] is not None and row[number] not in there:
            outside.append(row[number])
            row[number] = None
    packing.count_left_out(what, to, outside)


def finish(packing: Packing, table: Table, rows: list[list[Any]]) -> None:
    """Add or change what is no plain column: who edited a place, what a merge moved."""
    if EDITED in table.beside:
        for row in rows:
            row.append(row[0] in packing.edited)
    if table.name == "merges":
        names = names_written(packing)
        at = {name: number for number, name in enumerate(table.columns, start=1)}
        for row in rows:
            kind = row[at["kind"]]
            row[at["moved"]] = ledgers.written(row[at["moved"]], kind, names)
            if kind == choices.MergeKind.PLACE:
                for end in ("gone", "survivor"):
                    row[at[end]] = packing.names["places"][row[at[end]]]


def names_written(packing: Packing) -> ledgers.Names:
    """What stands in a ledger for keys that databases do not share."""
    return ledgers.Names(
        places=packing.names["places"].get,
        groups=packing.names["groups"].get,
        place_names=lambda key: name_of_place(packing, key),
        there=packing.keys,
    )


def name_of_place(packing: Packing, key: int) -> Cells | None:
    """Say which name of a place a key stands for; None where that is gone or not here."""
    found = PlaceName.objects.filter(pk=key).values_list("place", "place__code", "language", "name")
    return next((name for place, *name in found if place in packing.keys["places"]), None)
