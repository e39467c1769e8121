"""List pages: what they ask of the database, and how many a second two workers answer.

One rule: a page's database time is the sum of the very queries that it asks, each by itself and
the best of several: when it is asked for again, and, told beside that, the first time: page 1 after
records changed, a later one after page 1 was. That is asked for by a cursor, as following “next”
leads there. Called by the run as a part of its own.
"""

import re
import time
from collections.abc import Iterator

from django.db import connection
from django.test import Client

from bench import server
from bench.lines import Line, middle, nearly_all, tell
from bench.vocabulary import BLOCK_HANGUL, BLOCK_LATIN
from incidents import keyset
from incidents.filters import Question, ask
from incidents.models import IncidentSource, User
from incidents.turns import wait_for_turn

TIMES = 7
DEEP = 50_000
CLIENTS, SECONDS = 4, 2.0
QUESTIONS = {
    "no filter": "",
    "region, 40 %": "region=CN",
    "region, few": "region=KP-01",
    "days, a year": "from=2021&to=2021",
    "days and region": "from=2019-03&to=2020-07&region=CN",
    "category": "category=expulsion",
    "q, common": "q=border",
    "q, 1 %": "q=quarry",
    "q, rare": f"q={BLOCK_LATIN}",
    "q, nowhere": "q=qqqxxq",
    "q, Korean, two characters, common": "q=북송",
    "q, Korean, two characters, 1 %": "q=노동",
    "q, Korean, two characters, rare": f"q=희{BLOCK_HANGUL}",
    "q and region": "q=quarry&region=CN",
    "q, common, by people": "q=border&order=-people",
    "q, 1 %, by people": "q=quarry&order=-people",
    "q, common, by change": "q=border&order=-updated",
    "q, 1 %, by change": "q=quarry&order=-updated",
    "q, common, in old days": "q=border&from=2012&to=2012",
    "q, 1 %, in old days": "q=quarry&from=2012&to=2012",
    "q, common, and category": "q=border&category=expulsion",
    "q, 1 %, and category": "q=quarry&category=expulsion",
}
LISTS = re.compile(
    rf'LIMIT {keyset.PAGE + 1}$|^SELECT "incidents_incidenttext"|"rowid" IN \('
    r'|^SELECT "incidents_incident"."id" AS "pk", (COALESCE|"incidents_incident"."updated")'
)
TABLE = re.compile(r'FROM "?(?:incidents_)?(\w+)')
Query = tuple[str, tuple]


def measure() -> None:
    """Measure each question's first and thousandth page."""
    cookie = server.signed_in()
    reader = User.objects.get(username=server.VIEWER)
    client = Client()
    client.force_login(reader)
    with server.serving():
        for name, query in questions():
            question = ask(query, reader)
            for page, cursor in pages(question):
                path = f"/incidents/?{query}"
                tell(measured(f"{name}: {page}", path, cursor, client, cookie))


def questions() -> Iterator[tuple[str, str]]:
    """Go through the questions, and the most and a less frequent source."""
    yield from QUESTIONS.items()
    rows = IncidentSource.objects.filter(part="claimant").order_by("source_id")
    slugs = list(rows.values_list("source__slug", flat=True)[:1])
    yield from ((f"source, {slug}", f"source={slug}") for slug in [*slugs, "made-up-500"])


def pages(question: Question) -> Iterator[tuple[str, str]]:
    """Give the first page, and the thousandth or the last that is full."""
    yield "page 1", ""
    count = question.incidents.order_by().values("pk")[: DEEP + keyset.PAGE].count()
    row = min(DEEP, count - keyset.PAGE) // keyset.PAGE * keyset.PAGE
    if row > 0:
        edge = keyset.column(question, keyset.ORDERS[question.order][0])
        pk, value = keyset.in_order(question).values_list("pk", edge)[row - 1]
        cursor = keyset.write_cursor("n", pk, value)
        yield f"page {row // keyset.PAGE + 1:,}", f"&cursor={cursor}"


def measured(what: str, first: str, cursor: str, client: Client, cookie: str) -> Line:
    """Measure one page: its queries, then whole answers."""
    path = first + cursor
    client.get(path)  # what is kept for minutes is kept from here on
    wait_for_turn()  # as after a change: what was kept of records is not told again
    if cursor:
        client.get(first)
    asked = queries_of(path, client)
    spent = [best(query) for query in asked]
    again = sum(best(query) for query in queries_of(path, client))
    listing = [time for time, (sql, _params) in zip(spent, asked, strict=True) if LISTS.search(sql)]
    slowest = asked[spent.index(max(spent))][0]
    answers = server.load(path, cookie, clients=CLIENTS, seconds=SECONDS)
    return Line(
        "pages",
        what,
        seconds=again,
        note=(
            f"the first time {sum(spent) * 1000:.1f} ms, the list alone"
            f" {sum(listing) * 1000:.1f} ms; {len(asked)} queries, the slowest"
            f" {max(spent) * 1000:.1f} ms, of {TABLE.search(slowest)[1]};"
            f" {len(answers) / SECONDS:.0f} requests/s, median {middle(answers) * 1000:.0f} ms,"
            f" p95 {nearly_all(answers) * 1000:.0f} ms"
        ),
    )


def queries_of(path: str, client: Client) -> list[Query]:
    """List the queries of a page."""
    asked: list[Query] = []

    def note(execute, sql, params, many, context):
        if sql.lstrip("( ").startswith(("SELECT", "WITH", "EXPLAIN")):
            asked.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        answer = client.get(path)
    if answer.status_code != 200:
        raise RuntimeError(f"{path} answered {answer.status_code}")
    return asked


def best(query: Query) -> float:
    """The least seconds that a query takes, its rows fetched."""
    spent = []
    for _time in range(TIMES):
        with connection.cursor() as cursor:
            start = time.perf_counter()
            cursor.execute(*query)
            cursor.fetchall()
            spent.append(time.perf_counter() - start)
        if spent[0] > 1:
            break
    return min(spent)
