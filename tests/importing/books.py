"""Makes workbooks by hand, part by part, as no spreadsheet would write them."""

import zipfile
from collections.abc import Iterable
from pathlib import Path

MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
ROOT_LINKS = (
    f'<Relationships><Relationship Id="a" Type="{OFFICE}/officeDocument" '
    'Target="xl/workbook.xml"/></Relationships>'
)
LINKS = (
    f'<Relationships><Relationship Id="s1" Type="{OFFICE}/worksheet" '
    'Target="worksheets/sheet1.xml"/>'
    f'<Relationship Id="t" Type="{OFFICE}/sharedStrings" Target="/xl/sharedStrings.xml"/>'
    f'<Relationship Id="f" Type="{OFFICE}/styles" Target="styles.xml"/></Relationships>'
)
BOOK = (
    f'<workbook {MAIN} xmlns:r="{OFFICE}"><sheets>'
    '<sheet name="one" sheetId="1" r:id="s1"/></sheets></workbook>'
)
SHEET = "xl/worksheets/sheet1.xml"
TEXTS = "xl/sharedStrings.xml"


def inline(cells: Iterable[str]) -> str:
    """Write a row whose texts stand in the sheet."""
    return "<row>" + "".join(f'<c t="inlineStr"><is><t>{c}</t></is></c>' for c in cells) + "</row>"


def sheet(*rows: str) -> str:
    """Write a worksheet of these rows."""
    return f"<worksheet {MAIN}><sheetData>{''.join(rows)}</sheetData></worksheet>"


def make(path: Path, packing: int = zipfile.ZIP_DEFLATED, **parts: str | Iterable[bytes]) -> Path:
    """Write a workbook of `sheet`, `texts`, `styles`, `book`, `links`, `root`, and more parts."""
    contents: dict[str, str | Iterable[bytes]] = {
        "_rels/.rels": parts.pop("root", ROOT_LINKS),
        "xl/workbook.xml": parts.pop("book", BOOK),
        "xl/_rels/workbook.xml.rels": parts.pop("links", LINKS),
        TEXTS: parts.pop("texts", "<sst/>"),
        "xl/styles.xml": parts.pop("styles", "<styleSheet/>"),
        SHEET: parts.pop("sheet", sheet(inline("ab"))),
    }
    with zipfile.ZipFile(path, "w", packing) as archive:
        for name, content in {**contents, **parts}.items():
            with archive.open(name, "w") as part:
                for piece in [content.encode()] if isinstance(content, str) else content:
                    part.write(piece)
    return path
