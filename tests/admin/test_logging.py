"""Logging: an article, its claims, and the incidents they are about, in one save."""

import datetime as dt

import pytest
from django.utils.html import escape

from incidents import actions, signing
from incidents.models import Article, Category, Claim, Incident
from incidents.settling import settle
from tests.admin.desk import act, address, errors, save, signed_in
from tests.factories import make_article, make_claim, make_incident, make_source, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def researcher():
    return make_user("Researcher", "rita")


@pytest.fixture
def desk(researcher):
    return signed_in(researcher)


def editorial(**changes) -> dict:
    """Give what a researcher types for one article with two claims on one new incident."""
    typed = {
        "title": "They were sent back",
        "publisher": make_source("Daily").pk,
        "url": "https://daily.example/1",
        "date_words": "2024-05-07",
        "claims__TOTAL_FORMS": 2,
        "claims__0__words": "around 200",
        "claims__0__source_as_printed": "Unification Solidarity",
        "claims__0__basis": "event",
        "claims__0__date_words": "26 April",
        "claims__0__new_incident_title": "Return at Dandong",
        "claims__0__new_incident_category": Category.objects.get(code="forced_return").pk,
        "claims__1__words": "up to 60",
        "claims__1__basis": "event",
        "claims__1__source_as_printed": "Radio Free America",
        "claims__1__new_incident_title": "return at  Dandong",
        "claims__1__stance": "affirms",
        "claims__1__origin": "not_known",
        "claims__1__status": "accepted",
    }
    return typed | changes


def test_article_with_two_claims_starts_one_incident(desk, researcher):
    response = save(desk, address("article"), **editorial())
    assert response.status_code == 302, errors(response)
    incident = Incident.objects.get()
    assert incident.status == "draft"
    assert [claim.words for claim in incident.claims.all()] == ["around 200", "up to 60"]
    assert {claim.measure for claim in incident.claims.all()} == {"returned"}
    assert incident.disputed
    assert incident.version == 1
    assert incident.history.first().history_user == researcher
    claim = incident.claims.first()
    assert (claim.qualifier, claim.value) == ("about", 200)
    assert claim.earliest == claim.latest == dt.date(2024, 4, 26)


def test_article_to_published_incident_by_two_people(desk):
    save(desk, address("article"), **editorial())
    incident = Incident.objects.get()
    save(
        desk,
        address("incident", pk=incident.pk),
        date_not_stated="on",
        place_not_stated="on",
        why="looked",
    )
    desk.post(act(incident, "submit"), {"why": "ready"})
    incident.refresh_from_db()
    assert incident.status == "in_review"
    reviewer = signed_in(make_user("Reviewer"))
    assert escape(incident.figure_words) in reviewer.get(act(incident, "publish")).text
    response = reviewer.post(act(incident, "publish"), {"why": "checked"})
    assert response.status_code == 302
    incident.refresh_from_db()
    assert (incident.status, incident.second_read) == ("published", True)
    assert incident.history.first().history_change_reason == "checked"


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"claims__0__words": "a fair few"}, "a fair few"),
        ({"claims__0__date_words": "when it rained"}, "when it rained"),
        ({"claims__0__words": ""}, "This field is required"),
        ({"claims__0__new_incident_title": ""}, "give a new one a title"),
        ({"claims__0__new_incident_category": ""}, "Choose the category"),
        ({"claims__1__status": "conflict"}, "not simply accepted"),
        ({"date_words": "around lunch"}, "around lunch"),
    ],
    ids=["count", "date", "no count", "no incident", "no category", "status", "published"],
)
def test_what_is_not_understood_is_said_and_nothing_is_lost(desk, typed, sentence):
    response = save(desk, address("article"), **editorial(**typed))
    assert response.status_code == 200
    assert sentence in errors(response)
    assert "Unification Solidarity" in response.text
    assert "up to 60" in response.text
    assert not Article.objects.exists()
    assert not Claim.objects.exists()
    assert not Incident.objects.exists()


def test_failure_half_way_saves_nothing(desk, monkeypatch):
    def fail(**_given):
        raise RuntimeError("the power went")

    monkeypatch.setattr(actions, "revise_article", fail)
    with pytest.raises(RuntimeError):
        save(desk, address("article"), **editorial())
    assert not Article.objects.exists()
    assert not Claim.objects.exists()
    assert not Incident.objects.exists()


def test_understood_words_stand_beside_what_was_typed(desk):
    save(desk, address("article"), **editorial())
    page = desk.get(address("article", pk=Article.objects.get().pk)).text
    assert "about: value 200 persons" in page
    assert "at most: high 60 persons" in page
    assert "2024-04-26; worked out, not stated" in page


def test_claim_without_basis_is_kept_and_does_not_count(desk):
    save(desk, address("article"), **editorial(claims__0__basis=""))
    claim = Claim.objects.get(words="around 200")
    assert (claim.basis, claim.counts) == ("", False)
    page = desk.get(address("incident", pk=claim.incident_id)).text
    assert "does not count: nobody has said yet what its number covers" in page


def test_two_new_titles_start_two_incidents(desk):
    other = Category.objects.get(code="arrest")
    save(
        desk,
        address("article"),
        **editorial(
            claims__1__new_incident_title="Arrest at Tumen",
            claims__1__new_incident_category=other.pk,
        ),
    )
    assert {i.title for i in Incident.objects.all()} == {"Return at Dandong", "Arrest at Tumen"}
    assert Claim.objects.get(words="up to 60").measure == "arrested"


def test_one_title_with_two_categories_is_refused(desk):
    other = Category.objects.get(code="arrest")
    response = save(
        desk, address("article"), **editorial(claims__1__new_incident_category=other.pk)
    )
    assert "Another claim gives the new incident" in errors(response)


def test_existing_and_new_incident_together_are_refused(desk):
    incident = make_incident(published=False)
    response = save(desk, address("article"), **editorial(claims__0__incident=incident.pk))
    assert "not both" in errors(response)


def test_same_url_is_refused_with_a_link(desk):
    twin = make_article(url="https://daily.example/1", title="The first one")
    response = save(desk, address("article"), **editorial())
    assert f'href="{address("article", pk=twin.pk)}"' in errors(response).replace("'", '"')
    assert "The first one" in errors(response)


@pytest.mark.parametrize(
    "url",
    [
        "http://daily.example/1",
        "https://www.daily.example/1/",
        "https://daily.example/1?utm_source=x&fbclid=1",
        "https://Daily.example/1#top",
    ],
)
def test_variant_of_a_url_is_saved_and_mentioned(desk, url):
    make_article(url="https://daily.example/1", title="The first one")
    response = save(desk, address("article"), **editorial(url=url))
    assert response.status_code == 302, errors(response)
    assert "nearly the same URL" in desk.get(response["Location"]).text


def test_another_page_of_the_same_site_is_no_variant(desk):
    make_article(url="https://daily.example/10?id=4")
    response = save(desk, address("article"), **editorial(url="https://daily.example/10?id=5"))
    assert "nearly the same URL" not in desk.get(response["Location"]).text


def test_moved_claim_revises_both_incidents_once(desk):
    claim = make_claim(make_incident(published=False))
    before, after = claim.incident, make_incident(published=False)
    save(
        desk,
        address("article", pk=claim.article_id),
        claims__0__incident=after.pk,
        why="counted separately",
    )
    before.refresh_from_db()
    after.refresh_from_db()
    assert (before.version, after.version) == (2, 2)
    assert (before.people_best, after.people_best) == (None, 9)
    assert after.history.first().history_change_reason == "counted separately"
    assert claim.history.first().history_change_reason == "counted separately"


def test_saving_without_a_change_revises_nothing(desk):
    claim = make_claim(make_incident())
    response = save(desk, address("incident", pk=claim.incident_id), why="nothing")
    assert response.status_code == 302, errors(response)
    claim.incident.refresh_from_db()
    assert claim.incident.version == 1
    assert claim.history.count() == 1
    assert claim.incident.history.count() == 1


def test_change_of_a_published_record_needs_a_reason_and_is_flagged(desk, researcher):
    incident = make_incident(published=True)
    page = address("incident", pk=incident.pk)
    response = save(desk, page, summary="More is known.")
    assert "Say why" in errors(response)
    assert "More is known." in response.text
    response = save(desk, page, summary="More is known.", why="second report")
    assert response.status_code == 302, errors(response)
    incident.refresh_from_db()
    assert (incident.version, incident.review) == (2, "changed")
    assert signing.contributors(incident) == {researcher.pk}
    assert {row.history_change_reason for row in incident.history.all()[:2]} == {"second report"}


def test_new_claim_of_a_recorded_article_on_a_published_incident_needs_a_reason(desk):
    article, incident = make_article(), make_incident()
    page = address("article", pk=article.pk)
    claim = {"claims__0__words": "9", "claims__0__incident": incident.pk}
    response = save(desk, page, **claim)
    assert "say below why" in errors(response)
    response = save(desk, page, **claim, why="logged late")
    assert response.status_code == 302, errors(response)
    incident.refresh_from_db()
    assert incident.review == "changed"


def test_article_date_changed_moves_relative_dates(desk):
    claim = make_claim(
        make_incident(published=False),
        article=make_article(date_words="2024-05-07"),
        date_words="yesterday",
    )
    assert claim.earliest == dt.date(2024, 5, 6)
    response = save(desk, address("article", pk=claim.article_id), date_words="2024-05-09")
    assert response.status_code == 302, errors(response)
    claim.refresh_from_db()
    claim.incident.refresh_from_db()
    assert claim.earliest == dt.date(2024, 5, 8)
    assert claim.incident.version == 2


def test_change_by_somebody_else_meanwhile_is_not_overwritten(desk):
    incident = make_incident(published=False)
    page = address("incident", pk=incident.pk)
    save(desk, page, summary="first")
    response = save(desk, page, summary="second", seen="1")
    assert "Somebody changed this record" in errors(response)
    assert "second" in response.text
    incident.refresh_from_db()
    assert incident.summary == "first"


def test_existing_claim_moves_to_a_new_incident(desk):
    claim = make_claim(make_incident(published=False))
    before = claim.incident
    response = save(
        desk,
        address("article", pk=claim.article_id),
        claims__0__incident="",
        claims__0__new_incident_title="Another night",
        claims__0__new_incident_category=before.category_id,
    )
    assert response.status_code == 302, errors(response)
    claim.refresh_from_db()
    before.refresh_from_db()
    assert claim.incident.title == "Another night"
    assert (before.version, before.people_best, claim.incident.people_best) == (2, None, 9)


def test_merged_incident_takes_no_claim(desk):
    incident = make_incident(published=False)
    incident.status, incident.merged_into = "merged", make_incident()
    incident.save()
    response = save(desk, address("article"), **editorial(claims__0__incident=incident.pk))
    assert "was merged into another record" in errors(response)


@pytest.mark.parametrize(
    ("quote", "noticed"),
    [
        ("Mrs. Ri was taken at dawn", "Mrs. Ri"),
        ("a woman named Cho Eun-hye", "named Cho Eun-hye"),
        ("Kim Chol-su said he saw it", "Kim Chol-su"),
        ("김철수(34) 씨가 말했다", "김철수(34)"),
        ("around 200 North Koreans were sent back", ""),
        ("탈북민 200여 명이 북송됐다", ""),
        ("The Korean Unification Solidarity said so", ""),
    ],
)
def test_quote_that_seems_to_name_somebody_is_mentioned(desk, quote, noticed):
    response = save(desk, address("article"), **editorial(claims__0__quote=quote))
    assert response.status_code == 302, errors(response)
    page = desk.get(response["Location"]).text
    assert ("looks like a person" in page) == bool(noticed)
    assert noticed in page


def test_incident_page_begins_with_where_the_record_stands(desk):
    incident = make_incident()
    page = desk.get(address("incident", pk=incident.pk)).text
    assert f"{incident.code} · {incident.get_status_display()} · " in page


def test_incident_page_says_the_figure_in_the_readers_language(desk):
    incident = make_incident()
    make_claim(incident, words="around 200")
    settle([incident.pk])
    page = address("incident", pk=incident.pk)
    assert "around 200" in desk.get(page).text
    assert "</strong>: 약 200명" in desk.get(page, headers={"accept-language": "ko"}).text
