"""The pages that merge and undo: shown before saved, for whom, and what a forged posting does."""

import json

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse

from incidents import merging
from incidents.models import Claim, Incident, Merge, Place, Source
from tests.admin.desk import address, save, signed_in
from tests.factories import make_claim, make_incident, make_place, make_source, make_user, touch

pytestmark = pytest.mark.django_db


@pytest.fixture
def reviewer():
    return make_user("Reviewer", "rex")


@pytest.fixture
def admin():
    return make_user("Administrator", "ada")


@pytest.fixture
def pair():
    """Two incidents that are one: around 200 and up to 60."""
    gone, survivor = make_incident("Dandong night"), make_incident("Night at the Yalu")
    make_claim(gone, "around 200", source_as_printed="Solidarity")
    make_claim(survivor, "up to 60")
    return gone, survivor


def page(model: str, record, name: str = "merge") -> str:
    return address(model, pk=record.pk, page=name)


def confirm(desk, where: str, **typed):
    """Post twice, as a person does: look, then confirm what stood there."""
    looked = desk.post(where, typed)
    return desk.post(where, {**typed, "seen": looked.context["state"]})


def test_first_posting_shows_both_records_and_changes_nothing(reviewer, pair):
    gone, survivor = pair
    shown = signed_in(reviewer).post(page("incident", gone), {"other": survivor.code, "why": "x"})
    for words in ("Dandong night", "Night at the Yalu", "around 200", "up to 60"):
        assert words in shown.text
    assert "disputed: up to 60" in shown.text
    assert not Merge.objects.exists()


def test_figure_shown_is_the_figure_that_comes(reviewer, pair):
    gone, survivor = pair
    desk = signed_in(reviewer)
    shown = desk.post(page("incident", gone), {"other": survivor.code, "why": "x"})
    [(_measure, _gone, _stays, after)] = shown.context["shown"].figures
    confirm(desk, page("incident", gone), other=survivor.code, why="one night")
    survivor.refresh_from_db()
    assert survivor.figure_words == after


def test_confirmed_merge_leads_to_the_survivor_and_is_told(reviewer, pair):
    gone, survivor = pair
    desk = signed_in(reviewer)
    response = confirm(desk, page("incident", gone), other=survivor.code, why="one night")
    assert response["Location"] == address("incident", pk=survivor.pk)
    assert Claim.objects.filter(incident=survivor).count() == 2
    read = desk.get(address("incident", pk=gone.pk))
    assert "one night" in read.text
    assert address("incident", pk=survivor.pk) in read.text
    assert page("incident", gone, "unmerge") in read.text
    assert 'name="title"' not in read.text
    assert str(gone) in desk.get(address("incident", pk=survivor.pk)).text


def test_address_that_names_the_other_shows_both_at_once(reviewer, pair):
    gone, survivor = pair
    shown = signed_in(reviewer).get(page("incident", gone) + f"?other={survivor.code}")
    assert shown.context["state"]
    assert "Say why" not in shown.text


def test_change_between_looking_and_confirming_is_shown_first(reviewer, pair):
    gone, survivor = pair
    desk, typed = signed_in(reviewer), {"other": survivor.code, "why": "one"}
    looked = desk.post(page("incident", gone), typed)
    save(
        signed_in(make_user("Researcher")),
        address("incident", pk=survivor.pk),
        title="Another night",
        why="not the same",
    )
    shown = desk.post(page("incident", gone), {**typed, "seen": looked.context["state"]})
    assert "after you looked" in shown.text
    assert "Another night" in shown.text
    assert not Merge.objects.exists()


@pytest.mark.parametrize(
    ("model", "role"),
    [
        ("incident", "Researcher"),
        ("source", "Researcher"),
        ("source", "Reviewer"),
        ("place", "Researcher"),
        ("place", "Reviewer"),
    ],
)
@pytest.mark.parametrize("name", ["merge", "unmerge"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_role_without_the_right_is_refused(admin, model, role, name, method):
    gone, survivor, other = three(model)
    done = MERGES[model](gone=gone, survivor=other, by=admin, why="x")
    desk = signed_in(make_user(role))
    record = gone if name == "unmerge" else survivor
    typed = {"other": code_of(other), "why": "x", "seen": "forged"}
    assert getattr(desk, method)(page(model, record, name), typed).status_code == 403
    assert Merge.objects.standing().get() == done
    assert page(model, survivor) not in desk.get(address(model, pk=survivor.pk)).text


MERGES = {
    "incident": merging.merge_incidents,
    "source": merging.merge_sources,
    "place": merging.merge_places,
}


def three(model: str) -> list:
    if model == "incident":
        return [make_incident() for _number in range(3)]
    if model == "source":
        return [make_source() for _number in range(3)]
    country = make_place("CN")
    return [make_place(f"CN/{name}", parent=country) for name in "abc"]


def code_of(record) -> str:
    return record.slug if isinstance(record, Source) else record.code


@pytest.mark.parametrize("model", ["incident", "source", "place"])
def test_merge_and_undo_from_the_pages(admin, model):
    gone, survivor, _other = three(model)
    desk = signed_in(admin)
    assert page(model, gone) in desk.get(address(model, pk=gone.pk)).text
    confirm(desk, page(model, gone), other=code_of(survivor), why="one and the same")
    gone.refresh_from_db()
    assert gone.merged_into_id == survivor.pk
    assert desk.post(page(model, gone, "unmerge"), {"why": " "}).status_code == 200
    gone.refresh_from_db()
    assert gone.merged_into_id == survivor.pk
    response = desk.post(page(model, gone, "unmerge"), {"why": "two after all"})
    assert response["Location"] == address(model, pk=gone.pk)
    gone.refresh_from_db()
    assert gone.merged_into_id is None
    assert desk.get(page(model, gone, "unmerge")).status_code == 404


@pytest.mark.parametrize("model", ["incident", "source", "place"])
def test_merged_record_cannot_be_edited(admin, model):
    gone, survivor, _other = three(model)
    desk = signed_in(admin)
    confirm(desk, page(model, gone), other=code_of(survivor), why="one and the same")
    assert desk.post(address(model, pk=gone.pk), {"name": "x", "title": "x"}).status_code == 403
    assert desk.get(address(model, pk=gone.pk)).status_code == 200


@pytest.mark.parametrize("model", ["incident", "source", "place"])
def test_forged_state_merges_nothing(admin, model):
    gone, survivor, _other = three(model)
    desk = signed_in(admin)
    typed = {"other": code_of(survivor), "why": "x", "seen": "0", "merged_into": survivor.pk}
    assert desk.post(page(model, gone), typed).status_code == 200
    assert not Merge.objects.exists()


@pytest.mark.parametrize("model", ["source", "place"])
def test_full_name_finds_the_other_and_several_are_named(admin, model):
    gone, survivor, other = three(model)
    for record in (survivor, other):
        record.name = "통일연대"
        record.save()
    desk = signed_in(admin)
    shown = desk.post(page(model, gone), {"other": "통일연대", "why": "x"})
    assert "Several are called" in shown.text
    assert code_of(other) in shown.text
    other.name = "Another"
    other.save()
    shown = desk.post(page(model, gone), {"other": "통일연대", "why": "x"})
    assert shown.context["state"]


def test_refusal_stands_on_the_page_before_anybody_confirms(reviewer):
    event, total = make_incident(), make_incident(kind="aggregate")
    shown = signed_in(reviewer).post(page("incident", event), {"other": total.code, "why": "x"})
    assert "only records of one kind can be merged" in shown.text
    assert shown.context["state"] == ""


def test_restricted_record_is_not_there_for_others(reviewer):
    team = Group.objects.create(name="Tumen team")
    shown, hidden = make_incident(), make_incident(restricted_to=team)
    desk = signed_in(reviewer)
    answer = desk.post(page("incident", shown), {"other": hidden.code, "why": "x"})
    missing = desk.post(page("incident", shown), {"other": "AT-999999", "why": "x"})
    assert f"There is no incident {hidden.code}." in answer.text
    assert answer.text.replace(hidden.code, "").count("There is no incident") == (
        missing.text.count("There is no incident")
    )
    assert desk.get(page("incident", hidden)).status_code == 404
    assert desk.get(page("incident", shown) + f"?other={hidden.code}").context["shown"] is None


def test_counts_leave_out_what_the_person_may_not_see(admin):
    team = Group.objects.create(name="Tumen team")
    gone, survivor = make_source(), make_source()
    make_claim(make_incident(restricted_to=team), source=gone)
    make_claim(make_incident(), source=gone)
    shown = signed_in(admin).post(page("source", gone), {"other": survivor.slug, "why": "x"})
    rows = {label: (left, right) for label, left, right in shown.context["shown"].rows}
    assert (rows["claims"], rows["incidents"]) == (("1", "0"), ("1", "0"))


def offered(desk, model: str, field: str, term: str) -> str:
    response = desk.get(
        reverse("admin:autocomplete"),
        {"term": term, "app_label": "incidents", "model_name": model, "field_name": field},
    )
    return " ".join(line["text"] for line in json.loads(response.content)["results"])


@pytest.mark.parametrize(("model", "field"), [("source", "source"), ("place", "place")])
def test_merged_record_is_offered_nowhere_and_refused_when_forged(admin, model, field):
    gone, survivor, _other = three(model)
    gone.name, survivor.name = "Old name", "New name"
    gone.save()
    survivor.save()
    MERGES[model](gone=gone, survivor=survivor, by=admin, why="x")
    desk, claim = signed_in(admin), make_claim(make_incident(published=False))
    assert offered(desk, "claim", field, "Old name").startswith("New name")
    assert "Old name" not in offered(desk, "claim", field, "Old name")
    save(desk, address("claim", pk=claim.pk), **{field: gone.pk})
    claim.refresh_from_db()
    assert getattr(claim, f"{field}_id") is None


def test_merged_incident_is_not_offered(admin, pair):
    gone, survivor = pair
    merging.merge_incidents(gone=gone, survivor=survivor, by=admin, why="x")
    desk = signed_in(admin)
    assert offered(desk, "claim", "incident", "Dandong") == ""
    assert offered(desk, "claim", "incident", gone.code) == str(survivor)


def test_restricting_the_survivor_restricts_what_went_into_it(pair):
    gone, survivor = pair
    team = Group.objects.create(name="Tumen team")
    rex = make_user("Reviewer")
    rex.groups.add(team)
    merging.merge_incidents(gone=gone, survivor=survivor, by=rex, why="x")
    save(signed_in(rex), address("incident", pk=survivor.pk), restricted_to=[team.pk], why="kept")
    assert not Incident.objects.visible_to(make_user("Reviewer")).exists()
    assert Incident.objects.get(pk=gone.pk).restricted


def test_place_moved_at_the_desk_takes_its_incidents_along(admin):
    region = make_place("m49:030")
    china, korea = make_place("CN", parent=region), make_place("KP", parent=region, name="Korea")
    division = make_place("CN-JL", parent=china)
    town = make_place("CN-JL/tumen", parent=division)
    incident = make_incident()
    touch(incident, town)
    save(signed_in(admin), address("place", pk=division.pk), parent=korea.pk, name="Moved")
    incident.refresh_from_db()
    town.refresh_from_db()
    assert town.country == korea
    assert set(incident.regions.values_list("place__code", flat=True)) == {
        "CN-JL/tumen",
        "CN-JL",
        "KP",
        "m49:030",
    }
    assert "korea" in incident.search_text
    assert "moved" in incident.search_text


def test_parent_of_a_parent_body_changes_who_counts_as_one(admin):
    top, middle, leaf, other = (make_source() for _number in range(4))
    Source.objects.filter(pk=leaf.pk).update(parent=middle)
    incident = make_incident()
    make_claim(incident, "9", source=leaf)
    make_claim(incident, "9", source=other)
    Source.objects.filter(pk=other.pk).update(parent=top)
    save(signed_in(admin), address("source", pk=middle.pk), parent=top.pk)
    incident.refresh_from_db()
    assert incident.sources_named == 1


def test_category_keeps_its_code_and_cannot_vanish(admin):
    category, desk = make_incident().category, signed_in(admin)
    code = category.code
    save(
        desk,
        address("category", pk=category.pk),
        name="Return by force",
        definition="What belongs here.",
        position=40,
        code="other-code",
    )
    category.refresh_from_db()
    assert (category.name, category.position, category.code) == ("Return by force", 40, code)
    assert category.definition == "What belongs here."
    assert desk.post(address("category", pk=category.pk, page="delete")).status_code == 403
    for role in ("Reviewer", "Researcher"):
        save_as = signed_in(make_user(role))
        assert save_as.post(address("category", pk=category.pk), {"name": "x"}).status_code == 403


@pytest.mark.parametrize("model", ["incident", "source", "place"])
def test_pages_need_no_query_per_row(admin, django_assert_max_num_queries, model):
    gone, survivor, _other = three(model)
    desk, place = signed_in(admin), make_place("KP")
    counts = []
    for rows in (2, 18):
        for _number in range(rows):
            fill(model, gone, place)
        with django_assert_max_num_queries(60) as asked:
            desk.post(page(model, gone), {"other": code_of(survivor), "why": "x"})
        counts.append(len(asked))
    assert counts[0] == counts[1]


def fill(model: str, record, place: Place) -> None:
    """Let one more row rest on a record."""
    if model == "incident":
        make_claim(record, "9", source=make_source())
    elif model == "source":
        make_claim(make_incident(), "9", source=record)
    else:
        touch(make_incident(), record)
