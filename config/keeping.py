"""Keeps what somebody typed when they were signed out meanwhile, or signed in anew elsewhere.

One rule: what was posted goes back to the browser that sent it, signed, and is never stored here
nor saved by itself: the person sees it and sends it on with one button, under their own rights.
Only posts that come from our own pages are kept; anything else is refused as before.
"""

import re
from dataclasses import dataclass

from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import LoginView
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.views.csrf import csrf_failure as plain_refusal

from incidents.forms.meanwhile import Plain, plain, read_seen

SALT = "config.keeping"
FIELD = "kept"
LARGEST = 1_000_000  # characters of one post; what a page sends back must fit into a post itself
ACCOUNT_PAGES = ("auth_", "incidents_user_", "auth_group_", "password_change", "logout")
MACHINERY = ("once", "seen", "_FORMS", "-id")
BLANK_ROW = re.compile(r"-_")  # the row that a script copies, and the buttons


@dataclass(frozen=True, slots=True)
class Kept:
    """What was posted, and where to."""

    address: str
    fields: list[tuple[str, str]]

    def signed(self) -> str:
        """Write it so that nobody else can make such a thing."""
        return signing.dumps([self.address, self.fields], salt=SALT, compress=True)

    def typed(self) -> list[tuple[str, str]]:
        """List what a person typed or chose, by field in words; not what the page showed anyway."""
        posted = dict(self.fields)
        return [
            (in_words(name), value)
            for name, value in self.fields
            if value.strip() and not name.endswith(MACHINERY) and not BLANK_ROW.search(f"-{name}")
            if plain(value) != shown_at_first(name, posted)
        ]


def shown_at_first(name: str, posted: dict[str, str]) -> Plain:
    """Tell what a field held when its page was made, as far as the page itself says so."""
    row, dash, field = name.rpartition("-")
    seen = read_seen(posted.get(f"{row}{dash}seen", ""))
    if seen:
        return seen.values.get(field, "")
    return plain(posted.get(re.sub(r"-\d+$", "-__prefix__", row) + dash + field, "")) if row else ""


def in_words(name: str) -> str:
    """Say the name of a field: `claims-0-act_words` is “claims 1: act words”."""
    row = re.fullmatch(r"(\w+)-(\d{1,9})-(.+)", name, re.DOTALL)
    said = f"{row[1]} {int(row[2]) + 1}: {row[3]}" if row else name
    return said.replace("_", " ")


def kept_by(request: HttpRequest) -> Kept | None:
    """Take what a request to the desk posted; None where nothing may be kept."""
    match = request.resolver_match
    if request.method != "POST" or match is None or match.app_names != ["admin"]:
        return None
    if (match.url_name or "").startswith(ACCOUNT_PAGES) or request.FILES:
        return None
    if request.headers.get("Sec-Fetch-Mode", "navigate") != "navigate":
        return None
    fields = [
        (name, value)
        for name, values in request.POST.lists()
        if name != "csrfmiddlewaretoken"
        for value in values
    ]
    if any("password" in name for name, _value in fields):
        return None
    if sum(len(name) + len(value) for name, value in fields) > LARGEST:
        return None
    return Kept(request.get_full_path(), fields)


def carried_by(request: HttpRequest) -> Kept | None:
    """Read what the sign-in page carries; None when it carries nothing of ours."""
    try:
        address, fields = signing.loads(request.POST.get(FIELD, ""), salt=SALT)
    except signing.BadSignature:
        return None
    return Kept(address, [(name, value) for name, value in fields])


def is_own(request: HttpRequest) -> bool:
    """Tell whether the browser says that this post comes from one of our own pages."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site == "same-origin"
    return request.headers.get("Origin") == f"{request.scheme}://{request.get_host()}"


def offer(request: HttpRequest, kept: Kept) -> HttpResponse:
    """Show what is kept, with the button that sends it on."""
    answer = render(request, "registration/kept.html", {"kept": kept})
    add_never_cache_headers(answer)
    return answer


def ask_to_sign_in(request: HttpRequest, kept: Kept) -> HttpResponse:
    """Ask to sign in, with what is kept along."""
    answer = render(
        request,
        "registration/login.html",
        {"kept": kept, "next": kept.address},
        status=403,
    )
    add_never_cache_headers(answer)
    return answer


class SignedIn(LoginRequiredMiddleware):
    """Asks strangers to sign in; a page of the desk that they were filling in goes along."""

    def handle_no_permission(self, request: HttpRequest, view_func) -> HttpResponse:
        """Keep what was posted. It has passed the check against forgery, which comes first."""
        kept = kept_by(request)
        if kept is None:
            return super().handle_no_permission(request, view_func)
        return ask_to_sign_in(request, kept)


class SignIn(LoginView):
    """The one sign-in page; what it carries is shown as soon as somebody is signed in."""

    def form_valid(self, form) -> HttpResponse:
        """Sign in, then go on, or show what was kept."""
        onward = super().form_valid(form)
        kept = carried_by(self.request)
        return offer(self.request, kept) if kept else onward

    def get_context_data(self, **kwargs) -> dict:
        """Carry on what was kept when name and password did not match."""
        return super().get_context_data(**kwargs) | {"kept": carried_by(self.request)}


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Refuse what may be forged; keep what one of our own pages sent with an outdated token."""
    if not is_own(request):
        return plain_refusal(request, reason)
    kept = carried_by(request) if request.path == reverse("login") else kept_by(request)
    if kept is None:
        return plain_refusal(request, reason)
    return offer(request, kept) if request.user.is_authenticated else ask_to_sign_in(request, kept)
