"""The pages that a reader has, over records that are worse than real ones.

Words that cannot be broken, Korean text without a space, twenty sources, open and disputed figures,
and what has no firm date. Used by the tests that ask how pages look and work.
"""

from incidents.models import Incident
from tests.factories import (
    make_article,
    make_claim,
    make_incident,
    make_place,
    make_source,
    settled_together,
    touch,
)

UNBROKEN = "https://archive.example/" + "unbroken" * 20
KOREAN = "지난달 26일 탈북민 200여 명이 지린성에서 강제북송됐다고 통일연대가 밝혔다"
SOURCES = 20


def make_records() -> Incident:
    """Make a wave, what is in it, and what stands beside it; give the busiest incident."""
    with settled_together():
        incident = make_all()
    incident.refresh_from_db()
    return incident


def make_all() -> Incident:
    """Make them, not settled yet."""
    jilin = make_place(
        "CN-JL", name="Jilin", name_ko="지린성", parent=make_place("CN", name="China")
    )
    wave = make_incident("A wave", kind="wave", date_words="2024-04")
    incident = make_incident(
        f"Return of people from Jilin {UNBROKEN[:90]}",
        date_words="2024-04-26",
        summary=f"{KOREAN} {UNBROKEN}",
        people_label=UNBROKEN[:60],
        responsible=UNBROKEN[:90],
        wave=wave,
    )
    touch(incident, jilin, "apprehension")
    touch(incident, make_place("CN-ZJ", name="Zhejiang", parent=jilin.parent), "context")
    article = make_article(title=UNBROKEN, url=UNBROKEN, date_words="2024-05-07")
    make_claim(incident, "around 200", article=article, source_as_printed=UNBROKEN)
    make_claim(
        incident,
        "최대 60명",
        article=make_article(title=KOREAN, language="ko"),
        quote=f"{KOREAN} {UNBROKEN}",
        translation=UNBROKEN,
        place_words=UNBROKEN,
        date_words="26 April 2024",
    )
    make_claim(
        make_incident("A published total", kind="aggregate", date_words="2024"),
        "at least 1,086",
        basis="cumulative",
    )
    make_others(jilin)
    return incident


def make_others(place) -> None:
    """Make incidents of other years: open, over the turn of a year, undated, with many sources."""
    said = {"2022-03": "at least 500", "2023-12-30/2024-01-02": "12", "2023-10-09": "up to 600"}
    for words, count in said.items():
        other = make_incident(KOREAN.replace(" ", "") * 2, date_words=words)
        touch(other, place)
        make_claim(other, count)
    make_claim(make_incident("Without a day"), "7")
    known = make_incident("Known to many", date_words="2023-11")
    for number in range(SOURCES):
        make_claim(known, "14", source=make_source(f"{KOREAN[:24]} {number}"))


def public_addresses(incident: Incident) -> list[str]:
    """List every page that a reader has, once as it opens and once as a question narrows it."""
    claim = incident.claims.select_related("article__publisher").first()
    return [
        "/incidents/",
        "/incidents/?region=CN-JL&region=KP&from=2023&to=2024-04-26&disputed=yes&sources_min=2",
        "/incidents/?region=Atlantis",
        "/incidents/?q=nothing+at+all",
        incident.get_absolute_url(),
        f"{incident.get_absolute_url()}sheet/",
        "/summary/",
        "/summary/?region=CN&from=2023-10&to=2024-06",
        "/timeline/",
        "/timeline/?region=CN&from=2023-10&to=2024-06",
        "/timeline/?q=nothing",
        "/map/",
        "/map/?region=CN&from=2023-10&to=2024-06&size=people",
        "/map/?q=nothing",
        "/compare/",
        "/compare/?region=CN&from=2023&to=2023&with_from=2024&with_to=2024",
        "/sources/",
        claim.article.publisher.get_absolute_url(),
        claim.article.get_absolute_url(),
        "/codebook/",
        "/no/such/page/",
    ]
