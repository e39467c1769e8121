"""Works on uploaded files in the background: checks one, or saves it, and can be stopped.

One rule: the state of an import changes in the transaction that queues the work, and again when the
work ended; between the two its folder says how far it is and whether anybody is at it. Pages call
`start`, `cancel` and `standing`; the worker (`manage.py worker`) calls `work_on`.
"""

import logging
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, replace

from django.db import OperationalError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django_tasks import task

from incidents.importing import presets
from incidents.importing.binding import Line
from incidents.importing.folders import Folder, Progress, has_worker
from incidents.importing.reading import Sheet, Unreadable, open_sheet
from incidents.importing.rejected import RejectedFile
from incidents.importing.running import Cancelled, Outcome, Running, finish
from incidents.importing.understanding import WrongOrder
from incidents.models import Import, User, choices
from incidents.refusals import Refused, need

State = choices.ImportState
STEPS = {"check": State.CHECKING, "save": State.SAVING}
AT_WORK = tuple(STEPS.values())
SAVABLE = (State.CHECKED, State.REFUSED)
FINAL = (State.SAVED, State.UNDONE)
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
        if run.state in FINAL:
            raise Refused(_("This file is %s; upload it again.") % run.get_state_display())
        if run.state in AT_WORK and standing(run).is_under_way:
            raise Refused(_("This file is %s already.") % run.get_state_display())
        if not run.mapping:
            raise Refused(_("Say first what the columns become."))
        if step == "save" and run.state not in (*SAVABLE, State.SAVING):
            raise Refused(_("Check the file first."))
        run.state, run.keep_good, run.problem = STEPS[step], keep_good, ""
        run.progress, run.ended = 0, None
        run.save(update_fields=["state", "keep_good", "problem", "progress", "ended"])
        mark = Folder(run.file.name).wait()
        work_on.enqueue(run.pk, step, by.pk, mark)


def cancel(run: Import, *, by: User) -> None:
    """Stop the work on a file: at once while nobody is at it, else at the next thousand rows.

    While somebody is at it, nothing is written to the database, which may be closed to others.
    """
    need(by, "incidents.run_import", _("stop imports"))
    folder = Folder(run.file.name)
    if run.state in AT_WORK and folder.is_held:
        folder.stop()
        return
    with transaction.atomic():
        run = Import.objects.select_for_update().get(pk=run.pk)
        if run.state not in AT_WORK:
            now = run.get_state_display()
            raise Refused(_("Nothing is being done with this file; it is %s.") % now)
        folder.stop()
        folder.note(Progress())
        end(run, State.CANCELLED, _("Stopped. Nothing was saved."))


def standing(run: Import) -> Standing:
    """Say where the work on an import stands."""
    if run.state not in AT_WORK:
        return Standing("")
    folder = Folder(run.file.name)
    progress = folder.progress()
    if folder.is_held:
        return Standing("running", progress.rows, progress.percent, is_stopping=folder.is_to_stop)
    if Import.objects.values_list("state", flat=True).get(pk=run.pk) not in AT_WORK:
        return Standing("ended")
    if progress.state == "waiting":
        waited = time.time() - progress.since
        return Standing("waiting", lacks_worker=waited > PATIENCE and not has_worker())
    return Standing("broken", progress.rows, progress.percent)


@task()
def work_on(key: int, step: str, by: int, mark: str) -> str:
    """Check or save a file, unless another run of it was asked for since."""
    run = Import.objects.get(pk=key)
    folder = Folder(run.file.name)
    if folder.progress().mark != mark or run.state != STEPS[step]:
        return "outdated"
    with folder.held():
        work(run, folder, step, User.objects.get(pk=by))
    return run.state


def work(run: Import, folder: Folder, step: str, by: User) -> None:
    """Check or save a file; however that goes, the import says how it ended."""
    outcome, state, problem = Outcome(), State.REFUSED, ""
    try:
        outcome = carried_out(run, folder, step, by)
        checked = State.CHECKED if step == "check" else State.REFUSED
        state = State.SAVED if outcome.saved else checked
    except Cancelled:
        state = State.CANCELLED
        problem = _("Stopped. Nothing was saved.")
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
    with ExitStack() as stack:
        rejected = stack.enter_context(RejectedFile(folder.sheet))
        remarks = stack.enter_context(RejectedFile(folder.sheet, suffix=".report.csv"))
        engine = Running(
            run,
            sheet,
            preset,
            by=by,
            report=reporter(rejected, remarks),
            progress=watcher(folder),
            category=run.options.get("category") or "other",
        )
        engine.understanding.binding.order = run.options.get("order", "")
        return engine.check() if step == "check" else engine.save(keep_good=run.keep_good)


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


def reporter(rejected: RejectedFile, remarks: RejectedFile) -> Callable[[Line], None]:
    """Put each line into the file it belongs to."""

    def report(line: Line) -> None:
        if line.kind == "rejected":
            rejected.add(line.row, line.column, line.value, line.message)
        else:
            remarks.add(line.row, line.column, line.value, f"{line.kind}: {line.message}")

    return report


def end(run: Import, state: str, problem: str) -> None:
    """Note that work on a file ended without a report."""
    run.state, run.problem, run.ended = state, problem, timezone.now()
    run.save(update_fields=["state", "problem", "ended"])
