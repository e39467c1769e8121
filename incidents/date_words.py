"""The words of dates in English, Korean and Chinese, as one table from words to tokens.

A word that is not here is not understood, and the whole phrase is refused. Called by
`date_tokens.py`. Latin words are matched whole, the others longest first without spaces.
"""

from typing import NamedTuple


class Token(NamedTuple):
    """One understood piece of a phrase: what it is, its number, and the words themselves."""

    kind: str
    value: int
    text: str


MONTHS = (
    "january jan janvier januar enero",
    "february feb février fevrier februar febrero",
    "march mar mars märz marzo",
    "april apr avril abril",
    "may mai mayo",
    "june jun juin juni junio",
    "july jul juillet juli julio",
    "august aug août aout agosto",
    "september sep sept septembre septiembre",
    "october oct octobre oktober octubre",
    "november nov novembre noviembre",
    "december dec décembre decembre dezember diciembre",
)
WEEKDAYS = (
    "monday mon",
    "tuesday tue tues",
    "wednesday wed",
    "thursday thu thur thurs",
    "friday fri",
    "saturday sat",
    "sunday sun",
)
ORDINALS = (
    "first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth|thirteenth"
    "|fourteenth|fifteenth|sixteenth|seventeenth|eighteenth|nineteenth|twentieth|twenty-first"
    "|twenty-second|twenty-third|twenty-fourth|twenty-fifth|twenty-sixth|twenty-seventh"
    "|twenty-eighth|twenty-ninth|thirtieth|thirty-first"
)
NUMBERS = "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve"

# (kind, value): phrases, separated by " | "
LATIN: dict[tuple[str, int], str] = {
    ("link", 0): "the | of | de | du | le | el",
    ("prep", 0): "on | in | during | en | im | am | back in | sometime in | some time in"
    " | sometime during | sometime on | over | throughout"
    " | the month of | month of | in the month of",
    ("at", 0): "at",
    ("place", 0): "local time",
    ("about", 0): "around | about | circa | c | ca | approximately | roughly | on or about"
    " | on or around | in or around | in or about",
    ("to", 0): "to | through | thru | au | bis",
    ("and", 0): "and",
    ("or", 0): "or",
    ("from", 0): "from",
    ("since", 0): "since | ever since",
    ("sofar", 0): "so far",
    ("now", 0): "to date | until now | up to now | to the present | to present | until today"
    " | to the present day | present | now",
    ("onwards", 0): "onwards | onward",
    (
        "until",
        0,
    ): "until | till | by | up to | up until | no later than | not later than | on or before",
    ("before", 0): "before | prior to",
    ("after", 0): "after",
    ("between", 0): "between | sometime between | some time between",
    ("last", 2): "last",
    ("past", 0): "past | this past",
    ("this", 0): "this",
    ("within", 0): "within",
    ("ago", 0): "ago",
    ("unit", 1): "day | days",
    ("unit", 7): "week | weeks",
    ("unit", 30): "month | months",
    ("unit", 365): "year | years",
    ("count", 1): "a | an",
    ("part", 0): "early | earlier | late",
    ("portion", 0): "mid | middle of | the middle of | beginning of | the beginning of | start of"
    " | the start of | end of | the end of | early in | late in | earlier in",
    ("half", 1): "first half of | the first half of",
    ("half", 2): "second half of | the second half of",
    ("quarter", 1): "first quarter of | the first quarter of",
    ("quarter", 2): "second quarter of | the second quarter of",
    ("quarter", 3): "third quarter of | the third quarter of",
    ("quarter", 4): "fourth quarter of | the fourth quarter of | the last quarter of"
    " | last quarter of",
    ("days", 0): "today | tonight | this morning | this afternoon | this evening",
    ("days", -1): "yesterday | last night",
    ("days", -2): "day before yesterday | the day before yesterday",
    ("days", 1): "tomorrow",
    ("week", -1): "last week",
    ("week", 0): "this week",
    ("week", 1): "next week",
    ("months", -1): "last month",
    ("months", 0): "this month",
    ("months", 1): "next month",
    ("years", -1): "last year",
    ("years", -2): "year before last | the year before last",
    ("years", 0): "this year",
    ("years", 1): "next year",
    ("hours", -1): "morning | in the morning | afternoon | in the afternoon | evening"
    " | in the evening | night | at night | early hours | in the early hours | the early hours"
    " | small hours | in the small hours | dawn | at dawn | before dawn | noon | at noon | midday"
    " | at midday | late at night | early morning | late evening | late night | late afternoon"
    " | in the early morning",
}
REFUSED: dict[str, str] = {
    "spring | summer | autumn | fall | winter | 봄 | 여름 | 가을 | 겨울 | 春 | 夏 | 秋 | 冬"
    " | 春季 | 夏季 | 秋季 | 冬季": "a season falls in other months elsewhere",
    "the last day | the last week | the last month | the last year": "it may mean the calendar "
    "one or the time up to the article",
    "midnight | at midnight | 자정 | 午夜 | 子夜": "midnight belongs to two days",
    "주말 | 周末 | 週末": "it is not said which days are meant",
    "overnight | 간밤 | 밤새": "overnight touches two days",
    "weekend": "it is not said which days are meant",
    "as of | 현재 | 截至 | 截止": "it names the day of a count, not of what happened",
    "이전 | 以前 | 之前 | 以后 | 以後 | 之后 | 之後": "whether the day itself counts is not clear",
}

# CJK words are looked up after all spaces beside them are taken out.
CJK: dict[tuple[str, int], str] = {
    ("link", 0): "에 에는 엔 에도 의 인 的",
    ("prep", 0): "在 于 於 全年 한해 한해동안",
    ("place", 0): "현지시간 현지시각 当地时间 當地時間",
    ("about_before", 0): "약 대략 大约 大約 约 約",
    ("about_after", 0): "경 쯤 께 무렵 즈음 左右 许 許",
    ("to", 0): "至 到 에서",
    ("start", 0): "부터 起 开始 開始",
    ("and", 0): "과 와 및 和 与 與 及 、 · ・ ᆞ",
    ("or", 0): "또는 혹은 或 或者",
    ("from", 0): "从 從 自 由",
    ("since_before", 0): "自从 自從",
    ("since_after", 0): "이후 이래 이후로 들어 들어서 以来 以來",
    ("now", 0): "至今 迄今 现在 現在 至今为止 迄今为止 지금까지 현재까지 오늘까지",
    ("until", 0): "直到 直至",
    ("until_after", 0): "까지 为止 為止",
    ("between_after", 0): "사이 사이에 之间 之間",
    ("last", 1): "지난",
    ("recent", 0): "최근 过去 過去 最近 近",
    ("this", 0): "이번",
    ("portion", 0): "초 초순 초반 상순 중순 중반 하순 말 중 연말 연초"
    " 初 上旬 中旬 下旬 底 末 中 年初 年底 年末 年中 月初 月底 月末",
    ("half", 1): "상반기 上半年",
    ("half", 2): "하반기 下半年",
    ("quarter", 1): "第1季度 第一季度 一季度",
    ("quarter", 2): "第2季度 第二季度 二季度",
    ("quarter", 3): "第3季度 第三季度 三季度",
    ("quarter", 4): "第4季度 第四季度 四季度",
    ("days", 0): "오늘 今天 今日 今早 今晨 今晚 오늘밤",
    ("days", -1): "어제 昨天 昨日 昨晚 昨夜 어젯밤",
    ("days", -2): "그제 그저께 前天",
    ("days", -3): "大前天",
    ("days", 1): "내일 明天 明日",
    ("week", -1): "지난주",
    ("week", 0): "이번주 금주",
    ("week", 1): "다음주 내주",
    ("isoweek", -1): "上周 上週 上个星期 上個星期 上星期 上个礼拜 上個禮拜 上礼拜 上禮拜",
    ("isoweek", 0): "本周 本週 这周 這週 这个星期 這個星期 这星期 這星期 本星期 这个礼拜 這個禮拜",
    ("isoweek", 1): "下周 下週 下个星期 下個星期 下星期",
    ("months", -1): "지난달 上月 上个月 上個月",
    ("months", -2): "지지난달 上上月 上上个月 上上個月",
    ("months", 0): "이달 이번달 금월 本月 这个月 這個月",
    ("months", 1): "내달 다음달 下月 下个月 下個月",
    ("years", -1): "지난해 작년 去年",
    ("years", -2): "재작년 지지난해 前年",
    ("years", 0): "올해 올 금년 今年 本年",
    ("years", 1): "내년 明年",
    ("hours", -1): "오전 오후 밤 저녁 아침 새벽 낮 정오 한밤 한밤중 심야 늦은밤 이른아침 오전중"
    " 上午 下午 晚上 晚间 晚間 凌晨 清晨 早上 早晨 中午 傍晚 夜间 夜間 深夜 夜里 夜裡 晚 夜",
    ("ago", 0): "전",
    ("span", 2): "이틀",
    ("span", 3): "사흘",
    ("span", 4): "나흘",
    ("span", 5): "닷새",
    ("span", 6): "엿새",
    ("span", 7): "이레",
    ("span_weeks", 1): "일주일",
    ("span", 10): "열흘",
    ("span", 1): "하루",
    ("span_months", 1): "한달",
    ("span_months", 2): "두달",
    ("span_months", 3): "석달 세달",
}
CJK_WEEKDAYS = ("월一", "화二", "수三", "목四", "금五", "토六", "일日")

UNSTATED = (
    "not stated|undated|unknown|date unknown|unknown date|date not stated|no date|not known|n.d."
    "|not given|none stated|미상|날짜 미상|날짜미상|일시 미상|시기 미상|일자 미상|날짜 불명|불명"
    "|日期不详|日期不詳|时间不详|時間不詳|不详|不詳|日期不明|日期未知|未知|不明"
)


def latin_phrases() -> dict[str, list[tuple[tuple[str, ...], Token]]]:
    """Return the Latin phrases by their first word, the longest of each first."""
    pairs = [(key, phrase) for key, phrases in LATIN.items() for phrase in phrases.split(" | ")]
    for kind, rows in (("month", MONTHS), ("weekday", WEEKDAYS)):
        pairs += [
            ((kind, row + (kind == "month")), word)
            for row, words in enumerate(rows)
            for word in words.split()
        ]
    pairs += [(("ordinal_word", row), word) for row, word in enumerate(ORDINALS.split("|"), 1)]
    pairs += [(("count", row), word) for row, word in enumerate(NUMBERS.split("|"), 1)]
    pairs += [
        (("refused", row), phrase)
        for row, phrases in enumerate(REFUSED)
        for phrase in phrases.split(" | ")
    ]
    found: dict[str, list[tuple[tuple[str, ...], Token]]] = {}
    for (kind, value), phrase in pairs:
        words = tuple(phrase.replace("-", " ").split())
        found.setdefault(words[0], []).append((words, Token(kind, value, phrase)))
    for phrases_of_word in found.values():
        phrases_of_word.sort(key=lambda entry: -len(entry[0]))
    return found


def cjk_words() -> dict[str, Token]:
    """Return the Korean and Chinese words, weekdays included, by themselves."""
    found = {
        word: Token(kind, value, word)
        for (kind, value), words in CJK.items()
        for word in words.split()
    }
    for word, token in list(found.items()):
        if token.kind.startswith("span"):
            found |= {word + ending: token for ending in ("간", "동안", "사이")}
    for row, letters in enumerate(CJK_WEEKDAYS):
        chinese = [letters[1], *("天" if letters[1] == "日" else "")]
        names = [f"{letters[0]}요일", f"({letters[0]})", f"({chinese[0]})"]
        names += [week + day for week in WEEK_WORDS for day in chinese]
        names += [f"({name})" for name in names if "(" not in name]
        found |= {name: Token("weekday", row, name) for name in names}
    for row, phrases in enumerate(REFUSED):
        found |= {word: Token("refused", row, word) for word in phrases.split(" | ")}
    return found


WEEKS = {"上": -1, "本": 0, "这": 0, "這": 0, "下": 1}
WEEK_WORDS = ("周", "週", "星期", "礼拜", "禮拜")
UNSTATED_WORDS = frozenset(UNSTATED.split("|"))
LATIN_PHRASES = latin_phrases()
CJK_WORDS = cjk_words()
REFUSALS = tuple(REFUSED.values())
