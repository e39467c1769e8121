"""The people who work with the records. Who may do what follows from their groups (seeds.py)."""

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _


class User(AbstractUser):
    """A person with an account; roles are the groups Viewer, Researcher, Reviewer, Administrator.

    Never somebody an incident is about: Attest holds no list of victims.
    """

    language = models.CharField(_("language"), max_length=10, blank=True, editable=False)

    @cached_property
    def group_keys(self) -> list[int]:
        """The keys of the groups this person is in, read once for a request.

        A planner that is told them, instead of where they stand, sees that next to nothing is kept
        to these groups, and looks nothing else up.
        """
        members = User.groups.through.objects.filter(user=self)
        return list(members.order_by("group").values_list("group", flat=True))
