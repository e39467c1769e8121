"""Fills a database to the size of a busy office and times every desk page on it.

    TEST_DATABASE_URL=sqlite:////tmp/scale.sqlite3 python -m tests.scale
    python -m tests.postgres python -m tests.scale

Fills only an empty database: 50,000 incidents with about two claims each, 60,000 articles, 20,000
places, skewed like real records; INCIDENTS=5000 makes a smaller one. Then asks for each page and
each choice box, and prints the quickest of five answers, slowest first, with how many queries each
took; what is above 300 ms (pages) or 50 ms (choice boxes) is marked. `python -m tests.scale PART`
times only what has PART in its name. Nothing here fails: it measures.
"""

import os
import sys
import time
from collections.abc import Iterator

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
django.setup()

from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from incidents.models import Article, Claim, Incident, Place, Source, User
from tests.filling import fill, make_people

ROUNDS = 5
PAGE, CHOICE_BOX = 300, 50  # milliseconds
WORDS = {
    "English, common": "border",
    "English, rare": "zyrianovsk",
    "Korean, two characters": "북송",
    "Korean, rare": "희귀어",
    "Chinese": "遣返",
    "one word of a place": "Tumen",
    "nowhere": "qqqxxq",
}


def main(only: str) -> None:
    """Fill the database if it is empty, then measure and print."""
    call_command("migrate", verbosity=0)
    if not Incident.objects.exists():
        fill(int(os.environ.get("INCIDENTS", "50000")))
    people = make_people()
    timed = [
        (*measure(people[role], address), name, limit)
        for role, name, address, limit in addresses()
        if only in name
    ]
    print(f"{connection.vendor}: {Incident.objects.count():,} incidents, {len(timed)} addresses")
    for seconds, queries, status, name, limit in sorted(timed, reverse=True):
        slow = "  <-- slow" if seconds * 1000 > limit else ""
        print(f"{seconds * 1000:7.0f} ms {queries:4} queries  {status}  {name}{slow}")


def measure(person: User, address: str) -> tuple[float, int, int]:
    """Ask for an address: the least seconds, the queries of one answer, its status."""
    client = Client()
    client.force_login(person)
    client.get(address)
    spent = []
    for _round in range(ROUNDS):
        start = time.perf_counter()
        client.get(address)
        spent.append(time.perf_counter() - start)
    with CaptureQueriesContext(connection) as asked:
        response = client.get(address)
    return min(spent), len(asked), response.status_code


def addresses() -> Iterator[tuple[str, str, str, int]]:
    """Go through what is measured: who asks, its name, its address, its limit."""
    for name, address in pages():
        yield "reviewer", name, address, PAGE
    yield "administrator", "start page, administrator", reverse("admin:index"), PAGE
    yield "researcher", "start page, researcher", reverse("admin:index"), PAGE
    for kind, word in WORDS.items():
        yield "reviewer", f"search, {kind}", f"{reverse('admin:search')}?q={word}", PAGE
        for model in ("incident", "article", "claim", "source", "place"):
            found = reverse(f"admin:incidents_{model}_changelist")
            yield "reviewer", f"list of {model}s, {kind}", f"{found}?q={word}", PAGE
        for model, field in CHOICES:
            asked = f"app_label=incidents&model_name={model}&field_name={field}&term={word}"
            box = f"{reverse('admin:autocomplete')}?{asked}"
            yield "administrator", f"choice of {model}.{field}, {kind}", box, CHOICE_BOX


CHOICES = (
    ("claim", "incident"),
    ("claim", "article"),
    ("claim", "source"),
    ("claim", "place"),
    ("claim", "repeats"),
    ("incident", "wave"),
    ("incident", "sending"),
)


def pages() -> Iterator[tuple[str, str]]:
    """Go through the desk's pages by name and address."""
    for name in ("index", "triage"):
        yield name, reverse(f"admin:{name}")
    yield "triage, all", f"{reverse('admin:triage')}?queue=all"
    yield "triage, unassigned, oldest", f"{reverse('admin:triage')}?queue=unassigned&order=oldest"
    for model, records in RECORDS.items():
        listed = reverse(f"admin:incidents_{model}_changelist")
        yield f"list of {model}s", listed
        yield f"list of {model}s, page 90", f"{listed}?p=90"
        yield f"{model}, blank", reverse(f"admin:incidents_{model}_add")
        newest = records.order_by("-pk").values_list("pk", flat=True)[0]
        for page in ("change", "history"):
            yield f"{model}, {page}", reverse(f"admin:incidents_{model}_{page}", args=[newest])
    for name, query in FILTERED.items():
        yield name, query
    yield from acts()
    for code in ("AT-000123", "4567", "https://news3.example/"):
        yield f"search, {code}", f"{reverse('admin:search')}?q={code}"


RECORDS = {
    "incident": Incident.objects,
    "article": Article.objects,
    "claim": Claim.objects,
    "source": Source.objects,
    "place": Place.objects,
}
FILTERED = {
    "list of incidents, drafts": "/admin/incidents/incident/?status=draft",
    "list of incidents, by region": "/admin/incidents/incident/?region=CN-JL",
    "list of incidents, by updated": "/admin/incidents/incident/?o=4",
    "list of articles, to code": "/admin/incidents/article/?coding_state__exact=to_code",
    "list of claims, counting": "/admin/incidents/claim/?counts__exact=1",
}


def acts() -> Iterator[tuple[str, str]]:
    """Go through the action pages, on a published and on a submitted incident."""
    published = Incident.objects.filter(status="published").order_by("-pk")[0]
    submitted = Incident.objects.filter(status="in_review").order_by("-pk")[0]
    for action in ("withdraw", "assess", "link"):
        yield action, reverse("admin:incidents_incident_act", args=[published.pk, action])
    for action in ("publish", "send-back"):
        yield action, reverse("admin:incidents_incident_act", args=[submitted.pk, action])
    article = Article.objects.filter(coding_state="to_code").order_by("-pk")[0]
    yield "code, to code", reverse("admin:code", args=[article.pk])
    coded = Claim.objects.order_by("-pk")[0].article_id
    yield "code, coded", reverse("admin:code", args=[coded])


if __name__ == "__main__":
    main(" ".join(sys.argv[1:]))
