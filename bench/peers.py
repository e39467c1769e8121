"""Peers that are installed for the benchmark alone: django-import-export and datasette.

One rule: they write (or read) claims with the columns that they give by themselves, in a slice;
rows a second are what counts. `python -m bench.peers`, in the environment of the peers.
"""

import csv
import http.client
import io
import os
import subprocess
import sys
import time
from pathlib import Path

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
django.setup()

from django.conf import settings
from django.db import connection
from django.db.models import QuerySet
from import_export import resources
from import_export.fields import Field

from bench.lines import Line, tell
from bench.server import free_port
from incidents.models import Claim

SLICE, FEW, IMPORTED = 5_000, 1_000, 500
PORT = free_port()
BESIDE = {
    "source_name": "source__name",
    "source_slug": "source__slug",
    "source_country": "source__country__code",
    "place_code": "place__code",
    "place_name": "place__name",
    "article_title": "article__title",
    "publisher": "article__publisher__name",
    "credit": "article__credit__name",
    "article_url": "article__url",
    "archive_url": "article__archive_url",
}


class ClaimResource(resources.ModelResource):
    """Every column of a claim, and those of its source, place and article."""

    class Meta:
        model = Claim
        exclude = ("restricted_to",)
        skip_unchanged = False


for _name, _path in BESIDE.items():
    ClaimResource.fields[_name] = Field(attribute=_path, column_name=_name, readonly=True)


def main() -> None:
    """Measure export, import, and (beside SQLite) datasette's stream; asked for, import alone."""
    joined = "article__publisher article__credit source__country place".split()
    claims = Claim.objects.select_related(*joined).order_by("pk")
    if sys.argv[1:] == ["import"]:
        tell(imported(claims))
        return
    start = time.perf_counter()
    written = ClaimResource().export(claims[:SLICE])
    _csv = written.csv
    tell(line("django-import-export, export", SLICE, time.perf_counter() - start))
    start = time.perf_counter()
    _csv = ClaimResource().export(Claim.objects.order_by("pk")[:FEW]).csv
    seconds = time.perf_counter() - start
    tell(line("django-import-export, export without select_related", FEW, seconds))
    tell(imported(claims))
    if connection.vendor == "sqlite":
        rows = Claim.objects.filter(pk__lte=SLICE * 4).count()
        streamed = line("datasette, CSV stream of one table", rows, datasette(rows))
        streamed.note += "; its own columns, nothing joined or guarded, no order of days"
        tell(streamed)


def imported(claims: QuerySet) -> Line:
    """Import a slice of the claims again, and roll it back."""
    few = ClaimResource().export(claims[:IMPORTED])
    start = time.perf_counter()
    result = ClaimResource().import_data(few, dry_run=True, raise_errors=True)
    seconds = time.perf_counter() - start
    return line("django-import-export, import (rolled back)", len(result.rows), seconds)


def line(what: str, rows: int, seconds: float) -> Line:
    """Make a line."""
    return Line("peers", what, rows, seconds, note=f"a slice of {rows:,}")


def datasette(rows: int) -> float:
    """Stream the first claims, so many, as CSV through datasette; the seconds."""
    file = Path(settings.DATABASES["default"]["NAME"])
    program = Path(sys.executable).with_name("datasette")
    options = ["--setting", "max_csv_mb", "0", "--setting", "sql_time_limit_ms", "60000"]
    command = [program, "serve", file, "--port", str(PORT), *options]
    running = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    path = f"/{file.stem}/incidents_claim.csv?_stream=on&_size=max&id__lte={SLICE * 4}"
    try:
        wait_for_answer()
        start = time.perf_counter()
        answer = asked(path)
        seconds = time.perf_counter() - start
        given = sum(1 for _row in csv.reader(io.StringIO(answer.decode()))) - 1
        if given != rows:
            sys.exit(f"datasette gave {given} rows instead of {rows}")
        return seconds
    finally:
        running.terminate()
        running.wait()


def wait_for_answer() -> None:
    """Return when datasette answers."""
    for _tenth in range(300):
        try:
            asked("/-/versions.json")
        except OSError:
            time.sleep(0.1)
        else:
            return
    sys.exit("datasette did not start")


def asked(path: str) -> bytes:
    """Read an answer."""
    own = http.client.HTTPConnection("127.0.0.1", PORT, timeout=600)
    own.request("GET", path)
    answer = own.getresponse().read()
    own.close()
    return answer


if __name__ == "__main__":
    main()
