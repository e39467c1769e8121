"""History pages: who, when, why, from what to what; nothing that the reader may not see."""

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group
from django.urls import reverse
from django.utils import timezone

from incidents import actions
from incidents.models import Article, Claim, ClaimStep, Incident, IncidentPlace
from tests.admin.desk import address, save, signed_in
from tests.factories import (
    make_claim,
    make_incident,
    make_place,
    make_source,
    make_user,
    touch,
)

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
    assert entry.version == 2


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


RECORDED = ["incident", "claim", "article", "source", "place", "category"]


@pytest.mark.parametrize("model", RECORDED)
@pytest.mark.parametrize("role", ["Researcher", "Administrator"])
def test_history_cannot_be_posted_to_or_restored(model, role):
    claim = make_claim(make_incident("Kept"), source=make_source())
    records = {
        "claim": claim, "incident": claim.incident, "article": claim.article,
        "source": claim.source, "place": make_place("CN"), "category": claim.incident.category,
    }  # fmt: skip
    record, desk = records[model], signed_in(make_user(role))
    states = record.history.count()
    page = address(model, pk=record.pk, page="history")
    typed = {"title": "x", "words": "x", "name": "x", "why": "x", "_save": "1"}
    assert desk.post(page, typed).status_code == 405
    for state in record.history.all():
        assert desk.post(f"{page}{state.pk}/", typed, follow=True).status_code == 404
        assert desk.get(f"{page}{state.pk}/", follow=True).status_code == 404
    assert record.history.count() == states


def test_historical_rows_have_no_desk_page():
    assert not [model for model in admin.site._registry if hasattr(model, "history_date")]


def test_entry_names_claims_by_words_and_speaker(desk):
    claim = make_claim(make_incident(), "200여 명", source=make_source("통일연대"))
    page = desk.get(address("incident", pk=claim.incident_id, page="history")).text
    assert f"Claim #{claim.pk} “200여 명” (통일연대)" in page


def test_assessment_is_told_in_the_entry_of_its_save(desk):
    incident = make_incident()
    claim = make_claim(incident, "60")
    actions.assess(
        incident=incident, by=make_user("Reviewer", "rosa"), why="best supported", best=60,
        measure="returned", rule="the only one", claims=[claim],
    )  # fmt: skip
    entry = told(desk, incident)[0]
    assert (entry.who, entry.why, entry.version) == ("rosa", "The figure was assessed.", 2)
    changes = {change.label: change.after for row in entry.rows for change in row.changes}
    assert (changes["best"], changes["reason"]) == ("60", "best supported")


def test_claim_that_moved_on_is_told_until_it_left(desk):
    old, new = make_incident("Old"), make_incident("New")
    claim = make_claim(old, "60")
    claim.incident = new
    claim.save()
    claim.locator = "p. 99"
    claim.save()
    page = desk.get(address("incident", pk=old.pk, page="history")).text
    assert f"{new.code} New" in page
    assert "p. 99" not in page
    assert "p. 99" in desk.get(address("incident", pk=new.pk, page="history")).text


def test_story_stands_on_top(desk):
    claim = make_claim(make_incident(), "200여 명")
    save(desk, address("claim", pk=claim.pk), words="60", why="misread")
    page = desk.get(address("incident", pk=claim.incident_id, page="history"))
    assert [chapter.words for chapter in page.context["story"]] == ["a little over 200", "60"]
    assert page.text.index("a little over 200") < page.text.index("Every change, newest first")


def test_long_history_is_paged(desk):
    incident = make_incident("Title")
    for number in range(60):
        actions.revise(incidents=[incident.pk], by=make_user("Researcher"), why=f"edit {number}")
    page = address("incident", pk=incident.pk, page="history")
    assert len(desk.get(page).context["entries"]) == 50
    assert "edit 59" in desk.get(page).text
    older = desk.get(f"{page}?page=2").text
    assert "edit 59" not in older
    assert "edit 1<" in older


def compare(desk, incident, **asked):
    page = reverse("admin:incidents_incident_compare", args=[incident.pk])
    return desk.get(page, {name: str(number) for name, number in asked.items()})


def test_two_versions_are_compared_field_by_field_and_claim_by_claim(desk):
    incident = make_incident("One")
    claim = make_claim(incident, "200여 명")
    save(desk, address("incident", pk=incident.pk), title="Two", why="clearer")
    save(desk, address("claim", pk=claim.pk), words="60", why="misread")
    save(desk, address("incident", pk=incident.pk), title="Four", why="clearer still")
    response = compare(desk, incident, earlier=2, later=3)
    assert response.context["figures"] == [("people returned", ["a little over 200", "60"])]
    assert [(line.what, line.verb) for line in response.context["lines"]] == [
        (f"claim #{claim.pk} “60” (the article itself)", "changed")
    ]
    assert "misread" in response.text
    everything = compare(desk, incident, earlier=4, later=1).context
    assert [version.number for version in everything["chosen"]] == [1, 4]
    changes = {c.label: (c.before, c.after) for row in everything["lines"] for c in row.changes}
    assert changes["title"] == ("One", "Four")
    assert changes["count as worded"] == ("200여 명", "60")


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ({"earlier": 1, "later": 1}, "Choose two different versions."),
        ({"earlier": 1, "later": 9}, "There is no version 9 of this record"),
        ({"earlier": "x", "later": 1}, "There is no version x of this record"),
        ({"later": 1}, "This field is required."),
    ],
)
def test_versions_that_cannot_be_compared_are_refused(desk, asked, sentence):
    incident = make_incident("One")
    save(desk, address("incident", pk=incident.pk), title="Two", why="clearer")
    response = compare(desk, incident, **asked)
    assert sentence in response.text
    assert "lines" not in response.context


def test_signed_version_is_offered_for_comparison_first(desk):
    incident = make_incident("One")
    for title in ("Two", "Three"):
        save(desk, address("incident", pk=incident.pk), title=title, why="clearer")
    form = compare(desk, incident).context["form"]
    assert (form.initial["earlier"], form.initial["later"]) == (1, 3)


def test_compare_page_is_for_the_desk_and_what_one_may_see():
    group = Group.objects.create(name="Tumen team")
    incident = make_incident(restricted_to=group)
    page = reverse("admin:incidents_incident_compare", args=[incident.pk])
    assert signed_in(make_user("Researcher")).get(page).status_code == 404
    assert signed_in(make_user("Viewer")).get(page).status_code == 403
    assert signed_in(make_user("Administrator")).post(page).status_code == 405


def test_compare_leaves_no_trace_of_closed_claims(desk):
    group, incident = Group.objects.create(name="Tumen team"), make_incident("One")
    make_claim(incident, "60", source_as_printed="Secret Union", restricted_to=group)
    save(desk, address("incident", pk=incident.pk), title="Two", why="clearer")
    response = compare(desk, incident, earlier=1, later=2)
    assert "Secret Union" not in response.text
    assert [words for _measure, words in response.context["figures"]] == [["no figure"] * 2]


def test_every_row_of_one_save_says_the_same_reason(rita, desk):
    incident = make_incident(published=False)
    claim = make_claim(incident)
    started = timezone.now()
    place = make_place("CN", name="China")
    save(
        desk,
        address("incident", pk=incident.pk),
        title="Clearer",
        claims__0__locator="p. 3",
        places__0__place=place.pk,
        places__0__role="happened",
        why="read again",
    )
    save(
        desk,
        address("claim", pk=claim.pk),
        quote="a quote",
        steps__0__position="1",
        steps__0__name_as_printed="a source in Dandong",
        why="read again",
    )
    save(desk, address("article", pk=claim.article_id), title="As printed", why="read again")
    models = (Incident, Claim, ClaimStep, IncidentPlace, Article)
    written = {model: model.history.filter(history_date__gt=started) for model in models}
    for model, rows in written.items():
        said = set(rows.values_list("history_change_reason", "history_user__username"))
        assert said == {("read again", "rita")}, model


@pytest.mark.parametrize("model", RECORDED)
def test_reason_is_asked_once_on_every_page(model):
    claim = make_claim(make_incident(), source=make_source())
    records = {
        "claim": claim, "incident": claim.incident, "article": claim.article,
        "source": claim.source, "place": make_place("CN"), "category": claim.incident.category,
    }  # fmt: skip
    desk = signed_in(make_user("Administrator"))
    for page in (address(model), address(model, pk=records[model].pk)):
        assert desk.get(page).text.count('name="why"') == 1


def test_history_of_twenty_claims_needs_few_queries(desk, django_assert_max_num_queries):
    incident = make_incident(published=False)
    for number in range(20):
        claim = make_claim(incident, source=make_source())
        claim.steps.create(position=1, name_as_printed="somebody")
        claim.repeats = incident.claims.order_by("pk").exclude(pk=claim.pk).first()
        claim.locator = f"p. {number}"
        claim.save()
    for title in ("One", "Two"):
        save(desk, address("incident", pk=incident.pk), title=title, why="clearer")
    with django_assert_max_num_queries(34):
        desk.get(address("incident", pk=incident.pk, page="history"))
    with django_assert_max_num_queries(34):
        assert compare(desk, incident, earlier=1, later=3).context["lines"]


def test_vocabulary_reason_is_kept():
    desk = signed_in(make_user("Administrator"))
    source = make_source("Old name")
    save(desk, reverse("admin:incidents_source_change", args=[source.pk]), name="New", why="moved")
    assert source.history.first().history_change_reason == "moved"
