"""Maps as numbers: what lies where in a picture, how exactly, and what finds no room."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incidents.pictures.basemap import extent, has_outline, land_in
from incidents.pictures.labels import Box, Room
from incidents.pictures.projection import longitudes, view_of, world
from incidents.pictures.worldmap import Spot, Way, picture_of

TUMEN, HUNCHUN, DANDONG = (42.96, 129.84), (42.86, 130.36), (40.12, 124.39)
POINTS = st.tuples(st.floats(-85, 85), st.floats(-180, 180))


def town(point=TUMEN, number=1, name="Tumen", **more) -> Spot:
    return Spot("town", point, number, name, str(number), country="CN", **more)


@given(st.lists(POINTS, min_size=1, max_size=8), st.sampled_from([360, 1100]))
def test_every_point_lies_in_its_picture(points, width):
    view = view_of(points, width)
    for point in points:
        x, y = view.xy(point)
        shown_world = view == world(width)
        assert -0.01 <= x <= view.width + 0.01
        assert shown_world or -0.01 <= y <= view.height + 0.01


def test_box_across_the_date_line_is_the_narrow_one():
    west, east = longitudes([178.0, -176.0])
    assert (west, east) == (178.0, 184.0)
    x, _y = view_of([(-18.0, 178.0), (-14.0, -176.0)], 1100).xy((-14.0, -176.0))
    assert x > 550


def test_one_place_is_shown_with_what_surrounds_it():
    view = view_of([TUMEN], 1100)
    assert view.north - view.south >= 1.6
    assert view.east - view.west >= 4


def test_nothing_shows_the_whole_world():
    assert picture_of([], width=1100).land.count("M") > 150


@pytest.mark.parametrize("size", [360, 1100])
def test_land_is_no_finer_than_the_picture(size):
    assert sum(len(land.path) for land in land_in(world(size))) < 120_000


@given(st.lists(POINTS, min_size=1, max_size=3))
def test_land_is_cut_to_the_picture(points):
    view = view_of(points, 360)
    for land in land_in(view):
        for line in land.lines:
            for x, y in line:
                assert -13 <= x <= view.width + 13
                assert -13 <= y <= view.height + 13


def test_every_country_of_the_gazetteers_beginning_has_an_outline():
    assert all(has_outline(code) for code in ("CN", "KP", "KR", "TH", "VN", "LA", "RU", "MN"))
    (south, west), (north, east) = extent("KP")
    assert 37 < south < 39
    assert 42 < north < 44
    assert west < 127 < east


def test_country_is_an_area_and_never_a_mark():
    country = Spot("country", (35.0, 104.0), 2, "China", "2", country="CN")
    made = picture_of([country, town()], width=1100)
    assert [area.spot for area in made.areas] == [country]
    assert [mark.spot.name for mark in made.marks] == ["Tumen"]
    assert [label.words.text for label in made.labels] == ["China 2"]


def test_division_is_a_label_and_never_a_mark():
    made = picture_of([Spot("division", TUMEN, 1, "Jilin", "1", country="CN")], width=1100)
    assert not made.marks
    assert not made.areas
    assert made.labels[0].spot.sign == "division"


def test_larger_number_is_the_larger_mark():
    made = picture_of([town(number=9), town(DANDONG, number=1, name="Dandong")], width=1100)
    large, small = made.marks
    assert large.r > 2 * small.r


@given(st.lists(st.tuples(POINTS, st.integers(1, 500)), min_size=2, max_size=60))
def test_words_never_lie_over_each_other(found):
    spots = [town(point, number, f"Town {number}") for point, number in found]
    made = picture_of(spots, width=360)
    boxes = [mark.words.box for mark in made.marks if mark.words]
    boxes += [label.words.box for label in made.labels]
    smaller = [Box(box.x + 0.2, box.y + 0.2, box.width - 0.4, box.height - 0.4) for box in boxes]
    assert not any(a.meets(b) for n, a in enumerate(smaller) for b in smaller[:n])
    assert made.unwritten == len(found) - len(boxes)


def test_words_at_the_edge_stay_in_the_picture():
    room = Room(360, 200)
    words = room.words_beside("A very long name of a town", 350, 100, 5)
    assert words is not None
    assert words.box.x + words.box.width <= 360


def test_arrow_ends_where_people_were_sent():
    korea = (40.3, 127.4)
    made = picture_of([town()], [Way(TUMEN, korea, 3)], width=1100)
    assert len(made.arrows) == 1
    assert made.arrows[0].head.endswith("Z")


def test_arrow_from_a_place_to_itself_is_not_drawn():
    assert not picture_of([town()], [Way(TUMEN, TUMEN, 3)], width=1100).arrows
