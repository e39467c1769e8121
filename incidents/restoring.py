"""Restores a package into a database without records: everything that was exported, or nothing.

One rule: one transaction; keys, times, versions and authorship come back as they were, each record
begins a history that names the package, and what is derived is worked out anew by settle. Called
by the import command.
"""

from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from incidents import bulk, ledgers
from incidents.addresses import url_key
from incidents.entering import begin_history, enter
from incidents.keysets import Keys
from incidents.models import (
    Article,
    Import,
    Incident,
    IncidentLink,
    IncidentPlace,
    Merge,
    Origin,
    PlaceName,
    Source,
    SourceAlias,
    User,
    choices,
)
from incidents.names import fold
from incidents.packed import BY_NAME, TABLES, Table
from incidents.packing import MERGED
from incidents.refusals import Refused, need
from incidents.settling import settle
from incidents.soundness import need_sound, need_sound_incidents
from incidents.turns import wait_for_turn
from incidents.unpacking import Package, Row, Unrestorable, key_of, opened, said
from incidents.verbatim import structure
from incidents.vocabulary import Matched, Resolver, match, value

__all__ = ["Restored", "Unrestorable", "restore"]

MATCHED = frozenset({"users", "groups", "categories", "places", "place_names"})
OF_MERGE = ("gone", "survivor", "moved")
EMPTY = (Incident, Article, Source, Merge, Import, Origin)
RIGHTS = ("incidents.add_user", "incidents.change_user")
FOLLOWS = {
    Source: {"folded": lambda values: fold(values["name"])},
    SourceAlias: {"folded": lambda values: fold(values["name"])},
    Article: {"url_key": lambda values: url_key(values["url"])},
}


@dataclass(slots=True)
class Restored:
    """What a restore brought back: rows by file, the package's SHA-256, and what it had to make."""

    sha256: str
    rows: dict[str, int] = field(default_factory=dict)
    made: Matched = field(default_factory=Matched)
    dry_run: bool = False

    def sentences(self) -> list[str]:
        """Say for people what was made beside the records."""
        told = []
        if self.made.accounts:
            told.append(
                _("Accounts made, without a password and inactive: %s.")
                % ", ".join(self.made.accounts)
            )
        if self.made.groups:
            told.append(
                _("Groups made, without members: %s. What is kept to them only superusers see.")
                % ", ".join(self.made.groups)
            )
        if self.made.categories:
            told.append(_("Categories made: %s.") % ", ".join(self.made.categories))
        if self.made.places:
            told.append(_("Places made: %s.") % len(self.made.places))
        return told


def restore(path: Path, *, by: User, dry_run: bool = False) -> Restored:
    """Bring back everything that a package holds; with `dry_run` only try.

    Raises Unrestorable with one sentence, and then changes nothing.
    """
    need_administrator(by)
    with opened(path) as package:
        package.check()
        with transaction.atomic():
            wait_for_turn()
            need_empty()
            restored = Restoring(package, by).restored()
            restored.dry_run = dry_run
            if dry_run:
                transaction.set_rollback(True)
    return restored


def need_administrator(by: User) -> None:
    """Refuse whoever may not manage accounts: a restore speaks in the name of others."""
    try:
        for right in RIGHTS:
            need(by, right, _("restore a package"))
    except Refused as refusal:
        raise Unrestorable(str(refusal)) from refusal


def need_empty() -> None:
    """Refuse a database that holds records: their keys would mean two things."""
    there = [
        f"{count} {model._meta.verbose_name_plural}"
        for model in EMPTY
        if (count := model._base_manager.count())
    ]
    if there:
        raise Unrestorable(
            _("A package is restored into an empty database; this one has %s.") % ", ".join(there)
        )


class Restoring:
    """One restore under way, inside its transaction."""

    def __init__(self, package: Package, by: User) -> None:
        self.package, self.by = package, by
        self.why = f"Restored from package {package.short_sha}"
        self.resolver = Resolver(package)
        self.closed_articles = Keys()
        self.removed: dict[str, int] = {}

    def restored(self) -> Restored:
        """Bring everything back, in the order of the tables."""
        made = match(self.resolver, by=self.by, why=self.why)
        self.closed_articles = self.closed("article_groups")
        survivors = need_sound_incidents(self.package)
        rows = {table.file: self.package.manifest["files"][table.file]["rows"] for table in TABLES}
        for table in (*(t for t in TABLES if t.model is not Incident), BY_NAME["incidents"]):
            if table.name not in MATCHED:
                self.enter(table)
        need_sound()
        for table in TABLES:
            if table.has_keys:
                self.begin(table)
        settle(survivors)
        return Restored(self.package.sha256, rows, made)

    def enter(self, table: Table) -> None:
        """Enter the rows of a file."""
        read = partial(self.values, table)
        enter(table, columns_of(table), self.package.rows(table), read)

    def begin(self, table: Table) -> None:
        """Begin the history of the records of a file, and let new ones get keys beyond theirs."""
        keys = self.package.keys[table.name]
        if largest := max(keys.largest(), self.past(table)):
            bulk.keep_beyond(table.model, largest)
        if hasattr(table.model, "history"):
            begin_history(table.model, keys, by=self.by, why=self.why)

    def closed(self, name: str) -> Keys:
        """List the records that are kept to groups."""
        table = BY_NAME[name]
        return Keys(key_of(table, row, table.owner) for row in self.package.rows(table))

    def values(self, table: Table, row: Row) -> dict[str, Any]:
        """Read a row, and work out what follows from it."""
        values = self.resolver.values(table, row, without=OF_MERGE if table.model is Merge else ())
        for name, work_out in FOLLOWS.get(table.model, {}).items():
            values[name] = work_out(values)
        if table.model is Article:
            values["restricted"] = values["id"] in self.closed_articles
        if table.model is Merge:
            values |= self.of_merge(table, row, values["kind"])
        return values

    def of_merge(self, table: Table, row: Row, kind: str) -> dict[str, Any]:
        """Read what a merge names and moved."""
        read = {"moved": value(table, row, "moved", lambda text: self.ledger(text, kind))}
        for end in ("gone", "survivor"):
            to = MERGED[kind]
            if kind == choices.MergeKind.PLACE:
                key = self.resolver.found[to].get(row.cells[end])
            else:
                key = key_of(table, row, end)
                key = key if key in self.package.keys[to] else None
            if key is None:
                raise said(table, row, _("there is no such row in %s") % f"{to}.csv", end)
            read[end] = key
        for name in ("incidentplace", "incidentlink"):
            keys = ledgers.removed_keys(read["moved"], name)
            self.removed[name] = max([self.removed.get(name, 0), *keys])
        return read

    def ledger(self, text: str, kind: str) -> dict[str, Any]:
        """Read what a merge moved."""
        found = self.resolver.found
        return ledgers.read(
            structure(text),
            kind,
            ledgers.Names(
                places=found["places"].get,
                groups=found["groups"].get,
                place_names=self.place_name,
                there=self.package.keys,
            ),
        )

    def place_name(self, name: Any) -> int | None:
        """Find a name of a place by code, language and name."""
        code, language, text = name
        place = self.resolver.found["places"].get(code)
        found = PlaceName.objects.filter(place=place, language=language, name=text)
        return found.values_list("pk", flat=True).first()

    def past(self, table: Table) -> int:
        """The largest key of a row that a merge took out, and that may be put back."""
        names = {IncidentPlace: "incidentplace", IncidentLink: "incidentlink"}
        return self.removed.get(names.get(table.model, ""), 0)


def columns_of(table: Table) -> list[str]:
    """List the columns of the database that are entered; all others hold their defaults."""
    columns = [column.attname for column in table.fields]
    columns += FOLLOWS.get(table.model, {})
    return [*columns, "restricted"] if table.model is Article else columns
