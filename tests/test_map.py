"""The map: each number is that of the list its link finds; nothing is lost or shown too much."""

import re
from html import unescape

import pytest
from django.contrib.auth.models import Group
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from incidents.filters import BadQuestion, ask
from incidents.mapped import ask_map, world_map
from incidents.models import NOWHERE, OWN_POINT, Incident, Place
from incidents.reckoning import in_full, one_by_one
from incidents.settling import differences
from incidents.standing import Whereabouts
from tests.examples import few
from tests.factories import (
    make_claim,
    make_incident,
    make_place,
    make_user,
    settled_together,
    touch,
)

pytestmark = pytest.mark.django_db

CODES = ["CN", "CN-JL", "CN-JL/tumen", "CN-JL/hunchun", "KP", "KP/onsong"]
POINTS = {"CN": (35, 104), "CN-JL": (43, 126), "CN-JL/tumen": (42.9, 129.8)}
POINTS |= {"CN-JL/hunchun": (42.8, 130.3), "KP": (40, 127)}
ROLES = ["happened", "crossing", "destination", "unclear", "context"]
DAYS = ["2024-04-26", "2024-04", "2024-03/2024-05", "2023", ""]
POINT = {"latitude": 42, "longitude": 130, "point_precision": "exact"}


def make_tree() -> dict[str, Place]:
    places: dict[str, Place] = {}
    for code in CODES:
        latitude, longitude = POINTS.get(code, (None, None))
        parent = places.get(code.rpartition("/")[0] or code[:2])
        name = code.rpartition("/")[2].title() if "/" in code else code
        places[code] = make_place(
            code, parent=parent, name=name, latitude=latitude, longitude=longitude
        )
    return places


@pytest.fixture
def places():
    return make_tree()


def spots(query: str, user=None, size: str = "incidents"):
    made = world_map(in_full(ask(query, user)), size)
    return {spot.name or spot.title: spot for spot in made.spots}


def found(query: str, user=None) -> set[int]:
    return set(ask(query, user).incidents.values_list("pk", flat=True))


def keys_at(where: int) -> str:
    elsewhere = {NOWHERE: "none", OWN_POINT: "point"}
    return elsewhere.get(where) or Place.objects.get(pk=where).code


def test_incident_stands_at_each_of_its_places(places):
    incident = make_incident()
    touch(incident, places["CN-JL/tumen"])
    touch(incident, places["CN-JL/hunchun"], "unclear")
    assert set(spots("")) == {"Tumen", "Hunchun"}


def test_place_only_mentioned_is_on_no_map(places):
    incident = make_incident()
    touch(incident, places["CN-JL/tumen"], "context")
    made = world_map(in_full(ask("", None)), "incidents")
    assert not made.spots
    assert [line.number for line in made.beside] == [1]
    assert found("at=none") == {incident.pk}


def test_destination_is_shown_only_where_nothing_else_is_known(places):
    both, alone = make_incident(), make_incident()
    touch(both, places["CN-JL/tumen"], "crossing")
    for incident in (both, alone):
        touch(incident, places["KP"], "destination")
    shown = spots("")
    assert shown["Tumen"].number == 1
    assert shown["KP"].number == 1
    assert found("at=KP") == {alone.pk}
    assert found("at=KP&role=destination") == {both.pk, alone.pk}


def test_aggregate_is_on_no_map(places):
    touch(make_incident(kind="aggregate"), places["CN"])
    assert not spots("kind=aggregate&kind=event")
    assert found("at=CN&kind=aggregate") == set()
    assert found("at=none&kind=aggregate") == set()


def test_point_of_a_source_stands_in_place_of_where_it_happened(places):
    incident = make_incident(**POINT)
    touch(incident, places["CN"])
    touch(incident, places["CN-JL/tumen"], "crossing")
    assert {spot.sign for spot in spots("").values()} == {"point", "town"}
    assert found("at=point") == {incident.pk}
    assert found("at=CN") == set()


def test_points_near_each_other_are_drawn_as_one(places):
    for shift in (0, 0.2):
        make_incident(**{**POINT, "latitude": 42 + shift})
    touch(make_incident(), places["CN"])
    make_incident(latitude=-30, longitude=20, point_precision="exact")
    signs = sorted((spot.sign, spot.number) for spot in spots("").values())
    assert signs == [("country", 1), ("point", 1), ("points", 2)]


def test_town_without_a_point_is_a_label_in_what_it_lies_in(places):
    touch(make_incident(), places["KP/onsong"])
    spot = spots("")["Onsong"]
    assert (spot.sign, spot.point) == ("division", (40.0, 127.0))
    assert "point not known" in spot.title


def test_place_of_a_claim_alone_is_on_no_map(places):
    make_claim(make_incident(), place=places["CN-JL/tumen"], place_role="happened")
    assert not spots("")


def test_restricted_incident_is_on_the_map_of_its_group_alone(places):
    circle = Group.objects.create(name="Circle")
    hidden = make_incident(restricted_to=circle)
    touch(hidden, places["CN-JL/tumen"])
    insider, other = make_user("Viewer"), make_user("Viewer")
    insider.groups.add(circle)
    assert not spots("", other)
    assert spots("", insider)["Tumen"].number == 1
    assert found("at=CN-JL/tumen", other) == set()


def test_people_may_be_the_same_at_one_place_and_are_counted_once(places):
    wave = make_incident(kind="wave")
    make_claim(wave, "41")
    event = make_incident(wave=wave)
    make_claim(event, "8")
    for incident in (wave, event):
        touch(incident, places["CN-JL/tumen"])
    touch(event, places["CN-JL/hunchun"])
    shown = spots("", size="people")
    assert (shown["Tumen"].amount, shown["Tumen"].number) == ("41", 41)
    assert shown["Hunchun"].amount == "8"
    assert "2 incidents" in shown["Tumen"].title


def test_way_leads_from_where_people_were_taken_to_where_they_were_sent(places):
    incident = make_incident(receiving=places["KP"])
    touch(incident, places["CN-JL/hunchun"], "unclear")
    touch(incident, places["CN-JL/tumen"], "apprehension")
    made = world_map(in_full(ask("", None)), "incidents")
    assert [way.title for way in made.ways] == ["Tumen, CN → KP: 1 incident"]
    assert [end.name for end in made.ends] == ["KP"]


def test_role_asked_for_says_which_places_are_shown(places):
    incident = make_incident()
    touch(incident, places["CN-JL/tumen"], "crossing")
    touch(incident, places["CN-JL/hunchun"], "detention")
    assert set(spots("role=crossing")) == {"Tumen"}
    assert found("at=none&role=happened") == {incident.pk}


def test_places_with_fewest_are_drawn_together(places, monkeypatch):
    monkeypatch.setattr("incidents.mapped.MOST_PLACES", 1)
    for number, code in enumerate(("CN-JL/tumen", "CN-JL/hunchun", "CN-JL")):
        for _ in range(3 - number):
            touch(make_incident(), places[code])
    made = world_map(in_full(ask("", None)), "incidents")
    assert [(spot.sign, spot.number) for spot in made.spots] == [("town", 3), ("more", 3)]
    assert made.places_beyond == 2
    assert made.spots[1].href.endswith("?region=CN")


@pytest.mark.parametrize("query", ["size=big", "size=people&size=people", "regoin=CN"])
def test_what_is_not_understood_is_refused(query):
    with pytest.raises(BadQuestion):
        ask_map(QueryDict(query), None)


@pytest.fixture
def page(client, places):
    client.force_login(make_user("Viewer"))
    for code in ("CN", "CN-JL", "CN-JL/tumen"):
        incident = make_incident(date_words="2024-04", receiving=places["KP"])
        touch(incident, places[code])
        make_claim(incident, "9")
    make_incident(**POINT)
    return client


def test_page_links_each_mark_to_its_list(page):
    html = page.get("/map/").content.decode()
    wide = html.partition("map-picture narrow")[0]
    links = dict(re.findall(r'<a href="(/incidents/[^"]+)" aria-label="([^"]+)"', wide))
    assert len(links) == 4
    for href, title in links.items():
        listed = page.get(unescape(href))
        assert listed.status_code == 200
        if "?" in href:
            assert "<strong>1 incident</strong>" in listed.content.decode()
            assert "1 incident" in title


def test_picture_has_no_style_of_its_own(page):
    html = page.get("/map/").content.decode()
    assert " style=" not in html
    assert "<style" not in html


def test_picture_can_be_taken_along(page):
    response = page.get("/map.svg?region=CN&size=people")
    text = response.content.decode()
    assert response["Content-Type"] == "image/svg+xml"
    assert "attachment" in response["Content-Disposition"]
    assert text.startswith('<svg xmlns="http://www.w3.org/2000/svg"')
    for part in ("convenience sample", "anywhere in it", "people returned", "http"):
        assert part in text
    assert "<a " not in text


def test_picture_can_be_taken_along_as_pixels(page):
    response = page.get("/map.png?region=CN")
    assert response.content.startswith(b"\x89PNG")


def test_picture_that_is_refused_says_why(page):
    response = page.get("/map.svg?size=big")
    assert (response.status_code, response["Content-Type"][:10]) == (400, "text/plain")


def test_page_without_anything_says_what_to_ask_less(page):
    html = page.get("/map/?q=nothing").content.decode()
    assert "not evidence that none happened" in html
    assert "without “Words”" in html


def test_role_by_itself_is_said_as_it_is_meant(page):
    html = page.get("/map/?role=crossing").content.decode()
    assert "places shown: crossing" in html
    assert "no effect" not in html


def test_incident_shows_its_places_on_a_small_map(page, places):
    incident = make_incident(receiving=places["KP"])
    for code, role in (("CN-JL/tumen", "crossing"), ("CN-JL/hunchun", "context")):
        touch(incident, places[code], role)
    html = page.get(incident.get_absolute_url()).content.decode()
    drawn = html.partition("map-picture small")[2].partition("</svg>")[0]
    assert "Tumen" in drawn
    assert "Hunchun" not in drawn
    assert "map-picture" not in page.get(make_incident().get_absolute_url()).content.decode()


STANDS = st.lists(
    st.tuples(st.sampled_from(CODES), st.sampled_from(ROLES)), max_size=3, unique=True
)
INCIDENTS = st.lists(
    st.tuples(
        STANDS,
        st.sampled_from(DAYS),
        st.sampled_from(["event", "event", "event", "aggregate", "wave"]),
        st.sampled_from(["", "", "", "point", "restricted", "draft"]),
        st.lists(st.sampled_from(["9", "around 200", "up to 60", "dozens"]), max_size=2),
    ),
    min_size=1,
    max_size=5,
)
QUERIES = st.lists(
    st.sampled_from(
        ["from=2024-04&to=2024-04", "from=2024-04-20", "region=CN", "region=CN-JL"]
        + ["role=crossing", "role=happened&role=crossing", "kind=event&kind=aggregate"]
        + ["people_min=5", "measure=returned", "status=draft", "dates=certain", "disputed=no"]
    ),
    max_size=3,
    unique_by=lambda part: part.partition("=")[0],
).map("&".join)


class AnyQuestion(TestCase):
    """Whatever is recorded and asked, the map is the list seen another way."""

    @few(25, shrunk=False)
    @given(made=INCIDENTS, query=QUERIES, is_insider=st.booleans())
    def test_map_is_the_list(self, made, query, is_insider):
        places, circle = make_tree(), Group.objects.create(name="Circle")
        user = make_user("Researcher")
        if is_insider:
            user.groups.add(circle)
        with settled_together():
            wave = make_incident(kind="wave")
            for stands, days, kind, more, claims in made:
                incident = make_incident(
                    kind=kind,
                    date_words=days,
                    published=more != "draft",
                    wave=wave if kind == "event" and len(stands) > 1 else None,
                    restricted_to=circle if more == "restricted" else None,
                    **(POINT if more == "point" else {}),
                )
                for code, role in stands:
                    touch(incident, places[code], role)
                for words in claims:
                    make_claim(incident, words)
        assert differences(list(Incident.objects.values_list("pk", flat=True))) == []
        check(query, user)


def check(query: str, user) -> None:
    where = Whereabouts(in_full(ask(query, user)))
    on_map = {place: dict(numbers) for place, numbers in where.counts.items() if numbers.total()}
    seen: set[int] = set()
    for place, numbers in on_map.items():
        narrower = f"{query}&at={keys_at(place)}"
        there = found(narrower, user)
        seen |= there
        assert len(there) == sum(numbers.values()), narrower
    drawn = ask(query, user).incidents.exclude(kind="aggregate")
    assert seen == set(drawn.values_list("pk", flat=True))
    check_quick_ways(query, user, on_map)
    check_people(query, user, where)


def check_quick_ways(query: str, user, on_map) -> None:
    quick = Whereabouts(in_full(ask(query, user)))
    quick.is_short = False
    counts = {place: dict(numbers) for place, numbers in quick.counts.items() if numbers.total()}
    assert {p: {m: n for m, n in its.items() if n} for p, its in counts.items()} == {
        p: {m: n for m, n in its.items() if n} for p, its in on_map.items()
    }


def check_people(query: str, user, where: Whereabouts) -> None:
    for place, matches in where.people().items():
        alone = one_by_one(ask(f"{query}&at={keys_at(place)}", user))
        for match, added in matches.items():
            if match in alone.question.matches:
                assert added.incidents == alone.count_of(match) if match else alone.count
                kept = alone.totals(match)
                assert {m: t for m, t in added.totals.items() if t.lines} == {
                    m: t for m, t in kept.items() if t.lines and m in added.totals
                }
