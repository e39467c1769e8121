"""A gazetteer, people and a way to run the command, for the tests of imports."""

import csv
import io
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.management import call_command

from incidents.models import Import
from tests.factories import make_place, make_user


@pytest.fixture
def places(db) -> None:
    """The places that the made-up sheets name."""
    world = make_place("m49:001", name="World")
    named = {"LY": "Libya", "SY": "Syria", "CN": "China", "KP": "North Korea"}
    country = {code: make_place(code, parent=world, name=name) for code, name in named.items()}
    make_place("SY-ID", parent=country["SY"], name="Idlib")
    make_place("CN-JL", parent=country["CN"], name="Jilin", name_ko="지린성")


class Ran:
    """One run of the command: how it ended, what it said, and what it left."""

    def __init__(self, path: Path, code: int, said: str) -> None:
        self.path, self.code, self.said = path, code, said
        self.run = Import.objects.order_by("-pk").first()

    def rows(self, suffix: str) -> list[dict[str, str]]:
        """Read FILE.rejected.csv or FILE.report.csv; nothing where there is none."""
        file = self.path.with_name(self.path.name + suffix)
        if not file.exists():
            return []
        return list(csv.DictReader(io.StringIO(file.read_text(encoding="utf-8-sig"))))


@pytest.fixture
def bring(places) -> Callable[..., Ran]:
    """Run `import_incidents` as a reviewer."""
    make_user("Reviewer", "rita")

    def run(path: Path, *options: str) -> Ran:
        out = io.StringIO()
        try:
            call_command("import_incidents", str(path), "--by", "rita", *options, stdout=out)
            code = 0
        except SystemExit as end:
            code = int(end.code or 0)
        return Ran(path, code, out.getvalue())

    return run
