"""History pages: who, when, why, from what to what; nothing that the reader may not see."""

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse

from tests.admin.desk import address, save, signed_in
from tests.factories import make_claim, make_incident, make_place, make_source, make_user, touch

pytestmark = pytest.mark.django_db


@pytest.fixture
def rita():
    return make_user("Researcher", "rita")


@pytest.fixture
def desk(rita):
    return signed_in(rita)


def told(desk, incident) -> list:
    return desk.get(address("incident", pk=incident.pk, page="history")).context["entries"]


def test_change_is_told_with_who_why_and_both_values(desk):
    incident = make_incident("Old title")
    save(desk, address("incident", pk=incident.pk), title="New title", why="clearer")
    entry = told(desk, incident)[0]
    assert (entry.who, entry.why) == ("rita", "clearer")
    changes = {c.label: (c.before, c.after) for row in entry.rows for c in row.changes}
    assert changes["title"] == ("Old title", "New title")
    assert changes["version"] == ("1", "2")


def test_references_are_told_by_name(desk):
    claim = make_claim(make_incident(published=False))
    source = make_source("Radio Free America")
    save(desk, address("claim", pk=claim.pk), source=source.pk, basis="stock", why="resolved")
    page = desk.get(address("claim", pk=claim.pk, page="history")).text
    assert "Radio Free America" in page
    assert "stock: people in a state at one time" in page


def test_incident_tells_of_its_claims_places_and_steps(desk):
    incident = make_incident()
    place = make_place("CN", name="China")
    row = touch(incident, place)
    claim = make_claim(incident, "around 200")
    claim.steps.create(position=1, name_as_printed="a source in Dandong")
    row.delete()
    page = desk.get(address("incident", pk=incident.pk, page="history")).text
    assert "around 200" in page
    assert "a source in Dandong" in page
    assert "China (CN)" in page
    assert "removed" in page


def test_one_save_is_one_entry(desk):
    claim = make_claim(make_incident(published=False))
    before = len(told(desk, claim.incident))
    save(
        desk,
        address("incident", pk=claim.incident_id),
        summary="More.",
        claims__0__locator="p. 3",
        why="read again",
    )
    entries = told(desk, claim.incident)
    assert len(entries) == before + 1
    assert any(row.what.startswith(f"claim #{claim.pk} “9”") for row in entries[0].rows)


def test_value_that_names_a_closed_record_is_left_out(desk):
    group = Group.objects.create(name="Tumen team")
    hidden = make_incident("Secret wave", kind="wave", restricted_to=group)
    incident = make_incident("Open event", published=False)
    incident.wave = hidden
    incident.save()
    insider = make_user("Researcher")
    insider.groups.add(group)
    page = address("incident", pk=incident.pk, page="history")
    assert "Secret wave" not in desk.get(page).text
    assert "part of wave" not in desk.get(page).text
    assert "Secret wave" in signed_in(insider).get(page).text


def test_claim_moved_from_a_closed_incident_does_not_name_it(desk):
    group = Group.objects.create(name="Tumen team")
    claim = make_claim(make_incident("Secret night", restricted_to=group))
    claim.incident = make_incident("Open night")
    claim.save()
    page = address("incident", pk=claim.incident_id, page="history")
    assert "Secret night" not in desk.get(page).text


def test_history_of_groups_is_told(rita, desk):
    group = Group.objects.create(name="Tumen team")
    rita.groups.add(group)
    incident = make_incident(published=False)
    save(desk, address("incident", pk=incident.pk), restricted_to=[group.pk], why="safety")
    changes = [c for entry in told(desk, incident) for row in entry.rows for c in row.changes]
    assert ("", "Tumen team") in [(c.before, c.after) for c in changes]


@pytest.mark.parametrize("model", ["source", "place", "category"])
def test_vocabularies_have_a_history_page(model):
    desk = signed_in(make_user("Administrator"))
    records = {"source": make_source(), "place": make_place("CN")}
    record = records.get(model) or make_incident().category
    assert desk.get(address(model, pk=record.pk, page="history")).status_code == 200


def test_history_cannot_be_posted_to_or_restored(desk):
    incident = make_incident("Kept")
    page = address("incident", pk=incident.pk, page="history")
    assert desk.post(page, {"title": "x"}).status_code in (200, 405)
    first = incident.history.last()
    assert desk.get(f"{page}{first.pk}/").status_code in (302, 404)
    incident.refresh_from_db()
    assert incident.title == "Kept"


def test_history_needs_few_queries_however_long(desk, django_assert_max_num_queries):
    incident = make_incident(published=False)
    for number in range(15):
        claim = make_claim(incident, source=make_source())
        claim.locator = f"p. {number}"
        claim.save()
    with django_assert_max_num_queries(35):
        desk.get(address("incident", pk=incident.pk, page="history"))


def test_vocabulary_reason_is_kept():
    desk = signed_in(make_user("Administrator"))
    source = make_source("Old name")
    save(desk, reverse("admin:incidents_source_change", args=[source.pk]), name="New", why="moved")
    assert source.history.first().history_change_reason == "moved"
