"""Moves what was recorded until now into the past, so that a test can span days.

History is written with the time of writing; nothing in the project can set it.
"""

import datetime as dt

from django.apps import apps
from django.db.models import F

from incidents.models import Assessment, Claim


def days_ago(days: int) -> None:
    """Make everything that is recorded so far this many days older."""
    step = dt.timedelta(days=days)
    for model in apps.get_app_config("incidents").get_models(include_auto_created=True):
        if hasattr(model, "history_date"):
            model.objects.update(history_date=F("history_date") - step)
    Assessment.objects.update(made_at=F("made_at") - step)
    for claims in (Claim.objects, Claim.history):
        claims.update(created=F("created") - step)
