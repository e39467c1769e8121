"""The desk pages of sources, places and categories, and the list of exports."""

from urllib.parse import parse_qsl

from django.contrib import admin
from django.db.models import BooleanField, Case, Exists, OuterRef, Value, When
from django.utils.translation import gettext_lazy as _

from incidents.admin.merging import MergingPages
from incidents.admin.saving import really_changed
from incidents.admin.shared import OnRecord, RecordAdmin, RemovableRows
from incidents.forms import CategoryForm, PlaceForm, SourceForm
from incidents.mentions import incidents_at, incidents_naming
from incidents.models import (
    Category,
    ExportLog,
    Incident,
    Place,
    PlaceName,
    Source,
    SourceAlias,
)
from incidents.names import fold
from incidents.settling import settle


class NamedRecords:
    """Finds records by any of their names, in any script; the exact name comes first."""

    names: type
    owner: str

    def get_search_results(self, request, queryset, search_term):
        """Keep what has a name that holds the text."""
        choosing = not request.resolver_match or request.resolver_match.url_name == "autocomplete"
        if choosing:
            queryset = queryset.standing()
        if not search_term.strip():
            return queryset, False
        found = queryset.named(search_term)
        if not choosing:
            return found, False
        exact = self.names.objects.filter(
            **{self.owner: OuterRef("pk"), "folded": fold(search_term)}
        )
        rank = Case(When(Exists(exact), then=Value(0)), default=Value(1))
        return found.order_by(rank, "name", "id"), False


class AliasInline(RemovableRows, admin.TabularInline):
    """Other names of the source, in any script."""

    model = SourceAlias
    fields = ("name", "seen")


@admin.register(Source)
class SourceAdmin(MergingPages, NamedRecords, RecordAdmin):
    """Sources: who says or publishes something."""

    form = SourceForm
    inlines = (AliasInline,)
    names, owner = SourceAlias, "source"
    autocomplete_fields = ("country", "parent")
    search_fields = ("name",)
    search_help_text = _("Any name, in any script")
    list_display = ("name", "kind", "country", "parent", "reliability", "merged_into")
    list_filter = ("kind", "reliability")
    list_select_related = ("country", "parent", "merged_into")
    fieldsets = (
        (None, {"fields": ("name", ("kind", "country"), "parent")}),
        (_("More about the source"), {"fields": (("slug", "reliability"), "note")}),
    )

    def get_readonly_fields(self, request, obj=None):
        """Fix the short name once it is given: addresses hold it."""
        return ("slug",) if obj else ()

    def save_related(self, request, form, formsets, change) -> None:
        """Save the other names, then settle the incidents in which the source's name stands.

        A source that is renamed is still found by the name it had.
        """
        super().save_related(request, form, formsets, change)
        if change and "name" in form.changed_data:
            form.instance.aliases.get_or_create(name=form.initial["name"])
        if change and really_changed(form, formsets):
            settle(incidents_naming([form.instance.pk]))


class PlaceNameInline(RemovableRows, admin.TabularInline):
    """Other names of the place, in any script; its own three names stand above."""

    model = PlaceName
    fields = ("name", "language", "seen")

    def get_queryset(self, request):
        """Leave out the names that follow from the place itself."""
        return super().get_queryset(request).filter(own=False)


@admin.register(Place)
class PlaceAdmin(MergingPages, NamedRecords, RecordAdmin):
    """Places: one tree, from world regions down to prisons and crossings."""

    form = PlaceForm
    inlines = (PlaceNameInline,)
    names, owner = PlaceName, "place"
    autocomplete_fields = ("parent",)
    search_fields = ("name",)
    search_help_text = _("Any name or code, in any script")
    list_display = ("code", "name", "name_ko", "name_zh", "kind", "country", "merged_into")
    list_display_links = ("code", "name")
    list_filter = ("kind",)
    list_select_related = ("country", "merged_into")
    fields = (
        ("code", "kind"),
        "parent",
        "name",
        ("name_ko", "name_zh"),
        ("latitude", "longitude"),
    )

    def get_readonly_fields(self, request, obj=None):
        """Fix the code once it is given: addresses and files hold it."""
        return ("code",) if obj else ()

    def save_related(self, request, form, formsets, change) -> None:
        """Save the other names, then settle the incidents in and below the place.

        A place that is renamed is still found by the name it had.
        """
        super().save_related(request, form, formsets, change)
        if change:
            for field, language in (("name", "en"), ("name_ko", "ko"), ("name_zh", "zh")):
                if field in form.changed_data and form.initial[field]:
                    form.instance.names.get_or_create(language=language, name=form.initial[field])
        if change and really_changed(form, formsets):
            settle(incidents_at([form.instance.pk]))


@admin.register(Category)
class CategoryAdmin(RecordAdmin):
    """Categories: the kinds of act, with their definitions."""

    form = CategoryForm
    search_fields = ("name", "code")
    list_display = ("name", "code", "measure", "position")
    fields = tuple(CategoryForm.Meta.fields)

    def get_readonly_fields(self, request, obj=None):
        """Fix the code once it is given: addresses and files hold it."""
        return ("code",) if obj else ()

    def save_model(self, request, obj, form, change) -> None:
        """Save, and bring the rows of its incidents up to date when the measure changed."""
        super().save_model(request, obj, form, change)
        if change and "measure" in form.changed_data:
            settle(Incident.objects.filter(category=obj).values_list("pk", flat=True))


TIMES = ("started", "ended")
WORDS = {"q", "wave"}  # the parameters that may name an incident


@admin.register(ExportLog)
class ExportLogAdmin(OnRecord, admin.ModelAdmin):
    """The list of exports: who took what away. Nobody edits it.

    A question may name restricted records, in its words or by code; only whoever asked it, and
    superusers, read these.
    """

    list_display = ("started", "user", "table", "asked", "rows", "size", "state")
    fields = ("user", "table", "asked", "question", "state", "rows", "size", "sha256", *TIMES)
    readonly_fields = fields
    list_filter = ("state", "table")
    list_select_related = ("user",)
    show_full_result_count = False

    def get_queryset(self, request):
        """Mark the exports whose question this person may read whole."""
        own = When(user=request.user, then=Value(True))
        whole = Case(own, default=Value(request.user.is_superuser), output_field=BooleanField())
        return super().get_queryset(request).annotate(whole=whole)

    @admin.display(description=_("query"))
    def asked(self, export: ExportLog) -> str:
        """Show the question, as far as it may be read."""
        return export.query if export.whole else without_words(export.query)


def without_words(query: str) -> str:
    """Leave out of a question what may name an incident."""
    asked = parse_qsl(query, keep_blank_values=True)
    return "&".join(f"{name}={'…' if name in WORDS else value}" for name, value in asked)
