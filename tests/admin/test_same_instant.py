"""Posts that arrive at the same instant, each in a thread and a connection of its own."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from incidents.models import Article, Claim
from tests.admin.desk import address, errors, signed_in
from tests.admin.test_two_at_once import lines, opened, sent
from tests.factories import make_claim, make_incident, make_source, make_user

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*posts) -> list:
    """Send several posts at the same instant, each from a thread of its own."""
    start = threading.Barrier(len(posts))

    def send(desk, page, typed):
        start.wait()
        try:
            return desk.post(page, typed)
        finally:
            connection.close()

    with ThreadPoolExecutor(len(posts)) as pool:
        return [answer.result() for answer in [pool.submit(send, *post) for post in posts]]


def test_same_new_url_at_the_same_instant_is_one_article_and_one_sentence():
    desks = [signed_in(make_user("Researcher")) for _person in range(2)]
    typed = {"title": "Same", "publisher": make_source().pk, "url": "https://daily.example/1"}
    page = address("article")
    answers = at_once(*[(desk, page, opened(desk, page, **typed)) for desk in desks])
    assert sorted(answer.status_code for answer in answers) == [200, 302]
    refused = next(answer for answer in answers if answer.status_code == 200)
    assert "already recorded" in errors(refused)
    assert Article.objects.count() == 1


def test_double_click_makes_one_article_and_one_claim():
    desk, page = signed_in(make_user("Researcher")), address("article")
    incident = make_incident(published=False)
    row = {"claims__0__words": "9", "claims__0__incident": incident.pk}
    typed = sent(desk, page, title="Once", publisher=make_source().pk, **row)
    answers = at_once(*[(desk, page, typed)] * 3)
    assert {answer.status_code for answer in answers} == {302}
    assert (Article.objects.count(), Claim.objects.count()) == (1, 1)


def test_claim_saved_at_the_same_instant_through_two_pages_waits_for_a_choice():
    claim = make_claim(make_incident(published=False), "9")
    pages = [address("claim", pk=claim.pk), address("incident", pk=claim.incident_id)]
    desks = [signed_in(make_user("Researcher")) for _person in pages]
    typed = [
        opened(desks[0], pages[0], words="around 200"),
        opened(desks[1], pages[1], claims__0__words="up to 60"),
    ]
    answers = at_once(*zip(desks, pages, typed, strict=True))
    assert sorted(answer.status_code for answer in answers) == [200, 302]
    waiting = next(answer for answer in answers if answer.status_code == 200)
    claim.refresh_from_db()
    assert lines(waiting)["Count as worded"][:2] == ("9", claim.words)
