"""Files: each CSV through the web server, beside the database's own programs on the same rows.

One rule: the contenders take turns, and the rows are counted: a file that lacks one ends the run.
Called by the run as a part of its own.
"""

import sys
from collections.abc import Iterator

from django.db.models import Count

from bench import limits, server
from bench.lines import Line, alternating, middle, tell
from incidents.exports import with_claims
from incidents.filters import Question, ask
from incidents.models import ExportLog, IncidentRegion, User

ROUNDS = 3
PLAIN, OWN = "limit, plain SELECT", "limit, the project's SELECT"
PATHS = {"claims": "/claims.csv", "incidents": "/incidents.csv"}


def measure() -> None:
    """Measure both tables at three shares of the rows."""
    cookie = server.signed_in()
    reader = User.objects.get(username=server.VIEWER)
    with server.serving() as running:
        for table, path in PATHS.items():
            server.ask(f"{path}?region=AQ", cookie)
            for share, query in shares(reader):
                with limits.beside(ask(query, reader)):
                    contest(table, share, ask(query, reader), cookie, running)


def shares(reader: User) -> Iterator[tuple[str, str]]:
    """Find questions for all of the incidents, about half, and about a tenth."""
    found = ask("", reader).incidents
    count = found.count()
    yield "100 %", ""
    middle_day = found.order_by("-sort_day").values_list("sort_day", flat=True)[count // 2]
    yield "50 %, by days", f"from={middle_day}"
    regions = IncidentRegion.objects.filter(role="", incident__in=found.values("pk"))
    counted = regions.values_list("place__code").annotate(rows=Count("pk")).order_by()
    code, _rows = min(counted, key=lambda pair: abs(pair[1] - count / 10))
    yield "10 %, by region", f"region={code}"


def contest(table: str, share: str, question: Question, cookie: str, running) -> None:
    """Let the project and the limits write the same rows in turn."""
    path = f"{PATHS[table]}?{question.text}"
    answers: list[server.Answer] = []
    own, plain = limits.written(question, table), limits.plain(question, table)
    contenders = {
        "project": lambda: answers.append(server.ask(path, cookie)),
        PLAIN: lambda: limits.run(plain),
        OWN: lambda: limits.run(own, quoted=True),
        "project, raw=1": lambda: server.ask(f"{path}&raw=1", cookie),
    }
    contenders["project"]()
    held = server.settled_memory(running)
    spent = {name: middle(runs) for name, runs in alternating(ROUNDS, contenders).items()}
    grown, rows = server.growth(held), count(table, question)
    refuse_missing(rows, path)
    for name, seconds in spent.items():
        line = Line("files", f"{table}.csv, {share}: {name}", rows, seconds)
        line.ratio = seconds / spent[PLAIN]
        if name == "project":
            line.first = max(answer.first for answer in answers[1:])
            line.memory = grown
            line.note = f"{seconds / spent[OWN]:.2f} x its own SELECT by the program"
        tell(line)


def count(table: str, question: Question) -> int:
    """Count the rows that a file must have."""
    return (with_claims(question) if table == "claims" else question.incidents).count()


def refuse_missing(rows: int, path: str) -> None:
    """End the run when the last file of the project had other rows than it should."""
    log = ExportLog.objects.order_by("-pk")[0]
    if (log.state, log.rows) != ("finished", rows):
        sys.exit(f"{path}: {log.state} with {log.rows} rows; there are {rows}.")
