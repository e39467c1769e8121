"""The timeline: each column is what its link finds, and nothing is dropped for want of a date."""

import pytest

from incidents.filters import ask
from incidents.pictures.timeline import Timeline
from incidents.reckoning import in_full, one_by_one
from tests.test_sums import BESIDE, QUESTIONS, made_world, readers, world  # noqa: F401

pytestmark = pytest.mark.django_db
BY_DAYS = ["from=2023-10-01&to=2023-10-31", "from=2024-04-20&to=2024-05-10&region=CN"]


@pytest.mark.parametrize("query", [*QUESTIONS, *BESIDE, *BY_DAYS])
def test_columns_are_what_their_links_find(world, query):  # noqa: F811
    for reader in readers(world):
        timeline = Timeline(in_full(ask(query, reader)))
        found = sum(column.certain for column in timeline.columns)
        asked = one_by_one(ask(query, reader))
        assert found <= asked.count
        for column in timeline.columns:
            for number, link in (
                (column.certain, column.certain_query),
                (column.possible, column.possible_query),
            ):
                if link:
                    assert one_by_one(ask(link, reader)).count == number > 0, (query, link)


@pytest.mark.parametrize("query", ["", "region=CN", "kind=event", "category=forced_return"])
def test_everything_stands_in_a_column_or_beside(world, query):  # noqa: F811
    for reader in readers(world):
        question = ask(query, reader)
        timeline = Timeline(in_full(question))
        drawn = {pk for column in timeline.columns for pk in keys_of(column, reader)}
        beside = set(ask(f"{query}&dates=open", reader).incidents.values_list("pk", flat=True))
        assert drawn | beside == set(question.incidents.values_list("pk", flat=True))
        assert timeline.periods.undated.incidents == len(beside)


def keys_of(column, reader) -> set[int]:
    return {
        pk
        for link in (column.certain_query, column.possible_query)
        if link
        for pk in ask(link, reader).incidents.values_list("pk", flat=True)
    }
