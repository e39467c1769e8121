"""Every address of the project."""

from config.site import site
from django.urls import include, path

urlpatterns = [
    path("admin/", site.urls),
    path("", include("incidents.urls")),
]
