"""Lets only so many exports run at once, over all processes that share a database.

One rule: a place is free again the moment its process, or its connection, is gone, however it
went. PostgreSQL keeps the places as advisory locks; beside SQLite they are locked files.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.utils.translation import gettext as _

KIND = 4_281  # any number that no other advisory lock of ours begins with


class Busy(Exception):
    """As many exports are under way as may be; says so in a sentence for people."""


@contextmanager
def slot() -> Iterator[None]:
    """Take a place for one export. Raises Busy when all are taken."""
    places = range(settings.EXPORTS_AT_ONCE)
    taken = next((lock for place in places if (lock := take(place)) is not None), None)
    if taken is None:
        raise Busy(
            _(
                "This server sends no more files at once than are being sent already (%(n)s). "
                "Please try again in half a minute."
            )
            % {"n": settings.EXPORTS_AT_ONCE}
        )
    try:
        yield
    finally:
        give_back(taken)


def take(place: int) -> int | None:
    """Take one place; what it is given back by, or None where somebody has it."""
    if connection.vendor != "postgresql":
        return take_file(place)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [KIND, place])
        return place if cursor.fetchone()[0] else None


def take_file(place: int) -> int | None:
    """Lock the file of a place; its descriptor, or None."""
    descriptor = os.open(slot_file(place), os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    return descriptor


def slot_file(place: int) -> Path:
    """The file of a place: beside the database, where nobody else may write."""
    return Path(f"{connection.settings_dict['NAME']}-export-{place}")


def give_back(taken: int) -> None:
    """Give a place back."""
    if connection.vendor != "postgresql":
        os.close(taken)
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [KIND, taken])
