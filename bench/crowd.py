"""Many at once: pages while eight files are written, and clients that go away in the middle.

One rule: what a client leaves behind is looked for where it would be: in the log, exports that
have not ended; on PostgreSQL also threads of the workers, connections and queries. SQLite runs in
the thread that answers and shows nothing of the kind. Called by the run as a part of its own.
"""

import socket
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

from django.db import connection

from bench import server
from bench.lines import Line, nearly_all, tell
from incidents.models import ExportLog

EXPORTS, CLIENTS, SECONDS = 8, 2, 6.0
GONE = 4  # clients that go away in the middle
PAUSE = 4  # seconds after which nothing should be left
PATIENCE = 20  # seconds after which what is left counts as left for good
PAGE = "/incidents/?region=CN"


def measure() -> None:
    """Load pages idle and busy, then break off."""
    cookie = server.signed_in()
    with server.serving():
        server.load(PAGE, cookie, clients=CLIENTS, seconds=1)
        idle = server.load(PAGE, cookie, clients=CLIENTS, seconds=SECONDS)
        tell_pages("pages alone", idle, None)
        busy, answers = with_exports(cookie)
        tell_pages(f"pages beside {EXPORTS} exports", busy, nearly_all(idle))
        for status in sorted({answer.status for answer in answers}):
            same = [answer.seconds for answer in answers if answer.status == status]
            what = f"exports at once, answered {status}"
            tell(Line("crowd", what, len(same), max(same), note="rows: exports; seconds: slowest"))
    with server.serving(EXPORTS_AT_ONCE=str(GONE)) as running:
        server.load(PAGE, cookie, clients=CLIENTS, seconds=1)
        time.sleep(PAUSE)
        tell(broken_off(cookie, running))


def tell_pages(what: str, spent: list[float], against: float | None) -> None:
    """Tell how long pages took: 95 of 100 stay below."""
    late = nearly_all(spent)
    ratio = late / against if against else None
    note = "seconds: p95 of a page; ratio: to pages alone"
    tell(Line("crowd", what, len(spent), late, ratio, note=note))


def with_exports(cookie: str) -> tuple[list[float], list[server.Answer]]:
    """Load pages while exports run; who takes them is another process, so that none is delayed."""
    until = time.perf_counter() + SECONDS
    with ProcessPoolExecutor(EXPORTS, mp_context=get_context("fork")) as takers:
        taken = [takers.submit(exports_until, until, cookie) for _number in range(EXPORTS)]
        spent = server.load(PAGE, cookie, clients=CLIENTS, seconds=SECONDS)
        return spent, [answer for answers in taken for answer in answers.result()]


def exports_until(until: float, cookie: str) -> list[server.Answer]:
    """Take a file, again and again until then."""
    answers = []
    while time.perf_counter() < until:
        answers.append(server.ask("/claims.csv", cookie))
        if answers[-1].status != 200:
            time.sleep(1)
    return answers


def broken_off(cookie: str, running) -> Line:
    """Begin files and go away, and look for what is left."""
    visible, before = seen(running), ExportLog.objects.order_by("-pk")[0].pk
    begun = ExportLog.objects.filter(pk__gt=before)

    def remains() -> dict[str, int]:
        """Count what is there now and was not before, of all that can be seen."""
        more = {what: max(0, now - visible[what]) for what, now in seen(running).items()}
        return {"exports not ended": begun.filter(state="started").count(), **more}

    for _client in range(GONE):
        begin_and_go(cookie)
    gone = time.perf_counter()
    while any((left := remains()).values()) and time.perf_counter() - gone < PATIENCE:
        time.sleep(0.1)
    seconds = time.perf_counter() - gone
    if begun.count() != GONE:
        sys.exit(f"{GONE} clients began an export; {begun.count()} are logged.")
    found = ", ".join(f"{number} {what}" for what, number in left.items())
    states = " and ".join(
        f"{begun.filter(state=state).count()} {state}"
        for state in sorted(set(begun.values_list("state", flat=True)))
    )
    note = f"until nothing was left; left: {found}; logged: {states}"
    if not visible:
        note += "; threads and connections tell nothing here"
    return Line("crowd", f"{GONE} clients gone in the middle", None, seconds, note=note)


def seen(running) -> dict[str, int]:
    """Count what an export can leave behind where the database shows it."""
    if connection.vendor != "postgresql":
        return {}
    connections, queries = others()
    return {
        "threads": server.threads_of(running),
        "connections": connections,
        "queries": queries,
    }


def begin_and_go(cookie: str) -> None:
    """Ask for a file, read a little of it, and close the connection."""
    with socket.create_connection(("127.0.0.1", server.PORT)) as own:
        request = f"GET /claims.csv HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {cookie}\r\n\r\n"
        own.sendall(request.encode())
        own.recv(200_000)
        time.sleep(0.2)


def others() -> tuple[int, int]:
    """Count the other connections to this database, and those of them that run a query."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*), count(*) FILTER (WHERE state <> 'idle') FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        return cursor.fetchone()
