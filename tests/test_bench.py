"""The benchmark's made-up records: what is measured is what would be met."""

import io

import pytest
from django.core.management import call_command
from django.db import connection

from bench.block import make_block
from bench.multiplying import multiply
from incidents.models import Article, Claim, Incident
from incidents.models.derived import MonthSum

pytestmark = pytest.mark.django_db
BLOCK, COPIES = 200, 2


@pytest.fixture(scope="module", autouse=True)
def _made(once) -> None:
    """A small block, and two copies of it."""
    make_block(BLOCK, places=4_200, sources=30)
    list(multiply(COPIES))


def test_copies_are_what_their_records_say():
    printed = io.StringIO()
    call_command("settle", "--check", stdout=printed)
    assert f"{BLOCK * (COPIES + 1)} incidents checked; no difference." in printed.getvalue()
    assert MonthSum.objects.exists()
    connection.check_constraints()


def test_copies_are_records_of_their_own():
    assert Incident.objects.count() == BLOCK * (COPIES + 1)
    assert set(Incident.objects.values_list("pk", flat=True)) == set(range(1, BLOCK * 3 + 1))
    urls = list(Article.objects.exclude(url="").values_list("url", flat=True))
    assert len(urls) == len(set(urls))
    assert Claim.objects.count() % (COPIES + 1) == 0
    copied = Incident.objects.filter(pk__gt=BLOCK, wave__isnull=False)
    assert copied.exists()
    assert all(event.wave_id > BLOCK for event in copied)
