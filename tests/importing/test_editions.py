"""A newer edition under another name: said, and compared with the data set when asked for."""

import pytest

from incidents.importing import jobs
from incidents.models import Import, Incident
from tests.admin.desk import signed_in
from tests.admin.test_importing import media, page, step, upload, worked  # noqa: F401
from tests.factories import make_user

pytestmark = pytest.mark.django_db

SHEET = "No,Date,How many,Link\n" + "".join(
    f"{n},2024-04-{n:02},{n},https://news.example/{n}\n" for n in range(1, 6)
)


def brought(client, content: str, name: str) -> Import:
    """Upload and check a sheet."""
    upload(client, content.encode(), name)
    run = Import.objects.latest("pk")
    step(client, run, "check")
    return worked(run)


@pytest.mark.usefixtures("media")
def test_newer_edition_under_another_name_is_noticed_and_compared():
    desk = signed_in(make_user("Researcher", "rosa"))
    step(desk, first := brought(desk, SHEET, "april.csv"), "save")
    worked(first)
    later = brought(desk, SHEET.replace("2024-04-02,2,", "2024-04-02,7,"), "may.csv")
    assert (later.new, later.options[jobs.EDITIONS]) == (5, [["april", 5, 5]])
    assert "newer edition of “april”" in desk.get(page("change", later)).text
    refused = desk.post(page("step", later), {"step": "edition", "dataset": "x"}, follow=True)
    assert "is none of the data sets" in refused.text
    step(desk, later, "edition", dataset="april")
    worked(later)
    assert (later.new, later.changed, later.unchanged) == (0, 1, 4)
    assert later.options[jobs.EDITIONS] == []
    assert Incident.objects.count() == 5


@pytest.mark.usefixtures("media")
def test_sheet_of_somebody_else_is_not_spoken_of():
    desk = signed_in(make_user("Researcher", "rosa"))
    step(desk, first := brought(desk, SHEET, "april.csv"), "save")
    worked(first)
    other = signed_in(make_user("Researcher", "rita"))
    assert brought(other, SHEET, "may.csv").options[jobs.EDITIONS] == []
