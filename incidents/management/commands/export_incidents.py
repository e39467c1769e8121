"""Write the answer to a question to a file, exactly as the pages would give it."""

import hashlib
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from incidents import exports
from incidents.columns import TABLES
from incidents.filters import BadQuestion, Question, ask
from incidents.models import User
from incidents.package import package_stream
from incidents.slots import Busy


class Command(BaseCommand):
    """`export_incidents "region=CN-JL&from=2024" --table claims -o claims.csv`."""

    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("query", help="a query string as the pages take it; '' for everything")
        parser.add_argument("--table", choices=sorted(TABLES), help="of csv; default: incidents")
        parser.add_argument(
            "--format",
            choices=["csv", "package"],
            default="csv",
            help="csv, or package: every table with its keys, which can be restored",
        )
        parser.add_argument("-o", "--output", required=True, help="the file to write; - for stdout")
        parser.add_argument(
            "--as", dest="user", help="a user's name; without it, what any viewer may see"
        )

    def handle(self, *args, **options) -> None:
        user = self.reader(options["user"])
        try:
            question = ask(options["query"], user)
        except BadQuestion as refusal:
            raise CommandError("\n".join(refusal.sentences), returncode=2) from refusal
        if options["format"] == "package" and options["table"]:
            raise CommandError("A package holds every table; leave --table out.", returncode=2)
        try:
            stream = exports.begin(self.stream(question, options))
        except Busy as busy:
            raise CommandError(str(busy), returncode=1) from busy
        if options["output"] == "-":
            for piece in stream:
                sys.stdout.buffer.write(piece)
            return
        self.write(stream, Path(options["output"]))

    def stream(self, question: Question, options: dict[str, Any]) -> Iterator[bytes]:
        """Choose what is written."""
        if options["format"] == "package":
            return package_stream(question)
        return exports.csv_stream(question, options["table"] or "incidents")

    def reader(self, name: str | None) -> User | None:
        """Find the account whose rights count."""
        if name is None:
            return None
        user = User.objects.filter(username=name, is_active=True).first()
        if user is None:
            raise CommandError(f"There is no active account “{name}”.", returncode=2)
        return user

    def write(self, stream, path: Path) -> None:
        """Write beside the file and put it in place at the end: a half file never looks whole."""
        half = path.with_name(path.name + ".part")
        digest = hashlib.sha256()
        try:
            with half.open("wb") as file:
                for piece in stream:
                    file.write(piece)
                    digest.update(piece)
            os.replace(half, path)
        except OSError as error:
            raise CommandError(f"{path}: {error.strerror}.", returncode=2) from error
        self.stderr.write(f"{path}  SHA-256 {digest.hexdigest()}")
