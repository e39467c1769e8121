"""Writes what was measured as a table for people: in the terminal, and kept in docs.

One rule: a table says on which machine, with which versions and by which command it came about.
"""

import datetime as dt
import os
import platform
import sqlite3
import subprocess
import sys
from collections.abc import Iterator, Sequence
from importlib.metadata import version
from pathlib import Path

import django

from bench.databases import program
from bench.lines import Line

HEADINGS = {
    "files": "Files: the project beside the database's own program, the same rows in one run",
    "peers": "Peers: rows a second of the project against others'",
    "pages": "List pages: the queries of a page one by one, then whole answers of two workers",
    "pictures": "Pictures: whole answers the first time after a change; ratio to 300 ms",
    "crowd": "Many at once, and clients that go away",
    "import": "Import: a sheet into an empty database, beside writing the same rows without it",
}
HEAD = ("engine", "incidents", "what", "rows", "seconds", "rows/s", "ratio", "first", "MB", "note")
RIGHT = ("incidents", "rows", "seconds", "rows/s", "ratio", "first", "MB")


def cells(line: Line) -> list[str]:
    """Write one line as the cells of a row."""
    rate = line.rows / line.seconds if line.rows and line.seconds and line.part != "crowd" else None
    return [
        line.engine,
        f"{line.incidents:,}",
        line.what,
        "" if line.rows is None else f"{line.rows:,}",
        "" if line.seconds is None else f"{line.seconds:.4g}",
        "" if rate is None else f"{rate:,.0f}",
        "" if line.ratio is None else f"{line.ratio:.2f}",
        "" if line.first is None else f"{line.first * 1000:.0f} ms",
        "" if line.memory is None else f"{line.memory:+.0f}",
        line.note,
    ]


def told(line: Line) -> str:
    """Write one line for the terminal."""
    engine, incidents, what, rows, seconds, rate, ratio, first, memory, note = cells(line)
    size = f"{engine[:6]:6} {incidents:>9}"
    numbers = f"{rows:>10} {seconds:>9} s {rate:>10} /s {ratio:>7} x {first:>8} {memory:>5}"
    return f"{size}  {what:52} {numbers}  {note}"


def page(lines: Sequence[Line], command: str) -> str:
    """Write the whole table as a page of the docs."""
    parts = [part for part in HEADINGS if any(line.part == part for line in lines)]
    written = [
        "# Benchmarks",
        "",
        "Written by `make bench KEEP=1`; the last full run. Ratios count, not seconds: what stands",
        "in a part was measured in one run, contenders taking turns (median of three).",
        "",
        "`ratio` is to the plain SELECT by `psql COPY` or `sqlite3 -csv`; for peers of rows/s.",
        "`first` is the slowest first byte, `MB` how much the worker grew at most.",
        "",
        *machine(command),
    ]
    for part in parts:
        written += [
            "",
            f"## {HEADINGS[part]}",
            "",
            *rows(line for line in lines if line.part == part),
        ]
    return "\n".join(written) + "\n"


def rows(lines: Iterator[Line]) -> Iterator[str]:
    """Write the rows of one table."""
    yield f"| {' | '.join(HEAD)} |"
    yield f"|{'|'.join(' ---: ' if name in RIGHT else ' --- ' for name in HEAD)}|"
    for line in lines:
        yield f"| {' | '.join(cell.replace('|', '/') for cell in cells(line))} |"


def machine(command: str) -> Iterator[str]:
    """Say on what, when and how it was measured."""
    cpus = [line for line in read("/proc/cpuinfo") if line.startswith("model name")]
    model = cpus[0].partition(":")[2].strip() if cpus else platform.processor()
    memory = next((line.split()[1] for line in read("/proc/meminfo")), "0")
    postgres = subprocess.run([program("psql"), "--version"], capture_output=True, text=True)
    yield f"- Command: `{command}`"
    yield f"- Day: {dt.datetime.now(dt.UTC):%Y-%m-%d}"
    yield f"- Machine: {os.cpu_count()} × {model}, {int(memory) // 1024**2} GiB"
    yield f"- System: {platform.platform()}"
    yield (
        "- Load in the last quarter of an hour of the run (one for each processor at work):"
        f" {os.getloadavg()[2]:.1f}"
    )
    yield (
        f"- Versions: Python {platform.python_version()}, Django {django.__version__}, gunicorn"
        f" {version('gunicorn')}, SQLite {sqlite3.sqlite_version}, {postgres.stdout.strip()}"
    )
    yield "- PostgreSQL as it comes, but for `fsync=off`; two gunicorn workers of eight threads"


def read(path: str) -> list[str]:
    """Read a file of the system; nothing where there is none."""
    return Path(path).read_text().splitlines() if Path(path).exists() else []


def show(line: Line) -> None:
    """Print one line at once."""
    print(told(line), file=sys.stdout, flush=True)
