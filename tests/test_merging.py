"""Merges and their undoing: figures, link rows, filters and old codes agree after every step."""

import contextlib
import io
from collections.abc import Iterator

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from incidents import actions, merging
from incidents.actions import Refused
from incidents.models import Claim, Incident, Place, Source
from incidents.settling import settle
from tests.factories import (
    make_claim,
)
from tests.worlds import check, make_world, snapshot, standing_merges

pytestmark = pytest.mark.django_db

MERGES = {
    "incident": (merging.merge_incidents, "incidents"),
    "source": (merging.merge_sources, "sources"),
    "place": (merging.merge_places, "places"),
}
few = settings(
    max_examples=12,
    phases=[Phase.explicit, Phase.generate],  # an example takes a second; shrinking took minutes
    suppress_health_check=list(HealthCheck),
)


@contextlib.contextmanager
def one_example() -> Iterator[None]:
    """Give back the world as it was, whatever an example does to it."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def merge(world, kind: str, first: int, second: int) -> None:
    act, records = MERGES[kind]
    chosen = getattr(world, records)
    gone, survivor = (chosen[number % len(chosen)] for number in (first, second))
    act(
        gone=type(gone).objects.get(pk=gone.pk),
        survivor=type(survivor).objects.get(pk=survivor.pk),
        by=world.actor,
        why="one and the same",
    )


def undo(world, number: int) -> None:
    merges = standing_merges()
    if merges:
        merging.undo(merge=merges[number % len(merges)], by=world.actor, why="two after all")


def undo_all(world) -> None:
    for standing in standing_merges():
        merging.undo(merge=standing, by=world.actor, why="back to the start")


numbers = st.integers(0, 6)
merged = st.tuples(st.sampled_from(sorted(MERGES)), numbers, numbers)
undone = st.tuples(st.just("undo"), numbers, numbers)


def step(world, what: str, first: int, second: int) -> None:
    """Do one thing; a refusal must leave no trace."""
    before = snapshot()
    try:
        with transaction.atomic():
            STEPS[what](world, first, second)
    except (Refused, ValidationError):
        assert snapshot() == before


def reparent(world, first: int, second: int) -> None:
    place = Place.objects.get(pk=world.places[2 + first % 5].pk)
    larger = Place.objects.get(pk=world.places[second % 4].pk)
    above = Place.objects.within(place).filter(pk=larger.pk).exists()
    if above or larger.merged_into_id or place.merged_into_id:
        raise Refused("It would lie in itself.")
    place.parent = larger
    actions.save(place, by=world.actor, why="it lies there")
    settle(Incident.objects.values_list("pk", flat=True))


def rename(world, first: int, second: int) -> None:
    place = Place.objects.get(pk=world.places[first % 7].pk)
    place.name = f"Name {second}"
    actions.save(place, by=world.actor, why="called so")
    source = Source.objects.get(pk=world.sources[first % 4].pk)
    source.name = f"Source name {second}"
    actions.save(source, by=world.actor, why="called so")
    settle(Incident.objects.values_list("pk", flat=True))


def add_claim(world, first: int, second: int) -> None:
    incident = Incident.objects.get(pk=world.incidents[first].pk)
    source, place = world.sources[second % 4], world.places[second]
    source.refresh_from_db()
    place.refresh_from_db()
    if incident.merged_into_id or source.merged_into_id or place.merged_into_id:
        raise Refused("No longer offered.")
    make_claim(incident, f"up to {second + 3}", source=source, place=place)


def link(world, first: int, second: int) -> None:
    ends = [Incident.objects.get(pk=world.incidents[n].pk) for n in (first, second)]
    kind = ("same_people", "next_stage")[first % 2]
    certainty = ("possible", "established")[second % 2]
    actions.link(
        first=ends[0], second=ends[1], by=world.actor, why="x", kind=kind, certainty=certainty
    )


def restrict(world, first: int, second: int) -> None:
    incident = Incident.objects.get(pk=world.incidents[first].pk)
    if incident.merged_into_id:
        raise Refused("Not editable.")
    incident.restricted_to.set(world.groups[: second % 3])
    settle([incident.pk])
    merging.follow_restriction(survivor=incident, by=world.actor, why="kept to few")


STEPS = {
    **{
        kind: lambda world, first, second, kind=kind: merge(world, kind, first, second)
        for kind in MERGES
    },
    "undo": lambda world, first, second: undo(world, first),
    "reparent": reparent,
    "rename": rename,
    "claim": add_claim,
    "link": link,
    "restrict": restrict,
}
anything = st.tuples(st.sampled_from(sorted(STEPS)), numbers, numbers)


@pytest.fixture
def world():
    return make_world()


def test_undoing_everything_restores_everything(world):
    start = snapshot()

    @few
    @given(st.lists(st.one_of(merged, merged, undone), min_size=2, max_size=6))
    def holds(steps):
        with one_example():
            for what, first, second in steps:
                step(world, what, first, second)
                check(world)
            undo_all(world)
            assert snapshot() == start

    holds()


def test_everything_agrees_after_any_sequence(world):
    @few
    @given(st.lists(st.one_of(merged, anything), min_size=3, max_size=7))
    def holds(steps):
        with one_example():
            claims = Claim.objects.count()
            for what, first, second in steps:
                before = Claim.objects.count()
                step(world, what, first, second)
                claims += what == "claim" and Claim.objects.count() > before
                check(world)
                assert Claim.objects.count() == claims
            for standing in standing_merges():
                with contextlib.suppress(Refused):
                    merging.undo(merge=standing, by=world.actor, why="back")
                check(world)
            call_command("settle", "--check", stdout=io.StringIO())

    holds()
