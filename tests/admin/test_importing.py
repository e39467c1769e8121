"""Importing at the desk: upload, columns, check, save, undo; refusals; who may do what."""

import datetime as dt
import io
import json
import shutil
import time

import openpyxl
import pytest
from django.contrib.auth.models import Group
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone
from django_tasks_db.management.commands import db_worker
from django_tasks_db.models import DBTaskResult

from incidents.importing import blanks, folders, jobs, presets
from incidents.importing.reading import open_sheet
from incidents.importing.running import Running
from incidents.models import Claim, Import, Incident
from incidents.settling import settle
from tests.admin.desk import signed_in
from tests.factories import make_place, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.looks]

UPLOAD = "admin:incidents_import_upload"
KOREAN = (
    "번호;발생 날짜;국가;장소;송환 인원;출처 기관;기사 링크;담당자\n"
    "1;2024년 4월 26일;중국;투먼;약 200명;통일연대;https://news.example/1;김\n"
    "2;2023-10-09;중국;훈춘;최대 60명;자유방송;https://news.example/2;이\n"
).encode("cp949")
CLAIMS = (
    "incident,claim,words,source,date_words,article_url\n"
    "a,1,around 200,Union,2024-04-26,https://news.example/1\n"
    "b,2,{words},Radio,2024-04-26,https://news.example/2\n"
)
GOOD = CLAIMS.format(words="up to 60").encode()
BAD = CLAIMS.format(words="lots and lots?").encode()


@pytest.fixture(autouse=True)
def media(settings, tmp_path, monkeypatch):
    """A folder for uploads; a worker that keeps the test's own connection open."""
    settings.MEDIA_ROOT = str(tmp_path)
    monkeypatch.setattr(db_worker, "close_old_connections", lambda: None)
    return tmp_path


@pytest.fixture
def desk():
    return signed_in(make_user("Researcher", "rosa"))


@pytest.fixture
def reviewer():
    return signed_in(make_user("Reviewer", "rita"))


def upload(client, content: bytes, name: str = "sheet.csv", **said):
    """Upload a file as the form posts it."""
    file = SimpleUploadedFile(name, content)
    typed = {"file": file, "rows": "", "status": "draft", "category": "other"} | said
    return client.post(reverse(UPLOAD), typed)


def page(name: str, run: Import, *args) -> str:
    """Give the address of a page of an import."""
    return reverse(f"admin:incidents_import_{name}", args=[run.pk, *args])


def step(client, run: Import, name: str, **said):
    """Press a button of the report."""
    return client.post(page("step", run), {"step": name} | said)


def worked(run: Import) -> Import:
    """Let a worker do what waits."""
    call_command("worker", "--batch")
    run.refresh_from_db()
    return run


def checked(client, content: bytes, **said) -> Import:
    """Upload and check a file."""
    upload(client, content, **said)
    run = Import.objects.get()
    step(client, run, "check")
    return worked(run)


def only(response) -> Import:
    """Find the one import, which the answer leads to."""
    run = Import.objects.get()
    assert response.status_code == 302, response.context["form"].errors
    assert response["Location"] == page("columns", run)
    return run


# --- who may ---


@pytest.mark.parametrize("role", ["", "Viewer"])
def test_reader_does_not_import(role):
    client = signed_in(make_user(role))
    assert client.get(reverse(UPLOAD)).status_code == 403
    assert upload(client, GOOD).status_code == 403
    assert not Import.objects.exists()


def test_list_offers_to_import(desk):
    response = desk.get(reverse("admin:incidents_import_changelist"))
    assert reverse(UPLOAD) in response.text


@pytest.mark.parametrize(("role", "offered"), [("Researcher", False), ("Reviewer", True)])
def test_only_reviewers_publish_what_they_import(role, offered):
    client = signed_in(make_user(role))
    statuses = [c for c, _ in client.get(reverse(UPLOAD)).context["form"].fields["status"].choices]
    assert ("published" in statuses) is offered
    assert (upload(client, GOOD, status="published").status_code == 302) is offered


def test_only_who_assesses_is_offered_figures(desk, reviewer):
    run = only(upload(desk, KOREAN))
    assert "Lowest number" not in desk.get(page("columns", run)).text
    upload(reviewer, KOREAN)
    run = Import.objects.latest("pk")
    assert "Lowest number" in reviewer.get(page("columns", run)).text


def refused_all(client, run: Import) -> None:
    """See that every page and button of an import is not there for somebody."""
    for name in ("change", "columns"):
        assert client.get(page(name, run)).status_code == 404
    assert client.get(page("file", run, "mapping")).status_code == 404
    for button in ("save", "cancel", "undo", "check"):
        assert client.post(page("step", run), {"step": button}).status_code == 404
    run.refresh_from_db()
    assert run.state == "checked"


def test_import_is_no_other_researchers(desk):
    refused_all(signed_in(make_user("Researcher", "other")), checked(desk, GOOD))


def test_reviewer_finishes_an_import_of_somebody_else(desk, reviewer):
    run = checked(desk, GOOD)
    step(reviewer, run, "save")
    assert worked(run).state == "saved"
    assert run.dataset == "attest rosa"
    names = Incident.history.values_list("history_user__username", flat=True)
    assert set(names) == {"rita"}
    assert checked_again(desk).unchanged == 2


def checked_again(client) -> Import:
    """Check the same file once more."""
    upload(client, GOOD)
    run = Import.objects.latest("pk")
    step(client, run, "check")
    return worked(run)


def test_import_that_may_tell_of_what_is_kept_from_a_reviewer_is_not_theirs(desk, reviewer):
    group = Group.objects.create(name="Witnesses")
    run = checked(desk, GOOD)
    run.by.groups.add(group)
    step(desk, run, "save")
    worked(run)
    later = checked_again(desk)
    assert reviewer.get(page("change", later)).status_code == 200
    incident = Incident.objects.first()
    incident.restricted_to.add(group)
    settle([incident.pk])
    refused_all(reviewer, later)
    run.by.groups.remove(group)
    refused_all(reviewer, later)
    assert signed_in(make_user(is_superuser=True)).get(page("change", later)).status_code == 200


def test_upload_that_nobody_confirms_is_taken_away_after_some_days(desk, media):
    saved = checked(desk, GOOD)
    step(desk, saved, "save")
    worked(saved)
    upload(desk, GOOD.replace(b"1,around", b"7,around"))
    forgotten = Import.objects.latest("pk")
    long_ago = timezone.now() - dt.timedelta(days=15)
    Import.objects.update(started=long_ago, ended=long_ago)
    upload(desk, KOREAN)
    call_command("worker", "--batch")
    left = Import.objects.order_by("pk").values_list("pk", flat=True)
    assert list(left) == [saved.pk, forgotten.pk + 1]
    assert not (media / forgotten.file.name).parent.exists()
    assert (media / saved.file.name).exists()


def test_other_columns_need_another_check(desk):
    run = checked(desk, KOREAN)
    desk.post(page("columns", run), {"button": "own"})
    run.refresh_from_db()
    assert run.state == "uploaded"
    assert (
        "Check the file first." in desk.post(page("step", run), {"step": "save"}, follow=True).text
    )


# --- the upload ---


def test_file_is_kept_under_a_name_of_our_own(desk, media):
    run = only(upload(desk, GOOD, name="../../etc/passwd.csv"))
    assert run.name == "passwd.csv"
    assert [path.name for path in media.iterdir()] == ["imports"]
    kept = media / run.file.name
    assert kept.read_bytes() == GOOD
    assert kept.stat().st_mode & 0o077 == kept.parent.stat().st_mode & 0o077 == 0


def test_too_large_file_is_refused_with_a_sentence(desk, settings, media):
    settings.IMPORT_MAX_MB = 1
    response = upload(desk, b"a,b\n" + b"1,2\n" * 300_000)
    assert response.status_code == 400
    assert "larger than 1 MB" in response.text
    assert not list(media.rglob("sheet"))


@pytest.mark.parametrize(
    ("content", "name", "sentence"),
    [
        (b"%PDF-1.7 hello", "report.pdf", "neither CSV nor an .xlsx workbook"),
        (b"PK\x03\x04 no archive", "sheet.xlsx", "errorlist"),
        (b"", "empty.csv", "The file is empty"),
        (b"a,b\n1,\x00\n", "nul.csv", "NUL"),
        (b"a,a\n1,2\n", "twice.csv", "both called “a”"),
    ],
    ids=["pdf", "broken workbook", "empty", "nul", "same header twice"],
)
def test_unreadable_file_is_refused_with_a_sentence(desk, content, name, sentence, media):
    response = upload(desk, content, name=name)
    assert response.status_code == 400
    assert sentence in response.text
    assert str(media.parent.parent.parent) not in response.text
    assert not Import.objects.exists()
    assert not list(media.rglob("sheet"))


def test_worksheet_that_is_not_there_is_refused(desk):
    response = upload(desk, blanks.blank_workbook("claims"), "a.xlsx", worksheet="Data")
    assert "There is no worksheet “Data”" in response.text


def test_hostile_headers_are_shown_escaped(desk):
    run = only(upload(desk, b"<script>x</script>,date\n<b>1</b>,2024-01-01\n"))
    text = desk.get(page("columns", run)).text
    assert "<script>x" not in text
    assert "<b>1" not in text
    assert "&lt;script&gt;x&lt;/script&gt;" in text


def test_own_mapping_is_taken(desk):
    toml = 'name = "mine"\nrows = "incidents"\n[incident]\ntitle = "번호"\n'
    mapping = SimpleUploadedFile("mine.toml", toml.encode())
    run = only(upload(desk, KOREAN, rows="own", mapping=mapping))
    assert run.dataset == "mine"
    assert presets.read(run.mapping) == presets.read(toml)


@pytest.mark.parametrize(
    ("toml", "sentence"),
    [
        (None, "Choose the .toml file"),
        (b"name = ", "not TOML"),
        (b'name = "x"\nrows = "people"', "not allowed"),
        (b"\xff\xfe", "not written in UTF-8"),
    ],
    ids=["none", "broken", "wrong", "encoding"],
)
def test_bad_mapping_is_refused_with_a_sentence(desk, toml, sentence):
    said = {"mapping": SimpleUploadedFile("m.toml", toml)} if toml else {}
    response = upload(desk, KOREAN, rows="own", **said)
    assert response.status_code == 400
    assert sentence in response.text


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@pytest.mark.parametrize("table", blanks.TABLES)
def test_blank_file_is_recognised_when_it_comes_back(desk, table, kind, tmp_path):
    answer = desk.get(reverse("admin:incidents_import_blank", args=[f"{table}-{kind}"]))
    assert answer["Content-Disposition"] == f'attachment; filename="{table}.{kind}"'
    path = tmp_path / f"{table}.{kind}"
    path.write_bytes(answer.content)
    sheet = open_sheet(path)
    assert list(sheet.headers) == [name for name, _what in blanks.columns_of(table)]
    assert next(presets.recognised(sheet.headers)) == f"attest-{table}"


def test_blank_workbook_explains_each_column(desk):
    book = openpyxl.load_workbook(io.BytesIO(blanks.blank_workbook("claims")))
    explained = [tuple(cell.value for cell in row) for row in book["Help"].iter_rows(min_row=2)]
    assert explained == blanks.columns_of("claims")
    assert all(what for _name, what in explained)


# --- the columns ---


def test_columns_are_guessed_and_the_first_rows_shown_as_understood(desk):
    country = make_place("CN", name="China", name_ko="중국")
    make_place("CN-JL/tumen", parent=country, name="Tumen", name_ko="투먼")
    run = only(upload(desk, KOREAN, name="북송.csv"))
    response = desk.get(page("columns", run))
    assert run.options["columns"]["송환 인원"] == "claim.words"
    assert "담당자" not in run.options["columns"]
    for said in ("about, value 200", "at most, high 60", "2024-04-26", "Tumen", "(new source)"):
        assert said in response.text
    assert "담당자: 김" in response.text
    assert "훈춘” is no place of the gazetteer" in response.text


def press(client, run: Import, button: str, **columns):
    """Press a button of the mapping page, with some columns chosen otherwise."""
    form = client.get(page("columns", run)).context["form"]
    typed = {name: form[name].value() or "" for name in form.fields} | columns
    return client.post(page("columns", run), typed | {"button": button})


def test_preview_keeps_what_was_chosen(desk):
    run = only(upload(desk, KOREAN))
    names = {field.label: name for name, field in columns_of(desk, run).items()}
    press(desk, run, "preview", **{names["담당자"]: "incident.title", "title": "북송 자료"})
    run.refresh_from_db()
    assert presets.read(run.mapping).incident.values["title"].columns == ("담당자",)
    assert (run.dataset, run.state) == ("북송 자료", "uploaded")


def columns_of(client, run: Import) -> dict:
    """Read the fields of the columns."""
    fields = client.get(page("columns", run)).context["form"].fields
    return {name: field for name, field in fields.items() if name.startswith("column-")}


def test_two_columns_cannot_become_the_same(desk):
    run = only(upload(desk, KOREAN))
    kept = run.mapping
    response = press(desk, run, "preview", **{"column-0": "date", "column-1": "date"})
    assert response.status_code == 400
    assert "becomes “Date” already" in response.text
    run.refresh_from_db()
    assert run.mapping == kept


def test_known_table_needs_no_choice_and_allows_it(desk):
    run = only(upload(desk, GOOD))
    response = desk.get(page("columns", run))
    assert response.context["form"] is None
    assert "Attest claims" in response.text
    desk.post(page("columns", run), {"button": "own"})
    form = desk.get(page("columns", run)).context["form"]
    assert form["rows"].value() == "claims"


def test_mapping_can_be_taken_away_and_used_again(desk):
    run = only(upload(desk, KOREAN, name="북송 2024.csv"))
    answer = desk.get(page("file", run, "mapping"))
    assert answer["Content-Disposition"].endswith("-2024.toml")
    assert presets.read(answer.content.decode()).rows == "incidents"


@pytest.mark.parametrize("button", ["", "delete"])
def test_button_that_is_none_is_refused(desk, button):
    run = only(upload(desk, KOREAN))
    assert desk.post(page("columns", run), {"button": button}).status_code == 400
    assert step(desk, run, button).status_code == 400


# --- check, save, undo ---


def test_check_saves_nothing_and_says_what_would_be(desk):
    run = checked(desk, GOOD)
    assert (run.state, run.rows, run.new) == ("checked", 2, 2)
    assert not Incident.objects.exists()
    response = desk.get(page("change", run))
    assert "What would be saved" in response.text
    assert 'value="save"' in response.text
    assert "Refresh" not in response


def test_saved_import_leads_to_its_incidents_and_can_be_undone(desk):
    run = checked(desk, GOOD)
    step(desk, run, "save")
    assert worked(run).state == "saved"
    listed = f"{reverse('admin:incidents_incident_changelist')}?import={run.pk}"
    assert listed in desk.get(page("change", run)).text
    other = Incident.objects.create(title="Other", category=Incident.objects.first().category)
    settle([other.pk])
    found = desk.get(listed).context["cl"].queryset
    assert sorted(found.values_list("pk", flat=True)) == sorted(
        Incident.objects.exclude(pk=other.pk).values_list("pk", flat=True)
    )
    refused = step(desk, run, "undo", why="")
    assert "Say why." in refused.text
    step(desk, run, "undo", why="Wrong file.")
    assert "Being undone" in desk.get(page("change", run)).text
    assert worked(run).state == "undone"
    assert set(found.values_list("status", flat=True)) == {"withdrawn"}


def test_undo_is_refused_where_somebody_edited_since(desk):
    run = checked(desk, GOOD)
    step(desk, run, "save")
    worked(run)
    Incident.objects.filter(pk=Incident.objects.first().pk).update(version=2)
    step(desk, run, "undo", why="x")
    assert worked(run).state == "saved"
    assert "Edited since:" in desk.get(page("change", run)).text


def test_rejected_row_keeps_everything_out_until_the_good_ones_are_asked_for(desk):
    run = checked(desk, BAD)
    assert (run.state, run.rejected) == ("checked", 1)
    text = desk.get(page("change", run)).text
    assert "lots and lots?" in text
    assert 'value="save"' not in text
    refused = step(desk, run, "save-good")
    assert refused.status_code == 400
    assert "Tick that you know" in refused.text
    step(desk, run, "save")
    assert worked(run).state == "refused"
    assert not Incident.objects.exists()
    step(desk, run, "save-good", good_only="on")
    assert worked(run).state == "saved"
    assert Claim.objects.get().words == "around 200"


def test_rejected_rows_are_sent_as_a_file(desk):
    run = checked(desk, BAD)
    answer = desk.get(page("file", run, "rejected"))
    assert answer["Content-Disposition"] == 'attachment; filename="sheet.rejected.csv"'
    assert "3,words,lots and lots?" in answer.content.decode("utf-8-sig")
    assert desk.get(page("file", run, "report")).status_code in (200, 404)
    assert page("file", run, "rows") in desk.get(page("change", run)).text
    rows = desk.get(page("file", run, "rows")).content.decode("utf-8-sig")
    assert rows == "\n".join([BAD.decode().split("\n")[0], BAD.decode().split("\n")[2], ""])


def test_whoever_saves_stands_in_the_history(desk):
    run = checked(desk, GOOD)
    step(desk, run, "save")
    worked(run)
    names = Incident.history.values_list("history_user__username", flat=True)
    assert set(names) == {run.by.username}


def test_ended_import_is_not_begun_again(desk):
    run = checked(desk, GOOD)
    step(desk, run, "save")
    worked(run)
    for name in ("check", "save"):
        response = desk.post(page("step", run), {"step": name}, follow=True)
        assert "upload it again" in response.text
    assert desk.get(page("columns", run)).status_code == 302


def test_saving_needs_a_check(desk):
    run = only(upload(desk, GOOD))
    response = desk.post(page("step", run), {"step": "save"}, follow=True)
    assert "Check the file first." in response.text


# --- work under way ---


def waiting(client) -> Import:
    """Upload a file and ask for its check; nobody does it."""
    run = only(upload(client, GOOD))
    step(client, run, "check")
    run.refresh_from_db()
    return run


def test_waiting_page_loads_itself_again_unless_told_not_to(desk):
    run = waiting(desk)
    response = desk.get(page("change", run))
    assert "Waits for its turn." in response.text
    assert response["Refresh"] == f"2; url={page('change', run)}"
    assert "Refresh" not in desk.get(page("change", run), {"still": "1"})


def test_page_says_when_no_worker_runs(desk, monkeypatch):
    run = waiting(desk)
    monkeypatch.setattr(jobs, "PATIENCE", -1)
    assert "No worker is running" in desk.get(page("change", run)).text
    with folders.at_work():
        assert "No worker is running" not in desk.get(page("change", run)).text


def test_file_is_not_checked_twice_at_once(desk):
    run = waiting(desk)
    response = desk.post(page("step", run), {"step": "check"}, follow=True)
    assert "is being checked already" in response.text
    assert DBTaskResult.objects.count() == 1


def test_waiting_import_is_cancelled_at_once(desk):
    run = waiting(desk)
    step(desk, run, "cancel")
    assert worked(run).state == "cancelled"
    step(desk, run, "check")
    assert worked(run).state == "checked"


def test_running_import_is_asked_to_stop_without_writing(desk):
    run = waiting(desk)
    with folders.Folder(run.file.name).held():
        step(desk, run, "cancel")
        run.refresh_from_db()
        assert run.state == "checking"
        assert "asked to stop" in desk.get(page("change", run)).text


def test_cancelled_save_saves_nothing(desk, monkeypatch):
    run = checked(desk, GOOD)
    step(desk, run, "save")
    tell = Running.tell

    def stop(self, drafts):
        jobs.cancel(Import.objects.get(), by=self.by)
        tell(self, drafts)

    monkeypatch.setattr(Running, "tell", stop)
    assert worked(run).state == "cancelled"
    assert not Incident.objects.exists()


def test_work_whose_process_died_is_seen_and_begun_again(desk):
    run = checked(desk, GOOD)
    step(desk, run, "save")
    folder = folders.Folder(run.file.name)
    died = folders.Progress(folder.progress().mark, "running", time.time(), 1000, 40)
    folder.note(died)
    DBTaskResult.objects.update(status="RUNNING")  # as a killed worker leaves it
    response = desk.get(page("change", run))
    assert "The work broke off" in response.text
    assert "Refresh" not in response
    step(desk, run, "again")
    assert worked(run).state == "saved"
    assert Incident.objects.count() == 2


def test_outdated_work_in_the_queue_does_nothing(desk):
    run = waiting(desk)
    folder = folders.Folder(run.file.name)
    folder.note(folders.Progress("another", "waiting", time.time()))
    assert worked(run).state == "checking"


def test_failing_program_is_said_on_the_page(desk, monkeypatch):
    run = waiting(desk)
    monkeypatch.setattr(jobs, "carried_out", lambda *args: 1 / 0)
    assert worked(run).state == "refused"
    assert "The program failed" in desk.get(page("change", run)).text


def test_file_that_is_gone_is_said_on_the_page(desk, media):
    run = checked(desk, GOOD)
    (media / run.file.name).unlink()
    assert "not kept here any more" in desk.get(page("change", run)).text
    step(desk, run, "check")
    assert worked(run).state == "refused"
    assert "There is no file “sheet.csv”" in run.problem


def test_progress_survives_a_broken_note(media):
    (media / "x").mkdir()
    folder = folders.Folder("x/sheet")
    (media / "x" / "progress.json").write_text(json.dumps({"strange": 1}))
    assert folder.progress() == folders.Progress()


def test_undoing_can_be_taken_back_while_it_waits_and_begun_again_when_it_broke_off(desk):
    run = checked(desk, GOOD)
    step(desk, run, "save")
    worked(run)
    step(desk, run, "undo", why="x")
    step(desk, run, "cancel")
    assert worked(run).state == "saved"
    step(desk, run, "undo", why="x")
    folder = folders.Folder(run.file.name)
    folder.note(folders.Progress(folder.progress().mark, "running"))
    DBTaskResult.objects.update(status="RUNNING")
    assert "The work broke off" in desk.get(page("change", run)).text
    step(desk, run, "again")
    assert worked(run).state == "undone"


def test_import_by_command_is_shown_and_undone_and_not_stopped_here(desk, media):
    path = media / "claims.csv"
    path.write_bytes(GOOD)
    call_command("import_incidents", str(path), preset="attest", by="rosa")
    run = Import.objects.get()
    response = desk.post(page("step", run), {"step": "cancel"}, follow=True)
    assert "begun by command" in response.text
    assert desk.get(page("columns", run)).status_code == 302
    step(desk, run, "undo", why="x")
    assert worked(run).state == "undone"


def test_folder_that_is_gone_is_said_at_once(desk, media):
    run = checked(desk, GOOD)
    shutil.rmtree((media / run.file.name).parent)
    response = desk.post(page("step", run), {"step": "check"}, follow=True)
    assert "not there any more" in response.text


def test_word_that_nobody_knows_is_asked_for_and_kept_with_the_mapping(desk):
    sheet = "유형,날짜,인원\n강제북송,2024-04-26,2\n끌려감,2024-04-27,3\n".encode()
    run = only(upload(desk, sheet))
    response = desk.get(page("columns", run))
    (word, field), *known = response.context["words"]
    assert (word.word, word.is_open, known[0][0].known) == ("끌려감", True, "forced_return")
    press(desk, run, "preview", **{field.html_name: "arbitrary_detention"})
    run.refresh_from_db()
    assert presets.read(run.mapping).values == {"category": {"끌려감": "arbitrary_detention"}}
    press(desk, run, "check")
    assert worked(run).rejected == 0


def test_columns_once_chosen_are_offered_again_to_the_same_person(desk, reviewer):
    run = checked(desk, KOREAN)
    names = {field.label: name for name, field in columns_of(desk, run).items()}
    chosen = {names["담당자"]: "incident.title", "title": "Mine", "order": "dmy"}
    press(desk, run, "check", **chosen)
    worked(run)
    header, *rows = KOREAN.decode("cp949").splitlines()
    turned = "\n".join(";".join(reversed(line.split(";"))) for line in [header, *rows])
    upload(desk, turned.encode(), "later.csv")
    later = Import.objects.latest("pk")
    preset = presets.read(later.mapping)
    assert preset.incident.values["title"].columns == ("담당자",)
    assert (later.dataset, later.options["order"]) == ("later", "dmy")
    assert "as in the import of" in desk.get(page("columns", later)).text
    desk.post(page("columns", later), {"button": "own"})
    assert "as in the import of" not in desk.get(page("columns", later)).text
    upload(desk, KOREAN)
    assert Import.objects.latest("pk").dataset == "Mine"
    upload(reviewer, KOREAN)
    assert "담당자" not in Import.objects.latest("pk").mapping


def test_report_links_codes_and_counts_new_sources(desk):
    run = checked(desk, GOOD)
    assert run.options["sources"] == 2
    text = desk.get(page("change", run)).text
    assert "sources that were not known</th><td>2</td>" in text
    Import.objects.update(report=[[2, "", "<b>", "may be AT-000012, <i>x", "duplicate"]])
    text = desk.get(page("change", run)).text
    link = reverse("admin:incidents_incident_change", args=[12])
    assert f'may be <a href="{link}">AT-000012</a>, &lt;i&gt;x' in text


def test_unclear_order_of_days_is_said_once(desk):
    run = only(upload(desk, b"Date,How many\n04/05/2024,2\n"))
    text = desk.get(page("columns", run)).text
    assert text.count("may begin with the day or the month") == 1
    assert "dmy or mdy" not in text
    press(desk, run, "check")
    assert "at “Days in numbers”" in worked(run).problem


def test_report_is_in_the_language_of_whoever_asked(desk):
    upload(desk, BAD)
    run = Import.objects.get()
    desk.post(page("step", run), {"step": "check"}, headers={"accept-language": "ko"})
    worked(run)
    assert "수 하나로 읽을 수 없습니다" in run.report[0][3]
