# ruff: noqa: INP001, S603  a script, not part of a package; it runs this project's own commands
"""Takes the pictures in docs/pictures of a server with the sample data: `make pictures`.

Database, passwords and server are made for this in a temporary folder and are gone afterwards.
Needs Chromium, the machine's own or the one that CHROMIUM names.
"""

import os
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import sync_playwright

PROJECT = Path(__file__).resolve().parents[1]
PICTURES = PROJECT / "docs" / "pictures"
MANAGE = [sys.executable, str(PROJECT / "manage.py")]
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "/usr/bin/chromium")
SECONDS_TO_START = 30
MOST_BYTES = 300_000

LIST = "/incidents/?region=CN&from=2023-08&to=2024-04-26"
DISPUTED = "/incidents/?region=CN&from=2024-04-26&to=2024-04-26"
MAP, TIMELINE = "/map/?region=CN", "/timeline/"
DESK = {"viewport": {"width": 1280, "height": 1320}}
PHONE = {
    "viewport": {"width": 390, "height": 844},
    "color_scheme": "dark",
    "device_scale_factor": 2,
}


def main() -> None:
    """Take every picture."""
    password = secrets.token_urlsafe()
    with tempfile.TemporaryDirectory(prefix="attest-pictures-") as folder:
        environment = prepare(Path(folder), password)
        with serving(environment) as address, browser() as chromium:
            desk = signed_in(chromium, address, password, DESK)
            desk.goto(LIST)
            take(desk, "list")
            desk.goto(DISPUTED)
            desk.locator("table.rows a.title").first.click()
            take(desk, "detail")
            desk.goto(MAP)
            take(desk, "map")
            desk.goto(TIMELINE)
            desk.locator("section.answer").evaluate("part => part.scrollIntoView()")
            take(desk, "timeline")
            take_coding(signed_in(chromium, address, password, DESK, "researcher"))
            phone = signed_in(chromium, address, password, PHONE)
            phone.goto(LIST)
            phone.locator("section.answer").evaluate("part => part.scrollIntoView()")
            take(phone, "list-phone-dark")


def prepare(folder: Path, password: str) -> dict[str, str]:
    """Make a database with the sample data; return the environment that leads to it."""
    environment = {
        **os.environ,
        "ALLOWED_HOSTS": "127.0.0.1",
        "DATABASE_URL": f"sqlite:///{folder / 'pictures.sqlite3'}",
        "DEBUG": "1",  # serves the style sheet without collecting it first
        "DEMO_PASSWORD": password,
        "SECRET_KEY": secrets.token_urlsafe(50),
        "SITE_URL": "http://127.0.0.1",
    }
    accounts = ["demo_accounts", "--keep-in", str(folder / "accounts")]
    for command in (["migrate", "--verbosity", "0"], ["load_places"], ["load_demo"], accounts):
        subprocess.run([*MANAGE, *command], env=environment, check=True, stdout=subprocess.DEVNULL)
    return environment


@contextmanager
def serving(environment: dict[str, str]) -> Iterator[str]:
    """Serve on a free port of this machine; yield the address, and end the server."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [*MANAGE, "runserver", f"127.0.0.1:{port}", "--noreload", "--verbosity", "0"]
    server = subprocess.Popen(
        command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        wait_for(server, port)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait()


def wait_for(server: subprocess.Popen, port: int) -> None:
    """Return when the server answers; exit when it does not."""
    for _ in range(SECONDS_TO_START * 10):
        if server.poll() is not None:
            break
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    sys.exit("The server did not start.")


@contextmanager
def browser() -> Iterator:
    """Start Chromium and end it."""
    names = [os.environ.get("CHROMIUM"), *BROWSERS]
    chromium = next(filter(None, map(shutil.which, filter(None, names))), None)
    if chromium is None:
        sys.exit("No Chromium found; install it or name it in CHROMIUM.")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(
            executable_path=chromium, args=["--headless", "--no-sandbox", "--hide-scrollbars"]
        )
        yield started
        started.close()


def take_coding(page) -> None:
    """Take the coding page with a claim typed and not saved."""
    page.goto("/admin/search/?q=강제북송+위기")
    page.locator("#content-main a[href*='/code/']").first.click()
    page.fill("#id_claim-words", "200여 명")
    page.fill("#id_claim-source_as_printed", "Radio Free America")
    page.select_option("#id_claim-basis", "event")
    page.fill("#id_claim-date_words", "지난달 26일")
    page.fill("#id_claim-place_words", "Tumen, Jilin")
    page.fill("#id_claim-incident_find", "26 April 2024")
    page.get_by_label("26 April 2024").check()
    page.wait_for_selector("#reading-effect .standing")
    page.locator("#claim").evaluate("part => part.scrollIntoView()")
    take(page, "coding")


def signed_in(chromium, address: str, password: str, looks: dict, user: str = "viewer"):
    """Open a page of this size and scheme, signed in as one of the demo's people."""
    page = chromium.new_context(base_url=address, locale="en-GB", **looks).new_page()
    page.goto("/accounts/login/")
    page.fill("input[name=username]", user)
    page.fill("input[name=password]", password)
    page.press("input[name=password]", "Enter")
    page.wait_for_url("**/incidents/")
    return page


def take(page, name: str) -> None:
    """Keep what the page shows as a picture; exit when that is too large for README."""
    file = PICTURES / f"{name}.png"
    page.screenshot(path=file)
    size = file.stat().st_size
    sys.stdout.write(f"{file.relative_to(PROJECT)}: {size:,} bytes\n")
    if size > MOST_BYTES:
        sys.exit(f"{file.name} is larger than {MOST_BYTES:,} bytes.")


if __name__ == "__main__":
    main()
