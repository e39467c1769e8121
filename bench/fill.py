"""Fills an empty database with so many incidents: `python -m bench.fill 100000`.

One rule: up to BLOCK incidents are made the real way, the others are copies of them. The database
is the one that TEST_DATABASE_URL names; bench.databases calls this.
"""

import os
import sys
import time

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
django.setup()

from django.core.management import call_command
from django.db import connection

from bench.block import BUNCH, make_block
from bench.dialects import DIALECTS
from bench.multiplying import multiply
from incidents.models import Claim, Incident

BLOCK = 5_000


def main(incidents: int) -> None:
    """Make the records, and say how long each step took."""
    block = -(-min(incidents, BLOCK) // BUNCH) * BUNCH
    copies = -(-incidents // block) - 1
    dialect = DIALECTS[connection.vendor]
    began = time.perf_counter()
    call_command("migrate", verbosity=0)
    dialect.hurry()
    make_block(block)
    tell(began, f"a block of {block:,} incidents made and settled")
    for done in multiply(copies):
        tell(began, done)
    dialect.tidy()
    made = f"{Incident.objects.count():,} incidents, {Claim.objects.count():,} claims"
    tell(began, f"{connection.vendor}: {made}")


def tell(began: float, done: str) -> None:
    """Say what was done, and when since the beginning."""
    print(f"{time.perf_counter() - began:7.1f} s  {done}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]))
