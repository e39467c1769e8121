"""A small world of incidents, sources and places, and what must hold of it after every merge.

Used by the tests of merges; every check asks the database, none remembers what it should hold.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from django.contrib.auth.models import Group
from django.db import transaction
from django.db.models import F

from incidents import actions
from incidents.filters import ask
from incidents.models import (
    Article,
    Claim,
    ClaimStep,
    Incident,
    IncidentLink,
    IncidentPlace,
    Merge,
    Place,
    PlaceName,
    Source,
    SourceAlias,
    User,
    choices,
    survivor_of,
)
from incidents.names import fold
from incidents.settling import differences
from tests.factories import (
    make_article,
    make_claim,
    make_incident,
    make_place,
    make_source,
    make_user,
    settled_together,
    touch,
)

RAW = (Claim, ClaimStep, Article, IncidentPlace, IncidentLink, Place, Source)
NAMES = (PlaceName, SourceAlias)
TIMES = {"updated", "folded"}


@dataclass
class World:
    """Four events, two waves and an aggregate about places and sources that may be the same."""

    actor: User
    groups: list[Group]
    incidents: list[Incident] = field(default_factory=list)
    places: list[Place] = field(default_factory=list)
    sources: list[Source] = field(default_factory=list)


@contextmanager
def one_example() -> Iterator[None]:
    """Give back the world as it was, whatever an example does to it."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def make_world() -> World:
    """Make it, settled, with somebody who may do everything but see all."""
    groups = [Group.objects.create(name=name) for name in ("Tumen team", "Dandong team")]
    world = World(make_user("Administrator"), groups)
    world.actor.groups.add(*groups)
    world.places = make_tree()
    world.sources = make_sources()
    with settled_together():
        waves = [make_incident(kind="wave") for _number in range(2)]
        events = [make_incident(wave=wave) for wave in (waves[0], waves[0], waves[1], None)]
        world.incidents = [*events, *waves, make_incident(kind="aggregate")]
        for number, incident in enumerate(world.incidents):
            speak(world, incident, number)
    actions.link(
        first=events[0],
        second=events[3],
        by=world.actor,
        why="same night",
        kind="same_people",
        certainty="probable",
    )
    return world


def make_tree() -> list[Place]:
    """Make two countries in one region, with divisions and towns."""
    region = make_place("m49:030")
    china, korea = make_place("CN", parent=region), make_place("KP", parent=region)
    jilin, liaoning = make_place("CN-JL", parent=china), make_place("CN-LN", parent=china)
    towns = [
        make_place(f"{parent.code}/{name}", parent=parent, name=name.title())
        for parent, name in ((jilin, "tumen"), (jilin, "tumun"), (liaoning, "dandong"))
    ]
    return [china, korea, jilin, liaoning, *towns]


def make_sources() -> list[Source]:
    """Make an agency with a branch, an outlet and a body that may be any of them."""
    agency = make_source("Agency")
    branch = make_source("Agency Seoul", parent=agency)
    return [agency, branch, make_source("The Outlet"), make_source("Körper")]


def speak(world: World, incident: Incident, number: int) -> None:
    """Give an incident a place, its states, and two claims of different sources."""
    place, other = world.places[2 + number % 5], world.places[number % 7]
    touch(incident, place)
    touch(incident, other, role="crossing")
    Incident.objects.filter(pk=incident.pk).update(sending=world.places[0])
    article = make_article(publisher=world.sources[number % 4], credit=world.sources[2])
    first = make_claim(incident, f"around {20 * number + 20}", source=world.sources[number % 4])
    make_claim(incident, f"at least {7 * number + 30}", article=article, place=place, repeats=first)
    first.steps.create(position=1, name_as_printed="somebody", source=world.sources[3])


def snapshot() -> dict:
    """Take down every row and every derived column, without times and versions."""
    taken = {}
    for model in (*RAW, *NAMES):
        columns = [f.attname for f in model._meta.concrete_fields if f.attname not in TIMES]
        columns = columns[1:] if model in NAMES else columns
        taken[model.__name__] = sorted(map(repr, model._base_manager.values_list(*columns)))
    columns = [*Incident.DERIVED, "status", "merged_into_id", "wave_id", "sending_id"]
    taken["Incident"] = list(Incident.objects.order_by("pk").values("pk", *columns))
    return taken


def check(world: World) -> None:
    """Hold everything that must be true whatever was merged."""
    keys = list(Incident.objects.values_list("pk", flat=True))
    assert differences(keys) == []
    check_pointers()
    for user in (None, world.actor):
        for name, model in (("region", Place), ("source", Source)):
            for gone in model.objects.exclude(merged_into=None):
                check_old_code(name, gone, user)
    check_codes(world)


def check_pointers() -> None:
    """Nothing points at a record that is gone, but earlier records that went into it."""
    gone = {"merged_into__isnull": False}
    assert not Claim.objects.filter(incident__merged_into__isnull=False).exists()
    for model, names in (
        (Claim, ("source", "place")),
        (ClaimStep, ("source",)),
        (Article, ("publisher", "credit")),
        (IncidentPlace, ("place",)),
        (Incident, ("nationality", "sending", "receiving", "wave")),
        (Source, ("country", "parent")),
        (Place, ("parent",)),
        (IncidentLink, ("first", "second")),
    ):
        for name in names:
            pointing = model.objects.filter(**{f"{name}__{k}": v for k, v in gone.items()})
            assert not pointing.exists(), f"{model.__name__}.{name}"
    assert not IncidentLink.objects.filter(first=F("second")).exists()


def check_old_code(name: str, record, user) -> None:
    """A question by an old code or short name finds what the one by the new finds."""
    code = {"region": "code", "source": "slug"}[name]
    old, new = (
        set(
            ask(
                f"{name}={getattr(asked, code)}&kind=event&kind=wave&kind=aggregate", user
            ).incidents.values_list("pk", flat=True)
        )
        for asked in (record, survivor_of(record))
    )
    assert old == new


def check_codes(world: World) -> None:
    """Every code leads to a record that stands, seen by whoever sees the merged one."""
    for incident in Incident.objects.all():
        survivor = Incident.objects.standing_at(incident.pk, world.actor)
        assert survivor is not None
        assert survivor.status != choices.Status.MERGED
        if incident.merged_into_id:
            assert incident.restricted == survivor.restricted
            assert fold(incident.code) in survivor.search_text


def standing_merges() -> list[Merge]:
    """List the merges that stand, latest first."""
    return list(Merge.objects.standing().order_by("-pk"))
