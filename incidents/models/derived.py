"""Rows that follow from others, so that lists and totals stay fast; written by settle alone."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from incidents.models import choices
from incidents.models.categories import Category
from incidents.models.incidents import Incident
from incidents.models.places import Place
from incidents.models.shapes import DerivedFigure, one_of, rule
from incidents.models.sources import Source

ANYWHERE = 0
ON_MAP = "map"  # the role of the rows that say where an incident stands on a map
NOWHERE, OWN_POINT = 0, -1  # in place of a place, in such a row
THE_EDITION = 1
SUMMED_PLACES = ("region", "subregion", "country", "admin1")


def derived_from(model: type[models.Model], **options) -> models.ForeignKey:
    """Refer to a record from a row that follows from it.

    The database neither asks for the record nor indexes the column by itself: settle alone writes
    these rows, from records that are asked for, and other indexes begin with the column.
    """
    usual = {"on_delete": models.CASCADE, "db_constraint": False, "db_index": False}
    return models.ForeignKey(model, **(usual | options))


class SameIncident(models.ForeignObject):
    """Rows of another table that follow from the same incident, joined without the incident.

    No column, and nothing that a migration knows: a way to ask, from either row to the other.
    """

    requires_unique_target = False

    def __init__(self, to: str, **kwargs) -> None:
        """Join where both are of one incident."""
        columns = {"from_fields": ["incident"], "to_fields": ["incident"]}
        super().__init__(to, models.DO_NOTHING, related_name="+", **columns, **kwargs)

    def contribute_to_class(self, cls, name, private_only=False, **kwargs) -> None:
        """Stand beside the fields of the table, not among them."""
        super().contribute_to_class(cls, name, private_only=True, **kwargs)


class IncidentFigure(DerivedFigure):
    """An incident's figure for one measure; the principal one also stands on the incident.

    Category and months (numbers of `months`) say to which sums it adds where it is `summed`: that
    of a published event without ties that everybody may see.
    """

    incident = derived_from(Incident, related_name="figures")
    measure = models.CharField(max_length=12, choices=choices.Measure)
    sort_day = models.DateField()
    category = derived_from(Category, related_name="+", on_delete=models.PROTECT)
    first_month = models.IntegerField()
    last_month = models.IntegerField()
    principal = models.BooleanField(default=False)
    summed = models.BooleanField(default=False)
    touching = SameIncident("IncidentRegion")

    class Meta:
        constraints = [
            *DerivedFigure.rules(),
            one_of("measure", choices.Measure),
            models.UniqueConstraint(
                fields=["incident", "measure"], name="%(app_label)s_%(class)s_once_a_measure"
            ),
        ]
        indexes = [
            models.Index(fields=["measure", "-sort_day", "-incident"], name="incidents_figure_day"),
        ]

    def __str__(self) -> str:
        return f"{self.incident_id} {self.measure}: {self.figure_words}"


class IncidentRegion(models.Model):
    """An incident touched a place or something below it; role empty means any but context.

    `summed`: the row of any role, for a place that has sums of its own, SUMMED_PLACES. In the role
    ON_MAP the place is one at which the incident stands on a map, and not what that lies in; or
    OWN_POINT where a source gives a point, or NOWHERE.
    """

    incident = derived_from(Incident, related_name="regions")
    place = derived_from(Place, related_name="incident_regions")
    role = models.CharField(max_length=12, choices=choices.PlaceRole, blank=True)
    sort_day = models.DateField()
    summed = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["incident", "place", "role"], name="%(app_label)s_%(class)s_once"
            ),
        ]
        indexes = [
            models.Index(
                fields=["place", "role", "-sort_day", "-incident"], name="incidents_region_day"
            ),
            models.Index(
                fields=["incident", "place"],
                name="incidents_on_map",
                condition=models.Q(role="map"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.incident_id} in {self.place_id} {self.role}"


class IncidentSource(models.Model):
    """A source speaks (claimant) or publishes (publisher) about an incident, in open claims."""

    Part = choices.SourcePart

    incident = derived_from(Incident, related_name="source_rows")
    source = derived_from(Source, related_name="incident_rows")
    part = models.CharField(max_length=10, choices=Part)
    sort_day = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["incident", "source", "part"], name="%(app_label)s_%(class)s_once"
            ),
        ]
        indexes = [
            models.Index(
                fields=["source", "part", "-sort_day", "-incident"], name="incidents_source_day"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source_id} {self.part} of {self.incident_id}"


class Sums(models.Model):
    """What incidents add up to, for one measure.

    `incidents` counts those whose category has this principal measure; the other numbers are those
    of `tally.Total`.
    """

    incidents = models.BigIntegerField()
    lines = models.BigIntegerField()
    without_figure = models.BigIntegerField()
    without_low = models.BigIntegerField()
    without_best = models.BigIntegerField()
    without_high = models.BigIntegerField()
    low_sum = models.BigIntegerField()
    best_sum = models.BigIntegerField()
    high_sum = models.BigIntegerField()
    about = models.BigIntegerField()
    disputed = models.BigIntegerField()

    SUMS = (
        "incidents",
        "lines",
        "without_figure",
        "without_low",
        "without_best",
        "without_high",
        "low_sum",
        "best_sum",
        "high_sum",
        "about",
        "disputed",
    )

    class Meta:
        abstract = True


class MonthSum(Sums):
    """What the published events in one place, category and measure, of the same months, add up to.

    Holds only events that everybody may see and that are not tied to others; each stands once
    under ANYWHERE and once under every region, country and division that it touched. Months are
    numbers of `months`. Signed numbers: a change is added as a difference.
    """

    place = models.BigIntegerField()
    category = models.ForeignKey(Category, on_delete=models.PROTECT, related_name="+")
    measure = models.CharField(max_length=12, choices=choices.Measure)
    first_month = models.IntegerField()
    last_month = models.IntegerField()

    CELL = ("place", "category_id", "measure", "first_month", "last_month")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["place", "category", "measure", "first_month", "last_month"],
                name="%(app_label)s_%(class)s_once",
            ),
        ]
        indexes = [
            models.Index(fields=["id"], name="incidents_sum_empty", condition=models.Q(lines=0)),
        ]

    def __str__(self) -> str:
        return f"{self.place} {self.category_id} {self.measure}: {self.incidents}"


class Edition(models.Model):
    """In which state the records are: a mark that every change replaces; one row, of no other use.

    A mark is never used twice, so what was worked out under one holds wherever it stands, also
    after a backup was put back.
    """

    mark = models.CharField(max_length=32)

    class Meta:
        constraints = [
            rule("is_one_row", models.Q(id=THE_EDITION), "There is one edition, the present one.")
        ]

    def __str__(self) -> str:
        return self.mark


class IncidentKnot(models.Model):
    """How a tied incident stands in a total that has its whole knot in it, and nothing else of it.

    A knot holds the published, open events and waves that waves and links between the same people
    connect; one that nothing else is connected to is a knot by itself. `knot` is its smallest
    member, `size` how many there are; the rest is what files say where the knot is whole.
    """

    incident = models.OneToOneField(
        Incident, on_delete=models.CASCADE, primary_key=True, related_name="standing"
    )
    knot = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="knot_members")
    size = models.PositiveIntegerField()
    counted = models.BooleanField()
    counted_why = models.TextField(blank=True)
    overlap_group = models.BigIntegerField(null=True)

    STANDING = ("knot_id", "size", "counted", "counted_why", "overlap_group")

    def __str__(self) -> str:
        return f"{self.incident_id} in {self.knot_id}"


class KnotSum(Sums):
    """What a whole knot adds to the total of one measure.

    `knot` is its smallest member. `incidents` counts the members whose category has this principal
    measure; the other numbers are those of `tally.Total`.
    """

    knot = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="knot_sums")
    measure = models.CharField(max_length=12, choices=choices.Measure)
    silent = models.BigIntegerField()
    groups = models.BigIntegerField()
    overlapping = models.BigIntegerField()
    left_out = models.BigIntegerField()

    TOTAL = (*Sums.SUMS[1:], "silent", "groups", "overlapping", "left_out")
    SUMS = ("incidents", *TOTAL)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["knot", "measure"], name="%(app_label)s_%(class)s_once_a_measure"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.knot_id} {self.measure}: {self.incidents}"


class ExportLog(models.Model):
    """Who took what away, when: the question, the rows, the bytes and their SHA-256."""

    State = choices.ExportState

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("user"),
        on_delete=models.PROTECT,
        related_name="exports",
        null=True,
    )
    table = models.CharField(_("table"), max_length=20)
    query = models.TextField(_("query"), blank=True)
    question = models.CharField(_("mark of the query"), max_length=12)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.STARTED)
    rows = models.PositiveBigIntegerField(_("rows"), default=0)
    size = models.PositiveBigIntegerField(_("bytes"), default=0)
    sha256 = models.CharField(_("SHA-256"), max_length=64, blank=True)
    started = models.DateTimeField(_("started at"), auto_now_add=True)
    ended = models.DateTimeField(_("ended at"), null=True)

    class Meta:
        verbose_name = _("export")
        verbose_name_plural = _("exports")
        ordering = ["-id"]
        constraints = [one_of("state", choices.ExportState)]

    def __str__(self) -> str:
        return f"{self.table} {self.question} {self.state}"
