"""The folder of an uploaded file: the sheet itself, its reports, how far work on it is.

One rule: an import is one transaction, whose rows nobody sees before it ends and beside which
nobody else can write to SQLite; so what both sides must know at once (how far, stop) stands in
small files here. Names are of our own making; what a browser called the file is never a path.
"""

import fcntl
import hashlib
import json
import os
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from django.conf import settings
from django.core.files.base import File

FOLDER = "imports"
SHEET = "sheet"
WORKERS = "workers.lock"


@dataclass(frozen=True, slots=True)
class Progress:
    """How far work on a file is. `mark` names the run; an older one in the queue does nothing."""

    mark: str = ""
    state: str = ""  # waiting, running; empty when nothing was asked for
    since: float = 0.0
    rows: int = 0
    percent: int = 0


class Folder:
    """The folder of one uploaded file."""

    def __init__(self, name: str) -> None:
        """Know it by the name of the sheet in it, below MEDIA_ROOT."""
        self.sheet = Path(settings.MEDIA_ROOT) / name
        self.path = self.sheet.parent

    @property
    def rejected(self) -> Path:
        """Where the rejected rows of the last run stand, if there are any."""
        return self.path / f"{SHEET}.rejected.csv"

    @property
    def rejected_rows(self) -> Path:
        """Where those rows stand as they were, to be corrected."""
        return self.path / f"{SHEET}.rejected-rows.csv"

    @property
    def remarks(self) -> Path:
        """Where every other line of the last run's report stands."""
        return self.path / f"{SHEET}.report.csv"

    def progress(self) -> Progress:
        """Read how far it is."""
        try:
            return Progress(**json.loads((self.path / "progress.json").read_text("utf-8")))
        except (OSError, ValueError, TypeError):
            return Progress()

    def note(self, progress: Progress) -> None:
        """Write how far it is, whole or not at all."""
        draft = self.path / f".progress-{os.getpid()}"
        draft.write_text(json.dumps(asdict(progress)), "utf-8")
        os.replace(draft, self.path / "progress.json")

    def wait(self) -> str:
        """Begin anew: somebody asked for work, and nobody has taken it up; the run's mark."""
        self.stop(False)
        mark = secrets.token_hex(8)
        self.note(Progress(mark, "waiting", time.time()))
        return mark

    def stop(self, wanted: bool = True) -> None:
        """Ask whoever works on it to stop, or take that back."""
        asked = self.path / "stop"
        asked.touch() if wanted else asked.unlink(missing_ok=True)

    @property
    def is_to_stop(self) -> bool:
        """Whether somebody asked for it to stop."""
        return (self.path / "stop").exists()

    @contextmanager
    def held(self) -> Iterator[None]:
        """Hold it while working on it; gone the moment the process is, however that went."""
        with locked(self.path / "lock", fcntl.LOCK_EX):
            yield

    @property
    def is_held(self) -> bool:
        """Whether some process works on it."""
        return is_locked(self.path / "lock")


def fresh() -> str:
    """Make an empty folder; the name that a sheet in it would have."""
    name = f"{FOLDER}/{secrets.token_hex(16)}/{SHEET}"
    path = Path(settings.MEDIA_ROOT) / name
    path.parent.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.parent.mkdir(mode=0o700)
    return name


def keep(upload: File) -> tuple[str, str]:
    """Keep an uploaded file: its name below MEDIA_ROOT, and the SHA-256 of its content."""
    name = fresh()
    path = Path(settings.MEDIA_ROOT) / name
    digest = hashlib.sha256()
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        for piece in upload.chunks():
            digest.update(piece)
            file.write(piece)
    return name, digest.hexdigest()


@contextmanager
def at_work() -> Iterator[None]:
    """Show, as long as a worker runs, that there is one."""
    folder = Path(settings.MEDIA_ROOT) / FOLDER
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with locked(folder / WORKERS, fcntl.LOCK_SH):
        yield


def has_worker() -> bool:
    """Tell whether a worker runs."""
    return is_locked(Path(settings.MEDIA_ROOT) / FOLDER / WORKERS)


@contextmanager
def locked(path: Path, kind: int) -> Iterator[None]:
    """Hold a lock file."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, kind)
        yield
    finally:
        os.close(descriptor)


def is_locked(path: Path) -> bool:
    """Tell whether any process holds a lock file."""
    try:
        descriptor = os.open(path, os.O_RDWR)
    except OSError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False
