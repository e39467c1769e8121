"""Published totals beside our own: a gap is told only where both cannot be true."""

import pytest

from incidents.gaps import gaps
from incidents.models import Incident
from tests.factories import make_claim, make_incident

pytestmark = pytest.mark.django_db


def verdicts() -> list[str]:
    return [gap.verdict for gap in gaps(Incident.objects.filter(kind="aggregate"), None)]


def published(words: str, basis: str = "cumulative") -> None:
    total = make_incident(kind="aggregate", date_words="2024")
    make_claim(total, words, basis=basis)


@pytest.mark.parametrize(
    ("total", "events", "verdict"),
    [
        (
            "at least 406",
            ["60", "up to 108"],
            "Published is more than recorded here, by at least 238 people.",
        ),
        ("406", ["500"], "Recorded here is more than published, by at least 94 people."),
        ("about 100", ["95"], "Both can be true at once."),
        ("about 100", ["89"], "Published is more than recorded here, by at least 1 person."),
        (
            "406",
            ["at least 60"],
            "What is recorded here has no upper total, so no gap can be told.",
        ),
        ("406", ["hundreds"], "What is recorded here has no upper total, so no gap can be told."),
        ("406", [], "Published is more than recorded here, by at least 406 people."),
    ],
)
def test_gap_is_the_least_that_it_can_be(total, events, verdict):
    published(total)
    for words in events:
        make_claim(make_incident(date_words="2024-05-06"), words)
    assert verdicts() == [verdict]


def test_stocks_and_rates_are_held_beside_nothing():
    for basis in ("stock", "rate"):
        published("about 2000", basis)
    assert verdicts() == []


def test_events_that_may_lie_outside_widen_what_is_recorded():
    published("200")
    make_claim(make_incident(date_words="2024-05-06"), "100")
    make_claim(make_incident(date_words="2023-12/2024-02"), "100")
    assert verdicts() == ["Both can be true at once."]


def test_undated_events_leave_the_sum_without_an_upper_end():
    published("200")
    make_claim(make_incident(date_words=""), "10")
    assert verdicts() == ["What is recorded here has no upper total, so no gap can be told."]
