"""The words and numerals of a count, in English, Korean and Chinese.

One rule: a word is here only if it means one thing where the grammar lets it stand; whatever is
not here is refused by name. The kinds are the letters in which `quantities` writes its grammar.
"""

import re
from typing import NamedTuple, NoReturn

LONGEST, LARGEST = 200, 10**9


class Unreadable(Exception):
    """Why a phrase is refused, as the middle of a sentence."""


def refuse(reason: str) -> NoReturn:
    """Stop reading, for this reason."""
    raise Unreadable(reason)


class Token(NamedTuple):
    """A piece of a phrase: the letter of its kind, as typed, what it means, its number."""

    kind: str
    text: str
    means: str = ""
    value: int = 0
    scale: int = 0


# Before the number (p), after it (s), on either side (a); "total" says no more than the number.
PREFIXES = {
    "about": "about|around|approximately|approx.|approx|roughly|circa|c.|ca.|≈|an estimated|"
    "estimated|environ|etwa|alrededor de|약|대략|어림잡아|约|約|大约|大約|大概|差不多|"
    "估计|估計|据估计|據估計",
    "nearly": "nearly|almost|close to|près de|거의|근|近|将近|將近|接近|几乎|幾乎",
    "odd": "a little over|a little more than",
    "at_most": "up to|as many as|no more than|not more than|a maximum of|maximum of|not exceeding|"
    "<=|≤|au plus|jusqu'à|höchstens|최대|많게는|"
    "많아야|最多|至多|多达|多達|最多达|最多達|高达|高達|不超过|不超過|不多于|不多於",
    "less_than": "under|less than|fewer than|below|<|just under|just below|just shy of|shy of|"
    "a little under|slightly under|a little less than|slightly less than|slightly fewer than|"
    "moins de|weniger als|menos de|"
    "不到|少于|少於|不足|不满|不滿|未满|未滿",
    "at_least": "no fewer than|no less than|not fewer than|not less than|a minimum of|minimum of|"
    "upwards of|>=|≥|au moins|al menos|por lo menos|mindestens|최소|최소한|적어도|"
    "적게는|至少|最少|不少于|不少於|不低于|不低於|不下|不下于|不下於",
    "more_than": "more than|over|above|exceeding|in excess of|just over|slightly more than|"
    "slightly over|well over|>|plus de|más de|mehr als|超过|超過|超|逾|多于|多於|超出|"
    "不止",
    "exactly": "exactly|precisely|정확히|整整",
    "total": "only|just|all|all the|the|a total of|total of|총|단|"
    "불과|고작|겨우|有|只有|仅有|僅有|仅|僅|共|总共|總共|一共|总计|總計|共计|共計|全部",
    "some": "some",
    "group": "a group of|a small group of|a large group of",
}  # fmt: skip
SUFFIXES = {
    "about": "or so|or thereabouts|정도|가량|쯤|안팎|내외|左右|上下|"
    "추정|으로추정|으로추정되는|으로추산|으로추산되는",
    "nearly": "가까이|가까운|에가까운|에육박|에육박하는",
    "odd": "남짓",
    "at_most": "or fewer|or less|이하|이내|까지|以下|以内|以內|之内|之內",
    "less_than": "미만|에못미치는|이채안되는|채안되는|이안되는|도안되는",
    "at_least": "or more|+|or above|or over|이상|以上",
    "more_than": "넘게|을넘게|이넘게|초과|을초과|을초과하는|이넘는|을넘는|넘는|을넘어|을넘어선|"
    "을웃도는|을상회하는",
    "total": "in total|in all|altogether|total",
    "range": "사이|之间|之間",
}
EITHER = {
    "at_least": "at least|at a minimum|at minimum",
    "at_most": "at most|at the most|max.|max|maximum",
    "total": "모두|전원|전부",
}
INNER = {"odd": "odd|여|余|餘", "about": "来|來"}
DUAL = {"odd": "多|几|幾"}  # 200多人 and 二十几人 are odd, 多人 and 几人 indefinite

INDEFINITE = (
    "dozens|dozens of|scores|scores of|hundreds|hundreds of|thousands|thousands of|"
    "tens of thousands|tens of thousands of|hundreds of thousands|hundreds of thousands of|"
    "several|several of|several hundred|several thousand|several dozen|several dozens|"
    "a few|a few dozen|a few hundred|a few thousand|many|numerous|a number of|"
    "a large number of|large numbers of|a handful|a handful of|a couple|a couple of|"
    "a couple dozen|a couple of dozen|a couple hundred|a couple of hundred|"
    "a number not given exactly|정확하지않은수|여러|몇|몇몇|다수|수많은|많은|"
    "数|數|好几|好幾|一些|若干|许多|許多|不少|大批|大量|上百|上千|上万|上萬|成百上千|"
    "成千上万|成千上萬|multiple|数以百计|數以百計|数以千计|數以千計|数以万计|數以萬計|一批|数目不确定|數目不確定"
)
UNSTATED = frozenset(
    "others|other people|other persons|none stated|not stated|not given|unstated|unknown|"
    "no number|no number given|no number stated|number unknown|number not stated|"
    "number not given|unknown number|unspecified|not specified|"
    "an unknown number|an unspecified number|an undisclosed number|undisclosed|not disclosed|"
    "number undisclosed|number not disclosed|number unclear|number not known|not known|"
    "규모미상|숫자미상|인원수불명|인원불상|정확한인원미상|정확한숫자미상|"
    "具体人数不详|具體人數不詳|数量不详|數量不詳|人数未公布|人數未公布|人数未公开|人數未公開|"
    "미상|인원미상|인원수미상|불명|인원불명|알수없음|"
    "不详|不詳|未知|人数不详|人數不詳|人数不明|人數不明|人数未知|人數未知|不明".split("|")
)
UNSTATED_NUMBER = (
    "an unknown number of|an unspecified number of|an undisclosed number of|"
    "an undetermined number of|unknown numbers of"
)
NOBODY = frozenset(
    "zero|nobody|no one|no-one|no people|no persons|zero people|zero persons|没有人|沒有人|零人|"
    "无人|無人|한명도없음|한명도없다".split("|")
)

# Counters by kind: c plain, B persons politely but also minutes, f also a noun, g any thing.
COUNTERS = {
    "c": {
        "": "명|인|사람|人|名|位|口|口人",
        "households": "가구|세대|户|戶|户人家|戶人家",
        "flights": "편|架次|航班|架次航班|趟航班|班航班",
    },
    "B": {"": "분"},
    "f": {"families": "가족|가정|家庭"},
    "g": {"": "个|個"},
}
JOINERS = {"-": "-|–|—|‐|−", "~": "~|〜|∼", "j": "to|至|到|에서|내지", "&": "and", "|": "or"}
NEVER = "just about|just some|only some"  # may mean nearly, or a part
OPENERS = "between|from|从|從"
PARTICLES = "의|的"
NOUNS = (
    "탈북민|탈북자|탈북|탈북여성|탈북난민|북한|북한주민|주민|"
    "북한이탈주민|북한인|북한사람|북한국적자|"
    "북한노동자|노동자|조선족|한국인|중국인|백인|한인|위구르인|위구르족|여성|남성|어린이|아동|아이|"
    "난민|이주민|이주노동자|망명신청자|구금자|수감자|송환자|"
    "강제송환자|강제송환된|강제북송된|북송된|"
    "송환된|체포된|억류된|추방된|재중|일가족|인원|시민|민간인|학생|군인|선원|어민|"
    "脱北者|脫北者|脱北女性|脫北女性|朝鲜人|朝鮮人|朝鲜|朝鮮|"
    "北韩|北韓|北韩人|北韓人|朝鲜公民|朝鮮公民|公民|"
    "难民|難民|朝鲜难民|朝鮮難民|中国人|中國人|韩国人|韓國人|维吾尔人|維吾爾人|维吾尔族|維吾爾族|"
    "女性|男性|妇女|婦女|儿童|兒童|人员|人員|人士|工人|劳工|勞工|移民|寻求庇护者|尋求庇護者|"
    "被拘留者|被遣返者|居民|国民|國民|学生|學生|平民|女子|男子|孩子|非法移民|偷渡者|偷渡客|"
    "국적자|국적|청소년|청년|고아|미성년자|아기|영유아|노인|임산부|국군포로|꽃제비|"
    "선교사|기독교인|활동가|기자|교사|어부|항공편|전세기|여객기|"
    "未成年人|青少年|孤儿|孤兒|老人|军人|軍人|船员|船員|渔民|漁民|教师|教師|记者|記者|传教士|"
    "傳教士|活动人士|活動人士|异见人士|異見人士|维权人士|維權人士"
)
# Peoples and countries, each also with the word for “person” or “nationality” behind it.
KOREAN_PEOPLES = (
    "미얀마|로힝야|로힝야족|시리아|아프가니스탄|아프간|튀르키예|터키|베트남|캄보디아|라오스|태국|"
    "우즈베키스탄|타지키스탄|카자흐스탄|키르기스스탄|이라크|이란|러시아|우크라이나|몽골|파키스탄|"
    "에리트레아|남수단|티베트|홍콩|몽족"
)
CHINESE_PEOPLES = (
    "缅甸|緬甸|罗兴亚|羅興亞|叙利亚|敘利亞|阿富汗|土耳其|越南|柬埔寨|老挝|寮国|寮國|泰国|泰國|"
    "乌兹别克|烏茲別克|塔吉克|哈萨克|哈薩克|吉尔吉斯|吉爾吉斯|伊朗|伊拉克|俄罗斯|俄羅斯|"
    "乌克兰|烏克蘭|蒙古|巴基斯坦|厄立特里亚|厄利垂亞|西藏|香港"
)

# English numbers by kind: ones, teens, tens, hundred, thousand, dozen, article.
ENGLISH_NUMBERS = {
    "o": "one=1|two=2|three=3|four=4|five=5|six=6|seven=7|eight=8|nine=9",
    "n": "ten=10|eleven=11|twelve=12|thirteen=13|fourteen=14|fifteen=15|sixteen=16|seventeen=17|"
    "eighteen=18|nineteen=19",
    "t": "twenty=20|thirty=30|forty=40|fifty=50|sixty=60|seventy=70|eighty=80|ninety=90",
    "h": "hundred=100",
    "k": "thousand=1000|million=1000000|ألف=1000",
    "Z": "dozen=12",
    "Q": "half a dozen=6|a half dozen=6|half dozen=6",
    "A": "a=1|an=1",
}
# Korean and Chinese by kind: digit, unit, myriad, zero, native Korean ten, native Korean one.
CJK_NUMBERS = {
    "d": "一=1|二=2|两=2|兩=2|三=3|四=4|五=5|六=6|七=7|八=8|九=9|"
    "일=1|이=2|삼=3|사=4|오=5|육=6|륙=6|칠=7|팔=8|구=9",
    "u": "十=10|百=100|千=1000|십=10|백=100|천=1000",
    "M": "万=10000|萬=10000|만=10000|亿=100000000|億=100000000|억=100000000",
    "0": "零=0|〇=0",
    "T": "열=10|스물=20|스무=20|서른=30|마흔=40|쉰=50|예순=60|일흔=70|여든=80|아흔=90",
    "O": "한=1|하나=1|두=2|둘=2|세=3|셋=3|네=4|넷=4|다섯=5|여섯=6|일곱=7|여덟=8|아홉=9",
}
# Native Korean "two or three".
KOREAN_PAIRS = (
    "한두=1|두세=2|서너=3|세네=3|네다섯=4|네댓=4|너댓=4|너덧=4|대여섯=5|예닐곱=6|"
    "일고여덟=7|여덟아홉=8"
)

# Their numerals and “or more” are not known here, so they stand alone after a number.
DOTTED_NOUNS = frozenset(
    "personas|personnes|personen|persone|pessoas|menschen|migrantes|migranten|migranti|refugiados|"
    "flüchtlinge|mensen".split("|")
)
# English nouns for people: these, and those with such an ending; things that end so are stopped.
PEOPLE = frozenset(
    (
        "people men women children personnel police staff folk irish "
        "british english french dutch spanish "
        "turkish polish uyghur uighur hmong rohingya kachin kyrgyz townspeople youth crew swiss "
        "personen menschen personas personnes persone mensen flüchtlinge migranten pessoas "
        "persons individuals nationals adults girls boys babies kids males females relatives monks "
        "nuns uyghurs uighurs kazakhs uzbeks tajiks "
        "kachins rohingyas turks kurds arabs thais poles "
        "greeks serbs jews muslims citizens souls youths teens captives fugitives convicts inmates "
        "natives wives husbands brides victims hostages missionaries diplomats officials spies "
        "troops suspects criminals friends siblings colleagues compatriots athletes guests guards "
        "nurses cooks waitresses couriers pows widows orphans crossers absconders "
        "iraqis israelis somalis bangladeshis yemenis pakistanis nepalis saudis filipinos laotians "
        "defectors survivors ancestors doctors actors directors sailors pastors minors operators "
        "investigators educators translators collaborators negotiators traitors demonstrators "
        "workers prisoners strangers foreigners villagers "
        "farmers fishers soldiers officers members "
        "leaders teachers lawyers brothers sisters mothers fathers daughters sons teenagers "
        "youngsters seekers smugglers brokers traffickers followers believers practitioners "
        "labourers laborers strikers protesters protestors passengers travellers travelers elders "
        "toddlers others outsiders islanders settlers squatters dwellers herders traders dancers "
        "singers players drivers deserters overstayers commanders miners cleaners carers helpers "
        "organizers organisers campaigners petitioners parishioners worshippers worshipers "
        "ministers preachers reporters writers bloggers holders bearers offenders newcomers "
        "migrants immigrants emigrants infants servants merchants peasants inhabitants applicants "
        "occupants participants combatants assistants claimants defendants militants students "
        "tatars chechens czechs croats kosovars hazaras yazidis tamils hui priests bishops clergy "
        "schoolchildren grandchildren "
        "residents agents parents dependents dependants adolescents patients clients dissidents "
    ).split()
)
PEOPLE_ENDING = re.compile(r"\w(?:ees|ans|ists|ese|men)$")
PARTICIPLES = frozenset(
    "arrested|detained|deported|repatriated|returned|expelled|killed|dead|missing|injured|"
    "wounded|captured|caught|abducted|disappeared|removed|imprisoned|held|released|forcibly".split(
        "|"
    )
)
UNIT_PLURALS = {"family": "families", "household": "households", "flight": "flights"}
PLURALS = UNIT_PLURALS | {"person": "persons", "man": "men", "woman": "women", "child": "children"}
# Words that no noun phrase after a number may hold: they make it another number, or a part, a
# time or a measure. From “tree” on: things that end as people do.
STOP_WORDS = frozenset(
    (
        "year month week day hour minute second decade century am pm today yesterday tomorrow ago "
        "old aged age daily weekly monthly yearly annually january february march april may june "
        "july august september october november december jan feb mar apr jun jul aug sept sep oct "
        "nov dec monday tuesday wednesday thursday friday saturday sunday percent per cent "
        "percentage point time times once twice thrice double triple fold round instance occasion "
        "km kilometre kilometer mile metre meter kg kilo kilogram gram ton tonne pound litre liter "
        "acre hectare degree dollar usd eur krw rmb euro yuan won "
        "yen rouble ruble franc peso rupee "
        "of and or nor but out including include included plus minus "
        "who whom whose which that this "
        "these those than then in on at by to from for with without via through since until till "
        "before after during between among amongst into onto over under above below across against "
        "as if except excluding besides near about around approximately roughly nearly almost not "
        "no never none neither either both every each any all some most many more less fewer least "
        "much few several half halves quarter another additional extra further first last next "
        "previous was were is are be been being has have had will "
        "would could should might did does "
        "do only just exactly even also too so such else respectively combined hundred thousand "
        "million billion trillion dozen score tens couple pair handful zero nil third fourth fifth "
        "sixth seventh eighth ninth tenth eleventh twelfth twentieth thirtieth fortieth fiftieth "
        "sixtieth seventieth eightieth ninetieth hundredth thousandth millionth one two three four "
        "five six seven eight nine ten truckload busload boatload planeload group batch case "
        "tree fee committee decree knee bee coffee guarantee toffee levee marquee spree pedigree "
        "lakh lac crore k m mn mln mio mil bn bln tn thou tausend mille "
        "annual annualised annualized quarterly fortnight fortnightly nightly hourly "
        "chimpanzee jubilee settee subcommittee melee minivan sampan jerrycan lifespan "
        "list fist wrist mist twist checklist shortlist waitlist playlist "
        "wishlist blacklist watchlist plan can pan van fan clan scan loan bean ocean jean mean "
        "caravan sedan organ slogan span ban swan pelican catamaran orangutan cheese geese obese "
        "diocese specimen omen regimen abdomen ramen stamen"
    ).split()
)
STOPPED = STOP_WORDS | {word + "s" for word in STOP_WORDS} | {"centuries", "batches", "means"}


def vocabulary() -> dict[str, Token]:
    """Return every word and phrase of the tables as a token."""
    found: dict[str, Token] = {}

    def add(kind: str, words: str, means: str = "") -> None:
        for word in words.split("|"):
            found[word] = Token(kind, word, means)

    for kind, table in {"p": PREFIXES, "s": SUFFIXES, "a": EITHER, "i": INNER, "m": DUAL}.items():
        for means, words in table.items():
            add("z" if means == "range" else kind, words, means)
    for kind, table in COUNTERS.items():
        for means, words in table.items():
            add(kind, words, means)
    for kind, words in JOINERS.items():
        add(kind, words)
    for kind, words in {
        "I": INDEFINITE,
        "b": OPENERS,
        "e": PARTICLES,
        "x": NOUNS,
        "!": NEVER,
    }.items():
        add(kind, words)
    add("I", UNSTATED_NUMBER, "unstated")
    for people in KOREAN_PEOPLES.split("|"):
        add("x", f"{people}|{people}인")
    for people in CHINESE_PEOPLES.split("|"):
        add("x", f"{people}|{people}人|{people}籍")
    for noun in [word for word, token in found.items() if token.kind == "x"]:
        add("x", f"{noun}들" if re.search("[가-힣]$", noun) else noun)
    for kind, words in (ENGLISH_NUMBERS | CJK_NUMBERS | {"P": KOREAN_PAIRS}).items():
        for pair in words.split("|"):
            word, value = pair.split("=")
            found[word] = Token(kind, word, value=int(value))
    return found


VOCABULARY = vocabulary()
