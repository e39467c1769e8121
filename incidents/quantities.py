"""Reads a count as a source worded it: qualifier, bounds and unit.

One rule: right or refused. Every piece of the phrase must be understood; a number is never picked
out of the words around it, and none is invented. Called by models, forms and imports.
"""

import re
from dataclasses import dataclass

from incidents.quantity_tokens import kinds, spelled, tokens_of, with_numbers
from incidents.quantity_words import (
    DOTTED_NOUNS,
    LARGEST,
    LONGEST,
    NOBODY,
    PARTICIPLES,
    PEOPLE,
    PEOPLE_ENDING,
    PLURALS,
    UNSTATED,
    Token,
    Unreadable,
    refuse,
)

QUALIFIERS = (
    "exactly", "about", "nearly", "odd", "at_most", "less_than", "at_least", "more_than",
    "between", "indefinite", "unstated",
)  # fmt: skip
UNITS = ("persons", "families", "households", "flights")
MOST_NOUN_WORDS = 5
LOWER, UPPER = {"at_least", "more_than"}, {"at_most", "less_than"}
ALLOWED = (
    "Write one count, such as “about 200”, “50 to 60”, “200여 명”, “至少406人” or “none stated”."
)


@dataclass(frozen=True, slots=True)
class Quantity:
    """A count: the words as typed, what they say of the number, inclusive bounds, the unit.

    A bound that the words do not give is None; zero means that the source says none.
    """

    words: str
    qualifier: str
    low: int | None
    value: int | None
    high: int | None
    unit: str


def parse(words: str) -> Quantity:
    """Read the words of a count. Raises ValueError, with a sentence for people.

    The rules are those of DESIGN 2.1.
    """
    typed = words.strip()
    try:
        return read(typed)
    except Unreadable as reason:
        raise ValueError(f"“{typed[:LONGEST]}” is not one count: {reason}. {ALLOWED}") from None


def read(typed: str) -> Quantity:
    """Read a phrase whole, first as a fixed phrase, then by the grammar."""
    text = spelled(typed)
    if text in UNSTATED:
        return Quantity(typed, "unstated", None, None, None, "persons")
    if text in NOBODY:
        return Quantity(typed, "exactly", 0, 0, 0, "persons")
    if text == "none":
        refuse("“none” may mean zero or not stated; write “0” or “none stated”")
    return only_reading(typed, tokens_of(text))


def only_reading(typed: str, tokens: list[Token]) -> Quantity:
    """Read tokens; each “and” after “between” may be the one of the range or of a number."""
    if not tokens or tokens[0].text != "between" or "&" not in kinds(tokens):
        return grammatical(typed, with_numbers(tokens))
    readings = []
    for at in (at for at, token in enumerate(tokens) if token.kind == "&"):
        try:
            halves = [*with_numbers(tokens[:at]), tokens[at], *with_numbers(tokens[at + 1 :])]
            readings.append(grammatical(typed, halves))
        except Unreadable:
            continue
    if len(readings) != 1:
        refuse("the range is not clear")
    return readings[0]


COUNTER, MUST_COUNT = "g?[cf]?", "(?:g[cf]?|[cf])"
ONE = f"N[im]?{COUNTER}|[SK][im]?{MUST_COUNT}|KB"
RANGE = rf"b?[NSK]{COUNTER}[j&~-](?:N{COUNTER}|[SK]{MUST_COUNT})|N\|N{COUNTER}|R{MUST_COUNT}"
VAGUE_COUNT = f"I{COUNTER}|m(?:{MUST_COUNT}|(?=e?x))"
PHRASE = re.compile(
    f"(?P<before>[paxf~]*)(?:(?P<range>{RANGE})z?|(?P<one>{ONE})|(?P<vague>{VAGUE_COUNT}))"
    "(?P<after>(?:[sa]|e?x|w)*)"
)
END = f"(?:N{COUNTER}|[SK]{MUST_COUNT})"
BOUNDED = re.compile(f"(?P<low>[paxf]*{END}[sa]*)[j&~-]?(?P<high>[pa]*{END}(?:[sa]|e?x|w)*)")


def grammatical(typed: str, tokens: list[Token]) -> Quantity:
    """Read tokens by the grammar: noun, qualifiers, number, counter, qualifiers, noun."""
    tokens = with_some(tokens)
    found = PHRASE.fullmatch(kinds(tokens))
    if not found:
        return bounded(typed, tokens)
    core = next(name for name in ("range", "one", "vague") if found[name] is not None)
    middle = tokens[found.start(core) : found.end(core)]
    before, after = tokens[: found.start(core)], tokens[found.start("after") :]
    unit = unit_of(middle, [token.text for token in after if token.kind == "w"])
    if core == "range":
        return between(typed, tokens, middle, unit)
    if "f" in kinds(before) and not set("cfg") & set(kinds(middle)):
        refuse("its unit is not clear")
    qualifier = qualifier_of(before, middle, after)
    if core == "vague":
        return vague(typed, qualifier, middle[0], unit)
    if middle[0].value % 10 and any(token.text in "几幾" for token in middle):
        refuse("“几” follows only tens")
    return qualified(typed, qualifier, middle[0].value, unit)


def vague(typed: str, qualifier: str, count: Token, unit: str) -> Quantity:
    """Return a count without a number: hundreds, or an unknown number of them."""
    unstated = count.means == "unstated"
    if unstated and qualifier != "unstated":
        refuse("its qualifiers do not go together")
    return Quantity(typed, "unstated" if unstated else "indefinite", None, None, None, unit)


def with_some(tokens: list[Token]) -> list[Token]:
    """Read “some people” and “a group of people”, where no number follows, as indefinite."""
    if set("NSKRIm") & set(kinds(tokens)):
        return [token._replace(means=SAME.get(token.means, token.means)) for token in tokens]
    return [
        token._replace(kind="I", means="") if token.means in ("some", "group") else token
        for token in tokens
    ]


SAME = {"group": "total"}  # a group of 60


def bounded(typed: str, tokens: list[Token]) -> Quantity:
    """Read a range whose ends each have their bound: 최소 50명에서 최대 60명."""
    found = BOUNDED.fullmatch(kinds(tokens))
    if not found or bounds_of(tokens, found) != [{"at_least"}, {"at_most"}]:
        refuse(complaint(tokens))
    unit = unit_of(
        [token for token in tokens if token.kind in "NSKcf"],
        [token.text for token in tokens if token.kind == "w"],
    )
    low, high = ends(tokens)
    for wrong, reason in faults_of_ends(low, high):
        if wrong:
            refuse(reason)
    return Quantity(typed, "between", low.value, None, high.value, unit)


def bounds_of(tokens: list[Token], found: re.Match[str]) -> list[set[str]]:
    """Return what the words at the low and at the high end of a range say of it."""
    sides = (tokens[slice(*found.span(side))] for side in ("low", "high"))
    return [{token.means for token in side if token.kind in "pas"} - {"total"} for side in sides]


def complaint(tokens: list[Token]) -> str:
    """Say why tokens that are all known are not one count."""
    counts = len(re.findall("[NSKRI]", kinds(tokens)))
    if not counts:
        return "it has no number"
    if counts > 1:
        return "it has more than one number; record each as its own claim"
    return "its words are known, but not in this order"


def unit_of(middle: list[Token], nouns: list[str]) -> str:
    """Return the unit that counters or English nouns name, else persons."""
    units = {token.means or "persons" for token in middle if token.kind in "cf"}
    if nouns:
        units |= {noun_unit(nouns, one=kinds(middle) == "N" and middle[0].value == 1)}
    if len(units) > 1:
        refuse("it has two units")
    return units.pop() if units else "persons"


def noun_unit(nouns: list[str], *, one: bool) -> str:
    """Return the unit of an English noun phrase, whose last noun must be people or a unit."""
    if len(nouns) > MOST_NOUN_WORDS:
        refuse("too many words follow the number")
    while nouns and nouns[-1] in PARTICIPLES:
        nouns = nouns[:-1]
    if not nouns:
        return "persons"
    *others, head = nouns
    if others and head in DOTTED_NOUNS:
        refuse(f"“{' '.join(others)}” before “{head}” may change the number")
    if set(UNITS[1:]) & set(others):
        refuse("its unit is not clear")
    head = head.split("-")[-1]
    plural = PLURALS.get(head, head + "s") if one else head
    if plural in UNITS:
        return plural
    if not (plural in PEOPLE or PEOPLE_ENDING.search(plural)):
        refuse(f"“{head}” is not known as people or a unit")
    return "persons"


def qualifier_of(before: list[Token], middle: list[Token], after: list[Token]) -> str:
    """Return the outermost qualifier. Raises Unreadable where two cannot go together."""
    ahead = [token.means or "about" for token in before if token.kind in "pa~"]
    inner = [token.means for token in middle]
    behind = [token.means for token in after if token.kind in "sa"]
    if "some" in ahead:
        ahead[ahead.index("some")] = "odd" if "odd" in inner else "about"
    said = {*ahead, *inner, *behind} & set(QUALIFIERS)
    bounds = said & (LOWER | UPPER)
    if len(bounds) > 1 or (bounds and not may_bound(next(iter(bounds)), said, ahead)):
        refuse("its qualifiers do not go together")
    if bounds:
        return bounds.pop()
    if said == {"about", "odd"} and "odd" not in ahead:
        return "about"
    if len(said) > 1:
        refuse("its qualifiers do not go together")
    return said.pop() if said else "about" if "dozen" in inner else "exactly"


def may_bound(bound: str, said: set[str], ahead: list[str]) -> bool:
    """Tell whether a bound surely stands outside the other qualifiers: at most about 200."""
    if "exactly" in said or ("nearly" in said and bound != "at_most"):
        return False
    return not ahead or bound not in ahead or ahead[0] in {bound, "total"}


def between(typed: str, tokens: list[Token], middle: list[Token], unit: str) -> Quantity:
    """Return a range, refusing one with a qualifier of its own: about 50 to 60."""
    if {token.means for token in tokens if token.kind in "pas"} - {"total"} or starts_open(tokens):
        refuse("a range cannot have another qualifier")
    low, high = ends(middle)
    for wrong, reason in (*faults_of_ends(low, high), *faults_of_joining(middle, low, high)):
        if wrong:
            refuse(reason)
    if len(tokens) == 3 and all(re.fullmatch(r"(19|20)\d\d", end.text) for end in (low, high)):
        refuse("it looks like years; write 2,023 or 2023 people")
    return Quantity(typed, "between", low.value, None, high.value, unit)


def starts_open(tokens: list[Token]) -> bool:
    """Tell whether ~ stands before a range rather than inside it."""
    return kinds(tokens).lstrip("pax").startswith("~")


def faults_of_ends(low: Token, high: Token) -> list[tuple[bool, str]]:
    """Return what may be wrong with the two numbers of a range, and whether it is."""
    return [
        (low.value >= high.value, f"the range {low.value} to {high.value} does not rise"),
        (high.value > LARGEST, f"the number is larger than {LARGEST:,}"),
        (bool(low.means or high.means), "an end of its range is not exact"),
    ]


def faults_of_joining(middle: list[Token], low: Token, high: Token) -> list[tuple[bool, str]]:
    """Return what may be wrong with the words between two numbers, and whether it is.

    5~60명 and 5-600 are also short for 50 to 60 and 500 to 600; 50~60명 is not.
    """
    opener, joiner = middle[0].text, {token.text for token in middle if token.kind in "j&|~-"}
    unordered = opener == "from" and "to" not in joiner
    unordered |= opener != "between" and "and" in joiner
    marked = kinds(middle)[1:2] in {"-", "~"}
    short = marked and may_be_short(low.value, high.value)
    short |= not set("gcf") & set(kinds(middle)) and may_be_thousands(low.value, high.value)
    larger = high.scale > low.scale and (low.scale == 0 or high.scale >= 1000)
    return [
        (larger, f"“{low.text}” and “{high.text}” may be of different size"),
        (unordered, "its words are known, but not in this order"),
        ("or" in joiner and low.value + 1 != high.value, "it gives two numbers"),
        (short, f"“{low.text}” may be short for a larger number"),
    ]


def may_be_short(low: int, high: int) -> bool:
    """Tell whether a range such as 5~60 may mean 50 to 60."""
    return 0 < low < int(str(high).rstrip("0") or "0") and high % 10 == 0


def may_be_thousands(low: int, high: int) -> bool:
    """Tell whether a range such as 2 to 3,000 may mean 2,000 to 3,000."""
    return high % 1000 == 0 and 0 < low < high // 1000


def ends(middle: list[Token]) -> tuple[Token, Token]:
    """Return the two numbers of a range; a pair such as 두세 or 五六十 holds both."""
    pair = middle[0]
    if pair.kind == "R":
        return pair, pair._replace(value=pair.scale)
    low, high = (token for token in middle if token.kind in "NSK")
    return low, high


def qualified(typed: str, qualifier: str, number: int, unit: str) -> Quantity:
    """Put the number where its qualifier says: low, value or high."""
    if number > LARGEST:
        refuse(f"the number is larger than {LARGEST:,}")
    low = number if qualifier in LOWER | {"exactly"} else None
    high = number if qualifier in UPPER | {"exactly"} else None
    value = None if qualifier in LOWER | UPPER else number
    return Quantity(typed, qualifier, low, value, high, unit)


WORDINGS = {
    "en": {
        "exactly": "{}", "about": "around {}", "nearly": "nearly {}", "odd": "a little over {}",
        "at_most": "up to {}", "less_than": "fewer than {}", "at_least": "at least {}",
        "more_than": "more than {}", "between": "{} to {}",
        "indefinite": "a number not given exactly", "unstated": "no number",
    },
    "ko": {
        "exactly": "{}명", "about": "약 {}명", "nearly": "거의 {}명", "odd": "{}여 명",
        "at_most": "최대 {}명", "less_than": "{}명 미만", "at_least": "최소 {}명",
        "more_than": "{}명 넘게", "between": "{}~{}명",
        "indefinite": "정확하지 않은 수", "unstated": "인원 미상",
    },
    "zh": {
        "exactly": "{}人", "about": "约{}人", "nearly": "近{}人", "odd": "{}多人",
        "at_most": "最多{}人", "less_than": "不到{}人", "at_least": "至少{}人",
        "more_than": "超过{}人", "between": "{}至{}人",
        "indefinite": "数目不确定", "unstated": "人数不详",
    },
}  # fmt: skip


def render(
    qualifier: str, low: int | None, value: int | None, high: int | None, language: str
) -> str:
    """Say a count of persons in “en”, “ko” or “zh”, so that `parse` gives the same back."""
    numbers = [low, high] if qualifier == "between" else [value, low, high]
    given = [f"{number:,}" for number in numbers if number is not None]
    wording = WORDINGS[language][qualifier]
    if low is not None and high is not None and qualifier == "between":
        if language == "ko" and may_be_short(low, high):
            wording = "{}명~{}명"
        if language == "en" and may_be_thousands(low, high):
            wording = "at least {} and at most {}"
    return wording.format(*given)
