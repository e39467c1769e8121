"""Incidents: what is said to have happened, and the columns derived from the claims about it.

Every derived column is written by `settling.settle` alone. Read by filters and columns.
"""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from incidents.models import choices
from incidents.models.asking import IncidentQuerySet, code_of
from incidents.models.categories import Category
from incidents.models.places import Place
from incidents.models.shapes import (
    DatedWords,
    DerivedFigure,
    Restrictable,
    one_of,
    rule,
)


class Incident(DatedWords, DerivedFigure, Restrictable):
    """An act (event), a series that holds events (wave), or somebody's published total (aggregate).

    Not a person, and not a report: what is said about it stands on its claims, and its figure
    counts people by the category's principal measure. Drafts are seen by researchers; what is in
    review or published by every account; restricted ones by their groups alone.
    """

    Kind = choices.IncidentKind
    Status = choices.Status
    Review = choices.Review
    PointPrecision = choices.PointPrecision

    kind = models.CharField(
        _("kind"),
        max_length=10,
        choices=Kind,
        default=Kind.EVENT,
        help_text=_("Event: one act. Wave: a series of acts. Aggregate: a published total."),
    )
    category = models.ForeignKey(
        Category,
        verbose_name=_("category"),
        on_delete=models.PROTECT,
        related_name="incidents",
        help_text=_("The kind of act; “other” when none fits."),
        db_index=False,
    )
    title = models.CharField(
        _("title"), max_length=300, help_text=_("One plain line: who, what, where, when. No names.")
    )
    summary = models.TextField(
        _("summary"),
        blank=True,
        help_text=_("What is known and what is judged. No names of victims. May stay empty."),
    )
    people_label = models.CharField(
        _("people"),
        max_length=200,
        blank=True,
        help_text=_("As the sources call them: refugees, workers, 탈북민. Empty when not said."),
    )
    nationality = models.ForeignKey(
        Place,
        verbose_name=_("nationality"),
        on_delete=models.PROTECT,
        related_name="incidents_by_nationality",
        null=True,
        blank=True,
        limit_choices_to={"kind": "country"},
        help_text=_("Of the people, where stated. Empty when not said."),
    )
    sending = models.ForeignKey(
        Place,
        verbose_name=_("sending state"),
        on_delete=models.PROTECT,
        related_name="incidents_sent",
        null=True,
        blank=True,
        limit_choices_to={"kind": "country"},
        help_text=_("The state that sent people away. Empty when it does not apply."),
        db_index=False,
    )
    receiving = models.ForeignKey(
        Place,
        verbose_name=_("receiving state"),
        on_delete=models.PROTECT,
        related_name="incidents_received",
        null=True,
        blank=True,
        limit_choices_to={"kind": "country"},
        help_text=_("The state they were sent to. Empty when it does not apply."),
        db_index=False,
    )
    date_not_stated = models.BooleanField(
        _("no date is stated"),
        default=False,
        help_text=_("Tick when you looked and no source gives a date."),
    )
    place_not_stated = models.BooleanField(
        _("no place is stated"),
        default=False,
        help_text=_("Tick when you looked and no source gives a place."),
    )
    latitude = models.DecimalField(
        _("latitude"),
        max_digits=9,
        decimal_places=6,
        null=True,
        blank=True,
        help_text=_("Only where a source gives a point of its own. Degrees, south negative."),
    )
    longitude = models.DecimalField(
        _("longitude"),
        max_digits=9,
        decimal_places=6,
        null=True,
        blank=True,
        help_text=_("Only where a source gives a point of its own. Degrees, west negative."),
    )
    point_precision = models.CharField(
        _("precision of the point"),
        max_length=10,
        choices=PointPrecision,
        blank=True,
        help_text=_("How exact the source's point is. Empty without a point."),
    )
    wave = models.ForeignKey(
        "self",
        verbose_name=_("part of wave"),
        on_delete=models.PROTECT,
        related_name="events",
        null=True,
        blank=True,
        limit_choices_to={"kind": "wave"},
        help_text=_("The series this event belongs to. Empty when none."),
        db_index=False,
    )
    responsible = models.CharField(
        _("responsible authority, as alleged"),
        max_length=300,
        blank=True,
        help_text=_("As the sources put it. Empty when not said."),
    )
    extra = models.TextField(_("extra data"), default="", blank=True, editable=False)  # JSON

    status = models.CharField(
        _("status"), max_length=10, choices=Status, default=Status.DRAFT, editable=False
    )
    merged_into = models.ForeignKey(
        "self",
        verbose_name=_("merged into"),
        on_delete=models.PROTECT,
        related_name="absorbed",
        null=True,
        editable=False,
    )
    logged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("logged by"),
        on_delete=models.PROTECT,
        related_name="logged_incidents",
        null=True,
        editable=False,
        db_index=False,
    )
    review_note = models.TextField(_("note from review"), blank=True, default="", editable=False)
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)
    signed_version = models.PositiveIntegerField(_("signed version"), default=0, editable=False)
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("signed by"),
        on_delete=models.PROTECT,
        related_name="signed_incidents",
        null=True,
        editable=False,
    )
    signed_at = models.DateTimeField(_("signed at"), null=True, editable=False)
    second_read = models.BooleanField(_("second-read"), default=False, editable=False)
    first_published = models.DateTimeField(_("first published"), null=True, editable=False)
    created = models.DateTimeField(auto_now_add=True)
    updated = models.DateTimeField(default=timezone.now, editable=False)

    # Derived, beside those of DerivedFigure; written by settle alone.
    sort_day = models.DateField(default="0001-01-01", editable=False)
    wide = models.BooleanField(default=True, editable=False)
    tied = models.BooleanField(default=False, editable=False)
    main_place = models.ForeignKey(
        Place, on_delete=models.PROTECT, related_name="+", null=True, editable=False
    )
    main_role = models.CharField(max_length=12, blank=True, editable=False)
    search_text = models.TextField(blank=True, editable=False)
    linked = models.BooleanField(default=False, editable=False)
    open_claims = models.PositiveIntegerField(default=0, editable=False)
    unnamed_outlets = models.PositiveIntegerField(default=0, editable=False)
    cited = models.JSONField(default=list, editable=False)
    cited_sources = models.TextField(blank=True, editable=False)
    cited_urls = models.TextField(blank=True, editable=False)
    cited_archives = models.TextField(blank=True, editable=False)

    DERIVED = (
        *DerivedFigure.DERIVED,
        "sort_day",
        "wide",
        "tied",
        "restricted",
        "main_place_id",
        "main_role",
        "search_text",
        "linked",
        "open_claims",
        "unnamed_outlets",
        "cited",
        "cited_sources",
        "cited_urls",
        "cited_archives",
    )
    history = HistoricalRecords(
        excluded_fields=[name.removesuffix("_id") for name in DERIVED],
        m2m_fields=["restricted_to"],
        no_db_index=[
            *["category", "nationality", "sending", "receiving", "merged_into"],
            *["logged_by", "signed_by"],
        ],
    )

    objects = IncidentQuerySet.as_manager()

    class Meta:
        verbose_name = _("incident")
        verbose_name_plural = _("incidents")
        ordering = ["-sort_day", "-id"]
        permissions = [
            ("review_incident", "Can publish, send back, withdraw, assess and merge incidents"),
            ("export_incident", "Can take incidents away as files"),
        ]
        constraints = [
            *DatedWords.rules(),
            *DerivedFigure.rules(),
            one_of("kind", choices.IncidentKind),
            one_of("status", choices.Status),
            one_of("point_precision", choices.PointPrecision, blank=True),
            rule("title_given", ~Q(title=""), _("Give the incident a title.")),
            rule(
                "only_events_in_waves",
                Q(wave__isnull=True) | Q(kind="event") & ~Q(wave=F("id")),
                _("Only an event can be part of a wave."),
            ),
            rule(
                "merged_names_survivor",
                Q(status="merged", merged_into__isnull=False)
                | ~Q(status="merged") & Q(merged_into__isnull=True),
                _("A merged incident names the one it was merged into, and no other does."),
            ),
            rule(
                "published_is_signed",
                ~Q(status="published")
                | Q(signed_by__isnull=False, signed_at__isnull=False, signed_version__gt=0),
                _("A published incident was signed off by somebody."),
            ),
            rule(
                "date_stated_or_not",
                Q(date_not_stated=False) | Q(date_words=""),
                _("Either give a date or tick that none is stated, not both."),
            ),
            rule(
                "point_complete",
                Q(latitude__isnull=True, longitude__isnull=True, point_precision="")
                | Q(latitude__range=(-90, 90), longitude__range=(-180, 180))
                & ~Q(point_precision=""),
                _(
                    "A point needs latitude (-90 to 90), longitude (-180 to 180) and its "
                    "precision; leave all three empty where no source gives a point."
                ),
            ),
        ]
        indexes = [
            models.Index(fields=["status", "kind", "-sort_day", "-id"], name="incidents_by_status"),
            models.Index(fields=["category", "-sort_day", "-id"], name="incidents_by_category"),
            models.Index(fields=["sending", "-sort_day", "-id"], name="incidents_by_sending"),
            models.Index(fields=["receiving", "-sort_day", "-id"], name="incidents_by_receiving"),
            models.Index(fields=["wave", "-sort_day", "-id"], name="incidents_by_wave"),
            models.Index(fields=["-sort_day", "-id"], name="incidents_by_day"),
            models.Index(fields=["-updated", "-id"], name="incidents_by_update"),
            models.Index(
                Coalesce("stated_max", -1).desc(), F("id").desc(), name="incidents_by_people"
            ),
            models.Index(
                fields=["earliest", "latest"], name="incidents_wide", condition=Q(wide=True)
            ),
            models.Index(
                fields=["-sort_day", "-id"],
                name="incidents_wide_by_day",
                condition=Q(wide=True, earliest__isnull=False),
            ),
            models.Index(
                fields=["earliest", "latest"],
                name="incidents_wide_beside_sums",
                condition=(Q(tied=True) | Q(restricted=True)) & Q(wide=True),
            ),
            models.Index(fields=["logged_by", "status", "-id"], name="incidents_by_logger"),
            models.Index(
                fields=["-updated", "-id"],
                name="incidents_to_review",
                condition=Q(status="in_review")
                | Q(status="published", version__gt=F("signed_version")),
            ),
            models.Index(
                fields=["-updated", "-id"],
                name="incidents_changed",
                condition=Q(status="published", version__gt=F("signed_version")),
            ),
            models.Index(
                fields=["category", "-sort_day", "-id"],
                name="incidents_tied",
                condition=Q(tied=True),
            ),
            models.Index(
                fields=["id"], name="incidents_newer_claims", condition=Q(newer_claims__gt=0)
            ),
            models.Index(
                fields=["id"], name="incidents_undecided", condition=Q(figure_kind="disputed")
            ),
            models.Index(fields=["id"], name="incidents_restricted", condition=Q(restricted=True)),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"

    def get_absolute_url(self) -> str:
        return reverse("incident-detail", args=[self.code])

    @property
    def code(self) -> str:
        """The permanent code, `AT-000123`."""
        return code_of(self.pk)

    @property
    def review(self) -> str:
        """Where the record stands between researcher and reviewer, as a code of `Review`."""
        return review_state(self.status, self.version, self.signed_version, self.second_read)


def review_state(status: str, version: int, signed_version: int, second_read: bool) -> str:
    """Say where a record with these columns stands between researcher and reviewer."""
    if status != choices.Status.PUBLISHED:
        return choices.Review.NONE
    if version > signed_version:
        return choices.Review.CHANGED
    return choices.Review.SECOND_READ if second_read else choices.Review.NOT_SECOND_READ
