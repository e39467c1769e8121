"""Works on uploaded files in the background: checks one, or saves it, and can be stopped.

One rule: the state of an import changes in the transaction that queues the work, and again when the
work ended; between the two its folder says how far it is and whether anybody is at it. Pages call
`start`, `cancel` and `standing`; the worker (`manage.py worker`) calls `work_on`.
"""

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace

from django.conf import settings
from django.db import OperationalError, transaction
from django.utils import timezone
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from django_tasks import task

from incidents.importing import presets, updating
from incidents.importing.editions import as_edition_of
from incidents.importing.folders import Folder, Progress, fresh, has_worker
from incidents.importing.reading import Sheet, Unreadable, open_sheet
from incidents.importing.running import (
    Cancelled,
    Outcome,
    Running,
    finish,
    reports_beside,
    state_after,
)
from incidents.importing.understanding import UnclearOrder, WrongOrder
from incidents.importing.writing import written
from incidents.models import Import, User, choices
from incidents.refusals import Refused, need, need_reason

State = choices.ImportState
STEPS = {"check": State.CHECKING, "save": State.SAVING}
AT_WORK = tuple(STEPS.values())
SAVABLE = (State.CHECKED, State.REFUSED)
FINAL = (State.SAVED, State.UNDONE)
UNDO = "undo"  # the option that holds the reason while an import waits to be undone
EDITIONS = "editions"  # the option that names the data sets whose newer edition a file may be
PATIENCE = 5  # seconds until a page says that no worker runs
EVERY = 0.5  # seconds between two notes of how far it is
logger = logging.getLogger(__name__)
closing = threading.Event()  # set when this process is told to end


@dataclass(frozen=True, slots=True)
class Standing:
    """Where the work on an import stands: waiting, running, broken, ended; "" where none was."""

    state: str
    rows: int = 0
    percent: int = 0
    lacks_worker: bool = False
    is_stopping: bool = False

    @property
    def is_under_way(self) -> bool:
        """Whether it will go on without anybody pressing a button."""
        return self.state in ("waiting", "running")


def start(run: Import, step: str, *, by: User, keep_good: bool = False) -> None:
    """Queue the check or the saving of a file. Raises Refused."""
    need(by, "incidents.run_import", _("import files"))
    with transaction.atomic():
        run = Import.objects.select_for_update().get(pk=run.pk)
        if run.state in FINAL or not run.file:
            raise Refused(_("This file is %s; upload it again.") % run.get_state_display())
        if run.state in AT_WORK and standing(run).is_under_way:
            raise Refused(_("This file is %s already.") % run.get_state_display())
        if not run.mapping:
            raise Refused(_("Say first what the columns become."))
        if not Folder(run.file.name).sheet.parent.exists():
            raise Refused(_("The file is not there any more; upload it again."))
        if step == "save" and run.state not in (*SAVABLE, State.SAVING):
            raise Refused(_("Check the file first."))
        run.state, run.keep_good, run.problem = STEPS[step], keep_good, ""
        run.progress, run.ended = 0, None
        run.save(update_fields=["state", "keep_good", "problem", "progress", "ended"])
        mark = Folder(run.file.name).wait()
        work_on.enqueue(run.pk, step, by.pk, mark, get_language())


def start_undo(run: Import, *, by: User, why: str) -> None:
    """Queue the undoing of an import. Raises Refused."""
    need(by, "incidents.run_import", _("undo imports"))
    need_reason(why)
    with transaction.atomic():
        run = Import.objects.select_for_update().get(pk=run.pk)
        if run.state != State.SAVED or standing(run).is_under_way:
            now = run.get_state_display()
            raise Refused(_("Only an import that was saved can be undone; this one is %s.") % now)
        run.file = run.file or fresh()
        run.options, run.problem = {**run.options, UNDO: why}, ""
        run.save(update_fields=["file", "options", "problem"])
        undo_on.enqueue(run.pk, by.pk, Folder(run.file.name).wait(), get_language())


def cancel(run: Import, *, by: User) -> None:
    """Stop the work on a file: at once while nobody is at it, else at the next thousand rows.

    While somebody is at it, nothing is written to the database, which may be closed to others.
    """
    need(by, "incidents.run_import", _("stop imports"))
    if not run.file:
        raise Refused(_("This import was begun by command; it is stopped there."))
    folder = Folder(run.file.name)
    if is_asked_for(run) and folder.is_held:
        folder.stop()
        return
    with transaction.atomic():
        run = Import.objects.select_for_update().get(pk=run.pk)
        if not is_asked_for(run):
            now = run.get_state_display()
            raise Refused(_("Nothing is being done with this file; it is %s.") % now)
        folder.stop()
        folder.note(Progress())
        if UNDO in run.options:
            end_undo(run, "")
        else:
            end(run, State.CANCELLED, _("Stopped. Nothing was saved."))


def take_as_edition(run: Import, dataset: str, *, by: User) -> None:
    """Compare a file with the data set that it is a newer edition of: check it. Raises Refused."""
    if dataset not in (name for name, *_rows in run.options.get(EDITIONS, [])):
        raise Refused(_("“%s” is none of the data sets that this file shares rows with.") % dataset)
    if run.state not in SAVABLE:
        raise Refused(_("Check the file first."))
    run.mapping = written(as_edition_of(presets.read(run.mapping), dataset))
    run.dataset = dataset
    run.options = {name: said for name, said in run.options.items() if name != EDITIONS}
    run.save(update_fields=["mapping", "dataset", "options"])
    start(run, "check", by=by)


def is_asked_for(run: Import) -> bool:
    """Tell whether somebody asked for work on an import that has not ended, as far as is stored."""
    return run.state in AT_WORK or UNDO in run.options


def standing(run: Import) -> Standing:
    """Say where the work on an import stands; what a command works on says so on its terminal."""
    if not is_asked_for(run) or not run.file:
        return Standing("")
    folder = Folder(run.file.name)
    progress = folder.progress()
    if folder.is_held:
        return Standing("running", progress.rows, progress.percent, is_stopping=folder.is_to_stop)
    if not is_asked_for(Import.objects.get(pk=run.pk)):
        return Standing("ended")
    if progress.state == "waiting":
        waited = time.time() - progress.since
        return Standing("waiting", lacks_worker=waited > PATIENCE and not has_worker())
    return Standing("broken", progress.rows, progress.percent)


@task()
def work_on(key: int, step: str, by: int, mark: str, language: str | None = None) -> str:
    """Check or save a file, unless another run of it was asked for since.

    The report is in the language of whoever asked.
    """
    run = Import.objects.get(pk=key)
    folder = Folder(run.file.name)
    if folder.progress().mark != mark or run.state != STEPS[step]:
        return "outdated"
    with override(language or settings.LANGUAGE_CODE), folder.held():
        work(run, folder, step, User.objects.get(pk=by))
    return run.state


@task()
def undo_on(key: int, by: int, mark: str, language: str | None = None) -> str:
    """Undo an import, unless that was taken back; the import says why where it is refused."""
    run = Import.objects.get(pk=key)
    folder = Folder(run.file.name)
    if folder.progress().mark != mark or UNDO not in run.options:
        return "outdated"
    with override(language or settings.LANGUAGE_CODE), folder.held():
        problem = _("The program failed; the server's log says why. Nothing was undone.")
        folder.note(Progress(mark, "running", time.time()))
        try:
            updating.undo(run, by=User.objects.get(pk=by), why=run.options[UNDO])
            problem = ""
        except Refused as refusal:
            problem = str(refusal)
        finally:
            end_undo(run, problem)
    return "refused" if problem else "undone"


def end_undo(run: Import, problem: str) -> None:
    """Note that undoing ended, or was taken back."""
    options = {name: said for name, said in run.options.items() if name != UNDO}
    Import.objects.filter(pk=run.pk).update(options=options, problem=problem)


def work(run: Import, folder: Folder, step: str, by: User) -> None:
    """Check or save a file; however that goes, the import says how it ended."""
    outcome, state, problem = Outcome(), State.REFUSED, ""
    try:
        outcome = carried_out(run, folder, step, by)
        state = state_after(outcome, saving=step == "save")
    except Cancelled:
        state = State.CANCELLED
        problem = _("Stopped. Nothing was saved.")
    except UnclearOrder as refusal:
        advice = _("Say which on the page of the columns, at “Days in numbers”.")
        problem = f"{refusal} {advice}"
    except (Unreadable, WrongOrder, Refused, presets.BadMapping) as refusal:
        problem = said_of(run, folder, refusal)
    except OperationalError as error:
        logger.warning("import %s: %s", run.pk, error)
        problem = _("The database is busy or cannot be written. Nothing was saved; try again.")
    except BaseException:
        end(
            run,
            State.REFUSED,
            _("The program failed; the server's log says why. Nothing was saved."),
        )
        raise
    finish(run, outcome, state, problem)


def carried_out(run: Import, folder: Folder, step: str, by: User) -> Outcome:
    """Run the engine over the file, with the reports written beside it."""
    sheet, preset = opened(run, folder), presets.read(run.mapping)
    with reports_beside(sheet) as report:
        engine = Running(
            run,
            sheet,
            preset,
            by=by,
            report=report,
            progress=watcher(folder),
            category=run.options.get("category") or "other",
            order=run.options.get("order", ""),
        )
        outcome = engine.check() if step == "check" else engine.save(keep_good=run.keep_good)
        run.options = {**run.options, EDITIONS: engine.editions.found()}
        return outcome


def opened(run: Import, folder: Folder) -> Sheet:
    """Open the file as the upload page was told to. Raises Unreadable."""
    named = {name: run.options.get(name, "") for name in ("encoding", "delimiter", "worksheet")}
    try:
        return open_sheet(folder.sheet, **named)
    except Unreadable as refusal:
        raise Unreadable(said_of(run, folder, refusal)) from refusal


def said_of(run: Import, folder: Folder, refusal: Exception) -> str:
    """Say a refusal with the name that the file had on the computer it came from."""
    return str(refusal).replace(str(folder.sheet), run.name)


def watcher(folder: Folder) -> Callable[[int, int], None]:
    """Note from time to time how far it is; stop where somebody asked for that."""
    noted = replace(folder.progress(), state="running", since=time.time())
    folder.note(noted)
    last = 0.0

    def watch(rows: int, percent: int) -> None:
        nonlocal last
        if closing.is_set() or folder.is_to_stop:
            raise Cancelled
        if time.monotonic() - last >= EVERY:
            folder.note(replace(noted, rows=rows, percent=percent))
            last = time.monotonic()

    return watch


def end(run: Import, state: str, problem: str) -> None:
    """Note that work on a file ended without a report."""
    run.state, run.problem, run.ended = state, problem, timezone.now()
    run.save(update_fields=["state", "problem", "ended"])
