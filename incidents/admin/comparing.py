"""The page that lays two versions of an incident side by side, and the story on its history page.

Read-only. One rule: as on the history page, only what its reader may see today.
"""

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.template.response import TemplateResponse
from django.urls import re_path
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from incidents.admin.history import HistoryPage
from incidents.changes import between
from incidents.models import Incident
from incidents.past import Past
from incidents.phrases import people_in
from incidents.retelling import retold
from incidents.story import Version, chapters, versions, words_of


class CompareForm(forms.Form):
    """Which two versions of one incident are compared."""

    earlier = forms.TypedChoiceField(label=gettext_lazy("Earlier version"), coerce=int)
    later = forms.TypedChoiceField(label=gettext_lazy("Later version"), coerce=int)

    def __init__(self, *args, listed: list[Version], signed: int, **kwargs) -> None:
        """Offer the versions; at first the signed one, or the one before, with the latest."""
        super().__init__(*args, **kwargs)
        self.versions = {version.number: version for version in listed}
        numbers = sorted(self.versions)
        before = [number for number in numbers[:-1] if number == signed] or numbers[-2:-1]
        offered = [(version.number, name_of(version)) for version in listed]
        for name, proposed in (("earlier", before), ("later", numbers[-1:])):
            self.fields[name].choices = offered
            self.initial[name] = proposed[0] if proposed else None
            self.fields[name].error_messages["invalid_choice"] = _(
                "There is no version %(value)s of this record; choose one of the list."
            )

    def clean(self) -> dict[str, Any]:
        """Refuse to compare a version with itself."""
        cleaned = super().clean()
        if cleaned.get("earlier") and cleaned.get("earlier") == cleaned.get("later"):
            raise forms.ValidationError(_("Choose two different versions."))
        return cleaned

    def chosen(self) -> list[Version]:
        """Return the two versions, the earlier one first."""
        numbers = sorted((self.cleaned_data["earlier"], self.cleaned_data["later"]))
        return [self.versions[number] for number in numbers]


class ComparePage(HistoryPage):
    """Gives the incident its page of two versions, and its history the story and the choice."""

    def get_urls(self) -> list:
        """Add the address of the comparison."""
        compare = re_path(
            r"^(?P<pk>\d{1,15})/compare/$",
            self.admin_site.admin_view(self.compare_view),
            name="incidents_incident_compare",
        )
        return [compare, *super().get_urls()]

    def history_extra(self, request, record) -> dict[str, Any]:
        """Add the figure's story and the choice of versions."""
        past = Past([record.pk])
        return {
            "story": chapters(past, record.pk, request.user),
            "form": compare_form(past, record, None),
        }

    @method_decorator(require_safe)
    def compare_view(self, request, pk: str):
        """Show in what two versions differ, and the figure of each."""
        incident = self.get_object(request, pk)
        if incident is None:
            raise Http404
        if not self.has_view_or_change_permission(request, incident):
            raise PermissionDenied
        past = Past([incident.pk])
        form = compare_form(past, incident, request.GET or None)
        shown = form.is_valid()
        context = {
            **self.admin_site.each_context(request),
            **(compared(past, incident, form.chosen(), request.user) if shown else {}),
            "title": _("Compare versions: %s") % incident,
            "form": form,
            "object": incident,
            "opts": self.opts,
        }
        return TemplateResponse(request, "admin/incidents/incident/compare.html", context)


def compare_form(past: Past, incident: Incident, asked) -> CompareForm:
    """Make the form that chooses two versions."""
    listed = versions(past, incident.pk)
    return CompareForm(asked, listed=listed, signed=incident.signed_version)


def compared(past: Past, incident: Incident, chosen: list[Version], user) -> dict[str, Any]:
    """Work out what differs between two versions."""
    before, after = ({incident.pk: version.at} for version in chosen)
    return {
        "chosen": chosen,
        "figures": figures_of_both(past, incident.pk, chosen),
        "lines": between(before, after, user)[incident.pk],
    }


def figures_of_both(past: Past, key: int, chosen: list[Version]) -> list[tuple[str, list[str]]]:
    """Say the figure of each measure in each version; a dash where there was none."""
    both = [past.figures(key, version.at) for version in chosen]
    measures = sorted({measure for figures in both for measure in figures})
    return [
        (
            people_in(measure),
            [words_of(figures[measure]) if measure in figures else "–" for figures in both],
        )
        for measure in measures
    ]


def name_of(version: Version) -> str:
    """Name a version in a list."""
    parts = (_("version %s") % version.number, f"{version.at:%Y-%m-%d %H:%M}")
    return " · ".join(filter(None, (*parts, version.who, retold(version.why)[:80])))
