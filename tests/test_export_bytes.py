"""Files to the byte: the database's own writing against plain Python, and against fixed bytes."""

import datetime as dt
import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incidents import exports
from incidents.filters import ask
from incidents.models import Claim, Incident
from tests.examples import few
from tests.factories import (
    make_article,
    make_claim,
    make_incident,
    make_place,
    make_source,
    settled_together,
    touch,
)
from tests.rendering import rendered
from tests.worlds import one_example

pytestmark = pytest.mark.django_db


def written(query: str, table: str, user=None) -> bytes:
    """Write a file."""
    return b"".join(exports.csv_stream(ask(query, user), table))


def same(query: str, table: str, user=None) -> None:
    """Hold a file against the second opinion; an empty one has its header alone."""
    due = rendered(ask(query, user), table)
    got = written(query, table, user)
    if len(due) > len("\ufeff".encode()):
        assert got == due
    else:
        assert got.count(b"\n") == 1


def test_both_engines_write_these_bytes():
    asia = make_place("m49:030", name="Eastern Asia")
    china = make_place("CN", parent=asia, name="China", iso3="CHN")
    jilin = make_place(
        "CN-JL", parent=china, name="Jilin, “吉林”", latitude="43.9", longitude="126"
    )
    outlet = make_source("The Outlet", slug="outlet")  # named here: made-up names are numbered
    incident = make_incident(
        "-5 returned, they say", pk=7, date_words="2024-04-26", summary='a "quote"\r\nand more',
        latitude="42.96", longitude="-129.5", point_precision="site", extra='{"k": "=1"}',
    )  # fmt: skip
    touch(incident, jilin)
    make_claim(
        incident, "200여 명", pk=9,
        article=make_article(pk=3, title="'=a", url="https://a.example/x,y", publisher=outlet),
        source=make_source("동", slug="dong"), quote="=1", date_words="[2023,2024]",
    )  # fmt: skip
    moment = dt.datetime(2026, 1, 2, 3, 4, 5, 999_999, tzinfo=dt.UTC)
    Claim.objects.update(updated=moment)
    Incident.objects.update(updated=moment, first_published=moment)
    files = [written(query, t) for query in ("", "raw=1") for t in ("incidents", "claims")]
    assert b"AT-000007,event,'-5 returned" not in files[2]
    assert b'AT-000007,event,"\'-5 returned, they say",' in files[0]
    assert b'"a ""quote""\nand more"' in files[0]
    assert b"42.96,-129.5" in files[0]
    digests = [hashlib.sha256(file).hexdigest()[:16] for file in files]
    assert digests == EXPECTED, digests


# SHA-256 of incidents.csv, claims.csv and the same two raw, cut to 16 digits.
EXPECTED = ["802dca9f0850f7ce", "8a9a542d1879893b", "fddf2de8a742cc79", "43df51d3e953a7e3"]


anything = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=30
)


@few(6)
@given(texts=st.lists(anything, min_size=3, max_size=6))
def test_any_text_leaves_as_python_writes_it(texts):
    with one_example():
        with settled_together():
            for text in texts:
                make_claim(make_incident("x", summary=text), "9", quote=text)
        for query in ("", "raw=1"):
            same(query, "incidents")
            same(query, "claims")
