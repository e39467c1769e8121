"""The people who work with the records. Who may do what follows from their groups (seeds.py)."""

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext_lazy as _


class User(AbstractUser):
    """A person with an account; roles are the groups Viewer, Researcher, Reviewer, Administrator.

    Never somebody an incident is about: Attest holds no list of victims.
    """

    language = models.CharField(_("language"), max_length=10, blank=True, editable=False)

    @property
    def group_keys(self) -> models.QuerySet:
        """The keys of the groups this person is in, to be asked for within another question.

        Read off the one table of members: joined with that of groups as well, a question about
        restricted records takes half as long again to plan.
        """
        members = User.groups.through.objects.filter(user=self)
        return members.order_by("group").values_list("group", flat=True)
