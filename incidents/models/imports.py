"""Imports: which file was brought in by whom, and which record each of its rows became.

Written by `importing` alone. An import never deletes: what it made can be withdrawn.
"""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from incidents.models import choices
from incidents.models.claims import Claim
from incidents.models.incidents import Incident
from incidents.models.shapes import one_of, rule


class Import(models.Model):
    """One file that was brought in, or looked at; its counts are rows of the file.

    Seen by those who may import. `mapping` is the TOML by which its columns were understood.
    """

    State = choices.ImportState

    name = models.CharField(_("file"), max_length=255)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField(default=0)
    file = models.FileField(upload_to="imports/", blank=True)
    mapping = models.TextField(blank=True)
    dataset = models.CharField(_("data set"), max_length=100, blank=True)
    status = models.CharField(max_length=10, choices=choices.Status, default="draft")
    encoding = models.CharField(max_length=40, blank=True)
    delimiter = models.CharField(max_length=1, blank=True)
    keep_good = models.BooleanField(default=False)
    options = models.JSONField(default=dict)  # what the upload page was told
    state = models.CharField(
        _("state"), max_length=10, choices=State, default=choices.ImportState.CHECKING
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    rows = models.PositiveIntegerField(default=0)
    new = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    revived = models.PositiveIntegerField(default=0)
    merged = models.PositiveIntegerField(default=0)
    conflicts = models.PositiveIntegerField(default=0)
    rejected = models.PositiveIntegerField(default=0)
    duplicates = models.PositiveIntegerField(default=0)
    progress = models.PositiveSmallIntegerField(default=0)  # per cent of the file
    report = models.JSONField(default=list)  # the first lines; the whole is in the report file
    problem = models.TextField(blank=True)  # why nothing came of it, in a sentence
    started = models.DateTimeField(auto_now_add=True)
    ended = models.DateTimeField(null=True)

    COUNTS = (
        "rows",
        "new",
        "changed",
        "unchanged",
        "revived",
        "merged",
        "conflicts",
        "rejected",
        "duplicates",
    )

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering = ["-id"]
        permissions = [("run_import", "Can import files and undo imports")]
        constraints = [
            one_of("state", choices.ImportState),
            rule("progress_per_cent", Q(progress__lte=100), "progress: 0 to 100"),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.dataset})"


class Origin(models.Model):
    """Where a record came from: the data set, its own id there, and the file and row.

    An incident has one row for each data set that speaks of it, and so has each claim. `digest` is
    that of the row as understood; `version` is the incident's when the import last wrote it: a
    higher one means that somebody has edited it here since.
    """

    dataset = models.CharField(max_length=100)
    own_id = models.CharField(max_length=250)
    made_by = models.ForeignKey(Import, on_delete=models.PROTECT, related_name="made")
    last = models.ForeignKey(Import, on_delete=models.PROTECT, related_name="brought")
    row = models.PositiveIntegerField()
    digest = models.CharField(max_length=32)
    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="origins")
    claim = models.ForeignKey(Claim, on_delete=models.CASCADE, related_name="origins", null=True)
    version = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["dataset", "own_id"], name="%(app_label)s_%(class)s_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.dataset} {self.own_id}"
