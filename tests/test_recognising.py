"""Recognising places and sources in printed words: the likeliest first, nothing assumed."""

import pytest

from incidents.recognising import places_in, source_called, sources_like, usual_publisher
from tests.factories import make_article, make_place, make_source

pytestmark = pytest.mark.django_db


@pytest.fixture
def tree():
    china = make_place("CN", name="China", name_ko="중국", name_zh="中国")
    jilin = make_place("CN-JL", name="Jilin", name_ko="지린성", name_zh="吉林省", parent=china)
    make_place("CN-JL/tumen", name="Tumen", name_ko="투먼", name_zh="图们", parent=jilin)
    russia = make_place("RU", name="Russia")
    tyumen = make_place("RU-TYU", name="Tyumen Oblast", parent=russia)
    make_place("RU-TYU/tumen", name="Tumen", parent=tyumen)


@pytest.mark.parametrize(
    ("words", "first"),
    [
        ("Jilin, northern China", "CN-JL"),
        ("China's Tumen and Hunchun regions", "CN-JL/tumen"),
        ("Tumen, Jilin", "CN-JL/tumen"),
        ("Tumen (Tyumen Oblast)", "RU-TYU"),
        ("중국 지린성에서", "CN-JL"),
        ("지린성 투먼으로", "CN-JL/tumen"),
        ("中国吉林省图们市", "CN-JL/tumen"),
        ("JILIN", "CN-JL"),
        ("within China's borders", "CN"),
    ],
)
def test_place_is_recognised(tree, words, first):
    assert places_in(words)[0].code == first


@pytest.mark.parametrize("words", ["", "the homeland", "그곳", "?", "x" * 5000, "한" * 5000])
def test_words_that_name_no_place_find_none(tree, words):
    assert places_in(words) == []


def test_source_is_called_by_name_or_alias_in_any_script():
    source = make_source("Radio Free Asia")
    source.aliases.create(name="자유아시아방송")
    assert source_called("radio  free ASIA") == source
    assert source_called("자유아시아방송") == source
    assert source_called("Radio Free America") is None
    assert source_called("") is None


def test_name_that_two_sources_bear_calls_neither():
    make_source("The Ministry", slug="a")
    make_source("The Ministry", slug="b")
    assert source_called("The Ministry") is None
    assert len(sources_like("The Ministry")) == 2


def test_merged_source_is_not_called():
    kept = make_source("Radio Free Asia")
    make_source("RFA", merged_into=kept)
    assert source_called("RFA") is None


def test_likely_sources_share_a_long_word():
    asia = make_source("Radio Free Asia")
    make_source("Daily NK")
    assert sources_like("Radio Free America") == [asia]


def test_usual_publisher_is_the_only_one_of_its_site():
    outlet, other = make_source("A"), make_source("B")
    make_article(publisher=outlet, url="https://www.a.example/1")
    make_article(publisher=other, url="https://b.example/1")
    assert usual_publisher("a.example") == outlet
    make_article(publisher=other, url="https://a.example/2")
    assert usual_publisher("a.example") is None
    assert usual_publisher("") is None
