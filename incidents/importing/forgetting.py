"""Takes away uploads that nobody confirmed: the file, its reports, and the note of the import.

One rule: what made a record, or is being worked on, stays; an import that was saved or undone is
never forgotten. Called by the worker from time to time.
"""

import datetime as dt
import shutil

from django.conf import settings
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from incidents.importing.folders import Folder
from incidents.models import Import, Origin, choices

State = choices.ImportState
UNCONFIRMED = (State.UPLOADED, State.CHECKED, State.REFUSED, State.CANCELLED)


def forget_unconfirmed() -> int:
    """Take away uploads that were left alone for IMPORT_KEEP_DAYS; how many. 0 days: none."""
    if not settings.IMPORT_KEEP_DAYS:
        return 0
    before = timezone.now() - dt.timedelta(days=settings.IMPORT_KEEP_DAYS)
    alone = Import.objects.filter(state__in=UNCONFIRMED, started__lt=before).exclude(file="")
    alone = alone.filter(Q(ended=None) | Q(ended__lt=before))
    made = Origin.objects.filter(Q(made_by=OuterRef("pk")) | Q(last=OuterRef("pk")))
    gone = 0
    for run in alone.filter(~Exists(made)):
        folder = Folder(run.file.name)
        if folder.is_held:
            continue
        shutil.rmtree(folder.path, ignore_errors=True)
        run.delete()
        gone += 1
    return gone
