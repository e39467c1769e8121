# ruff: noqa: INP001  a script, not part of a package
"""Write the gazetteer's regions, countries, divisions and other names from published facts.

Usage: derive.py CLDR [FOLDER]
CLDR is the folder `3rdparty/cldr/common` of the unpacked npm package `cldr`; the files go to
FOLDER, by default to `incidents/data`. What the sources lack or get wrong stands in the three
small tables beside this script. Running it again gives the same files, byte for byte.
"""

import csv
import gettext
import re
import sys
import unicodedata
import xml.etree.ElementTree as ET
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pycountry
from babel import Locale

HERE = Path(__file__).resolve().parent
PROJECT = HERE.parents[1]
DATA = PROJECT / "incidents" / "data"
sys.path.insert(0, str(PROJECT))
from incidents.names import fold  # noqa: E402  the project's folder must be on the path first

LANGUAGES = {"en": "en", "ko": "ko", "zh": "zh_Hans"}
HANT = "zh-Hant"

# UN M49 as the project uses it: region: parent, and the countries directly below it.
M49 = """
002 -   :
015 002 : DZ EG EH LY MA SD TN
202 002 :
011 202 : BF BJ CI CV GH GM GN GW LR ML MR NE NG SH SL SN TG
014 202 : BI DJ ER ET IO KE KM MG MU MW MZ RE RW SC SO SS TF TZ UG YT ZM ZW
017 202 : AO CD CF CG CM GA GQ ST TD
018 202 : BW LS NA SZ ZA
019 -   :
021 019 : BM CA GL PM US
419 019 :
005 419 : AR BO BR BV CL CO EC FK GF GS GY PE PY SR UY VE
013 419 : BZ CR GT HN MX NI PA SV
029 419 : AG AI AW BB BL BQ BS CU CW DM DO GD GP HT JM KN KY LC MF MQ MS PR SX TC TT VC VG VI
142 -   :
030 142 : CN HK JP KP KR MN MO TW
034 142 : AF BD BT IN IR LK MV NP PK
035 142 : BN ID KH LA MM MY PH SG TH TL VN
143 142 : KG KZ TJ TM UZ
145 142 : AE AM AZ BH CY GE IL IQ JO KW LB OM PS QA SA SY TR YE
150 -   :
039 150 : AD AL BA ES GI GR HR IT ME MK MT PT RS SI SM VA
151 150 : BG BY CZ HU MD PL RO RU SK UA
154 150 : AX DK EE FI FO GB GG IE IM IS JE LT LV NO SE SJ
155 150 : AT BE CH DE FR LI LU MC NL
009 -   :
053 009 : AU CC CX HM NF NZ
054 009 : FJ NC PG SB VU
057 009 : FM GU KI MH MP NR PW UM
061 009 : AS CK NU PF PN TK TO TV WF WS
"""

# First-level divisions that are countries of ISO 3166-1 as well.
ALSO_COUNTRIES = """
CN-HK CN-MO CN-TW FI-01 FR-971 FR-972 FR-973 FR-974 FR-976 FR-BL FR-MF FR-NC FR-PF FR-PM FR-TF
FR-WF NL-AW NL-BQ1 NL-BQ2 NL-BQ3 NL-CW NL-SX NO-21 NO-22 US-AS US-GU US-MP US-PR US-UM US-VI
"""

# Iran gave its provinces new numbers in 2020; CLDR still names them by the old ones,
# here from IR-00 to IR-30:
OLD_NUMBERS = """
ir22 ir19 ir21 ir01 ir02 ir17 ir10 ir14 ir15 ir30 ir04 ir13 ir16 ir24 ir08 ir20 ir05 ir18
ir06 ir11 ir12 ir25 ir23 ir07 ir03 ir26 ir28 ir27 ir31 ir29 ir32
"""

# CLDR's names of Morocco's regions are those before 2015, under numbers that were used again.
OUTDATED = {f"MA-{number:02}" for number in range(2, 13)}

# Where English usually does without the accents of the local spelling.
PLAIN = ("AF-", "IN-", "IR-", "JP-", "KG-", "LA-", "VN-")

# Whose divisions are also written "Jilin Province", in a database that begins at their borders.
NEIGHBOURHOOD = "AF BT CN IN JP KG KP KR KZ LA MM MN NP PK RU TH TJ TW VN"

Row = list[str]
Table = dict[str, dict[str, str]]


def main() -> None:
    """Write regions.csv, countries.csv, divisions.csv and aliases.csv."""
    cldr = Path(sys.argv[1])
    folder = Path(sys.argv[2]) if len(sys.argv) > 2 else DATA
    corrections = {row["code"]: row for row in table(HERE / "corrections.csv")}
    points = {row["code"]: row for row in table(HERE / "label_points.csv")}
    hant = Characters(cldr)
    regions = [[code, parent, *names] for code, parent, names in region_names(corrections)]
    countries = list(country_rows(corrections, points))
    divisions = list(division_rows(cldr, corrections, hant))
    write(folder / "regions.csv", "code parent en ko zh", regions)
    write(
        folder / "countries.csv",
        "code iso3 m49 region en ko zh latitude longitude",
        countries,
    )
    write(folder / "divisions.csv", "code en ko zh", divisions)
    if corrections:
        raise SystemExit(f"corrections.csv names places that do not exist: {sorted(corrections)}")
    own = {row[0]: row[-3:] for row in regions + divisions}
    own |= {row[0]: row[4:7] for row in countries}
    own |= {r["code"]: [r["en"], r["ko"], r["zh"]] for r in table(DATA / "towns.csv")}
    write(folder / "aliases.csv", "code language name", other_names(cldr, own, hant))


def table(path: Path) -> list[dict[str, str]]:
    """Read a CSV file with a header."""
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def write(path: Path, columns: str, rows: Iterable[Row]) -> None:
    """Write a CSV file, RFC 4180 but for its plain line ends."""
    with path.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.writer(lines, lineterminator="\n")
        writer.writerow(columns.split())
        writer.writerows(rows)


def m49_tree() -> Iterator[tuple[str, str, list[str]]]:
    """Give code, parent and countries of each region, parents first."""
    for line in M49.strip().splitlines():
        above, _, countries = line.partition(":")
        code, parent = above.split()
        yield f"m49:{code}", "" if parent == "-" else f"m49:{parent}", countries.split()


def region_names(corrections: Table) -> Iterator[tuple[str, str, Row]]:
    """Name the regions as Babel does, where no correction stands."""
    for code, parent, _ in m49_tree():
        yield code, parent, corrected(code, babel_names(code[4:]), corrections)


def country_rows(corrections: Table, points: Table) -> Iterator[Row]:
    """List the countries of ISO 3166-1 by code."""
    below = {country: code for code, _, countries in m49_tree() for country in countries}
    for country in sorted(pycountry.countries, key=lambda c: c.alpha_2):
        code = country.alpha_2
        names = corrected(code, babel_names(code), corrections)
        point = points.get(code, {"latitude": "", "longitude": ""})
        start = [code, country.alpha_3, country.numeric, below.get(code, "")]
        yield [*start, *names, point["latitude"], point["longitude"]]


def division_rows(cldr: Path, corrections: Table, hant: "Characters") -> Iterator[Row]:
    """List the first-level divisions of ISO 3166-2 by code."""
    known = {language: subdivision_names(cldr, language) for language in LANGUAGES}
    for division in first_level():
        key = cldr_key(division.code)
        en, ko, zh = (known[language].get(key, "") for language in LANGUAGES)
        en = unaccented(en) if division.code.startswith(PLAIN) else en
        names = [en or division.name, korean(ko), hant.simplify(zh)]
        yield [division.code, *corrected(division.code, names, corrections)]


def first_level() -> list[Any]:
    """Keep what is no part of another division and no country of its own."""
    found = [d for d in pycountry.subdivisions if d.parent_code is None]
    return sorted((d for d in found if d.code not in ALSO_COUNTRIES.split()), key=lambda d: d.code)


def cldr_key(code: str) -> str:
    """Find the key under which CLDR names a division; none where its name is of another."""
    if code.startswith("IR-"):
        return OLD_NUMBERS.split()[int(code[3:])]
    return "" if code in OUTDATED else code.replace("-", "").lower()


def unaccented(name: str) -> str:
    """Leave out accents, and the bar of the Vietnamese D."""
    letters = unicodedata.normalize("NFKD", name.replace("Đ", "D").replace("đ", "d"))
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def babel_names(code: str) -> Row:
    """Name a territory in the three languages, in full words in English."""
    en, ko, zh = (Locale.parse(name).territories[code] for name in LANGUAGES.values())
    return [en.replace("&", "and").replace("St. ", "Saint "), ko, zh]


def corrected(code: str, names: Row, corrections: Table) -> Row:
    """Put the project's own name where one is given; `-` takes a wrong one away."""
    own = corrections.pop(code, {})
    names = [own.get(language) or name for language, name in zip(LANGUAGES, names, strict=True)]
    return ["" if name == "-" else name for name in names]


def subdivision_names(cldr: Path, language: str) -> dict[str, str]:
    """Read the names of divisions, without footnote signs and remarks in brackets."""
    root = ET.parse(cldr / "subdivisions" / f"{language}.xml")  # noqa: S314  a local file we chose
    return {
        item.get("type", ""): re.sub(r"[²³]|\s*[(（].*", "", item.text or "").strip()
        for item in root.iter("subdivision")
    }


def korean(name: str) -> str:
    """Join the kind of division to the name, as the spelling rules of 2017 have it."""
    return re.sub(r"(?<=\S) (주|성|시|현|부|군|구|도)$", r"\1", name)


class Characters:
    """Simplified and traditional Chinese characters, by CLDR's own table."""

    def __init__(self, cldr: Path) -> None:
        root = ET.parse(cldr / "transforms" / "Simplified-Traditional.xml")  # noqa: S314  as above
        rules = re.findall(r"^(\w+)\s*([←→↔])\s*(\w+)\s*;", root.findtext(".//tRule") or "", re.M)
        self._to_traditional = {a: b for a, sign, b in rules if sign != "←"}
        self._to_simplified = {b: a for a, sign, b in rules if sign != "→"}

    def simplify(self, text: str) -> str:
        """Write a name in simplified characters."""
        return _replace(text, self._to_simplified)

    def traditional(self, text: str) -> str:
        """Write a name in traditional characters."""
        return _replace(text, self._to_traditional)


def _replace(text: str, table: dict[str, str]) -> str:
    """Replace the longest piece known at each position."""
    done = ""
    while text:
        size = next((n for n in range(min(len(text), 6), 0, -1) if text[:n] in table), 1)
        done, text = done + table.get(text[:size], text[:size]), text[size:]
    return done


def other_names(cldr: Path, own: dict[str, Row], hant: Characters) -> Iterator[Row]:
    """List each further name once a place; those given by hand first, and always."""
    by_hand = [[r["code"], r["language"], r["name"]] for r in table(HERE / "other_names.csv")]
    unknown = {code for code, _, _ in by_hand} - set(own)
    if unknown:
        raise SystemExit(f"other_names.csv names places that do not exist: {sorted(unknown)}")
    derived = [*territory_names(cldr), *division_names(cldr, own), *traditional_names(own, hant)]
    taken = {(code, fold(name)) for code, names in own.items() for name in names}
    taken |= {(code, fold(name)) for code, _, name in by_hand}
    kept = [row for row in by_hand if row[1] != "-"]
    for code, language, name in derived:
        if name and code in own and (code, fold(name)) not in taken:
            taken.add((code, fold(name)))
            kept.append([code, language, name])
    order = {code: position for position, code in enumerate(own)}
    return iter(sorted(kept, key=lambda row: (order[row[0]], row[1], row[2])))


def territory_names(cldr: Path) -> Iterator[Row]:
    """Give the other names of regions and countries: CLDR's, ISO's, and their translations."""
    for language, file in (("en", "en"), ("ko", "ko"), ("zh", "zh"), (HANT, "zh_Hant")):
        root = ET.parse(cldr / "main" / f"{file}.xml")  # noqa: S314  as above
        for item in root.iter("territory"):
            code = item.get("type", "")
            yield [f"m49:{code}" if code.isdigit() else code, language, item.text or ""]
    for language, folder in (("ko", "ko"), ("zh", "zh_CN"), (HANT, "zh_TW")):
        words = gettext.translation("iso3166-1", pycountry.LOCALES_DIR, [folder])
        for country in pycountry.countries:
            for name in iso_names(country):
                if words.gettext(name) != name:
                    yield [country.alpha_2, language, words.gettext(name)]
    for country in pycountry.countries:
        yield from ([country.alpha_2, "en", name] for name in iso_names(country))


def iso_names(country: Any) -> Iterator[str]:
    """Give the names ISO 3166-1 has, as far as pycountry keeps them."""
    for field in ("name", "common_name", "official_name"):
        if getattr(country, field, None):
            yield getattr(country, field)


def division_names(cldr: Path, own: dict[str, Row]) -> Iterator[Row]:
    """Give the local names of divisions as ISO 3166-2 has them, and "Jilin Province"."""
    usual = subdivision_names(cldr, "en")
    for division in first_level():
        name = own[division.code][0]
        yield [division.code, "en", usual.get(cldr_key(division.code), "")]
        if division.country_code in NEIGHBOURHOOD.split() and division.type in (
            "Province",
            "Prefecture",
        ):
            yield [division.code, "en", f"{name} {division.type}"]
        for local in re.split(r"\s*[\[\]]\s*", division.name):
            yield [division.code, "", local]


def traditional_names(own: dict[str, Row], hant: Characters) -> Iterator[Row]:
    """Give each Chinese name in traditional characters."""
    for code, (_, _, zh) in own.items():
        yield [code, HANT, hant.traditional(zh)]


if __name__ == "__main__":
    main()
