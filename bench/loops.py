"""Peers beside the project: how many rows a second others write of the same claims.

One rule: each writes as many rows as it can in a few seconds' slice; what counts is rows a second.
The loop over model instances runs here, the installed peers in an environment of their own.
Called by the run as a part of its own.
"""

import csv
import io
import os
import subprocess
import time

from bench import server
from bench.databases import KEPT, ROOT
from bench.lines import Line, read, tell
from incidents.columns import TABLES
from incidents.filters import ask
from incidents.models import Claim, ExportLog, User

SLICE, CHUNK = 20_000, 2_000


def measure() -> None:
    """Measure the project, the loop, and the peers."""
    cookie = server.signed_in()
    reader = User.objects.get(username=server.VIEWER)
    with server.serving():
        server.ask("/claims.csv?region=AQ", cookie)
        whole = server.ask("/claims.csv", cookie).seconds
    rows = ExportLog.objects.order_by("-pk")[0].rows
    rate = rows / whole
    tell(Line("peers", "project, claims.csv, all rows", rows, whole, 1.0, note="ratio: of rows/s"))
    tell(against(rate, "loop over model instances, csv.writer", SLICE, loop(reader)))
    for line in peers():
        line.ratio = rate / (line.rows / line.seconds)
        tell(line)


def against(rate: float, what: str, rows: int, seconds: float) -> Line:
    """Hold a peer's rows a second against the project's."""
    return Line("peers", what, rows, seconds, rate / (rows / seconds), note=f"a slice of {rows:,}")


def loop(reader: User) -> float:
    """Write a slice of the claims as a well-made loop over instances would; the seconds."""
    columns = [of.value for of in TABLES["claims"] if isinstance(of.value, str)]
    paths = [path.removeprefix("claims__").split("__") for path in columns]
    joined = "article__publisher article__credit source__country place incident".split()
    start = time.perf_counter()
    writer = csv.writer(io.StringIO())
    shown = ask("", reader).incidents
    claims = Claim.objects.filter(incident__in=shown, restricted=False).select_related(*joined)
    ordered = claims.order_by("-incident__sort_day", "-incident", "pk").prefetch_related("steps")
    for claim in ordered[:SLICE].iterator(chunk_size=CHUNK):
        steps = " | ".join(step.name_as_printed for step in claim.steps.all())
        writer.writerow([steps, *(value_at(claim, path) for path in paths)])
    return time.perf_counter() - start


def value_at(record, path: list[str]):
    """Follow a path of attributes."""
    for name in path:
        record = getattr(record, name, None)
    return record


def peers() -> list[Line]:
    """Let the installed peers run; nothing where they are not installed."""
    python = KEPT / "venv" / "bin" / "python"
    if not python.exists():
        return [Line("peers", "peers are not installed: make bench installs them", 1, 1.0)]
    run = subprocess.run(
        [python, "-m", "bench.peers"], cwd=ROOT, env=os.environ, capture_output=True, text=True
    )
    if run.returncode:
        raise RuntimeError(run.stderr)
    return [read(text) for text in run.stdout.splitlines()]
