"""How `make serve` runs gunicorn: with a worker beside it that checks and saves uploaded files.

One rule: the worker ends with the server, however that ends: it holds one end of a pipe whose other
end is the server's. Whoever runs both as services of their own leaves this file out (README).
"""

import subprocess
import sys
from pathlib import Path

MANAGE = Path(__file__).resolve().parent.parent / "manage.py"
SECONDS_TO_STOP = 10
begun: list[subprocess.Popen] = []


def when_ready(server) -> None:
    """Start the worker."""
    command = [sys.executable, str(MANAGE), "worker", "--until-stdin-closes"]
    begun.append(subprocess.Popen(command, stdin=subprocess.PIPE))  # noqa: S603 our own


def on_exit(server) -> None:
    """Stop the worker, and wait until it has."""
    for worker in begun:
        worker.terminate()
        try:
            worker.wait(SECONDS_TO_STOP)
        except subprocess.TimeoutExpired:
            worker.kill()
