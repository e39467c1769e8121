"""Translations: every text has one, with the same places for values; programs read just that."""

import re
from collections import Counter

import pytest

from tests import messages

PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}|</?\w+[^>]*>")


def identity(message) -> tuple:
    return message.id, message.context


@pytest.mark.parametrize("language", messages.LANGUAGES)
def test_every_text_is_translated(language):
    said = {identity(message) for message in messages.originals() if message.id}
    catalog = messages.stored(language)
    there = {identity(message) for message in catalog if message.id}
    assert said - there == set(), "run `make messages`, then translate"
    assert there - said == set(), "run `make messages`"
    assert [identity(message) for message in messages.lacking(catalog)] == []
    assert [identity(message) for message in catalog if message.fuzzy and message.id] == []


@pytest.mark.parametrize("language", messages.LANGUAGES)
def test_translations_have_the_same_places_for_values(language):
    wrong = []
    for message in messages.stored(language):
        if not message.id:
            continue
        originals = message.id if isinstance(message.id, tuple) else (message.id,)
        allowed = [Counter(PLACEHOLDER.findall(text)) for text in originals]
        wrong += [
            (message.id, form)
            for form in messages.forms_of(message)
            if Counter(PLACEHOLDER.findall(form)) not in allowed
        ]
    assert wrong == []


@pytest.mark.parametrize("language", messages.LANGUAGES)
def test_programs_read_what_people_wrote(language):
    compiled = messages.path_of(language).with_suffix(".mo").read_bytes()
    assert compiled == messages.compiled(messages.stored(language)), "run `make messages`"


def test_no_text_hides_within_an_f_string():
    hidden = [
        f"{path.relative_to(messages.ROOT)}: {found[0]}"
        for pattern in ("config/**/*.py", "incidents/**/*.py")
        for path in sorted(messages.ROOT.glob(pattern))
        for found in re.finditer(r"""\{n?p?gettext\(|\{_\(["'].*""", path.read_text("utf-8"))
    ]
    assert hidden == [], "a text within an f-string is not gathered"
