"""Imports: a sheet of claims through the command, beside bare COPY of the very rows it left behind.

One rule: the limit writes the same rows into the same tables with the same indexes and constraints,
in one transaction; all that the command adds to that is its own. Called by the run as a part of its
own, with a database that holds nothing yet.
"""

import io
import os
import resource
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from django.apps import apps
from django.core.management import call_command
from django.db import connection, models

from bench import databases
from bench.lines import Line, read, tell
from bench.sheets import write_sheet
from incidents.models import Category, Place, User

BY, PIECE = "bench", 2_000
GAZETTEER = ("country", "admin1")


def measure() -> None:
    """Measure the command, the limit, and the peer on the same claims."""
    incidents = int(os.environ["BENCH_INCIDENTS"])
    call_command("migrate", verbosity=0)
    call_command("load_places", stdout=io.StringIO())
    User.objects.create_superuser(BY, password=None)
    path = databases.KEPT / f"claims_{incidents}.csv"
    rows = sheet(path, incidents)
    empty = [model for model in tables() if not model._base_manager.exists()]
    connection.close()
    bare = databases.copy(connection.vendor, connection.settings_dict["NAME"])
    line = imported(path, rows)
    filled = [model for model in empty if model._base_manager.exists()]
    write, what = LIMITS[connection.vendor]
    limit = Line("import", what, rows, write(filled, bare), 1.0, note="in one transaction")
    line.ratio = line.seconds / limit.seconds
    stored = sum(model._base_manager.count() for model in filled)
    line.note = f"{stored:,} rows in {len(filled)} tables, histories included; MB: at most, in all"
    tell(line)
    tell(limit)
    if other := peer():
        other.part, other.ratio = "import", line.rows / line.seconds / (other.rows / other.seconds)
        other.note += "; ratio: of rows/s"
        tell(other)
    connection.close()
    path.unlink()
    databases.drop(connection.vendor, bare)


def sheet(path: Path, incidents: int) -> int:
    """Write the sheet; its rows."""
    places = Place.objects.filter(kind__in=GAZETTEER).order_by("code")
    categories = Category.objects.order_by("position")
    return write_sheet(
        path,
        incidents,
        places=list(places.values_list("code", flat=True)),
        categories=list(categories.values_list("code", flat=True)),
    )


def imported(path: Path, rows: int) -> Line:
    """Import the sheet by the command in a process of its own."""
    command = [sys.executable, "manage.py", "import_incidents", str(path), "--by", BY]
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings"}
    start = time.perf_counter()
    subprocess.run(
        [*command, "--status", "in_review"],
        check=True,
        cwd=databases.ROOT,
        env=environment,
        stdout=subprocess.DEVNULL,
    )
    seconds = time.perf_counter() - start
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    line = Line("import", "import_incidents, claims by the template", rows, seconds)
    line.memory = used.ru_maxrss / 1024
    return line


def tables() -> Iterator[type[models.Model]]:
    """List every table of the project, histories and relations to groups included."""
    for model in apps.get_app_config("incidents").get_models(include_auto_created=True):
        if not model._meta.proxy:
            yield model


def columns_of(model: type[models.Model]) -> str:
    """Name the columns of a table."""
    return ", ".join(f'"{field.column}"' for field in model._meta.concrete_fields)


def copied(filled: list[type[models.Model]], bare: str) -> float:
    """Write the rows of these tables into the bare database by COPY; the seconds."""
    lines = ["BEGIN;"]
    for model in filled:
        table, file = model._meta.db_table, databases.KEPT / f"{model._meta.db_table}.copy"
        with file.open("w", encoding="utf-8") as written, connection.cursor() as cursor:
            cursor.copy_expert(f'COPY "{table}" ({columns_of(model)}) TO STDOUT', written)
        lines.append(f"\\copy \"{table}\" ({columns_of(model)}) FROM '{file}'")
    psql = [databases.program("psql"), "--quiet", "--set", "ON_ERROR_STOP=1", bare]
    start = time.perf_counter()
    subprocess.run(psql, check=True, text=True, input="\n".join([*lines, "COMMIT;\n"]))
    seconds = time.perf_counter() - start
    for model in filled:
        (databases.KEPT / f"{model._meta.db_table}.copy").unlink()
    return seconds


def executed(filled: list[type[models.Model]], bare: str) -> float:
    """Write the rows of these tables into the bare database by executemany; the seconds."""
    seconds = 0.0
    with closing(sqlite3.connect(bare, isolation_level=None)) as limit:
        for setting in ("foreign_keys=ON", "journal_mode=WAL", "synchronous=NORMAL"):
            limit.execute(f"PRAGMA {setting}")
        limit.execute("BEGIN IMMEDIATE")
        for model in filled:
            table, columns = model._meta.db_table, columns_of(model)
            places = ", ".join("?" * len(model._meta.concrete_fields))
            statement = f'INSERT INTO "{table}" ({columns}) VALUES ({places})'  # noqa: S608
            with closing(sqlite3.connect(connection.settings_dict["NAME"])) as full:
                rows = full.execute(f'SELECT {columns} FROM "{table}"')  # noqa: S608
                while piece := rows.fetchmany(PIECE):
                    start = time.perf_counter()
                    limit.executemany(statement, piece)
                    seconds += time.perf_counter() - start
        start = time.perf_counter()
        limit.execute("COMMIT")
        return seconds + time.perf_counter() - start


LIMITS = {
    "postgresql": (copied, "limit, COPY of the rows that it left"),
    "sqlite": (executed, "limit, executemany of the rows that it left"),
}


def peer() -> Line | None:
    """Let django-import-export read claims of the same database; None where it is not installed."""
    python = databases.KEPT / "venv" / "bin" / "python"
    if not python.exists():
        return None
    run = subprocess.run(
        [python, "-m", "bench.peers", "import"],
        check=True,
        cwd=databases.ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    return read(run.stdout)
