"""Figures and totals in words, in the three languages."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incidents import wordlists
from incidents.tally import Figure, Line, Tie, Total, assessed, figure, total, untie
from incidents.wording import figure_words, measure_label, total_words
from tests.tallying import claims, counting_claims, line, said, sets

LANGUAGES = ("en", "ko", "zh")
MEASURES = tuple(wordlists.MEASURES["en"])
NGO, RADIO = "The Korean Unification Solidarity", "Radio Free America"
APRIL = [
    said("about", 200, id=1, speaker=NGO),
    said("at_most", 60, id=2, speaker=RADIO),
    said("unstated", id=3, speaker=RADIO, words="others"),
]


def words_of(*told: tuple, language: str = "en") -> str:
    rows = claims(*told)
    return figure_words(figure(rows), rows, language)


# Figures


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ([("exactly", 9)], "9"),
        ([("exactly", 1_086)], "1,086"),
        ([("exactly", 0)], "0"),
        ([("about", 200)], "around 200"),
        ([("nearly", 50)], "nearly 50"),
        ([("odd", 200)], "a little over 200"),
        ([("nearly", 50), ("about", 50)], "around 50"),
        ([("at_least", 406)], "at least 406"),
        ([("more_than", 500)], "more than 500"),
        ([("more_than", 500), ("at_least", 500)], "at least 500"),
        ([("at_least", 500), ("about", 600)], "at least 500, around 600"),
        ([("more_than", 50), ("nearly", 50), ("about", 50)], "at least 50, around 50"),
        ([("at_most", 60)], "up to 60"),
        ([("less_than", 30)], "fewer than 30"),
        ([("at_most", 600), ("about", 600)], "up to 600, around 600"),
        ([("between", 50, 60)], "50 to 60"),
        (
            [("more_than", 500), ("about", 600), ("at_most", 600), ("odd", 600)],
            "500 to 600 (around 600)",
        ),
        ([("about", 30), ("exactly", 27)], "27 to around 30 (exactly 27)"),
        ([("about", 200), ("nearly", 210)], "around 200 to nearly 210"),
        ([("at_least", 50), ("at_most", 50)], "at least 50, up to 50"),
        ([("unstated",)], "no figure"),
        ([], "no figure"),
    ],
    ids=lambda part: part if isinstance(part, str) else "",
)
def test_figure_words_in_english(told, words):
    assert words_of(*told) == words


@pytest.mark.parametrize(
    ("told", "korean", "chinese"),
    [
        ([("exactly", 9)], "9명", "9人"),
        ([("about", 200)], "약 200명", "约200人"),
        ([("at_most", 60)], "최대 60명", "最多60人"),
        ([("at_least", 406)], "최소 406명", "至少406人"),
        ([("at_least", 500), ("about", 600)], "최소 500명, 약 600명", "至少500人，约600人"),
        ([("unstated",)], "수치 없음", "无数字"),
    ],
    ids=["exact", "about", "up-to", "at-least", "at-least-and-best", "none"],
)
def test_figure_words_in_korean_and_chinese(told, korean, chinese):
    assert [words_of(*told, language=code) for code in ("ko", "zh")] == [korean, chinese]


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", f"disputed: up to 60 ({RADIO}) to around 200 ({NGO})"),
        ("ko", f"엇갈림: 최대 60명({RADIO})부터 약 200명({NGO})까지"),
        ("zh", f"说法不一：最多60人（{RADIO}）至约200人（{NGO}）"),
    ],
    ids=LANGUAGES,
)
def test_figure_words_of_the_editorial(language, words):
    assert figure_words(figure(APRIL), APRIL, language) == words


def test_figure_words_disputed_by_the_unnamed_have_no_brackets():
    assert words_of(("at_most", 60), ("about", 200)) == "disputed: up to 60 to around 200"


def test_figure_words_disputed_name_the_smallest_and_the_largest():
    told = [("about", 100), ("between", 50, 60), ("exactly", 300), ("exactly", 200)]
    assert words_of(*told) == "disputed: 50 to 60 to 300"


def test_figure_words_disputed_never_name_two_that_agree():
    told = [("at_least", 1), ("exactly", 5), ("exactly", 7)]
    assert words_of(*told) == "disputed: 5 to 7"


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (Figure(60, None, 200, 8, 200, "disputed", True), "disputed: 60 to 200"),
        (Figure(60, None, None, 8, 60, "disputed", True), "disputed: at least 60"),
        (Figure(None, None, None, 8, 60, "disputed", True), "disputed: 8 to 60"),
    ],
    ids=["both-ends", "one-end", "no-end"],
)
def test_figure_words_disputed_without_claims_say_what_lies_between(found, words):
    assert figure_words(found, ()) == words


@pytest.mark.parametrize(
    ("ends", "words"),
    [
        ((60, None, 200), "assessed: 60 to 200; disputed"),
        ((60, 100, 200), "assessed: 60 to 200 (around 100); disputed"),
        ((60, 60, 60), "assessed: 60; disputed"),
        ((60, None, None), "assessed: at least 60; disputed"),
        ((None, 60, None), "assessed: around 60; disputed"),
    ],
    ids=["range", "range-and-best", "exact", "low", "best"],
)
def test_figure_words_of_an_assessment(ends, words):
    assert figure_words(assessed(figure(APRIL), *ends), APRIL) == words


def test_figure_words_of_an_assessment_nobody_disputes():
    assert figure_words(assessed(Figure(), 60, None, 200), ()) == "assessed: 60 to 200"


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "“dozens”, “hundreds”, no number"),
        ("ko", "“dozens”, “hundreds”, 숫자 없음"),
        ("zh", "“dozens”、“hundreds”，无具体数字"),
    ],
    ids=LANGUAGES,
)
def test_figure_words_quote_the_indefinite(language, words):
    rows = [
        said("indefinite", id=3, words="hundreds"),
        said("indefinite", id=1, words="dozens"),
        said("indefinite", id=2, words="dozens"),
        said("unstated", id=4, words="others"),
    ]
    assert figure_words(figure(rows), rows, language) == words


@given(counting_claims, st.sampled_from(LANGUAGES), st.randoms())
def test_figure_words_do_not_depend_on_the_order_of_claims(rows, language, random):
    mixed = random.sample(rows, len(rows))
    assert figure_words(figure(rows), mixed, language) == figure_words(figure(rows), rows, language)


@given(counting_claims, st.sampled_from(LANGUAGES))
def test_figure_words_say_disputed_exactly_when_it_is(rows, language):
    found = figure(rows)
    mark = wordlists.FIGURES[language]["disputed"].split("{")[0]
    assert figure_words(found, rows, language).startswith(mark) is found.disputed


@given(counting_claims, st.sampled_from(LANGUAGES))
def test_figure_words_say_only_numbers_that_were_stated(rows, language):
    stated = {str(number) for row in rows for number in row.numbers}
    shown = "".join(
        c if c in string.digits else " " for c in figure_words(figure(rows), rows, language)
    )
    assert set(shown.split()) <= stated


# Totals


def total_of(lines: list[Line], ties: list[Tie]) -> Total:
    untied = untie(lines, ties)
    return total(untied.lines, left_out=len(untied.left_out))


NOTHING = "no report recorded here; that is not evidence that none happened"
SENTENCES = {
    "nothing": (Total(), NOTHING),
    "no-upper": (
        Total(lines=13, low_sum=4_628, without_best=3, without_high=3),
        (
            "at least 4,628 people returned in 13 reported incidents; "
            "no upper total: 3 incidents have no upper figure"
        ),
    ),
    "one-of-everything": (
        Total(lines=1, low_sum=1, without_best=1, without_high=1),
        (
            "at least 1 person returned in 1 reported incident; "
            "no upper total: 1 incident has no upper figure"
        ),
    ),
    "exact": (
        Total(lines=3, low_sum=49, best_sum=49, high_sum=49),
        "49 people returned in 3 reported incidents",
    ),
    "all-three": (
        Total(lines=2, low_sum=500, best_sum=600, high_sum=650),
        "at least 500, best 600, at most 650 people returned in 2 reported incidents",
    ),
    "around": (
        Total(lines=1, without_low=1, best_sum=200, high_sum=200, about=1),
        (
            "around 200 people returned in 1 reported incident; "
            "no lower total: 1 incident has no lower figure"
        ),
    ),
    "around-and-exact": (
        Total(lines=2, without_low=1, low_sum=9, best_sum=209, high_sum=209, about=1),
        (
            "at least 9, best 209, at most around 209 people returned in 2 reported incidents; "
            "1 incident has no lower figure and adds nothing to the lower total"
        ),
    ),
    "editorial": (
        total_of([line(1, ("about", 200), ("at_most", 60))], []),
        (
            "at most 200 people returned in 1 reported incident; "
            "no lower total: 1 incident has no lower figure; 1 incident has a disputed figure"
        ),
    ),
    "some-without-figure": (
        Total(lines=13, without_figure=2, low_sum=49, best_sum=49, high_sum=49),
        (
            "49 people returned in the 11 of 13 reported incidents that have a figure; "
            "2 incidents have no figure at all"
        ),
    ),
    "lower-holds-for-all": (
        Total(lines=4, without_figure=1, low_sum=49, without_best=1, without_high=1),
        (
            "at least 49 people returned in 4 reported incidents; "
            "no upper total: 1 incident has no upper figure; 1 incident has no figure at all"
        ),
    ),
    "none-with-figure": (
        Total(lines=2, without_figure=2),
        "people returned: no figure in 2 reported incidents",
    ),
    "nothing-adds-up": (
        Total(lines=1, without_low=1, without_best=1, without_high=1, disputed=1),
        (
            "people returned: no total for 1 reported incident; "
            "no lower total: 1 incident has no lower figure; "
            "no upper total: 1 incident has no upper figure; 1 incident has a disputed figure"
        ),
    ),
    "overlapping": (
        total_of(
            [line(key, ("exactly", 9)) for key in (1, 2, 3)],
            [Tie(1, 2, "possible"), Tie(2, 3, "possible")],
        ),
        (
            "at least 9, at most 27 people returned in 3 reported incidents; "
            "3 may be the same people as others, counted once at the lower end"
        ),
    ),
    "left-out": (
        Total(lines=1, low_sum=41, best_sum=41, high_sum=41, left_out=2),
        (
            "41 people returned in 1 reported incident; "
            "2 left out as parts of a wave or the same people"
        ),
    ),
    "none-at-all": (
        Total(lines=1),
        "0 people returned in 1 reported incident",
    ),
}


@pytest.mark.parametrize(("found", "sentence"), SENTENCES.values(), ids=SENTENCES.keys())
def test_total_words_in_english(found, sentence):
    assert total_words(found, "returned") == sentence


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("ko", "송환 최소 4,628명(보고된 사건 13건); 상한 합계 없음: 3건에 상한 수치가 없음"),
        ("zh", "至少4,628人被遣返（13起已报告事件）；无上限合计：3起没有上限数字"),
    ],
    ids=["ko", "zh"],
)
def test_total_words_in_korean_and_chinese(language, sentence):
    found = Total(lines=13, low_sum=4_628, without_best=3, without_high=3)
    assert total_words(found, "returned", language) == sentence


@pytest.mark.parametrize(
    ("deaths", "sentence"),
    [(1, "1 death in 1 reported incident"), (5, "5 deaths in 1 reported incident")],
    ids=["one", "several"],
)
def test_total_words_of_the_dead(deaths, sentence):
    found = Total(lines=1, low_sum=deaths, best_sum=deaths, high_sum=deaths)
    assert total_words(found, "dead") == sentence


@pytest.mark.parametrize("number", ["260", "860", "2,860"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_total_words_of_the_editorial_never_say(language, number):
    found = total_of([Line(1, "event", figure(APRIL)), line(2, ("at_most", 600))], [])
    assert number not in total_words(found, "returned", language)


@given(sets(), st.sampled_from(LANGUAGES), st.sampled_from(MEASURES))
def test_total_words_never_promise_an_upper_end_without_its_scope(drawn, language, measure):
    """Where incidents have no figure, an upper number names how many it does not speak for."""
    found = total_of(*drawn)
    silent = found.without_figure + found.silent
    if found.at_most is not None and silent:
        assert str(found.incidents - silent) in total_words(found, measure, language)


# Tables


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("measure", MEASURES)
def test_measure_label_exists(measure, language):
    assert measure_label(measure, language)


@pytest.mark.parametrize("table", [wordlists.MEASURES, wordlists.FIGURES, wordlists.TOTALS])
def test_wordlists_have_the_same_phrases_in_every_language(table):
    assert {code: set(phrases) for code, phrases in table.items()} == dict.fromkeys(
        LANGUAGES, set(table["en"])
    )


def places(phrase: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(phrase) if name}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("key", wordlists.FIGURES["en"])
def test_wordlists_figures_have_the_same_places_to_fill(key, language):
    theirs = wordlists.FIGURES[language][key]
    assert places(theirs) == places(wordlists.FIGURES["en"][key])


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("key", sorted({*wordlists.TOTALS["en"]} - {"deaths"}))
def test_wordlists_totals_have_the_same_places_to_fill(key, language):
    forms = {frozenset(places(form)) for form in wordlists.TOTALS[language][key]}
    assert forms == {frozenset(places(wordlists.TOTALS["en"][key][0]))}
