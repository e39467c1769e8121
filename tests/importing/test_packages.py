"""Packages by the import command: restored as they are, and files imported before stay known."""

import io

import pytest
from django.core.management import CommandError, call_command

from incidents.models import Assessment, Import, Incident, Origin, User
from incidents.unpacking import is_package
from tests.importing import books, sheets
from tests.packages import empty, package_of, saved_as, texts_in, zipped

pytestmark = pytest.mark.django_db


@pytest.fixture
def boss():
    return User.objects.create(username="boss", is_superuser=True)


@pytest.fixture
def package(bring, boss, tmp_path):
    """Give the package of what was imported from a sheet, and a database without records."""
    assert bring(sheets.migrants(tmp_path / "mm.csv", {"web_id": "1"}, {"web_id": "2"})).code == 0
    made = package_of(user=boss)
    empty()
    return saved_as(made, tmp_path)


def restored(path, *options: str, by: str = "boss") -> str:
    """Run the command; give what it said."""
    out = io.StringIO()
    call_command("import_incidents", str(path), "--by", by, *options, stdout=out)
    return out.getvalue()


def refused(path, *options: str, by: str = "boss") -> str:
    """Run the command, which ends with 2; give its sentence."""
    with pytest.raises(CommandError) as refusal:
        restored(path, *options, by=by)
    assert refusal.value.returncode == 2
    assert not Incident.objects.exists()
    assert not Import.objects.exists()
    return str(refusal.value)


@pytest.mark.parametrize(
    ("made", "rows"),
    [(sheets.migrants, "web_id"), (sheets.events, "id")],
    ids=["missing migrants", "events with assessments"],
)
def test_file_imported_before_stays_known(bring, boss, tmp_path, made, rows):
    path = made(tmp_path / "sheet.csv", *({rows: str(number)} for number in range(30)))
    ran = bring(path, "--status", "published")
    assert (ran.code, ran.run.new) == (0, 30)
    assert Assessment.objects.exists() is (made is sheets.events)
    first = package_of(user=boss)
    origins = list(Origin.objects.order_by("pk").values())
    empty()
    restored(saved_as(first, tmp_path))
    assert package_of(user=boss) == first
    assert list(Origin.objects.order_by("pk").values()) == origins
    again = bring(path, "--status", "published")
    assert (again.code, again.run.unchanged, again.run.new) == (0, 30, 0)
    assert Incident.objects.count() == 30
    call_command("settle", "--check", stdout=io.StringIO())


def test_import_comes_back_with_who_when_and_what(package, boss):
    restored(package)
    [run] = Import.objects.all()
    assert (run.name, run.by.username, run.state, run.new) == ("mm.csv", "rita", "saved", 2)
    assert run.ended > run.started
    assert not run.file


def test_package_says_what_it_brought(package):
    said = restored(package)
    assert said.startswith("Restored: ")
    assert "2 incidents" in said
    assert "1 imports" in said
    assert Incident.objects.count() == 2


def test_trying_a_package_saves_nothing(package):
    assert restored(package, "--dry-run").startswith("Dry run, nothing was saved: ")
    assert not Incident.objects.exists()
    assert not package.with_name("package.zip.rejected.csv").exists()


def test_accounts_that_were_made_are_named(package):
    User.objects.filter(username="rita").delete()
    assert "Accounts made, without a password and inactive: rita." in restored(package)


@pytest.mark.parametrize(
    "options",
    [
        ("--preset", "attest"),
        ("--keep-good",),
        ("--status", "draft"),
        ("--category", "other"),
        ("--encoding", "utf-8"),
        ("--delimiter", ","),
        ("--worksheet", "1"),
        ("--order", "dmy"),
    ],
    ids=lambda options: options[0],
)
def test_option_of_sheets_is_refused(package, options):
    assert refused(package, *options) == (
        f"A package is restored as it is; leave {options[0]} out."
    )


def test_package_that_cannot_be_restored_is_refused(package):
    whole = package.read_bytes()
    texts = texts_in(whole)
    changed = zipped(texts | {"claims.csv": texts["claims.csv"].replace("affirms", "denies")})
    lacking = zipped({name: text for name, text in texts.items() if name != "manifest.json"})
    for wrong, sentence in (
        (changed, "claims.csv is not as it was packed"),
        (whole[:-30], "not a package, or not a whole one"),
        (lacking, "The package lacks manifest.json."),
    ):
        package.write_bytes(wrong)
        said = refused(package)
        assert sentence in said
        assert said.endswith(" Nothing was saved.")


def test_reviewer_may_not_restore(package):
    assert "restore a package" in refused(package, by="rita")


def test_package_under_another_name_is_one(package):
    restored(package.rename(package.with_name("backup.bin")))
    assert Incident.objects.count() == 2


def test_workbook_is_no_package(tmp_path):
    path = books.make(tmp_path / "book.zip")
    assert not is_package(path)
    assert not is_package(tmp_path / "nowhere.zip")
