"""Reads the rows of one worksheet of a workbook (XLSX): stored values only, as text.

One rule: a cell gives exactly the value that the file stores; formulas are never worked out, and
a cell whose value is missing or an error is refused by its name. Besides one piece of the sheet,
only the workbook's texts are held (at most TEXTS) and which formats are dates. openpyxl would hold
every text of the file, whole cells and whole rows, whatever their length, and gives either
formulas or values; from it come the rules of dates and formats.
"""

import posixpath
import zipfile
from array import array
from collections.abc import Iterator
from pathlib import Path

from django.utils.translation import gettext as _
from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format, is_timedelta_format
from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900

from incidents.importing.archives import Part, opened
from incidents.importing.limits import (
    CELL,
    NAME,
    SHEETS,
    STYLES,
    TEXTS,
    Meter,
    Unreadable,
    shown,
    too_long_cell,
)
from incidents.importing.worksheets import Rows, Setting

LOCAL_DATES = {*range(27, 37), *range(50, 59)}  # what Excel in China, Japan and Korea numbers


class Workbook:
    """A workbook of which one visible worksheet is read: the named one, or the first."""

    kind = "xlsx"
    encoding = delimiter = ""

    def __init__(self, path: Path, *, worksheet: str) -> None:
        self.path, self.meter = path, Meter()
        with opened(path, self.meter) as archive:
            book = Book()
            main = main_part(archive)
            book.read(archive, main)
            linked = Links.of(archive, main)
            self.sheet = linked.by_id[choose(book.sheets, linked, worksheet)]
            self.texts_part = linked.by_kind.get("sharedStrings", "")
            formats = Formats()
            if "styles" in linked.by_kind:
                formats.read(archive, linked.by_kind["styles"])
        self.dates = formats.dates
        self.epoch = CALENDAR_MAC_1904 if book.since_1904 else CALENDAR_WINDOWS_1900
        self.texts: Texts | None = None

    def records(self) -> Iterator[tuple[int, list[str]]]:
        """Read the rows that hold something, with their numbers.

        Raises Unreadable at the first cell that has no value to give.
        """
        with opened(self.path, self.meter) as archive:
            if self.texts is None:
                texts = Texts()
                if self.texts_part:
                    texts.read(archive, self.texts_part)
                self.texts = texts
            rows = Rows(Setting(self.texts.at, self.dates, self.epoch))
            for _piece in rows.pieces(archive, self.sheet):
                yield from rows.taken()


class Links(Part):
    """What a part points to, by id and by kind."""

    def __init__(self, base: str) -> None:
        super().__init__()
        self.base = base
        self.by_id: dict[str, str] = {}
        self.by_kind: dict[str, str] = {}
        self.worksheets: set[str] = set()

    @classmethod
    def of(cls, archive: zipfile.ZipFile, part: str) -> "Links":
        """Read what a part points to; the empty name stands for the workbook's file."""
        folder, name = posixpath.split(part)
        links = cls(folder)
        links.read(archive, posixpath.join(folder, "_rels", f"{name}.rels"))
        return links

    def start(self, tag: str, values: dict[str, str]) -> None:
        """Keep one link; targets begin at the file's root or at the part's folder."""
        if tag != "Relationship" or len(self.by_id) > SHEETS:
            return
        target, kind, link = (values.get(key, "")[:NAME] for key in ("Target", "Type", "Id"))
        name = posixpath.normpath(posixpath.join("/", self.base, target)).lstrip("/")
        self.by_id[link] = name
        self.by_kind.setdefault(kind.rpartition("/")[2], name)
        if kind.endswith("/worksheet"):
            self.worksheets.add(link)


class Book(Part):
    """The list of worksheets and the day from which days are counted."""

    def __init__(self) -> None:
        super().__init__()
        self.sheets: list[tuple[str, str]] = []
        self.since_1904 = False

    def start(self, tag: str, values: dict[str, str]) -> None:
        """Keep the visible sheets: name and link."""
        if tag == "workbookPr":
            self.since_1904 = values.get("date1904", "0") in ("1", "true")
        if tag == "sheet" and values.get("state", "visible") == "visible":
            link = next((v for k, v in values.items() if k.rpartition(":")[2] == "id"), "")
            self.sheets.append((values.get("name", "")[:NAME], link[:NAME]))
        if len(self.sheets) > SHEETS:
            raise Unreadable(_("The workbook has more than %(most)s sheets.") % {"most": SHEETS})


class Formats(Part):
    """Which formats of cells show a day or a time."""

    def __init__(self) -> None:
        super().__init__()
        self.own: dict[int, bool] = {}
        self.dates: list[bool] = []
        self.inside = False

    def start(self, tag: str, values: dict[str, str]) -> None:
        """Keep one format; cells refer to them by their place."""
        if tag == "cellXfs":
            self.inside = True
        if tag == "numFmt":
            self.own[int(values.get("numFmtId", "0"))] = is_day(values.get("formatCode", ""))
        if tag == "xf" and self.inside:
            self.dates.append(self.is_date(int(values.get("numFmtId", "0"))))
        if max(len(self.dates), len(self.own)) > STYLES:
            raise Unreadable(_("The workbook has too many formats; save the sheet as CSV."))

    def end(self, tag: str) -> None:
        """Note that the formats of cells are over."""
        if tag == "cellXfs":
            self.inside = False

    def is_date(self, number: int) -> bool:
        """Tell whether a format, by its number, shows a day or a time."""
        if number in self.own:
            return self.own[number]
        return number in LOCAL_DATES or is_day(BUILTIN_FORMATS.get(number, ""))


class Texts(Part):
    """The texts that cells refer to by number, held as one run of bytes."""

    def __init__(self) -> None:
        super().__init__()
        self.bytes = bytearray()
        self.ends = array("Q")
        self.size = self.spoken = 0
        self.wanted = False

    def start(self, tag: str, values: dict[str, str]) -> None:
        """Listen to text, but not to how it is pronounced."""
        if tag == "si":
            self.size = 0
        elif tag == "rPh":
            self.spoken += 1
        self.wanted = tag == "t" and not self.spoken

    def end(self, tag: str) -> None:
        """Close a text."""
        self.wanted = False
        if tag == "rPh":
            self.spoken -= 1
        elif tag == "si":
            self.ends.append(len(self.bytes))
            self.check(8)

    def text(self, text: str) -> None:
        """Keep a stretch of a text."""
        if self.wanted:
            self.size += len(text)
            if self.size > CELL:
                raise too_long_cell(_("A text of the workbook"))
            self.bytes += text.encode()
            self.check(0)

    def check(self, more: int) -> None:
        """Refuse more text than may be held."""
        if len(self.bytes) + len(self.ends) * 8 + more > TEXTS:
            told = {"most": TEXTS // 1024**2}
            raise Unreadable(
                _("The workbook holds more than %(most)s MB of text; save the sheet as CSV.") % told
            )

    def at(self, number: int) -> str:
        """Give a text by its number; raises IndexError when there is none."""
        if number < 0:
            raise IndexError
        begin = self.ends[number - 1] if number else 0
        return self.bytes[begin : self.ends[number]].decode()


def main_part(archive: zipfile.ZipFile) -> str:
    """Find the part that lists the worksheets."""
    names = archive.NameToInfo
    found = (
        Links.of(archive, "").by_kind.get("officeDocument", "") if "_rels/.rels" in names else ""
    )
    if found in names and "workbook" in found and found.endswith(".xml"):
        return found
    raise Unreadable(
        _("This zip file is not an Excel workbook (.xlsx); save the sheet as .xlsx or CSV.")
    )


def choose(sheets: list[tuple[str, str]], links: Links, named: str) -> str:
    """Choose the worksheet to read; charts are none."""
    visible = {name: link for name, link in reversed(sheets) if link in links.worksheets}
    if not visible:
        raise Unreadable(_("The workbook has no visible worksheet."))
    if not named:
        return next(reversed(visible.values()))
    if named in visible:
        return visible[named]
    told = {"name": shown(named), "names": ", ".join(f"“{shown(n)}”" for n in reversed(visible))}
    raise Unreadable(_("There is no worksheet “%(name)s”; there are %(names)s.") % told)


def is_day(code: str) -> bool:
    """Tell whether a format shows a day or a time, not how long something took."""
    return bool(is_date_format(code)) and not is_timedelta_format(code)
