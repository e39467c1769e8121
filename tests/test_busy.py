"""While somebody else writes for long: a sentence instead of an error, and reading goes on."""

from collections.abc import Callable, Iterator

import pytest
from django.db import OperationalError, connection
from django.test import RequestFactory
from django.urls import reverse

from config.busy import Waiting, failed
from incidents import turns
from incidents.models import Incident
from tests.admin.desk import address, filled, signed_in
from tests.factories import make_incident, make_user

MILLISECONDS = 50  # instead of the twenty seconds that people wait
WRITE = {
    "sqlite": "BEGIN IMMEDIATE",
    "postgresql": f"SELECT pg_advisory_lock({turns.DESK})",
}


@pytest.fixture
def lock(transactional_db, monkeypatch) -> Iterator[Callable[[], None]]:
    """Return what lets another connection begin to write, as an import does."""
    monkeypatch.setattr(turns, "MILLISECONDS", MILLISECONDS)
    other = connection.copy()

    def begin() -> None:
        if connection.vendor == "sqlite":
            with connection.cursor() as cursor:
                cursor.execute(f"PRAGMA busy_timeout = {MILLISECONDS}")
        with other.cursor() as cursor:
            cursor.execute(WRITE[connection.vendor])

    yield begin
    other.close()
    connection.close()  # the next test waits as long as usual


def test_saving_meanwhile_is_answered_with_a_sentence(lock):
    desk, incident = signed_in(make_user("Researcher")), make_incident(published=False)
    page = address("incident", pk=incident.pk)
    typed = filled(desk.get(page)) | {"title": "Another", "why": "x"}
    lock()
    response = desk.post(page, typed)
    assert response.status_code == 503
    assert "What you sent was not saved, and nothing was lost" in response.text
    assert response["Retry-After"] == "60"
    assert "no-store" in response["Cache-Control"]
    assert Incident.objects.get().title != "Another"


def test_reading_meanwhile_goes_on(lock):
    desk, incident = signed_in(make_user("Researcher")), make_incident()
    lock()
    for page in (
        reverse("incident-list"),
        incident.get_absolute_url(),
        reverse("admin:index"),
        address("incident", pk=incident.pk),
        reverse("admin:incidents_import_changelist"),
    ):
        assert desk.get(page).status_code == 200


def test_page_that_writes_when_it_is_read_says_to_load_it_again(rf: RequestFactory):
    error = OperationalError("database is locked")
    answer = Waiting(lambda request: None).process_exception(rf.get("/"), error)
    assert answer.status_code == 503
    assert "load this page again" in answer.text


@pytest.mark.parametrize(
    "error", [OperationalError("disk I/O error"), ValueError("is locked")], ids=str
)
def test_other_errors_are_left_alone(rf: RequestFactory, error):
    assert Waiting(lambda request: None).process_exception(rf.post("/"), error) is None


@pytest.mark.parametrize(
    ("error", "status"),
    [(OperationalError("database is locked"), 503), (OperationalError("disk full"), 500)],
    ids=str,
)
def test_error_outside_of_a_page_is_answered_likewise(rf: RequestFactory, error, status):
    try:
        raise error
    except OperationalError:
        assert failed(rf.post("/")).status_code == status
