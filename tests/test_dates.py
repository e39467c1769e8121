"""Tests of how worded dates are read: right or refused, never wrong."""

import datetime as dt
import time

import edtf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from incidents import dates
from incidents.date_words import CJK_WORDS, LATIN_PHRASES, REFUSED, UNSTATED_WORDS
from incidents.dates import parse, parse_window_edge, precision_of

FRIDAY = dt.date(2024, 5, 17)


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def bounds(words: str, published: dt.date | None = None) -> str:
    """Return the days as 2024-04-26, or first..last with nothing for an open end."""
    read = parse(words, published)
    first, last = (str(end or "") for end in (read.earliest, read.latest))
    return first if first == last else f"{first}..{last}"


def rows(table: str) -> list[tuple[str, str]]:
    pairs = [line.split("|") for line in table.strip().splitlines()]
    return [(words.strip(), expected.strip()) for words, expected in pairs]


# Real phrases of reported_returns.csv, read by hand there.
REAL = """
on the 9th of this month, around 7:30 p.m.|2023-10-12|2023-10-09
Monday night|2023-10-13|2023-10-09
yesterday, Monday, October 9th|2023-10-10|2023-10-09
本周|2023-10-13|2023-10-08..2023-10-13
지난해 10월|2024-08-28|2023-10-01..2023-10-31
지난해 10월|2024-04-15|2023-10-01..2023-10-31
지난해 10월 9일|2024-06-30|2023-10-09
October 9, 2023||2023-10-09
on October 9|2023-12-05|2023-10-09
On 9 October|2023-10-20|2023-10-09
2023-08-29||2023-08-29
on July 14|2021-07-19|2021-07-14
in July 2021||2021-07-01..2021-07-31
on April 26, 2024||2024-04-26
on April 26|2024-05-05|2024-04-26
on April 26|2024-05-09|2024-04-26
올해 4월|2024-08-28|2024-04-01..2024-04-30
지난달|2024-05-07|2024-04-01..2024-04-30
21일|2024-08-28|2024-08-21
since 2024|2025-10-15|2024-01-01..2025-10-15
2024年迄今|2025-10-17|2024-01-01..2025-10-17
지난해 1월|2025-10-19|2024-01-01..2024-01-31
since the morning of February 28th|2012-03-12|2012-02-28..2012-03-12
On the 29th of last month|2012-03-12|2012-02-29
on the 7th|2012-03-12|2012-03-07
On Nov. 7, 2019|2022-07-12|2019-11-07
last Thursday|2019-11-11|2019-11-07
in Nov. 2019|2022-07-13|2019-11-01..2019-11-30
back in 2019||2019-01-01..2019-12-31
on Thursday, early hours|2025-02-27|2025-02-27
on Thursday|2025-02-27|2025-02-27
today (February 27, 2025)|2025-02-27|2025-02-27
on February 27, 2025|2026-03-01|2025-02-27
En 2023||2023-01-01..2023-12-31
In 2023||2023-01-01..2023-12-31
Between 8th and 21st of October 2022||2022-10-08..2022-10-21
On 20th and 22nd of March 2022||2022-03-20..2022-03-22
in the past two weeks|2023-04-21|2023-04-07..2023-04-21
since early April|2023-04-21|2023-04-01..2023-04-21
within two weeks|2023-04-21|2023-04-07..2023-04-21
"""
REAL_ROWS = [tuple(line.split("|")) for line in REAL.strip().splitlines()]


@pytest.mark.parametrize(
    ("words", "published", "expected"), REAL_ROWS, ids=[f"{r[0]}-{r[1]}" for r in REAL_ROWS]
)
def test_real_phrase_gives_the_days_read_by_hand(words, published, expected):
    assert bounds(words, day(published) if published else None) == expected


STATED = """
26 April 2024|2024-04-26
April 26, 2024|2024-04-26
the 26th of April, 2024|2024-04-26
Friday, April 26, 2024|2024-04-26
26-Apr-2024|2024-04-26
26APR2024|2024-04-26
2024 April 26|2024-04-26
2024/04/26|2024-04-26
2024-4-26|2024-04-26
2024.04.26|2024-04-26
2024. 4. 26.|2024-04-26
2024.4.26.(금)|2024-04-26
20240426|2024-04-26
04/26/2024|2024-04-26
26/04/2024|2024-04-26
26.04.2024|2024-04-26
05/05/2024|2024-05-05
04/2024|2024-04-01..2024-04-30
2023-10-09T19:30|2023-10-09
2023-10-09 19:30|2023-10-09
26 April 2024 at 19:30|2024-04-26
at 7 p.m. on April 26, 2024 (local time)|2024-04-26
the early hours of April 26, 2024|2024-04-26
around 26 April 2024|2024-04-26
April 2024|2024-04-01..2024-04-30
early October 2023|2023-10-01..2023-10-31
mid-October 2023|2023-10-01..2023-10-31
at the end of April 2024|2024-04-01..2024-04-30
throughout 2023|2023-01-01..2023-12-31
the late 1990s|1990-01-01..1999-12-31
first half of 2024|2024-01-01..2024-06-30
April 2024 (?)|2024-04-01..2024-04-30
from 7 to 21 April 2023|2023-04-07..2023-04-21
8-21 October 2022|2022-10-08..2022-10-21
April 7–21, 2023|2023-04-07..2023-04-21
April 7 to May 3, 2024|2024-04-07..2024-05-03
28 December to 3 January 2024|2023-12-28..2024-01-03
28 December 2023 to 3 January|2023-12-28..2024-01-03
late 2023 to early 2024|2023-01-01..2024-12-31
mid-2023|2023-01-01..2023-12-31
in mid-2023|2023-01-01..2023-12-31
late-2022 to mid-2023|2022-01-01..2023-12-31
the mid-1990s|1990-01-01..1999-12-31
until mid-2024|..2024-12-31
Q1 2023|2023-01-01..2023-03-31
the fourth quarter of 2023|2023-10-01..2023-12-31
before Q1 2023|..2022-12-31
2023년 1분기|2023-01-01..2023-03-31
2024年第三季度|2024-07-01..2024-09-30
2023년 한 해|2023-01-01..2023-12-31
2023年全年|2023-01-01..2023-12-31
2020年至2023年期间|2020-01-01..2023-12-31
2023年10月間|2023-10-01..2023-10-31
2023년 10월 8, 9일|2023-10-08..2023-10-09
2019-2021|2019-01-01..2021-12-31
between 2019 and 2021|2019-01-01..2021-12-31
2024-04-26 to 2024-04-28|2024-04-26..2024-04-28
26 or 27 April 2024|2024-04-26..2024-04-27
before 7 May 2024|..2024-05-06
before May 2024|..2024-04-30
until 7 May 2024|..2024-05-07
by the end of April 2024|..2024-04-30
after 9 October 2023|2023-10-10..
after October 2023|2023-11-01..
since 2024|2024-01-01..
le 26 avril 2024|2024-04-26
26. April 2024|2024-04-26
du 8 au 21 octobre 2022|2022-10-08..2022-10-21
26 de abril de 2024|2024-04-26
2023년 11월 7일|2023-11-07
2023년11월7일|2023-11-07
２０２３년 11월|2023-11-01..2023-11-30
2023년|2023-01-01..2023-12-31
2024년 4월 26일 금요일|2024-04-26
2024년 4월 26일 오후 7시 30분께|2024-04-26
2023년 10월 9일(현지시간)|2023-10-09
2023년 10월경|2023-10-01..2023-10-31
2023년 10월 중순|2023-10-01..2023-10-31
2023년 하반기|2023-07-01..2023-12-31
2023년 10월 8일∼13일|2023-10-08..2023-10-13
2024년 4월 26일부터 28일까지|2024-04-26..2024-04-28
2023년 12월 28일부터 1월 3일까지|2023-12-28..2024-01-03
2023년 4~5월|2023-04-01..2023-05-31
2019년부터 2021년까지|2019-01-01..2021-12-31
2024년 5월까지|..2024-05-31
2024年8月21日|2024-08-21
2024年8月21號|2024-08-21
二〇二四年四月二十六日|2024-04-26
二零二四年四月|2024-04-01..2024-04-30
2024年4月份|2024-04-01..2024-04-30
2024年4月26日晚上7点30分|2024-04-26
2023年10月9日（星期一）|2023-10-09
2023年上半年|2023-01-01..2023-06-30
2023年10月8日至13日|2023-10-08..2023-10-13
2023年10月8日到2024年1月3日|2023-10-08..2024-01-03
2022至2023年|2022-01-01..2023-12-31
2024年4月底至5月初|2024-04-01..2024-05-31
2024年8月20日和22日|2024-08-20..2024-08-22
"""


@pytest.mark.parametrize(("words", "expected"), rows(STATED))
def test_stated_date_needs_no_publication(words, expected):
    assert bounds(words) == expected


# All read from Friday, 17 May 2024.
WORKED_OUT = """
Apr. 26|2024-04-26
Fri. 26 April|2024-04-26
on the 7th|2024-05-07
on the 17th|2024-05-17
on the 31st|2024-03-31
February 29|2024-02-29
October ninth|2023-10-09
December 28 to January 3|2023-12-28..2024-01-03
from 28th to 3rd|2024-04-28..2024-05-03
between the 8th and 13th|2024-05-08..2024-05-13
April 26 and 27|2024-04-26..2024-04-27
mid-October|2023-10-01..2023-10-31
May|2024-05-01..2024-05-31
today|2024-05-17
yesterday evening|2024-05-16
last night|2024-05-16
the day before yesterday|2024-05-15
tomorrow (May 18)|2024-05-18
three days ago|2024-05-14
Thursday (May 16)|2024-05-16
on Friday|2024-05-17
Sunday|2024-05-12
last Friday|2024-05-10
this past Thursday|2024-05-16
Thursday last week|2024-05-09
from Monday to Wednesday|2024-05-13..2024-05-15
this week|2024-05-12..2024-05-17
last week|2024-05-05..2024-05-12
the 26th of last month|2024-04-26
late last month|2024-04-01..2024-04-30
earlier this month|2024-05-01..2024-05-31
next month|2024-06-01..2024-06-30
early this year|2024-01-01..2024-12-31
October last year|2023-10-01..2023-10-31
last October|2023-10-01..2023-10-31
this April|2024-04-01..2024-04-30
second half of last year|2023-07-01..2023-12-31
so far this year|2024-01-01..2024-05-17
from 2019 to the present|2019-01-01..2024-05-17
since yesterday|2024-05-16..2024-05-17
over the past three months|2024-02-17..2024-05-17
in the past month|2024-04-17..2024-05-17
until yesterday|..2024-05-16
11월 7일|2023-11-07
지난달 26일|2024-04-26
지난 달 26일에|2024-04-26
이달 9일|2024-05-09
이번 달 9일 오전|2024-05-09
작년 10월|2023-10-01..2023-10-31
재작년|2022-01-01..2022-12-31
the year before last|2022-01-01..2022-12-31
지지난달 26일|2024-03-26
上上个月|2024-03-01..2024-03-31
올해 1분기|2024-01-01..2024-03-31
28일부터 이달 3일까지|2024-04-28..2024-05-03
28일부터 지난달 3일까지|2024-03-28..2024-04-03
15일까지|..2024-05-15
지난 26일까지|..2024-04-26
before April 26|..2024-04-25
올 4월|2024-04-01..2024-04-30
금년 4월 말|2024-04-01..2024-04-30
26일|2024-04-26
17일|2024-05-17
31일|2024-03-31
26일(금)|2024-04-26
어제인 16일|2024-05-16
그저께|2024-05-15
사흘 전|2024-05-14
3일 전|2024-05-14
지난 26일|2024-04-26
지난 18일|2024-04-18
지난 4월|2024-04-01..2024-04-30
지난 10월 9일|2023-10-09
내달|2024-06-01..2024-06-30
월요일|2024-05-13
지난주 목요일|2024-05-09
이번 주 화요일|2024-05-14
지난주|2024-05-05..2024-05-12
지난주 월요일부터 수요일까지|2024-05-06..2024-05-08
지난해 말|2023-01-01..2023-12-31
올 상반기|2024-01-01..2024-06-30
2024년 4월 이후|2024-04-01..2024-05-17
올해 들어|2024-01-01..2024-05-17
26일부터 28일까지|2024-04-26..2024-04-28
8~21일|2024-04-08..2024-04-21
10월 8~21일|2023-10-08..2023-10-21
4~5월|2024-04-01..2024-05-31
지난달 28일부터 이달 3일까지|2024-04-28..2024-05-03
26·28일|2024-04-26..2024-04-28
최근 2주간|2024-05-03..2024-05-17
지난 한 달간|2024-04-17..2024-05-17
8月21日|2023-08-21
21号|2024-04-21
本月9日|2024-05-09
上個月26日|2024-04-26
上周四|2024-05-09
上週日|2024-05-12
本周四|2024-05-16
星期四|2024-05-16
礼拜三|2024-05-15
昨天（16日）|2024-05-16
前天|2024-05-15
三天前|2024-05-14
去年十月九日|2023-10-09
今年4月|2024-04-01..2024-04-30
前年|2022-01-01..2022-12-31
上月底|2024-04-01..2024-04-30
自2024年4月以來|2024-04-01..2024-05-17
从2023年10月9日起|2023-10-09..2024-05-17
10月8日至21日|2023-10-08..2023-10-21
8－21日|2024-04-08..2024-04-21
去年12月28日至今年1月3日|2023-12-28..2024-01-03
上周一至周三|2024-05-06..2024-05-08
过去两周|2024-05-03..2024-05-17
廿六日|2024-04-26
当地时间10月9日晚|2023-10-09
"""


@pytest.mark.parametrize(("words", "expected"), rows(WORKED_OUT))
def test_date_worked_out_from_the_publication_says_how(words, expected):
    read = parse(words, FRIDAY)
    assert bounds(words, FRIDAY) == expected
    assert (read.inferred, read.anchor) == (True, FRIDAY)
    assert (
        read.reasoning[0].isupper() or not read.reasoning[0].isascii() or read.reasoning[0] == "“"
    )
    assert read.reasoning.endswith(".")


@pytest.mark.parametrize("words", ["Thursday", "지난달", "昨天", "April 26", "26일", "this year"])
def test_relative_words_are_refused_without_the_publication(words):
    with pytest.raises(ValueError, match="day the article was published is needed"):
        parse(words)


REFUSALS = """
shortly after the Asian Games|“shortly” is not understood
04/05/2024|either way round
4/26|not understood
24-04-26|two digits
26 April 24|more than a day
24년 4월|four digits
’24년|not understood
April 31, 2024|no day 31 in April 2024
29 February 2023|no day 29 in February 2023
2024-13|no month 13
2024년 13월|no month 13
on the 32nd|no month has a day 32
the 21th|not an ordinal
Tuesday, April 26, 2024|is a Friday, not a Tuesday
10일(월)|is a Friday, not a Monday
yesterday, May 15|do not agree
어제인 9일|do not agree
28-3 May 2024|ends before it begins
28 April to 3 April 2024|ends before it begins
2024-05/2024-04|ends .* before it begins
last Thursday|or the week before
지난 월요일|or the week before
last April|this year or the year before
지난 5월|this month or that of the year before
Sunday last week|Monday or Sunday
the 26th of this month|after the publication
올해 12월|after the publication
18일|the day after the publication
May 18|the day after the publication
two weeks ago|does not say which day
2주 전|does not say which day
两周前|does not say which day
in two weeks|how long, not when
3일간|how long, not when
26일 하루 전|count days back
3일 전후|not understood
5월 7일 전|count days back
three days before April 26|how long, not when
the night before 26 April|names no date
the day after 9 October 2023|no place
first Monday of May|count weeks
last Thursday in April|no one day
last week of April|no one stretch
지난 주말|weekend
before last week|Monday or Sunday
일주일 전|does not say which day
the previous week|not understood
전날|not understood
2019-21|season or the years
Monday - 9 May|weekday and the other
9/10/2023|either way round
上周末|weekend
around midnight on April 26|two days
26일 밤 12시|two days
Monday night at 1 a.m.|two days
as of 7 May 2024|day of a count
spring 2024|other months elsewhere
2024년 봄|other months elsewhere
4月26日以前|whether the day itself counts
2024년 이전|whether the day itself counts
before mid-May 2024|not clear
by Monday|or a day after the publication
until Wednesday|or a day after the publication
before Monday|or a day after the publication
after Monday|or a day after the publication
26일까지|or a day after the publication
by October|or a day after the publication
10月底为止|or a day after the publication
Q1|the year is missing
Q5 2023|not understood
Q1 October 2023|a quarter of a year and a shorter time
지난 한 해|no place
10年间|four digits
from October 9, 2023|only one end
2023-24|season or the years
in the last week|calendar one or the time up to
at 7 on April 26, 2024|not a time of day
26 April 2024 at 25:30|no time 25:30
1930 on 26 April|year or a time of day
Apr-2024|only a year
2024-April|only a year
26 April [sic]|not EDTF
x []|not EDTF
2022-23|season or the years
2024-24|two years
~2024|may mean
2024~~|not understood
20 24|no place
2²일|unusual form
２②일|unusual form
농력 4월|not understood
음력 4월 26일|not understood
农历四月廿六|not understood
民国113年|not understood
令和6年|not understood
三四月|not understood
2024년도|not understood
2023/24|not understood
Y17000|not understood
XXXX|names no year
../..|both ends are open
0000|no year 0000
26|neither a day of a month nor a year
2023-10-09T19:30:00Z|not understood
April 26 (2024|brackets
not 2024|not understood
26명|not understood
"""


@pytest.mark.parametrize(("words", "why"), rows(REFUSALS))
def test_unsure_words_are_refused_with_the_reason(words, why):
    with pytest.raises(ValueError, match=why) as refusal:
        parse(words, FRIDAY)
    assert words in str(refusal.value)


def test_refusal_tells_what_is_allowed():
    with pytest.raises(ValueError, match=r"shortly after the Asian Games \[2023-10~\]"):
        parse("recently", FRIDAY)


@pytest.mark.parametrize("words", ["", "   ", "\n"])
def test_empty_words_are_refused(words):
    with pytest.raises(ValueError, match="nothing is written"):
        parse(words)


def test_words_longer_than_the_column_are_refused():
    with pytest.raises(ValueError, match="longer than 200"):
        parse("2024 " * 50)


@pytest.mark.parametrize("words", sorted(UNSTATED_WORDS))
def test_unstated_date_has_words_and_no_days(words):
    read = parse(f" {words} ", FRIDAY)
    assert (read.words, read.edtf, read.earliest, read.latest) == (words, "", None, None)
    assert read.precision == "none"


@pytest.mark.parametrize("word", [w for row in REFUSED for w in row.split(" | ")])
def test_word_known_to_be_unsafe_is_refused(word):
    with pytest.raises(ValueError, match="is not read"):
        parse(f"{word} 2024", FRIDAY)


EDTF_ROWS = """
2024|2024-01-01..2024-12-31
2024-04|2024-04-01..2024-04-30
2024-04-26~|2024-04-26
2024-04?|2024-04-01..2024-04-30
2024%|2024-01-01..2024-12-31
2024?-04-~26|2024-04-26
?2004-06-~11|2004-06-11
2024-04-26/2024-04-28|2024-04-26..2024-04-28
2024?/2024-05~|2024-01-01..2024-05-31
2024-04-26/2024-04|2024-04-26..2024-04-30
../2024-05-07|..2024-05-07
/2024|..2024-12-31
2024/..|2024-01-01..
2024/|2024-01-01..
2024-04-XX|2024-04-01..2024-04-30
2024-XX|2024-01-01..2024-12-31
2024-XX-31|2024-01-31..2024-12-31
2024-1X|2024-10-01..2024-12-31
2024-04-3X|2024-04-30
202X|2020-01-01..2029-12-31
19XX-02-2X|1900-02-20..1999-02-28
2024-21|2024-03-01..2024-05-31
2024-22|2024-06-01..2024-08-31
2024-23|2024-09-01..2024-11-30
1998-33|1998-01-01..1998-03-31
{2024-04-20,2024-04-22}|2024-04-20..2024-04-22
{2024-04-28, 2024-04-20}|2024-04-20..2024-04-28
[2024-04..2024-06]|2024-04-01..2024-06-30
[..2024-04]|..2024-04-30
{2024..}|2024-01-01..
0001|0001-01-01..0001-12-31
9999|9999-01-01..9999-12-31
"""


@pytest.mark.parametrize(("expression", "expected"), rows(EDTF_ROWS))
def test_edtf_gives_its_days_and_infers_nothing(expression, expected):
    read = parse(expression, FRIDAY)
    assert bounds(expression) == expected
    assert (read.inferred, read.anchor, read.reasoning) == (False, None, "")


@pytest.mark.parametrize(
    "expression",
    ["2024-02-30", "2023-02-29/2024", "2024-04-00", "2024-04-4X", "[2024-06..2024-04]", "2024-42"]
    + ["{2024-04-31}", "[2024,..2025]", "-0044", "{}", "[2024", "2024-04-26/28", "2024-24"],
)
def test_edtf_without_possible_days_is_refused(expression):
    with pytest.raises(ValueError, match="is not read as a date"):
        parse(expression)


EXPRESSIONS = """
early October 2023|2023-10
around 26 April 2024|2024-04-26~
26 April 2024?|2024-04-26?
circa 2019 (?)|2019%
10월 9일께|2023-10-09~
8-21 October 2022|2022-10-08/2022-10-21
On 20th and 22nd of March 2022|{2022-03-20,2022-03-22}
26 or 27 April 2024|[2024-04-26,2024-04-27]
April to June 2023|2023-04/2023-06
since early April|2024-04/2024-05-17
since about April 2024|2024-04~/2024-05-17
since today|2024-05-17
by 7 May 2024|../2024-05-07
after 9 October 2023|2023-10-10/..
last year|2023
second half of last year|2023-07/2023-12
the 1990s|199X
last week|2024-05-05/2024-05-12
2024 / 2025|2024/2025
"""


@pytest.mark.parametrize(("words", "expression"), rows(EXPRESSIONS))
def test_phrase_is_written_as_edtf(words, expression):
    assert parse(words, FRIDAY).edtf == expression


def test_reading_in_brackets_is_the_researchers_own():
    read = parse("shortly after the Asian Games [2023-10~]", FRIDAY)
    assert read == dates.ImpreciseDate(
        words="shortly after the Asian Games",
        edtf="2023-10~",
        earliest=dt.date(2023, 10, 1),
        latest=dt.date(2023, 10, 31),
        inferred=True,
        anchor=None,
        reasoning="Read as 2023-10~ by the researcher.",
    )


def test_reading_in_brackets_may_be_a_set():
    assert parse("twice that week [{2024-05-01,2024-05-03}]").edtf == "{2024-05-01,2024-05-03}"


def test_words_are_kept_as_typed():
    assert parse("  Ａpr.  26,２０24 ").words == "Ａpr.  26,２０24"


REASONS = [
    ("April 26", "The year is not stated: 26 April 2024 is the latest such day up to 17 May 2024"),
    ("26일", "The month is not stated: 26 April 2024 is the latest such day up to 17 May 2024"),
    ("April", "The year is not stated: April 2024 is the latest such month up to 17 May 2024"),
    ("지난달 26일", "“지난달” is counted from the publication on 17 May 2024"),
    ("Thursday", "Thursday is read as 16 May 2024, the latest one up to 17 May 2024"),
    ("since 2019", "It is taken to run up to the publication on 17 May 2024"),
]


@pytest.mark.parametrize(("words", "reason"), REASONS, ids=[words for words, _ in REASONS])
def test_reasoning_is_a_sentence(words, reason):
    assert parse(words, FRIDAY).reasoning.startswith(reason)


def test_publication_with_a_time_counts_as_its_day():
    published = dt.datetime(2024, 5, 17, 23, 0, tzinfo=dt.UTC)
    assert parse("yesterday", published).earliest == dt.date(2024, 5, 16)


@pytest.mark.parametrize(
    ("words", "published"),
    [("yesterday", dt.date.min), ("last month", dt.date.min), ("tomorrow", dt.date.max)]
    + [("last year", dt.date.min), ("next week", dt.date.max), ("past two weeks", dt.date.min)]
    + [("26일", dt.date.min), ("Sunday", dt.date(1, 1, 2)), ("999 days ago", dt.date.min)],
    ids=str,
)
def test_ends_of_the_calendar_raise_nothing_but_a_refusal(words, published):
    with pytest.raises(ValueError, match="is not read as a date|outside the years 1 to 9999"):
        parse(words, published)


PRECISIONS = [
    ("2024-04-26", "2024-04-26", "day"),
    ("2024-04-01", "2024-04-30", "month"),
    ("2024-01-01", "2024-12-31", "year"),
    ("2024-04-01", "2024-04-29", "range"),
    ("2023-01-01", "2024-12-31", "range"),
    ("2023-04-01", "2024-04-30", "range"),
    ("2024-04-01", "", "open"),
    ("", "2024-04-30", "open"),
    ("", "", "none"),
]


@pytest.mark.parametrize(("first", "last", "code"), PRECISIONS)
def test_precision_is_named(first, last, code):
    first_day, last_day = (day(end) if end else None for end in (first, last))
    assert precision_of(first_day, last_day) == code


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2024-04-26", "2024-04-26", "2024-04-26"),
        (" 2024-02 ", "2024-02-01", "2024-02-29"),
        ("0001", "0001-01-01", "0001-12-31"),
        ("9999", "9999-01-01", "9999-12-31"),
        ("9999-12", "9999-12-01", "9999-12-31"),
    ],
)
def test_window_edge_takes_the_first_or_last_day(text, first, last):
    assert parse_window_edge(text, end=False) == day(first)
    assert parse_window_edge(text, end=True) == day(last)


@pytest.mark.parametrize(
    ("text", "why"),
    [("2024-13-01", "no month 13"), ("2024-02-30", "no day 30"), ("0000", "no year 0000")]
    + [("2024-21", "no month 21"), ("2024-00", "no month 00"), ("2024-04-00", "no day 0")]
    + [(bad, "not an ISO date") for bad in ("", "24", "2024-4", "2024~", "202X", "２０２４", "x")]
    + [(bad, "not an ISO date") for bad in ("2024/2025", "April 2024", "20240426", "2024-04-26T1")],
)
def test_window_edge_refuses_anything_else(text, why):
    with pytest.raises(ValueError, match=why):
        parse_window_edge(text, end=True)


FRAGMENTS = sorted(
    {word for phrases in LATIN_PHRASES.values() for words, _ in phrases for word in words}
    | set(CJK_WORDS)
    | {"2024", "26", "9", "9th", "10월", "9일", "10月", "7:30", "p.m.", "2023-10", "20240426"}
    | {"-", "~", "/", ",", "(", ")", "[", "]", "?", ".", "..", "二", "十", "X", "②", "\u200b"}
)
PUBLISHED = st.none() | st.dates() | st.sampled_from([dt.date.min, dt.date.max, FRIDAY])
PHRASES = st.text(max_size=210) | st.lists(st.sampled_from(FRAGMENTS), max_size=7).flatmap(
    lambda pieces: st.sampled_from([" ".join(pieces), "".join(pieces)])
)


@settings(max_examples=800, deadline=None)
@given(PHRASES, PUBLISHED)
def test_any_text_is_read_in_order_or_refused(words, published):
    try:
        read = parse(words, published)
    except ValueError:
        return
    assert read.words == words.strip() or read.words in words
    assert not (read.earliest and read.latest) or read.earliest <= read.latest
    assert read.inferred == bool(read.reasoning)
    if read.edtf:
        again = parse(read.edtf)
        assert (again.earliest, again.latest) == (read.earliest, read.latest)


@given(st.dates())
def test_any_day_is_read_back_from_every_way_of_writing_it(that_day):
    year, month, number = f"{that_day.year:04d}", that_day.month, that_day.day
    ways = [that_day.isoformat(), f"{year}년 {month}월 {number}일", f"{year}年{month}月{number}日"]
    ways += [f"{year}/{month}/{number}", f"{year}. {month}. {number}."]
    if 1000 <= that_day.year <= 2100:
        ways += [f"{number} {that_day:%B} {year}", f"{that_day:%A}, {that_day:%B} {number}, {year}"]
    for way in ways:
        assert (parse(way).earliest, parse(way).latest) == (that_day, that_day)


@given(st.dates(dt.date(1950, 1, 1), dt.date(2090, 1, 1)), st.integers(0, 300))
def test_day_and_month_are_the_latest_up_to_the_publication(published, back):
    meant = published - dt.timedelta(days=back)
    for words in (f"{meant.day} {meant:%B}", f"{meant.month}월 {meant.day}일"):
        assert parse(words, published).earliest == meant


@given(st.dates(dt.date(1950, 1, 1), dt.date(2090, 1, 1)), st.integers(0, 6))
def test_weekday_is_the_latest_up_to_the_publication(published, back):
    meant = published - dt.timedelta(days=back)
    assert parse(f"on {meant:%A}", published).earliest == meant


@given(st.dates(dt.date(1950, 1, 1), dt.date(2090, 1, 1)), st.sampled_from(["last week", "上周"]))
def test_last_week_holds_it_by_either_custom(published, words):
    read = parse(words, published)
    for first in (published.weekday(), (published.weekday() + 1) % 7):
        start = published - dt.timedelta(days=first + 7)
        assert read.earliest <= start
        assert start + dt.timedelta(days=6) <= read.latest


def library_days(expression: str) -> tuple[dt.date, dt.date]:
    """Return the days by the edtf library, the independent second opinion."""
    found = edtf.parse_edtf(expression)
    return tuple(dt.date(*bound[:3]) for bound in (found.lower_strict(), found.upper_strict()))


YEARS = st.integers(1000, 9999)
MARKS = st.sampled_from(["", "?", "~", "%"])
EDTF_POINTS = st.one_of(
    st.builds("{}{}".format, YEARS, MARKS),
    st.builds("{}-{:02d}{}".format, YEARS, st.integers(1, 12), MARKS),
    st.builds("{}{}".format, st.dates(dt.date(1000, 1, 1)).map(str), MARKS),
    st.builds("{}-{}".format, YEARS, st.sampled_from(["XX", "XX-XX", "04-XX"])),
    st.builds("{}X".format, st.integers(100, 999)),
)


@settings(max_examples=60, deadline=None)
@given(EDTF_POINTS)
def test_edtf_point_agrees_with_the_library(expression):
    read = parse(expression)
    assert (read.earliest, read.latest) == library_days(expression)


@settings(max_examples=20, deadline=None)
@given(st.lists(st.dates(dt.date(1000, 1, 1)).map(str), min_size=2, max_size=4), st.booleans())
def test_edtf_set_agrees_with_the_library(members, every):
    expression = ("{%s}" if every else "[%s]") % ",".join(members)
    read = parse(expression)
    assert (read.earliest, read.latest) == library_days(expression)


@pytest.mark.parametrize(
    "words", ["a" * 200, "[ " * 100, "(" * 200, "9" * 200, "早" * 200, "- " * 99]
)
def test_hostile_text_is_refused_quickly(words):
    began = time.perf_counter()
    with pytest.raises(ValueError, match="is not read"):
        parse(words, FRIDAY)
    assert time.perf_counter() - began < 0.2
