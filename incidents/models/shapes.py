"""Shapes that several records share, each written once.

A dated phrase, a count as worded, low/best/high, a restriction to groups: the fields, the rules
the database keeps for them, and how they are read from words. Every model file uses these.
"""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.contrib.auth.models import Group
from django.db import models
from django.db.models import Exists, F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from incidents import dates, quantities
from incidents.models import choices


def rule(name: str, condition: Q, message: str) -> models.CheckConstraint:
    """Name a rule that a record keeps, with the sentence a person sees when it is broken."""
    return models.CheckConstraint(
        name=f"%(app_label)s_%(class)s_{name}",
        condition=condition,
        violation_error_message=message,
    )


def one_of(
    field: str, codes: type[models.TextChoices], *, blank: bool = False
) -> models.CheckConstraint:
    """Let the database refuse a code that is not among the choices."""
    allowed = [*codes.values, *([""] if blank else [])]
    return rule(
        f"{field}_is_known",
        Q(**{f"{field}__in": allowed}),
        f"{field}: {', '.join(codes.values)}",
    )


def at_most_or_missing(smaller: str, larger: str) -> Q:
    """Say `smaller <= larger`, true also when either is missing."""
    return (
        Q(**{f"{smaller}__isnull": True})
        | Q(**{f"{larger}__isnull": True})
        | Q(**{f"{smaller}__lte": F(larger)})
    )


def survivor_of(record):
    """Follow a merged record to the one that stands for it now; any other is its own."""
    while record.merged_into_id:
        record = record.merged_into
    return record


DATED = ("date_edtf", "earliest", "latest", "date_inferred", "date_anchor", "date_reasoning")
COUNTED = ("qualifier", "low", "value", "high", "unit")


def dated_columns(read: dates.ImpreciseDate | None) -> dict[str, Any]:
    """Say what the columns DATED hold for a date that was read; None where none is stated."""
    if read is None:
        return dict(zip(DATED, ("", None, None, False, None, ""), strict=True))
    parts = (read.edtf, read.earliest, read.latest, read.inferred, read.anchor, read.reasoning)
    return dict(zip(DATED, parts, strict=True))


def counted_columns(read: quantities.Quantity) -> dict[str, Any]:
    """Say what the columns COUNTED hold for a count that was read."""
    return {name: getattr(read, name) for name in COUNTED}


class DatedWords(models.Model):
    """A date as worded, as EDTF, and as the two days it lies between.

    `earliest` and `latest` are inclusive; null means open or unknown. `~` and `?` in the EDTF do
    not widen the days. What was worked out rather than stated is marked inferred, with the day
    it was worked out from and the reasoning.
    """

    date_words = models.CharField(
        _("date as worded"),
        max_length=200,
        blank=True,
        help_text=_(
            "The date in the source's own words, or ISO or EDTF (2024-04-26, 2023-10~). "
            "Leave empty when the source does not say. To give your own reading of other words, "
            "put EDTF in brackets behind them: shortly after the Asian Games [2023-10~]."
        ),
    )
    date_edtf = models.CharField(_("date (EDTF)"), max_length=120, blank=True, editable=False)
    earliest = models.DateField(_("earliest day"), null=True, blank=True, editable=False)
    latest = models.DateField(_("latest day"), null=True, blank=True, editable=False)
    date_inferred = models.BooleanField(_("date inferred"), default=False, editable=False)
    date_anchor = models.DateField(_("worked out from"), null=True, blank=True, editable=False)
    date_reasoning = models.TextField(_("reasoning"), blank=True, editable=False)

    class Meta:
        abstract = True

    @staticmethod
    def rules() -> list[models.CheckConstraint]:
        """Return the rules that every dated record keeps."""
        return [
            rule(
                "days_in_order",
                at_most_or_missing("earliest", "latest"),
                _("The earliest day is after the latest day."),
            ),
        ]

    def read_date(self, published: dt.date | None = None) -> None:
        """Work the days out from the words; `published` anchors relative ones.

        Raises ValueError, with a sentence for people, when the words are not understood.
        """
        read = dates.parse(self.date_words, published) if self.date_words.strip() else None
        for name, value in dated_columns(read).items():
            setattr(self, name, value)

    @property
    def date_precision(self) -> str:
        """Name how exact the two days are: day, range, month, year, open or none."""
        return dates.precision_of(self.earliest, self.latest)


class CountedWords(models.Model):
    """A count as worded, and the bounds that follow from the words; all inclusive, in `unit`.

    Null: the source does not say. Zero: the source says none.
    """

    Qualifier = choices.Qualifier
    Unit = choices.Unit

    words = models.CharField(
        _("count as worded"),
        max_length=200,
        help_text=_(
            "The count in the source's own words: around 200, up to 60, 200여 명, 约600名. "
            "Write “others” or “none stated” when the source gives no number."
        ),
    )
    qualifier = models.CharField(
        _("qualifier"), max_length=12, choices=Qualifier, editable=False, default=Qualifier.UNSTATED
    )
    low = models.PositiveIntegerField(_("low"), null=True, blank=True, editable=False)
    value = models.PositiveIntegerField(_("value"), null=True, blank=True, editable=False)
    high = models.PositiveIntegerField(_("high"), null=True, blank=True, editable=False)
    unit = models.CharField(
        _("unit"), max_length=12, choices=Unit, default=Unit.PERSONS, editable=False
    )

    class Meta:
        abstract = True

    @staticmethod
    def rules() -> list[models.CheckConstraint]:
        """Return the rules that every count keeps."""
        none = Q(low__isnull=True, value__isnull=True, high__isnull=True)
        only = {
            "low": Q(low__isnull=False, value__isnull=True, high__isnull=True),
            "value": Q(low__isnull=True, value__isnull=False, high__isnull=True),
            "high": Q(low__isnull=True, value__isnull=True, high__isnull=False),
        }
        return [
            rule("words_given", ~Q(words=""), _("Give the count in the source's own words.")),
            one_of("qualifier", choices.Qualifier),
            one_of("unit", choices.Unit),
            rule(
                "bounds_fit_qualifier",
                Q(qualifier="exactly", low=F("value"), high=F("value"))
                | Q(qualifier__in=["about", "nearly", "odd"]) & only["value"]
                | Q(qualifier__in=["at_most", "less_than"]) & only["high"]
                | Q(qualifier__in=["at_least", "more_than"]) & only["low"]
                | Q(qualifier="between", value__isnull=True, low__lte=F("high"))
                | Q(qualifier__in=["indefinite", "unstated"]) & none,
                _("The bounds do not follow from the qualifier."),
            ),
        ]

    def read_count(self) -> None:
        """Work qualifier, bounds and unit out from the words.

        Raises ValueError, with a sentence for people, when the words are not understood.
        """
        for name, value in counted_columns(quantities.parse(self.words)).items():
            setattr(self, name, value)


class LowBestHigh(models.Model):
    """People: the smallest number that holds, the one best supported, the largest that holds.

    Each may be null: nobody said. Where they exist, low <= best <= high.
    """

    people_low = models.PositiveBigIntegerField(_("low"), null=True, blank=True)
    people_best = models.PositiveBigIntegerField(_("best"), null=True, blank=True)
    people_high = models.PositiveBigIntegerField(_("high"), null=True, blank=True)

    class Meta:
        abstract = True

    @staticmethod
    def rules() -> list[models.CheckConstraint]:
        """Return the rule that every figure keeps."""
        return [
            rule(
                "low_best_high_in_order",
                at_most_or_missing("people_low", "people_best")
                & at_most_or_missing("people_best", "people_high")
                & at_most_or_missing("people_low", "people_high"),
                _("Low must not exceed best, nor best exceed high."),
            ),
        ]


class DerivedFigure(LowBestHigh):
    """A figure as `settle` derives it from claims; nobody types one."""

    FigureKind = choices.FigureKind

    stated_min = models.PositiveBigIntegerField(null=True, editable=False)
    stated_max = models.PositiveBigIntegerField(null=True, editable=False)
    figure_kind = models.CharField(
        max_length=10, choices=FigureKind, default=FigureKind.NONE, editable=False
    )
    figure_words = models.TextField(blank=True, editable=False)
    figure_words_ko = models.TextField(blank=True, editable=False)
    figure_words_zh = models.TextField(blank=True, editable=False)
    disputed = models.BooleanField(default=False, editable=False)
    sources_named = models.PositiveIntegerField(default=0, editable=False)
    sources_own = models.PositiveIntegerField(default=0, editable=False)
    newer_claims = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        abstract = True

    @staticmethod
    def rules() -> list[models.CheckConstraint]:
        """Return the rules that every derived figure keeps."""
        return [*LowBestHigh.rules(), one_of("figure_kind", choices.FigureKind)]

    DERIVED = (
        "people_low",
        "people_best",
        "people_high",
        "stated_min",
        "stated_max",
        "figure_kind",
        "figure_words",
        "figure_words_ko",
        "figure_words_zh",
        "disputed",
        "sources_named",
        "sources_own",
        "newer_claims",
    )

    @property
    def figure_said(self) -> str:
        """The figure in words, in the language that is active."""
        return in_reading_language(self, "figure_words")


def row_in_reading_language(row: Mapping[str, Any], name: str) -> Any:
    """What a row says in the language that is active, else in English."""
    return row.get(f"{name}_{(get_language() or 'en')[:2]}") or row.get(name)


def in_reading_language(record: models.Model, name: str) -> str:
    """What a record says in the language that is active, else in English."""
    return getattr(record, f"{name}_{(get_language() or 'en')[:2]}", "") or getattr(record, name)


class RestrictedQuerySet(models.QuerySet):
    """Records that can be kept to named groups."""

    def open_to(self, user) -> "RestrictedQuerySet":
        """Keep what this person's groups allow; `user=None` stands for any viewer."""
        if user is None:
            return self.filter(restricted=False)
        if user.is_superuser:
            return self
        return self.filter(Q(restricted=False) | Exists(self.kept_to_groups_of(user)))

    def closed_to(self, user) -> "RestrictedQuerySet":
        """Keep what `open_to` leaves out: always few, and found by their own index."""
        if user is not None and user.is_superuser:
            return self.none()
        closed = self.filter(restricted=True)
        if user is None:
            return closed
        return closed.exclude(Exists(self.kept_to_groups_of(user)))

    def kept_to_groups_of(self, user) -> models.QuerySet:
        """The groups among this person's that a record of an outer question is kept to.

        Asked for each restricted record alone: whoever plans the question would count a list of
        all such records again for every row that is reached by its key, and read whole tables.
        """
        kept = self.model._meta.get_field("restricted_to")
        record = {kept.m2m_field_name(): models.OuterRef("pk")}
        return kept.remote_field.through._base_manager.filter(**record, group__in=user.group_keys)


class Restrictable(models.Model):
    """A record that can be kept to named groups; empty means everybody with an account."""

    restricted_to = models.ManyToManyField(
        Group,
        verbose_name=_("restricted to"),
        blank=True,
        related_name="+",
        help_text=_(
            "Only members of these groups see the record at all. Empty: everybody who may sign in."
        ),
    )
    restricted = models.BooleanField(_("restricted"), default=False, editable=False)

    class Meta:
        abstract = True
