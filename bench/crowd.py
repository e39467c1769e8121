"""Many at once: pages while eight files are written, and clients that go away in the middle.

One rule: what a client leaves behind is looked for where it would be: threads of the workers,
connections and queries of the database, the log of exports. Called by the run as a part of its own.
"""

import socket
import threading
import time

from django.db import connection

from bench import server
from bench.lines import Line, nearly_all, tell
from incidents.models import ExportLog

EXPORTS, CLIENTS, SECONDS = 8, 2, 6.0
PAUSE = 4  # seconds after which nothing should be left
PATIENCE = 20  # seconds after which what is left counts as left for good
PAGE = "/incidents/?region=CN"


def measure() -> None:
    """Load pages idle and busy, then break off."""
    cookie = server.signed_in()
    with server.serving() as running:
        server.load(PAGE, cookie, clients=CLIENTS, seconds=1)
        idle = server.load(PAGE, cookie, clients=CLIENTS, seconds=SECONDS)
        tell_pages("pages alone", idle, None)
        busy, answers = with_exports(cookie)
        tell_pages(f"pages beside {EXPORTS} exports", busy, nearly_all(idle))
        for status in sorted({answer.status for answer in answers}):
            same = [answer.seconds for answer in answers if answer.status == status]
            what = f"exports at once, answered {status}"
            tell(Line("crowd", what, len(same), max(same), note="rows: exports; seconds: slowest"))
        time.sleep(PAUSE)
        tell(broken_off(cookie, running))


def tell_pages(what: str, spent: list[float], against: float | None) -> None:
    """Tell how long pages took: 95 of 100 stay below."""
    late = nearly_all(spent)
    ratio = late / against if against else None
    note = "seconds: p95 of a page; ratio: to pages alone"
    tell(Line("crowd", what, len(spent), late, ratio, note=note))


def with_exports(cookie: str) -> tuple[list[float], list[server.Answer]]:
    """Load pages while exports run, each begun anew as long as pages are loaded."""
    answers: list[server.Answer] = []
    until = time.perf_counter() + SECONDS

    def export() -> None:
        while time.perf_counter() < until:
            answers.append(server.ask("/claims.csv", cookie))
            if answers[-1].status != 200:
                time.sleep(1)

    threads = [threading.Thread(target=export) for _number in range(EXPORTS)]
    for thread in threads:
        thread.start()
    spent = server.load(PAGE, cookie, clients=CLIENTS, seconds=SECONDS)
    for thread in threads:
        thread.join()
    return spent, answers


def broken_off(cookie: str, running) -> Line:
    """Begin files and go away, and look for what is left."""
    threads, connections = server.threads_of(running), others()

    def remains() -> tuple[int, int, int]:
        """Count what is there now and was not before: threads, connections, queries."""
        now, queries = others()
        more = server.threads_of(running) - threads, now - connections[0], queries
        return tuple(max(0, number) for number in more)

    before = ExportLog.objects.order_by("-pk")[0].pk
    for _client in range(4):
        begin_and_go(cookie)
    gone = time.perf_counter()
    while any(left := remains()) and time.perf_counter() - gone < PATIENCE:
        time.sleep(0.2)
    seconds = time.perf_counter() - gone
    states = sorted(ExportLog.objects.filter(pk__gt=before).values_list("state", flat=True))
    note = f"until nothing was left; left: {left[0]} threads, {left[1]} connections, {left[2]}"
    return Line(
        "crowd",
        "4 clients gone in the middle",
        None,
        seconds,
        note=f"{note} queries; logged {states}",
    )


def begin_and_go(cookie: str) -> None:
    """Ask for a file, read a little of it, and close the connection."""
    with socket.create_connection(("127.0.0.1", server.PORT)) as own:
        request = f"GET /claims.csv HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {cookie}\r\n\r\n"
        own.sendall(request.encode())
        own.recv(200_000)
        time.sleep(0.2)


def others() -> tuple[int, int]:
    """Count the other connections to this database, and those of them that run a query."""
    if connection.vendor != "postgresql":
        return 0, 0
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*), count(*) FILTER (WHERE state <> 'idle') FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        return cursor.fetchone()
