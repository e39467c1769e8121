"""The desk's list and exports go through the one door."""

import csv
import io

import pytest
from django.contrib.auth.models import Group

from incidents.filters import ask
from incidents.models import ExportLog
from tests.factories import make_claim, make_incident, make_place, make_user, touch

pytestmark = pytest.mark.django_db

LIST = "/admin/incidents/incident/"


@pytest.fixture
def researcher(client):
    user = make_user("Researcher")
    client.force_login(user)
    return user


@pytest.fixture
def records():
    jilin = make_place("CN-JL", parent=make_place("CN", parent=make_place("m49:030")))
    for year in (2022, 2023, 2024):
        incident = make_incident(f"Return of {year}", date_words=str(year))
        make_claim(incident)
        if year > 2022:
            touch(incident, jilin)
    make_incident("A draft", published=False, date_words="2024")


def rows(response) -> list[dict[str, str]]:
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


@pytest.mark.parametrize(
    "query", ["region=CN-JL", "from=2023&to=2023", "status=draft", "kind=wave", "q=2022&from=2020"]
)
def test_list_finds_what_the_pages_find(client, researcher, records, query):
    listed = client.get(f"{LIST}?{query}").context["cl"].queryset
    found = ask(query, researcher).incidents
    assert {incident.title for incident in listed} == {incident.title for incident in found}


@pytest.mark.parametrize("query", ["region=XX", "from=2024-13-01", "from=2024&to=2023"])
def test_list_refuses_a_bad_question(client, researcher, query):
    assert client.get(f"{LIST}?{query}").status_code == 400


@pytest.mark.parametrize(
    ("action", "column"), [("export_incidents", "title"), ("export_claims", "words")]
)
def test_selected_rows_leave_with_the_same_columns_and_a_log(
    client, researcher, records, action, column
):
    chosen = ask("from=2024", researcher).incidents.get()
    response = client.post(LIST, {"action": action, "_selected_action": [chosen.pk]})
    [row] = rows(response)
    assert row["incident"] == chosen.code
    assert row[column]
    assert ExportLog.objects.get().user == researcher


def test_restricted_row_cannot_be_selected(client, researcher):
    hidden = make_incident(restricted_to=Group.objects.create(name="Circle"))
    response = client.post(LIST, {"action": "export_incidents", "_selected_action": [hidden.pk]})
    assert rows(response) == []


@pytest.mark.parametrize(
    "lookup", ["claims__id__gt=0", "wave__id__exact=1", "links_onward__id__gt=0", "title=x"]
)
def test_address_asks_nothing_of_other_records(client, researcher, records, lookup):
    assert client.get(f"{LIST}?{lookup}").status_code in (302, 400)
