"""The gazetteer's files, and the reader of them."""

import csv
import importlib.util
from collections import Counter
from pathlib import Path

import pycountry
import pytest

from incidents import gazetteer
from incidents.gazetteer import PlaceRow, places, towns_of
from incidents.names import fold

PROJECT = Path(__file__).resolve().parents[1]
DATA = PROJECT / "incidents" / "data"
BY_HAND = PROJECT / "docs" / "places"
PLACES = {place.code: place for place in places()}
NEIGHBOURHOOD = "AF BT CN IN JP KG KP KR KZ LA MM MN NP PK RU TH TJ TW VN"


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def names_of(code: str) -> set[str]:
    return {fold(name) for _, name, _ in PLACES[code].names}


def above(code: str) -> list[str]:
    chain = [code]
    while PLACES[chain[-1]].parent:
        chain.append(PLACES[chain[-1]].parent)
    return chain


def test_places_have_unique_codes() -> None:
    assert [code for code, n in Counter(p.code for p in places()).items() if n > 1] == []


def test_places_come_after_their_parents() -> None:
    seen = {""}
    early = []
    for place in places():
        if place.parent not in seen:
            early.append(place.code)
        seen.add(place.code)
    assert early == []


def test_places_are_as_many_as_the_standards_have() -> None:
    kinds = Counter(place.kind for place in PLACES.values())
    assert (kinds["region"], kinds["subregion"], kinds["country"]) == (5, 24, 249)
    assert kinds["admin1"] == 3560


@pytest.mark.parametrize("kind", ["region", "subregion", "country", "admin1"])
def test_places_of_a_kind_lie_in_the_kind_above(kind: str) -> None:
    allowed = {
        "region": {""},
        "subregion": {"region", "subregion"},
        "country": {"subregion"},
        "admin1": {"country"},
    }[kind]
    wrong = [
        place.code
        for place in PLACES.values()
        if place.kind == kind
        and (PLACES[place.parent].kind if place.parent else "") not in allowed
        and place.code != "AQ"
    ]
    assert wrong == []


def test_places_antarctica_has_no_region() -> None:
    assert PLACES["AQ"].parent == ""


def test_places_codes_begin_with_their_country() -> None:
    wrong = [
        place.code
        for place in PLACES.values()
        if place.kind in ("admin1", "admin2", "locality", "site")
        and place.code[:2] not in above(place.code)
    ]
    assert wrong == []


def test_places_below_a_division_begin_with_its_code() -> None:
    wrong = [
        place.code
        for place in PLACES.values()
        if "/" in place.code and place.code.split("/")[0] not in above(place.code)
    ]
    assert wrong == []


def test_places_have_points_in_range_or_none() -> None:
    wrong = [
        p.code
        for p in PLACES.values()
        if (p.latitude is None) != (p.longitude is None)
        or not -90 <= (p.latitude or 0) <= 90
        or not -180 <= (p.longitude or 0) <= 180
    ]
    assert wrong == []


def test_places_localities_have_points() -> None:
    assert [p.code for p in PLACES.values() if p.kind == "locality" and p.latitude is None] == []


def test_places_countries_have_label_points() -> None:
    assert [p.code for p in PLACES.values() if p.kind == "country" and p.latitude is None] == []


def test_places_names_are_clean() -> None:
    wrong = [
        (place.code, name)
        for place in PLACES.values()
        for _, name, _ in place.names
        if not name or name != " ".join(name.split()) or len(name) > 200 or name[-1] in "²³"
    ]
    assert wrong == []


def test_places_have_each_name_once_a_language() -> None:
    assert [p.code for p in PLACES.values() if len({n[:2] for n in p.names}) < len(p.names)] == []


def test_places_prefer_one_name_a_language() -> None:
    wrong = [
        place.code
        for place in PLACES.values()
        if max(Counter(language for language, _, best in place.names if best).values()) > 1
        or ("en", place.name, True) not in place.names
    ]
    assert wrong == []


@pytest.mark.parametrize("language", ["ko", "zh"])
def test_places_of_the_neighbourhood_are_named(language: str) -> None:
    unnamed = [
        place.code
        for place in PLACES.values()
        if (
            place.code[:2] in NEIGHBOURHOOD.split()
            or place.kind in ("region", "subregion", "country")
        )
        and language not in {given for given, _, best in place.names if best}
    ]
    assert unnamed == []


def test_places_divisions_of_china_and_korea_do_not_share_a_name() -> None:
    labels = Counter(
        (place.parent, language, name)
        for place in PLACES.values()
        if place.kind == "admin1" and place.parent in ("CN", "KP", "KR")
        for language, name, best in place.names
        if best
    )
    assert [label for label, n in labels.items() if n > 1] == []


def test_places_countries_agree_with_iso() -> None:
    ours = {p.code: p.iso3 for p in PLACES.values() if p.kind == "country"}
    assert ours == {country.alpha_2: country.alpha_3 for country in pycountry.countries}


def test_places_only_countries_have_iso3() -> None:
    assert [p.code for p in PLACES.values() if p.iso3 and p.kind != "country"] == []


@pytest.mark.parametrize(
    "duplicate", ["CN-TW", "CN-HK", "CN-MO", "FR-971", "FR-NC", "US-PR", "NL-AW", "NO-21", "FI-01"]
)
def test_places_leave_out_divisions_that_are_countries(duplicate: str) -> None:
    assert duplicate not in PLACES


@pytest.mark.parametrize("second", ["FR-75C", "GB-KEN", "ES-M", "IT-RM", "PH-CEB", "BE-VAN"])
def test_places_leave_out_second_level_divisions(second: str) -> None:
    assert second in {division.code for division in pycountry.subdivisions}
    assert second not in PLACES


@pytest.mark.parametrize(
    ("code", "chain"),
    [
        ("KE", "m49:014 m49:202 m49:002"),
        ("DZ", "m49:015 m49:002"),
        ("SD", "m49:015 m49:002"),
        ("US", "m49:021 m49:019"),
        ("MX", "m49:013 m49:419 m49:019"),
        ("CY", "m49:145 m49:142"),
        ("IR", "m49:034 m49:142"),
        ("AF", "m49:034 m49:142"),
        ("TW", "m49:030 m49:142"),
        ("RU", "m49:151 m49:150"),
        ("GG", "m49:154 m49:150"),
        ("SJ", "m49:154 m49:150"),
        ("BV", "m49:005 m49:419 m49:019"),
        ("GS", "m49:005 m49:419 m49:019"),
        ("IO", "m49:014 m49:202 m49:002"),
        ("TF", "m49:014 m49:202 m49:002"),
        ("CX", "m49:053 m49:009"),
        ("HM", "m49:053 m49:009"),
        ("UM", "m49:057 m49:009"),
        ("BQ", "m49:029 m49:419 m49:019"),
        ("KZ", "m49:143 m49:142"),
        ("CN-JL/tumen", "CN-JL/yanbian CN-JL CN m49:030 m49:142"),
        ("KR-41/panmunjom", "KR-41 KR m49:030 m49:142"),
    ],
)
def test_places_lie_where_m49_puts_them(code: str, chain: str) -> None:
    assert above(code)[1:] == chain.split()


@pytest.mark.parametrize(
    ("code", "names"),
    [
        ("KP", "North Korea|북한|朝鲜|DPRK|조선민주주의인민공화국|北韓|北朝鲜|北朝鮮"),
        ("KP", "Democratic People's Republic of Korea"),
        ("KR", "South Korea|대한민국|韩国|ROK|Republic of Korea|한국|남한|南韓|韓國"),
        ("CN", "China|중국|中国|PRC|중화인민공화국|中國|中華人民共和國"),
        ("MM", "Myanmar|Burma|버마|緬甸"),
        ("TR", "Türkiye|Turkey|Turkiye"),
        ("CZ", "Czechia|Czech Republic"),
        ("CI", "Côte d'Ivoire|Ivory Coast"),
        ("SZ", "Eswatini|Swaziland"),
        ("MK", "North Macedonia|Macedonia"),
        ("US", "United States|USA|미국|美国"),
        ("GB", "United Kingdom|UK|영국|英国|英國"),
        ("RU", "Russia"),
        ("SY", "Syria"),
        ("IR", "Iran"),
        ("LA", "Laos"),
        ("VN", "Vietnam"),
        ("BO", "Bolivia"),
        ("HK", "Hong Kong|홍콩|香港"),
        ("PS", "Palestine|팔레스타인|巴勒斯坦"),
        ("m49:030", "Eastern Asia|East Asia|동아시아|东亚|東亞"),
        ("CN-JL", "Jilin|Jilin Province|Jilin Sheng|지린성|길림성|吉林省"),
        ("CN-LN", "Liaoning|랴오닝성|요녕성|辽宁省|遼寧省"),
        ("CN-HL", "Heilongjiang|헤이룽장성|흑룡강성|黑龙江省"),
        ("CN-NM", "Inner Mongolia|내몽골 자치구"),
        ("CN-XZ", "Tibet|Xizang"),
        ("KP-01", "Pyongyang|P'yŏngyang|평양시|平壤市"),
        ("KP-09", "North Hamgyong|North Hamkyung|Hamgyŏng-bukto|함경북도|咸镜北道|咸鏡北道"),
        ("KP-10", "Ryanggang|Yanggang|량강도|양강도|两江道"),
        ("KP-13", "Rason|라선시|나선|罗先市"),
        ("KP-04", "Chagang|자강도|慈江道"),
        ("KR-11", "Seoul|서울특별시|首尔特别市"),
        ("DE-BY", "Bavaria|Bayern|바이에른주"),
        ("TH-10", "Bangkok|방콕|曼谷"),
        ("LB-JL", "Mount Lebanon"),
        ("LB-BA", "Beirut"),
        ("NE-1", "Agadez"),
        ("UA-30", "Kyiv|Kiev|키이우"),
        ("CN-JL/tumen", "Tumen|투먼|도문|图们|圖們"),
        ("CN-JL/hunchun", "Hunchun|훈춘|혼춘|珲春|琿春"),
        ("CN-JL/nanping", "Nanping|Nangpinzhen|난핑|남평|南坪"),
        ("CN-LN/dandong", "Dandong|단둥|단동|丹东|丹東"),
        ("CN-XJ/kashgar", "Kashgar|Kashi|카슈가르|카스|喀什"),
        ("KP-03/sinuiju", "Sinuiju|Shinuiju|Sinŭiju|신의주|新義州"),
        ("KP-04/manpo", "Manpo|Manp’o|Manp'o|만포"),
        ("KR-41/panmunjom", "Panmunjom|판문점|板门店"),
    ],
)
def test_places_are_found_by_names_people_type(code: str, names: str) -> None:
    assert {fold(name) for name in names.split("|")} - names_of(code) == set()


@pytest.mark.parametrize(
    ("code", "name"),
    [
        pytest.param("IR-23", "Tehran", id="Iran renumbered in 2020"),
        pytest.param("IR-00", "Markazi", id="Iran renumbered in 2020, first"),
        pytest.param("IR-30", "Alborz", id="Iran renumbered in 2020, last"),
        pytest.param("MA-04", "Rabat-Salé-Kénitra", id="Morocco renumbered in 2015"),
        pytest.param("TW-CYI", "Chiayi City", id="exchanged in CLDR"),
        pytest.param("NP-P1", "Koshi", id="named in 2023"),
    ],
)
def test_places_divisions_have_the_name_of_their_present_code(code: str, name: str) -> None:
    assert PLACES[code].name == name


@pytest.mark.parametrize(
    ("name", "code"),
    [
        (row, code)
        for row, code in {
            "Bangkok": "TH-10",
            "Beirut": "LB-BA",
            "Changbai": "CN-JL/changbai",
            "Changchun": "CN-JL/changchun",
            "Dandong": "CN-LN/dandong",
            "Don Mueang": "TH-10/don-mueang",
            "Helong": "CN-JL/helong",
            "Hunchun": "CN-JL/hunchun",
            "Jilin": "CN-JL",
            "Kunming": "CN-YN/kunming",
            "Liaoning": "CN-LN",
            "Longjing": "CN-JL/longjing",
            "Mount Lebanon": "LB-JL",
            "Nanping": "CN-JL/nanping",
            "Panmunjom": "KR-41/panmunjom",
            "Shenyang": "CN-LN/shenyang",
            "Tumen": "CN-JL/tumen",
            "Assamaka": "NE-1/assamaka",
            "Hoeryong": "KP-09/hoeryong",
            "Kashgar": "CN-XJ/kashgar",
            "Onsong": "KP-09/onsong",
            "Sinuiju": "KP-03/sinuiju",
            "Hangzhou": "CN-ZJ/hangzhou",
        }.items()
    ],
)
def test_places_reported_in_the_sample_data_are_known_by_one_code(name: str, code: str) -> None:
    assert [known for known in PLACES if fold(name) in names_of(known)] == [code]


def test_corrections_by_hand_are_in_the_files() -> None:
    missing = [
        (row["code"], row[language])
        for row in table(BY_HAND / "corrections.csv")
        for language in ("en", "ko", "zh")
        if row[language] and (language, row[language], True) not in PLACES[row["code"]].names
    ]
    assert missing == []


def test_other_names_by_hand_are_in_the_files() -> None:
    missing = [
        row
        for row in table(BY_HAND / "other_names.csv")
        if row["language"] != "-"
        and (row["language"], row["name"], False) not in PLACES[row["code"]].names
    ]
    assert missing == []


def test_aliases_name_only_places_that_exist() -> None:
    assert {row["code"] for row in table(DATA / "aliases.csv")} - set(PLACES) == set()


@pytest.mark.parametrize("path", sorted(DATA.glob("*.csv")), ids=lambda path: path.name)
def test_files_are_plain_utf8_with_line_feeds(path: Path) -> None:
    text = path.read_bytes()
    assert not text.startswith(b"\xef\xbb\xbf")
    assert b"\r" not in text
    assert text.endswith(b"\n")


def towns(country: str) -> dict[str, PlaceRow]:
    return {town.code: town for town in towns_of(country)}


def test_towns_have_codes_of_geonames() -> None:
    assert towns("JP")["JP/geonames-1850147"].name == "Tokyo"


def test_towns_lie_in_places_that_exist() -> None:
    assert {town.parent for town in towns_of("TH")} - set(PLACES) == set()


@pytest.mark.parametrize(
    ("code", "parent"),
    [
        pytest.param("KP/geonames-1871859", "KP-01", id="Pyongyang by the table"),
        pytest.param("US/geonames-5368361", "US-CA", id="Los Angeles by ISO's own code"),
        pytest.param("TH/geonames-1153671", "TH-50", id="Chiang Mai by its name"),
        pytest.param("JP/geonames-1848354", "JP", id="Yokohama not determinable"),
    ],
)
def test_towns_lie_in_the_division_where_it_is_certain(code: str, parent: str) -> None:
    assert towns(code[:2])[code].parent == parent


def test_towns_leave_out_those_of_our_own() -> None:
    assert "CN/geonames-2034340" not in towns("CN")


def test_towns_keep_namesakes_elsewhere() -> None:
    assert [town.parent for town in towns_of("CN") if town.name == "Nanping"] != []


def test_towns_come_in_the_same_order_each_time() -> None:
    assert list(towns_of("KP")) == list(towns_of("KP"))


def test_towns_of_no_country_are_refused() -> None:
    with pytest.raises(ValueError, match="no country of ISO 3166-1"):
        list(towns_of("XX"))


def test_towns_without_the_extra_say_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    gazetteer._geonames.cache_clear()
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(RuntimeError, match="places"):
        list(towns_of("KP"))
