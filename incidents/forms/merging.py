"""The forms that ask which record stays when two turn out to be one, and why.

They only collect; `incidents.merging` decides and writes. `seen` names the state of both records
that stood on the page, so that nobody confirms what they have not seen.
"""

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from incidents.forms.actions import ActionForm
from incidents.models import Incident, Place, PlaceName, Source, SourceAlias, pk_of
from incidents.names import fold


class UndoForm(forms.Form):
    """The undoing of a merge: only the reason is asked."""

    why = forms.CharField(
        label=gettext_lazy("Why"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=ActionForm.base_fields["why"].help_text,
        error_messages={"required": gettext_lazy("Say why.")},
    )


class MergeForm(UndoForm):
    """The record that stays, found by its code or name, and the reason."""

    field_order = ["other", "why", "seen"]

    other = forms.CharField(label=gettext_lazy("the record that stays"), max_length=200)
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, record, user, **kwargs) -> None:
        """Hold the record that is to go, and who asks."""
        super().__init__(*args, **kwargs)
        self.record, self.user = record, user

    def clean_other(self):
        """Find the record that is meant, among those that this person may see."""
        other = self.find(self.cleaned_data["other"])
        if other.pk == self.record.pk:
            raise forms.ValidationError(_("%s cannot be merged into itself.") % self.record)
        return other

    @property
    def chosen(self):
        """The record that is named, in the form or by the page's address; None when none is."""
        if self.is_bound:
            return self.cleaned_data.get("other")
        try:
            return self.find(self.initial["other"]) if self.initial.get("other") else None
        except forms.ValidationError:
            return None

    def find(self, text: str):
        """Find a record by what was typed. Raises ValidationError with a sentence."""
        raise NotImplementedError


class MergeIncidentForm(MergeForm):
    """Merges incidents: the one that stays is named by its code."""

    def __init__(self, *args, **kwargs) -> None:
        """Say what to type."""
        super().__init__(*args, **kwargs)
        self.fields["other"].help_text = _("Its code: AT-000123.")

    def find(self, text: str) -> Incident:
        """Find an incident by its code."""
        try:
            key = pk_of(text)
        except ValueError as not_a_code:
            raise forms.ValidationError(str(not_a_code)) from not_a_code
        found = Incident.objects.visible_to(self.user).filter(pk=key).first()
        if found is None:
            raise forms.ValidationError(_("There is no incident %s.") % text)
        return found


class MergeSourceForm(MergeForm):
    """Merges sources: the one that stays is named by its short name or any name it has alone."""

    def __init__(self, *args, **kwargs) -> None:
        """Say what to type."""
        super().__init__(*args, **kwargs)
        self.fields["other"].help_text = _("Its short name (radio-free-america), or its full name.")

    def find(self, text: str) -> Source:
        """Find a source by its short name, else by its name or alias."""
        aliases = SourceAlias.objects.filter(folded=fold(text)).values("source")
        called = Source.objects.filter(Q(folded=fold(text)) | Q(pk__in=aliases))
        return one_of(Source.objects.filter(slug=text), called, self.record, text, "slug")


class MergePlaceForm(MergeForm):
    """Merges places: the one that stays is named by its code or any name it has alone."""

    def __init__(self, *args, **kwargs) -> None:
        """Say what to type."""
        super().__init__(*args, **kwargs)
        self.fields["other"].help_text = _("Its code (CN-JL/tumen), or its full name.")

    def find(self, text: str) -> Place:
        """Find a place by its code, else by any of its names."""
        names = PlaceName.objects.filter(folded=fold(text)).values("place")
        called = Place.objects.filter(pk__in=names)
        return one_of(Place.objects.filter(code__iexact=text), called, self.record, text, "code")


def one_of(exact: QuerySet, called: QuerySet, record, text: str, column: str):
    """Take the record with this code, else the one other that is called so.

    Raises ValidationError where there is none, or naming the codes where there are several.
    """
    found = exact.first()
    if found is not None:
        return found
    named = list(called.standing().exclude(pk=record.pk).order_by(column)[:6])
    if not named:
        raise forms.ValidationError(_("Nothing else is called “%s”.") % text)
    if len(named) > 1:
        codes = ", ".join(getattr(each, column) for each in named)
        raise forms.ValidationError(
            _("Several are called “%(text)s”: %(codes)s. Write which one you mean.")
            % {"text": text, "codes": codes}
        )
    return named[0]
