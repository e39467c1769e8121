"""Answers with a sentence when the database is written by somebody else for too long.

One rule: a lock that does not open within twenty seconds is no error of the program: nothing was
saved, and the page says so (503). An import holds everybody up who saves, while it writes; reading
goes on.
"""

import sys
from collections.abc import Callable

from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers
from django.views.defaults import server_error

SECONDS = 60
LOCKED = ("is locked", "lock timeout")  # in the words of SQLite and PostgreSQL


class Waiting:
    """Turns the failure of a page to write into an answer that says what to do."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Stand around the page."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Go on."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Answer where the database was locked; leave every other error alone."""
        return busy(request) if is_locked(error) else None


def busy(request: HttpRequest) -> HttpResponse:
    """Say that something is being written, that nothing was lost, and when to try again."""
    answer = render(request, "503.html", {"posted": request.method == "POST"}, status=503)
    answer["Retry-After"] = str(SECONDS)
    add_never_cache_headers(answer)
    return answer


def is_locked(error: BaseException | None) -> bool:
    """Tell whether an error says that somebody else holds the database."""
    return isinstance(error, OperationalError) and any(said in str(error) for said in LOCKED)


def failed(request: HttpRequest) -> HttpResponse:
    """Answer an error outside of pages, such as a session that could not be stored."""
    return busy(request) if is_locked(sys.exc_info()[1]) else server_error(request)
