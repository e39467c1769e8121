"""Restoring a package: everything comes back as it was, or nothing, and a sentence says why."""

import contextlib
import json
import os
import subprocess
import sys

import pytest
from django.conf import settings
from django.contrib.auth.models import Group
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from incidents import merging, restoring
from incidents.chunks import in_chunks
from incidents.keysets import Keys
from incidents.loading import edited_places
from incidents.models import (
    Article,
    Category,
    Claim,
    Import,
    Incident,
    Merge,
    Place,
    Source,
    User,
)
from incidents.packed import MANIFEST
from incidents.refusals import Refused
from incidents.restoring import Unrestorable, restore
from tests.examples import few
from tests.factories import make_claim, make_incident, make_place, make_source, make_user
from tests.packages import (
    changed,
    empty,
    make_full_world,
    package_of,
    rows_in,
    saved_as,
    texts_in,
    with_cell,
    zipped,
)
from tests.worlds import check, make_world, snapshot, standing_merges

pytestmark = pytest.mark.django_db


@pytest.fixture
def boss():
    return User.objects.create(username="boss", is_superuser=True)


@pytest.fixture
def packed(boss):
    """Give the package of a small world, and a database without records."""
    country = make_place("CN", parent=make_place("m49:030"))
    incident = make_incident("Returned", sending=country, logged_by=make_user("", "Lee"))
    claim = make_claim(incident, "around 200", source=make_source("NGO"), credibility=2)
    make_claim(incident, "9", repeats=claim)
    package = package_of(user=boss)
    empty()
    return package


@pytest.mark.parametrize("keep_gazetteer", [True, False], ids=["gazetteer there", "all empty"])
def test_everything_comes_back_to_the_byte(tmp_path, boss, keep_gazetteer):
    make_full_world()
    first = package_of(user=boss)
    empty(keep_gazetteer=keep_gazetteer)
    restored = restore(saved_as(first, tmp_path), by=boss)
    assert package_of(user=boss) == first
    assert bool(restored.made.accounts) is not keep_gazetteer
    assert bool(restored.made.groups) is not keep_gazetteer


def test_derived_columns_follow_and_merges_can_still_be_undone(tmp_path, boss):
    world = make_full_world()
    before = snapshot()
    first = package_of(user=boss)
    empty()
    restore(saved_as(first, tmp_path), by=boss)
    assert snapshot() == before
    check(world)
    world.actor.groups.add(*Group.objects.all())
    for merge in standing_merges():
        merging.undo(merge=merge, by=world.actor, why="two after all")
    check(world)
    assert not Source.objects.filter(merged_into__isnull=False).exists()


def test_any_merges_come_back(tmp_path, boss):
    world = make_world()
    acts = {
        "incidents": merging.merge_incidents,
        "sources": merging.merge_sources,
        "places": merging.merge_places,
    }
    numbers = st.integers(0, 6)

    @few(6, shrunk=False)
    @given(st.lists(st.tuples(st.sampled_from(sorted(acts)), numbers, numbers), max_size=5))
    def holds(steps):
        with contextlib.ExitStack() as stack:
            stack.enter_context(taken_back())
            for what, *pair in steps:
                chosen = [getattr(world, what)[n % len(getattr(world, what))] for n in pair]
                gone, survivor = (type(one).objects.get(pk=one.pk) for one in chosen)
                with contextlib.suppress(Refused):
                    acts[what](gone=gone, survivor=survivor, by=world.actor, why="one")
            first, before = package_of(user=boss), snapshot()
            empty()
            restore(saved_as(first, tmp_path), by=boss)
            assert package_of(user=boss) == first
            assert snapshot() == before

    holds()


@contextlib.contextmanager
def taken_back():
    """Give the world back as it was."""
    with restoring.transaction.atomic():
        yield
        restoring.transaction.set_rollback(True)


def test_history_authorship_and_keys(tmp_path, boss, packed):
    User.objects.filter(username="Lee").delete()
    restored = restore(saved_as(packed, tmp_path), by=boss)
    lee = User.objects.get(username="Lee")
    assert (restored.made.accounts, lee.is_active) == (["Lee"], False)
    assert not lee.has_usable_password()
    [sentence] = restored.sentences()
    assert sentence == "Accounts made, without a password and inactive: Lee."
    incident = Incident.objects.get()
    assert (incident.logged_by, incident.status) == (lee, "published")
    for model in (Incident, Claim, Article, Source):
        states = model.history.values_list("history_user", "history_change_reason", "history_type")
        assert set(states) == {(boss.pk, f"Restored from package {restored.sha256[:12]}", "+")}
        assert states.count() == model.objects.count()
    assert make_incident().pk > incident.pk
    assert make_claim(incident).pk > 2


def test_history_knows_to_whom_records_are_kept(tmp_path, boss):
    make_full_world()
    first = package_of(user=boss)
    empty()
    restore(saved_as(first, tmp_path), by=boss)
    for model in (Incident, Article, Claim):
        record = model.objects.filter(restricted_to__isnull=False).first()
        [state] = record.history.all()
        assert [row.group for row in state.restricted_to.all()] == list(record.restricted_to.all())


def test_restored_restriction_holds(tmp_path, boss):
    make_full_world()
    first = package_of(user=boss)
    empty(keep_gazetteer=False)
    restore(saved_as(first, tmp_path), by=boss)
    text = "".join(texts_in(package_of(user=make_user("Administrator"))).values())
    assert "SECRET" not in text


def test_trying_saves_nothing(tmp_path, boss, packed):
    restored = restore(saved_as(packed, tmp_path), by=boss, dry_run=True)
    assert (restored.dry_run, restored.rows["claims.csv"]) == (True, 2)
    assert not Source.objects.exists()
    assert restore(saved_as(packed, tmp_path), by=boss).rows == restored.rows


def test_vocabularies_become_as_packed_and_gazetteer_places_stay_the_gazetteers(tmp_path, boss):
    china = make_place("CN", name="China", parent=make_place("m49:030"))
    town = make_place("CN/x", name="Town", parent=china)
    town._history_user = boss
    town.save()
    make_incident("Returned", sending=china)
    Category.objects.filter(code="forced_return").update(name="Refoulement")
    package = package_of("kind=event", boss)
    whole = package_of(user=boss)
    empty()
    assert [row["code"] for row in rows_in(package, "places.csv")] == ["CN", "m49:030"]
    Place.objects.filter(code="CN").update(name="Cathay")
    Place.objects.filter(code="CN/x").update(parent=None, kind="country")
    Category.objects.filter(code="forced_return").update(name="Other name")
    other = make_place("KP", name="Left alone")
    Place.history.all().delete()
    restore(saved_as(whole, tmp_path), by=boss)
    town.refresh_from_db()
    assert (town.parent, town.country) == (china, china)
    assert town.ancestors.count() == 3
    assert Place.objects.get(code="CN").name == "China"
    assert Category.objects.get(code="forced_return").name == "Refoulement"
    assert edited_places() == {town.pk}
    other.refresh_from_db()
    assert other.name == "Left alone"
    assert package_of(user=boss) == package_of(user=boss)


def forged(file, column, value):
    return lambda package: with_cell(package, file, column, value)


def like_next(file, column):
    return lambda package: with_cell(package, file, column, rows_in(package, file)[1][column])


def circle(package):
    first, second, *_others = (row["id"] for row in rows_in(package, "sources.csv"))
    package = with_cell(package, "sources.csv", "merged_into", second, row=0)
    return with_cell(package, "sources.csv", "merged_into", first, row=1)


def without(name):
    return lambda package: zipped({k: v for k, v in texts_in(package).items() if k != name})


def with_file(name, text):
    return lambda package: zipped({**texts_in(package), name: text})


def said_otherwise(**said):
    def change(package):
        manifest = json.loads(texts_in(package)[MANIFEST])
        return zipped({**texts_in(package), MANIFEST: json.dumps(manifest | said)})

    return change


def bomb(package):
    texts = texts_in(package)
    texts["claims.csv"] += "0" * 30_000_000
    return zipped(texts)


def one_byte(package):
    texts = texts_in(package)
    return zipped({**texts, "claims.csv": texts["claims.csv"].replace("around 200", "around 300")})


def damaged(package):
    inside = package.index(b"claims.csv") + 60
    return package[:inside] + bytes([package[inside] ^ 1]) + package[inside + 1 :]


def column_more(package):
    return changed(package, "claims.csv", lambda text: text.replace("\n", ",x\n"))


REFUSED = {
    "changed byte": (one_byte, "claims.csv is not as it was packed: its SHA-256"),
    "damaged zip": (damaged, "claims.csv is damaged inside the package"),
    "cut off": (lambda package: package[:-30], "not a package, or not a whole one"),
    "no zip at all": (lambda package: b"incident,kind\n", "not a package, or not a whole one"),
    "missing file": (without("claims.csv"), r"The package lacks claims.csv\."),
    "missing manifest": (without(MANIFEST), r"The package lacks manifest.json\."),
    "extra column": (column_more, "claims.csv: it has a column that it should not have: x"),
    "missing column": (
        lambda p: changed(p, "groups.csv", lambda text: "title\n"),
        "it has a column that it should not have: title",
    ),
    "columns in another order": (
        lambda p: changed(p, "claim_groups.csv", lambda text: "group,claim\n"),
        "stand in another order",
    ),
    "cells missing": (
        lambda p: changed(p, "sources.csv", lambda text: text + "9,x\n"),
        "it has 2 cells instead of 9",
    ),
    "path-like name": (with_file("../../etc/passwd", "x"), r"holds “\.\./\.\./etc/passwd”"),
    "file of another kind": (with_file("notes.csv", "x"), "holds “notes.csv”"),
    "bomb": (bomb, "claims.csv would unpack from"),
    "other schema": (said_otherwise(schema=1), "schema “1”; this version restores schema 2"),
    "manifest without files": (said_otherwise(files=[]), "does not list the files"),
    "manifest of nonsense": (with_file(MANIFEST, "[]"), "manifest.json cannot be read"),
    "not UTF-8": (
        lambda p: zipped({**texts_in(p), "users.csv": b"username\n\xff\n"}),
        "users.csv is not UTF-8 throughout",
    ),
    "broken quotes": (
        lambda p: changed(p, "users.csv", lambda text: text + '"x"y\n'),
        "users.csv, row 4: it cannot be read as CSV",
    ),
    "unknown status": (
        forged("incidents.csv", "status", "secret"),
        "incidents.csv, row 2, status: “secret”: allowed: draft, in_review",
    ),
    "unknown qualifier": (forged("claims.csv", "qualifier", "x"), "qualifier: “x”: allowed: about"),
    "no number": (forged("claims.csv", "credibility", "two"), "“two”: it is a whole number"),
    "number too large": (forged("claims.csv", "credibility", "7"), "“7”: allowed: 1, 2, 3"),
    "number written otherwise": (forged("claims.csv", "credibility", "02"), "whole number from"),
    "no day": (forged("claims.csv", "earliest", "2024-02-30"), "a day is written 2024-04-26"),
    "no time": (forged("claims.csv", "created", "2024-02-03"), "a time is written 2026"),
    "neither yes nor no": (forged("claims.csv", "seen_original", "1"), "“1”: it is yes or no"),
    "empty where it may not be": (forged("claims.csv", "article", ""), "may not be empty"),
    "too long": (forged("sources.csv", "name", "x" * 201), "longer than 200 characters"),
    "NUL": (forged("sources.csv", "note", "\0"), "it holds a NUL character"),
    "no address": (forged("articles.csv", "url", "javascript:alert(1)"), "not the address of"),
    "no slug": (forged("sources.csv", "slug", "a b"), "“a b”: Enter a valid"),
    "no degrees": (forged("places.csv", "latitude", "1e3"), "degrees are written with six"),
    "no key": (forged("claims.csv", "id", "x"), "claims.csv, row 2, id: “x”: it is not a key"),
    "key twice": (like_next("claims.csv", "id"), "row 3: this row stands twice"),
    "no such article": (forged("claims.csv", "article", "99999"), "no such row in articles.csv"),
    "no such place": (forged("claims.csv", "place", "XX"), "there is no such row in places.csv"),
    "no such account": (forged("incidents.csv", "signed_by", "x"), "no such row in users.csv"),
    "place without the one above": (forged("places.csv", "parent", "XX"), "places.csv"),
    "place in itself": (
        forged("places.csv", "parent", "CN"),
        r"places.csv: A place cannot lie in itself\.",
    ),
    "places in each other": (
        lambda p: with_cell(p, "places.csv", "parent", "CN", row=1),
        r"places.csv: Place \d+ would lie in itself\.",
    ),
    "rule of the records": (
        forged("claims.csv", "status", "set_aside"),
        "claims.csv, row 2: Say in the note on status why the claim is not simply accepted.",
    ),
    "bounds that do not fit": (
        forged("claims.csv", "qualifier", "at_most"),
        "claims.csv, row 2: The bounds do not follow from the qualifier.",
    ),
    "unsigned": (forged("incidents.csv", "signed_by", ""), "was signed off by somebody"),
    "same slug": (like_next("sources.csv", "slug"), "sources.csv, row 3: "),
    "state that is no country": (forged("incidents.csv", "sending", "m49:030"), "not: country"),
    "sources that lead to each other": (circle, "by merged_into, row .* leads back to itself"),
}


@pytest.mark.parametrize(("change", "sentence"), REFUSED.values(), ids=REFUSED)
def test_package_is_refused_with_a_sentence(tmp_path, boss, packed, change, sentence):
    wrong = change(packed)
    accounts = User.objects.count()
    with pytest.raises(Unrestorable, match=sentence):
        restore(saved_as(wrong, tmp_path), by=boss)
    assert not Source.objects.exists()
    assert not Incident.objects.exists()
    assert User.objects.count() == accounts


def test_ledger_of_nonsense_is_refused(tmp_path, boss):
    make_full_world()
    package = package_of(user=boss)
    empty()
    wrong = []
    for moved in ("[]", "{}", "x", "[" * 5000):
        wrong.append(with_cell(package, "merges.csv", "moved", moved))
    ledger = json.loads(rows_in(package, "merges.csv")[0]["moved"])
    incident = rows_in(package, "incidents.csv")[0]["id"]
    for part, value in (
        ("moved", {"user.password": [1]}),
        ("moved", {"claim.incident": ["1"]}),
        ("left", {"incident": [1]}),
        ("removed", {"incidentplace": [{"id": 1}]}),
        ("groups", {incident: [["x"]]}),
        ("status", "secret"),
        ("names", 7),
    ):
        text = json.dumps(ledger | {part: value})
        wrong.append(with_cell(package, "merges.csv", "moved", text))
    for each in wrong:
        with pytest.raises(Unrestorable, match=r"merges.csv, row 2, moved: “"):
            restore(saved_as(each, tmp_path), by=boss)
    assert not Merge.objects.exists()


def test_database_that_is_not_empty_is_named(tmp_path, boss, packed):
    make_source()
    make_source()
    with pytest.raises(Unrestorable, match=r"empty database; this one has 2 sources\."):
        restore(saved_as(packed, tmp_path), by=boss)


def test_database_that_had_imports_is_not_empty(tmp_path, boss, packed):
    Import.objects.create(name="a.csv", sha256="0" * 64, by=boss)
    with pytest.raises(Unrestorable, match=r"empty database; this one has 1 imports\."):
        restore(saved_as(packed, tmp_path), by=boss)


def test_incidents_merged_in_a_circle_are_refused(tmp_path, boss):
    pair = [make_incident().pk for _number in range(2)]
    package = package_of(user=boss)
    empty()
    for row, other in enumerate(reversed(pair)):
        package = with_cell(package, "incidents.csv", "merged_into", str(other), row=row)
        package = with_cell(package, "incidents.csv", "status", "merged", row=row)
    with pytest.raises(Unrestorable, match="by merged_into, row .* leads back to itself"):
        restore(saved_as(package, tmp_path), by=boss)


@pytest.mark.parametrize(
    ("wave", "sentence"),
    [("event", "it names a record that is not: wave"), ("nothing", "no such row in incidents.csv")],
)
def test_part_of_what_is_no_wave_is_refused(tmp_path, boss, wave, sentence):
    key, _part = make_incident().pk, make_incident()
    package = package_of(user=boss)
    empty()
    named = str(key) if wave == "event" else "999999"
    package = with_cell(package, "incidents.csv", "wave", named, row=1)
    with pytest.raises(Unrestorable, match=f"incidents.csv, row 3, wave: “{named}”: .*{sentence}"):
        restore(saved_as(package, tmp_path), by=boss)
    assert not Incident.objects.exists()


def test_row_that_is_refused_is_found_among_many(tmp_path, boss):
    incident = make_incident()
    for number in range(9):
        make_claim(incident, str(number))
    package = package_of(user=boss)
    empty()
    wrong = with_cell(package, "claims.csv", "status", "set_aside", row=6)
    with pytest.raises(Unrestorable, match=r"claims.csv, row 8: Say in the note on status"):
        restore(saved_as(wrong, tmp_path), by=boss)


def test_restore_takes_as_many_queries_for_sixty_as_for_thirty(tmp_path, boss):
    counts = []
    for number in (30, 60):
        for _more in range(number):
            make_claim(make_incident(), "9")
        path = saved_as(package_of(user=boss), tmp_path)
        empty()
        with CaptureQueriesContext(connection) as queries:
            restore(path, by=boss)
        counts.append(len(queries))
        empty()
    assert counts[0] == counts[1]


@pytest.mark.parametrize("role", ["Viewer", "Researcher", "Reviewer"])
def test_only_administrators_restore(tmp_path, packed, role):
    with pytest.raises(Unrestorable, match="restore a package; these do: Administrator"):
        restore(saved_as(packed, tmp_path), by=make_user(role))


def test_administrator_restores(tmp_path, packed):
    assert restore(saved_as(packed, tmp_path), by=make_user("Administrator")).rows["claims.csv"]


def test_file_that_is_not_there_is_named(tmp_path, boss):
    with pytest.raises(Unrestorable, match=r"package.zip cannot be read: No such file"):
        restore(tmp_path / "package.zip", by=boss)


def test_failure_half_way_saves_nothing(tmp_path, boss, packed, monkeypatch):
    def fail(*args, **kwargs):
        raise RuntimeError("half way")

    monkeypatch.setattr(restoring, "settle", fail)
    with pytest.raises(RuntimeError):
        restore(saved_as(packed, tmp_path), by=boss)
    assert not Source.objects.exists()
    monkeypatch.undo()
    restore(saved_as(packed, tmp_path), by=boss)


KILLED = """
import sys, time
import django
django.setup()
from pathlib import Path
from django.db import connection
connection.settings_dict["NAME"] = sys.argv[1]
from incidents import restoring
from incidents.models import User
def wait(keys):
    print("half way", flush=True)
    time.sleep(600)
restoring.settle = wait
restoring.restore(Path(sys.argv[2]), by=User.objects.get(username="boss"))
"""


@pytest.mark.django_db(transaction=True)
def test_process_that_is_killed_half_way_has_saved_nothing(tmp_path, boss, packed):
    path = saved_as(packed, tmp_path)
    killed = subprocess.Popen(  # noqa: S603 this very interpreter
        [sys.executable, "-c", KILLED, str(connection.settings_dict["NAME"]), str(path)],
        cwd=settings.BASE_DIR,
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "tests.settings"},
        stdout=subprocess.PIPE,
    )
    with killed:
        try:
            assert killed.stdout.readline() == b"half way\n"
        finally:
            killed.kill()
    assert not Source.objects.exists()
    assert restore(path, by=boss).rows["claims.csv"] == 2
    assert package_of(user=boss) == packed


@given(st.sets(st.integers(0, 5000) | st.integers(0, 2**62)))
def test_keys_are_a_set_in_order(chosen):
    keys = Keys(chosen)
    assert list(keys) == sorted(chosen)
    assert len(keys) == len(chosen)
    assert keys.largest() == max(chosen, default=0)
    assert all((key in keys) is (key in chosen) for key in (*chosen, 1, 511, 512))
    assert [key for piece in in_chunks(keys, 3) for key in piece] == sorted(chosen)
