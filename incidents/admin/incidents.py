"""The desk page of an incident: its places and claims, what follows from them, and its actions."""

from collections.abc import Iterable, Iterator

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from incidents.admin.acting import ActingPages
from incidents.admin.asking import QuestionFilter, export_claims, export_incidents
from incidents.admin.claims import ClaimInline, incident_in
from incidents.admin.comparing import ComparePage
from incidents.admin.figures import assessments_shown, figures_shown, links_shown
from incidents.admin.imported import ImportedFilter
from incidents.admin.mattering import MatterFilter
from incidents.admin.merging import MergingPages
from incidents.admin.noticing import notice
from incidents.admin.saving import Touched, really_changed
from incidents.admin.shared import RecordAdmin, RemovableRows
from incidents.changes import assessments, histories
from incidents.filters import PARAMETERS
from incidents.forms import IncidentForm
from incidents.forms.understood import understood_date
from incidents.merging import follow_restriction
from incidents.models import Claim, Incident, IncidentPlace
from incidents.searching import matching


class PlaceInline(RemovableRows, admin.TabularInline):
    """The places the incident touched, with their roles."""

    model = IncidentPlace
    fields = ("place", "role", "words", "seen")
    autocomplete_fields = ("place",)

    def get_queryset(self, request):
        """Fetch the places with their rows, which are named by them."""
        return super().get_queryset(request).select_related("place")


class IncidentClaimInline(ClaimInline):
    """What is claimed about the incident; each claim stands in an article."""

    fk_name = "incident"
    about = ("article",)


@admin.register(Incident)
class IncidentAdmin(MergingPages, ActingPages, ComparePage, RecordAdmin):
    """Incidents: what is said to have happened."""

    form = IncidentForm
    inlines = (PlaceInline, IncidentClaimInline)
    actions = (export_incidents, export_claims)
    autocomplete_fields = ("nationality", "sending", "receiving", "wave")
    readonly_fields = ("where_it_stands", "understood_date", "figures", "links", "assessments")
    search_fields = ("title",)
    search_help_text = _("Code, title, place, source or quote, in any script")
    list_display = ("code", "title", "category", "when", "figure", "status", "reviewed")
    list_display_links = ("code", "title")
    asked_by = PARAMETERS
    list_filter = (QuestionFilter, ImportedFilter, MatterFilter, "status", "kind", "category")
    list_select_related = ("category",)
    ordering = ("-sort_day", "-id")
    follows = (_("What follows from the claims"), {"fields": ("figures", "links", "assessments")})
    fieldsets = (
        (
            None,
            {
                "fields": (
                    "title",
                    ("category", "kind"),
                    "summary",
                    ("date_words", "understood_date"),
                    ("date_not_stated", "place_not_stated"),
                    ("sending", "receiving"),
                )
            },
        ),
        (
            _("More about the incident"),
            {
                "classes": ("collapse",),
                "fields": (
                    ("people_label", "nationality"),
                    "responsible",
                    "wave",
                    ("latitude", "longitude", "point_precision"),
                    "restricted_to",
                ),
            },
        ),
    )

    @admin.display(description=_("code"), ordering="id")
    def code(self, incident: Incident) -> str:
        """Show the permanent code."""
        return incident.code

    @admin.display(description=_("when"), ordering="sort_day")
    def when(self, incident: Incident) -> str:
        """Show the date, marked where it was worked out."""
        if incident.date_inferred:
            return _("%s (worked out)") % incident.date_edtf
        return incident.date_edtf or incident.date_words

    @admin.display(description=_("figure"), ordering="stated_max")
    def figure(self, incident: Incident) -> str:
        """Show the principal figure in words."""
        return incident.figure_said

    @admin.display(description=_("review"))
    def reviewed(self, incident: Incident) -> str:
        """Show where the record stands with its reviewers."""
        if incident.status != Incident.Status.PUBLISHED:
            return ""
        return str(Incident.Review(incident.review).label)

    @admin.display(description=_("status"))
    def where_it_stands(self, incident: Incident) -> str:
        """Show code, status, review and version in one line."""
        parts = [incident.code, incident.get_status_display(), self.reviewed(incident)]
        parts.append(_("version %s") % incident.version)
        return " · ".join(str(part) for part in parts if part)

    @admin.display(description=_("understood as"))
    def understood_date(self, incident: Incident) -> str:
        """Show how the date was read."""
        return understood_date(incident)

    @admin.display(description=_("figures"))
    def figures(self, incident: Incident) -> str:
        """Show the figure of each measure in words."""
        return figures_shown(incident)

    @admin.display(description=_("links"))
    def links(self, incident: Incident) -> str:
        """Show links to incidents that the reader may see."""
        return links_shown(incident, incident.reader)

    @admin.display(description=_("assessments"))
    def assessments(self, incident: Incident) -> str:
        """Show the decisions about the figure, latest first."""
        return assessments_shown(incident, incident.reader)

    def get_object(self, request, object_id, from_field=None):
        """Find the incident, and remember for whom the page is made."""
        incident = super().get_object(request, object_id, from_field)
        if incident is not None:
            incident.reader = request.user
        return incident

    def get_fieldsets(self, request, obj=None):
        """Show what follows from the claims once there is a record."""
        if obj is None:
            return self.fieldsets
        return ((None, {"fields": ("where_it_stands",)}), self.follows, *self.fieldsets)

    def get_search_results(self, request, queryset, search_term):
        """Find incidents by code, or by everything the search box of the site looks in."""
        key = incident_in(search_term.strip())
        choosing = request.resolver_match and request.resolver_match.url_name == "autocomplete"
        if choosing:
            queryset = queryset.standing()
            stands = None if key is None else Incident.objects.standing_at(key, request.user)
            key = key if stands is None else stands.pk
        if key is not None:
            return queryset.filter(pk=key), False
        found = matching(queryset, search_term)
        if request.resolver_match.url_name == "autocomplete":
            return found.order_by("-pk"), False  # last logged first
        return found, False

    def history_parts(self, request, record):
        """Tell of the incident, its places, claims, steps and links."""
        return histories([record.pk], request.user)

    def history_pairs(self, record, pairs):
        """Leave out what happened to a claim while it stood on another incident."""
        return list(on_incident(record.pk, pairs))

    def history_assessments(self, request, record):
        """Tell of the decisions about its figures."""
        return [made for _key, made in assessments([record.pk], request.user)]

    def save_related(self, request, form, formsets, change) -> None:
        """Save places and claims, then give the incident one new version and settle it."""
        super().save_related(request, form, formsets, change)
        if not really_changed(form, formsets):
            return
        notice(request, [form, *(row for rows in formsets for row in rows.forms)])
        why = form.cleaned_data.get("why", "")
        self.touched(form, formsets, change).write(by=request.user, why=why)
        if change and "restricted_to" in form.changed_data:
            follow_restriction(survivor=form.instance, by=request.user, why=why)

    def touched(self, form, formsets, change) -> Touched:
        """Work out which incidents this save touched; a first version is not revised."""
        touched = Touched()
        own_rows = [
            formset for formset in formsets if formset.model is not IncidentClaimInline.model
        ]
        for formset in formsets:
            if formset not in own_rows:
                for row in formset.forms:
                    if row.has_changed():
                        touched.by_claim(row)
        touched.settled.add(form.instance.pk)
        if not change:
            touched.revised.clear()
        elif really_changed(form, own_rows):
            touched.revised.add(form.instance.pk)
        return touched


def on_incident(key: int, pairs: Iterable[tuple]) -> Iterator[tuple]:
    """Keep the states that concern one incident; a claim that moved here is new here."""
    for row, before in pairs:
        if row.instance_type is not Claim:
            yield row, before
            continue
        was_here = before is not None and before.incident_id == key
        if was_here or row.incident_id == key:
            yield row, before if was_here else None
