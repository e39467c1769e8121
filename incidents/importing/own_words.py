"""Lists the words that a sheet has in its columns of categories and measures, with what they mean.

One rule: what nobody knows is said and asked for, never guessed; what a person chose is kept in the
mapping (`[values.category]`). Called by the mapping page.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import islice

from incidents.importing.binding import Binding, unguarded
from incidents.importing.codewords import TARGETS, code_for, key_of
from incidents.importing.presets import Preset, Section
from incidents.importing.reading import Sheet
from incidents.importing.resolving import Vocabulary
from incidents.models import choices

ROWS = 20_000  # that are looked at
MOST = 60  # words that are asked about
LONGEST = 200  # characters; what is longer is no word
Words = Mapping[str, Mapping[str, str]]  # by target: word, code


@dataclass(frozen=True, slots=True)
class OwnWord:
    """A word of the file: in how many rows, what it is taken for, what was chosen for it."""

    target: str
    column: str
    word: str
    rows: int
    known: str  # the code that the word has anyway; "" for a word that nobody knows
    chosen: str

    @property
    def is_open(self) -> bool:
        """Whether nobody has said yet what it means."""
        return not (self.known or self.chosen)


def own_words(sheet: Sheet, preset: Preset) -> list[OwnWord]:
    """List the words of the first rows, those that nobody knows first. Raises Unreadable."""
    columns = dict(columns_of(sheet, preset))
    if not columns:
        return []
    counted: dict[int, Counter[str]] = {at: Counter() for at in columns}
    for _number, cells in islice(sheet.rows(), ROWS):
        for at, words in counted.items():
            word = unguarded(cells[at])
            if word and len(word) <= LONGEST:
                words[word] += 1
    vocabulary = Vocabulary()
    found = [
        OwnWord(
            target,
            sheet.headers[at],
            word,
            rows,
            known_code(target, word, vocabulary),
            chosen_code(preset, target, word),
        )
        for at, target in columns.items()
        for word, rows in counted[at].most_common()
    ]
    return sorted(found, key=lambda word: (not word.is_open, -word.rows))[:MOST]


def columns_of(sheet: Sheet, preset: Preset) -> Iterator[tuple[int, str]]:
    """Say which columns hold words for a category or measure: their place, and which."""
    binding = Binding(preset, sheet.headers)
    sections: list[Section] = [preset.incident, *preset.claims, *preset.assessments]
    for section in sections:
        for target in TARGETS:
            value = section.values.get(target)
            if value and not value.codes and (at := binding.position(value.columns)) is not None:
                yield at, target


def known_code(target: str, word: str, vocabulary: Vocabulary) -> str:
    """Give the code that a word has without anybody saying so; "" for none."""
    if target == "category":
        found = vocabulary.category(word)
        return found.code if found else ""
    return code_for(target, word) or (word if word in choices.Measure.values else "")


def chosen_code(preset: Preset, target: str, word: str) -> str:
    """Give the code that the mapping gives a word; "" for none."""
    own = {key_of(name): code for name, code in preset.values.get(target, {}).items()}
    return own.get(key_of(word), "")


def with_words(preset: Preset, chosen: Words) -> Preset:
    """Put into a mapping what words stand for; "" takes a word out of it."""
    values = {target: dict(words) for target, words in preset.values.items()}
    for target, words in chosen.items():
        again = {key_of(word) for word in words}
        kept = {w: c for w, c in values.get(target, {}).items() if key_of(w) not in again}
        values[target] = kept | {word: code for word, code in words.items() if code}
    return replace(preset, values={target: words for target, words in values.items() if words})
