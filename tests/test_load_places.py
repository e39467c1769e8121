"""The gazetteer in the database: everything is there once, and people's edits stay."""

import io
from dataclasses import replace

import pytest
from django.core.management import CommandError, call_command

from incidents import gazetteer
from incidents.gazetteer import PlaceRow
from incidents.loading import Loaded, load_places, shown
from incidents.models import Place, PlaceAncestor, PlaceName
from incidents.settling import differences
from tests.factories import make_incident, make_user, touch

pytestmark = pytest.mark.django_db


def row(code: str, kind: str, parent: str, *names: tuple[str, str, bool], **fields) -> PlaceRow:
    english = next(name for language, name, _preferred in names if language == "en")
    defaults = {"iso3": "", "latitude": None, "longitude": None}
    return PlaceRow(code, kind, parent, english, names=names, **(defaults | fields))


ASIA = row("m49:142", "region", "", ("en", "Asia", True), ("ko", "아시아", True))
EAST = row("m49:030", "subregion", "m49:142", ("en", "Eastern Asia", True))
CHINA = row("CN", "country", "m49:030", ("en", "China", True), ("zh", "中国", True), iso3="CHN")
JILIN = row("CN-JL", "admin1", "CN", ("en", "Jilin", True), ("ko", "지린성", True))
TUMEN = row(
    "CN-JL/tumen",
    "locality",
    "CN-JL",
    ("en", "Tumen", True),
    ("ko", "투먼", True),
    ("ko", "도문", False),
    latitude=42.9656,
    longitude=129.842,
)
TREE = [ASIA, EAST, CHINA, JILIN, TUMEN]


@pytest.fixture
def loaded() -> Loaded:
    return load_places(TREE)


@pytest.fixture
def tumen(loaded) -> Place:
    return Place.objects.get(code="CN-JL/tumen")


def edit(place: Place, **fields) -> None:
    """Change a place as a person does in the admin."""
    for name, value in fields.items():
        setattr(place, name, value)
    place._history_user = make_user()
    place.save()


def test_counts_say_what_was_added(loaded):
    assert (loaded.added, loaded.updated, loaded.kept) == (5, 0, [])


def test_place_stands_in_the_tree(tumen):
    chain = PlaceAncestor.objects.filter(place=tumen).order_by("distance")
    codes = list(chain.values_list("ancestor__code", flat=True))
    assert codes == ["CN-JL/tumen", "CN-JL", "CN", "m49:030", "m49:142"]
    assert (tumen.admin1.code, tumen.country.code) == ("CN-JL", "CN")
    assert tumen.region.code == "m49:030"


def test_place_has_names_and_point(tumen):
    assert (tumen.name, tumen.name_ko, tumen.name_zh) == ("Tumen", "투먼", "")
    assert (str(tumen.latitude), str(tumen.longitude)) == ("42.965600", "129.842000")
    assert set(Place.objects.named("도문")) == {tumen}


def test_country_keeps_its_alpha_3(loaded):
    assert Place.objects.get(code="CN").iso3 == "CHN"


def test_first_history_row_says_where_it_came_from(tumen):
    first = tumen.history.get()
    assert (first.history_type, first.history_change_reason) == ("+", "Gazetteer")


def test_second_run_changes_nothing(loaded):
    names = list(PlaceName.objects.order_by("pk").values())
    assert load_places(TREE) == Loaded()
    assert list(PlaceName.objects.order_by("pk").values()) == names
    assert Place.history.count() == 5


def test_rows_in_any_order_find_their_parents():
    assert load_places(TREE[::-1]).added == 5


def test_new_name_is_added(tumen):
    names = (*TUMEN.names, ("ru", "Тумэнь", False))
    assert load_places([replace(TUMEN, names=names)]) == Loaded(names=1)
    assert set(Place.objects.named("тумэнь")) == {tumen}


def test_corrected_point_reaches_the_place(tumen):
    assert load_places([replace(TUMEN, latitude=43.0)]) == Loaded(updated=1)
    tumen.refresh_from_db()
    assert tumen.latitude == 43
    assert [change.history_type for change in tumen.history.all()] == ["~", "+"]


def test_corrected_name_reaches_what_is_searched(tumen):
    incident = make_incident()
    touch(incident, tumen)
    load_places([replace(TUMEN, name="Tumen City", names=(("en", "Tumen City", True),))])
    incident.refresh_from_db()
    assert "tumen city" in incident.search_text
    assert differences([incident.pk]) == []


def test_moved_place_takes_along_what_lies_in_it(tumen):
    load_places([*TREE, row("CN-LN", "admin1", "CN", ("en", "Liaoning", True))])
    site = row("CN-JL/bridge", "site", "CN-JL/tumen", ("en", "Bridge", True))
    load_places([*TREE, site])
    load_places([replace(TUMEN, parent="CN-LN")])
    assert Place.objects.get(code="CN-JL/bridge").admin1.code == "CN-LN"


@pytest.mark.parametrize(
    ("field", "value"), [("name", "Tumen town"), ("latitude", 42), ("name_ko", "도문시")]
)
def test_edited_place_is_kept_and_reported(tumen, field, value):
    edit(tumen, **{field: value})
    done = load_places([replace(TUMEN, longitude=130.0)])
    tumen.refresh_from_db()
    assert getattr(tumen, field) == value
    assert (done.updated, done.kept) == (0, ["CN-JL/tumen"])


def test_edited_place_gets_no_names(tumen):
    edit(tumen, name="Tumen town")
    assert load_places([replace(TUMEN, names=(*TUMEN.names, ("zh", "图们", False)))]).names == 0


def test_place_edited_back_is_not_reported(tumen):
    edit(tumen, name="Tumen town")
    edit(tumen, name="Tumen")
    assert load_places(TREE) == Loaded()


def test_row_without_parent_is_refused_and_nothing_saved():
    with pytest.raises(ValueError, match="CN lies in “m49:030”, which is not in the gazetteer"):
        load_places([CHINA, ASIA])
    assert not Place.objects.exists()


def test_own_files_load_whole_and_once(django_assert_max_num_queries):
    codes = {place.code for place in gazetteer.places()}
    assert load_places(gazetteer.places()).added == len(codes)
    assert set(Place.objects.values_list("code", flat=True)) == codes
    with django_assert_max_num_queries(11):
        assert load_places(gazetteer.places()) == Loaded()


def test_command_says_what_it_did():
    printed = io.StringIO()
    call_command("load_places", "kp", stdout=printed)
    assert Place.objects.filter(code__startswith="KP/geonames-").exists()
    edit(Place.objects.get(code="KP"), name="North Korea (as we call it)")
    call_command("load_places", stdout=printed)
    first, second, kept = printed.getvalue().splitlines()
    assert "0 updated, 0 kept" in first
    assert second.startswith("Places: 0 added, 0 updated, 1 kept as people edited them; 0 names")
    assert kept == "Kept: KP differs from the gazetteer."


def test_command_refuses_what_is_no_country():
    with pytest.raises(CommandError, match="“XX” is no country"):
        call_command("load_places", "xx")
    assert not Place.objects.exists()


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(("stream", "draws"), [(Terminal(), True), (io.StringIO(), False)])
def test_bar_is_drawn_only_on_a_terminal(stream, draws):
    assert list(shown(["a", "b"], "Reading", stream)) == ["a", "b"]
    assert ("1 of 2" in stream.getvalue()) is draws
