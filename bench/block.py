"""Makes up the block of records that the benchmark multiplies, skewed like real ones.

One rule: records are written as forms write them, and every derived column by `manage.py settle`,
so that what is measured is what would be met. History is left out: no list or file reads it.
"""

import datetime as dt
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from django.contrib.auth.models import Group
from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone

from bench.vocabulary import (
    BLOCK_LATIN,
    HANGUL_WORDS,
    LATIN,
    Skewed,
    chance,
    quote,
    summary,
    title,
)
from incidents.addresses import url_key
from incidents.deriving import derive
from incidents.models import (
    Article,
    Assessment,
    Category,
    Claim,
    ClaimStep,
    Incident,
    IncidentLink,
    IncidentPlace,
    Place,
    User,
)
from tests.filling import CHUNK, WORDED, make_people, make_places, make_sources, store

BUNCH = 10  # what belongs together (waves, links) lies within ten keys, and is dated together
LAST_DAY = dt.date(2024, 11, 30)  # copies reach two years further
DAYS = 5_400
COUNTRIES = {"CN": 40, "KR": 14, "TH": 12, "VN": 9, "KP": 8}
ELSEWHERE = 17  # per cent, over all other countries
ROLES = ("happened", "detention", "crossing", "apprehension", "destination", "unclear", "context")
STANCES = ("affirms", "affirms_in_part", "denies", "cannot_confirm", "comments")


@dataclass(frozen=True)
class World:
    """What incidents and claims refer to."""

    people: Sequence[User]
    sources: Skewed
    places: dict[str, Skewed]  # by country code
    countries: dict[str, Place]
    categories: Sequence[Category]
    group: Group


def make_block(incidents: int, *, places: int = 20_000, sources: int = 2_000) -> None:
    """Make and settle so many incidents, with 2.5 claims each, in an empty database."""
    with transaction.atomic():
        call_command("load_places", stdout=io.StringIO())
        world = make_world(places, sources)
        articles = make_articles(world, incidents * 6 // 5)
        made = make_incidents(world, incidents)
        make_ties(made)
        claims = make_claims(world, made, articles)
        make_steps(claims)
        make_assessments(world, claims)
        restrict(world, made, articles, claims)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    keys = [incident.pk for incident in made]
    for start in range(0, len(keys), CHUNK):
        store(derive(keys[start : start + CHUNK]))  # many times as quick as settling what is empty
    call_command("settle", stdout=io.StringIO())


def make_world(places: int, sources: int) -> World:
    """Make places and sources, and find what the database holds from the beginning."""
    by_country: dict[str, list[Place]] = {}
    countries = {place.code: place for place in Place.objects.filter(kind="country")}
    for place in make_places(places):
        by_country.setdefault(place.code[:2], []).append(place)
    for code, country in countries.items():
        by_country.setdefault(code, [country])
    return World(
        people=list(make_people().values()),
        sources=Skewed(make_sources(sources), flat=3),
        places={code: Skewed(found, flat=5) for code, found in by_country.items()},
        countries=countries,
        categories=list(Category.objects.order_by("position")),
        group=Group.objects.get_or_create(name="Case team")[0],
    )


def country_code(world: World) -> str:
    """Choose a country: one has 40 % of everything."""
    others = [code for code in world.countries if code not in COUNTRIES]
    code = chance.choices([*COUNTRIES, ""], [*COUNTRIES.values(), ELSEWHERE])[0]
    return code or others[min(int(chance.expovariate(0.1)), len(others) - 1)]


def make_articles(world: World, number: int) -> list[Article]:
    """Make articles; one in twelve waits to be coded, one in thirty repeats another."""
    made = []
    for key in range(1, number + 1):
        host = f"news{min(int(chance.expovariate(0.05)), 400)}.example"
        url = f"https://{host}/{BLOCK_LATIN}/{key % 30 or 'archive'}/{key}"
        article = Article(
            pk=key,
            url="" if key % 40 == 7 else url,
            title=title()[:500],
            publisher=None if key % 50 == 3 else world.sources.choose(),
            credit=world.sources.choose() if chance.random() < 0.2 else None,
            reprint_of=made[-1 - key % 5] if key > 5 and key % 30 == 0 else None,
            language=chance.choices(["en", "ko", "zh", ""], [55, 30, 10, 5])[0],
            archive_url=f"https://archive.example/{BLOCK_LATIN}/{key}" if key % 3 else "",
            date_words=str(random_day()),
            coding_state="to_code" if key % 12 == 0 else "coded",
        )
        article.url_key = url_key(article.url)
        article.read_date()
        made.append(article)
    Article.objects.bulk_create(made, batch_size=CHUNK)
    return made


def random_day() -> dt.date:
    """Choose a day, recent ones far more often; never the 29th of February."""
    day = LAST_DAY - dt.timedelta(days=int(DAYS * (1 - chance.betavariate(4, 1.3))))
    return day.replace(day=28) if (day.month, day.day) == (2, 29) else day


def date_words() -> str:
    """Word a date: mostly a day, some months, years, spans, open spans, and none at all."""
    day, dice = random_day(), chance.random()
    if dice < 0.03:
        return ""
    if dice < 0.035:
        return f"../{day}"
    if dice < 0.04:
        return f"{day}/.."
    if dice < 0.05:
        return f"{day.replace(year=day.year - 3)}/{day}"
    if dice < 0.07:
        return str(day.year)
    if dice < 0.15:
        return f"{day:%Y-%m}"
    if dice < 0.2 and day.day < 20:
        return f"{day}/{day.replace(day=day.day + 6)}"
    return str(day)


def make_incidents(world: World, number: int) -> list[Incident]:
    """Make incidents with their places; each tenth bunch of ten is a wave and its events."""
    made = [made_incident(world, key) for key in range(1, number + 1)]
    for wave in made[:: BUNCH * 10]:
        wave.kind, wave.status = "wave", "published"
        for event in made[wave.pk : wave.pk + 5]:
            event.kind, event.wave_id, event.category = "event", wave.pk, wave.category
    for incident in made:
        sign(incident, world.people[1])
    Incident.objects.bulk_create(made, batch_size=CHUNK)
    places = [place for incident in made for place in places_of(world, incident)]
    IncidentPlace.objects.bulk_create(places, batch_size=CHUNK)
    return made


def made_incident(world: World, key: int) -> Incident:
    """Make up one incident."""
    sending = country_code(world)
    incident = Incident(
        pk=key,
        kind="aggregate" if chance.random() < 0.01 else "event",
        title=title()[:300],
        summary=summary() if chance.random() < 0.9 else "",
        people_label=chance.choice(["", "refugees", "탈북민", "workers, “guests”"]),
        responsible=chance.choice(["", "", "공안", "- border police"]),
        category=chance.choices(world.categories, [30, *[3] * (len(world.categories) - 1)])[0],
        status=chance.choices(["published", "draft", "in_review", "withdrawn"], [85, 8, 5, 2])[0],
        sending=world.countries[sending],
        receiving=world.countries[country_code(world)] if chance.random() < 0.8 else None,
        nationality=world.countries["KP"] if chance.random() < 0.3 else None,
        logged_by=chance.choice(world.people),
        date_words=date_words(),
        extra={"case": key, "note": quote()} if chance.random() < 0.02 else {},
        updated=timezone.now() - dt.timedelta(minutes=chance.randint(0, 1_000_000)),
    )
    incident.date_not_stated = not incident.date_words
    incident.read_date()
    if chance.random() < 0.02:
        incident.latitude, incident.longitude = chance.randint(-60, 60), chance.randint(-170, 170)
        incident.point_precision = "exact"
    return incident


def sign(incident: Incident, reviewer: User) -> None:
    """Sign what is published; one in a hundred was changed since."""
    if incident.status == "published":
        incident.signed_by, incident.signed_at = reviewer, incident.updated
        incident.first_published = incident.updated
        incident.signed_version, incident.second_read = 1, True
        incident.version = 2 if chance.random() < 0.01 else 1


def places_of(world: World, incident: Incident) -> Iterator[IncidentPlace]:
    """Give an incident up to three places, most one where it happened, in the sending state."""
    places = world.places[incident.sending.code]
    number = chance.choices([0, 1, 2, 3], [5, 75, 15, 5])[0]
    for role in ROLES[:1] + tuple(chance.sample(ROLES[1:], 2)):
        if number > 0:
            yield IncidentPlace(incident=incident, place=places.choose(), role=role)
        number -= 1


def make_ties(made: Sequence[Incident]) -> None:
    """Link some: for each two hundred incidents two that may be the same people, one next stage."""
    links = []
    for start in range(BUNCH, len(made) - BUNCH, 200):
        same, other, first, second = made[start + 6 : start + 10]
        sure = chance.choice(["possible", "possible", "probable", "established"])
        links.append(link(same, other, "same_people", sure))
        if start % 600 == BUNCH:
            links.append(link(first, second, "next_stage", sure))
    IncidentLink.objects.bulk_create(links, batch_size=CHUNK)


def link(first: Incident, second: Incident, kind: str, certainty: str) -> IncidentLink:
    """Make one link."""
    ends = {"first": first, "second": second}
    return IncidentLink(kind=kind, certainty=certainty, reason="Same days and place.", **ends)


def make_claims(world: World, made: Sequence[Incident], articles) -> list[Claim]:
    """Make 2.5 claims on each incident, up to twenty on a few."""
    coded = [article for article in articles if article.coding_state == "coded"]
    claims: list[Claim] = []
    for incident in made:
        number = 1 + min(11, int(chance.expovariate(0.52)))
        number = chance.randint(15, 20) if incident.pk % 500 == 4 else number
        first = len(claims) + 1
        for key in range(first, first + number):
            claims.append(made_claim(world, incident, chance.choice(coded), key, first))
    Claim.objects.bulk_create(claims, batch_size=CHUNK)
    return claims


def made_claim(world: World, incident: Incident, article: Article, key: int, first: int) -> Claim:
    """Make up one claim; `first` is the key of the incident's first, which some repeat."""
    earlier = first if key > first else None
    dice, text = chance.random(), worded()
    has_source, has_place = chance.random() < 0.8, chance.random() < 0.5
    claim = Claim(
        pk=key,
        article=article,
        incident=incident,
        source=world.sources.choose() if has_source else None,
        source_as_printed=LATIN.sentence(2) if chance.random() < 0.3 else "",
        source_suggested=has_source and chance.random() < 0.01,
        stance=chance.choices(STANCES, [88, 4, 4, 2, 2])[0],
        measure=incident.category.measure if chance.random() < 0.94 else "dead",
        basis=chance.choices(["event", "", "part", "cumulative"], [94, 2, 2, 2])[0],
        people=chance.choice(["", "North Koreans", "난민"]),
        act_words=chance.choice(["", "강제북송", "sent back", "+ deported"]),
        place=world.places[incident.sending.code].choose() if has_place else None,
        place_role=chance.choice(["happened", "detention", ""]) if has_place else "",
        place_words=HANGUL_WORDS.sentence(1) if has_place else "",
        quote=quote() if chance.random() < 0.7 else "",
        translation=LATIN.sentence(10) if chance.random() < 0.15 else "",
        locator=f"para {key % 9}" if chance.random() < 0.3 else "",
        origin=chance.choices(["own", "relays", "not_known"], [20, 20, 60])[0],
        seen_original=chance.random() < 0.1,
        repeats_id=earlier if dice < 0.08 else None,
        corrects_id=earlier if 0.08 < dice < 0.1 else None,
        status="accepted" if dice < 0.97 else chance.choice(["conflict", "set_aside"]),
        status_note="" if dice < 0.97 else "Two pages say different things.",
        credibility=chance.choice([1, 2, 3]) if chance.random() < 0.1 else None,
        words=text,
        date_words=date_words() if chance.random() < 0.3 else "",
        **read_count(text),
    )
    claim.read_date()
    return claim


def worded() -> str:
    """Word a count: one of the usual ways, or any number."""
    number = int(chance.lognormvariate(3, 1.3)) + 1
    usual = [*WORDED, str(number), f"about {number}", f"{number}명", f"at least {number}"]
    return chance.choice(usual)


@cache
def read_count(text: str) -> dict:
    """Read a count once for the many claims that word it so."""
    claim = Claim(words=text)
    claim.read_count()
    return {name: getattr(claim, name) for name in ("qualifier", "low", "value", "high", "unit")}


def make_steps(claims: Sequence[Claim]) -> None:
    """Give one claim in ten a chain of who passed it on."""
    ClaimStep.objects.bulk_create(
        [
            ClaimStep(
                claim=claim, position=position, name_as_printed=LATIN.sentence(2), verb="reported"
            )
            for claim in claims[::10]
            for position in range(1, chance.randint(2, 4))
        ],
        batch_size=CHUNK,
    )


def make_assessments(world: World, claims: Sequence[Claim]) -> None:
    """Assess one incident in a hundred or so."""
    for claim in claims[17::250]:
        assessment = Assessment.objects.create(
            incident=claim.incident,
            measure=claim.measure,
            people_best=chance.randint(1, 300),
            rule="The lowest documented count.",
            reason="Both pages were read.",
            made_by=world.people[1],
        )
        assessment.claims.add(claim)


def restrict(world: World, made, articles, claims) -> None:
    """Keep about one record in a hundred of each kind to a group; waves hold open events."""
    events = [incident for incident in made if incident.kind != "wave"]
    for model, records in ((Incident, events), (Article, articles), (Claim, claims)):
        through = model.restricted_to.through
        name = f"{model._meta.model_name}_id"
        closed = [
            through(**{name: record.pk, "group_id": world.group.pk}) for record in records[3::101]
        ]
        through.objects.bulk_create(closed, batch_size=CHUNK)
