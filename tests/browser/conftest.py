"""A real Chromium for the tests in this folder: `page` is an empty profile on the live server.

`open_profile` opens further ones, one for each person that a test is about.

One rule: a page that asks anything of another host, comes without the strict policy or breaks it,
logs an error or fails to load a part of itself fails its test, whatever else the test looks at.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.db import connections
from playwright.sync_api import Browser, BrowserContext, Page, Request, Response, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]
OWN_HOST = "127.0.0.1"
MILLISECONDS = 15_000
POLICY = {"default-src 'none'", "script-src 'self'", "style-src 'self'", "base-uri 'none'"}
TELL_BREACHES = """addEventListener("securitypolicyviolation", breach =>
  console.error(`breaks ${breach.effectiveDirective}: ${breach.blockedURI}`));"""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark every test of this folder, so that `-m "not browser"` leaves them out."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="package")
def browser(django_db_setup: None) -> Iterator[Browser]:
    """Start Chromium: the one that CHROMIUM names, else the machine's own.

    Playwright keeps an event loop running in this thread. Django would refuse to use its database
    here, and would open connections of the loop's own; tests are not asynchronous, so it is told
    not to refuse, and keeps the connections it has.
    """
    chromium = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    if chromium is None:
        pytest.skip("no Chromium found; install it or name it in CHROMIUM")
    ours = connections.all()
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        for connection in ours:
            connections[connection.alias] = connection
        started = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        yield started
        started.close()


@pytest.fixture
def open_profile(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Return a function that opens an empty profile, with addresses relative to a server."""
    opened: list[tuple[BrowserContext, list[str]]] = []

    def open_profile(server: str, **options) -> Page:
        context = browser.new_context(base_url=server, **{"locale": "en-GB", **options})
        context.set_default_timeout(MILLISECONDS)
        opened.append((context, watched(context)))
        return context.new_page()

    yield open_profile
    for context, _problems in opened:
        context.close()
    assert [problem for _context, problems in opened for problem in problems] == []


@pytest.fixture
def page(open_profile: Callable[..., Page], live_server) -> Page:
    """Open a page in an empty profile, with addresses relative to the live server."""
    return open_profile(live_server.url)


def watched(context: BrowserContext) -> list[str]:
    """Watch a profile; return the list that its problems are written to.

    That nothing reaches another host is Chromium's own rule (`ARGUMENTS`): asked here about each
    request, it would keep nothing of a page for the next one.
    """
    problems: list[str] = []

    def asked(request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme.startswith(("http", "ws")) and address.hostname != OWN_HOST:
            problems.append(f"asked for {request.url}")

    def loaded(response: Response) -> None:
        policy = response.headers.get("content-security-policy", "")
        is_strict = set(policy.split("; ")) >= POLICY and "unsafe" not in policy
        if not is_strict and urlsplit(response.url).path.partition("/static/")[0]:
            problems.append(f"policy {policy!r} for {response.url}")
        if response.status >= 400 and not response.request.is_navigation_request():
            problems.append(f"{response.status} for {response.url}")

    def logged(message) -> None:
        # The browser logs each answer of 400 and more in these words; `loaded` tells pages, which
        # may well refuse, from their parts, which may not.
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            problems.append(f"logged: {message.text}")

    context.add_init_script(TELL_BREACHES)
    context.on("request", asked)
    context.on("response", loaded)
    context.on("console", logged)
    context.on("weberror", lambda error: problems.append(f"uncaught: {error.error}"))
    return problems


@pytest.fixture
def sign_in() -> Callable[[Page, str, str], None]:
    """Return a function that signs a user in by the form, as a person does."""

    def sign_in(page: Page, username: str, password: str) -> None:
        page.goto("/accounts/login/")
        page.fill("input[name=username]", username)
        page.fill("input[name=password]", password)
        page.press("input[name=password]", "Enter")
        page.wait_for_url(lambda url: "/accounts/login/" not in url)

    return sign_in
