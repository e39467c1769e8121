"""Exports that end early, break or wait: nothing is left behind, and what broke looks broken.

The rows are made up by the database, so that an export is long enough to be interrupted.
"""

import contextlib
import hashlib
import os
import socket
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection
from django.test import RequestFactory

from incidents import exports, slots, streams
from incidents.filters import ask
from incidents.models import ExportLog, Incident
from tests.factories import make_user

pytestmark = pytest.mark.django_db(transaction=True)

ROWS = 300_000
LONG = """
    WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 300000)
    SELECT CAST(x AS text) || ' people and no more' FROM n
"""
BREAKING = LONG.replace(
    "CAST(x AS text)",  # the largest number has no opposite on either engine
    "CAST(abs(CASE WHEN x = 300000 THEN -9223372036854775807 - 1 ELSE x END) AS text)",
)


@pytest.fixture
def long(monkeypatch):
    """Let every export be a long one."""
    monkeypatch.setattr(exports, "statement", lambda question, table: (LONG, ()))


@pytest.fixture
def one_at_once(settings):
    """Let one export run at once."""
    settings.EXPORTS_AT_ONCE = 1


@contextmanager
def another_under_way(ends: list[BaseException] | None = None) -> Iterator[None]:
    """Have an export under way on a connection of its own; read it to its end to see that one."""
    begun, enough = threading.Event(), threading.Event()

    def send() -> None:
        stream = exports.csv_stream(ask("", None), "claims")
        next(stream)
        next(stream)
        begun.set()
        enough.wait(60)
        try:
            if ends is not None:
                deque(stream, maxlen=0)
        except DatabaseError as error:
            ends.append(error)
        stream.close()
        connection.close()

    sender = threading.Thread(target=send)
    sender.start()
    try:
        assert begun.wait(60)
        yield
    finally:
        enough.set()
        sender.join()


def copies_under_way() -> int:
    """Count the queries of exports that the server works on; SQLite has no server."""
    if connection.vendor != "postgresql":
        return 0
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE state = 'active'"
            " AND datname = current_database() AND query LIKE 'COPY%%'"
        )
        return cursor.fetchone()[0]


def is_resting() -> bool:
    """Tell whether this connection answers and has no transaction open."""
    Incident.objects.count()
    if connection.vendor == "postgresql":
        return not connection.connection.info.transaction_status
    return not connection.connection.in_transaction


@pytest.mark.parametrize("table", ["incidents", "claims"])
@pytest.mark.usefixtures("long", "one_at_once")
def test_stream_that_is_closed_leaves_nothing_behind(table):
    threads = threading.active_count()
    for _again in range(2):
        stream = exports.csv_stream(ask("", None), table)
        next(stream)
        next(stream)
        stream.close()
        assert threading.active_count() == threads
        assert is_resting()
        assert copies_under_way() == 0
    states = ExportLog.objects.values_list("state", "sha256")
    assert list(states) == [("failed", "")] * 2


@pytest.mark.usefixtures("long", "one_at_once")
def test_answer_that_is_closed_before_anything_was_read_leaves_nothing_behind(client):
    client.force_login(make_user("Viewer"))
    for _again in range(2):
        response = client.get("/claims.csv")
        assert response.status_code == 200
        response.close()
    assert is_resting()
    assert set(ExportLog.objects.values_list("state", flat=True)) == {"failed"}


@pytest.mark.usefixtures("long")
def test_whole_stream_counts_its_rows():
    content = b"".join(exports.csv_stream(ask("raw=1", None), "claims"))
    log = ExportLog.objects.get()
    assert (log.state, log.rows, log.size) == ("finished", ROWS, len(content))
    assert log.sha256 == hashlib.sha256(content).hexdigest()
    assert content.count(b"\n") == ROWS + 1


def test_error_in_the_middle_reaches_the_server_and_the_log(monkeypatch):
    monkeypatch.setattr(exports, "statement", lambda question, table: (BREAKING, ()))
    threads = threading.active_count()
    sent = []
    with pytest.raises(DatabaseError):
        sent.extend(exports.csv_stream(ask("", None), "claims"))
    assert len(sent) > 2
    assert ExportLog.objects.get().state == "failed"
    assert (threading.active_count(), is_resting()) == (threads, True)


class EndlessCursor:
    """Copies for ever, and notes what is done to its connection."""

    def __init__(self) -> None:
        self.connection = self
        self.done: list[str] = []

    def copy_expert(self, statement: str, pipe: streams.Pipe, size: int) -> None:
        while True:
            pipe.write(b"x" * size)

    def cancel(self) -> None:
        self.done.append("cancelled")

    def close(self) -> None:
        self.done.append("closed")


def test_query_whose_reader_takes_nothing_is_cancelled_and_its_connection_closed(monkeypatch):
    monkeypatch.setattr(streams, "STALLED", 1)
    cursor, pipe = EndlessCursor(), streams.Pipe()
    pipe.fill(cursor, "")
    assert isinstance(pipe.failure, streams.Stalled)
    assert cursor.done == ["cancelled", "closed"]


if connection.vendor == "postgresql":  # SQLite reads when it is asked for more, never ahead

    @pytest.mark.usefixtures("long", "one_at_once")
    def test_place_of_a_reader_who_hangs_is_free_while_it_hangs(monkeypatch):
        monkeypatch.setattr(streams, "STALLED", 1)
        ends: list[BaseException] = []
        with another_under_way(ends):
            assert until(lambda: not copies_under_way())
            assert until(is_place_free)
        assert [type(end) for end in ends] == [DatabaseError]
        assert ExportLog.objects.get().state == "failed"


@pytest.mark.usefixtures("long", "one_at_once")
def test_place_of_a_client_who_hangs_is_free_while_it_hangs(monkeypatch):
    monkeypatch.setattr(exports, "STALLED", 1)
    server, client = socket.socketpair()
    with server, client, sending_to(server):
        assert client.recv(1)
        assert not is_place_free()
        assert until(is_place_free)
    assert ExportLog.objects.get().state == "failed"


@contextmanager
def sending_to(server: socket.socket) -> Iterator[None]:
    """Send an export as gunicorn does: whatever ends it, the answer is closed."""

    def send() -> None:
        request = RequestFactory().get("/claims.csv")
        request.META["gunicorn.socket"] = server
        response = exports.csv_response(request, ask("", None), "claims")
        with contextlib.suppress(OSError):
            for piece in response:
                server.sendall(piece)
        response.close()
        connection.close()

    sender = threading.Thread(target=send)
    sender.start()
    try:
        yield
    finally:
        server.shutdown(socket.SHUT_RDWR)
        sender.join()


def is_place_free() -> bool:
    """Tell whether an export could begin."""
    try:
        with slots.slot():
            return True
    except slots.Busy:
        return False


def until(is_so: Callable[[], bool]) -> bool:
    """Wait until something is so, for half a minute at most."""
    return any(is_so() or time.sleep(0.1) for _again in range(300))


KILLED = """
import sys, django
django.setup()
from django.db import connection
from incidents import slots
connection.settings_dict["NAME"] = sys.argv[1]
with slots.slot():
    print("taken", flush=True)
    sys.stdin.read()
"""


@pytest.mark.usefixtures("one_at_once")
def test_process_that_is_killed_gives_its_place_back():
    database = str(connection.settings_dict["NAME"])
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "tests.settings", "EXPORTS_AT_ONCE": "1"}
    killed = subprocess.Popen(  # noqa: S603 this very interpreter
        [sys.executable, "-c", KILLED, database],
        cwd=settings.BASE_DIR,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    with killed:
        try:
            assert killed.stdout.readline() == b"taken\n"
            assert not is_place_free()
        finally:
            killed.kill()
    assert until(is_place_free)


class Noting:
    """Stands for the socket that a server talks to a client through."""

    seconds: float | None = None

    def settimeout(self, seconds: float) -> None:
        self.seconds = seconds


def test_client_that_takes_nothing_is_let_go():
    request, noting = RequestFactory().get("/claims.csv"), Noting()
    request.META["gunicorn.socket"] = noting
    exports.csv_response(request, ask("", None), "claims").close()
    assert noting.seconds == streams.STALLED


@pytest.mark.usefixtures("long", "one_at_once")
def test_one_too_many_is_told_so(client, tmp_path):
    client.force_login(make_user("Viewer"))
    target = tmp_path / "claims.csv"
    with another_under_way():
        response = client.get("/claims.csv")
        assert (response.status_code, response["Retry-After"]) == (503, "30")
        assert response["Content-Type"] == "text/plain; charset=utf-8"
        sentence = response.content.decode().strip()
        with pytest.raises(CommandError, match="no more files at once") as refusal:
            call_command("export_incidents", "", "-o", str(target))
        assert (str(refusal.value), refusal.value.returncode) == (sentence, 1)
        assert list(tmp_path.iterdir()) == []
        assert ExportLog.objects.count() == 1
    assert client.get("/claims.csv").status_code == 200


@pytest.mark.usefixtures("long")
def test_as_many_run_as_the_setting_says(settings):
    settings.EXPORTS_AT_ONCE = 2
    with another_under_way():
        begun = exports.begin(exports.csv_stream(ask("", None), "claims"))
        begun.close()
    assert ExportLog.objects.count() == 2
