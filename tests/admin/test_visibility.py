"""Records kept to a group leave no trace for anybody else at the desk."""

import json

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse

from incidents.models import Claim, Incident, IncidentLink
from tests.admin.desk import act, address, errors, filled, save, signed_in
from tests.factories import make_article, make_claim, make_incident, make_user

pytestmark = pytest.mark.django_db

HIDDEN = "Secret crossing"


@pytest.fixture
def group():
    return Group.objects.create(name="Tumen team")


@pytest.fixture
def outsider():
    return signed_in(make_user("Administrator", "otto"))


@pytest.fixture
def insider(group):
    person = make_user("Researcher", "ina")
    person.groups.add(group)
    return signed_in(person)


@pytest.fixture
def closed(group):
    """One open incident and article with, each, something kept to the group."""
    open_incident = make_incident("Open incident")
    open_article = make_article(title="Open article")
    incident = make_incident(f"{HIDDEN} incident", restricted_to=group)
    article = make_article(title=f"{HIDDEN} article", restricted_to=group)
    return {
        "incident": incident,
        "article": article,
        "claim": make_claim(
            open_incident,
            "77",
            quote=f"{HIDDEN} quote",
            source_as_printed=f"{HIDDEN} speaker",
            article=open_article,
            restricted_to=group,
        ),
        "claim of a closed article": make_claim(
            open_incident, "78", source_as_printed=f"{HIDDEN} speaker", article=article
        ),
        "claim on a closed incident": make_claim(
            incident, "79", source_as_printed=f"{HIDDEN} speaker", article=open_article
        ),
    }


KINDS = {
    "incident": "incident",
    "article": "article",
    "claim": "claim",
    "claim of a closed article": "claim",
    "claim on a closed incident": "claim",
}


@pytest.mark.looks
@pytest.mark.parametrize("which", KINDS)
@pytest.mark.parametrize("page", ["change", "history"])
def test_closed_record_is_not_found_by_address(outsider, insider, closed, which, page):
    url = address(KINDS[which], pk=closed[which].pk, page=page)
    assert outsider.get(url).status_code == 404
    assert outsider.post(url, {"words": "1"}).status_code in (404, 405)
    assert insider.get(url).status_code == 200


@pytest.mark.looks
@pytest.mark.parametrize("action", ["submit", "publish", "withdraw", "assess", "link"])
def test_closed_incident_has_no_action_pages(outsider, closed, action):
    assert outsider.get(act(closed["incident"], action)).status_code == 404
    assert outsider.post(act(closed["incident"], action), {"why": "x"}).status_code == 404


@pytest.mark.parametrize("model", ["incident", "article", "claim"])
@pytest.mark.parametrize("query", ["", "?q=Secret", "?q=AT-"])
def test_lists_and_searches_leave_closed_records_out(outsider, insider, closed, model, query):
    page = outsider.get(address(model, page="changelist") + query).text
    assert f"{HIDDEN} " not in page
    if not query:
        assert f"{HIDDEN} " in insider.get(address(model, page="changelist")).text


@pytest.mark.parametrize("model", ["incident", "article", "claim"])
def test_changed_page_of_an_open_record_shows_no_closed_one(outsider, insider, closed, model):
    record = closed["claim"].incident if model == "incident" else closed["claim"].article
    if model == "claim":
        record = make_claim(closed["claim"].incident, repeats=closed["claim"])
    for page in ("change", "history"):
        assert HIDDEN not in outsider.get(address(model, pk=record.pk, page=page)).text
        if model != "claim":
            assert HIDDEN in insider.get(address(model, pk=record.pk, page=page)).text


@pytest.mark.parametrize(
    ("model", "field", "found"),
    [
        ("claim", "incident", "Open incident"),
        ("claim", "article", "Open article"),
        ("claim", "repeats", None),
        ("article", "reprint_of", "Open article"),
    ],
)
@pytest.mark.parametrize("term", ["", "Secret", "Open", "77"])
def test_choice_boxes_offer_no_closed_record(outsider, closed, model, field, found, term):
    response = outsider.get(
        reverse("admin:autocomplete"),
        {"term": term, "app_label": "incidents", "model_name": model, "field_name": field},
    )
    lines = [line["text"] for line in json.loads(response.content)["results"]]
    assert not [line for line in lines if HIDDEN in line]
    if term == "Open" and found:
        assert any(found in line for line in lines)


@pytest.mark.parametrize(
    ("model", "field", "which"),
    [
        ("claim", "incident", "incident"),
        ("claim", "article", "article"),
        ("claim", "repeats", "claim"),
        ("claim", "of", "claim"),
    ],
)
def test_closed_choice_is_refused_like_one_that_does_not_exist(
    outsider, closed, model, field, which
):
    claim = make_claim(make_incident(published=False))
    page = address(model, pk=claim.pk)
    hidden = errors(save(outsider, page, **{field: closed[which].pk}))
    missing = errors(save(outsider, page, **{field: 999_999}))
    assert "Select a valid choice" in hidden
    assert hidden.replace(str(closed[which].pk), "") == missing.replace("999999", "")


def test_url_of_a_closed_article_gives_nothing_away(outsider, closed):
    response = save(
        outsider,
        address("article"),
        title="Mine",
        url=closed["article"].url,
        publisher=closed["article"].publisher_id,
    )
    assert response.status_code == 302, errors(response)
    assert HIDDEN not in outsider.get(response["Location"]).text


def test_variant_of_a_closed_article_is_not_mentioned(outsider, closed):
    response = save(
        outsider,
        address("article"),
        title="Mine",
        url=f"{closed['article'].url}?utm_source=x",
        publisher=closed["article"].publisher_id,
    )
    assert HIDDEN not in outsider.get(response["Location"]).text


def test_saving_around_a_closed_claim_leaves_it_alone(outsider, closed):
    claim = closed["claim"]
    page = address("incident", pk=claim.incident_id)
    response = save(outsider, page, summary="Longer.", why="more")
    assert response.status_code == 302, errors(response)
    before = claim.history.count()
    claim.refresh_from_db()
    assert (claim.words, claim.restricted_to.count()) == ("77", 1)
    assert claim.history.count() == before


def test_reference_to_a_closed_claim_survives_a_save_by_others(outsider, closed):
    claim = make_claim(closed["claim"].incident, "9", repeats=closed["claim"])
    page = address("claim", pk=claim.pk)
    assert not outsider.get(page).context["adminform"].form["repeats"].value()
    response = save(outsider, page, locator="p. 3", why="found it")
    assert response.status_code == 302, errors(response)
    claim.refresh_from_db()
    assert (claim.locator, claim.repeats) == ("p. 3", closed["claim"])


def test_forged_row_of_a_closed_claim_changes_nothing(outsider, closed):
    claim = closed["claim"]
    page = address("incident", pk=claim.incident_id)
    typed = filled(outsider.get(page)) | {
        "why": "x",
        "claims-INITIAL_FORMS": 1,
        "claims-TOTAL_FORMS": 1,
        "claims-0-id": claim.pk,
        "claims-0-incident": claim.incident_id,
        "claims-0-article": claim.article_id,
        "claims-0-words": "1",
    }
    hidden = outsider.post(page, typed)
    missing = outsider.post(page, typed | {"claims-0-id": 999_999})
    assert hidden.status_code == 200
    assert "A row of this page was moved" in errors(hidden)
    assert errors(hidden) == errors(missing)
    claim.refresh_from_db()
    assert claim.words == "77"


def test_change_of_a_closed_claim_leaves_no_trace_on_its_open_incident(insider, closed):
    claim = closed["claim"]
    response = save(insider, address("claim", pk=claim.pk), words="80", why="the witness said so")
    assert response.status_code == 302, errors(response)
    incident = Incident.objects.get(pk=claim.incident_id)
    assert incident.version == 1
    assert incident.review == "second_read"


def test_claim_that_is_closed_changes_the_incident_and_hides_the_reason(insider, group):
    claim = make_claim(make_incident())
    save(
        insider,
        address("claim", pk=claim.pk),
        restricted_to=[group.pk],
        why="the witness is in danger",
    )
    incident = Incident.objects.get(pk=claim.incident_id)
    claim.refresh_from_db()
    assert claim.restricted
    assert not claim.counts
    assert (incident.version, incident.people_best) == (2, None)
    reasons = incident.history.values_list("history_change_reason", flat=True)
    assert "the witness is in danger" not in reasons


def test_article_that_is_closed_takes_its_claims_out_of_the_figure(insider, group):
    claim = make_claim(make_incident())
    page = address("article", pk=claim.article_id)
    response = save(insider, page, restricted_to=[group.pk], why="leaked")
    assert response.status_code == 302, errors(response)
    claim.article.refresh_from_db()
    incident = Incident.objects.get(pk=claim.incident_id)
    assert claim.article.restricted
    assert (incident.version, incident.people_best) == (2, None)


def test_incident_started_from_a_closed_article_is_closed(insider, outsider, group):
    article = make_article(restricted_to=group)
    response = save(
        insider,
        address("article", pk=article.pk),
        claims__0__words="9",
        claims__0__new_incident_title=f"{HIDDEN} night",
        claims__0__new_incident_category=1,
    )
    assert response.status_code == 302, errors(response)
    incident = Incident.objects.get(title=f"{HIDDEN} night")
    assert incident.restricted
    assert HIDDEN not in outsider.get(address("incident", page="changelist")).text
    assert Claim.objects.get(incident=incident).restricted


@pytest.mark.parametrize("superuser", [False, True])
def test_records_are_kept_only_to_own_groups(group, superuser):
    other = Group.objects.create(name="Dandong team")
    person = make_user("Researcher", is_superuser=superuser)
    person.groups.add(group)
    form = signed_in(person).get(address("article")).context["adminform"].form
    offered = {group, other} if superuser else {group}
    assert set(form.fields["restricted_to"].queryset) == offered


@pytest.mark.parametrize("page", ["change", "history"])
def test_link_to_a_closed_incident_is_not_shown(outsider, insider, closed, page):
    incident, hidden = closed["claim"].incident, closed["incident"]
    first, second = sorted([incident, hidden], key=lambda end: end.pk)
    IncidentLink.objects.create(first=first, second=second, kind="same_people", reason="one camp")
    url = address("incident", pk=incident.pk, page=page)
    assert "one camp" in insider.get(url).text
    assert "one camp" not in outsider.get(url).text
    assert not outsider.get(act(incident, "unlink")).context["form"].fields["link"].queryset


def test_closed_incident_is_linked_like_one_that_does_not_exist(outsider, closed):
    url = act(closed["claim"].incident, "link")
    typed = {"kind": "same_people", "certainty": "possible", "why": "x"}
    code = closed["incident"].code
    hidden = outsider.post(url, typed | {"other": code}).context["form"].errors["other"]
    missing = outsider.post(url, typed | {"other": "AT-999999"}).context["form"].errors["other"]
    assert str(hidden).replace(code, "") == str(missing).replace("AT-999999", "")


def test_assessment_on_a_closed_claim_is_not_shown(outsider, insider, closed):
    claim = closed["claim"]
    made = claim.incident.assessments.create(
        measure="returned",
        people_low=77,
        rule="r",
        reason="as the witness said",
        made_by=make_user("Reviewer"),
    )
    made.claims.add(claim)
    page = address("incident", pk=claim.incident_id)
    assert "as the witness said" in insider.get(page).text
    assert "as the witness said" not in outsider.get(page).text
    offered = outsider.get(act(claim.incident, "assess")).context["form"].fields["claims"].queryset
    assert not offered


def test_open_event_cannot_join_a_restricted_wave():
    group = Group.objects.create(name="Circle of the wave")
    insider = make_user("Researcher")
    insider.groups.add(group)
    wave = make_incident(kind="wave", restricted_to=group)
    event = make_incident()
    page = address("incident", pk=event.pk)
    response = save(signed_in(insider), page, wave=wave.pk, why="same days")
    assert "is restricted" in response.content.decode()
    event.refresh_from_db()
    assert (event.wave, event.version) == (None, 1)
