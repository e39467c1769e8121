"""Loads the demo data; loads the gazetteer first where there is none."""

from typing import Any

from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.core.management.base import BaseCommand, CommandError

from incidents import demo, gazetteer
from incidents.loading import load_places
from incidents.models import Place


class Command(BaseCommand):
    """`manage.py load_demo`; running it again changes nothing that people did since."""

    help = (
        "Load the demo data: one editorial taken apart and 47 published claims about 18 returns. "
        "What was loaded before, and what people changed since, is left alone."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        if not Place.objects.exists():
            load_places(gazetteer.places())
        researcher = demo.account("researcher", "Researcher")
        reviewer = demo.account("reviewer", "Reviewer")
        try:
            added = demo.load(researcher=researcher, reviewer=reviewer)
        except (ValueError, ValidationError, ObjectDoesNotExist, LookupError) as error:
            notes = getattr(error, "__notes__", [])
            raise CommandError(" ".join([str(error), *notes])) from error
        counts = ", ".join(f"{number:,} {name}" for name, number in added.items() if number)
        self.stdout.write(f"Demo data: {counts or 'nothing'} added.")
