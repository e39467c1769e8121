"""Totals: the sum of their lines, nothing invented, nothing twice, nothing restricted."""

import csv
import io

import pytest
from django.contrib.auth.models import Group
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from incidents import exports, summaries
from incidents.filters import ask
from incidents.models import Incident, IncidentLink, User
from incidents.reckoning import Reckoning
from incidents.settling import settle
from tests.examples import few
from tests.factories import (
    make_article,
    make_claim,
    make_incident,
    make_user,
    settle_now_or_later,
    settled_together,
)

pytestmark = pytest.mark.django_db


def totals(query: str = "", user=None) -> dict[tuple[str, str], summaries.MeasureTotal]:
    found = summaries.totals(Reckoning(ask(query, user)), with_lines=True)
    return {(total.match, total.measure): total for total in found}


def counted_rows(query: str = "", user=None) -> list[dict[str, str]]:
    text = b"".join(exports.csv_stream(ask(query, user), "incidents")).decode("utf-8-sig")
    return [row for row in csv.DictReader(io.StringIO(text)) if row["counted"] == "yes"]


def link(first: Incident, second: Incident, certainty: str = "possible") -> None:
    IncidentLink.objects.create(
        first=first, second=second, kind="same_people", certainty=certainty, reason="test"
    )
    settle_now_or_later([first.pk, second.pk])


@pytest.fixture
def forty_one():
    wave = make_incident("wave", kind="wave", date_words="2012-02-28/2012-03-12")
    make_claim(wave, "all 41")
    for day, words in (("2012-02-29", "eight"), ("2012-03-07", "nine")):
        event = make_incident(words, date_words=day, wave=wave)
        make_claim(event, words)
    return wave


def test_wave_stands_for_its_events(forty_one):
    total = totals()["", "returned"].total
    assert (total.at_least, total.best, total.at_most) == (41, 41, 41)


def test_event_counts_alone_where_its_wave_only_possibly_matches(forty_one):
    found = totals("from=2012-02-29&to=2012-02-29")
    assert found["certain", "returned"].total.at_least == 8
    assert found["possible", "returned"].total.at_least == 41


def test_aggregate_never_enters_a_total():
    make_claim(make_incident(), "9")
    make_claim(make_incident(kind="aggregate"), "at least 26,031", basis="cumulative")
    assert totals("kind=event&kind=aggregate")["", "returned"].total.at_least == 9


def test_aggregate_shows_what_was_published():
    aggregate = make_incident(kind="aggregate")
    make_claim(aggregate, "at least 406", basis="cumulative")
    assert (aggregate.people_low, aggregate.figure_kind) == (406, "at_least")


def test_measures_are_never_added_to_each_other():
    incident = make_incident()
    make_claim(incident, "9")
    make_claim(incident, "60", measure="arrested")
    found = totals()
    assert found["", "returned"].total.best == 9
    assert found["", "arrested"].total.best == 60


def test_missing_upper_figure_is_said_and_not_filled():
    make_claim(make_incident(), "at least 9")
    make_claim(make_incident(), "up to 60")
    found = totals()["", "returned"]
    assert (found.total.at_least, found.total.at_most) == (9, None)
    assert "no upper total" in found.words


def test_possible_overlap_is_counted_once_at_the_lower_end():
    first, second = make_incident(), make_incident()
    make_claim(first, "40")
    make_claim(second, "60")
    link(first, second)
    total = totals()["", "returned"].total
    assert (total.at_least, total.best, total.at_most, total.overlapping) == (40, None, 100, 2)
    assert {row["overlap_group"] for row in counted_rows()} == {first.code}


def test_established_same_people_are_one_line():
    first, second = make_incident(), make_incident()
    make_claim(first, "60")
    make_claim(second, "60")
    link(first, second, "established")
    assert totals()["", "returned"].total.best == 60
    assert len(counted_rows()) == 1


def test_restricted_event_is_no_part_of_the_wave_for_others(forty_one):
    circle = Group.objects.create(name="Circle")
    forty_one.claims.update(status="set_aside", status_note="test")
    settle([forty_one.pk])
    hidden = make_incident("hidden", date_words="2012-03-01", wave=forty_one, restricted_to=circle)
    make_claim(hidden, "900")
    insider = make_user("Viewer")
    assert totals("", insider)["", "returned"].total.best == 17
    insider.groups.add(circle)
    insider = User.objects.get(pk=insider.pk)  # as the next request has it
    assert totals("", insider)["", "returned"].total.best == 917


def test_overlap_with_a_restricted_incident_changes_nothing_for_others():
    circle = Group.objects.create(name="Circle")
    shown, hidden = make_incident(), make_incident(restricted_to=circle)
    make_claim(shown, "60")
    make_claim(hidden, "40")
    link(shown, hidden)
    total = totals("", make_user("Viewer"))["", "returned"].total
    assert (total.best, total.overlapping) == (60, 0)
    [row] = counted_rows("", make_user("Viewer"))
    assert (row["may_overlap"], row["overlap_group"]) == ("", "")


def test_nothing_found_is_not_nothing_happened():
    assert totals("q=nothing") == {}
    assert summaries.overview(Reckoning(ask("q=nothing", None))).count == 0


@pytest.mark.parametrize("rows", [2, 20])
def test_totals_ask_few_questions(rows, django_assert_max_num_queries):
    with settled_together():
        for _ in range(rows):
            first, second = make_incident(), make_incident()
            make_claim(first, "9")
            link(first, second)
    with django_assert_max_num_queries(14):
        list(summaries.totals(Reckoning(ask("", None))))


WORDS = st.sampled_from(
    ["9", "around 200", "up to 60", "at least 40", "50 to 60", "dozens", "0", "nearly 30"]
)


class AnySet(TestCase):
    """Whatever is recorded, lines add up to the total and rows reproduce it."""

    @few(20)
    @given(
        events=st.lists(st.lists(WORDS, max_size=3), min_size=1, max_size=4),
        in_wave=st.sets(st.integers(0, 3)),
        ties=st.lists(
            st.tuples(
                st.integers(0, 3), st.integers(0, 3), st.sampled_from(["possible", "established"])
            ),
            max_size=2,
        ),
    )
    def test_lines_add_up(self, events, in_wave, ties):
        article, made = make_article(url=""), []
        with settled_together():
            wave = make_incident(kind="wave")
            make_claim(wave, "at least 41", article=article)
            for number, claims in enumerate(events):
                made.append(make_incident(wave=wave if number in in_wave else None))
                for words in claims:
                    make_claim(made[-1], words, article=article)
        for first, second, certainty in ties:
            low, high = sorted((first, second))
            if low < high < len(made) and not made[low].links_onward.filter(second=made[high]):
                link(made[low], made[high], certainty)
        found = totals()["", "returned"]
        check_lines(found)
        check_rows(found)


def check_lines(found: summaries.MeasureTotal) -> None:
    total = found.total
    lows = [line["low"] for line in found.lines if line["low"] is not None]
    assert total.at_least == (sum(lows) if lows else None)
    known = [number for number in (total.at_least, total.best, total.at_most) if number is not None]
    assert known == sorted(known)
    behind = [key for line in found.lines for key in line["keys"]]
    left_out = [key for line in found.left_out for key in line["keys"]]
    assert len(behind + left_out) == len({*behind, *left_out})


def check_rows(found: summaries.MeasureTotal) -> None:
    in_lines = {
        incident["code"]
        for line in found.lines
        for incident in line["incidents"]
        if line["has_figure"]
    }
    assert {row["incident"] for row in counted_rows()} == in_lines
