"""The queue of the review: what waits, in which order, and what a reviewer learns of each."""

import pytest
from django.contrib.auth.models import Group
from django.utils import translation

from incidents import actions, waiting
from incidents.models import Incident, User
from incidents.settling import settle
from tests.factories import make_claim, make_incident, make_source, make_user
from tests.reviewing import reported, signed, submitted, summarised

pytestmark = pytest.mark.django_db


@pytest.fixture
def rita():
    return make_user("Researcher", "rita")


@pytest.fixture
def rolf():
    return make_user("Reviewer", "rolf")


def queued(user, **asked) -> list[Incident]:
    """List what waits for this person."""
    return list(waiting.queue(user, **asked))


def row(incident: Incident, user) -> waiting.Waiting:
    """Gather what this reviewer learns of one record."""
    [found] = waiting.waiting(list(waiting.queue(user).filter(pk=incident.pk)), user)
    return found


def close(incident: Incident) -> None:
    """Keep a record to a group of its own."""
    incident.restricted_to.add(Group.objects.create(name=f"Circle {incident.pk}"))
    settle([incident.pk])


def test_queue_holds_what_waits_the_longest_untouched_first(rita, rolf):
    old, late = submitted(rita), signed(rita, rolf)
    make_incident(published=False)
    signed(rita, rolf)
    newest = submitted(rita)
    late = summarised(late, rita)
    assert queued(rolf) == [old, newest, late]
    assert queued(rolf, waiting="in_review") == [old, newest]
    assert queued(rolf, waiting="changed") == [late]


def test_queue_is_asked_by_person_and_category(rita, rolf):
    rico = make_user("Researcher", "rico")
    hers, his = submitted(rita), submitted(rico, category="expulsion")
    assert queued(rolf, logged_by=rita) == [hers]
    assert queued(rolf, category=his.category) == [his]
    assert list(waiting.loggers(rolf)) == [rico, rita]


def test_restricted_record_waits_only_for_its_group(rita, rolf):
    close(submitted(rita))
    assert queued(rolf) == []
    assert list(waiting.loggers(rolf)) == []
    assert waiting.counted(waiting.queue(rolf)) == "0"
    rolf.groups.add(Group.objects.get(name__startswith="Circle"))
    assert len(queued(User.objects.get(pk=rolf.pk))) == 1


def test_count_ends_at_a_thousand(rita, rolf, monkeypatch):
    monkeypatch.setattr(waiting, "COUNTED_UP_TO", 1)
    submitted(rita)
    assert waiting.counted(waiting.queue(rolf)) == "1"
    submitted(rita)
    assert waiting.counted(waiting.queue(rolf)) == "more than 1"


def test_new_record_says_who_handed_it_in_and_why(rita, rolf):
    found = row(submitted(rita), rolf)
    assert (found.submitted.name, found.submitted.why) == ("rita", "ready")
    assert found.changed is None
    assert (found.is_new, found.may_sign, found.together) == (True, True, False)
    assert [(figure.before, figure.now) for figure in found.figures] == [(None, "around 200")]


def test_change_after_the_handing_in_is_told_beside_it(rita, rolf):
    incident = summarised(submitted(rita), make_user("Researcher", "rico"))
    found = row(incident, rolf)
    assert (found.submitted.name, found.changed.name) == ("rita", "rico")


def test_changed_record_says_what_differs_in_words(rita, rolf):
    nis = make_source("National Intelligence Service")
    incident = reported(signed(rita, rolf), rita, "up to 60", source=nis)
    found = row(incident, rolf)
    [figure] = found.figures
    assert figure.before == "around 200"
    assert figure.now.startswith("disputed: up to 60 (National Intelligence Service)")
    assert (figure.differs, figure.disputed) == (True, True)
    assert found.people == "rita"
    assert [line.verb for line in found.changes] == ["added"]
    assert "up to 60" in found.changes[0].what
    assert not found.together


def test_unchanged_figure_is_said_to_be_so_and_summary_told(rita, rolf):
    found = row(summarised(signed(rita, rolf), rita, "New words."), rolf)
    assert [figure.differs for figure in found.figures] == [False]
    told = [change for line in found.changes for change in line.changes]
    assert [(change.label, change.after) for change in told] == [("summary", "New words.")]
    assert found.together


def test_figure_of_another_measure_that_came_is_told(rita, rolf):
    found = row(reported(signed(rita, rolf), rita, "3", measure="dead"), rolf)
    assert [(figure.measure, figure.before, figure.now) for figure in found.figures] == [
        ("returned", "around 200", "around 200"),
        ("dead", "no figure", "3"),
    ]
    assert found.differs


def test_figures_are_said_in_the_readers_language(rita, rolf):
    incident = submitted(rita)
    with translation.override("ko"):
        [figure] = row(incident, rolf).figures
    assert figure.now == incident.figure_words_ko != incident.figure_words


def test_what_is_missing_is_said(rita, rolf):
    incident = submitted(rita, date_not_stated=False)
    found = row(incident, rolf)
    assert found.lacks == ["a date, or a tick at “no date is stated”"]
    assert not found.may_sign
    with pytest.raises(actions.Refused, match="a date, or a tick"):
        actions.publish(incident=incident, by=rolf, why="x")


def test_own_change_is_known(rita, rolf, settings):
    incident = summarised(signed(rita, rolf), rolf)
    assert (row(incident, rolf).own, row(incident, rolf).may_sign) == (True, False)
    settings.SOLO_REVIEW = True
    assert (row(incident, rolf).own, row(incident, rolf).may_sign) == (True, True)


def test_restricted_claim_leaves_no_trace_but_binds_its_author(rita, rolf):
    rosa, circle = make_user("Reviewer", "rosa"), Group.objects.create(name="Circle")
    incident = summarised(signed(rita, rolf), rita)
    claim = make_claim(incident, "9", quote="in confidence", restricted_to=circle)
    claim._history_user = rosa
    claim.save()
    found = row(incident, rolf)
    assert found.people == "rita"
    assert "in confidence" not in str(found.changes)
    assert (found.own, row(incident, rosa).own) == (False, True)


def test_page_of_fifty_takes_few_queries(rita, rolf, django_assert_max_num_queries):
    for number in range(25):
        reported(signed(rita, rolf), rita)
        submitted(rita, f"New {number}")
    with django_assert_max_num_queries(34):
        assert len(waiting.waiting(queued(rolf), rolf)) == 50
