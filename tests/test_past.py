"""The past: figures as they stood, whatever was edited since, and nothing that is closed."""

import datetime as dt
from dataclasses import dataclass, field

import pytest
from django.contrib.auth.models import Group
from django.db import transaction
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from incidents import actions
from incidents.models import Category, Claim, Incident, IncidentFigure, Source, User
from incidents.past import figures_at
from incidents.recalling import claims_at
from incidents.settling import settle, settle_articles
from tests.examples import few
from tests.factories import (
    make_article,
    make_claim,
    make_incident,
    make_source,
    make_user,
    settled_together,
)

pytestmark = pytest.mark.django_db

DERIVED = IncidentFigure.DERIVED
WORDS = ("around 200", "up to 60", "200여 명", "9", "at least 406", "dozens", "others")


def now_stored(*incidents: Incident) -> dict[int, dict]:
    """Read the stored figures of some incidents by measure."""
    stored: dict[int, dict] = {incident.pk: {} for incident in incidents}
    for row in IncidentFigure.objects.filter(incident__in=incidents):
        stored[row.incident_id][row.measure] = {name: getattr(row, name) for name in DERIVED}
    return stored


def told(*incidents: Incident, at: dt.datetime | None = None) -> dict[int, dict]:
    """Rebuild the figures of some incidents as they stood."""
    return figures_at({incident.pk: at or timezone.now() for incident in incidents})


def save(record, **changes):
    """Change a record as a form would, with a history row."""
    for name, value in changes.items():
        setattr(record, name, value)
    record.save()
    return record


def test_figure_of_now_is_the_stored_one():
    incident = make_incident()
    make_claim(incident, "around 200")
    make_claim(incident, "up to 60", source_as_printed="Radio Free America")
    assert told(incident) == now_stored(incident)
    assert told(incident)[incident.pk]["returned"]["disputed"]


def test_figure_of_then_is_what_stood_then():
    incident = make_incident()
    claim = make_claim(incident, "200여 명")
    then, stored = timezone.now(), now_stored(incident)
    save(claim, words="60", qualifier="exactly", low=60, value=60, high=60)
    settle([incident.pk])
    assert now_stored(incident) != stored
    assert told(incident, at=then) == stored
    assert told(incident) == now_stored(incident)


def test_incident_has_no_figure_before_it_was_recorded():
    before = timezone.now()
    incident = make_incident()
    assert told(incident, at=before) == {incident.pk: {}}


def test_each_incident_is_told_at_its_own_moment():
    early, late = make_incident(), make_incident()
    make_claim(early, "9")
    moment = timezone.now()
    make_claim(early, "60")
    make_claim(late, "60")
    figures = figures_at({early.pk: moment, late.pk: timezone.now()})
    assert figures[early.pk]["returned"]["people_best"] == 9
    assert figures[late.pk]["returned"]["people_best"] == 60


def test_claim_that_moved_counted_where_it_stood():
    old, new = make_incident(), make_incident()
    claim = make_claim(old, "60")
    moment = timezone.now()
    save(claim, incident=new)
    settle([old.pk, new.pk])
    figures = told(old, new, at=moment)
    assert figures[old.pk]["returned"]["people_best"] == 60
    assert figures[new.pk]["returned"]["people_best"] is None
    assert told(old, new) == now_stored(old, new)


def test_states_of_one_instant_are_told_in_the_order_of_writing():
    incident = make_incident()
    claim = make_claim(incident, "9")
    save(claim, words="60", low=60, value=60, high=60)
    settle([incident.pk])
    instant = timezone.now()
    Claim.history.filter(id=claim.pk).update(history_date=instant)
    assert told(incident, at=instant)[incident.pk]["returned"]["people_best"] == 60


@pytest.mark.parametrize("what", ["claim", "article", "incident"])
def test_what_is_closed_today_feeds_no_past_figure(what):
    group, incident = Group.objects.create(name="Tumen team"), make_incident()
    claim = make_claim(incident, "60")
    moment = timezone.now()
    if what == "incident":
        save(claim, incident=make_incident(restricted_to=group))
    closed = {"claim": claim, "article": claim.article, "incident": claim.incident}[what]
    closed.restricted_to.add(group)
    settle_articles([claim.article_id])
    settle([incident.pk, claim.incident_id])
    figure = told(incident, at=moment)[incident.pk]["returned"]
    assert (figure["figure_kind"], figure["sources_named"]) == ("none", 0)


def test_what_was_closed_then_feeds_no_figure_of_then():
    group, incident = Group.objects.create(name="Tumen team"), make_incident()
    claim = make_claim(incident, "60", restricted_to=group)
    moment, stored = timezone.now(), now_stored(incident)
    claim.restricted_to.clear()
    settle([incident.pk])
    assert told(incident, at=moment) == stored
    assert told(incident)[incident.pk]["returned"]["people_best"] == 60


def test_category_that_counts_something_else_now_is_told_as_it_was():
    incident = make_incident()
    moment = timezone.now()
    save(incident.category, measure="detained")
    settle([incident.pk])
    assert set(told(incident, at=moment)[incident.pk]) == {"returned"}
    assert told(incident) == now_stored(incident)


def test_sources_that_belong_to_one_body_now_were_two_then():
    body, incident = make_source(), make_incident()
    sources = [make_source(), make_source()]
    for source in sources:
        make_claim(incident, "60", source=source)
    moment = timezone.now()
    for source in sources:
        save(source, parent=body)
    settle([incident.pk])
    assert told(incident, at=moment)[incident.pk]["returned"]["sources_named"] == 2
    assert told(incident)[incident.pk]["returned"]["sources_named"] == 1


@pytest.mark.parametrize("number", [2, 20])
def test_number_of_queries_is_constant(number, django_assert_max_num_queries):
    with settled_together():
        incidents = [make_incident() for _ in range(number)]
        for incident in incidents:
            make_claim(incident, source=make_source())
    with django_assert_max_num_queries(14):
        told(*incidents)


@dataclass
class Desk:
    """Two incidents that somebody edits at random, and what stood after each step."""

    group: Group
    reviewer: User
    incidents: list[Incident]
    sources: list[Source]
    claims: list[Claim] = field(default_factory=list)
    noted: list[tuple[dt.datetime, dict]] = field(default_factory=list)

    def note(self) -> None:
        """Settle, and keep what is stored with the moment."""
        settle_articles({claim.article_id for claim in self.claims})
        settle([incident.pk for incident in self.incidents])
        stored = now_stored(*self.incidents)
        assert told(*self.incidents) == stored
        moment, root = timezone.now(), User(is_superuser=True)
        for incident in self.incidents:
            recalled = {row["id"]: row["counts"] for row in claims_at(incident, moment, root)}
            assert recalled == dict(incident.claims.values_list("id", "counts"))
        self.noted.append((moment, stored))

    def some_claim(self, draw) -> Claim:
        """Choose a claim; make the first one where there is none."""
        if not self.claims:
            self.add(draw)
        return draw(st.sampled_from(self.claims))

    def add(self, draw) -> None:
        """Add a claim."""
        article = draw(st.sampled_from([None, *[claim.article for claim in self.claims]]))
        claim = make_claim(
            draw(st.sampled_from(self.incidents)),
            draw(st.sampled_from(WORDS)),
            source=draw(st.sampled_from([None, *self.sources])),
            stance=draw(st.sampled_from(["affirms", "denies"])),
            article=article or make_article(),
        )
        self.claims.append(claim)

    def reword(self, draw) -> None:
        """Change the count of a claim."""
        claim = self.some_claim(draw)
        claim.words = draw(st.sampled_from(WORDS))
        claim.read_count()
        claim.save()

    def recode(self, draw) -> None:
        """Change the codes of a claim, or the incident it is about."""
        name, values = draw(
            st.sampled_from(
                [
                    ("basis", ["event", "part", "stock"]),
                    ("measure", ["returned", "detained"]),
                    ("origin", ["own", "relays"]),
                    ("source", [None, *self.sources]),
                    ("incident", self.incidents),
                    ("repeats", [None, *self.claims]),
                    ("corrects", [None, *self.claims]),
                ]
            )
        )
        claim, value = self.some_claim(draw), draw(st.sampled_from(values))
        if value != claim:
            save(claim, **{name: value})

    def close(self, draw) -> None:
        """Keep a claim or its article to a group, or open it."""
        claim = self.some_claim(draw)
        record = draw(st.sampled_from([claim, claim.article]))
        record.restricted_to.set(draw(st.sampled_from([[], [self.group]])))

    def assess(self, draw) -> None:
        """Decide the figure of a claim's incident, as far as that is allowed."""
        claim = self.some_claim(draw)
        claim.refresh_from_db()
        if not claim.restricted:
            actions.assess(
                incident=claim.incident,
                by=self.reviewer,
                why="best supported",
                measure=claim.measure,
                rule="chosen",
                claims=[claim],
                low=draw(st.integers(0, 300)),
            )

    def rename(self, draw) -> None:
        """Rename a source, or put it under another body."""
        source = draw(st.sampled_from(self.sources))
        save(source, name=draw(st.sampled_from(["Radio Free America", "The Union"])))
        if source != self.sources[0]:
            save(source, parent=draw(st.sampled_from([None, self.sources[0]])))

    def recategorise(self, draw) -> None:
        """Change what kind of record an incident is, or what its category counts."""
        incident = draw(st.sampled_from(self.incidents))
        incident.refresh_from_db()
        save(incident, kind=draw(st.sampled_from(["event", "aggregate"])))
        save(
            Category.objects.get(pk=incident.category_id),
            measure=draw(st.sampled_from(["returned", "detained"])),
        )


STEPS = [Desk.add, Desk.add, Desk.reword, Desk.recode, Desk.close, Desk.assess, Desk.rename]
STEPS += [Desk.recategorise]


@few(8)
@given(st.data())
def test_figures_noted_at_each_step_are_told_later(data):
    with transaction.atomic():
        desk = Desk(
            group=Group.objects.create(name="Tumen team"),
            reviewer=make_user("Reviewer"),
            incidents=[make_incident(), make_incident()],
            sources=[make_source() for _ in range(3)],
        )
        for step in data.draw(st.lists(st.sampled_from(STEPS), min_size=2, max_size=8)):
            step(desk, data.draw)
            desk.note()
        for claim in desk.claims:
            claim.restricted_to.clear()
            claim.article.restricted_to.clear()
        desk.note()
        for moment, stored in desk.noted:
            assert told(*desk.incidents, at=moment) == stored
        transaction.set_rollback(True)
