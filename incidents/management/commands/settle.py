"""Brings every derived column, sum and knot up to date, or proves that each is true."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from incidents.chunks import in_chunks
from incidents.knots import WrongKnot, mend_knots, wrong_knots
from incidents.loading import shown
from incidents.models import ANYWHERE, Category, Incident, Place, code_of
from incidents.months import code_of_month
from incidents.settling import (
    Difference,
    differences,
    misrestricted_articles,
    settle,
    settle_articles,
)
from incidents.summing import WrongSum, mend_sums, wrong_sums

Row = dict[str, Any]


class Command(BaseCommand):
    """`manage.py settle [--check]`; with --check it changes nothing and exits 1 on a difference."""

    help = (
        "Recompute every derived column (figures, flags, sort and link rows). With --check: "
        "change nothing, say each difference in a sentence, exit 1 if there is any."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="compare, change nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        keys = list(Incident.objects.order_by("pk").values_list("pk", flat=True))
        chunks = list(in_chunks(keys))
        if options["check"]:
            self.check_all(chunks)
            return
        settle_articles(misrestricted_articles())
        changed = sum(settle(chunk) for chunk in shown(chunks, "Settling", self.stderr))
        changed += mend_sums() + mend_knots()
        self.stdout.write(f"{len(keys):,} incidents settled; {changed:,} stored rows changed.")

    def check_all(self, chunks: list[list[int]]) -> None:
        """Print each difference between what is stored and what the records say."""
        found = 0
        for chunk in shown(chunks, "Checking", self.stderr):
            for difference in differences(chunk):
                for sentence in sentences(difference):
                    self.stdout.write(sentence)
                    found += 1
        for article in misrestricted_articles():
            self.stdout.write(f"Article {article}: its restriction does not follow its groups.")
            found += 1
        for sentence in sentences_of_sums(wrong_sums()):
            self.stdout.write(sentence)
            found += 1
        for wrong in wrong_knots():
            for sentence in sentences_of_knot(wrong):
                self.stdout.write(sentence)
                found += 1
        if found:
            raise CommandError(f"{found:,} differences. Run “manage.py settle” to mend them.")
        self.stdout.write(f"{sum(map(len, chunks)):,} incidents checked; no difference.")


def sentences(difference: Difference) -> Iterator[str]:
    """Say a difference in plain words, one sentence for each column."""
    return sentences_of(row_name(difference), difference.stored, difference.derived)


def sentences_of(row: str, stored: Row | None, due: Row | None) -> Iterator[str]:
    """Say what is wrong with a stored row, one sentence for each column."""
    if stored is None:
        yield f"{row} is missing."
    elif due is None:
        yield f"{row} is stored, and nothing supports it."
    else:
        for name, value in stored.items():
            if value != due[name]:
                yield f"{row}: {name} is {value!r} and should be {due[name]!r}."


def sentences_of_knot(wrong: WrongKnot) -> Iterator[str]:
    """Say what is wrong with the standing of a tied incident, or with the sums of a knot."""
    key, measure = wrong.key
    name = f"{code_of(key)} knot {measure}" if measure else f"{code_of(key)} standing"
    return sentences_of(name, wrong.stored, wrong.due)


def sentences_of_sums(wrong: Sequence[WrongSum]) -> Iterator[str]:
    """Say which sums are not what the figures add up to, one sentence for each cell."""
    places = dict(Place.objects.filter(pk__in={w.cell[0] for w in wrong}).values_list("pk", "code"))
    categories = dict(Category.objects.values_list("pk", "code"))
    for sums in wrong:
        place, category, measure, first, last = sums.cell
        where = "anywhere" if place == ANYWHERE else places.get(place, f"place {place}")
        months = f"{code_of_month(first) or '..'}/{code_of_month(last) or '..'}"
        yield f"Sums {where} {categories.get(category, category)} {measure} {months} {said(sums)}"


def said(sums: WrongSum) -> str:
    """Say what is wrong with one cell."""
    if sums.stored is None:
        return "are missing."
    if sums.due is None:
        return "are stored, and nothing supports them."
    wrong = [
        f"{name} is {stored:,} and should be {sums.due[name]:,}"
        for name, stored in sums.stored.items()
        if stored != sums.due[name]
    ]
    return f"are wrong: {'; '.join(wrong)}."


def row_name(difference: Difference) -> str:
    """Name a stored row as a person would find it."""
    if difference.table == "incidents":
        return code_of(difference.key)
    if difference.table == "claims":
        return f"Claim {difference.key}"
    incident, *rest = difference.key
    parts = " ".join(str(part) for part in rest if part != "")
    return f"{code_of(incident)} {difference.table} {parts}"
