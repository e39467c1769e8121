"""Signing in as a reader does it, in a real browser."""

import pytest

from incidents.models import Category, User


@pytest.fixture
def viewer(transactional_db) -> User:
    """A person who may sign in."""
    return User.objects.create_user("viewer", password="quiet-harbour")


@pytest.mark.looks
def test_sign_in_page_shows_the_form(page):
    assert page.goto("/accounts/login/").status == 200
    assert page.locator("input[name=username]").is_visible()
    assert page.locator("input[name=password]").is_visible()


def test_wrong_password_keeps_one_out(page, viewer):
    page.goto("/accounts/login/")
    page.fill("input[name=username]", viewer.username)
    page.fill("input[name=password]", "loud-harbour")
    page.press("input[name=password]", "Enter")
    page.wait_for_load_state()
    assert "/accounts/login/" in page.url
    assert page.context.cookies()[0]["name"] == "csrftoken"


def test_right_password_lets_one_in(sign_in, page, viewer):
    sign_in(page, viewer.username, "quiet-harbour")
    assert "sessionid" in {cookie["name"] for cookie in page.context.cookies()}


def test_categories_outlast_tests_that_commit(page):
    assert Category.objects.exists()
