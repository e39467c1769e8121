"""Blank files to fill in: a CSV or a workbook for claims or incidents, each column explained.

One rule: the columns are those that the project's own mapping reads, so that a file filled in is
recognised without a question. Called by the import pages.
"""

import csv
import io
from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font

from incidents.cells import BOM
from incidents.importing import presets
from incidents.importing.presets import Section
from incidents.importing.targets import CLAIM, INCIDENT, PLACE

TABLES = ("claims", "incidents")
EXPLAINED = {
    "latitude": gettext_lazy("Latitude of a point that the source itself gives, in degrees."),
    "longitude": gettext_lazy("Its longitude."),
    "place_precision": INCIDENT["point_precision"],
    "place_role": PLACE["role"],
}
WIDTHS = (24, 100)


def columns_of(table: str) -> list[tuple[str, str]]:
    """List the columns of a table, in their order, each with what to write into it."""
    preset = presets.presets()[f"attest-{table}"]
    parts = [(preset.incident, INCIDENT)]
    parts += [(section, PLACE) for section in preset.places]
    parts += [(section, CLAIM) for section in preset.claims]
    found: dict[str, str] = {}
    if table == "incidents":
        found[preset.id[0]] = _("What names the incident in your sheet, such as a number.")
    for section, meanings in parts:
        for name, target in named(section):
            column = preset.columns.get(name, (name,))[-1]
            found.setdefault(column, str(EXPLAINED.get(column) or meanings[target]))
    return list(found.items())


def named(section: Section) -> Iterator[tuple[str, str]]:
    """List the names of columns that a part of a mapping reads, each with its target."""
    for target, value in section.values.items():
        for name in value.together or value.columns[:1]:
            yield name, target


def blank_csv(table: str) -> bytes:
    """Write the header alone, as a spreadsheet opens it."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerow([name for name, _what in columns_of(table)])
    return f"{BOM}{text.getvalue()}".encode()


def blank_workbook(table: str) -> bytes:
    """Write a workbook: the sheet to fill in, as text, and a sheet that explains the columns."""
    book = Workbook()
    sheet, columns = book.active, columns_of(table)
    sheet.title = table
    sheet.freeze_panes = "A2"
    for place, (name, _what) in enumerate(columns, start=1):
        head = sheet.cell(1, place, name)
        head.font = Font(bold=True)
        dimension = sheet.column_dimensions[head.column_letter]
        dimension.width = max(12, len(name) + 2)
        dimension.number_format = "@"  # days and counts stay as they are typed
    explain(book, columns)
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def explain(book: Workbook, columns: list[tuple[str, str]]) -> None:
    """Add the sheet that explains the columns."""
    sheet = book.create_sheet(_("Help"))
    for row in [(_("column"), _("what to write")), *columns]:
        sheet.append(row)
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    for letter, width in zip("AB", WIDTHS, strict=True):
        sheet.column_dimensions[letter].width = width
    for row in sheet.iter_rows(min_row=2):
        row[1].alignment = Alignment(wrap_text=True, vertical="top")
