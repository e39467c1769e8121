"""The one application: incidents, and everything that gives a figure its source."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class IncidentsConfig(AppConfig):
    """Registers the models, commands and templates of the project."""

    name = "incidents"
    verbose_name = _("Incident records")
