"""Who comes in, and what each role may open and do at the desk."""

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse

from incidents.models import User
from tests.admin.desk import act, address, save, signed_in
from tests.factories import make_article, make_claim, make_incident, make_source, make_user

pytestmark = pytest.mark.django_db

RECORDS = ["article", "claim", "incident", "source", "place", "category"]


@pytest.mark.parametrize("page", ["index", "incidents_incident_changelist", "autocomplete"])
def test_stranger_is_sent_to_the_sign_in_page(client, page):
    response = client.get(reverse(f"admin:{page}"))
    assert response.status_code == 302
    assert response["Location"].startswith(f"{reverse('login')}?next=/admin/")


def test_admin_login_leads_to_the_sign_in_page(client):
    response = client.get(reverse("admin:login"))
    assert response["Location"] == f"{reverse('login')}?next=%2Fadmin%2F"


@pytest.mark.parametrize("role", ["", "Viewer"])
@pytest.mark.parametrize("page", ["index", "incidents_incident_changelist", "autocomplete"])
def test_reader_is_told_that_the_desk_is_not_open(role, page):
    response = signed_in(make_user(role)).get(reverse(f"admin:{page}"))
    assert response.status_code == 403
    assert "Your account reads them" in response.text


def test_staff_flag_opens_nothing():
    desk = signed_in(make_user("Viewer", is_staff=True))
    assert desk.get(reverse("admin:index")).status_code == 403


@pytest.mark.parametrize("role", ["Researcher", "Reviewer", "Administrator"])
def test_start_page_shows_no_recent_actions(role):
    response = signed_in(make_user(role)).get(reverse("admin:index"))
    assert response.status_code == 200
    assert "recent-actions" not in response.text


@pytest.mark.parametrize("model", RECORDS)
@pytest.mark.parametrize("page", ["changelist", "change"])
def test_administrator_opens_every_list_and_blank_page(model, page):
    desk = signed_in(make_user("Administrator"))
    assert desk.get(address(model, page=page)).status_code == 200


@pytest.mark.parametrize(
    ("model", "status"),
    [
        ("article", 200),
        ("claim", 200),
        ("incident", 200),
        ("source", 200),
        ("place", 200),
        ("category", 403),
        ("user", 403),
        ("exportlog", 403),
    ],
)
def test_researcher_adds_records_and_no_vocabulary(model, status):
    desk = signed_in(make_user("Researcher"))
    assert desk.get(address(model)).status_code == status


@pytest.mark.parametrize("model", ["article", "claim", "incident"])
@pytest.mark.parametrize("superuser", [False, True])
def test_nobody_deletes_records(model, superuser):
    person = make_user("Administrator", is_superuser=superuser)
    claim = make_claim(make_incident())
    record = {"claim": claim, "article": claim.article, "incident": claim.incident}[model]
    desk = signed_in(person)
    assert desk.post(address(model, pk=record.pk, page="delete")).status_code == 403
    assert "delete_selected" not in desk.get(address(model, page="changelist")).text


def test_researcher_reads_published_incidents_and_is_offered_no_signature():
    incident = make_incident()
    page = signed_in(make_user("Researcher")).get(address("incident", pk=incident.pk)).text
    for action in ("publish", "withdraw", "assess", "send-back"):
        assert act(incident, action) not in page
    assert act(incident, "link") in page


def test_lists_need_no_query_per_row(django_assert_max_num_queries):
    desk = signed_in(make_user("Researcher"))
    for _number in range(12):
        make_claim(make_incident(), source=make_source())
    for model in ("article", "claim", "incident", "source"):
        with django_assert_max_num_queries(10):
            desk.get(address(model, page="changelist"))


def test_administrator_cannot_raise_anybody_to_superuser():
    admin, person = make_user("Administrator"), make_user("Viewer")
    response = save(
        signed_in(admin),
        address("user", pk=person.pk),
        is_superuser="on",
        is_staff="on",
        user_permissions=[1],
        first_name="Kim",
    )
    assert response.status_code == 302
    person = User.objects.get(pk=person.pk)
    assert person.first_name == "Kim"
    assert not person.is_superuser
    assert not person.user_permissions.exists()


def test_administrator_cannot_change_a_superuser():
    desk = signed_in(make_user("Administrator"))
    root = make_user(is_superuser=True)
    assert desk.post(address("user", pk=root.pk), {"username": "mine"}).status_code == 403
    password = reverse("admin:auth_user_password_change", args=[root.pk])
    assert desk.get(password).status_code == 403


def test_administrator_cannot_change_own_roles():
    admin = make_user("Administrator", "ada")
    kept = Group.objects.create(name="Tumen team")
    save(signed_in(admin), address("user", pk=admin.pk), groups=[kept.pk], first_name="Ada")
    assert list(admin.groups.values_list("name", flat=True)) == ["Administrator"]


def test_administrator_gives_roles_and_cannot_change_what_a_role_may():
    desk, person = signed_in(make_user("Administrator")), make_user()
    role = Group.objects.get(name="Researcher")
    save(desk, address("user", pk=person.pk), groups=[role.pk])
    assert person.groups.get() == role
    page = reverse("admin:auth_group_change", args=[role.pk])
    assert desk.post(page, {"name": "Owners", "permissions": []}).status_code == 403
    own = Group.objects.create(name="Tumen team")
    assert (
        "permissions"
        not in desk.get(reverse("admin:auth_group_change", args=[own.pk]))
        .context["adminform"]
        .form.fields
    )


def test_administrator_makes_an_account():
    desk = signed_in(make_user("Administrator"))
    typed = {"username": "new", "password1": "correct horse 9", "password2": "correct horse 9"}
    response = desk.post(address("user"), typed | {"usable_password": "true"})
    assert response.status_code == 302
    assert User.objects.filter(username="new", is_superuser=False).exists()


def test_forwarding_address_to_any_record_is_closed():
    article = make_article()
    desk = signed_in(make_user("Administrator"))
    assert desk.get(f"/admin/r/1/{article.pk}/").status_code == 404
