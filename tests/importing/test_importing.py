"""Imports as a whole: all or nothing, the same twice, newer editions, conflicts, taking back."""

import os
import signal
import subprocess
import sys
import time

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection

from incidents import actions
from incidents.importing.updating import undo
from incidents.models import Article, Claim, Import, Incident, Origin, Source, User
from incidents.refusals import Refused
from incidents.settling import differences
from tests.factories import make_claim, make_incident, make_source, make_user
from tests.importing import sheets

pytestmark = pytest.mark.django_db


def everything() -> tuple:
    """Count what an import could have left."""
    return tuple(model.objects.count() for model in (Incident, Claim, Article, Source, Origin))


# --- all or nothing ---


def test_one_bad_row_saves_nothing_and_is_named(bring, tmp_path):
    rows = [{"web_id": str(number)} for number in range(2_500)]
    rows[1_700]["reported_date"] = "sometime"
    ran = bring(sheets.migrants(tmp_path / "mm.csv", *rows))
    assert (ran.code, ran.run.rejected, ran.run.new, ran.run.state) == (1, 1, 2_499, "refused")
    assert not any(everything())
    [line] = ran.rows(".rejected.csv")
    assert (line["row"], line["column"], line["value"]) == ("1702", "reported_date", "sometime")
    assert "is not read as a date" in line["message"]


def test_good_rows_are_kept_when_that_is_asked_for(bring, tmp_path):
    rows = {"web_id": "1"}, {"web_id": "2", "number_dead": "twelvety"}, {"web_id": "3"}
    ran = bring(sheets.migrants(tmp_path / "mm.csv", *rows), "--keep-good")
    assert (ran.code, ran.run.new, ran.run.rejected, ran.run.state) == (1, 2, 1, "saved")
    assert Incident.objects.count() == 2


def test_dry_run_says_the_same_and_writes_nothing(bring, tmp_path):
    path = sheets.migrants(tmp_path / "mm.csv", {}, {"web_id": "2"})
    dry = bring(path, "--dry-run")
    assert (dry.code, dry.run) == (0, None)
    assert "Dry run: 2 rows, 2 new" in dry.said
    assert not any(everything())
    assert bring(path).run.new == 2


def test_rejected_file_of_an_earlier_run_is_taken_away(bring, tmp_path):
    assert bring(sheets.migrants(tmp_path / "mm.csv", {"number_dead": "twelvety"})).code == 1
    ran = bring(sheets.migrants(tmp_path / "mm.csv", {}))
    assert not ran.rows(".rejected.csv")


@pytest.mark.parametrize(
    "options",
    [("--preset", "nonsense"), ("--category", "nonsense"), ("--encoding", "nonsense")],
)
def test_wrong_usage_ends_with_2(bring, tmp_path, options):
    path = sheets.migrants(tmp_path / "mm.csv", {})
    with pytest.raises(CommandError) as refusal:
        bring(path, *options)
    assert refusal.value.returncode == 2
    assert "nonsense" in str(refusal.value)


def test_file_that_is_not_there_ends_with_2(bring, tmp_path):
    with pytest.raises(CommandError) as refusal:
        bring(tmp_path / "nowhere.csv")
    assert refusal.value.returncode == 2


def test_viewer_may_not_import_nor_researcher_publish(bring, tmp_path):
    path = sheets.migrants(tmp_path / "mm.csv", {})
    make_user("Viewer", "vera")
    make_user("Researcher", "rolf")
    for name, status in (("vera", "draft"), ("rolf", "published")):
        with pytest.raises(CommandError, match="roles do not allow"):
            call_command("import_incidents", str(path), "--by", name, "--status", status)
    assert not any(everything())


@pytest.mark.django_db(transaction=True)
def test_import_that_is_killed_leaves_nothing_and_the_next_one_succeeds(bring, tmp_path):
    rows = [{"web_id": str(number)} for number in range(3_000)]
    path = sheets.migrants(tmp_path / "mm.csv", *rows)
    process = in_a_process(path)
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and not Import.objects.filter(state="checking").exists():
        time.sleep(0.05)
    time.sleep(0.8)
    assert process.poll() is None, "it ended before it could be killed"
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert not any(everything())
    assert bring(path).run.new == 3_000


def in_a_process(path) -> subprocess.Popen:
    """Import in a process of its own, into the database of this test."""
    code = (
        "import sys, django; django.setup()\n"
        "from django.db import connection\n"
        "connection.settings_dict['NAME'] = sys.argv[1]\n"
        "from django.core.management import call_command\n"
        "call_command('import_incidents', sys.argv[2], '--by', 'rita')\n"
    )
    name = str(connection.settings_dict["NAME"])
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "tests.settings"}
    return subprocess.Popen(  # noqa: S603 this very interpreter
        [sys.executable, "-c", code, name, str(path)],
        cwd=settings.BASE_DIR,
        env=environment,
        stdout=subprocess.DEVNULL,
    )


# --- the same file, and newer editions ---


def test_same_file_again_changes_nothing(bring, tmp_path):
    path = sheets.migrants(tmp_path / "mm.csv", {}, {"web_id": "2"}, {"number_dead": "8"})
    bring(path)
    before, history = everything(), Incident.history.count()
    again = bring(path)
    assert (again.run.unchanged, again.run.new, again.code) == (3, 0, 0)
    assert (everything(), Incident.history.count()) == (before, history)


def test_every_record_remembers_where_it_came_from(bring, tmp_path):
    bring(sheets.migrants(tmp_path / "mm.csv", {}, {"web_id": "2"}))
    incident = Incident.objects.get(origins__own_id="2")
    origins = incident.origins.order_by("own_id").values_list("own_id", "row", "made_by__name")
    assert list(origins) == [
        ("2", 3, "mm.csv"),
        ("2#dead", 3, "mm.csv"),
        ("2#missing", 3, "mm.csv"),
    ]
    for record in (incident, *incident.claims.all(), incident.claims.first().article):
        first = record.history.get()
        assert (first.history_user.username, first.history_type) == ("rita", "+")
        assert first.history_change_reason.startswith("Imported from mm.csv (missing-migrants)")


def test_newer_edition_updates_what_nobody_edited_and_says_what_changed(bring, tmp_path):
    bring(sheets.migrants(tmp_path / "mm.csv", {}, {"web_id": "2"}))
    newer = {"number_dead": "7", "number_missing": "", "country_of_incident": "Syria"}
    ran = bring(sheets.migrants(tmp_path / "mm.csv", {**newer}, {"web_id": "2"}))
    assert (ran.run.changed, ran.run.unchanged) == (1, 1)
    incident = Incident.objects.get(origins__own_id="2014.MMP00001")
    assert (incident.people_best, incident.version, incident.places.get().place.code) == (
        7,
        2,
        "SY",
    )
    claims = dict(incident.claims.values_list("measure", "status"))
    assert claims == {"dead": "accepted", "missing": "set_aside"}
    said = [line["message"] for line in ran.rows(".report.csv")]
    assert any("3 → 7" in message for message in said)
    assert any("Libya (where it happened, “Off Zuwara”) → Syria" in message for message in said)
    columns = [line["column"] for line in ran.rows(".report.csv")]
    assert columns[:3] == ["title", "place", "count as worded"]
    assert not differences([incident.pk])
    assert bring(tmp_path / "mm.csv").run.unchanged == 2


def test_local_edit_is_a_conflict_and_not_overwritten(bring, tmp_path):
    bring(sheets.migrants(tmp_path / "mm.csv", {}))
    incident = Incident.objects.get()
    incident.title = "A better title"
    actions.save(incident, by=User.objects.get(username="rita"), why="Better")
    actions.revise(incidents=[incident.pk], by=User.objects.get(username="rita"), why="Better")
    ran = bring(sheets.migrants(tmp_path / "mm.csv", {"number_dead": "7"}))
    incident.refresh_from_db()
    assert (ran.run.conflicts, ran.run.changed, incident.people_best) == (1, 0, 3)
    assert incident.title == "A better title"
    assert any("was edited here since" in line["message"] for line in ran.rows(".report.csv"))


def test_column_that_comes_or_goes_is_no_change_of_what_is_said(bring, tmp_path):
    bring(sheets.migrants(tmp_path / "mm.csv", {}))
    headers = [name for name in sheets.MIGRANTS if name != "country_origin"]
    ran = bring(sheets.write(tmp_path / "mm.csv", headers, [sheets.MIGRANT]))
    assert (ran.run.unchanged, ran.run.changed) == (1, 0)


# --- taking back ---


def test_import_can_be_undone_and_revived(bring, tmp_path):
    path = sheets.migrants(tmp_path / "mm.csv", {}, {"web_id": "2"})
    run = bring(path).run
    rita = User.objects.get(username="rita")
    assert undo(run, by=rita, why="Wrong file") == 2
    assert set(Incident.objects.values_list("status", flat=True)) == {"withdrawn"}
    ran = bring(path)
    assert (ran.run.revived, ran.run.new) == (2, 0)
    assert set(Incident.objects.values_list("status", flat=True)) == {"draft"}
    assert bring(path).run.unchanged == 2
    assert undo(ran.run, by=rita, why="Again") == 2


def test_import_whose_records_somebody_edited_is_not_undone(bring, tmp_path):
    run = bring(sheets.migrants(tmp_path / "mm.csv", {}, {"web_id": "2"})).run
    rita = User.objects.get(username="rita")
    key = Incident.objects.order_by("pk")[0].pk
    actions.revise(incidents=[key], by=rita, why="Looked at")
    with pytest.raises(Refused, match="Edited since: AT-"):
        undo(run, by=rita, why="Wrong file")
    assert not Incident.objects.filter(status="withdrawn").exists()


# --- the project's own tables ---


def test_claims_of_one_incident_stand_together(bring, tmp_path):
    second = {
        "claim": "2",
        "words": "약 200명",
        "source_as_printed": "Korean Unification Solidarity",
    }
    ran = bring(sheets.claims(tmp_path / "claims.csv", {}, second))
    incident = Incident.objects.get()
    assert (ran.code, ran.run.new, incident.claims.count()) == (0, 2, 2)
    assert (incident.figure_kind, incident.people_high, incident.people_best) == (
        "disputed",
        200,
        None,
    )
    assert Article.objects.count() == 1
    assert incident.places.get().place.code == "CN-JL"
    assert incident.title == "Returns at Tumen"


def test_claim_that_comes_later_joins_its_incident_as_a_new_version(bring, tmp_path):
    bring(sheets.claims(tmp_path / "claims.csv", {}))
    ran = bring(sheets.claims(tmp_path / "claims.csv", {}, {"claim": "2", "words": "60"}))
    incident = Incident.objects.get()
    assert (ran.run.unchanged, ran.run.new) == (1, 1)
    assert (incident.version, incident.claims.count(), incident.disputed) == (2, 2, False)
    assert bring(tmp_path / "claims.csv").run.unchanged == 2


def test_known_source_is_found_by_any_name_and_an_unknown_one_is_made(bring, tmp_path):
    known = make_source("Radio Free Asia")
    known.aliases.create(name="자유아시아방송")
    rows = {"source": "자유아시아방송"}, {"claim": "2", "source": "Daily NK", "incident": "K2"}
    bring(sheets.claims(tmp_path / "claims.csv", *rows))
    assert Claim.objects.get(words="up to 60", incident__origins__own_id="K1").source == known
    assert Source.objects.filter(name="Daily NK", slug="daily-nk").exists()


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("words", "many many"),
        ("date_words", "04/31/2024"),
        ("category", "kidnapping by aliens"),
        ("place_role", "nowhere"),
    ],
)
def test_what_is_not_understood_is_refused_with_its_column_and_value(bring, tmp_path, cell, value):
    ran = bring(sheets.claims(tmp_path / "claims.csv", {cell: value}))
    [line] = ran.rows(".rejected.csv")
    assert (ran.code, line["value"]) == (1, value)
    assert value in line["message"]


def test_apostrophe_that_exports_put_before_formulas_is_taken_away(bring, tmp_path):
    quote = "=HYPERLINK(1)"
    bring(sheets.claims(tmp_path / "claims.csv", {"quote": f"'{quote}", "title": "''+1"}))
    assert Claim.objects.get().quote == quote
    assert Incident.objects.get().title == "'+1"


def test_place_that_is_nowhere_stays_in_words_and_extra_data(bring, tmp_path):
    ran = bring(sheets.claims(tmp_path / "claims.csv", {"place_code": "Atlantis"}))
    assert (ran.code, Incident.objects.get().places.count()) == (0, 0)
    assert "Atlantis" in Incident.objects.get().extra
    assert any("no place of the gazetteer" in line["message"] for line in ran.rows(".report.csv"))


def test_mapping_of_ones_own_reads_a_sheet_in_another_language(bring, tmp_path):
    mapping = tmp_path / "mine.toml"
    mapping.write_text(
        """
        name = "our sheet"
        rows = "claims"
        id = "번호"
        [incident]
        category = { value = "forced_return" }
        title = "사건"
        [[claim]]
        label = "claim"
        words = "인원"
        date = "날짜"
        place = { columns = "장소", read = "place" }
        place_words = "장소"
        source_as_printed = "출처"
        article_url = "링크"
        """,
        encoding="utf-8",
    )
    row = {
        "번호": "7",
        "사건": "지린성 강제북송",
        "인원": "최대 60명",
        "날짜": "2024년 4월 26일",
        "장소": "지린성",
        "출처": "데일리NK",
        "링크": "https://news.example/ko",
        "메모": "확인 필요",
    }
    path = sheets.write(tmp_path / "우리.csv", row, [row], encoding="cp949", delimiter=";")
    ran = bring(path, "--preset", str(mapping))
    incident = Incident.objects.get()
    assert (ran.code, incident.people_high, incident.earliest.isoformat()) == (0, 60, "2024-04-26")
    assert (incident.title, incident.places.get().place.code) == ("지린성 강제북송", "CN-JL")
    assert "확인 필요" in incident.extra


def test_undoing_what_is_published_takes_a_reviewer(bring, tmp_path):
    run = bring(sheets.migrants(tmp_path / "mm.csv", {}), "--status", "published").run
    rolf = make_user("Researcher", "rolf")
    with pytest.raises(Refused, match="withdraw what is published"):
        undo(run, by=rolf, why="Wrong file")
    assert Incident.objects.get().status == "published"
    undo(run, by=User.objects.get(username="rita"), why="Wrong file")
    ran = bring(tmp_path / "mm.csv")
    assert (ran.run.revived, Incident.objects.get().status) == (1, "in_review")


def test_undoing_what_made_nothing_is_refused(bring, tmp_path):
    bring(sheets.migrants(tmp_path / "mm.csv", {}))
    run = bring(sheets.migrants(tmp_path / "mm.csv", {"number_dead": "7"})).run
    with pytest.raises(Refused, match="made no incident"):
        undo(run, by=User.objects.get(username="rita"), why="Wrong file")


# --- rows that refer to others ---


def referring(path, *rows):
    """Write claims with columns that refer to other rows."""
    headers = [*sheets.CLAIMS, "repeats", "of", "corrects", "wave", "kind"]
    return sheets.write(path, headers, [{**sheets.CLAIM, **row} for row in rows])


def test_claims_refer_to_each_other_whichever_stands_first(bring, tmp_path):
    rows = {"repeats": "2"}, {"claim": "2", "words": "60"}
    assert bring(referring(tmp_path / "claims.csv", *rows)).code == 0
    assert Claim.objects.get(words="up to 60").repeats == Claim.objects.get(words="60")
    assert not differences([Incident.objects.get().pk])


def test_what_no_form_accepts_stays_unconnected(bring, tmp_path):
    rows = (
        {"repeats": "1"},
        {"claim": "2", "words": "60", "repeats": "3"},
        {"claim": "3", "words": "61", "repeats": "2"},
        {"claim": "4", "incident": "K2", "words": "62", "of": "1"},
    )
    assert bring(referring(tmp_path / "claims.csv", *rows)).code == 0
    refers = Claim.objects.order_by("pk").values_list("repeats__words", "of")
    assert sorted(refers, key=str) == [("61", None), (None, None), (None, None), (None, None)]


def test_numbers_of_ones_own_sheet_are_not_those_of_the_database(bring, tmp_path):
    number = make_claim(make_incident(), "9").pk
    ran = bring(sheets.claims(tmp_path / "b.csv", {"claim": str(number), "incident": "OUR-1"}))
    assert (ran.run.new, ran.run.conflicts) == (1, 0)
    assert Claim.objects.get(pk=number).words == "9"


def test_two_people_may_number_their_rows_alike(bring, tmp_path):
    path = sheets.claims(tmp_path / "claims.csv", {})
    bring(path)
    make_user("Researcher", "rolf")
    sheets.claims(path, {"title": "Another", "words": "7"})
    call_command("import_incidents", str(path), "--by", "rolf")
    assert Incident.objects.count() == 2


def test_claim_that_joins_what_is_stored_is_told(bring, tmp_path):
    bring(sheets.claims(tmp_path / "a.csv", {}))
    ran = bring(sheets.claims(tmp_path / "b.csv", {"claim": "2", "words": "61"}))
    [line] = ran.rows(".report.csv")
    assert "joins AT-" in line["message"]


def test_incident_whose_first_row_is_rejected_is_not_begun_by_another(bring, tmp_path):
    rows = {"words": "gibberish"}, {"claim": "2", "title": "", "words": "6"}
    ran = bring(sheets.claims(tmp_path / "claims.csv", *rows), "--keep-good")
    assert (ran.code, ran.run.rejected, Incident.objects.count()) == (1, 2, 0)


def test_claim_is_not_moved_to_another_incident(bring, tmp_path):
    bring(sheets.claims(tmp_path / "claims.csv", {}))
    ran = bring(sheets.claims(tmp_path / "claims.csv", {"incident": "K2", "words": "61"}))
    assert (ran.code, ran.run.rejected) == (1, 1)
    assert "does not move it" in ran.rows(".rejected.csv")[0]["message"]


@pytest.mark.parametrize("key", ["#1", "k" * 201])
def test_key_that_no_origin_can_hold_is_refused(bring, tmp_path, key):
    assert bring(sheets.claims(tmp_path / "claims.csv", {"incident": key})).code == 1
