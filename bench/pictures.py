"""Pictures: how long summary, timeline, map and comparison take after a change, and asked again.

One rule: a whole answer is measured, from the request to its last byte, of one client alone; the
first time is measured again and again, each time as after a change of the records. Called by the
run as a part of its own.
"""

from collections.abc import Iterator

from django.db import transaction

from bench import server
from bench.lines import Line, middle, tell
from incidents.turns import wait_for_turn

TIMES = 7
LONGEST = 0.3  # seconds that a page may take
PAGES = ("summary", "timeline", "map", "compare")
QUESTIONS = {
    "no filter": "",
    "region, 40 %": "region=CN",
    "days, a year": "from=2021&to=2021",
    "category": "category=expulsion",
    "q, common": "q=border",
    "q, 1 %": "q=quarry",
}
OTHERS = {"compare": "with_from=2022&with_to=2022"}  # a comparison needs another side
MORE = {"map, no filter, by people": "/map/?size=people"}


def measure() -> None:
    """Measure each question on each page."""
    cookie = server.signed_in()
    with server.serving():
        for what, path in addresses():
            tell(measured(what, path, cookie))


def addresses() -> Iterator[tuple[str, str]]:
    """Go through the pages and what each is asked."""
    for page in PAGES:
        for name, query in QUESTIONS.items():
            asked = "&".join(part for part in (query, OTHERS.get(page, "")) if part)
            yield f"{page}, {name}", f"/{page}/?{asked}"
    yield from MORE.items()


def measured(what: str, path: str, cookie: str) -> Line:
    """Measure one page: the first time after a change, then again."""
    for _worker in range(4):
        seconds(path, cookie)  # what does not depend on records is read by each worker once
    spent = [after_change(path, cookie) for _time in range(TIMES)]
    again = min(seconds(path, cookie) for _time in range(TIMES))
    return Line(
        "pictures",
        what,
        seconds=middle(spent),
        ratio=middle(spent) / LONGEST,
        note=(
            f"the first time {min(spent) * 1000:.0f} to {max(spent) * 1000:.0f} ms,"
            f" asked again {again * 1000:.0f} ms"
        ),
    )


def after_change(path: str, cookie: str) -> float:
    """The seconds of a page that nobody has asked for since the records changed."""
    with transaction.atomic():
        wait_for_turn()
    return seconds(path, cookie)


def seconds(path: str, cookie: str) -> float:
    """The seconds of one answer, all of it read."""
    answer = server.ask(path, cookie)
    if answer.status != 200:
        raise RuntimeError(f"{path} answered {answer.status}")
    return answer.seconds
