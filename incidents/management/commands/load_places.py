"""Loads the gazetteer: regions, countries, divisions, and towns of the countries asked for."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from incidents import gazetteer
from incidents.loading import load_places, shown


class Command(BaseCommand):
    """`manage.py load_places [COUNTRY ...]`; running it again adds only what is new."""

    help = (
        "Load places: world regions, countries, first-level divisions, and the towns and "
        "crossings the project knows. With country codes (CN KP), also their towns of 15,000 "
        "people and more. Places that somebody edited are left alone."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "countries", nargs="*", metavar="COUNTRY", help="ISO 3166-1 code, such as CN"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        rows = list(gazetteer.places())
        countries = dict.fromkeys(code.upper() for code in options["countries"])
        try:
            for country in shown(list(countries), "Reading towns", self.stderr):
                rows += gazetteer.towns_of(country)
            loaded = load_places(rows)
        except (ValueError, RuntimeError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            f"Places: {loaded.added:,} added, {loaded.updated:,} updated, "
            f"{len(loaded.kept):,} kept as people edited them; {loaded.names:,} names added."
        )
        for code in loaded.kept:
            self.stdout.write(f"Kept: {code} differs from the gazetteer.")
