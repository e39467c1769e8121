"""Categories and measures in a sheet's own words: known in several languages, chosen, or asked."""

import pytest

from incidents.importing import presets
from incidents.importing.codewords import CODES, code_for
from incidents.importing.own_words import own_words, with_words
from incidents.importing.reading import open_sheet
from incidents.importing.writing import written
from incidents.models import Category, Claim, Incident, choices
from tests.importing.sheets import claims, write

MAPPING = """
name = "sheet"
rows = "incidents"
[values.category]
"붙잡힘" = "arrest"
[incident]
category = "유형"
[[claim]]
words = "수"
measure = "무엇"
"""


@pytest.mark.parametrize(
    ("target", "word", "code"),
    [
        ("category", "강제북송", "forced_return"),
        ("category", "강제 북송", "forced_return"),
        ("category", "Deportation", "expulsion"),
        ("category", "遣返", "forced_return"),
        ("category", "Push-back", "pushback"),
        ("category", "구금", "arbitrary_detention"),
        ("measure", "사망", "dead"),
        ("measure", "失踪", "missing"),
        ("category", "something", ""),
    ],
)
def test_word_stands_for_a_code(target, word, code):
    assert code_for(target, word) == code


@pytest.mark.django_db
def test_words_are_of_codes_that_exist():
    assert set(CODES["category"].values()) == set(Category.objects.values_list("code", flat=True))
    assert set(CODES["measure"].values()) == set(choices.Measure.values)


@pytest.mark.django_db
def test_unknown_words_are_listed_first_and_can_be_chosen(tmp_path):
    rows = [
        {"유형": word, "수": "2", "무엇": "사망"}
        for word in ("강제북송", "끌려감", "붙잡힘", "끌려감")
    ]
    path = write(tmp_path / "a.csv", ["유형", "수", "무엇"], rows)
    preset, sheet = presets.read(MAPPING), open_sheet(path)
    found = own_words(sheet, preset)
    assert [(w.target, w.word, w.rows, w.known, w.chosen) for w in found] == [
        ("category", "끌려감", 2, "", ""),
        ("measure", "사망", 4, "dead", ""),
        ("category", "강제북송", 1, "forced_return", ""),
        ("category", "붙잡힘", 1, "", "arrest"),
    ]
    chosen = with_words(preset, {"category": {"끌려감": "forced_return", "붙잡힘": ""}})
    assert chosen.values == {"category": {"끌려감": "forced_return"}}
    assert presets.read(written(chosen)) == chosen


def test_sheet_in_its_own_words_is_saved(bring, tmp_path):
    mapping = tmp_path / "own.toml"
    mapping.write_text(MAPPING, encoding="utf-8")
    rows = [
        {"유형": w, "수": "2", "무엇": m} for w, m in (("붙잡힘", "체포"), ("强制遣返", "遣返"))
    ]
    path = write(tmp_path / "a.csv", ["유형", "수", "무엇"], rows)
    assert bring(path, "--preset", str(mapping)).code == 0
    codes = Incident.objects.order_by("pk").values_list("category__code", flat=True)
    assert list(codes) == ["arrest", "forced_return"]
    measures = Claim.objects.order_by("pk").values_list("measure", flat=True)
    assert list(measures) == ["arrested", "returned"]


def test_word_that_nobody_knows_rejects_its_row(bring, tmp_path):
    ran = bring(claims(tmp_path / "c.csv", {"category": "끌려감"}))
    assert ran.code == 1
    assert "the mapping does not say what it means" in ran.rows(".rejected.csv")[0]["message"]
