"""The timeline: its unit, its people, and what a reader sees of it."""

import pytest

from incidents import summaries
from incidents.filters import ask
from incidents.pictures.timeline import Timeline
from incidents.reckoning import Reckoning
from tests.factories import make_claim, make_incident

pytestmark = pytest.mark.django_db


def test_people_are_those_of_the_total():
    for words, count in (("2023-10-09", "up to 60"), ("2023-10-11", "200"), ("2023-11", "9")):
        make_claim(make_incident(date_words=words), count)
    timeline = Timeline(Reckoning(ask("from=2023-10&to=2023-12", None)))
    [people] = timeline.people
    shown = {one.column.short: (one.bar.open_end, one.bar.mark, one.words) for one in people.bars}
    assert set(shown) == {"2023-10", "2023-11"}
    [october] = summaries.overview(Reckoning(ask("from=2023-10&to=2023-10", None))).totals
    assert shown["2023-10"][2] == october.words


@pytest.mark.parametrize(
    ("query", "unit"),
    [
        ("from=2023-10-01&to=2023-10-31", "day"),
        ("from=2023-10&to=2024-03", "month"),
        ("from=2010&to=2024", "year"),
        ("", "year"),
    ],
)
def test_unit_follows_the_days_asked_for(query, unit):
    for words in ("2012-03", "2023-10-09", "2023-10-10", "2024-01-02"):
        make_claim(make_incident(date_words=words), "9")
    assert Timeline(Reckoning(ask(query, None))).unit == unit


def test_few_years_are_drawn_by_month():
    for words in ("2023-10-09", "2024-01-02"):
        make_claim(make_incident(date_words=words), "9")
    timeline = Timeline(Reckoning(ask("", None)))
    assert timeline.unit == "month"
    assert [column.short for column in timeline.columns if column.certain] == ["2023-10", "2024-01"]


def test_picture_needs_no_style_sheet_to_show_scale_and_dispute():
    disputed = make_incident(date_words="2023-10-09")
    for words in ("around 200", "up to 60"):
        make_claim(disputed, words)
    make_claim(make_incident(date_words="2024-11-02"), "9")
    columns, people = Timeline(Reckoning(ask("", None))).parts()
    for part in (columns, people):
        assert 'overflow="visible"' in part.shapes.partition(">")[0]
        assert part.shapes.count("narrow-only") == part.shapes.count('display="none"') == 1
    assert "stroke-dasharray" in people.shapes
    assert people.heading == "People returned"
