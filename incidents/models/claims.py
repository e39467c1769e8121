"""Claims: what one source says in one article about one incident, and what follows from it."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from incidents.models import choices
from incidents.models.asking import EDITING
from incidents.models.incidents import Incident
from incidents.models.places import Place
from incidents.models.shapes import (
    CountedWords,
    DatedWords,
    LowBestHigh,
    Restrictable,
    RestrictedQuerySet,
    one_of,
    rule,
)
from incidents.models.sources import Article, Source


class ClaimQuerySet(RestrictedQuerySet):
    """Questions asked of the claims."""

    def visible_to(self, user) -> "ClaimQuerySet":
        """Keep what this person may see: the claim, its article and its incident alike."""
        if user is not None and user.is_superuser:
            return self
        if user is not None and user.has_perms(EDITING):
            seen = self.exclude(incident__in=Incident.objects.closed_to(user).values("pk"))
        else:
            seen = self.filter(incident__in=Incident.objects.visible_to(user).values("pk"))
        if user is None:
            return seen.filter(restricted=False)
        groups = Claim.restricted_to.through.objects
        own = groups.filter(group__in=user.group_keys)
        told = Q(pk__in=own.values("claim")) | ~Q(pk__in=groups.values("claim"))
        articles = Article.objects.visible_to(user).values("pk")
        theirs = Claim.objects.filter(told, restricted=True, article__in=articles)
        return seen.filter(Q(restricted=False) | Q(pk__in=theirs.values("pk")))

    def without_basis(self) -> "ClaimQuerySet":
        """Keep those that do not count because nobody said what their number covers."""
        return self.filter(status="accepted", basis="")

    def with_suggested_source(self) -> "ClaimQuerySet":
        """Keep those whose printed source nobody has agreed to read as the one named."""
        return self.filter(source_suggested=True)


class Claim(DatedWords, CountedWords, Restrictable):
    """What one source says in one article about one incident, in its own words.

    Not the truth, and not the sum of anything: a count of people (unless the unit says families,
    households or flights) with the bounds its words give. Seen by whoever may see both its
    incident and its article, unless restricted further.
    """

    Measure = choices.Measure
    Basis = choices.Basis
    Stance = choices.Stance
    Origin = choices.Origin
    Status = choices.ClaimStatus
    Role = choices.PlaceRole

    article = models.ForeignKey(
        Article, verbose_name=_("article"), on_delete=models.PROTECT, related_name="claims"
    )
    incident = models.ForeignKey(
        Incident, models.PROTECT, "claims", verbose_name=_("incident"), db_index=False
    )
    source = models.ForeignKey(
        Source,
        verbose_name=_("source"),
        on_delete=models.PROTECT,
        related_name="claims",
        null=True,
        blank=True,
        help_text=_("Who says so. Empty when the article speaks for itself."),
    )
    source_as_printed = models.CharField(
        _("source as printed"),
        max_length=200,
        blank=True,
        help_text=_("The name as the article prints it, even when you think it is wrong."),
    )
    source_suggested = models.BooleanField(
        _("source is a suggested reading"),
        default=False,
        help_text=_("Tick while nobody has agreed that the printed name means this source."),
    )
    stance = models.CharField(
        _("stance"),
        max_length=16,
        choices=Stance,
        default=Stance.AFFIRMS,
        help_text=_("What the source does with the report: it affirms, denies, comments …"),
    )
    measure = models.CharField(
        _("measure"),
        max_length=12,
        choices=Measure,
        blank=True,
        help_text=_("What is counted. Empty: the category's principal measure."),
    )
    basis = models.CharField(
        _("basis"),
        max_length=12,
        choices=Basis,
        blank=True,
        help_text=_("What the number covers. Until this is said the claim does not count."),
    )
    of = models.ForeignKey(
        "self",
        verbose_name=_("part of claim"),
        on_delete=models.PROTECT,
        related_name="parts",
        null=True,
        blank=True,
        help_text=_("For a sub-count: the claim it is a part of."),
    )
    people = models.CharField(
        _("people as printed"),
        max_length=200,
        blank=True,
        help_text=_("refugees, workers, Uyghurs … Empty when not said."),
    )
    act_words = models.CharField(
        _("act as printed"),
        max_length=200,
        blank=True,
        help_text=_("강제북송, deported, sent back … Empty when not said."),
    )
    place_words = models.CharField(
        _("place as printed"),
        max_length=200,
        blank=True,
        help_text=_("The place in the source's own words. Empty when not said."),
    )
    place = models.ForeignKey(
        Place,
        verbose_name=_("place"),
        on_delete=models.PROTECT,
        related_name="claims",
        null=True,
        blank=True,
        help_text=_("The smallest known place that covers those words. Empty when not said."),
    )
    place_role = models.CharField(
        _("role of the place"),
        max_length=12,
        choices=Role,
        blank=True,
        help_text=_("What happened there. “Role unclear” when the source does not say."),
    )
    quote = models.TextField(
        _("quote"),
        blank=True,
        help_text=_("One short sentence as printed. No names of victims. May stay empty."),
    )
    translation = models.TextField(
        _("translation"), blank=True, help_text=_("Your translation of the quote. May stay empty.")
    )
    locator = models.CharField(
        _("locator"),
        max_length=100,
        blank=True,
        help_text=_("Page, paragraph or characters: p. 3, para 2, [326,454)."),
    )
    origin = models.CharField(
        _("origin"),
        max_length=10,
        choices=Origin,
        default=Origin.NOT_KNOWN,
        help_text=_("Whether the source gathered this itself."),
    )
    repeats = models.ForeignKey(
        "self",
        verbose_name=_("repeats claim"),
        on_delete=models.PROTECT,
        related_name="repeated_by",
        null=True,
        blank=True,
        help_text=_("The claim this one relays or reprints; it then adds nothing to the figure."),
    )
    seen_original = models.BooleanField(
        _("original seen"),
        default=False,
        help_text=_("Tick when you read the claimant's own publication."),
    )
    corrects = models.ForeignKey(
        "self",
        verbose_name=_("corrects claim"),
        on_delete=models.PROTECT,
        related_name="corrected_by",
        null=True,
        blank=True,
        help_text=_("The earlier claim this one replaces; it stays visible and stops counting."),
    )
    status = models.CharField(
        _("status"),
        max_length=12,
        choices=Status,
        default=Status.ACCEPTED,
        help_text=_("Anything but accepted needs a note."),
    )
    status_note = models.TextField(
        _("note on status"), blank=True, help_text=_("Why it is not simply accepted.")
    )
    credibility = models.PositiveSmallIntegerField(
        _("credibility"),
        null=True,
        blank=True,
        choices=[(n, str(n)) for n in range(1, 7)],
        help_text=_("Admiralty scale, 1 confirmed to 6 cannot be judged. Empty: not judged."),
    )
    created = models.DateTimeField(auto_now_add=True)
    updated = models.DateTimeField(auto_now=True)
    counts = models.BooleanField(_("counts"), default=False, editable=False)

    DERIVED = ("counts", "restricted")
    NOT_SEARCHED = ("article", "source", "of", "place", "repeats", "corrects")
    history = HistoricalRecords(
        excluded_fields=[*DERIVED], m2m_fields=["restricted_to"], no_db_index=NOT_SEARCHED
    )

    objects = ClaimQuerySet.as_manager()

    class Meta:
        verbose_name = _("claim")
        verbose_name_plural = _("claims")
        ordering = ["id"]
        constraints = [
            *DatedWords.rules(),
            *CountedWords.rules(),
            one_of("stance", choices.Stance),
            one_of("measure", choices.Measure),
            one_of("basis", choices.Basis, blank=True),
            one_of("origin", choices.Origin),
            one_of("status", choices.ClaimStatus),
            one_of("place_role", choices.PlaceRole, blank=True),
            rule(
                "credibility_one_to_six",
                Q(credibility__isnull=True) | Q(credibility__range=(1, 6)),
                _("Credibility is a number from 1 to 6, or empty."),
            ),
            rule(
                "status_explained",
                Q(status="accepted") | ~Q(status_note=""),
                _("Say in the note on status why the claim is not simply accepted."),
            ),
            rule(
                "refers_to_others",
                (Q(of__isnull=True) | ~Q(of=F("id")))
                & (Q(repeats__isnull=True) | ~Q(repeats=F("id")))
                & (Q(corrects__isnull=True) | ~Q(corrects=F("id"))),
                _("A claim cannot be part of, repeat or correct itself."),
            ),
        ]
        indexes = [
            models.Index(fields=["incident", "id"], name="incidents_claim_incident"),
            models.Index(
                fields=["id"], name="incidents_claim_restricted", condition=Q(restricted=True)
            ),
            models.Index(
                fields=["id"], name="incidents_no_basis", condition=Q(status="accepted", basis="")
            ),
            models.Index(
                fields=["id"], name="incidents_claim_suggested", condition=Q(source_suggested=True)
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.words} ({self.speaker or _('the article itself')})"

    @property
    def speaker(self) -> str:
        """Who is said to say it: the printed name, else the source's own."""
        return self.source_as_printed or (self.source.name if self.source else "")


class ClaimStep(DatedWords):
    """One step of the chain inside an article: who passed it on, with which verb, when."""

    claim = models.ForeignKey(
        Claim, models.PROTECT, "steps", verbose_name=_("claim"), db_index=False
    )
    position = models.PositiveSmallIntegerField(
        _("step"), help_text=_("1 for whoever said it first.")
    )
    name_as_printed = models.CharField(
        _("name as printed"), max_length=200, help_text=_("As the article prints it.")
    )
    source = models.ForeignKey(
        Source,
        verbose_name=_("source"),
        on_delete=models.PROTECT,
        related_name="steps",
        null=True,
        blank=True,
        help_text=_("Who that is. Empty when not known."),
    )
    verb = models.CharField(
        _("verb as printed"),
        max_length=100,
        blank=True,
        help_text=_("reported, confirmed, said … Empty when none."),
    )
    history = HistoricalRecords(no_db_index=["source"])

    class Meta:
        verbose_name = _("step")
        verbose_name_plural = _("steps")
        ordering = ["claim", "position"]
        constraints = [
            *DatedWords.rules(),
            models.UniqueConstraint(
                fields=["claim", "position"],
                name="%(app_label)s_%(class)s_one_at_a_position",
                violation_error_message=_("Two steps have the same number."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.position}. {self.name_as_printed}"


class AssessmentQuerySet(models.QuerySet):
    """Questions asked of the assessments."""

    def visible_to(self, user) -> "AssessmentQuerySet":
        """Keep those that rest only on claims this person may see, on incidents they may see."""
        closed = Claim.objects.filter(restricted=True)
        hidden = closed.exclude(pk__in=closed.visible_to(user).values("pk"))
        incidents = Incident.objects.visible_to(user).values("pk")
        return self.filter(incident__in=incidents).exclude(claims__in=hidden.values("pk"))


class Assessment(LowBestHigh):
    """A dated, named decision about one figure of an incident. Append-only; the latest holds."""

    Measure = choices.Measure

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="assessments")
    measure = models.CharField(_("measure"), max_length=12, choices=Measure)
    rule = models.CharField(
        _("rule"),
        max_length=200,
        help_text=_("How the numbers were reached: “the lowest documented count” …"),
    )
    claims = models.ManyToManyField(
        Claim,
        verbose_name=_("claims used"),
        related_name="assessments",
        help_text=_("The claims the decision rests on."),
    )
    reason = models.TextField(_("reason"), help_text=_("Why, so that a colleague can check it."))
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, "assessments")
    made_at = models.DateTimeField(auto_now_add=True)

    objects = AssessmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("assessment")
        verbose_name_plural = _("assessments")
        ordering = ["-made_at", "-id"]
        constraints = [
            *LowBestHigh.rules(),
            one_of("measure", choices.Measure),
            rule(
                "says_something",
                Q(people_low__isnull=False)
                | Q(people_best__isnull=False)
                | Q(people_high__isnull=False),
                _("Give at least one of low, best and high."),
            ),
            rule("rule_given", ~Q(rule=""), _("Say by which rule the numbers were reached.")),
            rule("reason_given", ~Q(reason=""), _("Say why.")),
        ]

    def __str__(self) -> str:
        return f"{self.incident.code} {self.get_measure_display()} {self.made_at:%Y-%m-%d}"

    def clean(self) -> None:
        """Refuse numbers of people that no count can reach."""
        for number in (self.people_low, self.people_best, self.people_high):
            if number is not None and number > 10**9:
                raise ValidationError(
                    _("%s people is more than a figure can hold; at most 1,000,000,000.") % number
                )

    def save(self, **kwargs) -> None:
        """Save once; a decision that turned out wrong is followed by a new one."""
        if self.pk:
            raise ValueError("An assessment is never changed; make a new one.")
        super().save(**kwargs)
