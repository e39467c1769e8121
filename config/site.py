"""The logging desk: Django's admin, opened by rights instead of by the staff flag.

One rule: whoever may change articles or accounts may come in; nobody else sees a page of it.
`site` is the object that `incidents.admin` registers with and `config.urls` mounts.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib import admin
from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.template.response import TemplateResponse
from django.urls import path, reverse, reverse_lazy
from django.utils.decorators import method_decorator
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

ENTRY_RIGHTS = ("incidents.change_article", "incidents.change_user")


@dataclass(frozen=True, slots=True)
class Part:
    """A page of choices; whether there is another is known without counting them all."""

    more: bool

    def has_next(self) -> bool:
        """Tell whether another page follows."""
        return self.more


class ChoiceList(AutocompleteJsonView):
    """Answers what somebody types into a choice box, in the words of the record's own desk."""

    def serialize_result(self, obj, to_field_name) -> dict[str, str]:
        """Give the key and the line that stands in the list."""
        line = getattr(self.model_admin, "choice_line", str)
        return {"id": str(getattr(obj, to_field_name)), "text": line(obj)}

    def paginate_queryset(self, queryset, page_size):
        """Read one row more than fit: counting takes longer than finding the first twenty."""
        number = self.request.GET.get("page", "1")
        if not (number.isascii() and number.isdigit() and 0 < int(number[:6]) == int(number)):
            raise Http404
        first = (int(number) - 1) * page_size
        rows = list(queryset[first : first + page_size + 1])
        return None, Part(len(rows) > page_size), rows[:page_size], len(rows) > page_size


class AttestAdminSite(admin.AdminSite):
    """The desk where articles, claims and incidents are entered and signed off.

    Files in `incidents.admin` register their records with it, and add pages of their own.
    """

    site_title = _("Attest")
    site_header = _("Attest: logging desk")
    index_title = _("Records and vocabularies")
    enable_nav_sidebar = False

    def __init__(self, name: str = "admin") -> None:
        """Start without pages of our own."""
        super().__init__(name)
        self.pages: list[tuple[str, Callable[..., HttpResponse], str]] = []

    def add_page(self, route: str, view: Callable[..., HttpResponse], name: str) -> None:
        """Add a page beside those of the records, as `register` adds a record."""
        self.pages.append((route, view, name))

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
        own = [path(route, self.admin_view(view), name=name) for route, view, name in self.pages]
        urls = [url for url in super().get_urls() if getattr(url, "name", "") != "view_on_site"]
        urls = [*own, *urls]
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
