"""Runs an import: reads, plans and saves a file in one transaction, and reports every row.

One rule: all or nothing. A dry run plans and writes nothing; a rejected row undoes the rest,
unless the good rows were asked for. Called by the command, the admin and its background task.
"""

import hashlib
from array import array
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from incidents import bulk
from incidents.importing.binding import Line
from incidents.importing.building import Building
from incidents.importing.connecting import connect, publish_waiting
from incidents.importing.editions import Editions
from incidents.importing.own import DATASET, dataset_of
from incidents.importing.planning import Draft, Planning
from incidents.importing.presets import Preset
from incidents.importing.reading import Sheet
from incidents.importing.rejected import RejectedFile
from incidents.importing.rejected_rows import path_beside, write_rejected_rows
from incidents.importing.resolving import Vocabulary, fold_of_source
from incidents.importing.saving import Saving
from incidents.importing.twice import Twice
from incidents.importing.understanding import Understanding, Understood
from incidents.importing.updating import Given, Renewal, revive
from incidents.models import Import, Origin, User, choices
from incidents.refusals import need
from incidents.settling import settle
from incidents.turns import wait_for_turn

BUNCH, MOST_TOGETHER = 4_000, 8_000
MOST_LINES = 200  # of each kind, kept with the import; the report file has them all
SOURCES = "sources"  # the option that says how many sources are new
FATES = {
    "new": "new",
    "changed": "changed",
    "unchanged": "unchanged",
    "revived": "revived",
    "merged": "merged",
    "conflict": "conflicts",
    "rejected": "rejected",
}
Report = Callable[[Line], None]
Progress = Callable[[int, int], None]  # rows so far, and how many per cent of the file


class Cancelled(Exception):
    """Somebody asked the import to stop; a `progress` raises it, and nothing is saved."""


@dataclass(slots=True)
class Outcome:
    """What became of a file: its rows by fate, and the first lines of the report."""

    counts: Counter[str] = field(default_factory=Counter)
    lines: list[Line] = field(default_factory=list)
    saved: bool = False
    sources: set[str] = field(default_factory=set)  # names that no source has yet
    _kinds: Counter[str] = field(default_factory=Counter)

    @property
    def rejected(self) -> int:
        """How many rows were rejected."""
        return self.counts["rejected"]

    def add(self, line: Line) -> None:
        """Keep a line, as long as there are few of its kind."""
        self._kinds[line.kind] += 1
        if self._kinds[line.kind] <= MOST_LINES:
            self.lines.append(line)
        if line.kind == "duplicate":
            self.counts["duplicates"] += 1


class Running:
    """One run of one file."""

    def __init__(
        self,
        run: Import,
        sheet: Sheet,
        preset: Preset,
        *,
        by: User,
        report: Report = lambda line: None,
        progress: Progress = lambda rows, percent: None,
        category: str = "other",
        order: str = "",
    ) -> None:
        """Get ready; nothing is read before `check` or `save`.

        `order` is that of days in numbers, dmy or mdy, where the file does not tell.
        """
        self.run, self.sheet, self.preset, self.by = run, sheet, preset, by
        if preset.name == DATASET:
            run.dataset = self.dataset_of_first_row()
        self.report, self.progress = report, progress
        self.vocabulary = Vocabulary()
        building = Building(self.vocabulary, default_category=category)
        self.planning = Planning(run, preset.rows, self.vocabulary, building, by=by)
        self.saving = Saving(run, self.vocabulary, by=by)
        self.understanding = Understanding(preset, sheet.headers, order=order, file=run.name)
        claims = [set(bound.values) for bound in self.understanding.claims]
        self.given = Given(set(self.understanding.incident.values), set().union(*claims))
        self.renewals: dict[int, Renewal] = {}  # of the bunch at hand, by row
        self.outcome = Outcome()
        self.editions, self.twice = Editions(run), Twice()

    def check(self) -> Outcome:
        """Plan the whole file and write nothing."""
        self.allow()
        for drafts in self.planned():
            self.tell(drafts)
        return self.outcome

    def save(self, *, keep_good: bool = False) -> Outcome:
        """Plan and save the whole file, all or nothing; `keep_good`: all but the rejected rows."""
        self.allow()
        with bulk.uncollected(), transaction.atomic():
            wait_for_turn()
            is_good = True
            for drafts in self.planned():
                is_good &= keep_good or not any(d.fate == "rejected" for d in drafts)
                if is_good:
                    self.write(drafts)
                self.tell(drafts)
            if is_good:
                settle(connect(self.saving))
                self.outcome.saved = True
            else:
                transaction.set_rollback(True)
        return self.outcome

    def dataset_of_first_row(self) -> str:
        """Say whether a file of our own tables comes from this database or from another site."""
        understanding = Understanding(self.preset, self.sheet.headers)
        for number, cells in self.sheet.rows():
            said = understanding.understand(number, cells).incident
            return dataset_of(str(said.get("address") or ""), self.run.by)
        return dataset_of("", self.run.by)

    def allow(self) -> None:
        """Refuse somebody whose roles do not include what this import does."""
        need(self.by, "incidents.run_import", _("import files"))
        if self.preset.assessments:
            need(self.by, "incidents.add_assessment", _("import figures that a data set decided"))
        if self.run.status == choices.Status.PUBLISHED:
            need(self.by, "incidents.review_incident", _("publish what is imported"))

    def planned(self) -> Iterator[Sequence[Draft]]:
        """Understand and plan the file, a bunch of rows at a time."""
        self.understanding.find_order(self.sheet.rows())
        understand = self.understanding.understand
        for bunch in in_bunches(understand(*row) for row in self.sheet.rows()):
            self.outcome.counts["rows"] += len(bunch)
            drafts = self.planning.plan(bunch)
            self.settle_changes(drafts)
            self.editions.look(drafts)
            self.twice.look(drafts)
            self.note_sources(drafts)
            yield drafts
            self.progress(self.outcome.counts["rows"], self.percent())
        self.tell_of_unread()

    def tell_of_unread(self) -> None:
        """Say once which columns are not read, because they follow from the rest."""
        if columns := ", ".join(self.understanding.unread):
            message = _("not read: what stands there follows from the other columns.")
            line = Line(self.sheet.first_row - 1, columns, "", message, "unread")
            self.outcome.add(line)
            self.report(line)

    def note_sources(self, drafts: Sequence[Draft]) -> None:
        """Note who speaks in rows that are saved and is no source yet."""
        saved = (draft for draft in drafts if draft.fate in ("new", "changed"))
        named = {name for d in saved for claim in d.claims for name in claim.names.values()}
        names, known = set(map(fold_of_source, named)), self.vocabulary.sources
        self.outcome.sources |= {name for name in names if name and known.get(name) is None}

    def percent(self) -> int:
        """Say how much of the file has been read."""
        return min(100, 100 * self.sheet.progress // max(self.sheet.size, 1))

    def settle_changes(self, drafts: Sequence[Draft]) -> None:
        """Say what changes; what says the same in other words than before is unchanged."""
        self.renewals.clear()
        for draft in drafts:
            if draft.fate in ("changed", "conflict") and not draft.is_hidden:
                renewal = Renewal(draft, self.saving, self.given)
                changes = renewal.changes()
                if not changes:
                    draft.fate = "unchanged"
                    lines = draft.understood.lines
                    draft.understood.lines = [line for line in lines if line.kind != "conflict"]
                elif draft.fate == "changed":
                    draft.understood.lines += renewal.lines(changes)
                    self.renewals[draft.understood.row] = renewal

    def write(self, drafts: Sequence[Draft]) -> None:
        """Save what is new, changed or revived, and settle it."""
        new = [draft for draft in drafts if draft.fate == "new"]
        touched = set(self.saving.save(new)) if new else set()
        self.note_additions(new)
        for draft in drafts:
            if draft.fate == "changed":
                self.renewals[draft.understood.row].apply(by=self.by)
        revived = [draft for draft in drafts if draft.fate == "revived"]
        touched |= set(revive(revived, self.saving, by=self.by)) if revived else set()
        settle(touched)

    def note_additions(self, new: Sequence[Draft]) -> None:
        """Count a new version of an incident that an earlier import made and that gets claims."""
        added = {
            draft.known_incident.incident: draft.known_incident
            for draft in new
            if draft.known_incident and draft.known_incident.made_by != self.run.pk
        }
        if not added:
            return
        self.saving.revise(list(added), version=F("version") + 1)
        unedited: dict[int, list[int]] = defaultdict(list)
        for key, known in added.items():
            if not known.is_edited:
                unedited[known.version_now].append(key)
        for version, keys in unedited.items():
            origins = Origin.objects.filter(dataset=self.run.dataset, incident__in=keys)
            origins.update(version=version + 1)
        if self.run.status == choices.Status.PUBLISHED:
            publish_waiting(self.saving, added)

    def tell(self, drafts: Sequence[Draft]) -> None:
        """Count the rows by fate, and report their lines."""
        for draft in drafts:
            self.outcome.counts[FATES[draft.fate]] += 1
            for line in draft.understood.lines:
                self.outcome.add(line)
                self.report(line)


@contextmanager
def reports_beside(sheet: Sheet) -> Iterator[Report]:
    """Have the reports beside a file, each line put into the one it belongs to, and its rows."""
    path, rows = sheet.path, array("L")
    path_beside(path).unlink(missing_ok=True)
    with RejectedFile(path) as rejected, RejectedFile(path, suffix=".report.csv") as remarks:

        def report(line: Line) -> None:
            if line.kind == "rejected":
                rows.append(line.row)
                rejected.add(line.row, line.column, line.value, line.message)
            else:
                remarks.add(line.row, line.column, line.value, f"{line.kind}: {line.message}")

        yield report
    if rows:
        write_rejected_rows(sheet, rows)


def state_after(outcome: Outcome, *, saving: bool) -> str:
    """Say in which state an import is that was checked or saved and did not break off."""
    if outcome.saved:
        return choices.ImportState.SAVED
    return choices.ImportState.REFUSED if saving else choices.ImportState.CHECKED


def in_bunches(rows: Iterable[Understood]) -> Iterator[list[Understood]]:
    """Take rows a bunch at a time; neighbours that speak of one incident stay together."""
    bunch: list[Understood] = []
    for row in rows:
        is_full = len(bunch) >= BUNCH and row.incident_key != bunch[-1].incident_key
        if is_full or len(bunch) >= MOST_TOGETHER:
            yield bunch
            bunch = []
        bunch.append(row)
    if bunch:
        yield bunch


def begin(path: Path, preset: Preset, sheet: Sheet, *, by: User, status: str) -> Import:
    """Note that somebody brings in a file."""
    run = described(path, preset, sheet, by=by, status=status)
    run.save()
    return run


def described(path: Path, preset: Preset, sheet: Sheet, *, by: User, status: str) -> Import:
    """Describe the import of a file, which is stored nowhere: enough for a dry run."""
    return Import(
        name=path.name[:255],
        sha256=sha256_of(path),
        size=path.stat().st_size,
        dataset=preset.name,
        status=status,
        encoding=sheet.encoding,
        delimiter=sheet.delimiter,
        by=by,
    )


def finish(run: Import, outcome: Outcome, state: str, problem: str = "") -> None:
    """Note how an import ended, with its counts and the first lines of its report."""
    for name in Import.COUNTS:
        setattr(run, name, outcome.counts[name])
    run.report = [
        [line.row, line.column, line.value[:200], line.message[:500], line.kind]
        for line in outcome.lines
    ]
    run.options = {**run.options, SOURCES: len(outcome.sources)}
    run.state, run.problem, run.progress, run.ended = state, problem, 100, timezone.now()
    run.save()


def sha256_of(path: Path) -> str:
    """Name the content of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
