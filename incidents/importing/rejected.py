"""Writes beside an imported file which of its rows were rejected, where and why.

One rule: the file speaks of the last run alone: an earlier one is taken away at the start, and
the new one stands there only when it is whole. Called by whoever runs an import.
"""

import csv
import os
import shutil
import tempfile
from pathlib import Path
from types import TracebackType
from typing import Self

from incidents.cells import BOM, LONGEST_CELL, Text, guarded

COLUMNS = ("row", "column", "value", "message")


class RejectedFile:
    """FILE.rejected.csv, written row by row; there is none when nothing was rejected."""

    def __init__(self, path: Path, *, suffix: str = ".rejected.csv") -> None:
        self.source = path
        self.path = path.with_name(path.name + suffix)
        self.count = 0

    def __enter__(self) -> Self:
        self.path.unlink(missing_ok=True)
        handle, name = tempfile.mkstemp(dir=self.path.parent, prefix=".rejected-", suffix=".csv")
        self.draft = Path(name)
        self.file = os.fdopen(handle, "w", encoding="utf-8", newline="")
        self.file.write(BOM)
        self.writer = csv.writer(self.file, lineterminator="\n")
        self.writer.writerow(COLUMNS)
        return self

    def add(self, row: int, column: str, value: str, message: str) -> None:
        """Write one cell that was rejected; `row` as a spreadsheet counts."""
        texts = [Text(text[:LONGEST_CELL]) for text in (column, value, message)]
        self.writer.writerow([row, *map(guarded, texts)])
        self.count += 1

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.file.close()
        if error is not None or not self.count:
            self.draft.unlink()
            return
        shutil.copymode(self.source, self.draft)
        os.replace(self.draft, self.path)
