"""Recognises the encoding and the delimiter of a text file that does not name them.

One rule: what is not sure is refused, with the names to choose from; a wrong guess would store
letters or columns that nobody wrote.
"""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator

from charset_normalizer import CharsetMatch, from_bytes
from django.utils.translation import gettext as _

from incidents.importing.limits import PIECE, Unreadable

DELIMITERS = (",", ";", "\t", "|")
ROWS_LOOKED_AT = 100

CANDIDATES = (
    "cp949 gb18030 big5 shift_jis euc_jp cp1252 cp1250 iso8859_15 iso8859_2 cp1251 koi8_r cp1253 "
    "cp1255 cp1256"
).split()
ASIAN = {"cp949", "gb18030", "big5", "shift_jis", "euc_jp"}
SURE = ASIAN | {"cp1251", "koi8_r"}
LATIN = {"cp1250", "cp1252", "iso8859_15", "iso8859_2"}
NOISE = 0.1  # charset-normalizer's measure of mess, above which a reading is not believed
USUAL = 0.9  # part of a Korean text's syllables that are among the 2,350 usual ones
APART = 0.05  # how much cleaner, or more like a language, than any other reading it must be

WESTERN = set("àáâãäåæçèéêëìíîïñòóôõöøùúûüÿœß")
CENTRAL = [
    set(letters)
    for letters in (
        "ąćęłńóśźż",
        "áčďéěíňóřšťúůýž",
        "áäčďéíĺľňóôŕšťúýž",
        "áéíóöőúüű",
        "ăâîşţ",
        "čćđšž",
    )
]
LETTER = re.compile(r"[^\W\d_]")
WESTERN_SIGNS = set("«»“”„‘’–—…€£§°·•©®™º\xa0¿¡")


def encoding_of(pieces: Iterable[bytes]) -> str:
    """Tell in which encoding a file without a byte order mark is written.

    Raises Unreadable when several are as likely, or none is.
    """
    sample = telling_lines(pieces)
    lines = sample.splitlines()
    good = sum(map(is_utf8, lines))
    if good * 2 >= len(lines):
        return "utf-8"
    if b"\0" in sample:
        return "utf-8"
    matches = [m for m in from_bytes(sample, cp_isolation=CANDIDATES, threshold=0.6) if usual(m)]
    best = min(matches, key=by_likelihood, default=None)
    if best and best.encoding in LATIN and is_western(sample):
        return "cp1252"
    if best and best.encoding in SURE and stands_apart(best, matches):
        return best.encoding
    raise unsure(best)


def telling_lines(pieces: Iterable[bytes]) -> bytes:
    """Gather the first lines that are not plain ASCII, a piece's worth of them."""
    sample, rest = bytearray(), b""
    for piece in pieces:
        if piece.isascii() and rest.isascii():
            rest = b""
            continue
        lines = (rest + piece).replace(b"\r", b"\n").split(b"\n")
        rest = lines.pop()[-PIECE:]
        for line in lines:
            if not line.isascii():
                sample += line + b"\n"
        if len(sample) >= PIECE:
            return bytes(sample)
    return bytes(sample + rest) if not rest.isascii() else bytes(sample)


def is_utf8(line: bytes) -> bool:
    """Tell whether a line is UTF-8."""
    try:
        line.decode()
    except UnicodeDecodeError:
        return False
    return True


def usual(match: CharsetMatch) -> bool:
    """Tell whether a Korean reading is of syllables in use; cp949 has all others as well."""
    if match.encoding != "cp949":
        return True
    letters = Counter(foreign(str(match)))
    used = sum(n for letter, n in letters.items() if len(letter.encode("euc_kr", "ignore")) == 2)
    return used >= USUAL * letters.total()


def by_likelihood(match: CharsetMatch) -> tuple[float, float]:
    """Order readings: the cleanest first, then the one most like a language."""
    return round(match.chaos, 2), -match.coherence


def stands_apart(best: CharsetMatch, matches: Iterable[CharsetMatch]) -> bool:
    """Tell whether every other reading is clearly worse."""
    return best.chaos <= NOISE and all(
        other.chaos >= best.chaos + APART or other.coherence <= best.coherence - APART
        for other in matches
        if other.encoding != best.encoding
    )


def is_western(sample: bytes) -> bool:
    """Tell whether a sample is Western European, and cannot be Central European as well."""
    try:
        western = sample.decode("cp1252")
    except UnicodeDecodeError:
        return False
    central = sample.decode("cp1250", errors="replace")
    alien = set(western.lower()) - WESTERN - WESTERN_SIGNS
    letters = {letter for letter in foreign(central) if LETTER.match(letter)}
    differ = set(foreign(western)) != set(foreign(central))
    return all(map(str.isascii, alien)) and not (differ and any(letters <= c for c in CENTRAL))


def foreign(text: str) -> Iterator[str]:
    """Find the characters of a text that are not plain ASCII."""
    return (letter for letter in text.lower() if not letter.isascii())


def unsure(best: CharsetMatch | None) -> Unreadable:
    """Ask for the name of the encoding, the likely ones first."""
    names = ["cp1252", "cp1250", "cp949", "gb18030", "big5", "shift_jis", "cp1251"]
    if best:
        names = list(dict.fromkeys([best.encoding, *names]))
    return Unreadable(
        _(
            "The file is not UTF-8, and its encoding is not certain; save it as UTF-8, or name "
            "the encoding with --encoding, for example %(names)s."
        )
        % {"names": ", ".join(names)}
    )


def delimiter_of(head: str, *, whole: bool) -> str:
    """Tell what parts the cells, from the first rows of a text.

    The likely delimiter is the one that gives most rows as many cells as the header, of several
    the one that gives most cells. Raises Unreadable when two are as likely.
    """
    found = [
        (*fit, delimiter) for delimiter in DELIMITERS if (fit := fitting(head, delimiter, whole))
    ]
    best = max(found, key=lambda one: one[:2], default=(0.0, 1, ","))
    if best[1] == 1:
        return next((d for d in DELIMITERS if d not in head), ",")
    equal = [one[2] for one in found if one[:2] == best[:2]]
    if len(equal) > 1:
        told = {"names": " ".join(map(repr, equal))}
        raise Unreadable(
            _("Several delimiters are as likely: %(names)s; name the right one with --delimiter.")
            % told
        )
    return best[2]


def fitting(head: str, delimiter: str, whole: bool) -> tuple[float, int] | None:
    """Tell which part of the rows has as many cells as the header, and how many; or nothing."""
    widths = [len(cells) for cells in rows_of(head, delimiter) if cells]
    if not whole and len(widths) > 1:
        widths.pop()
    if not widths or widths[0] == 1:
        return None
    return Counter(widths)[widths[0]] / len(widths), widths[0]


def rows_of(head: str, delimiter: str) -> Iterator[list[str]]:
    """Read the first rows as if this were their delimiter, for as long as that goes."""
    reader = csv.reader(io.StringIO(head, newline="\n"), delimiter=delimiter)
    try:
        for number, cells in enumerate(reader):
            if number == ROWS_LOOKED_AT:
                return
            yield cells
    except csv.Error:
        return
