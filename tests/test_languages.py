"""Languages: each person's own, every text in each of them, and nothing left behind."""

import datetime as dt
import re

import pytest
from django.conf import settings
from django.contrib.auth.models import Group, Permission
from django.urls import reverse
from django.utils import translation

from incidents.models import Category, User
from incidents.templatetags.reading import days
from tests.factories import make_user

pytestmark = pytest.mark.django_db


def test_language_is_kept_with_the_account(client):
    person = make_user("Viewer")
    client.force_login(person)
    address = reverse("incident-list")
    answer = client.post(reverse("language"), {"language": "ko", "next": address})
    assert answer.headers["Location"] == address
    assert User.objects.get(pk=person.pk).language == "ko"
    client.cookies.pop(settings.LANGUAGE_COOKIE_NAME)
    assert '<html lang="ko">' in client.get(address).content.decode()


def test_language_of_who_is_not_signed_in_stays_in_the_browser(client):
    client.post(reverse("language"), {"language": "ko"})
    assert '<html lang="ko">' in client.get(reverse("login")).content.decode()


@pytest.mark.parametrize("language", ["xx", "", "ko'; --", "../en"])
def test_language_that_is_not_offered_changes_nothing(client, language):
    person = make_user("Viewer")
    client.force_login(person)
    client.post(reverse("language"), {"language": language})
    assert User.objects.get(pk=person.pk).language == ""


def test_nobody_is_sent_elsewhere_with_the_language(client):
    answer = client.post(
        reverse("language"), {"language": "ko", "next": "https://elsewhere.example/"}
    )
    assert answer.headers["Location"] == "/"


def test_categories_are_named_in_each_language(client):
    person = make_user("Viewer")
    User.objects.filter(pk=person.pk).update(language="ko")
    client.force_login(person)
    page = client.get(reverse("codebook")).content.decode()
    for category in Category.objects.all():
        assert category.name_ko
        assert category.name_zh
        assert category.name_ko in page
        assert category.definition_ko in page


@pytest.mark.parametrize("page", ["auth_group", "incidents_user"])
def test_single_rights_are_named_in_the_language_of_who_gives_them(client, page):
    person = make_user("Administrator", is_superuser=True, language="ko")
    client.force_login(person)
    given = {"auth_group": Group.objects.get(name="Reviewer"), "incidents_user": person}[page]
    shown = client.get(reverse(f"admin:{page}_change", args=[given.pk])).content.decode()
    select = re.search(r'<select name="(?:user_)?permissions".*?</select>', shown, re.DOTALL)[0]
    named = re.findall(r"<option[^>]*>(.*?)</option>", select)
    assert len(named) >= Permission.objects.filter(group__name="Administrator").count()
    assert [name for name in named if re.search("[A-Za-z]{3}", name)] == []


@pytest.mark.parametrize(
    ("edtf", "first", "last", "said"),
    [
        ("2020/2023-10", "2020-01-01", "2023-10-31", "2020년 – 2023년 10월"),
        ("2024", "2024-01-01", "2024-12-31", "2024년"),
    ],
)
def test_year_is_written_as_one_in_korean(edtf, first, last, said):
    ends = {"earliest": dt.date.fromisoformat(first), "latest": dt.date.fromisoformat(last)}
    with translation.override("ko"):
        assert days({**ends, "date_edtf": edtf}) == said
