"""The desk page of a claim with its chain of steps, and the claims on other records' pages."""

from functools import reduce
from operator import or_

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from incidents.admin.mattering import MatterFilter
from incidents.admin.noticing import notice
from incidents.admin.saving import Touched, hold, really_changed
from incidents.admin.shared import RecordAdmin, RecordInline, RemovableRows
from incidents.forms import ClaimForm, ClaimPageForm, StepForm, StepFormSet
from incidents.forms.understood import counting, understood_count, understood_date
from incidents.models import Claim, ClaimStep, Source, key_in, pk_of

CHOICES = ("article", "incident", "source", "place", "of", "repeats", "corrects")


class Understood:
    """What was read from a claim's words, and whether it counts."""

    @admin.display(description=_("understood as"))
    def understood_count(self, claim: Claim) -> str:
        """Show how the count was read."""
        return understood_count(claim)

    @admin.display(description=_("understood as"))
    def understood_date(self, claim) -> str:
        """Show how the date was read."""
        return understood_date(claim)

    @admin.display(description=_("counts"))
    def counting(self, claim: Claim) -> str:
        """Show whether the claim is part of the figure."""
        return counting(claim)


class ClaimInline(Understood, RecordInline, admin.StackedInline):
    """Claims on the page of their article or incident: the few fields that most claims need."""

    model = Claim
    form = ClaimForm
    readonly_fields = ("understood_count", "understood_date", "counting")
    autocomplete_fields = CHOICES
    template = "admin/incidents/claim_rows.html"
    classes = ("claims",)
    show_change_link = True
    max_num = 200
    about: tuple = ()

    def get_formset(self, request, obj=None, **kwargs):
        """Read no more rows than a person can have typed."""
        return super().get_formset(request, obj, absolute_max=500, **kwargs)

    def get_queryset(self, request):
        """Fetch what the rows name with them."""
        rows = super().get_queryset(request).select_related("source", "incident", "article")
        return rows.prefetch_related("restricted_to")

    def get_fieldsets(self, request, obj=None):
        """Show what most claims need; the rest opens on demand."""
        return (
            (
                None,
                {
                    "fields": (
                        ("source", "source_as_printed"),
                        ("words", "understood_count", "basis", "counting"),
                        self.about,
                        ("date_words", "understood_date"),
                        ("place_words", "place", "place_role"),
                        "quote",
                        "seen",
                    )
                },
            ),
            (_("More about this claim"), {"classes": ("collapse",), "fields": MORE}),
        )


MORE = (
    ("stance", "measure"),
    ("people", "act_words"),
    ("translation", "locator"),
    ("origin", "repeats"),
    ("of", "corrects"),
    ("status", "status_note"),
    "restricted_to",
)


class StepInline(Understood, RemovableRows, admin.TabularInline):
    """The chain inside the article: who said it first, who passed it on."""

    model = ClaimStep
    form = StepForm
    formset = StepFormSet
    readonly_fields = ("understood_date",)
    autocomplete_fields = ("source",)
    fields = (
        "position",
        "name_as_printed",
        "source",
        "verb",
        "date_words",
        "understood_date",
        "seen",
    )


@admin.register(Claim)
class ClaimAdmin(Understood, RecordAdmin):
    """Claims: all of one claim's fields, and its chain."""

    form = ClaimPageForm
    inlines = (StepInline,)
    autocomplete_fields = CHOICES
    readonly_fields = ("understood_count", "understood_date", "counting")
    search_fields = ("words",)
    search_help_text = _("Number, words, quote, source or incident code")
    list_display = ("number", "who", "words", "read_as", "incident", "article", "status", "counts")
    list_filter = (MatterFilter, "status", "basis", "stance", "counts")
    list_select_related = ("source", "incident", "article")
    ordering = ("-id",)
    fieldsets = (
        (None, {"fields": ("article", "incident")}),
        (
            _("Who says what"),
            {
                "fields": (
                    ("source", "source_as_printed"),
                    "source_suggested",
                    ("words", "understood_count"),
                    ("basis", "counting"),
                    ("stance", "measure"),
                    ("people", "act_words"),
                )
            },
        ),
        (
            _("When and where"),
            {
                "fields": (
                    ("date_words", "understood_date"),
                    ("place_words", "place"),
                    "place_role",
                )
            },
        ),
        (_("Words of the source"), {"fields": ("quote", "translation", "locator")}),
        (
            _("Where it comes from"),
            {"fields": (("origin", "seen_original"), "repeats", "of", "corrects")},
        ),
        (
            _("Judgement and access"),
            {"fields": (("status", "status_note"), "credibility", "restricted_to")},
        ),
    )

    @admin.display(description="#", ordering="id")
    def number(self, claim: Claim) -> str:
        """Show the claim's number."""
        return f"#{claim.pk}"

    @admin.display(description=_("who"))
    def who(self, claim: Claim) -> str:
        """Show who says it."""
        return claim.speaker or str(_("the article itself"))

    @admin.display(description=_("understood as"))
    def read_as(self, claim: Claim) -> str:
        """Show how the count was read, and a basis that is still missing."""
        read = understood_count(claim)
        return read if claim.basis else _("%s; basis not yet said: does not count") % read

    def choice_line(self, claim: Claim) -> str:
        """Name the claim, after its incident, where somebody chooses one."""
        return f"{claim.incident.code} {claim}"

    def get_search_results(self, request, queryset, search_term):
        """Find claims by number, words, source, or their incident's code; in a list by quote too.

        A choice box answers as somebody types, and quotes are by far the longest to look through.
        """
        texts = ("words", "source_as_printed")
        if request.resolver_match.url_name != "autocomplete":
            texts += ("quote",)
        for word in search_term.split():
            queryset = queryset.filter(
                Q(pk=key_in(word.removeprefix("#")))
                | Q(incident=incident_in(word))
                | holding(word, texts)
                | Q(source__in=Source.objects.named(word).values("pk"))
            )
        return queryset.select_related("incident", "source"), False

    def history_parts(self, request, record):
        """Tell of the claim and of its steps."""
        return claim_history(request.user, pk=record.pk)

    def save_related(self, request, form, formsets, change) -> None:
        """Save the steps, then bring the incidents that the claim touches up to date, once."""
        hold([form.incident_before, form.instance.incident_id])
        super().save_related(request, form, formsets, change)
        if really_changed(form, formsets):
            notice(request, [form])
            touched = Touched()
            touched.by_claim(form)
            touched.write(by=request.user, why=form.cleaned_data.get("why", ""))


def claim_history(user, **about) -> list[QuerySet]:
    """List the histories of claims that this person may see, and of their steps."""
    claims = Claim.objects.visible_to(user).filter(**about).values("pk")
    return [Claim.history.filter(id__in=claims), ClaimStep.history.filter(claim__in=claims)]


def holding(word: str, texts: tuple[str, ...]) -> Q:
    """Say that one of these texts holds a word; letters without case are compared as they are."""
    how = "contains" if word.lower() == word.upper() else "icontains"
    return reduce(or_, (Q(**{f"{text}__{how}": word}) for text in texts))


def incident_in(word: str) -> int | None:
    """Read an incident's key from its code; None when the word is no code."""
    try:
        return pk_of(word)
    except ValueError:
        return None
