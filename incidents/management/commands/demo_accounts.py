"""Opens the four demo accounts, one for each role, and prints how to sign in."""

import os
import secrets
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.models import Group
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from incidents import demo
from incidents.models import User

ROLES = {
    "viewer": "Viewer",
    "researcher": "Researcher",
    "reviewer": "Reviewer",
    "admin": "Administrator",
}
CHANGED = "(password changed by its owner)"
SYLLABLES = [consonant + vowel for consonant in "bdfghjklmnprstvz" for vowel in "aeiou"]


class Command(BaseCommand):
    """`manage.py demo_accounts`; running it again prints the same passwords."""

    help = (
        "Make sure the accounts viewer, researcher, reviewer and admin exist, and print "
        "“name: password” for each. Passwords are random and kept in .demo-accounts, or all are "
        "DEMO_PASSWORD where the environment has it. Who changed their password is left alone."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--keep-in",
            type=Path,
            default=settings.BASE_DIR / ".demo-accounts",
            metavar="FILE",
            help="Where the passwords are kept. Default: .demo-accounts beside manage.py.",
        )

    def handle(self, *args: Any, keep_in: Path, **options: Any) -> None:
        missing = set(ROLES.values()) - set(Group.objects.values_list("name", flat=True))
        if missing:
            raise CommandError(f"No role is called {min(missing)}; run manage.py migrate first.")
        with transaction.atomic():
            known = read(keep_in)
            opened = {name: opened_with(name, known.get(name)) for name in ROLES}
            keep({name: password for name, password in opened.items() if password}, keep_in)
        for name, password in opened.items():
            self.stdout.write(f"{name}: {password or CHANGED}")


def opened_with(name: str, known: str | None) -> str | None:
    """Open one account; return its password, or None where its owner changed it."""
    user = demo.account(name, ROLES[name])
    wanted = os.environ.get("DEMO_PASSWORD")
    if not wanted and user.has_usable_password():
        return known if known and user.check_password(known) else None
    password = wanted or made_up()
    if not user.check_password(password):  # setting it again would sign everybody out
        give(user, password)
    return password


def give(user: User, password: str) -> None:
    """Set a password; make the administrator one of Django's as well."""
    user.set_password(password)
    user.is_staff = user.is_superuser = user.username == "admin"
    user.save()


def made_up() -> str:
    """Make a password that is easy to read out; 63 bits of chance."""
    return "-".join(secrets.choice(SYLLABLES) + secrets.choice(SYLLABLES) for _ in range(5))


def read(file: Path) -> dict[str, str]:
    """Read the passwords that were kept, by account."""
    lines = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
    return {name: password for name, _, password in (line.partition(": ") for line in lines)}


def keep(passwords: dict[str, str], file: Path) -> None:
    """Keep passwords where only the owner of the file can read them."""
    file.touch(mode=0o600)
    file.chmod(0o600)
    lines = "".join(f"{name}: {password}\n" for name, password in passwords.items())
    file.write_text(lines, encoding="utf-8")
