"""What the table of sums holds of single incidents; what is wrong in it is said and mended.

That it is true after any sequence of changes is proven in tests/test_sums.py.
"""

import io

import pytest
from django.contrib.auth.models import Group
from django.core.management import CommandError, call_command
from django.db import transaction

from incidents import facets
from incidents.filters import ask
from incidents.models import Claim, MonthSum, Place
from incidents.reckoning import Reckoning
from incidents.settling import settle
from incidents.summing import wrong_sums
from tests.factories import (
    make_claim,
    make_incident,
    make_place,
    make_user,
    settled_together,
    touch,
)
from tests.test_sums import check_question, numbers_of

pytestmark = pytest.mark.django_db


def test_restricted_incident_changes_nothing_for_others():
    circle, place = Group.objects.create(name="Circle"), make_place("CN")
    viewer, insider = make_user("Viewer"), make_user("Viewer")
    insider.groups.add(circle)
    make_claim(make_incident(date_words="2023-10"), "9")
    before = list(MonthSum.objects.values())
    seen = [numbers_of(Reckoning(ask(query, viewer))) for query in ("", "region=CN")]
    hidden = make_incident(date_words="2023-10", restricted_to=circle)
    touch(hidden, place)
    make_claim(hidden, "5000")
    assert list(MonthSum.objects.values()) == before
    assert seen == [numbers_of(Reckoning(ask(query, viewer))) for query in ("", "region=CN")]
    assert Reckoning(ask("region=CN", insider)).totals("")["returned"].best == 5000


def test_incident_that_becomes_restricted_leaves_the_table():
    incident = make_incident(date_words="2023-10")
    touch(incident, make_place("CN"))
    make_claim(incident, "9")
    assert MonthSum.objects.count() == 2
    incident.restricted_to.add(Group.objects.create(name="Circle"))
    settle([incident.pk])
    assert not MonthSum.objects.exists()


def test_place_by_a_restricted_claim_counts_for_its_readers_alone():
    circle, china = Group.objects.create(name="Circle"), make_place("CN")
    make_place("CN-LN", parent=china)
    jilin, insider = make_place("CN-JL", parent=china), make_user("Viewer")
    insider.groups.add(circle)
    incident = make_incident()
    make_claim(incident, "9")
    make_claim(incident, "10", place=jilin, restricted_to=circle)
    assert Reckoning(ask("region=CN-JL", None)).count == 0
    assert Reckoning(ask("region=CN-JL", insider)).count == 1
    touch(incident, china)
    check_question("region=CN", insider)


def test_reader_without_rights_is_told_nothing():
    make_claim(make_incident(), "9")
    assert Reckoning(ask("", make_user())).count == 0


def test_incidents_of_no_category_measure_are_counted_once():
    incident = make_incident(date_words="2023-10")
    make_claim(incident, "9")
    make_claim(incident, "60", measure="arrested")
    assert (Reckoning(ask("", None)).count, MonthSum.objects.count()) == (1, 2)


def test_months_without_a_firm_date_stand_outside_all_months():
    for words in ("", "../2024-05-07", "2024-04-26/.."):
        make_incident(date_words=words)
    check_question("from=2024-05", None)
    assert Reckoning(ask("from=2024-05", None)).undated == 3


def test_time_is_broken_down_by_months_and_by_years():
    for words in ("2023-10-09", "2023-11", "2023-10/2023-11", "2024-04", ""):
        make_claim(make_incident(date_words=words), "9")
    [months] = facets.facets(Reckoning(ask("from=2023-10&to=2024-04", None)))
    rows = {row.label: [cell.words for cell in row.cells] for row in months.rows}
    assert rows == {
        "October 2023": ["1", "9", "1"],
        "November 2023": ["1", "9", "1"],
        "April 2024": ["1", "9", "0"],
        "without a firm date": ["1", "9", ""],
    }
    [years] = facets.facets(Reckoning(ask("to=2024-03", None)))
    assert [row.label for row in years.rows] == ["2023", "without a firm date"]


def spoil(**change) -> str:
    """Change one cell behind the table's back; return what the check says of it."""
    MonthSum.objects.filter(place=0).update(**change)
    printed = io.StringIO()
    with pytest.raises(CommandError, match="1 differences"):
        call_command("settle", "--check", stdout=printed)
    return printed.getvalue()


@pytest.fixture
def settled():
    incident = make_incident(date_words="2023-10")
    touch(incident, make_place("CN"))
    make_claim(incident, "9")


@pytest.mark.usefixtures("settled")
def test_wrong_sum_is_said_and_mended():
    said = "Sums anywhere forced_return returned 2023-10/2023-10 are wrong: best_sum is 8 and"
    assert said in spoil(best_sum=8)
    call_command("settle", stdout=io.StringIO())
    call_command("settle", "--check", stdout=io.StringIO())


@pytest.mark.usefixtures("settled")
@pytest.mark.parametrize("place", ["CN", "anywhere"])
def test_missing_sum_is_said_and_mended(place):
    key = 0 if place == "anywhere" else Place.objects.get(code=place).pk
    MonthSum.objects.filter(place=key).delete()
    printed = io.StringIO()
    with pytest.raises(CommandError):
        call_command("settle", "--check", stdout=printed)
    assert f"Sums {place} forced_return returned 2023-10/2023-10 are missing." in printed.getvalue()
    call_command("settle", stdout=io.StringIO())
    assert wrong_sums() == []


@pytest.mark.usefixtures("settled")
def test_stray_sum_is_said_and_mended():
    MonthSum.objects.create(
        **MonthSum.objects.filter(place=0).values(*MonthSum.CELL[:-1], *MonthSum.SUMS).get(),
        last_month=24300,
    )
    printed = io.StringIO()
    with pytest.raises(CommandError):
        call_command("settle", "--check", stdout=printed)
    assert "2023-10/2025-01 are stored, and nothing supports them." in printed.getvalue()
    call_command("settle", stdout=io.StringIO())
    assert wrong_sums() == []


def test_table_takes_no_more_queries_for_more_incidents(django_assert_num_queries):
    counts = []
    for number in (2, 20):
        with settled_together():
            for _incident in range(number):
                make_claim(make_incident(date_words="2023-10"), "9")
        with transaction.atomic(), django_assert_num_queries(3) as asked:
            assert Reckoning(ask("", None)).count
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_nobody_adds_up_what_a_claim_set_aside_says():
    claim = make_claim(make_incident(date_words="2023-10"), "9")
    Claim.objects.filter(pk=claim.pk).update(status="set_aside", status_note="wrong")
    settle([claim.incident_id])
    assert list(MonthSum.objects.values_list("best_sum", "without_figure")) == [(0, 1)]
