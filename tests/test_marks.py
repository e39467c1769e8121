"""Which tests run on SQLite alone: those that ask for no database, and none that does."""

import pytest
from django.test import TestCase

from incidents.models import Incident
from tests.conftest import opens_database
from tests.factories import make_user


def is_pure(request: pytest.FixtureRequest) -> bool:
    """Tell whether the test that runs is marked so."""
    return request.node.get_closest_marker("pure") is not None


@pytest.fixture
def person(db):
    """A person, so a database, asked for by a fixture alone."""
    return make_user()


def test_that_asks_for_no_database_is_pure_and_reaches_none(request):
    assert is_pure(request)
    with pytest.raises(RuntimeError, match="Database access not allowed"):
        Incident.objects.count()
    with pytest.raises(pytest.fail.Exception, match="is marked pure"):
        request.getfixturevalue("db")


@pytest.mark.django_db
def test_that_is_marked_is_not_pure(request):
    assert not is_pure(request)


@pytest.mark.usefixtures("person")
def test_whose_fixture_asks_is_not_pure(request):
    assert not is_pure(request)


@pytest.mark.usefixtures("once")
def test_whose_file_keeps_records_is_not_pure(request):
    assert not is_pure(request)


class Asking(TestCase):
    """A test of Django's own kind."""

    @pytest.fixture(autouse=True)
    def _request(self, request):
        self.request = request

    def test_of_a_class_of_django_is_not_pure(self):
        assert not is_pure(self.request)


def test_every_test_of_this_run_is_marked_by_the_rule(request):
    for item in request.session.items:
        assert opens_database(item) is not (item.get_closest_marker("pure") is not None)
