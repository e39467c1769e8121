"""Brings the catalogues of translations up to date: `make messages`, or asks what they lack.

One rule: what pages and programs say is what stands in the catalogues, no more and no less; a
translation whose original is gone goes too. The texts of Django and its packages are theirs.
"""

import datetime as dt
import io
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

from babel.messages import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parents[1]
LOCALE = ROOT / "locale"
LANGUAGES = ("ko",)
WIDTH = 100
TIMELESS = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
INDENT = re.compile(r"^[ \t]+", re.MULTILINE)
KEYWORDS = {
    **dict.fromkeys(("_", "gettext", "gettext_lazy", "gettext_noop"), None),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), (1, 2)),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), ((1, "c"), 2)),
    "npgettext": ((1, "c"), 2, 3),
}
SOURCES = (
    *("config/**/*.py", "incidents/**/*.py"),
    *("templates/**/*.html", "templates/**/*.svg", "templates/**/*.txt"),
)


def originals() -> Catalog:
    """Gather every text that is marked for translation, with where it stands."""
    catalog = Catalog(project="Attest", version="", copyright_holder="", fuzzy=False)
    for path, line, said, context in (*marked(), *described()):
        catalog.add(said, locations=[(path, line)], context=context or None)
    for message in catalog:
        message.locations = sorted({(path, 0) for path, _line in message.locations})
    return catalog


def marked() -> Iterator[tuple]:
    """Find the marked texts of every file: path, line, text or (one, several), context."""
    for pattern in SOURCES:
        for path in sorted(ROOT.glob(pattern)):
            if "migrations" in path.parts:
                continue
            text = path.read_text(encoding="utf-8")
            if path.suffix != ".py":
                text = INDENT.sub("", templatize(text, origin=path.name))
            name = path.relative_to(ROOT).as_posix()
            file = io.BytesIO(text.encode())
            for line, said, _comments, context in extract("python", file, KEYWORDS, (), {}):
                yield name, line, said, context or ""


def described() -> Iterator[tuple]:
    """Find what the mappings of data sets say of themselves, as `marked` gives it."""
    for path in sorted((ROOT / "incidents/data/presets").glob("*.toml")):
        preset = tomllib.loads(path.read_text(encoding="utf-8"))
        texts = (preset["title"], preset.get("about", ""), *preset.get("notes", ()))
        yield from ((path.relative_to(ROOT).as_posix(), 0, text, "") for text in texts if text)


def path_of(language: str) -> Path:
    """Where the catalogue of a language stands."""
    return LOCALE / language / "LC_MESSAGES" / "django.po"


def stored(language: str) -> Catalog:
    """Read the catalogue of a language; an empty one where there is none yet."""
    path = path_of(language)
    if not path.exists():
        return Catalog(locale=language)
    with path.open("rb") as file:
        return read_po(file, locale=language)


def renewed(language: str) -> Catalog:
    """Put the translations there are to the texts of today."""
    old, new = stored(language), Catalog(locale=language, project="Attest", version="", fuzzy=False)
    for message in originals():
        if message.id:
            known = old.get(message.id, message.context)
            words = known.string if known else ""
            new.add(message.id, words, message.locations, context=message.context)
    return new


def lacking(catalog: Catalog) -> list[Message]:
    """List the texts without a translation."""
    return [message for message in catalog if message.id and not any(forms_of(message))]


def forms_of(message: Message) -> tuple[str, ...]:
    """Give the translation of a text, in each number that the language has."""
    return (message.string,) if isinstance(message.string, str) else tuple(message.string)


def compiled(catalog: Catalog) -> bytes:
    """Write a catalogue as programs read it, without the time at which it was written."""
    catalog.creation_date = catalog.revision_date = TIMELESS
    file = io.BytesIO()
    write_mo(file, catalog)
    return file.getvalue()


def written(catalog: Catalog) -> bytes:
    """Write a catalogue as people read it, without times."""
    file = io.BytesIO()
    write_po(file, catalog, width=WIDTH, omit_header=True, sort_by_file=True)
    header = (
        "# Attest's texts in another language: written by `make messages`, words by hand.\n"
        'msgid ""\nmsgstr ""\n'
        '"Content-Type: text/plain; charset=utf-8\\n"\n'
        '"Content-Transfer-Encoding: 8bit\\n"\n'
        f'"Language: {catalog.locale}\\n"\n'
        f'"Plural-Forms: {catalog.plural_forms}\\n"\n\n'
    )
    return header.encode() + file.getvalue()


def main() -> None:
    """Write the catalogue of each language, and say what it lacks."""
    for language in LANGUAGES:
        catalog, path = renewed(language), path_of(language)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(written(catalog))
        path.with_suffix(".mo").write_bytes(compiled(stored(language)))
        print(f"{language}: {len(list(catalog)) - 1} texts, {len(lacking(catalog))} to translate")


if __name__ == "__main__":
    main()
