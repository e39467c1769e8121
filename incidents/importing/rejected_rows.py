"""Writes the rejected rows of a file as they stood in it, under its own headers, to be corrected.

One rule: what is corrected there can be imported as it is: the same columns, all cells whole.
Called at the end of a run, which names the rows.
"""

import csv
import os
import re
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from incidents.cells import BOM, Text, guarded
from incidents.importing.reading import Sheet

SUFFIX = ".rejected-rows.csv"
NUMBER = re.compile(r"[+-]\d+([.,]\d+)*")  # a spreadsheet does nothing with it


def path_beside(path: Path) -> Path:
    """Say where the rejected rows of a file stand."""
    return path.with_name(path.name + SUFFIX)


def write_rejected_rows(sheet: Sheet, numbers: Sequence[int]) -> None:
    """Write these rows of the file, in order, whole or not at all."""
    handle, name = tempfile.mkstemp(dir=sheet.path.parent, prefix=".rejected-", suffix=".csv")
    draft = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
            file.write(BOM)
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(map(safe, sheet.headers))
            if sheet.tags:
                writer.writerow(sheet.tags)
            writer.writerows(map(safe, cells) for cells in rows_of(sheet, numbers))
        shutil.copymode(sheet.path, draft)
        os.replace(draft, path_beside(sheet.path))
    finally:
        draft.unlink(missing_ok=True)


def rows_of(sheet: Sheet, numbers: Sequence[int]) -> Iterator[Sequence[str]]:
    """Read these rows again."""
    wanted = set(numbers)
    last = max(wanted)
    for number, cells in sheet.rows():
        if number in wanted:
            yield cells
        if number >= last:
            return


def safe(cell: str) -> str:
    """Write a cell so that a spreadsheet shows it and does not run it."""
    return cell if NUMBER.fullmatch(cell) else guarded(Text(cell))
