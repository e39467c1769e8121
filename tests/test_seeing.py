"""What is kept of summary, timeline, map and comparison: as told first, to nobody else."""

import pytest
from django.contrib.auth.models import Group
from django.core.cache import cache
from django.test import Client

from incidents import summaries
from incidents.models import Place
from incidents.turns import wait_for_turn
from tests.factories import make_claim, make_incident, make_source, make_user, touch
from tests.test_kept import OF_THE_SESSION, reader, signed_in, world  # noqa: F401 fixtures

pytestmark = pytest.mark.django_db
PAGES = ("summary", "timeline", "map", "compare")
QUERIES = ("", "from=2024&to=2024", "from=2024-05-01&to=2024-05-02", "region=CN", "q=event")
OTHER = "with_from=2024-05-02&with_to=2024-05-02"


def seen(desk: Client, page: str, query: str) -> str:
    """Read a page as this person sees it, without what changes with every answer."""
    response = desk.get(f"/{page}/?{query}" + (f"&{OTHER}" if page == "compare" else ""))
    assert response.status_code == 200
    return OF_THE_SESSION.sub("", response.text)


@pytest.mark.parametrize("page", PAGES)
def test_page_told_again_is_the_page_told_first(reader, world, page):  # noqa: F811
    for query in QUERIES:
        first, again = seen(reader, page, query), seen(reader, page, query)
        cache.clear()
        assert first == again == seen(reader, page, query), query


@pytest.mark.parametrize("page", PAGES)
def test_restricted_numbers_reach_nobody_else(reader, world, page):  # noqa: F811
    circle = Group.objects.create(name="Circle")
    hidden = make_incident("Hidden", date_words="2024-05-03", restricted_to=circle)
    make_claim(hidden, "9,000")
    make_claim(world[1], "7,000", restricted_to=circle, source=make_source("Informant"))
    insider = make_user("Viewer")
    insider.groups.add(circle)
    for _again in range(2):
        for query in QUERIES:
            inside, outside = seen(signed_in(insider), page, query), seen(reader, page, query)
            assert inside != outside or query == QUERIES[2], query
            for secret in ("Hidden", "9,000", "Informant", "9,260", "7,000"):
                assert secret not in outside, (query, secret)


@pytest.mark.parametrize("page", PAGES)
def test_change_is_on_the_next_page(reader, world, page):  # noqa: F811
    before = seen(reader, page, "")
    added = make_incident("Event 2", date_words="2024-05-02")
    make_claim(added, "17")
    touch(added, Place.objects.get(code="CN"))
    wait_for_turn()
    assert seen(reader, page, "") != before


def test_lines_are_listed_of_few_alone(reader, world, monkeypatch):  # noqa: F811
    assert "The lines of this total" in seen(reader, "summary", "")
    cache.clear()
    monkeypatch.setattr(summaries, "MOST_LINES", 1)
    assert "The lines of this total" not in seen(reader, "summary", "")


def test_comparison_of_too_many_says_so(reader, world, monkeypatch):  # noqa: F811
    monkeypatch.setattr("incidents.reckoning.MOST", 1)
    page = seen(reader, "compare", "q=event")
    assert "Too many to add up here" in page
    assert "By category" not in page
