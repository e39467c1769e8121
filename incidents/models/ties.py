"""What ties an incident to places and other incidents; which records turned out to be one."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from incidents.models import choices
from incidents.models.asking import code_of
from incidents.models.incidents import Incident
from incidents.models.places import Place
from incidents.models.shapes import one_of, rule


class IncidentPlace(models.Model):
    """A place an incident touched, and in which role; context places are never matched."""

    Role = choices.PlaceRole

    incident = models.ForeignKey(
        Incident,
        verbose_name=_("incident"),
        on_delete=models.PROTECT,
        related_name="places",
        db_index=False,
    )
    place = models.ForeignKey(
        Place,
        verbose_name=_("place"),
        on_delete=models.PROTECT,
        related_name="incident_places",
        help_text=_("The smallest place that the sources support."),
    )
    role = models.CharField(
        _("role"),
        max_length=12,
        choices=Role,
        help_text=_("“Role unclear” when the source does not say what happened there."),
    )
    words = models.CharField(
        _("as printed"),
        max_length=200,
        blank=True,
        help_text=_("The place in the source's own words. Empty when it is the usual name."),
    )
    history = HistoricalRecords(no_db_index=["place"])

    class Meta:
        verbose_name = _("place")
        verbose_name_plural = _("places")
        ordering = ["id"]
        constraints = [
            one_of("role", choices.PlaceRole),
            models.UniqueConstraint(
                fields=["incident", "place", "role"],
                name="%(app_label)s_%(class)s_once_a_role",
                violation_error_message=_("This place already stands here in this role."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.place} ({self.get_role_display()})"


class IncidentLink(models.Model):
    """Two incidents that may be about the same people, or one that is the other's next stage.

    For the same people the order means nothing and the older code stands first; for stages
    `first` comes before `second`. A link shows only to readers who may see both ends.
    """

    Kind = choices.LinkKind
    Certainty = choices.Certainty

    first = models.ForeignKey(
        Incident, verbose_name=_("first"), on_delete=models.PROTECT, related_name="links_onward"
    )
    second = models.ForeignKey(
        Incident, verbose_name=_("second"), on_delete=models.PROTECT, related_name="links_back"
    )
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    certainty = models.CharField(
        _("certainty"), max_length=12, choices=Certainty, default=Certainty.POSSIBLE
    )
    reason = models.TextField(_("reason"), help_text=_("What speaks for it, and what against."))
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("link")
        verbose_name_plural = _("links")
        ordering = ["id"]
        constraints = [
            one_of("kind", choices.LinkKind),
            one_of("certainty", choices.Certainty),
            rule("reason_given", ~Q(reason=""), _("Say what speaks for the link.")),
            rule(
                "two_incidents",
                ~Q(first=F("second")),
                _("An incident cannot be linked to itself."),
            ),
            rule(
                "same_people_in_order",
                ~Q(kind="same_people") | Q(first__lt=F("second")),
                _("A link between the same people names the older code first."),
            ),
            models.UniqueConstraint(
                fields=["first", "second", "kind"],
                name="%(app_label)s_%(class)s_once",
                violation_error_message=_("These two incidents are already linked in this way."),
            ),
        ]

    def __str__(self) -> str:
        return f"{code_of(self.first_id)} – {code_of(self.second_id)}: {self.get_kind_display()}"


class MergeQuerySet(models.QuerySet):
    """Questions asked of the merges."""

    def standing(self) -> "MergeQuerySet":
        """Keep those that nobody undid."""
        return self.filter(undone_at=None)


class Merge(models.Model):
    """Two records turned out to be one: which, what moved to the one that stays, and why.

    Append-only but for its undoing. `moved` lists by table the keys of the rows that went over and
    what each held before, as far as undoing needs it.
    """

    Kind = choices.MergeKind

    kind = models.CharField(max_length=10, choices=Kind)
    gone = models.PositiveBigIntegerField()
    survivor = models.PositiveBigIntegerField()
    moved = models.JSONField(default=dict)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="merges"
    )
    made_at = models.DateTimeField(auto_now_add=True)
    reason = models.TextField(_("reason"))
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="undone_merges", null=True
    )
    undone_at = models.DateTimeField(null=True)
    undone_reason = models.TextField(_("reason for undoing"), blank=True)

    objects = MergeQuerySet.as_manager()

    class Meta:
        verbose_name = _("merge")
        verbose_name_plural = _("merges")
        ordering = ["-id"]
        constraints = [
            one_of("kind", choices.MergeKind),
            rule("reason_given", ~Q(reason=""), _("Say why.")),
            rule("two_records", ~Q(gone=F("survivor")), _("A record cannot join itself.")),
            rule(
                "undone_by_somebody",
                Q(undone_by__isnull=True, undone_at__isnull=True)
                | Q(undone_by__isnull=False, undone_at__isnull=False) & ~Q(undone_reason=""),
                _("Who undoes a merge says why."),
            ),
            models.UniqueConstraint(
                fields=["kind", "gone"],
                condition=Q(undone_at__isnull=True),
                name="%(app_label)s_%(class)s_gone_once",
                violation_error_message=_("This record was already merged into another."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.gone} > {self.survivor}"
