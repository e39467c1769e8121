"""The form of an incident: what is said about it stands on its claims, not here."""

from django import forms
from django.utils.translation import gettext as _

from incidents.forms.shared import CarefulForm, ReasonForm, attempt
from incidents.models import Incident
from incidents.models.asking import OPEN_STATUSES


class IncidentForm(ReasonForm, CarefulForm):
    """One incident; title and category are enough to start."""

    class Meta:
        model = Incident
        fields = [
            "title",
            "category",
            "kind",
            "summary",
            "people_label",
            "nationality",
            "sending",
            "receiving",
            "date_words",
            "date_not_stated",
            "place_not_stated",
            "latitude",
            "longitude",
            "point_precision",
            "wave",
            "responsible",
            "restricted_to",
        ]
        widgets = {"summary": forms.Textarea(attrs={"rows": 4})}

    def needs_reason(self) -> bool:
        """Ask for a reason once the record has left its author's desk."""
        return self.instance.status in OPEN_STATUSES

    def clean(self) -> dict:
        """Read the date; keep waves for events, and events for waves."""
        cleaned, incident = super().clean(), self.instance
        incident.date_words = cleaned.get("date_words", "")
        attempt(self, "date_words", incident.read_date)
        self.check_wave(cleaned.get("kind"), cleaned.get("wave"))
        return cleaned

    def check_wave(self, kind: str | None, wave: Incident | None) -> None:
        """Refuse a wave that is none, anything but an event in it, and a wave losing its events."""
        if wave is not None and wave.kind != Incident.Kind.WAVE:
            self.add_error("wave", _("%s is not a wave.") % wave.code)
        elif wave is not None and wave.status == Incident.Status.MERGED:
            self.add_error("wave", _("%s was merged into another record.") % wave.code)
        elif wave is not None and kind != Incident.Kind.EVENT:
            self.add_error("wave", _("Only an event can be part of a wave."))
        elif wave is not None and "wave" in self.changed_data and self.shows_more_than(wave):
            sentence = _("%s is restricted. Restrict this event first, else others see a trace.")
            self.add_error("wave", sentence % wave.code)
        if self.instance.pk and kind != Incident.Kind.WAVE:
            events = Incident.objects.filter(wave=self.instance)
            events = events if self.user is None else events.visible_to(self.user)
            if event := events.first():
                self.add_error(
                    "kind",
                    _("%s is part of this wave; take it out of the wave first.") % event.code,
                )

    def shows_more_than(self, wave: Incident) -> bool:
        """Tell whether this event is open to all and the wave is not."""
        return wave.restricted and not self.cleaned_data.get("restricted_to")
