"""The small forms of the action pages: what somebody says when a record moves on.

They only collect; `incidents.actions` decides and writes.
"""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from incidents.models import Claim, Incident, IncidentLink, choices, pk_of

LARGEST = 10**9  # as for counts


def reason_field() -> forms.CharField:
    """Ask why something is done."""
    return forms.CharField(
        label=gettext_lazy("Why"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("One or two sentences for colleagues; they stay in the history."),
        error_messages={"required": gettext_lazy("Say why.")},
    )


class ActionForm(forms.Form):
    """A change of status: only the reason is asked."""

    why = reason_field()

    def __init__(self, *args, incident: Incident, user, **kwargs) -> None:
        """Hold the incident that the action is about, and who asks."""
        super().__init__(*args, **kwargs)
        self.incident, self.user = incident, user

    def details(self) -> dict:
        """Return what the action takes beside the incident, `by` and `why`."""
        return {}


class VersionForm(ActionForm):
    """A decision on what stood on the page: it holds for that version, and for no later one."""

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)  # the page fills it in

    def details(self) -> dict:
        """Return the version that was read."""
        return {"version": self.cleaned_data["version"]}


class AssessForm(VersionForm):
    """A decision about one figure."""

    field_order = ["measure", "low", "best", "high", "rule", "claims", "why"]

    measure = forms.ChoiceField(
        label=gettext_lazy("measure"),
        choices=choices.Measure,
        help_text=gettext_lazy("Which of the incident's figures is decided."),
    )
    low = forms.IntegerField(
        label=gettext_lazy("low"),
        required=False,
        min_value=0,
        max_value=LARGEST,
        help_text=gettext_lazy("People: the smallest number that holds. Empty when none does."),
    )
    best = forms.IntegerField(
        label=gettext_lazy("best"),
        required=False,
        min_value=0,
        max_value=LARGEST,
        help_text=gettext_lazy("The number best supported. Empty when none is."),
    )
    high = forms.IntegerField(
        label=gettext_lazy("high"),
        required=False,
        min_value=0,
        max_value=LARGEST,
        help_text=gettext_lazy("The largest number that holds. Empty when none does."),
    )
    rule = forms.CharField(
        label=gettext_lazy("rule"),
        max_length=200,
        help_text=gettext_lazy("How the numbers were reached: “the lowest documented count” …"),
        error_messages={"required": gettext_lazy("Say by which rule the numbers were reached.")},
    )
    claims = forms.ModelMultipleChoiceField(
        label=gettext_lazy("claims used"),
        queryset=Claim.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("The claims the decision rests on."),
        error_messages={"required": gettext_lazy("Tick the claims that the assessment rests on.")},
    )

    def __init__(self, *args, **kwargs) -> None:
        """Offer the incident's claims that this person may see, and its principal measure."""
        super().__init__(*args, **kwargs)
        seen = Claim.objects.visible_to(self.user).filter(incident=self.incident)
        self.fields["claims"].queryset = seen.select_related("source")
        self.fields["measure"].initial = self.incident.category.measure

    def clean(self) -> dict:
        """Check that the numbers are in order and that there is one."""
        cleaned = super().clean()
        given = [cleaned.get(name) for name in ("low", "best", "high")]
        given = [number for number in given if number is not None]
        if given != sorted(given):
            raise forms.ValidationError(_("Low must not exceed best, nor best exceed high."))
        if not given and not {"low", "best", "high"} & set(self.errors):
            raise forms.ValidationError(_("Give at least one of low, best and high."))
        return cleaned

    def details(self) -> dict:
        """Return the decision."""
        names = ("measure", "low", "best", "high", "rule")
        decided = {name: self.cleaned_data[name] for name in names}
        return {**super().details(), **decided, "claims": list(self.cleaned_data["claims"])}


class LinkForm(ActionForm):
    """A tie to another incident."""

    KINDS = [
        ("same_people", gettext_lazy("may be the same people")),
        ("next_stage", gettext_lazy("the other incident is the next stage of this one")),
        ("stage_before", gettext_lazy("this incident is the next stage of the other")),
    ]
    field_order = ["other", "kind", "certainty", "why"]

    other = forms.CharField(
        label=gettext_lazy("other incident"),
        max_length=20,
        help_text=gettext_lazy("Its code: AT-000123."),
    )
    kind = forms.ChoiceField(label=gettext_lazy("kind"), choices=KINDS, widget=forms.RadioSelect)
    certainty = forms.ChoiceField(
        label=gettext_lazy("certainty"),
        choices=choices.Certainty,
        initial=choices.Certainty.POSSIBLE,
        widget=forms.RadioSelect,
        help_text=gettext_lazy("Probable and established take a reviewer."),
    )

    def clean_other(self) -> Incident:
        """Find the other incident by its code, among those this person may see."""
        code = self.cleaned_data["other"]
        try:
            key = pk_of(code)
        except ValueError as not_a_code:
            raise forms.ValidationError(str(not_a_code)) from not_a_code
        other = Incident.objects.visible_to(self.user).filter(pk=key).first()
        if other is None:
            raise forms.ValidationError(_("There is no incident %s.") % code)
        if other.pk == self.incident.pk:
            raise forms.ValidationError(_("An incident cannot be linked to itself."))
        return other

    def details(self) -> dict:
        """Return the tie, its ends in the order of the stages."""
        kind, ends = self.cleaned_data["kind"], [self.incident, self.cleaned_data["other"]]
        if kind == "stage_before":
            kind, ends = choices.LinkKind.NEXT_STAGE, ends[::-1]
        return {
            "first": ends[0],
            "second": ends[1],
            "kind": kind,
            "certainty": self.cleaned_data["certainty"],
        }


class UnlinkForm(ActionForm):
    """The removal of one tie."""

    field_order = ["link", "why"]

    link = forms.ModelChoiceField(
        label=gettext_lazy("link"),
        queryset=IncidentLink.objects.none(),
        empty_label=None,
        widget=forms.RadioSelect,
        help_text=gettext_lazy("The link that should go; its history stays."),
    )

    def __init__(self, *args, links, **kwargs) -> None:
        """Offer the links whose two ends this person may see."""
        super().__init__(*args, **kwargs)
        self.fields["link"].queryset = links

    def details(self) -> dict:
        """Return the link to remove."""
        return {"link": self.cleaned_data["link"]}
