"""What is kept in English reads in the reader's language; no sentence of the readers is missed."""

import ast
import re
from pathlib import Path

import pytest
from django.utils import translation

from incidents import dates, quantities, retelling, untying
from incidents.date_words import REFUSED
from incidents.templatetags.reading import understood

INCIDENTS = Path(retelling.__file__).parent
READERS = [
    *sorted(INCIDENTS.glob("date*.py")),
    *sorted(INCIDENTS.glob("quantit*.py")),
]
SAYING = {"Unreadable", "ValueError", "refuse", "because"}
PUBLISHED = dates.parse("2024-05-07").earliest
LETTERS = re.compile(r"[A-Za-z]{3}")


def said_by_readers():
    for path in READERS:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and name_of(node.func) in SAYING and node.args:
                yield from texts_in(node.args[0])


def name_of(function):
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def texts_in(said):
    if isinstance(said, ast.BinOp):
        yield from texts_in(said.left)
    elif isinstance(said, ast.Constant):
        yield said.value
    elif isinstance(said, ast.JoinedStr):
        yield "".join(
            part.value if isinstance(part, ast.Constant) else sample(ast.unparse(part.value))
            for part in said.values
        )


def sample(expression):
    samples = {"long_day": "7 May 2024", "month_name": "May", "day_name": "Monday"}
    if expression == "hint(text)":
        return ""
    return next((text for name, text in samples.items() if name in expression), "2024")


@pytest.mark.parametrize("text", sorted({*said_by_readers(), *REFUSED.values()}))
def test_every_sentence_of_the_readers_is_retold(text):
    assert retelling.sentence_told(text) or retelling.sentence_told(f"{text}, the publication")


@pytest.mark.parametrize("template", untying.WHY.values())
def test_every_reason_not_to_be_counted_is_retold(template):
    assert retelling.sentence_told(template.format("AT-000001"))


def reasons_written():
    """Every reason that the program itself gives for a save, as it may stand in the history."""
    for path in sorted(INCIDENTS.rglob("*.py")):
        if path.name in OTHERS:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.keyword) and node.arg == "why":
                yield from texts_in(marked(node.value))
            if isinstance(node, ast.Assign) and {"why", "reason"} & {*map(name_of, node.targets)}:
                yield from texts_in(marked(node.value))


def marked(value):
    """The text that a call marks for translation; any other value as it is."""
    is_mark = isinstance(value, ast.Call) and name_of(value.func) in {"_", "gettext_noop"}
    return value.args[0] if is_mark else value


OTHERS = {"building.py", "dates.py", "unpacking.py"}  # say why something is not read
REASONS = sorted({text for text in reasons_written() if text})


def test_reasons_of_the_program_are_found():
    assert {"The figure was assessed.", "Queued to be coded."} <= set(REASONS)
    assert any(text.startswith("Imported from") for text in REASONS)


@pytest.mark.parametrize("text", REASONS)
def test_every_reason_that_the_program_gives_is_retold(text):
    with translation.override("ko"):
        assert LETTERS.sub("", retelling.retold(text)) != LETTERS.sub("", text)


@pytest.mark.parametrize("words", ["Thursday", "26 April", "April", "yesterday", "since 2024"])
def test_reasoning_of_a_date_reads_in_korean(words):
    reasoning = dates.parse(words, PUBLISHED).reasoning
    with translation.override("ko"):
        told = retelling.retold(reasoning)
    typed = re.sub("“.*?”", "", told)
    assert not LETTERS.search(typed), (reasoning, told)
    assert "2024년" in told


@pytest.mark.parametrize(
    ("read", "words"),
    [
        (dates.parse, "04/05/2024"),
        (dates.parse, "30 February 2024"),
        (dates.parse, "spring"),
        (quantities.parse, "about 600; up to 200 through Dandong"),
        (quantities.parse, "60 to 50"),
        (quantities.parse, "none"),
    ],
)
def test_refusal_reads_in_korean(read, words):
    with pytest.raises(ValueError, match="not") as refused:
        read(words)
    with translation.override("ko"):
        told = retelling.retold(str(refused.value))
    assert told != str(refused.value)
    assert "십시오" in told
    assert " is " not in told


def test_other_texts_stay_as_they_are():
    with translation.override("ko"):
        assert retelling.retold("Sent in by a reader; not checked.") == (
            "Sent in by a reader; not checked."
        )


def test_english_stays_english():
    reasoning = dates.parse("Thursday", PUBLISHED).reasoning
    assert retelling.retold(reasoning) == reasoning


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("406명 이상", "406명 이상"),
        ("up to 60", "60명 이하"),
        ("about 1,200", "약 1,200명"),
        ("200여 명", "200명 남짓"),
        ("50 to 60", "50~60명"),
        ("fewer than 30", "30명 미만"),
    ],
)
def test_number_stands_before_or_after_its_qualifier_as_korean_has_it(words, expected):
    read = quantities.parse(words)
    claim = {name: getattr(read, name) for name in ("qualifier", "low", "value", "high", "unit")}
    with translation.override("ko"):
        assert understood(claim) == expected


def test_number_in_english_follows_its_qualifier():
    claim = {"qualifier": "at_most", "low": None, "value": None, "high": 60, "unit": "persons"}
    assert understood(claim) == "at most 60 persons"
