"""Every desk page of a record takes as many queries with two rows on it as with twenty."""

import pytest
from django.contrib.auth.models import Group
from django.db import connection
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


@pytest.fixture
def desk():
    return signed_in(make_user("Administrator"))


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


@pytest.mark.parametrize("page", ["change", "history"])
@pytest.mark.parametrize("model", ["incident", "article", "claim", "source", "place"])
def test_page_needs_no_query_per_row(desk, model, page):
    counts = []
    for rows in (2, 20):
        key = world(rows)[model]
        desk.get(address(model, pk=key, page=page))
        with CaptureQueriesContext(connection) as queries:
            assert desk.get(address(model, pk=key, page=page)).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]


@pytest.mark.parametrize("model", ["incident", "article", "claim", "source", "place"])
def test_list_needs_no_query_per_row(desk, model):
    counts = []
    for rows in (2, 20):
        world(rows)
        with CaptureQueriesContext(connection) as queries:
            assert desk.get(address(model, page="changelist")).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]
