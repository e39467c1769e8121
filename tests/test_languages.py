"""Languages: each person's own, every text in each of them, and nothing left behind."""

import pytest
from django.conf import settings
from django.urls import reverse

from incidents.models import Category, User
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
