"""Breakdowns of few incidents: each number is that of the question its link asks."""

import pytest

from incidents import breakdowns
from incidents.filters import ask
from incidents.reckoning import in_parts
from tests.test_sums import BESIDE, QUESTIONS, check_cells, made_world, readers, world  # noqa: F401

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("query", [*QUESTIONS[:6], *BESIDE[:4]])
def test_numbers_are_those_of_the_links(world, query):  # noqa: F811
    codes = set()
    for reader in readers(world):
        found = breakdowns.breakdowns(in_parts(ask(query, reader)))
        check_cells(found, reader)
        codes |= {facet.code for facet in found}
    assert codes or query


def test_many_are_narrowed_down_first(world, monkeypatch):  # noqa: F811
    assert breakdowns.breakdowns(in_parts(ask("", None)))
    monkeypatch.setattr(breakdowns, "MOST", 2)
    assert breakdowns.breakdowns(in_parts(ask("", None))) == []
