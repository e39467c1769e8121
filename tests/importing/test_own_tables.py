"""The project's own files come back: the same, changed, out of date, and lost records restored."""

import csv
import datetime as dt
from pathlib import Path

import pytest
from django.contrib.auth.models import Group
from django.core.management import call_command

from incidents import actions
from incidents.models import (
    Article,
    Claim,
    Incident,
    IncidentFigure,
    IncidentKnot,
    IncidentPlace,
    IncidentRegion,
    IncidentSource,
    IncidentText,
    KnotSum,
    MonthSum,
    Place,
    Source,
    User,
)
from incidents.settling import differences, settle
from tests.factories import make_claim, make_incident, make_source, touch
from tests.importing import sheets

pytestmark = pytest.mark.django_db


@pytest.fixture
def records(bring):
    """Three incidents with claims that name each other, and text that a spreadsheet would run."""
    wave = make_incident(kind="wave", title="Autumn 2023", date_words="2023-10")
    event = make_incident(title="=HYPERLINK(1)", date_words="2024-04-26", wave=wave)
    touch(event, Place.objects.get(code="CN-JL"), "crossing")
    other = make_incident(title="- 강제북송, “quoted”; and more", date_words="2024")
    for incident in (wave, other):
        touch(incident, Place.objects.get(code="CN"))
    rfa = make_source("Radio Free Asia")
    first = make_claim(event, "up to 60", source=rfa, quote="+60\nmore", source_as_printed="@RFA")
    make_claim(event, "약 200명", repeats=first, place_words="지린성", basis="event")
    make_claim(event, "13 women", basis="part", of=first)
    make_claim(other, "none stated")
    make_claim(wave, "600여 명", article=first.article)
    settle([wave.pk, event.pk, other.pk])
    return event


def exported(folder: Path, table: str) -> Path:
    """Take a table away as a reviewer."""
    path = folder / f"{table}.csv"
    call_command("export_incidents", "", "--table", table, "-o", str(path), "--as", "rita")
    return path


def rows_of(path: Path) -> list[dict[str, str]]:
    """Read a file that was exported."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def rewrite(path: Path, row: int, **cells: str) -> None:
    """Change cells of a file as somebody in a spreadsheet would."""
    rows = rows_of(path)
    rows[row] |= cells
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)


@pytest.mark.parametrize("table", ["incidents", "claims"])
def test_own_file_says_nothing_new(bring, records, tmp_path, table):
    ran = bring(exported(tmp_path, table), "--preset", "attest")
    assert (ran.run.unchanged, ran.run.rows, ran.code) == (ran.run.rows, ran.run.rows, 0)
    assert ran.run.rows > 1


def test_cell_that_somebody_changed_in_the_file_is_changed_here(bring, records, tmp_path):
    path = exported(tmp_path, "claims")
    [row] = [n for n, row in enumerate(rows_of(path)) if row["words"] == "up to 60"]
    rewrite(path, row, words="up to 70")
    ran = bring(path, "--preset", "attest")
    assert (ran.run.changed, ran.run.unchanged) == (1, ran.run.rows - 1)
    assert Claim.objects.get(words="up to 70").high == 70
    records.refresh_from_db()
    assert records.people_high == 70
    assert not differences([records.pk])


def test_record_changed_here_since_the_export_is_a_conflict(bring, records, tmp_path):
    path = exported(tmp_path, "incidents")
    [row] = [n for n, r in enumerate(rows_of(path)) if r["incident"] == records.code]
    rewrite(path, row, title="From the file", updated="2020-01-01T00:00:00Z")
    ran = bring(path, "--preset", "attest")
    records.refresh_from_db()
    assert (ran.run.conflicts, records.title) == (1, "=HYPERLINK(1)")


def test_file_of_another_site_makes_records_of_its_own(bring, records, tmp_path):
    path = exported(tmp_path, "incidents")
    for row, cells in enumerate(rows_of(path)):
        rewrite(path, row, url=cells["url"].replace("127.0.0.1:8000", "attest.example"))
    before = Incident.objects.count()
    ran = bring(path, "--preset", "attest")
    assert (ran.run.new, ran.run.dataset) == (ran.run.rows, "attest attest.example")
    assert Incident.objects.count() == before + ran.run.rows


def test_lost_records_come_back_with_codes_numbers_and_every_cell(bring, records, tmp_path):
    files = {table: exported(tmp_path, table) for table in ("incidents", "claims")}
    before = {table: rows_of(path) for table, path in files.items()}
    forget_everything()
    for path in files.values():
        assert bring(path, "--preset", "attest", "--status", "published").code == 0
    after = {table: rows_of(exported(tmp_path, table)) for table in files}
    differing = {
        (table, name, old[name], new[name])
        for table, rows in before.items()
        for old, new in zip(rows, after[table], strict=True)
        for name in old
        if old[name] != new[name] and name not in OF_THE_IMPORT
    }
    assert not differing


# What says when and by whom, and what the vocabulary of sources says beyond the name.
OF_THE_IMPORT = {
    *("version", "review", "first_published", "updated", "article", "source_slug", "source_kind"),
}


DERIVED = (
    *(IncidentFigure, IncidentRegion, IncidentSource, IncidentText, IncidentKnot, KnotSum),
    MonthSum,
)


def forget_everything() -> None:
    """Lose every record and its history, as a new database would not have them."""
    Claim.objects.update(of=None, repeats=None, corrects=None)
    Incident.objects.update(wave=None)
    for model in (*DERIVED, Claim, IncidentPlace, Article):
        model.objects.all().delete()
    Incident.objects.all()._raw_delete("default")
    Source.objects.all().delete()
    for model in (Claim, Incident, Article, IncidentPlace, Source):
        model.history.all().delete()


def test_edit_in_between_keeps_the_file_from_overwriting(bring, records, tmp_path):
    path = exported(tmp_path, "incidents")
    records.title = "Edited here"
    actions.save(records, by=User.objects.get(username="rita"), why="Better")
    later = records.updated + dt.timedelta(seconds=2)
    Incident.objects.filter(pk=records.pk).update(updated=later)
    [row] = [n for n, r in enumerate(rows_of(path)) if r["incident"] == records.code]
    rewrite(path, row, title="From the file")
    ran = bring(path, "--preset", "attest")
    records.refresh_from_db()
    assert (ran.run.conflicts, records.title) == (1, "Edited here")


@pytest.mark.parametrize("table", ["incidents", "claims"])
def test_record_that_is_kept_to_others_is_neither_told_nor_changed(bring, records, tmp_path, table):
    path = exported(tmp_path, table)
    records.restricted_to.add(Group.objects.create(name="Circle"))
    settle([records.pk])
    before = list(Incident.objects.filter(pk=records.pk).values())
    for row, cells in enumerate(rows_of(path)):
        if cells["incident"] == records.code:
            rewrite(path, row, **{"title" if table == "incidents" else "words": "7"})
    ran = bring(path, "--preset", "attest", "--dry-run")
    assert "HYPERLINK" not in ran.said
    assert "up to 60" not in ran.said
    bring(path, "--preset", "attest")
    assert list(Incident.objects.filter(pk=records.pk).values()) == before
    assert set(records.claims.values_list("words", flat=True)) == {
        "up to 60",
        "약 200명",
        "13 women",
    }


def test_row_whose_record_was_closed_since_is_a_conflict_without_its_code(bring, tmp_path):
    bring(sheets.migrants(tmp_path / "mm.csv", {}))
    incident = Incident.objects.get()
    incident.restricted_to.add(Group.objects.create(name="Circle"))
    settle([incident.pk])
    ran = bring(sheets.migrants(tmp_path / "mm.csv", {"number_dead": "9"}))
    [line] = ran.rows(".report.csv")
    assert (ran.run.conflicts, incident.code in line["message"]) == (1, False)
    assert Claim.objects.get(measure="dead").words == "3"
