"""One event twice in one file: said, never merged."""

import pytest

from incidents.models import Incident
from tests.importing.sheets import claims, migrants

SAME = "may be the same event as row 2 of this file: same day, place and"


@pytest.mark.parametrize(
    ("other", "said"),
    [
        ({"url": "https://news.example/b"}, f"duplicate: {SAME} figures."),
        ({"number_dead": "9"}, f"duplicate: {SAME} link."),
        ({"number_dead": "9", "url": "https://news.example/b"}, ""),
        ({"reported_date": "2014-12-30"}, ""),
        ({"location_description": "Off Tripoli"}, ""),
    ],
    ids=["same figures", "same link", "neither", "another day", "another place"],
)
def test_event_twice_in_a_file_is_said_and_not_merged(bring, tmp_path, other, said):
    path = migrants(tmp_path / "a.csv", {}, {"web_id": "2014.MMP00002", **other})
    ran = bring(path)
    lines = [(r["row"], r["message"]) for r in ran.rows(".report.csv") if "may be" in r["message"]]
    assert lines == ([("3", said)] if said else [])
    assert Incident.objects.count() == 2
    assert ran.run.duplicates == len(lines)


def test_claims_of_one_incident_are_not_the_same_event_twice(bring, tmp_path):
    ran = bring(claims(tmp_path / "c.csv", {}, {"claim": "2", "source": "Another"}))
    assert ran.run.duplicates == 0
    ran = bring(
        claims(
            tmp_path / "d.csv", {"incident": "K8", "claim": "8"}, {"incident": "K9", "claim": "9"}
        )
    )
    assert ran.run.duplicates == 1
