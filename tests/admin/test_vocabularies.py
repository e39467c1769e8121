"""Sources and places at the desk: found by any name, short names made, incidents kept true."""

import json

import pytest
from django.urls import reverse

from incidents.models import PlaceName, Source, SourceAlias
from tests.admin.desk import address, errors, save, signed_in
from tests.factories import make_claim, make_incident, make_place, make_source, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk():
    return signed_in(make_user("Administrator"))


def offered(desk, model: str, field: str, term: str) -> list[str]:
    response = desk.get(
        reverse("admin:autocomplete"),
        {"term": term, "app_label": "incidents", "model_name": model, "field_name": field},
    )
    return [line["text"] for line in json.loads(response.content)["results"]]


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Radio Free America", "radio-free-america"),
        ("Agence Éxemple", "agence-exemple"),
        ("통일연대", "source-1"),
    ],
)
def test_short_name_is_made_from_the_name(desk, name, slug):
    response = save(desk, address("source"), name=name)
    assert response.status_code == 302, errors(response)
    assert Source.objects.get(name=name).slug == slug


def test_short_name_that_is_taken_gets_a_number(desk):
    for _time in range(3):
        save(desk, address("source"), name="The Daily")
    assert set(Source.objects.values_list("slug", flat=True)) == {
        "the-daily",
        "the-daily-1",
        "the-daily-2",
    }


def test_short_name_never_changes(desk):
    source = make_source("Daily", slug="daily")
    save(desk, address("source", pk=source.pk), slug="other", name="The Daily")
    source.refresh_from_db()
    assert (source.slug, source.name) == ("daily", "The Daily")


def test_parent_bodies_in_a_circle_are_refused(desk):
    parent = make_source()
    child = make_source(parent=parent)
    response = save(desk, address("source", pk=parent.pk), parent=child.pk)
    assert "itself belongs to this source" in errors(response)


@pytest.mark.parametrize("term", ["통일연대", "unification", "UNIFICATION sol"])
def test_source_is_found_by_any_name(desk, term):
    source = make_source("Unification Solidarity")
    SourceAlias.objects.create(source=source, name="통일연대")
    make_source("Another")
    assert offered(desk, "claim", "source", term) == ["Unification Solidarity"]


@pytest.mark.parametrize("term", ["단둥", "dandong", "DANDONG", "Andong", "CN-LN/dandong"])
def test_place_is_found_by_any_name(desk, term):
    place = make_place("CN-LN/dandong", name="Dandong", name_ko="단둥", parent=make_place("CN"))
    PlaceName.objects.create(place=place, name="Andong")
    assert offered(desk, "claim", "place", term) == ["Dandong (CN-LN/dandong)"]


def test_exact_name_is_offered_first(desk):
    country = make_place("CN", name="China")
    make_place("CN/a", name="A China Town", parent=country)
    assert offered(desk, "claim", "place", "china")[0] == "China (CN)"


@pytest.mark.parametrize("term", ["AT-{:06d}", "at-{:06d}", "Dandong night", "night dandong"])
def test_incident_is_found_by_code_and_words(desk, term):
    incident = make_incident("Night of Dandong")
    make_incident("Elsewhere")
    assert offered(desk, "claim", "incident", term.format(incident.pk)) == [str(incident)]


@pytest.mark.parametrize("term", ["#{}", "around 200", "Unification", "AT-{incident:06d}"])
def test_claim_is_found_by_number_words_and_incident(desk, term):
    claim = make_claim(
        make_incident(), "around 200", source_as_printed="The Unification Solidarity"
    )
    found = offered(desk, "claim", "repeats", term.format(claim.pk, incident=claim.incident_id))
    assert found == [f"{claim.incident.code} {claim}"]


def test_renamed_source_is_renamed_in_the_figure_words(desk):
    source = make_source("Old name")
    incident = make_incident()
    make_claim(incident, "up to 60", source=source)
    make_claim(incident, "around 200")
    save(desk, address("source", pk=source.pk), name="Brand new name")
    incident.refresh_from_db()
    assert "brand new name" in incident.search_text


def test_category_measure_changed_moves_the_figure(desk):
    incident = make_incident()
    make_claim(incident, "9")
    save(desk, address("category", pk=incident.category_id), measure="detained")
    incident.refresh_from_db()
    assert incident.people_best is None


def test_place_cannot_lie_in_what_lies_in_it(desk):
    country = make_place("CN")
    province = make_place("CN-LN", parent=country)
    response = save(desk, address("place", pk=country.pk), parent=province.pk)
    assert "itself lies in this place" in errors(response)
