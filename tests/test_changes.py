"""What differs between two moments: records by name, fields in words, nothing unseen."""

import datetime as dt

import pytest
from django.contrib.auth.models import Group
from django.utils import timezone

from incidents import actions
from incidents.changes import what_changed
from incidents.models import Incident
from incidents.settling import settle
from tests.factories import make_claim, make_incident, make_place, make_source, make_user, touch

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader():
    return make_user("Reviewer", "reader")


def lines(incident: Incident, since: dt.datetime, user) -> dict[str, str]:
    """Name what changed, and how."""
    [told] = what_changed({incident.pk: since}, user).values()
    return {line.what: line.verb for line in told}


def test_nothing_changed_says_nothing(reader):
    incident = make_incident()
    make_claim(incident)
    assert lines(incident, timezone.now(), reader) == {}


def test_fields_are_told_once_however_often_they_were_saved(reader):
    incident, since = make_incident("Old title"), timezone.now()
    for title in ("Newer title", "Newest title"):
        incident.title = title
        incident.save()
    [line] = what_changed({incident.pk: since}, reader)[incident.pk]
    assert (line.what, line.verb) == (incident.code, "changed")
    assert [(c.label, c.before, c.after) for c in line.changes] == [
        ("title", "Old title", "Newest title")
    ]


def test_change_taken_back_is_no_change(reader):
    incident, since = make_incident("Title"), timezone.now()
    for title in ("Other", "Title"):
        incident.title = title
        incident.save()
    assert lines(incident, since, reader) == {}


def test_records_on_it_are_told_by_name(reader):
    incident = make_incident()
    gone = touch(incident, make_place("CN", name="China"))
    old = make_claim(incident, "9", source=make_source("The Union"))
    since = timezone.now()
    gone.delete()
    touch(incident, make_place("KP", name="Korea"))
    old.locator = "p. 3"
    old.save()
    new = make_claim(incident, "200여 명", source_as_printed="통일연대")
    new.steps.create(position=1, name_as_printed="a source in Dandong")
    other = make_incident()
    actions.link(
        first=incident, second=other, by=reader, why="one day", kind="same_people",
        certainty="possible",
    )  # fmt: skip
    assert lines(incident, since, reader) == {
        "place China (CN) (where it happened)": "removed",
        "place Korea (KP) (where it happened)": "added",
        f"claim #{old.pk} “9” (The Union)": "changed",
        f"claim #{new.pk} “200여 명” (통일연대)": "added",
        f"step 1 (a source in Dandong) of claim #{new.pk}": "added",
        f"link {incident.code} – {other.code}": "added",
    }


def test_claim_that_moved_is_told_on_both_incidents(reader):
    old, new = make_incident(), make_incident()
    claim = make_claim(old, "60", source_as_printed="The Union")
    since = timezone.now()
    claim.incident = new
    claim.save()
    name = f"claim #{claim.pk} “60” (The Union)"
    told = what_changed({old.pk: since, new.pk: since}, reader)
    assert [(line.what, line.verb) for line in told[old.pk]] == [
        (name, "moved to another incident")
    ]
    assert [(line.what, line.verb) for line in told[new.pk]] == [(name, "moved here")]


def test_assessment_is_told_with_its_reason(reader):
    incident = make_incident()
    claim, since = make_claim(incident, "60"), timezone.now()
    actions.assess(
        incident=incident, by=reader, why="best supported", measure="returned", rule="chosen",
        claims=[claim], best=60,
    )  # fmt: skip
    told = what_changed({incident.pk: since}, reader)[incident.pk]
    assert told[-1].what == "assessment of people returned"
    assert {"best supported", "60", f"#{claim.pk}", "reader"} <= {c.after for c in told[-1].changes}


def test_closed_records_leave_no_trace(reader):
    group, incident, since = Group.objects.create(name="Team"), make_incident(), timezone.now()
    make_claim(incident, "60", restricted_to=group)
    hidden = make_incident(restricted_to=group)
    incident.links_onward.create(second=hidden, kind="same_people", reason="one day")
    settle([incident.pk])
    assert lines(incident, since, reader) == {}
    insider = make_user("Reviewer")
    insider.groups.add(group)
    assert len(lines(incident, since, insider)) == 2


@pytest.mark.parametrize("number", [2, 20])
def test_number_of_queries_is_constant(reader, number, django_assert_max_num_queries):
    incidents, since = [make_incident() for _ in range(number)], timezone.now()
    for incident in incidents:
        claim = make_claim(incident, source=make_source())
        claim.steps.create(position=1, name_as_printed="a source")
        make_claim(incident, repeats=claim)
    user = type(reader).objects.get(pk=reader.pk)
    with django_assert_max_num_queries(26):
        assert len(what_changed(dict.fromkeys([i.pk for i in incidents], since), user)) == number
