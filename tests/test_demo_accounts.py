"""The demo accounts: one for each role, whose passwords stay what they were."""

import io
import stat

import pytest
from django.contrib.auth.models import Group
from django.core.management import CommandError, call_command

from incidents.management.commands.demo_accounts import CHANGED, ROLES
from incidents.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_password_given(monkeypatch):
    monkeypatch.delenv("DEMO_PASSWORD", raising=False)


@pytest.fixture
def kept(tmp_path):
    return tmp_path / "accounts"


@pytest.fixture
def run(kept):
    def run() -> dict[str, str]:
        printed = io.StringIO()
        call_command("demo_accounts", keep_in=kept, stdout=printed)
        return dict(line.split(": ") for line in printed.getvalue().splitlines())

    return run


def test_accounts_get_role_and_working_password(run):
    printed = run()
    assert list(printed) == ["viewer", "researcher", "reviewer", "admin"]
    for name, role in ROLES.items():
        user = User.objects.get(username=name)
        assert user.check_password(printed[name])
        assert [group.name for group in user.groups.all()] == [role]


def test_only_admin_is_superuser(run):
    run()
    assert [user.username for user in User.objects.filter(is_superuser=True)] == ["admin"]
    assert [user.username for user in User.objects.filter(is_staff=True)] == ["admin"]


def test_passwords_made_up_are_long_and_differ(run):
    passwords = run().values()
    assert min(map(len, passwords)) >= 16
    assert len(set(passwords)) == 4


def test_second_run_prints_the_same_and_signs_nobody_out(run):
    before, hashes = run(), list(User.objects.order_by("pk").values_list("password"))
    assert run() == before
    assert list(User.objects.order_by("pk").values_list("password")) == hashes


def test_kept_file_is_closed_to_others(run, kept):
    kept.touch(mode=0o644)
    run()
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600


def test_account_without_password_is_opened(run):
    user = User.objects.create(username="researcher")
    user.set_unusable_password()
    user.save()
    password = run()["researcher"]
    user.refresh_from_db()
    assert user.check_password(password)


def test_changed_password_is_left_alone(run):
    run()
    viewer = User.objects.get(username="viewer")
    viewer.set_password("my own words")
    viewer.save()
    assert run()["viewer"] == CHANGED
    viewer.refresh_from_db()
    assert viewer.check_password("my own words")


def test_given_password_is_set_on_all_even_a_changed_one(run, monkeypatch):
    run()
    monkeypatch.setenv("DEMO_PASSWORD", "1")
    assert set(run().values()) == {"1"}
    assert all(user.check_password("1") for user in User.objects.filter(username__in=ROLES))


def test_given_password_is_printed_again_without_it(run, monkeypatch):
    monkeypatch.setenv("DEMO_PASSWORD", "demo")
    run()
    monkeypatch.delenv("DEMO_PASSWORD")
    assert set(run().values()) == {"demo"}


def test_roles_missing_is_said_and_nothing_made(run):
    Group.objects.filter(name="Reviewer").delete()
    with pytest.raises(CommandError, match="No role is called Reviewer; run manage.py migrate"):
        run()
    assert not User.objects.exists()
