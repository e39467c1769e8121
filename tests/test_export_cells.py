"""Every kind of cell in both files: what the database writes against plain Python, to the byte.

One world for all tests of the file: records that hold everything a cell can hold.
"""

import datetime as dt

import pytest
from django.contrib.auth.models import Group
from django.utils import translation

from incidents import cells
from incidents.models import Article, Claim, Incident, IncidentLink, Place
from incidents.settling import settle_articles
from tests.factories import (
    make_article,
    make_claim,
    make_incident,
    make_place,
    make_source,
    make_user,
    settle_now_or_later,
    settled_together,
    touch,
)
from tests.test_export_bytes import same, written
from tests.worlds import World, make_world

pytestmark = pytest.mark.django_db

NASTY = (
    *(
        "=1+1",
        "'=x",
        "''-1",
        "+82",
        "-5",
        "@all",
        "\ttab",
        "'plain",
        "a,b",
        'say "no"',
        "two\nlines",
    ),
    *(
        "two\r\nlines",
        "one\rline",
        "\r=cmd",
        "\n=cmd",
        " | ",
        "a|b|",
        "강제북송 600여 명",
        "遣返约600名",
    ),
    *("[x", "~", "{", "\\|", "\\.", "", "'", "=", ";", "á", "9", "0", "€1", "%s", "%(x)s", "A"),
)
EVERY_KIND = "kind=event&kind=wave&kind=aggregate&status=draft&status=published&order=date"
QUERIES = (
    "",
    "raw=1",
    "kind=aggregate",
    EVERY_KIND,
    "order=-people",
    "order=-updated&raw=1",
    "from=2024-04-26&to=2024-05-10",
    "from=2024&dates=open&dates=possible&dates=certain",
    "q=동",
    "region=CN",
)


def nasty_world() -> list[Group]:
    """Make records that hold everything a cell can hold, some of them closed to others."""
    world = make_world()
    with settled_together():
        make_nasty(world)
    return world.groups


def make_nasty(world: World) -> None:
    """Make the records; what is derived follows later."""
    texts = iter(NASTY * 3)
    for incident in world.incidents:
        make_claim(incident, "about 30, some 40".split(",")[0], measure="dead", quote=next(texts))
    town = make_place("CN-JL/point", parent=world.places[2], name="=Town", latitude="42.96")
    Incident.objects.filter(pk=world.incidents[0].pk).update(extra='{"a": "b, c"}')
    for days in ("2024", "2024-02", "2024-04-26", "2024-04-28/2024-05-02", "2020/..", ""):
        incident = make_incident(next(texts) or "x", date_words=days, summary=next(texts))
        touch(incident, town, role="detention")
    points = ("-3.7", "42", "0.000001", "129.84", "-0.25", "100")
    for latitude, longitude in zip(points, reversed(points), strict=True):
        incident = make_incident(
            "point",
            latitude=latitude if abs(float(latitude)) <= 90 else "0",
            longitude=longitude,
            point_precision="exact",
            date_words="2024-05-01",
            responsible=next(texts),
            people_label=next(texts),
        )
    for text in NASTY:
        article = make_article(title=text or "t", archive_url="https://archive.example/a,b")
        claim = make_claim(
            incident,
            "9",
            article=article,
            source=make_source(text or "s"),
            source_as_printed=text,
            quote=text,
            translation=text,
            place_words=text,
            place=town,
            locator=text,
            credibility=3,
        )
        claim.steps.create(position=1, name_as_printed=text or "n", verb="said", date_edtf="2024")
        claim.steps.create(position=2, name_as_printed="b|c")
    IncidentLink.objects.create(
        first=world.incidents[1],
        second=incident,
        kind="next_stage",
        certainty="probable",
        reason="r",
    )
    for number in range(190):  # a cell too long for a spreadsheet
        make_claim_quickly(world.incidents[2], number)
    Incident.objects.create(
        pk=1_234_567, title="a long number", category=incident.category, status="published",
        signed_by=world.actor, signed_at=dt.datetime(2026, 1, 2, 3, 4, 5, tzinfo=dt.UTC),
        signed_version=1, first_published=dt.datetime(2026, 1, 2, 3, 4, 5, 678, tzinfo=dt.UTC),
    )  # fmt: skip
    close_some(world, incident)
    settle_now_or_later(Incident.objects.values_list("pk", flat=True))


def make_claim_quickly(incident: Incident, number: int) -> None:
    """Make one more claim of an article without address."""
    article = Article.objects.create(title=f"print {number}", url="")
    Claim.objects.create(
        article=article,
        incident=incident,
        words="others",
        measure="returned",
        source_as_printed=f"{number} " + "somebody of a long name " * 8,
    )


def close_some(world, incident: Incident) -> None:
    """Keep an incident, a claim and an article to one group."""
    group = world.groups[0]
    world.incidents[3].restricted_to.add(group)
    make_claim(incident, "11", repeats=incident.claims.first()).restricted_to.add(group)
    closed = make_article(restricted_to=group, title="closed")
    make_claim(world.incidents[1], "12", article=closed)
    settle_articles([closed.pk])


@pytest.fixture(scope="module")
def readers(once):
    """Everybody, a viewer of the group, an editor outside, and somebody who sees everything."""
    groups = nasty_world()
    viewer, editor = make_user("Viewer"), make_user("Researcher")
    viewer.groups.add(groups[0])
    return None, viewer, editor, make_user(is_superuser=True)


@pytest.mark.parametrize("table", ["incidents", "claims"])
def test_database_writes_what_python_writes(readers, table):
    anybody, *others = readers
    for query in QUERIES if table == "incidents" else QUERIES[1::4]:
        same(query, table, anybody)
    for reader in others:
        same(EVERY_KIND, table, reader)
    assert (cells.TOO_LONG.encode() in written("", table)) is (table == "incidents")


@pytest.mark.parametrize("language", ["ko", "zh-hans"])
@pytest.mark.parametrize("table", ["incidents", "claims"])
def test_names_are_in_the_language_of_the_reader_else_in_english(readers, language, table):
    for place in Place.objects.order_by("pk")[::2]:
        Place.objects.filter(pk=place.pk).update(name_ko=f"곳 {place.pk}", name_zh=f"=地{place.pk}")
    with translation.override(language):
        file = written("raw=1", table).decode()
        for is_named in (True, False):
            places = (
                Place.objects.exclude(name_ko="") if is_named else Place.objects.filter(name_ko="")
            )
            assert any(f",{place.label}," in file for place in places)
        for query in ("raw=1", EVERY_KIND):
            same(query, table, readers[-1])
