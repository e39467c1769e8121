"""One save at a time: nobody writes between the comparing of a record and its saving.

One rule: take the turn first in the transaction, before anything is read. SQLite lets only one
transaction write anyway; PostgreSQL is asked for the same. Whoever takes it begins a new edition of
the records, so that nothing kept of the old one is told again. Called by the desk, actions and
merges, and by `settle`, so that two who change the same sums never wait for each other crosswise.
"""

from uuid import uuid4

from django.db import connection

from incidents.models import THE_EDITION, Edition

DESK = 0x41747465  # any number that no other lock of this database uses
MILLISECONDS = 20_000  # as SQLite waits; an import may take longer, and people are told so


def wait_for_turn() -> None:
    """Wait until no other save is under way; turn and edition are the transaction's own.

    Raises OperationalError where the others take too long.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL lock_timeout = {MILLISECONDS:d}")
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [DESK])
    mark = uuid4().hex
    if not Edition.objects.filter(pk=THE_EDITION).update(mark=mark):
        Edition.objects.create(pk=THE_EDITION, mark=mark)
