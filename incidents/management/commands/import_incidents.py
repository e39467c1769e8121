"""Bring a file into the database, or look at what would become of it; a package is restored.

Exit codes: 0 when every row was good (and is saved, unless it was a dry run), 1 when rows were
rejected, 2 for wrong usage, or a file or package that cannot be read or restored.
"""

import sys
from collections.abc import Callable
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import OperationalError

from incidents.importing import presets, running
from incidents.importing.reading import Sheet, Unreadable, open_sheet
from incidents.importing.understanding import UnclearOrder, WrongOrder
from incidents.models import Category, Import, User, choices
from incidents.refusals import Refused
from incidents.restoring import Restored, Unrestorable, restore
from incidents.unpacking import is_package

STATUSES = ("draft", "in_review", "published")
OF_SHEETS = "preset keep_good status category encoding delimiter worksheet order".split()
BUSY = "The database is busy or cannot be written: {}. Try again."
SHOWN = 20  # lines of the report; all of them are in the report file


class Command(BaseCommand):
    """`manage.py import_incidents FILE --preset missing-migrants --by NAME --dry-run`."""

    help = (
        "Import incidents or claims from a CSV or XLSX file. All rows or none, unless --keep-good. "
        "What is wrong with which row goes to FILE.rejected.csv, the rejected rows themselves, to "
        "be corrected, to FILE.rejected-rows.csv, all other remarks to FILE.report.csv. Or restore "
        "a package (package.zip), whole or not at all, into a database without records."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "file", type=Path, help="a CSV file (also .csv.gz), an XLSX workbook, or a package"
        )
        parser.add_argument(
            "--preset",
            default="",
            help="attest, missing-migrants, ucdp-ged, or a mapping of your own (a .toml file); "
            "without it, the columns tell",
        )
        parser.add_argument("--by", required=True, help="the account whose import it is")
        parser.add_argument("--dry-run", action="store_true", help="only say what would happen")
        parser.add_argument(
            "--keep-good", action="store_true", help="save the good rows though others are rejected"
        )
        parser.add_argument("--status", choices=STATUSES, default="", help="draft, if not said")
        parser.add_argument(
            "--category", default="", help="for rows that name none; other, if not said"
        )
        parser.add_argument("--encoding", default="", help="such as cp949, where it is not UTF-8")
        parser.add_argument("--delimiter", default="", help="one of , ; | or tab")
        parser.add_argument("--worksheet", default="", help="the sheet of a workbook")
        parser.add_argument(
            "--order", choices=["dmy", "mdy"], default="", help="of days such as 04/05/2024"
        )

    def handle(self, *args, **options) -> None:
        by = self.account(options["by"])
        path: Path = options["file"]
        if is_package(path):
            self.restore(path, by, options)
            return
        options["status"] = options["status"] or "draft"
        options["category"] = options["category"] or "other"
        self.check_category(options["category"])
        sheet = self.opened(path, options)
        preset = self.preset(options["preset"], sheet)
        saving = not options["dry_run"]
        begin = running.begin if saving else running.described
        run = begin(path, preset, sheet, by=by, status=options["status"])
        with running.reports_beside(sheet) as report:
            outcome, problem = running.Outcome(), ""
            try:
                job = running.Running(
                    run,
                    sheet,
                    preset,
                    by=by,
                    report=report,
                    progress=self.bar(),
                    category=options["category"],
                    order=options["order"],
                )
                outcome = job.outcome
                job.save(keep_good=options["keep_good"]) if saving else job.check()
            except UnclearOrder as refusal:
                problem = f"{refusal} Say which: --order dmy or --order mdy."
            except (Unreadable, WrongOrder, Refused) as refusal:
                problem = str(refusal)
            except OperationalError as error:
                problem = BUSY.format(error)
            finally:
                if saving:
                    self.end(run, outcome, problem=problem)
        if problem:
            raise CommandError(f"{path}: {problem} Nothing was saved.", returncode=2)
        self.tell(outcome, path, saving=saving)
        self.tell_of_editions(job)
        if outcome.rejected:
            sys.exit(1)

    def tell_of_editions(self, job: running.Running) -> None:
        """Say which data set the file may be a newer edition of."""
        for dataset, rows, of in job.editions.found():
            self.stdout.write(
                f"{rows:,} of the first {of:,} rows have ids or links that the data set "
                f"“{dataset}” brought in already. A newer edition of it needs a mapping of that "
                "name (name = …), so that its rows are compared; an import that was saved can be "
                "undone."
            )

    def restore(self, path: Path, by: User, options: dict) -> None:
        """Restore a package, or only try."""
        given = [f"--{name.replace('_', '-')}" for name in OF_SHEETS if options[name]]
        if given:
            sentence = f"A package is restored as it is; leave {', '.join(given)} out."
            raise CommandError(sentence, returncode=2)
        try:
            restored = restore(path, by=by, dry_run=options["dry_run"])
        except Unrestorable as refusal:
            raise CommandError(f"{refusal} Nothing was saved.", returncode=2) from refusal
        except OperationalError as error:
            raise CommandError(f"{BUSY.format(error)} Nothing was saved.", returncode=2) from error
        self.tell_restored(restored)

    def tell_restored(self, restored: Restored) -> None:
        """Say what a package brought."""
        files = ((file.removesuffix(".csv"), rows) for file, rows in restored.rows.items())
        counts = ", ".join(f"{rows:,} {name.replace('_', ' ')}" for name, rows in files if rows)
        what = "Dry run, nothing was saved" if restored.dry_run else "Restored"
        self.stdout.write(f"{what}: {counts or 'no records'}.")
        for sentence in restored.sentences():
            self.stdout.write(f"  {sentence}")

    def account(self, name: str) -> User:
        """Find the account whose import it is."""
        user = User.objects.filter(username=name, is_active=True).first()
        if user is None:
            raise CommandError(f"There is no active account “{name}”.", returncode=2)
        return user

    def check_category(self, code: str) -> None:
        """Refuse a category that does not exist."""
        codes = list(Category.objects.values_list("code", flat=True))
        if code not in codes:
            allowed = ", ".join(codes)
            raise CommandError(f"“{code}” is no category. Allowed: {allowed}.", returncode=2)

    def opened(self, path: Path, options: dict) -> Sheet:
        """Open the file."""
        delimiter = {"tab": "\t", "\\t": "\t"}.get(options["delimiter"], options["delimiter"])
        try:
            return open_sheet(
                path,
                encoding=options["encoding"],
                delimiter=delimiter,
                worksheet=options["worksheet"],
            )
        except Unreadable as refusal:
            raise CommandError(str(refusal), returncode=2) from refusal

    def preset(self, name: str, sheet: Sheet) -> presets.Preset:
        """Find the mapping that was named, or that the columns tell."""
        try:
            if name.endswith(".toml"):
                return presets.load(Path(name))
            return presets.chosen(name, sheet.headers)
        except presets.BadMapping as refusal:
            raise CommandError(str(refusal), returncode=2) from refusal

    def bar(self) -> Callable[[int, int], None]:
        """Show on a terminal how far the import is."""

        def show(rows: int, percent: int) -> None:
            if self.stderr.isatty():
                filled = "█" * (percent * 30 // 100)
                self.stderr.write(f"\r{filled:·<30} {percent} %, {rows:,} rows", ending="")
                self.stderr.flush()

        return show

    def end(self, run: Import, outcome: running.Outcome, *, problem: str) -> None:
        """Note how it ended."""
        refused = choices.ImportState.REFUSED
        state = refused if problem else running.state_after(outcome, saving=True)
        running.finish(run, outcome, state, problem)

    def tell(self, outcome: running.Outcome, path: Path, *, saving: bool) -> None:
        """Say what became of the file."""
        counts = ", ".join(
            f"{outcome.counts[name]:,} {name}"
            for name in Import.COUNTS
            if name == "rows" or outcome.counts[name]
        )
        what = "Saved" if outcome.saved else "Nothing was saved"
        sources = f", {len(outcome.sources):,} new sources" if outcome.sources else ""
        self.stdout.write(f"{what if saving else 'Dry run'}: {counts}{sources}.")
        for line in outcome.lines[:SHOWN]:
            where = f", {line.column}" if line.column else ""
            self.stdout.write(f"  row {line.row}{where}: {line.message}")
        if len(outcome.lines) > SHOWN:
            self.stdout.write(f"  … and more, in {path.name}.report.csv and .rejected.csv.")
