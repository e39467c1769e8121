"""Cells of data sets: read right, kept aside, or refused with a sentence."""

import pytest

from incidents.importing import ucdp, values
from incidents.importing.values import Aside


@pytest.mark.parametrize(
    ("cell", "order", "iso"),
    [
        ("2014-12-31", "", "2014-12-31"),
        ("2014-12-31T00:00:00", "", "2014-12-31"),
        ("31/12/2014", "", "2014-12-31"),
        ("12/31/2014", "", "2014-12-31"),
        ("04/05/2014", "dmy", "2014-05-04"),
        ("04/05/2014", "mdy", "2014-04-05"),
        ("05/05/2014", "", "2014-05-05"),
        ("Sunday, 04/05/2014", "", "2014-05-04"),
        ("Sat 04/05/2014", "", "2014-04-05"),
        ("04/05/2014 (Sunday)", "", "2014-05-04"),
        ("Wed, 12/31/2014 - 00:00", "", "2014-12-31"),
        ("Wednesday, 31 December 2014", "", "2014-12-31"),
    ],
)
def test_day_is_read_in_every_usual_shape(cell, order, iso):
    read = values.date_of(values.day(cell, order), None)
    assert (read.earliest.isoformat(), read.latest.isoformat()) == (iso, iso)


@pytest.mark.parametrize(
    ("cell", "why"),
    [
        ("04/05/2014", "may mean two days"),
        ("31/31/2014", "is no day of the calendar"),
        ("Monday, 04/05/2014", "is no Monday"),
        ("Blursday, 04/05/2014", "is not a day of the week"),
    ],
)
def test_day_that_is_unclear_is_refused(cell, why):
    with pytest.raises(ValueError, match=why):
        values.day(cell)


def test_number_is_whole_and_a_negative_one_is_kept_aside():
    assert [values.whole(cell) for cell in ("12", "12.0", "1,022", "-0")] == [12, 12, 1022, 0]
    with pytest.raises(Aside, match="0 or more"):
        values.whole("-2")
    for cell in ("1.5", "1,22", "twelve", "1e3"):
        with pytest.raises(ValueError, match="not a whole number"):
            values.whole(cell)


@pytest.mark.parametrize("cell", ["91, 0", "0, 181", "nowhere", "1 2 3"])
def test_point_that_is_not_on_earth_is_kept_aside(cell):
    with pytest.raises(Aside):
        values.point(cell)


def test_points_are_read_in_both_shapes():
    assert values.point("-9.65, 20.4") == ("-9.650000", "20.400000")
    assert values.point("POINT (20.4 -9.65)") == ("-9.650000", "20.400000")


def test_addresses_are_told_apart_whatever_stands_between_them():
    cell = "http://a.example/1,https://b.example/2?x=1,2 www.c.example; http://a.example/1."
    assert [part["url"] for part in values.urls(cell)] == [
        "http://a.example/1",
        "https://b.example/2?x=1,2",
        "http://www.c.example",
    ]


def test_source_that_names_several_is_no_source():
    assert values.one_source("Coroner&#039;s Office") == "Coroner's Office"
    for cell in ("IOM Libya via X", "A, B", "IOM; UNHCR", "Reuters and AP", "x" * 101):
        assert not values.one_source(cell)


def test_sources_of_ucdp_keep_commas_and_quotes_of_their_headlines():
    cell = '"BBC,2021-03-11,Gunmen kill doctor, "associate" too";"NYT,2021-03-04,Report"'
    assert ucdp.sources(cell) == [
        {
            "publisher": "BBC",
            "published": "2021-03-11",
            "title": 'Gunmen kill doctor, "associate" too',
        },
        {"publisher": "NYT", "published": "2021-03-04", "title": "Report"},
    ]
    assert ucdp.sources("Reuters 1989") == [{"title": "Reuters 1989"}]
