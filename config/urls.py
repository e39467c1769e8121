"""Every address of the project."""

from django.urls import include, path

from config.keeping import SignIn
from config.site import site
from config.speaking import choose

urlpatterns = [
    path("admin/", site.urls),
    path("accounts/language/", choose, name="language"),
    path("accounts/login/", SignIn.as_view(), name="login"),
    path("", include("incidents.urls")),
]

handler500 = "config.busy.failed"
