"""What a text is looked up by, and what a query asks: no word of a text may be missed."""

import pytest

from incidents.names import fold
from incidents.words import tokens_of, wanted


def asked(text: str) -> list[tuple[tuple[str, ...], str]]:
    """Say what a query asks for, as (tokens, what is left to check) for each word."""
    return [(word.tokens, word.held) for word in wanted(fold(text))]


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        pytest.param("Border police", ["border", "police"], id="Latin words are whole"),
        pytest.param("강제노동을", ["강제", "노동", "동을", "제노"], id="Korean in pairs"),
        pytest.param("遣返者", ["返者", "遣返"], id="Chinese in pairs"),
        pytest.param("200여 명", ["0여", "200"], id="where number and letter meet"),
        pytest.param("Manp’o, Hamgyŏng-bukto", ["bukto", "hamgyong", "manpo"], id="signs part"),
        pytest.param("a b 북", [], id="single letters are no tokens"),
        pytest.param("International", ["internat"], id="long words by their first letters"),
        pytest.param("", [], id="nothing"),
    ],
)
def test_tokens_of_a_text(text, tokens):
    assert tokens_of(fold(text)) == tokens


@pytest.mark.parametrize(
    ("query", "words"),
    [
        pytest.param("deten", [(("deten*",), "")], id="the beginning of a word"),
        pytest.param("노동", [(("노동",), "")], id="two letters prove themselves"),
        pytest.param("강제노동", [(("강제", "제노", "노동"), "강제노동")], id="more are checked"),
        pytest.param("200여", [(("200", "0여"), "200여")], id="mixed"),
        pytest.param("북", [((), "북")], id="one letter is no token"),
        pytest.param("u.n.", [((), "u.n.")], id="single letters are no tokens"),
        pytest.param("detentio", [(("detentio",), "")], id="as much of a word as is looked up"),
        pytest.param("detention", [(("detentio",), "detention")], id="the rest is checked"),
        pytest.param("camp camp", [(("camp*",), "")], id="each word once"),
        pytest.param("1,277", [(("277*",), "1,277")], id="a number with its comma"),
    ],
)
def test_what_a_query_asks(query, words):
    assert asked(query) == words
