"""Counts as worded: every rule of DESIGN 2.1, and that the rest is refused, never guessed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incidents import quantity_words
from incidents.quantities import QUALIFIERS, UNITS, Quantity, parse, render

SINGLE = {
    "exactly 0": "zero people|无人|한 명도 없음|0|zero|nobody|no one|0명|0 people|没有人|沒有人",
    "exactly 1": "a defector|a North Korean woman|an American|a child|1 woman|one man|한 명|"
    "一人|一名男子",
    "exactly 2": "2|two|두 명|두 분|两人|两个人|2명",
    "exactly 9": "nine|Nine|9명|9 명|9名|9 North Koreans|"
    "the nine defectors|only 9|just 9|exactly 9|"
    "a total of 9|9 in total|북한 주민 9명|탈북민 9명|모두 9명|"
    "9명 전원|단 9명|정확히 9명|朝鲜公民9人|"
    "共9人|9名朝鲜公民|九人|9 others|9 asylum-seekers|9 truck drivers|9.|９人|٩",
    "exactly 5": "只有5人|有5人|불과 5명|a group of 5 North Koreans|5명의 청소년|"
    "5명의 탈북민들|탈북 고아 5명|이란인 5명|미얀마 국적 노동자 5명|五名土耳其籍教师",
    "exactly 15": "15人|15명|十五人|열다섯 명",
    "exactly 26": "twenty-six|twenty six|스물여섯 명|二十六人",
    "exactly 41": "all 41",
    "exactly 100": "a hundred|one hundred|백 명|一百人",
    "exactly 108": "one hundred and eight|one hundred eight|一百零八人|一百〇八人|백여덟 명|108명",
    "exactly 1086": "1,086|1086|1 086|1\u00a0086|1\u202f086명",
    "exactly 1277": "1.277 personas|1.277 Personen|1,277人",
    "exactly 2000": "2천|2千人|이천 명|两千人|two thousand|2 thousand|2,000 people",
    "exactly 11000": "11 ألف|11,000|1만 1천",
    "exactly 12000": "1만 2천|1만2000명|1万2千|1.2万人|일만 이천 명|一萬二千人",
    "exactly 25000": "2.5만 명",
    "exactly 30000": "三万|3만 명",
    "exactly 1000000000": "1,000,000,000|10억 명",
    "about 12": "a dozen|about a dozen|a dozen or so|a dozen defectors",
    "about 24": "two dozen|2 dozen",
    "about 6": "half a dozen",
    "about 10": "十来个人",
    "about 40": "some 40|some 40 people|about 40 in total|only about 40",
    "about 200": "about 200|around 200|approximately 200|approx. 200|roughly 200|circa 200|c. 200|"
    "ca. 200|~200|≈ 200|an estimated 200|200 or so|environ 200|약 200명|대략 200명|어림잡아 200명|"
    "200명 정도|200명가량|200명쯤|200명 안팎|200명 내외|약 200여 명|"
    "200여 명 정도|约200名|大約200人|"
    "200人左右|约200人左右|约200多人|二百人上下",
    "about 600": "600명으로 추정되는 탈북민|600여 명으로 추정|约有600人|差不多600人|据估计600人|"
    "a group of about 600|约600名|총 약 600명|a total of about 600",
    "nearly 50": "50명 가까운 탈북민|nearly 50|almost 50|close to 50|거의 50명|"
    "근 50명|50명 가까이|50명에 가까운 탈북민|"
    "50명에 육박|近50人|将近50人|將近50人|接近50人|几乎50人",
    "odd 10": "十几人|十多人",
    "odd 200": "200여 명|200여명|200여 명의 탈북민|탈북민 200여 명|"
    "200명 남짓|200多人|两百多人|200餘名|"
    "200-odd|some 200-odd|200 odd people|a little over 200",
    "odd 600": "600多人|육백여 명|六百余名|600余名脱北者",
    "odd 1000": "천여 명|千余人",
    "odd 30000": "3만여 명",
    "odd 300000": "30多万人|30여만 명",
    "at_most 60": "高达60人|最多達60人|60 at the most|up to 60|as many as 60|at most 60|"
    "no more than 60|not more than 60|60 at most|"
    "a maximum of 60|max 60|60 max.|not exceeding 60|60 or fewer|<=60|≤60|최대 60명|많게는 60명|"
    "60명 이하|60명까지|최대 60명까지|最多60人|多达60人|60人以下|"
    "up to about 60|up to nearly 60|最多60多人|"
    "최대 60여 명",
    "less_than 30": "just shy of 30|a little under 30|30명에 못 미치는|30명이 채 안 되는|"
    "fewer than 30|less than 30|under 30|below 30|<30|"
    "just under 30|30명 미만|不到30人|"
    "少于30人|不足30人",
    "at_least 406": "406-plus people|不下406人|최소 406명으로 추정|至少有406人|at least 406|"
    "no fewer than 406|no less than 406|a minimum of 406|406 or more|"
    "406+|upwards of 406|>=406|≥406|au moins 406|최소 406명|"
    "적어도 406명|406명 이상|최소 406명 이상|"
    "至少406人|406人以上|不少于406人|at least some 406|약 406명 이상|"
    "최소 406여 명|at least 406 people",
    "more_than 500": "超500人|不止500人|500명을 넘어선|more than 500|over 500|above 500|"
    "in excess of 500|"
    "just over 500|>500|plus de 500|"
    "slightly more than 500|500명 넘게|500명 초과|500명이 넘는|"
    "500명을 웃도는|超过500人|逾500人|多于500人|"
    "more than around 500|超过500多人",
}  # fmt: skip
RANGES = {
    (50, 60): "50 to 60|50-60|50–60|50 - 60|50~60명|between 50 and 60|"
    "from 50 to 60|fifty to sixty|"
    "50명에서 60명|50에서 60명 사이|50至60人|50到60人|五十至六十人|"
    "50人至60人|50~60 people|五六十人|"
    "오륙십 명|총 50~60명|between fifty and sixty people",
    (5, 6): "5-6명|5至6人|five or six|대여섯 명|五六人|5~6명",
    (2, 3): "두세 명|two or three|两三人",
    (5, 60): "5 to 60|5至60人|5명~60명",
    (100, 250): "between one hundred and two hundred and fifty",
    (5000, 6000): "5천~6천 명",
    (90, 100): "九十到一百人",
    (500, 2000): "500 to 2,000|between 500 and 2,000 people",
    (
        600,
        1000,
    ): "최소 600명에서 최대 1천 명|적게는 600명에서 많게는 1000명까지|600명 이상 1000명 이하|"
    "at least 600 and at most 1,000|最少600人至最多1000人",
}
NUMBERLESS = {
    "indefinite": "multiple defectors|a group of North Koreans|数以百计的难民|一批脱北者|"
    "dozens|scores|hundreds|several|several hundred|"
    "a few dozen|many|a number of|some|"
    "tens of thousands|a handful|a few|a couple|"
    "dozens of defectors|some people|수십 명|수백 명|수십여 명|"
    "수천 명|여러 명|몇 명|다수|다수의 탈북민|数百名|數百人|几十人|"
    "數十人|上百人|一些|若干|多人|多名脱北者|"
    "at least dozens",
    "unstated": "an undisclosed number|an unknown number of North Koreans|규모 미상|"
    "具体人数不详|人数未公布|others|other people|none stated|not stated|unstated|"
    "unknown|no number|미상|인원 미상|"
    "불명|不详|不詳|未知|人数不详|number unknown|an unknown number of people",
}
UNIT_WORDS = {
    "families": "a family|a group of 4 families|세 가정|an unknown number of families|"
    "3 families|세 가족|3个家庭|三个家庭|dozens of families",
    "households": "3 households|3가구|3세대|三户|3戶",
    "flights": "3趟航班|전세기 2편|3 flights|two deportation flights|3편|3架次|3个航班",
    "persons": "3|3명|3 family members|탈북민 가족 3명|5口人",
}
TWO = (
    "about 600; up to 200 through Dandong|13 women and 2 children|60 out of 200|60 of 200|"
    "at least 66 of about 450 arrested|some 40; at least 40|"
    "9명(여성 7명)|about fifty; more than 50|"
    "3가족 9명|200명 중 60명|9男3女|9人、3人|50 and 60|50 or 60|9 9|"
    "two three|nineteen ninety|50-60-70|"
    "a woman and a child|9 a household|a group of 9 and 6|50명 이상 60명 미만|50 at most 60|"
    "최대 60명에서 최소 50명|at least 50 women and at most 60 men|최소 50가구에서 최대 60명|"
    "50가구에서 60명|60 men plus women|600명 추정 200명|"
    "around 600; up to 200 through Dandong|hundreds of 9|여성 3명, 남성 2명|수십~수백 명|5·6명"
)
OTHER_THINGS = (
    "2024年|2024년|in 2023|2023-2024|2024-04-26|26 April|"
    "9월 26일|九月|10:30|9 days|9일|9개월|30분|"
    "10여 분|18세|10세|세 살|九岁|9 months old|$500|500 dollars|500원|"
    "500元|50%|50 percent|fifty per cent|"
    "百分之五十|九成|half of 60|a third of 90|two thirds|三分之一|most|"
    "most of 200|대부분|일부|大部分|3 times|"
    "twice|3회|3차례|第3次|3次|세 번|9마리|버스 3대|2곳|5건|3起|9辆|"
    "9 a day|9 per month|하루 9명|每天9人|"
    "9人次|第9人|9번째|3rd|third|9 cases|9 groups|9 trucks|9 countries|9 km|9km|200k|9 goats|"
    "nine-member team|three-year-olds|4인 가족|一家三口|9 more|"
    "another 9|9 of them|one day|two minivans|3 subcommittees|"
    "60 annual deportees|a week|a committee|a minivan|a third man|a group|several times|"
    "수십 년|数十年|9 committees"
)
NOT_SURE = (
    "|none|no|-9|2.5|9.5|1.277|1.277명|1.277人|1,27|1,2777|1 27|007|½|"
    "5²|①|Ⅷ|2.5명|1.23456만 명|2.5 million|"
    "hundred|dozen|一万二|1万2|2천5|二百五人|千百人|한 200명|한 백 명|"
    "이 백 명|이 사람|이 두 명|백인|만 18세|구명|"
    "三五人|at least up to 60|up to at least 60|최소 최대 9명|至少最多9人|at least more than 40|"
    "about at least 40|at least nearly 60|exactly about 9|약 200명 가까이|近200多人|최대 9명 이상|"
    "60 to 50|50 to 50|around 50 to 60|약 50~60명|up to 50-60|~50~60|"
    "between about 50 and 60|from 50 and 60|"
    "5~6천 명|1 to 2 thousand|50至60万人|五到六十人|one to two dozen|5~60명|5-600|just about 40|"
    "between one hundred and fifty|1000000001|12억|people|명|个|"
    "1 to 2,000|between 2 and 3,000 people|3 lakh refugees|2 crore people|2 mn people|"
    "3 bn people|60 k people|2 mil people|2 millones de personas|60 tausend Flüchtlinge|"
    "200 mille personnes|2 Dutzend Menschen|20 Prozent Menschen|60 o más personas|"
    "60 oder mehr Personen|没有600人|另有600人|at least an unknown number of people|"
    "5 xyzzy|9 people in China|9명이|가족 9"
)
BOUNDED = st.integers(0, 10**9)
LANGUAGES = ("en", "ko", "zh")


def each(words: dict) -> list:
    """Return a parameter for each phrase, with its meaning, named by the phrase."""
    return [
        pytest.param(phrase, meaning, id=phrase)
        for meaning, phrases in words.items()
        for phrase in phrases.split("|")
    ]


def numbers(qualifier: str, number: int) -> tuple:
    """Return low, value and high as DESIGN 2.1 has them for a qualifier with one number."""
    if qualifier == "exactly":
        return number, number, number
    if qualifier in {"at_least", "more_than"}:
        return number, None, None
    return (None, None, number) if qualifier in {"at_most", "less_than"} else (None, number, None)


def bounds(quantity: Quantity) -> tuple:
    """Return qualifier, low, value and high."""
    return quantity.qualifier, quantity.low, quantity.value, quantity.high


@pytest.mark.parametrize(("phrase", "meaning"), each(SINGLE))
def test_parse_one_number(phrase, meaning):
    qualifier, number = meaning.split()
    assert bounds(parse(phrase)) == (qualifier, *numbers(qualifier, int(number)))


@pytest.mark.parametrize(("phrase", "ends"), each(RANGES))
def test_parse_range(phrase, ends):
    assert bounds(parse(phrase)) == ("between", ends[0], None, ends[1])


@pytest.mark.parametrize(("phrase", "qualifier"), each(NUMBERLESS))
def test_parse_without_number(phrase, qualifier):
    assert bounds(parse(phrase)) == (qualifier, None, None, None)


@pytest.mark.parametrize(("phrase", "unit"), each(UNIT_WORDS))
def test_parse_unit(phrase, unit):
    assert parse(phrase).unit == unit


@pytest.mark.parametrize("phrase", TWO.split("|"), ids=str)
def test_parse_refuses_two_quantities(phrase):
    with pytest.raises(ValueError, match="is not one count"):
        parse(phrase)


@pytest.mark.parametrize("phrase", OTHER_THINGS.split("|"), ids=str)
def test_parse_refuses_what_is_no_count_of_people(phrase):
    with pytest.raises(ValueError, match="is not one count"):
        parse(phrase)


@pytest.mark.parametrize("phrase", NOT_SURE.split("|"), ids=lambda phrase: phrase or "empty")
def test_parse_refuses_what_is_not_sure(phrase):
    with pytest.raises(ValueError, match="is not one count"):
        parse(phrase)


@pytest.mark.parametrize(
    ("phrase", "reason"),
    [
        ("13 women and 2 children", "record each as its own claim"),
        ("9명(여성 7명)", "record each number as its own claim"),
        ("none", "write “0” or “none stated”"),
        ("60 to 50", "the range 60 to 50 does not rise"),
        ("9마리", "“마리” is not understood there"),
        ("at least up to 60", "its qualifiers do not go together"),
        ("5~6천 명", "may be of different size"),
        ("12억", "the number is larger than 1,000,000,000"),
        ("2023-2024", "it looks like years"),
        ("9" * 201, "more than 200 characters"),
    ],
    ids=lambda text: text[:30],
)
def test_parse_says_why_and_what_is_allowed(phrase, reason):
    with pytest.raises(ValueError, match="Write one count, such as") as refusal:
        parse(phrase)
    assert reason in str(refusal.value)
    assert phrase[:200] in str(refusal.value)


def test_parse_keeps_words_as_typed_but_stripped():
    assert parse("  Nine  ").words == "Nine"


def test_quantity_cannot_change():
    with pytest.raises(AttributeError):
        parse("9").value = 10


RENDERED = [
    ("exactly", 9, ("9", "9명", "9人")),
    ("about", 200, ("around 200", "약 200명", "约200人")),
    ("nearly", 50, ("nearly 50", "거의 50명", "近50人")),
    ("odd", 200, ("a little over 200", "200여 명", "200多人")),
    ("at_most", 60, ("up to 60", "최대 60명", "最多60人")),
    ("less_than", 30, ("fewer than 30", "30명 미만", "不到30人")),
    ("at_least", 1406, ("at least 1,406", "최소 1,406명", "至少1,406人")),
    ("more_than", 500, ("more than 500", "500명 넘게", "超过500人")),
]


@pytest.mark.parametrize(
    ("qualifier", "number", "wordings"), RENDERED, ids=[row[0] for row in RENDERED]
)
def test_render_one_number(qualifier, number, wordings):
    said = [render(qualifier, *numbers(qualifier, number), language) for language in LANGUAGES]
    assert tuple(said) == wordings


def test_render_range():
    said = [render("between", 50, None, 60, language) for language in LANGUAGES]
    assert said == ["50 to 60", "50~60명", "50至60人"]


def test_render_range_that_could_be_short_for_another():
    assert render("between", 5, None, 60, "ko") == "5명~60명"
    assert render("between", 2, None, 3000, "en") == "at least 2 and at most 3,000"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("qualifier", ["indefinite", "unstated"])
def test_render_without_number_parses_back(qualifier, language):
    said = render(qualifier, None, None, None, language)
    assert bounds(parse(said)) == (qualifier, None, None, None)


@given(st.sampled_from(QUALIFIERS[:8]), BOUNDED, st.sampled_from(LANGUAGES))
def test_render_parses_back(qualifier, number, language):
    meant = numbers(qualifier, number)
    assert bounds(parse(render(qualifier, *meant, language))) == (qualifier, *meant)


@given(BOUNDED, BOUNDED, st.sampled_from(LANGUAGES))
def test_render_range_parses_back(one, other, language):
    low, high = sorted((one, other + (one == other) * (1 if other < 10**9 else -1)))
    meant = ("between", low, None, high)
    assert bounds(parse(render(*meant, language))) == meant


PIECES = sorted(quantity_words.VOCABULARY) + [
    "9",
    "50",
    "1,277",
    "2.5",
    "年",
    "years",
    "people",
    ";",
]


def meant_by(phrase: str) -> Quantity | None:
    """Return what a phrase means, or None if it is refused; any other error fails the test."""
    try:
        return parse(phrase)
    except ValueError:
        return None


def is_sound(quantity: Quantity) -> bool:
    """Tell whether bounds and unit are as the qualifier allows."""
    single = quantity.low if quantity.low is not None else quantity.value
    single = single if single is not None else quantity.high
    if quantity.qualifier == "between":
        return quantity.low < quantity.high and quantity.value is None
    if quantity.qualifier in {"indefinite", "unstated"}:
        return single is None
    same = bounds(quantity)[1:] == numbers(quantity.qualifier, single)
    return same and quantity.unit in UNITS and 0 <= single <= 10**9


@given(st.text(max_size=220))
def test_any_text_is_read_or_refused(text):
    quantity = meant_by(text)
    assert quantity is None or is_sound(quantity)


@given(st.lists(st.sampled_from(PIECES), max_size=7), st.sampled_from(["", " "]))
def test_any_mixture_of_known_words_is_read_or_refused(pieces, space):
    quantity = meant_by(space.join(pieces))
    assert quantity is None or is_sound(quantity)


@given(st.integers(0, 999_999), st.integers(0, 999_999))
def test_two_numbers_are_never_one(one, other):
    for joined in (
        f"{one}; {other}",
        f"{one} and {other}",
        f"{one}명 {other}명",
        f"{one}人,{other}人",
    ):
        assert meant_by(joined) is None
