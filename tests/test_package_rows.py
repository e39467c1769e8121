"""What a package says of a full world: whole, in part, to each role, and when it breaks off.

One rule: the world is made once, and each test undoes what it changes of it; what begins with an
empty database is tested in test_package.
"""

import hashlib
import io
import zipfile

import pytest
from django.core.management import call_command

from incidents import package
from incidents.filters import ask
from incidents.models import ExportLog, Incident, User
from incidents.package import package_stream
from incidents.packed import MANIFEST, README, TABLES
from incidents.restoring import restore
from tests.factories import make_user
from tests.packages import (
    FILE_NAMES,
    WHOLE,
    empty,
    make_full_world,
    manifest_in,
    package_of,
    rows_in,
    saved_as,
    texts_in,
)
from tests.worlds import World

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("world")]


@pytest.fixture(scope="module")
def world(once) -> World:
    return make_full_world()


@pytest.fixture
def boss():
    return User.objects.create(username="boss", is_superuser=True)


def test_package_holds_every_table_and_says_what_it_is(boss):
    made = package_of(user=boss)
    texts = texts_in(made)
    assert list(texts) == [README, *FILE_NAMES, MANIFEST]
    said = manifest_in(made)
    assert (said["format"], said["schema"], said["whole"]) == ("attest-package", 2, True)
    assert said["query"] == ask(WHOLE, boss).text
    assert said["left_out"] == {}
    for entry in said["files"]:
        text = texts[entry["name"]]
        assert entry["sha256"] == hashlib.sha256(text.encode()).hexdigest()
        assert entry["rows"] == len(rows_in(made, entry["name"])), entry["name"]
        assert entry["rows"], f"the world has nothing in {entry['name']}"
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_package_is_logged_with_its_rows_bytes_and_hash(boss):
    made = package_of(user=boss)
    log = ExportLog.objects.get()
    assert (log.user, log.table, log.state) == (boss, "package", "finished")
    assert (log.size, log.sha256) == (len(made), hashlib.sha256(made).hexdigest())
    assert log.rows == sum(entry["rows"] for entry in manifest_in(made)["files"])


def test_package_that_breaks_off_looks_broken(boss):
    stream = package_stream(ask(WHOLE, boss))
    begun = next(stream) + next(stream)
    stream.close()
    assert ExportLog.objects.get().state == "failed"
    with pytest.raises(zipfile.BadZipFile):
        zipfile.ZipFile(io.BytesIO(begun))


def test_part_comes_back_but_for_the_count_of_what_it_lacked(tmp_path, boss):
    first = package_of("kind=event&status=published", boss)
    assert manifest_in(first)["left_out"] == {"incidents.wave": 2}
    assert manifest_in(first)["whole"] is False
    empty()
    restore(saved_as(first, tmp_path), by=boss)
    before, after = texts_in(first), texts_in(package_of("kind=event&status=published", boss))
    assert before.pop(MANIFEST) != after.pop(MANIFEST)
    assert before == after


def test_articles_that_wait_to_be_coded_belong_to_the_whole_alone(boss):
    for query, is_there in ((WHOLE, True), (WHOLE.replace("&status=merged", ""), False)):
        titles = {row["title"] for row in rows_in(package_of(query, boss), "articles.csv")}
        assert ("waits" in titles) is is_there


@pytest.mark.parametrize("role", ["Viewer", "Researcher", "Administrator"])
def test_restricted_records_leave_no_trace(role):
    made = package_of(user=make_user(role))
    text = "".join(texts_in(made).values())
    assert "SECRET" not in text
    assert manifest_in(made)["left_out"] == {}
    [hidden] = Incident.objects.filter(title="SECRET incident")
    for file in ("incidents.csv", "incident_groups.csv"):
        assert str(hidden.pk) not in {next(iter(row.values())) for row in rows_in(made, file)}
    assert rows_in(made, "claim_groups.csv") == rows_in(made, "article_groups.csv") == []


def test_viewer_takes_nothing_of_the_desk_along():
    made = package_of(user=make_user("Viewer"))
    assert rows_in(made, "incidents.csv")
    for file, column in (
        ("incidents.csv", "logged_by"),
        ("incidents.csv", "review_note"),
        ("articles.csv", "assigned_to"),
    ):
        assert {row[column] for row in rows_in(made, file)} == {""}
    for file in ("merges.csv", "imports.csv", "origins.csv"):
        assert rows_in(made, file) == []
    assert "Reviewer 한" not in texts_in(made)["users.csv"]
    assert manifest_in(made)["desk"] is False


def test_origins_go_with_the_records_they_speak_of():
    made = package_of(user=make_user("Researcher"))
    origins = rows_in(made, "origins.csv")
    claims = {row["id"] for row in rows_in(made, "claims.csv")}
    incidents = {row["id"] for row in rows_in(made, "incidents.csv")}
    assert {row["claim"] for row in origins} == {"", *claims}
    assert {row["incident"] for row in origins if not row["claim"]} == incidents
    assert {row["by"] for row in rows_in(made, "imports.csv")} <= {
        row["username"] for row in rows_in(made, "users.csv")
    }


def test_uploaded_files_and_what_quotes_them_stay(boss):
    made = package_of(user=boss)
    assert len(rows_in(made, "imports.csv")) == 2
    assert "SECRET" not in texts_in(made)["imports.csv"]


def test_merged_record_goes_only_with_the_one_that_stands_for_it(boss, world):
    gone = world.incidents[1]
    found = rows_in(package_of("status=merged", boss), "incidents.csv")
    assert found == []
    both = rows_in(package_of("status=merged&status=published", boss), "incidents.csv")
    assert str(gone.pk) in {row["id"] for row in both}


def test_command_writes_the_same_bytes(tmp_path, boss):
    path = tmp_path / "out.zip"
    call_command(
        "export_incidents",
        WHOLE,
        "--format",
        "package",
        "-o",
        str(path),
        "--as",
        "boss",
        stderr=io.StringIO(),
    )
    assert path.read_bytes() == package_of(user=boss)


def test_large_package_leaves_in_pieces(boss, monkeypatch):
    whole = package_of(user=boss)
    monkeypatch.setattr(package, "CHUNK", 2)
    monkeypatch.setattr(package, "ENOUGH", 1)
    pieces = list(package_stream(ask(WHOLE, boss)))
    assert len(pieces) > 2 * len(TABLES)
    assert texts_in(b"".join(pieces)) == texts_in(whole)
