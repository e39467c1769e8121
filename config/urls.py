"""Every address of the project."""

from django.urls import include, path

from config.site import site

urlpatterns = [
    path("admin/", site.urls),
    path("", include("incidents.urls")),
]
