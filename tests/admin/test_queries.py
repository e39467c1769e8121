"""Every desk page of a record takes as many queries with two rows on it as with twenty."""

from collections import defaultdict
from itertools import product

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.admin.desk import address, signed_in
from tests.factories import (
    make_article,
    make_claim,
    make_incident,
    make_place,
    make_source,
    make_user,
    touch,
)

pytestmark = pytest.mark.django_db


ROWS = (2, 20)
MODELS = ("incident", "article", "claim", "source", "place")


def world(rows: int) -> dict[str, int]:
    """Make one record of each kind with this many rows on its page; give their keys."""
    incident, article, source = make_incident(), make_article(), make_source()
    place, group = make_place(f"X{rows}"), Group.objects.create(name=f"Team {rows}")
    first = make_claim(incident, "around 200", article=article)
    for number in range(rows):
        where = make_place(f"Y{rows}-{number}", parent=place)
        touch(incident, where)
        beside = {"source": make_source(), "place": where, "repeats": first, "article": article}
        make_claim(incident, "9", restricted_to=group if number % 2 else None, **beside)
        first.steps.create(position=number + 1, name_as_printed="x", source=make_source())
        source.aliases.create(name=f"alias {number}")
        place.names.create(name=f"name {number}")
    return {
        "incident": incident.pk,
        "article": article.pk,
        "claim": first.pk,
        "source": source.pk,
        "place": place.pk,
    }


def queries_of(desk: Client, page: str) -> int:
    """Count the queries of a page."""
    with CaptureQueriesContext(connection) as queries:
        assert desk.get(page).status_code == 200
    return len(queries)


@pytest.fixture(scope="module")
def counted(once) -> dict[str, list[int]]:
    """Count the queries of every page and list, with two rows and with twenty."""
    desk = signed_in(make_user("Administrator"))
    counts: dict[str, list[int]] = defaultdict(list)
    for rows in ROWS:
        keys = world(rows)
        for model, page in product(MODELS, ("change", "history")):
            url = address(model, pk=keys[model], page=page)
            desk.get(url)
            counts[f"{model} {page}"].append(queries_of(desk, url))
        for model in MODELS:
            counts[f"{model} list"].append(queries_of(desk, address(model, page="changelist")))
    return counts


@pytest.mark.parametrize("page", ["change", "history", "list"])
@pytest.mark.parametrize("model", MODELS)
def test_page_needs_no_query_per_row(counted, model, page):
    few, many = counted[f"{model} {page}"]
    assert few == many
