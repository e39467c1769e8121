"""The package of a question: every table with its keys, the same bytes wherever it is made.

What is restored from it is tested in test_restoring.
"""

import io
import tomllib

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.auth.models import Group
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.html import escape

from incidents import VERSION
from incidents.filters import ask
from incidents.models import Import, Incident, User
from incidents.packed import LEFT_OUT, TABLES
from incidents.packing import is_whole
from incidents.restoring import restore
from tests.factories import make_claim, make_incident, make_place, make_user, touch
from tests.packages import (
    FILE_NAMES,
    WHOLE,
    empty,
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


@pytest.mark.usefixtures("short_gazetteer")
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


def test_question_is_whole_only_with_every_kind_and_status():
    assert is_whole(ask(WHOLE, None))
    assert not is_whole(ask("", None))
    assert not is_whole(ask(f"{WHOLE}&q=x", None))
    assert not is_whole(ask(WHOLE.replace("&status=merged", ""), None))


def test_import_that_left_no_record_stays(boss):
    Import.objects.create(name="looked at", sha256="0" * 64, by=boss, state="checked")
    make_incident()
    assert rows_in(package_of(user=boss), "imports.csv") == []


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


def test_command_refuses_one_table_of_a_package(tmp_path):
    with pytest.raises(CommandError, match="every table"):
        call_command("export_incidents", "", "--format", "package", "--table", "claims", "-o", "-")


def test_codebook_says_what_each_file_holds(client):
    client.force_login(make_user("Viewer"))
    page = client.get("/codebook/").text
    for table in TABLES:
        assert f"<code>{table.file}</code>" in page
        assert escape(str(table.meaning)) in page
