"""The admin, under the project's own name and start page."""

from django.contrib.admin.apps import AdminConfig


class AttestAdminConfig(AdminConfig):
    """Puts the project's admin site in the place of Django's."""

    default_site = "config.site.AttestAdminSite"
