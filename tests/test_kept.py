"""What is kept of a list: told again for nothing, never stale, never to another reader."""

import io
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.cache import cache
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.utils.translation import override

from incidents import actions, kept, keyset, merging, reckoning, unmerging
from incidents.filters import ask
from incidents.kept import Kept, mark
from incidents.models import (
    THE_EDITION,
    Category,
    Edition,
    Incident,
    IncidentLink,
    Place,
)
from incidents.settling import settle, settle_articles
from incidents.turns import wait_for_turn
from tests.admin.desk import address, save, signed_in
from tests.factories import (
    make_article,
    make_claim,
    make_incident,
    make_place,
    make_source,
    make_user,
    touch,
)
from tests.reviewing import signed, submitted

pytestmark = pytest.mark.django_db

OF_THE_SESSION = re.compile(r'name="csrfmiddlewaretoken" value="\w+"')


def listed(desk: Client, query: str = "") -> str:
    """Read the list as this person sees it, without what changes with every answer."""
    response = desk.get(f"/incidents/{query}")
    assert response.status_code == 200
    return OF_THE_SESSION.sub("", response.text)


@pytest.fixture
def reader() -> Client:
    return signed_in(make_user("Viewer"))


@pytest.fixture
def world() -> list[Incident]:
    """Two events that may be about the same people, one of them in a wave, and an aggregate."""
    place = make_place("CN", name="China")
    wave = make_incident("Wave", kind="wave", date_words="2024")
    made = [make_incident(f"Event {day}", date_words=f"2024-05-0{day}") for day in (1, 2)]
    made[0].wave = wave
    made[0].save()
    for incident, words in zip(made, ("around 200", "up to 60"), strict=True):
        make_claim(incident, words)
        touch(incident, place)
    total = make_incident("Total", kind="aggregate", date_words="2024")
    make_claim(total, "at least 406", basis="cumulative")
    by = make_user("Reviewer")
    actions.link(
        first=made[0],
        second=made[1],
        by=by,
        why="same night",
        kind="same_people",
        certainty="possible",
    )
    return made


QUERIES = (
    *("", "?from=2024&to=2024", "?from=2024-05-01", "?region=CN", "?q=event", "?kind=aggregate"),
    *("?q=nothing", "?order=-people", "?disputed=no", "?from=2023&dates=open"),
)


def test_page_told_again_is_the_page_told_first(reader, world):
    for query in QUERIES:
        first, again = listed(reader, query), listed(reader, query)
        cache.clear()
        assert first == again == listed(reader, query), query


def test_page_of_too_many_told_again_is_the_page_told_first(reader, world, monkeypatch):
    for module in ("reckoning", "sums"):
        monkeypatch.setattr(f"incidents.{module}.MOST", 1)
    first = listed(reader)
    assert "<strong>1+ incidents</strong>" in first
    assert first == listed(reader)


def test_list_told_again_asks_for_the_reader_the_edition_and_the_form(
    reader, world, django_assert_num_queries
):
    listed(reader)
    with django_assert_num_queries(7) as asked:
        listed(reader)
    assert not any('FROM "incidents_incident"' in query["sql"] for query in asked)


def test_readers_with_the_same_rights_share_what_is_kept(reader, world, django_assert_num_queries):
    listed(reader)
    other = signed_in(make_user("Viewer"))
    with django_assert_num_queries(7):
        listed(other)


def test_later_pages_are_kept_each_by_itself(reader, monkeypatch, django_assert_num_queries):
    monkeypatch.setattr(keyset, "PAGE", 5)
    for number in range(12):
        make_incident(f"Event {number:03}", date_words="2024")
    first = listed(reader)
    onward = f"?cursor={reader.get('/incidents/').context['page'].next}"
    second = listed(reader, onward)
    with django_assert_num_queries(7):
        assert second == listed(reader, onward)
    assert "Event 011" in first
    assert "Event 011" not in second
    assert first == listed(reader)


def test_kept_form_belongs_to_its_question(reader, world):
    for query in ("?q=event", "?q=total&kind=aggregate", "?q=event"):
        value = query.split("&")[0].removeprefix("?q=")
        assert f'name="q" value="{value}"' in listed(reader, query)


def test_group_that_a_reader_joins_counts_at_once(world):
    circle = Group.objects.create(name="Circle")
    make_claim(make_incident("Hidden", restricted_to=circle), "9,000")
    newcomer = make_user("Viewer")
    desk = signed_in(newcomer)
    assert "Hidden" not in listed(desk)
    newcomer.groups.add(circle)
    assert "Hidden" in listed(desk)


def test_save_at_the_desk_is_on_everybodys_next_page(reader, world):
    researcher = signed_in(make_user("Researcher"))
    assert "around 200" in listed(reader)
    assert "around 200" in listed(researcher)
    claim = world[0].claims.get()
    saved = save(researcher, address("claim", pk=claim.pk), words="around 300", why="misread")
    assert saved.status_code == 302
    for desk in (reader, researcher):
        assert "around 300" in listed(desk)
        assert "around 200" not in listed(desk)


@pytest.mark.parametrize("model", ["category", "place", "source"])
def test_new_name_is_on_the_next_page(reader, world, model):
    named = {
        "category": Category.objects.get(code="forced_return"),
        "place": Place.objects.get(code="CN"),
        "source": make_source("Old name"),
    }[model]
    if model == "source":
        make_claim(world[0], "9", source=named)
    assert named.name in listed(reader)
    administrator = signed_in(make_user("Administrator"))
    save(administrator, address(model, pk=named.pk), name="Another name", why="renamed")
    assert "Another name" in listed(reader)


def test_restricted_numbers_reach_nobody_else(reader, world):
    circle = Group.objects.create(name="Circle")
    hidden = make_incident("Hidden", date_words="2024-05-03", restricted_to=circle)
    make_claim(hidden, "9,000")
    told = make_claim(world[1], "7,000", restricted_to=circle, source=make_source("Informant"))
    insider, superuser = make_user("Viewer"), make_user("Viewer", is_superuser=True)
    insider.groups.add(circle)
    secrets = ("Hidden", "9,000", "Informant", "9,260")
    for _again in range(2):
        inside, above, outside = (
            listed(desk) for desk in (signed_in(insider), signed_in(superuser), reader)
        )
        assert all(secret in inside and secret in above for secret in ("Hidden", "9,000"))
        assert "Informant" in inside
        assert not any(secret in outside for secret in secrets)
    assert told.restricted


def test_whoever_leaves_a_group_is_told_no_more_of_it(world):
    circle = Group.objects.create(name="Circle")
    make_claim(make_incident("Hidden", restricted_to=circle), "9,000")
    insider = make_user("Viewer")
    insider.groups.add(circle)
    desk = signed_in(insider)
    assert "Hidden" in listed(desk)
    insider.groups.remove(circle)
    assert "Hidden" not in listed(desk)


def test_record_that_is_closed_is_gone_at_once(reader, world):
    circle = Group.objects.create(name="Circle")
    assert "Event 1" in listed(reader)
    insider = make_user("Reviewer")
    insider.groups.add(circle)
    page = address("incident", pk=world[0].pk)
    save(signed_in(insider), page, restricted_to=[circle.pk], why="somebody is in danger")
    assert "Event 1" not in listed(reader)


def test_right_that_a_role_loses_counts_at_once(world):
    make_incident("Draft", published=False)
    editor = signed_in(make_user("Researcher"))
    assert "Draft" in listed(editor, "?status=draft")
    right = Permission.objects.get(codename="change_incident")
    Group.objects.get(name="Researcher").permissions.remove(right)
    assert "Draft" not in listed(editor, "?status=draft")


def test_each_language_is_kept_apart(world):
    user = make_user("Viewer")
    with override("ko"):
        korean = Kept(ask("", user)).occasion
    assert korean != Kept(ask("", user)).occasion


def recalled(query: str = "", answer: object = "kept") -> object:
    return Kept(ask(query, None)).recall("answer", lambda: answer)


def test_answer_is_kept_for_its_question_alone():
    wait_for_turn()
    recalled("order=date", "by date")
    assert recalled("order=date") == "by date"
    assert recalled("order=-people") == "kept"


def test_nothing_is_kept_before_the_first_edition():
    assert not Edition.objects.exists()
    recalled("", "old")
    assert recalled("", "new") == "new"


def test_answer_worked_out_while_somebody_saved_is_not_told_again():
    wait_for_turn()

    def work_out():
        wait_for_turn()
        return "half old, half new"

    Kept(ask("", None)).recall("answer", work_out)
    assert recalled("", "new") == "new"


def test_save_that_failed_leaves_the_edition():
    wait_for_turn()
    recalled("", "still right")
    with transaction.atomic():
        wait_for_turn()
        recalled("", "never true")
        transaction.set_rollback(True)
    assert recalled("", "new") == "still right"
    with transaction.atomic():
        wait_for_turn()
    assert recalled("", "new") == "new"


def test_answer_about_many_incidents_is_worked_out_each_time(monkeypatch):
    monkeypatch.setattr(kept, "MOST_KEYS", 2)
    wait_for_turn()
    recalled("", {1: "", 2: ""})
    assert recalled("", {}) == {1: "", 2: ""}
    wait_for_turn()
    recalled("", {1: "", 2: "", 3: ""})
    assert recalled("", {}) == {}


def test_there_is_one_edition():
    with pytest.raises(IntegrityError, match="is_one_row|CHECK"):
        Edition.objects.create(pk=THE_EDITION + 1, mark="x")


@pytest.mark.django_db(transaction=True)
def test_change_is_told_once_it_is_saved_and_not_before():
    incident = make_incident("Event", date_words="2024")
    make_claim(incident, "around 200")
    reader, seen = signed_in(make_user("Viewer")), []

    def read() -> None:
        try:
            seen.append(listed(reader))
        finally:
            connection.close()

    with transaction.atomic():
        wait_for_turn()
        Incident.objects.filter(pk=incident.pk).update(title="Another title")
        settle([incident.pk])
        thread = threading.Thread(target=read)
        thread.start()
        thread.join()
    assert "Another title" not in seen[0]
    assert "Another title" in listed(reader)


@contextmanager
def new_edition() -> Iterator[None]:
    """Hold that what is done within begins a new edition."""
    before = mark()
    yield
    assert mark() != before


def test_every_action_begins_an_edition():
    rita, rex = make_user("Researcher"), make_user("Reviewer")
    first, second = submitted(rita), signed(rita, rex)
    ends = {"first": first, "second": second}
    with new_edition():
        actions.send_back(incident=first, by=rex, why="no date")
    with new_edition():
        actions.submit(incident=first, by=rita, why="dated")
    with new_edition():
        actions.publish(incident=first, by=rex, why="read")
    with new_edition():
        actions.link(**ends, by=rita, why="x", kind="same_people", certainty="possible")
    with new_edition():
        actions.unlink(link=IncidentLink.objects.get(), by=rex, why="x")
    claims, rule = list(first.claims.all()), "the lowest count"
    with new_edition():
        actions.assess(
            incident=first, by=rex, why="x", measure="returned", rule=rule, claims=claims, low=1
        )
    with new_edition():
        actions.revise(incidents=[second.pk], by=rita, why="x")
    with new_edition():
        actions.sign_batch(incidents={second.pk: 4}, by=rex, why="x")
    with new_edition():
        actions.withdraw(incident=first, by=rex, why="x")


def test_every_merge_and_its_undoing_begins_an_edition():
    ada, article, china = make_user("Administrator"), make_article(), make_place("CN")
    pairs = [
        (merging.merge_incidents, [make_incident(), make_incident()]),
        (merging.merge_sources, [make_source(), make_source()]),
        (merging.merge_places, [make_place(f"CN/{name}", parent=china) for name in ("one", "two")]),
    ]
    wait_for_turn()
    for merge, (gone, survivor) in pairs:
        with new_edition():
            made = merge(gone=gone, survivor=survivor, by=ada, why="the same")
        with new_edition():
            unmerging.undo(merge=made, by=ada, why="not the same")
    with new_edition():
        settle_articles([article.pk])


@pytest.mark.usefixtures("short_gazetteer")
def test_every_command_that_writes_records_begins_an_edition():
    make_incident()
    with new_edition():
        call_command("settle", stdout=io.StringIO())
    with new_edition():
        call_command("load_demo", stdout=io.StringIO())
    with new_edition():
        call_command("load_places", stdout=io.StringIO())


def test_reading_leaves_the_edition(reader, world):
    before = mark()
    for page in ("/incidents/", "/summary/", world[0].get_absolute_url(), "/sources/"):
        assert reader.get(page).status_code == 200
    call_command("settle", "--check", stdout=io.StringIO())
    assert mark() == before


@pytest.mark.parametrize("pages", [("/map/", "/incidents/"), ("/incidents/", "/map/")])
def test_map_and_list_of_one_question_keep_their_own_counts(reader, world, pages, monkeypatch):
    monkeypatch.setattr(reckoning, "MOST_BESIDE_LIST", 1)
    alone = {}
    for page in pages:
        cache.clear()
        alone[page] = reader.get(f"{page}?disputed=no").context["overview"].count
    cache.clear()
    both = {page: reader.get(f"{page}?disputed=no").context["overview"].count for page in pages}
    assert both == alone
    assert alone["/incidents/"] == 1 < alone["/map/"]
