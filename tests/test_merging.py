"""Merges and their undoing: figures, link rows, filters and old codes agree after every step."""

import contextlib
import io

import pytest
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st

from incidents import actions, merging
from incidents.actions import Refused
from incidents.gazetteer import PlaceRow
from incidents.loading import load_places
from incidents.models import Claim, Incident, IncidentLink, IncidentPlace, Merge, Place, Source
from incidents.settling import settle
from tests.examples import few
from tests.factories import make_claim, make_incident, make_place, make_source, make_user, touch
from tests.worlds import check, make_world, one_example, snapshot, standing_merges

pytestmark = pytest.mark.django_db

MERGES = {
    "incident": (merging.merge_incidents, "incidents"),
    "source": (merging.merge_sources, "sources"),
    "place": (merging.merge_places, "places"),
}


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

    @few(5, shrunk=False)
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
    @few(5, shrunk=False)
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


@pytest.fixture
def rex():
    return make_user("Reviewer", "rex")


@pytest.fixture
def ada():
    return make_user("Administrator", "ada")


@pytest.fixture
def viewer(client):
    client.force_login(make_user("Viewer"))
    return client


def join(gone, survivor, by, why="one and the same") -> Merge:
    act = {
        Incident: merging.merge_incidents,
        Source: merging.merge_sources,
        Place: merging.merge_places,
    }
    return act[type(gone)](gone=gone, survivor=survivor, by=by, why=why)


def fresh(record):
    return type(record).objects.get(pk=record.pk)


def test_claims_move_and_the_figure_is_that_of_both(rex):
    gone, survivor = make_incident(), make_incident()
    moved = make_claim(gone, "around 200")
    make_claim(survivor, "up to 60")
    join(gone, survivor, rex, "the same night")
    survivor.refresh_from_db()
    assert (survivor.disputed, survivor.people_high) == (True, 200)
    assert survivor.review == "changed"
    last = Claim.history.filter(id=moved.pk).first()
    assert (last.incident_id, last.history_user, last.history_change_reason) == (
        survivor.pk,
        rex,
        "the same night",
    )
    gone.refresh_from_db()
    assert (gone.status, gone.merged_into, gone.figure_kind) == ("merged", survivor, "none")


def test_whoever_merges_or_wrote_what_came_does_not_sign(rex):
    gone = make_incident(published=False, date_words="2024", place_not_stated=True)
    survivor = make_incident(date_words="2024", place_not_stated=True)
    author = make_user("Reviewer")
    actions.revise(incidents=[gone.pk], by=author, why="wrote it")
    make_claim(gone)
    join(gone, survivor, rex)
    for person in (rex, author):
        with pytest.raises(Refused, match="somebody else"):
            actions.publish(incident=survivor, by=person, why="x")
    assert actions.publish(incident=survivor, by=make_user("Reviewer"), why="read").second_read


@pytest.mark.parametrize(
    ("first", "second", "said"),
    [
        ({"kind": "event"}, {"kind": "aggregate"}, "only records of one kind"),
        ({"kind": "event"}, {"kind": "wave"}, "only records of one kind"),
        ({}, {"published": False, "status": "withdrawn"}, "is withdrawn"),
    ],
)
def test_what_cannot_be_one_record_is_refused(rex, first, second, said):
    gone, survivor = make_incident(**first), make_incident(**second)
    with pytest.raises(Refused, match=said):
        join(gone, survivor, rex)
    assert not Merge.objects.exists()


def test_record_is_not_merged_into_itself_or_into_one_that_went(rex):
    first, second, third = (make_incident() for _number in range(3))
    with pytest.raises(Refused, match="into itself"):
        join(first, first, rex)
    join(first, second, rex)
    for gone, survivor in ((third, first), (first, third)):
        with pytest.raises(Refused, match=f"already merged into {second.code}"):
            join(fresh(gone), fresh(survivor), rex)


def test_merge_needs_a_reason(rex):
    with pytest.raises(Refused, match="Say why"):
        join(make_incident(), make_incident(), rex, "  ")


@pytest.mark.parametrize("role", ["Viewer", "Researcher"])
def test_incidents_are_merged_and_parted_by_reviewers(rex, role):
    gone, survivor = make_incident(), make_incident()
    with pytest.raises(Refused, match="roles do not allow"):
        join(gone, survivor, make_user(role))
    done = join(gone, survivor, rex)
    with pytest.raises(Refused, match="roles do not allow"):
        merging.undo(merge=done, by=make_user(role), why="x")


def test_old_codes_lead_to_the_last_survivor_for_every_reader(rex, viewer):
    first, second, third = (make_incident() for _number in range(3))
    join(first, second, rex)
    join(fresh(second), third, rex)
    for code in (first.code, second.code, first.code.lower()):
        assert viewer.get(f"/incidents/{code}/")["Location"] == third.get_absolute_url()
    found = viewer.get(f"/incidents/?q={first.code}").text
    assert third.code in found


@pytest.mark.parametrize("closed", ["gone", "survivor"])
def test_stricter_restriction_holds_and_leaves_no_trace(rex, viewer, closed):
    team = Group.objects.create(name="Tumen team")
    records = {name: make_incident() for name in ("gone", "survivor")}
    neighbour = make_incident()
    actions.link(
        first=records["gone"],
        second=neighbour,
        by=rex,
        why="x",
        kind="same_people",
        certainty="possible",
    )
    records[closed].restricted_to.add(team)
    settle([records[closed].pk])
    versions = fresh(neighbour).version
    with pytest.raises(Refused, match="There is no incident"):
        join(records["gone"], records["survivor"], rex)
    rex.groups.add(team)
    rex = fresh(rex)
    done = join(fresh(records["gone"]), fresh(records["survivor"]), rex)
    for record in records.values():
        assert viewer.get(record.get_absolute_url()).status_code == 404
        assert not Incident.objects.visible_to(make_user("Reviewer")).filter(pk=record.pk).exists()
    assert fresh(neighbour).version == versions
    merging.undo(merge=done, by=rex, why="two")
    opened = "survivor" if closed == "gone" else "gone"
    assert viewer.get(records[opened].get_absolute_url()).status_code == 200
    assert viewer.get(records[closed].get_absolute_url()).status_code == 404


def test_two_restrictions_leave_the_groups_that_both_name(rex):
    teams = [Group.objects.create(name=name) for name in "abc"]
    rex.groups.add(*teams)
    gone, survivor = make_incident(), make_incident()
    gone.restricted_to.set(teams[:2])
    survivor.restricted_to.set(teams[1:])
    settle([gone.pk, survivor.pk])
    done = join(gone, survivor, rex)
    assert list(survivor.restricted_to.all()) == [teams[1]]
    merging.undo(merge=done, by=rex, why="two")
    gone, survivor = fresh(gone), fresh(survivor)
    assert set(gone.restricted_to.all()) == set(teams[:2])
    gone.restricted_to.set(teams[:1])
    with pytest.raises(Refused, match="kept to different groups"):
        join(gone, survivor, rex)


def test_surer_of_two_links_stays_and_the_one_between_goes(rex):
    gone, survivor, other = (make_incident() for _number in range(3))
    for first, second, certainty in (
        (gone, other, "established"),
        (survivor, other, "possible"),
        (gone, survivor, "possible"),
    ):
        actions.link(
            first=first,
            second=second,
            by=rex,
            why="why so",
            kind="same_people",
            certainty=certainty,
        )
    done = join(fresh(gone), fresh(survivor), rex)
    [link] = IncidentLink.objects.all()
    assert (link.first, link.second, link.certainty) == (survivor, other, "established")
    assert IncidentLink.history.filter(history_type="-", history_user=rex).count() == 2
    merging.undo(merge=done, by=rex, why="two")
    assert IncidentLink.objects.count() == 3


def test_wave_hands_its_events_over_and_an_event_its_wave(rex):
    gone, survivor = make_incident(kind="wave"), make_incident(kind="wave")
    event = make_incident(wave=gone)
    join(gone, survivor, rex)
    assert fresh(event).wave == survivor
    loose = make_incident()
    done = join(fresh(event), loose, rex)
    assert fresh(loose).wave == survivor
    merging.undo(merge=done, by=rex, why="two")
    assert fresh(loose).wave is None


def test_open_event_does_not_come_into_a_restricted_wave(rex):
    team = Group.objects.create(name="Tumen team")
    rex.groups.add(team)
    gone, survivor = make_incident(kind="wave"), make_incident(kind="wave", restricted_to=team)
    event = make_incident(wave=gone)
    with pytest.raises(Refused, match=f"{event.code} is open to all"):
        join(gone, survivor, rex)


def test_assessments_stay_and_what_came_counts_as_newer(rex):
    gone, survivor = make_incident(), make_incident()
    for incident in (gone, survivor):
        claim = make_claim(incident, "around 200")
        actions.assess(
            incident=incident,
            by=rex,
            why="w",
            measure="returned",
            rule="r",
            claims=[claim],
            low=50,
        )
    done = join(fresh(gone), fresh(survivor), rex)
    gone, survivor = fresh(gone), fresh(survivor)
    assert (gone.figure_kind, survivor.figure_kind) == ("none", "assessed")
    assert survivor.newer_claims == 1
    merging.undo(merge=done, by=rex, why="two")
    assert (fresh(gone).figure_kind, fresh(survivor).newer_claims) == ("assessed", 0)


def test_claims_that_would_part_from_each_other_hold_the_undoing_up(rex):
    gone, survivor = make_incident(), make_incident()
    old = make_claim(gone, "around 200")
    done = join(gone, survivor, rex)
    later = make_claim(survivor, "60", corrects=old)
    with pytest.raises(Refused, match=f"Claim #{later.pk} refers to claim #{old.pk}"):
        merging.undo(merge=done, by=rex, why="two")
    Claim.objects.filter(pk=later.pk).update(corrects=None)
    merging.undo(merge=done, by=rex, why="two")
    assert fresh(later).incident == survivor


def test_claim_that_moved_on_since_is_left_and_named(rex):
    gone, survivor, elsewhere = (make_incident() for _number in range(3))
    claim = make_claim(gone, "9")
    done = join(gone, survivor, rex)
    Claim.objects.filter(pk=claim.pk).update(incident=elsewhere)
    settle([survivor.pk, elsewhere.pk])
    undone = merging.undo(merge=done, by=rex, why="two")
    assert undone.left == [f"claim {fresh(claim)}"]
    assert fresh(claim).incident == elsewhere


def test_merges_are_undone_latest_first(rex):
    first, second, third = (make_incident() for _number in range(3))
    early = join(first, second, rex)
    late = join(fresh(second), third, rex)
    with pytest.raises(Refused, match=f"{second.code} merged into {third.code}"):
        merging.undo(merge=early, by=rex, why="two")
    merging.undo(merge=late, by=rex, why="two")
    merging.undo(merge=early, by=rex, why="two")
    with pytest.raises(Refused, match="already undone"):
        merging.undo(merge=early, by=rex, why="again")
    assert {fresh(record).status for record in (first, second, third)} == {"published"}


def test_source_hands_over_claims_articles_branches_and_names(ada, viewer):
    gone, survivor = make_source("Old agency"), make_source("New agency")
    gone.aliases.create(name="옛 통신")
    branch = make_source(parent=gone)
    incident = make_incident()
    claim = make_claim(incident, "9", source=gone)
    claim.article.publisher = claim.article.credit = gone
    claim.article.save()
    step = claim.steps.create(position=1, name_as_printed="x", source=gone)
    join(gone, survivor, ada)
    assert {fresh(claim).source, fresh(step).source, fresh(branch).parent} == {survivor}
    assert {fresh(claim.article).publisher, fresh(claim.article).credit} == {survivor}
    assert set(survivor.aliases.values_list("name", flat=True)) == {"Old agency", "옛 통신"}
    assert viewer.get(gone.get_absolute_url())["Location"] == survivor.get_absolute_url()
    assert "Old agency" not in viewer.get("/sources/").text
    for name in ("source", "publisher"):
        assert incident.code in viewer.get(f"/incidents/?{name}={gone.slug}").text
    assert fresh(incident).version == incident.version + 1


def test_two_names_of_one_source_count_as_one(ada):
    gone, survivor, incident = make_source(), make_source(), make_incident()
    make_claim(incident, "9", source=gone)
    make_claim(incident, "9", source=survivor)
    assert incident.sources_named == 2
    done = join(gone, survivor, ada)
    assert fresh(incident).sources_named == 1
    merging.undo(merge=done, by=ada, why="two")
    assert fresh(incident).sources_named == 2


def test_source_is_not_merged_into_its_own_branch(ada):
    top = make_source("Top")
    leaf = make_source("Leaf", parent=make_source(parent=top))
    with pytest.raises(Refused, match="merge the other way round"):
        join(top, leaf, ada)
    join(leaf, top, ada)


@pytest.mark.parametrize(("model", "right"), [("source", "sources"), ("place", "places")])
def test_vocabularies_are_merged_by_administrators(rex, model, right):
    pair = [make_source(), make_source()]
    if model == "place":
        pair = [make_place("CN"), make_place("KP")]
    with pytest.raises(Refused, match=f"merge {right}"):
        join(*pair, rex)


def test_place_hands_over_everything_that_happened_there(ada, viewer):
    region = make_place("m49:030")
    gone, survivor = make_place("XA", parent=region, name="Old"), make_place("CN", parent=region)
    division = make_place("XA-1", parent=gone)
    incident = make_incident(sending=gone, receiving=gone, nationality=gone)
    row, inside = touch(incident, gone), touch(incident, division, role="crossing")
    claim = make_claim(incident, "9", place=gone)
    source = make_source(country=gone)
    join(gone, survivor, ada)
    incident.refresh_from_db()
    assert {incident.sending, incident.receiving, incident.nationality} == {survivor}
    assert {fresh(row).place, fresh(claim).place, fresh(source).country} == {survivor}
    assert (fresh(division).parent, fresh(division).country) == (survivor, survivor)
    assert fresh(inside).place == division
    assert survivor.names.filter(name="Old").exists()
    for name in ("region", "sending", "receiving"):
        assert incident.code in viewer.get(f"/incidents/?{name}=XA").text
    assert "(XA)" not in viewer.get("/incidents/").text
    assert incident.version == 2


def test_place_that_stands_there_already_stands_there_once(ada):
    country, incident = make_place("CN"), make_incident()
    gone, survivor = make_place("CN/a", parent=country), make_place("CN/b", parent=country)
    touch(incident, survivor)
    worded = touch(incident, gone)
    IncidentPlace.objects.filter(pk=worded.pk).update(words="on the river")
    done = join(gone, survivor, ada)
    [row] = incident.places.all()
    assert (row.place, row.words) == (survivor, "on the river")
    merging.undo(merge=done, by=ada, why="two")
    assert {(row.place, row.words) for row in incident.places.all()} == {
        (gone, "on the river"),
        (survivor, ""),
    }


def test_place_is_not_merged_into_what_lies_in_it_or_a_country_into_a_town(ada):
    country = make_place("CN")
    town = make_place("CN/a", parent=make_place("CN-JL", parent=country))
    with pytest.raises(Refused, match="merge the other way round"):
        join(country, town, ada)
    with pytest.raises(Refused, match="only into one of its own kind"):
        join(town, make_place("KP"), ada)


def test_undoing_waits_while_the_place_lies_below_what_would_return(ada):
    country = make_place("CN")
    larger = make_place("CN-JL", parent=country)
    gone, survivor = make_place("CN/a", parent=larger), make_place("CN/b", parent=country)
    inside = make_place("CN/c", parent=gone)
    done = join(gone, survivor, ada)
    larger.parent = fresh(inside)
    larger.save()
    with pytest.raises(Refused, match="move that elsewhere first"):
        merging.undo(merge=done, by=ada, why="two")


def test_gazetteer_leaves_a_merged_place_alone_and_fills_the_one_that_stands(ada):
    rows = [
        row("CN", "country", "", "China"),
        row("CN-A", "admin1", "CN", "Old division"),
        row("CN-B", "admin1", "CN", "Division"),
    ]
    load_places(rows)
    gone, survivor = (Place.objects.get(code=code) for code in ("CN-A", "CN-B"))
    join(gone, survivor, ada)
    load_places([*rows[:1], row("CN-A", "admin1", "CN", "Renamed"), *rows[2:]])
    load_places([*rows, row("CN/town", "locality", "CN-A", "Town")])
    assert (fresh(gone).name, fresh(gone).merged_into) == ("Old division", survivor)
    assert Place.objects.get(code="CN/town").parent == survivor


def row(code: str, kind: str, parent: str, name: str) -> PlaceRow:
    return PlaceRow(code, kind, parent, name, "", None, None, (("en", name, True),))


def test_failure_half_way_leaves_everything_as_it_was(ada, monkeypatch):
    world = make_world()
    start = snapshot()

    def fail(*args, **kwargs):
        raise RuntimeError("half way")

    monkeypatch.setattr(merging, "entered", fail)
    for kind in MERGES:
        with pytest.raises(RuntimeError):
            merge(world, kind, 3, 2)
    assert snapshot() == start
