"""What a claim would do: foreseen is exactly what saving it brings about."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from incidents.foreseeing import contradictions, foresee
from incidents.forms.understood import why_not
from incidents.models import Claim, IncidentFigure
from tests.examples import few
from tests.factories import (
    make_article,
    make_claim,
    make_incident,
    make_source,
    settled_together,
)

WORDS = [
    "200",
    "12 families",
    "around 200",
    "up to 60",
    "at least 5",
    "more than 500",
    "50 to 60",
    "others",
    "0",
]
FIGURE = (
    "people_low people_best people_high stated_min stated_max figure_kind figure_words disputed "
    "sources_named sources_own"
).split()


def unsaved(incident, words: str, **fields) -> Claim:
    """Make a claim that nobody saved yet, its words read."""
    article = fields.pop("article", None) or make_article()
    claim = Claim(incident=incident, article=article, words=words, measure="returned", **fields)
    claim.read_count()
    return claim


class Foreseen(TestCase):
    """Compares what is foreseen with what is stored once the claim is saved."""

    @few(15)
    @given(
        stored=st.lists(st.sampled_from(WORDS), max_size=3),
        words=st.sampled_from(WORDS),
        basis=st.sampled_from(["event", "part", "stock", ""]),
        stance=st.sampled_from(["affirms", "denies"]),
        relation=st.sampled_from(["", "repeats", "corrects"]),
        kind=st.sampled_from(["event", "aggregate"]),
    )
    def test_equals_what_saving_stores(self, stored, words, basis, stance, relation, kind) -> None:
        source = make_source()
        with settled_together():
            incident = make_incident(kind=kind)
            others = [make_claim(incident, said, source=source) for said in stored]
        extra = {relation: others[0]} if relation and others else {}
        claim = unsaved(incident, words, basis=basis, stance=stance, **extra)
        effect = foresee(incident, [claim])
        saved = make_claim(
            incident, words, article=claim.article, basis=basis, stance=stance, **extra
        )
        figure = IncidentFigure.objects.get(incident=incident, measure="returned")
        assert {name: effect.after[name] for name in FIGURE} == {
            name: getattr(figure, name) for name in FIGURE
        }
        assert effect.counts == saved.counts
        assert why_not(claim) == why_not(saved)
        assert effect.contradicted == contradictions(saved)


@pytest.mark.django_db
def test_closed_claim_changes_nothing():
    incident = make_incident()
    make_claim(incident, "9")
    effect = foresee(incident, [unsaved(incident, "500", basis="event")], closed=True)
    assert not effect.changes
    assert not effect.counts
    assert effect.contradicted == []


@pytest.mark.django_db
def test_first_claim_of_an_unsaved_incident_is_its_figure():
    incident = make_incident()
    incident.pk = None
    effect = foresee(incident, [unsaved(incident, "up to 60", basis="event")])
    assert effect.before["figure_words"] == "no figure"
    assert effect.after["figure_words"] == "up to 60"


@pytest.mark.django_db
def test_contradicted_claims_are_those_that_cannot_be_true_together():
    incident = make_incident()
    make_claim(incident, "around 60")
    far = make_claim(incident, "around 200")
    effect = foresee(incident, [unsaved(incident, "up to 62", basis="event")])
    assert effect.contradicted == [far.pk]
