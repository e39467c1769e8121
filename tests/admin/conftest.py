"""What every test of the desk proves beside its own: a page that changes a record tells the lists.

One rule: whoever writes what lists, counts or totals may show begins a new edition, or what is
kept of the old one would go on being told (incidents/kept.py).
"""

import re

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

WRITES = re.compile(r'(?:INSERT INTO|UPDATE|DELETE FROM) "(\w+)"')
EDITION = "incidents_edition"
SHOWN_BY_NO_LIST = {
    *("incidents_user", "incidents_user_groups", "incidents_user_user_permissions"),
    *("incidents_exportlog", "incidents_import"),
}
QUEUE = {"incidents_article", "incidents_historicalarticle"}  # whose turn it is to be read


@pytest.fixture(autouse=True)
def _changes_begin_an_edition(monkeypatch):
    """Watch what each request writes."""
    requested = Client.request

    def watched(client, **asked):
        written: set[str] = set()

        def note(execute, sql, params, many, context):
            written.update(WRITES.findall(sql))
            return execute(sql, params, many, context)

        with connection.execute_wrapper(note):
            answer = requested(client, **asked)
        shown = {table for table in written if table.startswith("incidents_")} - SHOWN_BY_NO_LIST
        if asked["PATH_INFO"].startswith(reverse("admin:triage")):
            shown -= QUEUE
        assert EDITION in shown or not shown, f"No new edition, though these changed: {shown}"
        return answer

    monkeypatch.setattr(Client, "request", watched)
