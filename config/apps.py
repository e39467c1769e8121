"""The admin, under the project's own name and start page."""

from django.apps import apps
from django.contrib import admin
from django.contrib.admin.apps import AdminConfig


class AttestAdminConfig(AdminConfig):
    """Puts the project's admin site in the place of Django's."""

    default_site = "config.site.AttestAdminSite"

    def ready(self) -> None:
        """Leave the queue of tasks out of the desk: its page shows numbers, and could delete."""
        super().ready()
        admin.site.unregister(apps.get_model("django_tasks_database", "DBTaskResult"))
