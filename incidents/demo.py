"""Loads the demo data: the files of data/demo, whose rows refer to each other by readable keys.

One rule: a row is loaded once. It is recognised by the reason in its first history row, so that
whatever people changed, withdrew or removed since stays as they left it. Called by `load_demo`.
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.contrib.auth.models import Group
from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.db import models, transaction

from incidents import actions
from incidents.models import (
    Article,
    Category,
    Claim,
    ClaimStep,
    Incident,
    IncidentLink,
    IncidentPlace,
    Place,
    Source,
    SourceAlias,
    User,
)
from incidents.models.shapes import CountedWords, DatedWords

FOLDER = Path(__file__).resolve().parent / "data" / "demo"
REASON = "Demo data"

Row = dict[str, str]
Known = dict[type[models.Model], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Table:
    """One file: what its rows become, and which columns name a row.

    `beside` are columns that are no field of the record; `natural` is a field by which a record
    that somebody entered before is recognised.
    """

    name: str
    model: type[models.Model]
    identity: tuple[str, ...]
    beside: tuple[str, ...] = ()
    natural: str = ""


TABLES = (
    Table("sources", Source, ("slug",), ("aliases",), natural="slug"),
    Table("articles", Article, ("key",), ("key",), natural="url"),
    Table("incidents", Incident, ("key",), ("key", "status")),
    Table("places", IncidentPlace, ("incident", "place", "role")),
    Table("claims", Claim, ("key",), ("key", "origin_id")),
    Table("steps", ClaimStep, ("claim", "position")),
    Table("links", IncidentLink, ("first", "second", "kind")),
)


@transaction.atomic
def load(*, researcher: User, reviewer: User) -> dict[str, int]:
    """Load what is not loaded yet, as the researcher; the reviewer publishes the new incidents.

    Returns how many rows of each file were added. Raises ValueError, ValidationError or
    ObjectDoesNotExist, with a note of the file and row, and then changes nothing.
    """
    known: Known = {}
    added = {table.name: add_rows(table, known, by=researcher) for table in TABLES}
    records = [record for made in added.values() for record in made]
    touched = {key for record in records for key in incidents_of(record)}
    actions.revise(incidents=touched, by=researcher, why=REASON)
    for row in read("incidents"):
        incident = known[Incident][row["key"]]
        if incident in added["incidents"]:
            advance(incident, to=row["status"], researcher=researcher, reviewer=reviewer)
    return {name: len(made) for name, made in added.items()}


def account(username: str, role: str) -> User:
    """Find the person, or make an account without a password and with this role."""
    user, made = User.objects.get_or_create(username=username)
    if made:
        user.set_unusable_password()
        user.save()
        user.groups.add(Group.objects.get(name=role))
    return user


def read(name: str) -> Iterator[Row]:
    """Read the rows of one file."""
    with (FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(lines)


def add_rows(table: Table, known: Known, *, by: User) -> list[models.Model]:
    """Add the rows of a file that are not loaded yet; what is there is known by its key after."""
    loaded = loaded_before(table)
    known[table.model] = loaded
    added = []
    for row in read(table.name):
        key = key_of(table, row)
        if key in loaded:
            continue
        loaded[key] = entered_by_people(table, row)
        if loaded[key] is None:
            loaded[key] = add(table, row, known, by=by)
            added.append(loaded[key])
    return added


def key_of(table: Table, row: Row) -> str:
    """Give the key by which a row is recognised."""
    return " ".join(row[column] for column in table.identity)


def reason_of(table: Table, key: str) -> str:
    """Give the reason that stands in the first history row of a demo record."""
    return f"{REASON}: {table.name} {key}"


def loaded_before(table: Table) -> dict[str, Any]:
    """Find the records that an earlier run made, by key; None for one removed since."""
    start = reason_of(table, "")
    first_rows = table.model.history.filter(
        history_type="+", history_change_reason__startswith=start
    )
    keys = dict(first_rows.order_by().values_list("history_change_reason", "id"))
    records = table.model.objects.in_bulk(keys.values())
    return {reason.removeprefix(start): records.get(pk) for reason, pk in keys.items()}


def entered_by_people(table: Table, row: Row) -> models.Model | None:
    """Find the record that somebody entered on their own before the demo data came."""
    if not table.natural or not row[table.natural]:
        return None
    return table.model.objects.filter(**{table.natural: row[table.natural]}).first()


def add(table: Table, row: Row, known: Known, *, by: User) -> models.Model:
    """Make one record the way a form does: words read, rules checked, history written."""
    key = key_of(table, row)
    try:
        record = record_of(table, row, known)
        record.full_clean()
    except (ValueError, ValidationError, ObjectDoesNotExist, LookupError) as error:
        error.add_note(f"This is row “{key}” of {table.name}.csv.")
        raise
    actions.save(record, by=by, why=reason_of(table, key))
    for name in filter(None, row.get("aliases", "").split(" | ")):
        SourceAlias.objects.create(source=record, name=name)
    return record


def record_of(table: Table, row: Row, known: Known) -> models.Model:
    """Make a record, not saved yet, from a row; an empty cell leaves the field's default."""
    record = table.model()
    for name, text in row.items():
        if text and name not in table.beside:
            setattr(record, name, value_of(table.model._meta.get_field(name), text, known))
    if isinstance(record, Claim):
        record.measure = record.measure or record.incident.category.measure
    if isinstance(record, CountedWords):
        record.read_count()
    if isinstance(record, DatedWords):
        record.read_date(published_with(record))
    return record


def value_of(field: models.Field, text: str, known: Known) -> Any:
    """Read a cell: another record by its key or code, yes or no, or text."""
    if isinstance(field, models.ForeignKey):
        model = field.related_model
        if model in (Place, Category):
            return model.objects.get(code=text)
        return known[model][text]
    return text == "yes" if isinstance(field, models.BooleanField) else text


def published_with(record: models.Model) -> Any:
    """Find the day that relative dates of a claim or step start from; None where not known."""
    if isinstance(record, ClaimStep):
        return record.claim.article.published_on
    return record.article.published_on if isinstance(record, Claim) else None


def incidents_of(record: models.Model) -> set[int]:
    """List the incidents that a new record belongs to, by key."""
    if isinstance(record, Incident):
        return {record.pk}
    if isinstance(record, IncidentLink):
        return {record.first_id, record.second_id}
    if isinstance(record, ClaimStep):
        return {record.claim.incident_id}
    return {record.incident_id} if isinstance(record, Claim | IncidentPlace) else set()


def advance(incident: Incident, *, to: str, researcher: User, reviewer: User) -> None:
    """Take a new incident through review, as far as its row says."""
    if to in (Incident.Status.IN_REVIEW, Incident.Status.PUBLISHED):
        actions.submit(incident=incident, by=researcher, why=REASON)
    if to == Incident.Status.PUBLISHED:
        actions.publish(incident=incident, by=reviewer, why=REASON)
