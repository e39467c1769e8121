"""The search key of names."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incidents.names import fold


@pytest.mark.parametrize(
    ("name", "key"),
    [
        pytest.param("Manp’o", "manpo", id="curly apostrophe"),
        pytest.param("'a’b‘cʼd`e´fʻg′h＇i", "abcdefghi", id="every apostrophe"),
        pytest.param("Ŭiju", "uiju", id="breve"),
        pytest.param("Hamgyŏng-bukto", "hamgyong bukto", id="hyphen"),
        pytest.param("Tumen–Namyang", "tumen namyang", id="dash"),
        pytest.param("Guinea−Bissau · x・y", "guinea bissau x y", id="minus and middle dots"),
        pytest.param("가ㆍ나", "가 나", id="Korean middle dot"),
        pytest.param("  New\t York\u3000", "new york", id="white space"),
        pytest.param("ＣＮ－ＪＬ", "cn jl", id="full width"),
        pytest.param("Straße", "strasse", id="sharp s"),
        pytest.param("İzmir", "izmir", id="dotted capital I"),
        pytest.param("Diyarbakır", "diyarbakir", id="dotless i"),
        pytest.param("Đà Nẵng", "da nang", id="Vietnamese D"),
        pytest.param("지린성", "지린성", id="Hangul"),
        pytest.param("\u110c\u1175\u1105\u1175\u11ab", "지린", id="decomposed Hangul"),
        pytest.param("图们", "图们", id="simplified Chinese"),
        pytest.param("圖們", "圖們", id="traditional Chinese"),
        pytest.param("Tu\u200bmen", "tumen", id="character without width"),
        pytest.param("’", "", id="nothing left"),
    ],
)
def test_fold_gives_the_search_key(name: str, key: str) -> None:
    assert fold(name) == key


@given(st.text())
def test_fold_of_a_key_is_the_key(name: str) -> None:
    assert fold(fold(name)) == fold(name)


@given(st.text(alphabet=st.characters(max_codepoint=0x24F)))
def test_fold_does_not_see_case(name: str) -> None:
    assert fold(name.upper().lower()) == fold(name.upper())


@given(st.text(alphabet=st.characters(min_codepoint=0xAC00, max_codepoint=0xD7A3), min_size=1))
def test_fold_leaves_hangul_alone(name: str) -> None:
    assert fold(name) == name
