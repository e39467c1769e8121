"""Makes up a database of many records at once, skewed like real ones; for tests/scale.py.

One rule: the rows are what forms and actions would have written, history and derived columns
included, so that pages meet what they meet in use; the words are random pieces of three languages.
"""

import datetime as dt
import random
from collections.abc import Iterator, Sequence

from django.contrib.auth.models import Group
from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone

from incidents.addresses import url_key
from incidents.deriving import Derived, derive
from incidents.models import (
    Article,
    Category,
    Claim,
    Incident,
    IncidentFigure,
    IncidentPlace,
    IncidentRegion,
    IncidentSource,
    Place,
    PlaceAncestor,
    PlaceName,
    Source,
    SourceAlias,
    User,
)
from incidents.names import fold
from incidents.summing import rebuild

PLACES = 20_000
SOURCES = 2_000
CHUNK = 500
START = dt.date(2012, 1, 1)
DAYS = 5_000

ENGLISH = (
    "border police returned a group of people who had crossed the river in winter officials said "
    "that about half were women and children held near a detention centre before buses left for "
    "the bridge according to witnesses and a rights group which called the return unlawful "
    "expulsion camp guards families workers village district customs post night convoy prison"
).split()
KOREAN = (
    "강제북송 탈북민 중국 공안 국경 구금 시설 여성 아이 버스 다리 송환 증언 인권 단체 정부 통일부 "
    "밝혔다 최소 수백 명 지난달 압록강 두만강 훈춘 단둥 투먼 보위부 조사 이송 확인 보도 난민 협약"
).split()
CHINESE = (
    "遣返 脱北者 边境 公安 图们 丹东 拘留所 妇女 儿童 大巴 口岸 人权组织 证实 报道 数百人 强制"
).split()
WORDED = (
    *["9", "15 people", "about 200", "up to 60", "at least 30", "200여 명", "약 40명", "约600名"],
    *["dozens", "more than 500", "50 to 60", "others", "최소 406명", "27"],
)
SYLLABLES = "lin chang tu men hun chun dan dong yan ji bai shan he ping song gang sin ui ju".split()
HANGUL = "린창두만훈춘단동연지백산하평송강신의주회령온성무산"
HANZI = "林长图们珲春丹东延吉白山和平松江新义州会宁稳城茂"

words = random.Random(7)  # noqa: S311 the same made-up records each time


def fill(incidents: int) -> None:
    """Make the records of an office: that many incidents, and what belongs to them."""
    call_command("load_places", verbosity=0)
    with transaction.atomic():
        people = list(make_people().values())
        places = make_places()
        sources = make_sources()
        articles = make_articles(sources, people, incidents * 6 // 5)
        made = make_incidents(places, people, incidents)
        make_claims(made, articles, sources, places)
    keys = [incident.pk for incident in made]
    for start in range(0, len(keys), CHUNK):
        with transaction.atomic():
            store(derive(keys[start : start + CHUNK]))
    rebuild()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def make_people() -> dict[str, User]:
    """Make, or find, one person of each role that works at the desk."""
    people = {}
    for role in ("Researcher", "Reviewer", "Administrator"):
        person, _made = User.objects.get_or_create(username=role.lower())
        person.groups.add(Group.objects.get(name=role))
        people[role.lower()] = person
    return people


def make_places(number: int = PLACES) -> list[Place]:
    """Make towns and sites in the divisions of five countries, named in three languages.

    `number` is how many places there are then, with those of the gazetteer.
    """
    divisions = list(
        Place.objects.filter(kind="admin1", country__code__in=["CN", "KP", "KR", "TH", "VN"])
    )
    first, standing = Place.objects.order_by("-pk")[0].pk, Place.objects.count()
    Place.objects.bulk_create(
        [made_place(count, words.choice(divisions)) for count in range(number - standing)],
        batch_size=CHUNK,
    )
    towns = list(Place.objects.filter(pk__gt=first).order_by("pk"))
    PlaceName.objects.bulk_create(
        [
            PlaceName(place=town, language=language, name=name, folded=fold(name), own=True)
            for town in towns
            for language, name in (("en", town.name), ("ko", town.name_ko), ("zh", town.name_zh))
        ],
        batch_size=CHUNK,
    )
    PlaceAncestor.objects.refresh(towns)
    return [*towns, *divisions]


def made_place(number: int, division: Place) -> Place:
    """Make up one town or site."""
    name = "".join(words.choices(SYLLABLES, k=words.randint(2, 4))).capitalize()
    return Place(
        code=f"{division.code}/{name.lower()}-{number}",
        kind=words.choice(["locality", "locality", "site"]),
        parent=division,
        name=name,
        name_ko="".join(words.choices(HANGUL, k=words.randint(2, 4))),
        name_zh="".join(words.choices(HANZI, k=words.randint(2, 3))),
    )


def make_sources(number: int = SOURCES) -> list[Source]:
    """Make outlets, organisations and officials, most with a Korean alias."""
    Source.objects.bulk_create(
        [
            Source(
                slug=f"made-up-{count}",
                name=(name := f"{sentence(ENGLISH, 2).title()} {count}"),
                folded=fold(name),
                kind=words.choice(["outlet", "outlet", "ngo", "government", "person"]),
            )
            for count in range(number)
        ],
        batch_size=CHUNK,
    )
    sources = list(Source.objects.order_by("pk"))
    SourceAlias.objects.bulk_create(
        [
            SourceAlias(source=source, name=(alias := sentence(KOREAN, 2)), folded=fold(alias))
            for source in sources
        ],
        batch_size=CHUNK,
    )
    return sources


def make_articles(sources: Sequence[Source], people: list[User], number: int) -> list[Article]:
    """Make articles of three languages; one in twelve waits to be coded, some only a URL."""
    articles = []
    for count in range(number):
        waits = count % 12 == 0
        host = f"news{min(int(words.expovariate(0.05)), 400)}.example"
        url = f"https://{host}/{count % 30 or 'archive'}/{count}"
        if count % 500 == 1:
            url = f"{articles[-1].url}/?utm_source=mail"  # the page before under another address
        title = "" if waits and count % 24 else titled()
        articles.append(
            Article(
                url=url,
                url_key=url_key(url),
                title=title,
                publisher=skewed(sources) if title else None,
                language=words.choice(["en", "ko", "zh"]),
                coding_state="to_code" if waits else words.choice(["coded"] * 4 + ["nothing_new"]),
                assigned_to=words.choice([*people, None]) if waits else None,
            )
        )
    Article.objects.bulk_create(articles, batch_size=CHUNK)
    remember(Article, articles, people)
    return articles


def make_incidents(places: Sequence[Place], people: list[User], number: int) -> list[Incident]:
    """Make incidents: most published, some drafts, submitted, sent back or changed since."""
    categories = list(Category.objects.order_by("position"))
    countries = list(Place.objects.filter(code__in=["CN", "KP", "KR", "TH", "VN"]))
    made = [made_incident(categories, countries, people) for _count in range(number)]
    Incident.objects.bulk_create(made, batch_size=CHUNK)
    remember(Incident, made, people)
    IncidentPlace.objects.bulk_create(
        [
            IncidentPlace(incident=incident, place=skewed(places), role="happened")
            for incident in made
            if words.random() < 0.9
        ],
        batch_size=CHUNK,
    )
    return made


def made_incident(categories, countries, people) -> Incident:
    """Make up one incident."""
    status = words.choices(["published", "draft", "in_review", "withdrawn"], [85, 8, 5, 2])[0]
    incident = Incident(
        title=titled(),
        summary=sentence(ENGLISH, 25),
        category=words.choices(categories, [30, *[3] * (len(categories) - 1)])[0],
        status=status,
        sending=words.choice(countries),
        receiving=words.choice(countries),
        logged_by=words.choice(people),
        date_words=str(START + dt.timedelta(days=int(DAYS * words.betavariate(4, 1)))),
    )
    incident.read_date()
    if status == "published":
        incident.signed_by, incident.signed_at = people[1], timezone.now()
        incident.signed_version, incident.second_read = 1, True
        incident.version = 2 if words.random() < 0.01 else 1
    if status == "draft" and words.random() < 0.1:
        incident.review_note = sentence(ENGLISH, 12)
    incident.updated = timezone.now() - dt.timedelta(minutes=words.randint(0, 1_000_000))
    return incident


def make_claims(incidents, articles, sources, places) -> None:
    """Make one to five claims on each incident, in articles that are coded."""
    coded = [article for article in articles if article.coding_state == "coded"]
    read = {text: read_claim(text) for text in WORDED}
    claims = [
        Claim(
            article=words.choice(coded),
            incident=incident,
            source=skewed(sources) if words.random() < 0.8 else None,
            source_suggested=words.random() < 0.01,
            measure=incident.category.measure,
            basis="event" if words.random() < 0.97 else "",
            place=skewed(places) if words.random() < 0.5 else None,
            quote=sentence(words.choice([ENGLISH, KOREAN, CHINESE]), 12),
            words=(text := words.choice(WORDED)),
            **read[text],
        )
        for incident in incidents
        for _claim in range(min(5, 1 + int(words.expovariate(0.8))))
    ]
    Claim.objects.bulk_create(claims, batch_size=CHUNK)


def read_claim(text: str) -> dict:
    """Read a count once for the many claims that word it so."""
    claim = Claim(words=text)
    claim.read_count()
    return {name: getattr(claim, name) for name in ("qualifier", "low", "value", "high", "unit")}


def remember(model, records: Sequence, people: list[User]) -> None:
    """Write the first row of each record's history, as saving one by one would have."""
    history = model.history.model
    names = [column.attname for column in history.tracked_fields]
    rows: Iterator = (
        history(
            **{name: getattr(record, name) for name in names},
            history_date=timezone.now() - dt.timedelta(minutes=words.randint(0, 1_000_000)),
            history_type="+",
            history_user=words.choice(people),
            history_change_reason="Made up.",
        )
        for record in records
    )
    history.objects.bulk_create(rows, batch_size=CHUNK)


def store(derived: Derived) -> None:
    """Write what follows from the records, all at once where `settle` would compare first."""
    for model, rows in ((Incident, derived.incidents), (Claim, derived.claims)):
        written = {name: model._meta.get_field(name) for name in model.DERIVED}
        sets = ", ".join(f"{field.column} = %s" for field in written.values())
        with connection.cursor() as cursor:
            cursor.executemany(
                f"UPDATE {model._meta.db_table} SET {sets} WHERE id = %s",  # noqa: S608 names of our own
                [
                    [*(its.get_db_prep_save(row[n], connection) for n, its in written.items()), key]
                    for key, row in rows.items()
                ],
            )
    for model, identity, found in (
        (IncidentFigure, ("incident_id", "measure"), derived.figures),
        (IncidentRegion, ("incident_id", "place_id", "role"), derived.regions),
        (IncidentSource, ("incident_id", "source_id", "part"), derived.sources),
    ):
        model.objects.bulk_create(
            [model(**dict(zip(identity, key, strict=True)), **row) for key, row in found.items()],
            batch_size=CHUNK,
        )


def titled() -> str:
    """Make up a title: English, or Korean with English."""
    if words.random() < 0.3:
        return sentence(KOREAN, 6)
    return f"{sentence(ENGLISH, 8).capitalize()} {words.randint(1, 10**6)}"


def sentence(vocabulary: Sequence[str], length: int) -> str:
    """String random words together."""
    return " ".join(words.choices(vocabulary, k=length))


def skewed(records: Sequence):
    """Choose one; the first are far more frequent, as in life."""
    return records[min(int(words.expovariate(8 / len(records))), len(records) - 1)]
