"""What every test stands on: a database of its own, the seeds in it, and no silent skip.

One rule: with REQUIRE_ALL=1, as in continuous integration, a test that skips fails. What asks for
no database is marked `pure`, and gets none: it says the same on every engine, and runs once.
"""

import gc
import os
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection, transaction
from django.test import TransactionTestCase
from django.utils import translation

from incidents import gazetteer
from tests.examples import PURE

REQUIRE_ALL = os.environ.get("REQUIRE_ALL", "0") not in ("", "0")
COMMITTING = {"transactional_db", "live_server"}
SPOKEN_OF = {"CN", "DZ", "KP", "KR", "LB", "NE", "SY", "TH"}
OPENING = {"db", "django_db_setup", *COMMITTING}

# How long an example takes says something about the machine, not about the rule.
hypothesis.settings.register_profile(
    "attest",
    deadline=None,
    max_examples=PURE,
    suppress_health_check=[hypothesis.HealthCheck.too_slow],
)
hypothesis.settings.register_profile(
    "attest-ci", hypothesis.settings.get_profile("attest"), derandomize=True
)
hypothesis.settings.load_profile("attest-ci" if REQUIRE_ALL else "attest")


def pytest_report_header() -> str:
    """Say in the first lines which database the tests run on."""
    return f"database: {settings.DATABASES['default']['ENGINE'].rpartition('.')[2]}"


def pytest_collection_finish() -> None:
    """Let no search for garbage go through what was imported, which stays to the end."""
    gc.collect()
    gc.freeze()


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what is pure, and put categories and roles back for each test that commits.

    Tests that commit empty every table.
    """
    for item in items:
        if not opens_database(item):
            item.add_marker("pure")
    for item in filter(commits, items):
        asked = getattr(item.get_closest_marker("django_db"), "kwargs", {})
        seeded = {**asked, "transaction": True, "serialized_rollback": True}
        item.add_marker(pytest.mark.django_db(**seeded), append=False)


def commits(item: pytest.Item) -> bool:
    """Tell whether a test writes what others could see, instead of rolling it back."""
    asked = getattr(item.get_closest_marker("django_db"), "kwargs", {})
    return bool(asked.get("transaction") or COMMITTING & set(getattr(item, "fixturenames", ())))


def opens_database(item: pytest.Item) -> bool:
    """Tell whether a test asks for a database: by mark, by fixture, or as Django's own class."""
    if item.get_closest_marker("django_db") or OPENING & set(getattr(item, "fixturenames", ())):
        return True
    return issubclass(getattr(item, "cls", None) or object, TransactionTestCase)


@pytest.hookimpl(wrapper=True)
def pytest_fixture_setup(
    fixturedef: pytest.FixtureDef[object], request: pytest.FixtureRequest
) -> Iterator[object]:
    """Let a test that is marked pure and asks for a database fail, however it asks.

    What was made once for a file is checked before the first test that stands on it: PostgreSQL
    would check it anew at the end of every test, as each undoes that it was checked.
    """
    asks = fixturedef.argname == "_django_db_helper"
    if asks and "once" in request.fixturenames and connection.vendor == "postgresql":
        connection.check_constraints()
    made = yield  # refused only now, as pytest takes down what was set up, and nothing else
    if asks and request.node.get_closest_marker("pure"):
        pytest.fail(f"{request.node.nodeid} is marked pure, and asks for a database while it runs.")
    return made


@pytest.fixture(scope="module")
def once(django_db_setup: None, django_db_blocker) -> Iterator[None]:
    """Let fixtures of a whole file make records: its tests undo what they change, the last all.

    Not for a file with a test that commits.
    """
    with django_db_blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture(autouse=True, scope="module")
def _seeds_put_back(request: pytest.FixtureRequest) -> Iterator[None]:
    """Leave categories and roles behind where the last tests of a file emptied every table.

    They run last in their file; on the same worker other files, which roll back, may follow.
    """
    own = [item for item in request.session.items if item.path == request.path]
    if not any(map(commits, own)):
        yield
        return
    request.getfixturevalue("django_db_setup")
    yield
    with request.getfixturevalue("django_db_blocker").unblock():
        seeds = connection._test_serialized_contents
        connection.creation.deserialize_db_from_string(seeds)


@pytest.fixture
def short_gazetteer(monkeypatch) -> None:
    """Leave out the divisions of countries that the sample data do not speak of: most places."""
    rows = [
        place
        for place in gazetteer.places()
        if place.kind in ("region", "subregion", "country") or place.code[:2] in SPOKEN_OF
    ]
    monkeypatch.setattr(gazetteer, "places", lambda: rows)


@pytest.fixture(autouse=True)
def _in_english() -> None:
    """Begin in the language of the settings, whichever an earlier test's last page was in."""
    translation.deactivate()


@pytest.fixture(autouse=True)
def _nothing_kept() -> None:
    """Begin with no piece of a page kept from an earlier test, and in the usual language."""
    cache.clear()
    translation.activate(settings.LANGUAGE_CODE)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Iterator[None]:
    """Let no test be skipped where everything is required."""
    return refuse_skip((yield))


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Iterator[None]:
    """Let no file of tests be skipped where everything is required."""
    return refuse_skip((yield))


def refuse_skip(report):
    """Turn a skip into a failure where everything is required."""
    if REQUIRE_ALL and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"Skipped, but REQUIRE_ALL is set: {report.longrepr[-1]}"
    return report


@pytest.fixture(scope="session")
def django_db_modify_db_settings(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Give this run a test database that no other run, before or beside it, uses."""
    database = settings.DATABASES["default"]
    own: Path | str = tmp_path_factory.mktemp("database") / "test.sqlite3"
    if not database["ENGINE"].endswith("sqlite3"):
        own = f"test_{database['NAME']}_{os.getpid()}"
    database["TEST"]["NAME"] = own
