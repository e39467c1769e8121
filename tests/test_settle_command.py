"""`manage.py settle`: every derived column can be proved, and mended."""

import io

import pytest
from django.contrib.auth.models import Group
from django.core.management import CommandError, call_command

from incidents.models import Article, Claim, Incident, IncidentFigure, IncidentSource
from tests.factories import make_article, make_claim, make_incident

pytestmark = pytest.mark.django_db


@pytest.fixture
def claim() -> Claim:
    return make_claim(make_incident(), "around 200")


def settle(*options: str) -> str:
    printed = io.StringIO()
    call_command("settle", *options, stdout=printed)
    return printed.getvalue()


def found() -> str:
    """Run the check where it must find something, and return what it printed."""
    printed = io.StringIO()
    with pytest.raises(CommandError, match="difference") as failure:
        call_command("settle", "--check", stdout=printed)
    assert failure.value.returncode == 1
    return printed.getvalue()


def test_check_of_settled_records_finds_nothing(claim):
    assert settle("--check") == "1 incidents checked; no difference.\n"


def test_check_of_an_empty_database_finds_nothing():
    assert settle("--check") == "0 incidents checked; no difference.\n"


def test_settling_settled_records_changes_nothing(claim):
    assert settle() == "1 incidents settled; 0 stored rows changed.\n"


def spoil_incident(claim: Claim) -> None:
    Incident.objects.update(people_best=260)


def spoil_claim(claim: Claim) -> None:
    Claim.objects.update(counts=False)


def remove_figure(claim: Claim) -> None:
    IncidentFigure.objects.all().delete()


def add_figure(claim: Claim) -> None:
    IncidentFigure.objects.create(
        incident=claim.incident,
        measure="dead",
        sort_day=claim.incident.sort_day,
        category=claim.incident.category,
        first_month=0,
        last_month=0,
    )


def spoil_source(claim: Claim) -> None:
    IncidentSource.objects.update(sort_day="2024-04-26")


def close_article(claim: Claim) -> None:
    article = make_article()
    Article.objects.filter(pk=article.pk).update(restricted=True)


SPOILS = [
    (spoil_incident, "{code}: people_best is 260 and should be 200."),
    (spoil_claim, "Claim {claim}: counts is False and should be True."),
    (remove_figure, "{code} figures returned is missing."),
    (add_figure, "{code} figures dead is stored, and nothing supports it."),
    (spoil_source, "{code} sources {publisher} publisher: sort_day is "),
    (close_article, ": its restriction does not follow its groups."),
]


@pytest.mark.parametrize(
    ("spoil", "sentence"), SPOILS, ids=[spoil.__name__ for spoil, _sentence in SPOILS]
)
def test_spoilt_row_is_said_and_mended(claim, spoil, sentence):
    spoil(claim)
    names = {"code": claim.incident.code, "claim": claim.pk}
    assert sentence.format(**names, publisher=claim.article.publisher_id) in found()
    settle()
    assert "no difference" in settle("--check")


def test_check_changes_nothing(claim):
    spoil_incident(claim)
    found()
    assert Incident.objects.get().people_best == 260


def test_claim_of_an_article_closed_behind_our_back_stops_counting(claim):
    claim.article.restricted_to.add(Group.objects.get(name="Reviewer"))
    found()
    settle()
    claim.refresh_from_db()
    assert (claim.restricted, claim.counts) == (True, False)
