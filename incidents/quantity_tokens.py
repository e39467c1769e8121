"""Cuts a count as worded into known words and numbers; `quantities` puts them together.

The one rule: every character is part of a known word or a number, or the text is refused.
"""

import re
import unicodedata
from fractions import Fraction

from incidents.quantity_words import (
    DOTTED_NOUNS,
    LARGEST,
    LONGEST,
    STOPPED,
    VOCABULARY,
    Token,
    refuse,
)

NOT_TEXT = {"No", "Nl", "Cc", "Cf", "Co", "Cn", "Cs"}  # “5²” is not 52
CJK = "〇\u4e00-\u9fff\uac00-\ud7a3"
BESIDE_CJK = re.compile(rf" +(?=[{CJK}])|(?<=[{CJK}]) +")
NOT_SURELY_A_DIGIT = re.compile("(?:^| )([일이]) ")  # 이 백 명 may be "these hundred"
VAGUE = re.compile(r"(?:[数數几幾수몇]|好几|好幾)[십백천만억十百千万萬亿億]+[여余餘多]?")
TENS_AND_ONES = re.compile(
    r"\b(twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)"
    r"-(?=(?:one|two|three|four|five|six|seven|eight|nine)\b)"
)
BEFORE_ODD = re.compile(r"(?<=[a-z\d])-(?=odd\b)")
PLUS = re.compile(r"(?<=[a-z\d])-plus\b")
LITERAL = re.compile(
    r"(?:\d{1,3}(?:,\d{3})+|\d{1,3}(?: \d{3})+|\d{1,3}(?:\.\d{3})+|\d+\.\d+|\d+)"
    rf"(?![.,]?\d|(?![{CJK}ء-ي])[^\W\d_])"
)
LATIN_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
PIECE = re.compile(r"[^\W\d_]+|\d[\d.,]*\w*|.", re.DOTALL)


def known(word: str) -> str:
    """Return the pattern of a word of the tables; Latin words end where the letters end."""
    ending = r"(?![^\W\d_])" if re.fullmatch(r".*[a-zß-ÿ]", word) else ""
    return re.escape(word).replace(r"\ ", " +") + ending


KNOWN = re.compile("|".join(known(word) for word in sorted(VOCABULARY, key=len, reverse=True)))


def spelled(typed: str) -> str:
    """Return the phrase in one spelling: NFKC, lower case, plain digits, no space beside CJK."""
    if not typed:
        refuse("it is empty")
    if len(typed) > LONGEST:
        refuse(f"it has more than {LONGEST} characters")
    for letter in typed:
        if unicodedata.category(letter) in NOT_TEXT and letter != "〇":
            refuse(f"it holds a character that is no plain letter or digit, U+{ord(letter):04X}")
    text = unicodedata.normalize("NFKC", typed).casefold().replace("٬", ",")
    text = "".join(str(unicodedata.decimal(letter, letter)) for letter in text).strip()
    if unsure := NOT_SURELY_A_DIGIT.search(text):
        refuse(f"“{unsure[1]}” stands alone and may be no number; close it up")
    text = BESIDE_CJK.sub("", text).removesuffix("。")
    if text.endswith(".") and not text.endswith(("max.", "..")):
        text = text[:-1]
    return BEFORE_ODD.sub(" ", PLUS.sub("+", TENS_AND_ONES.sub(r"\1 ", text)))


def tokens_of(text: str) -> list[Token]:
    """Cut the whole text into tokens, refusing the first piece that is not understood."""
    tokens: list[Token] = []
    at = 0
    while at < len(text):
        if text[at] == " ":
            at += 1
            continue
        token = token_at(text, at)
        tokens.append(token)
        at += len(token.text)
    return tokens


def token_at(text: str, at: int) -> Token:
    """Return the longest token that begins here."""
    if vague := VAGUE.match(text, at):
        return Token("I", vague[0])
    if word := KNOWN.match(text, at):
        return VOCABULARY[re.sub(" +", " ", word[0])]._replace(text=word[0])
    if literal := LITERAL.match(text, at):
        return literal_token(literal[0])
    word = LATIN_WORD.match(text, at)
    if word and not re.search(f"[{CJK}]", word[0]) and not STOPPED & parts(word[0]):
        return Token("w", word[0])
    piece = PIECE.match(text, at)
    return refuse(f"“{piece[0] if piece else text[at]}” is not understood there{hint(text)}")


def hint(text: str) -> str:
    """Say, where a phrase has several numbers, that each is a claim of its own."""
    several = len(re.findall(r"\d[\d,. ]*", text)) > 1
    return "; record each number as its own claim" if several else ""


def parts(word: str) -> set[str]:
    """Return a word and the words that hyphens join in it."""
    return {word, *re.split("['’-]", word)}


def literal_token(text: str) -> Token:
    """Return the token of a number in digits; with a dot (F) it is not yet known which number."""
    if len(text) > 1 and text[0] == "0" and text[1].isdigit():
        refuse(f"“{text}” begins with a zero")
    if "." in text:
        return Token("F", text)
    return Token("D", text, value=int(re.sub("[ ,]", "", text)))


SMALL = "(?:to?|n|o)"
HUNDREDS = f"(?:(?:A|D|{SMALL})h(?:&?{SMALL})?|{SMALL})"
ENGLISH = rf"Q|(?:A|D|{SMALL})Z|Dh|(?:{HUNDREDS}|A|D)k(?:&?{HUNDREDS})?|{HUNDREDS}"
NUMBER = re.compile(rf"(?P<pair>P)|(?P<english>{ENGLISH}|A(?=w))|(?P<cjk>[DFduM0TO]+(?:[im]M)?)")
SECTION = re.compile(r"(?:0?[Dd]?u)*0?(?:D|d|TO?|O)?")


def kinds(tokens: list[Token]) -> str:
    """Return the tokens' kinds as one string, which the grammar is matched on."""
    return "".join(token.kind for token in tokens)


def with_numbers(tokens: list[Token]) -> list[Token]:
    """Replace each run of number tokens by one number."""
    tokens = with_dotted(tokens)
    out: list[Token] = []
    at = 0
    for found in NUMBER.finditer(kinds(tokens)):
        run = tokens[found.start() : found.end()]
        out += tokens[at : found.start()]
        out.append(number(run, found.lastgroup))
        at = found.end()
    return out + tokens[at:]


def with_dotted(tokens: list[Token]) -> list[Token]:
    """Read 1.277 as thousands where the noun after it is of a language that writes so."""
    if kinds(tokens).count("F") != 1 or "F" in kinds(tokens)[-1]:
        return tokens
    at = kinds(tokens).index("F")
    if re.search(r"\.\d{3}$", tokens[at].text) and tokens[at + 1].text in DOTTED_NOUNS:
        whole = literal_token(tokens[at].text.replace(".", ""))
        return [*tokens[:at], whole, *tokens[at + 1 :]]
    return tokens


def number(run: list[Token], kind: str | None) -> Token:
    """Return the number (N, S, K) or pair (R) that a run of number tokens says."""
    text = " ".join(token.text for token in run)
    if kind == "pair":
        return Token("R", text, value=run[0].value, scale=run[0].value + 1)
    if kind == "english":
        return english_number(run, text)
    return cjk_number(run, text)


def english_number(run: list[Token], text: str) -> Token:
    """Return the value of English number words, which the pattern has put in order."""
    total = part = 0
    for token in run:
        if token.kind in "hkZ":
            if part >= {"h": 100}.get(token.kind, 1000):
                refuse(f"“{text}” is not one number")
            part *= token.value
        else:
            part += token.value
        if token.kind == "k":
            total, part = part, 0
    if total and part >= 1000:
        refuse(f"“{text}” is not one number")
    scale = max((token.value for token in run if token.kind in "hk"), default=0)
    return Token("N", text, "dozen" if run[-1].kind in "QZ" else "", total + part, scale)


def cjk_number(run: list[Token], text: str) -> Token:
    """Return the value of digits and of Korean and Chinese numerals: 1만 2천, 열다섯, 一百零八."""
    inner = run[-2].means if kinds(run)[-2:-1] in {"i", "m"} else ""
    run = [token for token in run if token.kind not in "im"]
    if re.fullmatch(r"(?:[du0]|D(?=u))*dd[uM]*", kinds(run)):
        return adjacent_pair(run, text)
    value = myriads(run, text)
    return Token(number_kind(run, text), text, inner, value, scale_of(run))


def adjacent_pair(run: list[Token], text: str) -> Token:
    """Return 五六十 as the pair 50 and 60, 十五六 as 15 and 16."""
    at = kinds(run).index("dd")
    low = myriads(run[: at + 1] + run[at + 2 :], text)
    high = myriads(run[:at] + run[at + 1 :], text)
    if run[at].value + 1 != run[at + 1].value:
        refuse(f"“{text}” is not one number")
    return Token("R", text, "", low, high)


def number_kind(run: list[Token], text: str) -> str:
    """Return the kind: native Korean (K), no number without a counter (S, as 千万), plain (N)."""
    if set(kinds(run)) & set("TO"):
        return "K"
    if kinds(run) == "d" and re.match("[가-힣]", text):
        refuse(f"“{text}” alone is not surely a number")
    return "S" if kinds(run) == "d" or not set("dDF0") & set(kinds(run)) else "N"


def scale_of(run: list[Token]) -> int:
    """Return the largest unit that multiplies; a first 十 of 十五 does not."""
    units = [token.value for token in run if token.kind in "uM"]
    return max(units[kinds(run)[:1] == "u" :], default=0)


def myriads(run: list[Token], text: str) -> int:
    """Add up the parts that 만, 万, 억 and 亿 end."""
    if re.fullmatch("d[d0]*0[d0]*", kinds(run)) and len(run) > 2:
        return int("".join(str(token.value) for token in run))
    if run[0].kind == "0" and len(run) > 1:
        refuse(f"“{text}” begins with a zero")
    if kinds(run) == "FM":
        return decimal_myriads(run, text)
    total, ceiling, at = 0, LARGEST * 10, 0
    for found in re.finditer("M", kinds(run)):
        unit, part = run[found.start()], run[at : found.start()]
        count = section(part, text) if part else 1
        if unit.value >= ceiling or not 0 < count < 10_000 or (at and not part):
            refuse(f"“{text}” is not one number")
        total, ceiling, at = total + count * unit.value, unit.value, found.end()
    if not run[at:]:
        return total
    rest = section(run[at:], text)
    if at and (rest >= ceiling or (rest < 10 and run[at].kind != "0")):
        refuse(f"“{text}” may be read in two ways")
    return total + rest


def decimal_myriads(run: list[Token], text: str) -> int:
    """Return 25000 for 2.5만."""
    value = Fraction(run[0].text) * run[1].value if run[0].text.count(".") == 1 else Fraction(1, 2)
    if value.denominator != 1:
        refuse(f"“{text}” is not a whole number")
    return int(value)


def section(run: list[Token], text: str) -> int:
    """Return the value of numerals below 만, whose units must fall: 2천5백, 一百零八, 백스물두."""
    if not SECTION.fullmatch(kinds(run)):
        refuse(f"“{text}” is not one number")
    total, ceiling, count = 0, 10_000, 0
    for at, token in enumerate(run):
        if token.kind != "u":
            count += token.value
            continue
        counted = at > 0 and run[at - 1].kind in "Dd"
        bare = not counted and at and re.match("[一-龥]", token.text)  # 千百人, an idiom
        if token.value >= ceiling or bare or (counted and not 0 < count < 10):
            refuse(f"“{text}” is not one number")
        total, ceiling, count = total + (count or 1) * token.value, token.value, 0
    short = ceiling > 10 and 0 < count < 10 and kinds(run)[-2:-1] == "u" and may_be_short(run[-1])
    if total and (count >= ceiling or short):
        refuse(f"“{text}” may be read in two ways")
    return total + count


def may_be_short(last: Token) -> bool:
    """Tell whether a last digit may count the next unit, as in 二百五 (250) and 2천5."""
    return last.kind == "D" or bool(re.match("[一-龥]", last.text))
