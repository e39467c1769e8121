"""Work off the queue: check and save the files that people upload. Runs until it is stopped.

One rule: it never gives up because somebody else is writing; and when it is told to stop, what it
is doing is stopped too, with nothing half saved.
"""

import logging
import sys
import threading
import time
from types import FrameType

from django.core.management.base import BaseCommand, CommandParser
from django.db import OperationalError, close_old_connections
from django.utils.crypto import get_random_string
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult

from incidents.importing import folders, jobs
from incidents.importing.forgetting import forget_unconfirmed

INTERVAL = 1.0  # seconds between two looks at an empty queue
TIDYING = 3600.0  # seconds between two looks for uploads that nobody confirmed
logger = logging.getLogger(__name__)


class Patient(Worker):
    """A worker of the queue that looks before it locks, and waits where the database is locked."""

    def shutdown(self, signum: int, frame: FrameType | None) -> None:
        """Stop, and stop what is being done."""
        jobs.closing.set()
        self.running = False
        if not self.running_task:
            sys.exit(0)

    def work_off(self) -> None:
        """Take one task after the other."""
        tidied = -TIDYING
        while self.running:
            close_old_connections()
            try:
                if time.monotonic() - tidied >= TIDYING:
                    tidied = time.monotonic()
                    forget_unconfirmed()
                if DBTaskResult.objects.ready().exists():
                    self.batch = True
                    self.run()
            except OperationalError as error:
                logger.warning("the queue cannot be read just now: %s", error)
            if self.running:
                time.sleep(self.interval)


class Command(BaseCommand):
    """`manage.py worker`."""

    help = "Check and save uploaded files in the background, until stopped."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take how to end."""
        parser.add_argument("--batch", action="store_true", help="end when nothing waits")
        parser.add_argument(
            "--until-stdin-closes",
            action="store_true",
            help="end when whoever started it is gone",
        )

    def handle(self, *, batch: bool, until_stdin_closes: bool, **options) -> None:
        """Work."""
        worker = Patient(
            queue_names=["default"],
            interval=INTERVAL,
            batch=True,
            backend_name="default",
            startup_delay=False,
            max_tasks=None,
            worker_id=get_random_string(32),
            excluded_queue_names=[],
        )
        jobs.closing.clear()
        with folders.at_work():
            if batch:
                forget_unconfirmed()
                worker.run()
                return
            worker.configure_signals()
            if until_stdin_closes:
                threading.Thread(target=wait_for_end, args=[worker], daemon=True).start()
            worker.work_off()


def wait_for_end(worker: Patient) -> None:
    """Wait until nobody holds the other end of standard input, then stop."""
    sys.stdin.buffer.read()
    jobs.closing.set()
    worker.running = False
