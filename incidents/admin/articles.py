"""The desk page of an article, with its claims: where most logging happens.

Each claim names an incident that exists, or starts one in the same save.
"""

from django.contrib import admin, messages
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from incidents.admin.claims import ClaimInline, claim_history
from incidents.admin.mattering import MatterFilter
from incidents.admin.noticing import notice
from incidents.admin.saving import (
    SHOWN_OF_ARTICLE,
    Touched,
    hold,
    really_changed,
    reread_dates,
)
from incidents.admin.shared import RecordAdmin
from incidents.forms import ArticleClaimForm, ArticleClaimFormSet, ArticleForm, changed_fields
from incidents.forms.understood import understood_date
from incidents.models import Article


class ArticleClaimInline(ClaimInline):
    """The claims of the article."""

    form = ArticleClaimForm
    formset = ArticleClaimFormSet
    fk_name = "article"
    about = ("incident", "new_incident_title", "new_incident_category")


@admin.register(Article)
class ArticleAdmin(RecordAdmin):
    """Articles: what was read, and what it says."""

    form = ArticleForm
    inlines = (ArticleClaimInline,)
    autocomplete_fields = ("publisher", "credit", "reprint_of")
    readonly_fields = ("understood_date",)
    search_fields = ("title",)
    search_help_text = _("Title, URL or publisher, in any script")
    list_display = ("name", "publisher", "published", "kind", "coding_state", "code")
    change_form_template = "admin/incidents/article/change_form.html"
    list_filter = (MatterFilter, "coding_state", "kind")
    list_select_related = ("publisher",)
    ordering = ("-id",)
    fieldsets = (
        (
            None,
            {
                "fields": (
                    "url",
                    "title",
                    "publisher",
                    ("date_words", "understood_date"),
                    "coding_state",
                )
            },
        ),
        (
            _("More about the article"),
            {
                "classes": ("collapse",),
                "fields": (
                    "credit",
                    "reprint_of",
                    ("language", "kind"),
                    "archive_url",
                    "accessed_on",
                    "restricted_to",
                ),
            },
        ),
    )

    @admin.display(description=_("article"), ordering="title")
    def name(self, article: Article) -> str:
        """Show the title, or the URL of a page that nobody has read yet."""
        return str(article)

    @admin.display(description=_("next"))
    def code(self, article: Article) -> str:
        """Lead to the page that takes its claims."""
        return format_html(
            '<a href="{}">{}</a>', reverse("admin:code", args=[article.pk]), _("Code")
        )

    @admin.display(description=_("publication date"), ordering="earliest")
    def published(self, article: Article) -> str:
        """Show the publication date."""
        return article.date_edtf or article.date_words

    @admin.display(description=_("understood as"))
    def understood_date(self, article: Article) -> str:
        """Show how the publication date was read."""
        return understood_date(article)

    def get_search_results(self, request, queryset, search_term):
        """Find articles by title, URL or publisher."""
        return queryset.matching(search_term), False

    def history_parts(self, request, record):
        """Tell of the article and of its claims."""
        return [
            *super().history_parts(request, record),
            *claim_history(request.user, article=record),
        ]

    def save_related(self, request, form, formsets, change) -> None:
        """Save the claims, then bring every incident they touch up to date, once."""
        changed = really_changed(form, formsets)
        claims = [row for formset in formsets for row in formset.forms if row.has_changed()]
        hold(key for row in claims for key in (row.incident_before, row.instance.incident_id))
        closed_before = bool(form.instance.restricted) if change else None
        super().save_related(request, form, formsets, change)
        if changed:
            notice(request, [form, *claims])
            self.settle(request, form, formsets, claims, closed_before)

    def settle(self, request, form, formsets, claims, closed_before: bool | None) -> None:
        """Revise and settle what this save touched."""
        article, why = form.instance, form.cleaned_data.get("why", "")
        touched = Touched()
        for row in claims:
            touched.by_claim(row)
        if SHOWN_OF_ARTICLE & set(changed_fields(form)):
            if "date_words" in changed_fields(form):
                self.warn_stale(request, reread_dates(article, by=request.user, why=why))
            touched.by_article(article, closed_before=closed_before)
        touched.by_started(formsets)
        touched.write(by=request.user, why=why, article=article)

    def warn_stale(self, request, claims) -> None:
        """Name the claims whose date no longer follows from their words."""
        seen = {claim.pk for claim in claims}
        for claim in self.visible_claims(request).filter(pk__in=seen):
            messages.warning(
                request,
                _("The date of claim %s can no longer be worked out; please look at it.") % claim,
            )

    def visible_claims(self, request):
        """Return the claims that this person may see."""
        return ArticleClaimInline.model.objects.visible_to(request.user)
