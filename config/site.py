"""The logging desk: Django's admin, opened by rights instead of by the staff flag.

One rule: whoever may change articles or accounts may come in; nobody else sees a page of it.
`site` is the object that `incidents.admin` registers with and `config.urls` mounts.
"""

from django.contrib import admin
from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.template.response import TemplateResponse
from django.urls import reverse, reverse_lazy
from django.utils.decorators import method_decorator
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

ENTRY_RIGHTS = ("incidents.change_article", "incidents.change_user")


class ChoiceList(AutocompleteJsonView):
    """Answers what somebody types into a choice box, in the words of the record's own desk."""

    def serialize_result(self, obj, to_field_name) -> dict[str, str]:
        """Give the key and the line that stands in the list."""
        line = getattr(self.model_admin, "choice_line", str)
        return {"id": str(getattr(obj, to_field_name)), "text": line(obj)}


class AttestAdminSite(admin.AdminSite):
    """The desk where articles, claims and incidents are entered and signed off."""

    site_title = _("Attest")
    site_header = _("Attest: logging desk")
    index_title = _("Records and vocabularies")
    enable_nav_sidebar = False

    def has_permission(self, request: HttpRequest) -> bool:
        """Tell whether this person's roles let them change anything here."""
        user = request.user
        return user.is_active and any(user.has_perm(right) for right in ENTRY_RIGHTS)

    def admin_view(self, view, cacheable=False):
        """Guard a page: sign in first; without a role that may change records, say so."""
        guarded = super().admin_view(view, cacheable)

        def desk_view(request, *args, **kwargs):
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path(), reverse("login"))
            if holds_nul(request.GET):
                return TemplateResponse(request, "admin/nul.html", status=400)
            if not self.has_permission(request):
                return TemplateResponse(request, "admin/no_entry.html", status=403)
            return guarded(request, *args, **kwargs)

        desk_view.csrf_exempt = getattr(guarded, "csrf_exempt", False)
        return desk_view

    @method_decorator(login_not_required)
    def login(self, request: HttpRequest, extra_context=None) -> HttpResponse:
        """Send people to the one sign-in page."""
        after = request.GET.get("next", reverse("admin:index"))
        return HttpResponseRedirect(f"{reverse('login')}?{urlencode({'next': after})}")

    def autocomplete_view(self, request: HttpRequest) -> HttpResponse:
        """Answer a choice box."""
        return ChoiceList.as_view(admin_site=self)(request)

    def get_urls(self) -> list:
        """List the desk's addresses, without the one that forwards to any record unasked."""
        urls = [url for url in super().get_urls() if getattr(url, "name", "") != "view_on_site"]
        sign_in_at(reverse_lazy("login"), urls)
        return urls


def holds_nul(asked: QueryDict) -> bool:
    """Tell whether an address holds a NUL character, which no text of a record may hold."""
    return any("\0" in text for name, values in asked.lists() for text in (name, *values))


def sign_in_at(address: str, urls: list) -> None:
    """Have strangers to these pages sent to the one sign-in page at once."""
    for url in urls:
        if hasattr(url, "url_patterns"):
            sign_in_at(address, url.url_patterns)
        elif url.name != "login":
            url.callback.login_url = address


site = admin.site
