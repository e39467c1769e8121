"""The people who work with the records. Who may do what follows from their groups (seeds.py)."""

from functools import cached_property

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext_lazy as _


class User(AbstractUser):
    """A person with an account; roles are the groups Viewer, Researcher, Reviewer, Administrator.

    Never somebody an incident is about: Attest holds no list of victims.
    """

    language = models.CharField(_("language"), max_length=10, blank=True, editable=False)

    @cached_property
    def group_keys(self) -> list[int]:
        """The groups this person is in, by key; read once, as Django does with permissions.

        Asked by number, the database plans a question about restricted records in a third of the
        time that it takes with the tables of groups and of their members.
        """
        return list(self.groups.order_by("pk").values_list("pk", flat=True))
