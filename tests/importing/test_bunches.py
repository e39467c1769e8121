"""Imports a bunch at a time: where the file is cut does not show in what is saved."""

import csv
from pathlib import Path

import pytest

from bench.sheets import write_sheet
from incidents.importing import articles, running
from incidents.models import Article, Claim, Incident, Source
from incidents.settling import differences

pytestmark = pytest.mark.django_db
CUTS = {"whole": (1_000, 2_000, 1_000), "small": (2, 3, 0), "one by one": (1, 1, 0)}


@pytest.mark.parametrize("cut", CUTS)
def test_made_up_sheet_is_saved_alike_however_it_is_cut(bring, tmp_path, monkeypatch, cut):
    bunch, together, remembered = CUTS[cut]
    monkeypatch.setattr(running, "BUNCH", bunch)
    monkeypatch.setattr(running, "MOST_TOGETHER", together)
    monkeypatch.setattr(articles, "MOST_REMEMBERED", remembered)
    path = tmp_path / "claims.csv"
    rows = write_sheet(path, 40, places=["CN-JL", "SY", "LY"], categories=["death", "arrest"])
    ran = bring(path, "--status", "in_review")
    assert (ran.code, ran.run.new, Claim.objects.count()) == (0, rows, rows)
    assert Incident.objects.count() == 40
    assert Article.objects.count() == Article.history.count() == articles_in(path)
    assert Source.objects.count() == Source.history.count()
    assert differences(list(Incident.objects.values_list("pk", flat=True))) == []


def articles_in(path: Path) -> int:
    """Count the articles that a sheet names: by address, else by title, publisher and day."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    named = {row["article_url"] or (row["article_title"], row["published"]) for row in rows}
    return len(named)
