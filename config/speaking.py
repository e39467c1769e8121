"""Speaks to each person in the language they chose, on every device; else in their browser's.

One rule: a choice is kept with the account and in the browser, and changes nothing but words.
"""

from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.views.decorators.http import require_POST
from django.views.i18n import set_language


class Speaking:
    """Middleware: the language of whoever is signed in, where they chose one."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Stand after the one that says who is signed in."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer in that language."""
        chosen = request.user.language if request.user.is_authenticated else ""
        if is_offered(chosen):
            translation.activate(chosen)
            request.LANGUAGE_CODE = chosen
        return self.get_response(request)


def is_offered(language: str) -> bool:
    """Tell whether the pages are there in a language."""
    return language in dict(settings.LANGUAGES)


@login_not_required
@require_POST
def choose(request: HttpRequest) -> HttpResponse:
    """Keep the language that somebody chose, and go back to where they were."""
    chosen = request.POST.get("language", "")
    if request.user.is_authenticated and is_offered(chosen):
        get_user_model().objects.filter(pk=request.user.pk).update(language=chosen)
    return set_language(request)
