"""Derived columns: exactly what the records say, and blind to what is restricted."""

import pytest
from django.contrib.auth.models import Group
from django.utils import timezone

from incidents import actions, bulk, settling
from incidents.models import (
    NOWHERE,
    Category,
    Claim,
    Incident,
    IncidentFigure,
    IncidentRegion,
    IncidentSource,
    IncidentText,
    MonthSum,
)
from incidents.settling import (
    differences,
    misrestricted_articles,
    settle,
    settle_articles,
    settle_new,
)
from incidents.summing import wrong_sums
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


def test_settled_records_show_no_difference():
    incident = make_incident(date_words="2024-04")
    touch(incident, make_place("CN"))
    make_claim(incident, "around 200")
    assert differences([incident.pk]) == []
    assert settle([incident.pk]) == 0


@pytest.mark.parametrize(
    ("model", "change"),
    [
        pytest.param(Incident, {"people_low": 1}, id="a figure"),
        pytest.param(Incident, {"search_text": ""}, id="searchable text"),
        pytest.param(Incident, {"sort_day": "2001-01-01"}, id="a sort day"),
        pytest.param(Claim, {"counts": False}, id="whether a claim counts"),
        pytest.param(IncidentFigure, {"people_high": 5000}, id="a figure's row"),
        pytest.param(IncidentRegion, {"role": "crossing"}, id="a region row"),
    ],
)
def test_tampered_column_is_found_and_mended(model, change):
    incident = make_incident(date_words="2024-04")
    touch(incident, make_place("CN"))
    make_claim(incident, "9")
    first = model.objects.order_by("pk").first()
    model.objects.filter(pk=first.pk).update(**change)
    assert differences([incident.pk])
    settle([incident.pk])
    assert differences([incident.pk]) == []


@pytest.mark.parametrize("closed", ["claim", "article"])
def test_restricted_claim_feeds_nothing(closed):
    circle = Group.objects.create(name="Circle")
    incident = make_incident()
    make_claim(incident, "9")
    before = Incident.objects.values(*Incident.DERIVED).get()
    make_claim(
        incident,
        "5000",
        quote="secret words",
        source=make_source("Secret Source"),
        place=make_place("CN"),
        restricted_to=circle if closed == "claim" else None,
        article=make_article(restricted_to=circle if closed == "article" else None),
    )
    assert Incident.objects.values(*Incident.DERIVED).get() == before
    assert not IncidentRegion.objects.exclude(place=NOWHERE).exists()


def test_restricting_an_article_takes_its_claims_out_of_the_figure():
    incident, article = make_incident(), make_article()
    make_claim(incident, "9", article=article)
    article.restricted_to.add(Group.objects.create(name="Circle"))
    assert misrestricted_articles() == [article.pk]
    settle_articles([article.pk])
    incident.refresh_from_db()
    assert (incident.figure_kind, misrestricted_articles()) == ("none", [])


def test_restricted_correction_leaves_what_it_corrects():
    incident = make_incident()
    corrected = make_claim(incident, "200")
    circle = Group.objects.create(name="Circle")
    make_claim(incident, "60", corrects=corrected, restricted_to=circle)
    assert incident.people_best == 200


def test_assessment_on_a_claim_restricted_later_no_longer_holds():
    incident = make_incident()
    claim = make_claim(incident, "200")
    make_claim(incident, "up to 60")
    actions.assess(
        incident=incident,
        by=make_user("Reviewer"),
        why="seen",
        measure="returned",
        rule="lowest",
        claims=[claim],
        low=60,
        high=200,
    )
    incident.refresh_from_db()
    assert (incident.figure_kind, incident.disputed, incident.people_low) == ("assessed", True, 60)
    claim.restricted_to.add(Group.objects.create(name="Circle"))
    settle([incident.pk])
    incident.refresh_from_db()
    assert (incident.figure_kind, incident.people_low) == ("at_most", None)


def test_newer_claims_are_announced_beside_an_assessment():
    incident = make_incident()
    claim = make_claim(incident, "200")
    actions.assess(
        incident=incident,
        by=make_user("Reviewer"),
        why="seen",
        measure="returned",
        rule="lowest",
        claims=[claim],
        best=200,
    )
    make_claim(incident, "190", created=timezone.now())
    assert incident.newer_claims == 1


def test_places_of_one_role_share_the_smallest_place_that_holds_them():
    asia = make_place("m49:030")
    china = make_place("CN", parent=asia)
    jilin = make_place("CN-JL", parent=china)
    incident = make_incident()
    for code in ("CN-JL/tumen", "CN-JL/hunchun"):
        touch(incident, make_place(code, parent=jilin), "apprehension")
    touch(incident, make_place("KP", parent=asia), "destination")
    assert (incident.main_place, incident.main_role) == (jilin, "apprehension")


def test_syndicated_copy_adds_no_source_and_no_number():
    incident, source = make_incident(), make_source("The NGO")
    first = make_claim(incident, "around 600", source=source)
    make_claim(incident, "around 700", source=make_source("A copy"), repeats=first)
    assert (incident.sources_named, incident.people_best) == (1, 600)


def test_unnamed_source_counts_as_its_publisher():
    incident, publisher = make_incident(), make_source("Paper")
    for words in ("up to 600", "600"):
        make_claim(incident, words, article=make_article(publisher=publisher))
    assert incident.sources_named == 1


def test_branches_of_one_body_count_once():
    incident, body = make_incident(), make_source("Body")
    for name in ("Seoul bureau", "Beijing bureau"):
        make_claim(incident, "9", source=make_source(name, parent=body))
    assert incident.sources_named == 1


LINKED = (IncidentFigure, IncidentRegion, IncidentSource, IncidentText)


def everything(keys: list[int]) -> list[list[dict]]:
    """Read whatever is stored of these incidents and follows from their records."""
    tables = [list(Incident.objects.filter(pk__in=keys).order_by("pk").values())]
    tables.append(list(Claim.objects.filter(incident__in=keys).order_by("pk").values()))
    for model in LINKED:
        rows = model.objects.filter(incident__in=keys).values()
        tables.append(sorted(({**row, "id": 0} for row in rows), key=str))
    return tables


def make_some() -> list[int]:
    """Make incidents of several kinds, with claims, places and a tie."""
    place, wave = make_place("CN"), make_incident(kind="wave", date_words="2024")
    made = [make_incident(f"No. {n}", date_words=f"2024-0{n}", wave=wave) for n in (1, 2)]
    made += [make_incident(published=False), make_incident(kind="aggregate", summary="강제북송")]
    for number, incident in enumerate([wave, *made]):
        touch(incident, place)
        first = make_claim(incident, "around 200", source=make_source(), quote="said \\ so")
        make_claim(incident, "up to 60" if number % 2 else "dozens", place=place)
        make_claim(incident, "9", repeats=first, measure="dead")
    settle([wave.pk, *(incident.pk for incident in made)])
    return [wave.pk, *(incident.pk for incident in made)]


@pytest.mark.parametrize("chunk", [2, 2_000])
def test_new_incidents_are_inserted_as_they_would_be_settled(chunk, monkeypatch):
    keys = make_some()
    before, sums = everything(keys), list(MonthSum.objects.order_by("pk").values())
    columns = [f.attname for f in Incident._meta.concrete_fields]
    columns = [name for name in columns if name not in Incident.DERIVED]
    rows = list(Incident.objects.order_by("pk").values_list(*columns))
    for model in (*LINKED, MonthSum):
        model.objects.all().delete()
    Claim.objects.update(counts=True)
    Incident.objects.all()._raw_delete("default")
    monkeypatch.setattr(settling, "CHUNK", chunk)
    assert settle_new(columns, iter(rows)) == len(keys)
    assert everything(keys) == before
    assert [{**row, "id": 0} for row in MonthSum.objects.order_by("pk").values()] == [
        {**row, "id": 0} for row in sums
    ]
    assert (differences(keys), wrong_sums()) == ([], [])


def test_new_incident_takes_what_is_not_given_from_the_fields():
    category = Category.objects.get(code="forced_return")
    (key,) = bulk.next_keys(Incident, 1)
    settle_new(["id", "title", "category_id"], [[key, "Sent back", category.pk]])
    assert differences([key]) == []
    assert Incident.objects.get(pk=key).figure_kind == "none"
