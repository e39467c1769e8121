"""Guesses what the columns of a sheet become: by HXL tags, by their names, by what stands in them.

One rule: a guess only fills in the mapping page, where a person sees and changes it; no file is
imported by it unseen. Called by the mapping page. Pure.
"""

import re
import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path

from incidents.importing.codewords import code_for
from incidents.importing.presets import plain

NAMES = Path(__file__).resolve().parent.parent / "data" / "column_names.toml"
WORDS = {
    target: [plain(name) for name in names]
    for target, names in tomllib.loads(NAMES.read_text(encoding="utf-8")).items()
}
TAGS = (
    (r"#(meta|event|incident)\+(id|num)", "id"),
    (r"#date\+(published|reported)", "claim.published"),
    (r"#date", "date"),
    (r"#geo\+lat", "latitude"),
    (r"#geo\+lon", "longitude"),
    (r"#country\+origin", "incident.nationality"),
    (r"#country", "country"),
    (r"#adm1", "division"),
    (r"#(adm[2-9]|loc)", "place"),
    (r"#(affected|reached|inneed)", "claim.words"),
    (r"#meta\+(url|link)", "claim.article_url"),
    (r"#(meta\+source|org\+source|source)", "claim.source"),
    (r"#(description|meta\+(description|comment))", "incident.summary"),
    (r"#(event|cause|crisis)", "incident.category"),
)
URL = re.compile(r"(https?://|www\.)\S+", re.I)
DAY = re.compile(
    r"\d{4}[-./]\d{1,2}([-./]\d{1,2})?|\d{1,2}[-./]\d{1,2}[-./]\d{4}|"
    r"\d{4}\s*년.*|\d{4}年.*|\d{1,2}\.?\s+[^\W\d]{3,}\.?,?\s+\d{4}|[^\W\d]{3,}\s+\d{1,2},?\s+\d{4}",
    re.I,
)
PEOPLE = re.compile(
    r".*\d[\d,]*\s*[여余多]?\s*(명|인|名|人|(people|persons|personen|personnes|personas)\b).*"
)
CONTENTS = ((URL, "claim.article_url"), (DAY, "date"), (PEOPLE, "claim.words"))
MOST_KINDS = 20  # different words; a column with more is no column of categories
EXTRA = "extra"  # a column that is best kept as it is
LAST = 20  # how much more the last word of a name counts: “source link” is a link
WHOLE = ("id", "incident.key", "incident.title")  # their words stand in names of other columns
ENOUGH = 0.6  # of the filled cells of a column
LONGEST = 200  # characters of a cell that are looked at


def guessed(
    headers: Sequence[str], tags: Sequence[str], rows: Sequence[Sequence[str]]
) -> dict[str, str]:
    """Guess: the target of each header, as far as one suggests itself; no target twice."""
    chances = sorted(
        (
            (-weight, place, target)
            for place, header in enumerate(headers)
            for weight, target in chances_of(
                header,
                tags[place] if place < len(tags) else "",
                [row[place][:LONGEST].strip() for row in rows],
            )
        )
    )
    found: dict[str, str] = {}
    for _weight, place, target in chances:
        if headers[place] not in found and target not in (set(found.values()) - {EXTRA}):
            found[headers[place]] = target
    return {header: target for header, target in found.items() if target != EXTRA}


def chances_of(header: str, tag: str, cells: Sequence[str]) -> Iterator[tuple[int, str]]:
    """List what one column may become, each with how much speaks for it."""
    for pattern, target in TAGS:
        if re.match(pattern, "".join(tag.lower().split())):
            yield 400, target
            break
    name = plain(header).strip(" :*.")
    filled = [cell for cell in cells if cell]
    for target, words in WORDS.items():
        if target == "incident.category" and len(set(filled)) > MOST_KINDS:
            continue
        if name in words:
            yield 300 - words.index(name), target
        elif target not in WHOLE and (within := [w for w in words if stands_in(w, name)]):
            yield 150 + max(len(w) + LAST * name.endswith(w) for w in within), target
    if filled and sum(bool(code_for("category", cell)) for cell in filled) >= ENOUGH * len(filled):
        yield 290, "incident.category"
    for pattern, target in CONTENTS:
        fitting = [cell for cell in filled if pattern.fullmatch(cell)]
        if filled and len(fitting) >= ENOUGH * len(filled):
            yield 200 if target == "claim.article_url" else 100, target


def stands_in(word: str, name: str) -> bool:
    """Tell whether a word stands in a name: whole where words have spaces, anywhere elsewhere."""
    if len(word) < 2:
        return False
    if word.isascii() or not re.search(r"[\u3040-\u9fff\uac00-\ud7af]", word):
        return re.search(rf"(?<!\w){re.escape(word)}(?!\w)", name) is not None and len(word) > 2
    return word in name
