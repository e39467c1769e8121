"""The people who work with the records. Who may do what follows from their groups (seeds.py)."""

from django.contrib.auth.models import AbstractUser


class User(AbstractUser):
    """A person with an account; roles are the groups Viewer, Researcher, Reviewer, Administrator.

    Never somebody an incident is about: Attest holds no list of victims.
    """
