"""The project as its users meet it: gunicorn as `make serve` runs it, a session, a client.

One rule: everything goes to 127.0.0.1, and what was started is ended. Called by the other parts.
"""

import http.client
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from django.contrib.auth.models import Group
from django.test import Client

from incidents.models import User


def free_port() -> int:
    """Find a port that nobody uses, so that no other server is measured by mistake."""
    with socket.create_server(("127.0.0.1", 0)) as own:
        return own.getsockname()[1]


PORT = free_port()
VIEWER = "bench-viewer"
WORKERS = ("--workers", "2", "--worker-class", "gthread", "--threads", "8", "--no-control-socket")


@contextmanager
def serving(**settings: str) -> Iterator[subprocess.Popen]:
    """Serve the database under measurement, and stop in the end; as many files at once as users."""
    inherited = {name: value for name, value in os.environ.items() if name != "EXPORTS_AT_ONCE"}
    environment = {
        **inherited,
        "DJANGO_SETTINGS_MODULE": "config.settings",  # not those of the tests, as users have it
        "DATABASE_URL": os.environ["TEST_DATABASE_URL"],
        **settings,
    }
    program = Path(sys.executable).with_name("gunicorn")
    command = [program, "config.wsgi", "--bind", f"127.0.0.1:{PORT}", *WORKERS]
    running = subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL)
    try:
        wait_for_answer()
        yield running
    finally:
        running.send_signal(signal.SIGTERM)
        running.wait()


def wait_for_answer() -> None:
    """Return when the server answers."""
    for _tenth in range(300):
        try:
            ask("/healthz", "")
        except OSError:
            time.sleep(0.1)
        else:
            return
    sys.exit("The server did not start.")


def signed_in() -> str:
    """Sign a viewer in; the cookie of the session."""
    person, _made = User.objects.get_or_create(username=VIEWER)
    person.groups.add(Group.objects.get(name="Viewer"))
    client = Client()
    client.force_login(person)
    return f"sessionid={client.cookies['sessionid'].value}"


@dataclass(slots=True)
class Answer:
    """What came back: status, seconds to the first byte and to the last, bytes."""

    status: int
    first: float
    seconds: float
    size: int


def ask(path: str, cookie: str, connection: http.client.HTTPConnection | None = None) -> Answer:
    """Ask for an address, and read all of the answer."""
    own = connection or http.client.HTTPConnection("127.0.0.1", PORT, timeout=3600)
    start = time.perf_counter()
    own.request("GET", quote(path, safe="/?&=%+-."), headers={"Cookie": cookie})
    response = own.getresponse()
    size = len(response.read(1))
    first = time.perf_counter() - start
    buffer = bytearray(1 << 20)
    while read := response.readinto(buffer):
        size += read
    if connection is None:
        own.close()
    return Answer(response.status, first, time.perf_counter() - start, size)


def load(path: str, cookie: str, *, clients: int, seconds: float) -> list[float]:
    """Ask for one address over and over by several clients at once; the seconds of each answer."""
    spent: list[float] = []
    until = time.perf_counter() + seconds

    def client() -> None:
        connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=60)
        while time.perf_counter() < until:
            answer = ask(path, cookie, connection)
            if answer.status != 200:
                raise RuntimeError(f"{path} answered {answer.status}")
            spent.append(answer.seconds)
        connection.close()

    threads = [threading.Thread(target=client) for _number in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return spent


def settled_memory(process: subprocess.Popen) -> dict[int, int]:
    """What each worker of a server holds now, in kB; from here on its peak counts anew."""
    held = {}
    for worker in workers_of(process.pid):
        Path(f"/proc/{worker}/clear_refs").write_text("5")
        held[worker] = status_of(worker, "VmRSS")
    return held


def growth(before: dict[int, int]) -> float:
    """By how many MB the worker that grew most was above what it held before, at its peak."""
    return max(status_of(worker, "VmHWM") - held for worker, held in before.items()) / 1024


def status_of(worker: int, name: str) -> int:
    """Read one number that the system keeps of a process."""
    lines = Path(f"/proc/{worker}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(name))


def workers_of(pid: int) -> Sequence[int]:
    """The processes that a process started."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    return [int(child) for child in children.split()]


def threads_of(process: subprocess.Popen) -> int:
    """How many threads the workers of a server have together."""
    return sum(
        len(list(Path(f"/proc/{worker}/task").iterdir())) for worker in workers_of(process.pid)
    )
