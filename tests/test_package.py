"""The package of a question: every table with its keys, the same bytes wherever it is made.

What is restored from it is tested in test_restoring.
"""

import hashlib
import io
import tomllib
import zipfile

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.auth.models import Group
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.html import escape

from incidents import VERSION, package
from incidents.filters import ask
from incidents.models import ExportLog, Import, Incident, User
from incidents.package import package_stream
from incidents.packed import LEFT_OUT, MANIFEST, README, TABLES
from incidents.packing import is_whole
from incidents.restoring import restore
from tests.factories import make_claim, make_incident, make_place, make_user, touch
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

pytestmark = pytest.mark.django_db
FIXED = "2026-11-23T19:40:00.123456Z"


@pytest.fixture
def boss():
    return User.objects.create(username="boss", is_superuser=True)


def listed(model) -> set[str]:
    return {name for table in TABLES if table.model is model for name in table.listed.split()}


MODELS = [
    model
    for model in [*apps.get_app_config("incidents").get_models(include_auto_created=True), Group]
    if not model.__name__.startswith("Historical")
]


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_every_column_is_in_the_package_or_left_out_for_a_reason(model):
    left_out = LEFT_OUT.get(model, {})
    if not isinstance(left_out, dict):
        assert not listed(model)
        assert left_out
        return
    columns = {field.name for field in model._meta.concrete_fields}
    assert listed(model) | left_out.keys() == columns
    assert not listed(model) & left_out.keys()


def test_every_reference_leads_to_a_table():
    for table in TABLES:
        for column, to in table.references.items():
            assert f"{to}.csv" in FILE_NAMES, f"{table.name}.{column}"


def test_version_is_that_of_the_project():
    project = tomllib.loads((settings.BASE_DIR / "pyproject.toml").read_text())["project"]
    assert project["version"] == VERSION


def test_package_holds_every_table_and_says_what_it_is(boss):
    make_full_world()
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
    make_full_world()
    made = package_of(user=boss)
    log = ExportLog.objects.get()
    assert (log.user, log.table, log.state) == (boss, "package", "finished")
    assert (log.size, log.sha256) == (len(made), hashlib.sha256(made).hexdigest())
    assert log.rows == sum(entry["rows"] for entry in manifest_in(made)["files"])


def test_package_that_breaks_off_looks_broken(boss):
    make_full_world()
    stream = package_stream(ask(WHOLE, boss))
    begun = next(stream) + next(stream)
    stream.close()
    assert ExportLog.objects.get().state == "failed"
    with pytest.raises(zipfile.BadZipFile):
        zipfile.ZipFile(io.BytesIO(begun))


def test_demo_comes_back_to_the_byte_beside_a_gazetteer_and_without(tmp_path, boss):
    call_command("load_demo", stdout=io.StringIO())
    first = package_of(user=boss)
    for keep_gazetteer in (True, False):
        empty(keep_gazetteer=keep_gazetteer)
        restored = restore(saved_as(first, tmp_path), by=boss)
        assert package_of(user=boss) == first
        assert restored.rows["incidents.csv"] == Incident.objects.count() == 19
        out = io.StringIO()
        call_command("settle", "--check", stdout=out)
        assert "no difference" in out.getvalue()


def test_part_comes_back_but_for_the_count_of_what_it_lacked(tmp_path, boss):
    make_full_world()
    first = package_of("kind=event&status=published", boss)
    assert manifest_in(first)["left_out"] == {"incidents.wave": 2}
    assert manifest_in(first)["whole"] is False
    empty()
    restore(saved_as(first, tmp_path), by=boss)
    before, after = texts_in(first), texts_in(package_of("kind=event&status=published", boss))
    assert before.pop(MANIFEST) != after.pop(MANIFEST)
    assert before == after


def test_question_is_whole_only_with_every_kind_and_status():
    assert is_whole(ask(WHOLE, None))
    assert not is_whole(ask("", None))
    assert not is_whole(ask(f"{WHOLE}&q=x", None))
    assert not is_whole(ask(WHOLE.replace("&status=merged", ""), None))


def test_articles_that_wait_to_be_coded_belong_to_the_whole_alone(boss):
    make_full_world()
    for query, is_there in ((WHOLE, True), (WHOLE.replace("&status=merged", ""), False)):
        titles = {row["title"] for row in rows_in(package_of(query, boss), "articles.csv")}
        assert ("waits" in titles) is is_there


@pytest.mark.parametrize("role", ["Viewer", "Researcher", "Administrator"])
def test_restricted_records_leave_no_trace(role):
    make_full_world()
    made = package_of(user=make_user(role))
    text = "".join(texts_in(made).values())
    assert "SECRET" not in text
    assert manifest_in(made)["left_out"] == {}
    [hidden] = Incident.objects.filter(title="SECRET incident")
    for file in ("incidents.csv", "incident_groups.csv"):
        assert str(hidden.pk) not in {next(iter(row.values())) for row in rows_in(made, file)}
    assert rows_in(made, "claim_groups.csv") == rows_in(made, "article_groups.csv") == []


def test_viewer_takes_nothing_of_the_desk_along():
    make_full_world()
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
    make_full_world()
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
    make_full_world()
    made = package_of(user=boss)
    assert len(rows_in(made, "imports.csv")) == 2
    assert "SECRET" not in texts_in(made)["imports.csv"]


def test_import_that_left_no_record_stays(boss):
    Import.objects.create(name="looked at", sha256="0" * 64, by=boss, state="checked")
    make_incident()
    assert rows_in(package_of(user=boss), "imports.csv") == []


def test_merged_record_goes_only_with_the_one_that_stands_for_it(boss):
    world = make_full_world()
    gone = world.incidents[1]
    found = rows_in(package_of("status=merged", boss), "incidents.csv")
    assert found == []
    both = rows_in(package_of("status=merged&status=published", boss), "incidents.csv")
    assert str(gone.pk) in {row["id"] for row in both}


def test_package_takes_as_many_queries_for_twenty_as_for_two():
    counts = []
    for _more in range(2):
        for _number in range(2 + 16 * len(counts)):
            make_claim(make_incident())
        with CaptureQueriesContext(
            connection,
        ) as queries:
            package_of("")
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_files_are_exactly_this(boss):
    """The same text on both databases is what carries a package from one to the other."""
    asia = make_place("m49:030", name="Eastern Asia")
    china = make_place(
        "CN", parent=asia, name="China", name_zh="中国", latitude="35", longitude="-1"
    )
    incident = make_incident('Returned, "all" of them', date_words="2024-04-26", sending=china)
    touch(incident, china)
    claim = make_claim(incident, "around 200", source_as_printed="가", quote="a\rb\nc")
    for record in (incident, claim):
        type(record).objects.filter(pk=record.pk).update(created=FIXED, updated=FIXED)
    Incident.objects.update(signed_at=FIXED, first_published=FIXED)
    texts = texts_in(package_of(user=boss))
    assert texts["places.csv"] == (
        "code,kind,parent,name,name_ko,name_zh,iso3,latitude,longitude,merged_into,edited\n"
        "CN,country,m49:030,China,,中国,,35.000000,-1.000000,,no\n"
        "m49:030,region,,Eastern Asia,,,,,,,no\n"
    )
    assert texts["place_names.csv"] == (
        "place,language,name,own\nCN,en,China,yes\nCN,zh,中国,yes\nm49:030,en,Eastern Asia,yes\n"
    )
    assert texts["incidents.csv"].splitlines()[1] == (
        f'{incident.pk},event,forced_return,"Returned, ""all"" of them",,,,CN,,2024-04-26,'
        "2024-04-26,2024-04-26,2024-04-26,no,,,no,no,,,,,,,published,,,,1,1,signer,"
        f"{FIXED},yes,{FIXED},{FIXED},{FIXED}"
    )
    assert texts["claims.csv"].partition("\n")[2] == (
        f'"{claim.pk}","{claim.article_id}","{incident.pk}","","가","no","affirms","returned",'
        '"event","","around 200","about","","200","","persons","","","","","","","no","","","",'
        '"","","a\rb\nc","","","not_known","","no","","accepted","","",'
        f'"{FIXED}","{FIXED}"\n'
    )


@pytest.mark.parametrize(
    ("role", "query", "status", "kind"),
    [
        ("Viewer", "", 200, "application/zip"),
        ("Viewer", "?nonsense=1", 400, "text/plain; charset=utf-8"),
        ("", "", 403, "text/html; charset=utf-8"),
    ],
)
def test_page_gives_the_package_to_whoever_may_export(client, role, query, status, kind):
    make_incident()
    client.force_login(make_user(role))
    response = client.get(f"/package.zip{query}")
    assert (response.status_code, response["Content-Type"]) == (status, kind)
    if status == 200:
        assert response["Content-Disposition"].endswith('.zip"')
        assert b"".join(response.streaming_content) == package_of("")


def test_page_asks_to_sign_in(client):
    assert client.get("/package.zip").status_code == 302


def test_list_links_to_the_package(client):
    make_incident()
    client.force_login(make_user("Viewer"))
    assert (
        'href="/package.zip?category=forced_return"'
        in client.get("/incidents/?category=forced_return").text
    )


def test_command_writes_the_same_bytes(tmp_path, boss):
    make_full_world()
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


def test_command_refuses_one_table_of_a_package(tmp_path):
    with pytest.raises(CommandError, match="every table"):
        call_command("export_incidents", "", "--format", "package", "--table", "claims", "-o", "-")


def test_codebook_says_what_each_file_holds(client):
    client.force_login(make_user("Viewer"))
    page = client.get("/codebook/").text
    for table in TABLES:
        assert f"<code>{table.file}</code>" in page
        assert escape(str(table.meaning)) in page


def test_large_package_leaves_in_pieces(boss, monkeypatch):
    make_full_world()
    whole = package_of(user=boss)
    monkeypatch.setattr(package, "CHUNK", 2)
    monkeypatch.setattr(package, "ENOUGH", 1)
    pieces = list(package_stream(ask(WHOLE, boss)))
    assert len(pieces) > 2 * len(TABLES)
    assert texts_in(b"".join(pieces)) == texts_in(whole)
