"""The forms of a claim, and of the claims logged with an article.

A claim needs its words, its article and its incident; nothing else.
"""

from functools import cached_property

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from incidents.forms.rows import CarefulRows
from incidents.forms.shared import (
    CarefulForm,
    ReasonForm,
    attempt,
    chain,
)
from incidents.forms.understood import counting, understood_count
from incidents.models import Category, Claim, Incident
from incidents.models.asking import OPEN_STATUSES
from incidents.names import fold

REFERENCES = {
    "of": gettext_lazy("is part of"),
    "repeats": gettext_lazy("repeats"),
    "corrects": gettext_lazy("corrects"),
}


class ClaimForm(CarefulForm):
    """One claim, wherever it is typed."""

    class Meta:
        model = Claim
        fields = [
            "article",
            "incident",
            "source",
            "source_as_printed",
            "source_suggested",
            "stance",
            "measure",
            "basis",
            "of",
            "words",
            "people",
            "act_words",
            "date_words",
            "place_words",
            "place",
            "place_role",
            "quote",
            "translation",
            "locator",
            "origin",
            "repeats",
            "seen_original",
            "corrects",
            "status",
            "status_note",
            "credibility",
            "restricted_to",
        ]
        widgets = {
            "quote": forms.Textarea(attrs={"rows": 2}),
            "translation": forms.Textarea(attrs={"rows": 2}),
            "status_note": forms.Textarea(attrs={"rows": 2}),
        }
        help_texts = {
            "date_words": gettext_lazy(
                "As printed: 26 April, last Thursday, 지난달 26일; or EDTF. Your own reading "
                "goes in brackets behind the words: after the Asian Games [2023-10~]."
            ),
        }

    def __init__(self, *args, **kwargs) -> None:
        """Remember where the claim stood and whether it was closed, before anything is typed."""
        super().__init__(*args, **kwargs)
        self.incident_before = self.instance.incident_id if self.instance.pk else None
        self.closed_before = self.instance.restricted if self.instance.pk else None

    @property
    def reading(self) -> str:
        """Say in one line what was understood, and whether the claim counts."""
        claim = self.instance
        parts = [understood_count(claim), claim.date_edtf, counting(claim)]
        return " · ".join(part for part in parts if part)

    def clean(self) -> dict:
        """Read the typed count and date, and check what the claim refers to."""
        cleaned = super().clean()
        if not cleaned.get("measure") and cleaned.get("incident"):
            cleaned["measure"] = cleaned["incident"].category.measure
        self.read_words(cleaned)
        doubted = cleaned.get("status") not in (None, Claim.Status.ACCEPTED)
        if doubted and not cleaned.get("status_note", "").strip():
            self.add_error("status_note", _("Say why the claim is not simply accepted."))
        for name in REFERENCES:
            self.check_reference(name, cleaned)
        self.check_incident(cleaned.get("incident"))
        return cleaned

    def read_words(self, cleaned: dict) -> None:
        """Work count and days out from the words; what is not understood is said beside them."""
        claim, article = self.instance, cleaned.get("article")
        claim.words = cleaned.get("words", "")
        claim.date_words = cleaned.get("date_words", "")
        if claim.words:
            attempt(self, "words", claim.read_count)
        attempt(self, "date_words", claim.read_date, article.published_on if article else None)

    def check_reference(self, name: str, cleaned: dict) -> None:
        """Refuse a claim on another incident, and a chain that comes back to this one."""
        other, incident = cleaned.get(name), cleaned.get("incident")
        if other is None or name in self.unseen:
            return
        if incident is None or other.incident_id != incident.pk:
            self.add_error(
                name,
                _(
                    "Claim #%(number)s is about %(code)s; a claim refers only to claims about "
                    "its own incident."
                )
                % {"number": other.pk, "code": other.incident.code},
            )
        elif self.instance.pk in chain(other, name):
            self.add_error(
                name,
                _("Claim #%(number)s already %(relation)s this claim, directly or through others.")
                % {"number": other.pk, "relation": REFERENCES[name]},
            )

    def check_incident(self, incident: Incident | None) -> None:
        """Refuse a merged incident, and to move a claim away from claims that refer to it."""
        if incident is not None and incident.status == Incident.Status.MERGED:
            self.add_error("incident", _("%s was merged into another record.") % incident.code)
        moved = incident is None or incident.pk != self.incident_before
        if moved and self.incident_before and "incident" not in self.errors:
            self.check_referred_to()

    def check_referred_to(self) -> None:
        """Refuse to move a claim that others refer to."""
        for name, relation in REFERENCES.items():
            others = Claim.objects.filter(**{name: self.instance}, incident=self.incident_before)
            others = others if self.user is None else others.visible_to(self.user)
            if other := others.first():
                self.add_error(
                    "incident",
                    _("Claim #%(number)s %(relation)s this claim; clear that first, then move it.")
                    % {"number": other.pk, "relation": relation},
                )

    def _get_validation_exclusions(self) -> set[str]:
        """Leave out the measure while it waits for its incident's category."""
        excluded = super()._get_validation_exclusions()
        return excluded if self.cleaned_data.get("measure") else {*excluded, "measure"}


class ClaimPageForm(ReasonForm, ClaimForm):
    """One claim on its own page, with a reason."""

    def needs_reason(self) -> bool:
        """Ask for a reason when readers or reviewers already see the incident."""
        return bool(self.instance.pk) and self.instance.incident.status in OPEN_STATUSES

    def clean(self) -> dict:
        """Ask for a reason also when the claim moves to an incident that others already see."""
        cleaned = super().clean()
        incident = self.instance.pk and cleaned.get("incident")
        unexplained = not cleaned.get("why") and "why" not in self.errors
        if incident and incident.status in OPEN_STATUSES and unexplained:
            self.add_error("why", self.fields["why"].error_messages["required"])
        return cleaned


class ArticleClaimForm(ClaimForm):
    """One claim logged with its article; its incident exists, or is started on the spot."""

    new_incident_title = forms.CharField(
        label=gettext_lazy("Or a new incident titled"),
        required=False,
        max_length=300,
        help_text=gettext_lazy(
            "Starts a draft when no incident fits. The same title in two claims means the same "
            "new incident. One plain line: who, what, where, when. No names."
        ),
    )
    new_incident_category = forms.ModelChoiceField(
        label=gettext_lazy("Category of the new incident"),
        queryset=Category.objects.all(),
        required=False,
        help_text=gettext_lazy("Needed once for each new incident; “other” when none fits."),
    )

    def __init__(self, *args, **kwargs) -> None:
        """Let the incident stay empty: a new one may be named instead."""
        super().__init__(*args, **kwargs)
        self.draft: Incident | None = None
        incident = self.fields["incident"]
        incident.required = False
        getattr(incident.widget, "widget", incident.widget).is_required = False

    def clean(self) -> dict:
        """Ask for one incident: an existing or a new one."""
        cleaned = super().clean()
        if "incident" in self.errors:
            return cleaned
        named, titled = cleaned.get("incident"), cleaned.get("new_incident_title")
        if named and titled:
            self.add_error(
                "new_incident_title",
                _("Choose an existing incident or name a new one, not both."),
            )
        if not named and not titled:
            self.add_error(
                "incident", _("Choose the incident this is about, or give a new one a title.")
            )
        return cleaned


class ArticleClaimFormSet(CarefulRows):
    """The claims of one article: equal titles of new incidents mean one incident."""

    @cached_property
    def categories(self) -> list[tuple]:
        """The categories, read once for all rows."""
        return list(self.empty_form.fields["new_incident_category"].widget.choices)

    def add_fields(self, form, index) -> None:
        """Offer every row the same categories."""
        super().add_fields(form, index)
        if index is not None:
            form.fields["new_incident_category"].widget.choices = self.categories

    def clean(self) -> None:
        """Plan the incidents to start, and ask why when an old article changes open records."""
        super().clean()
        drafts: dict[str, Incident] = {}
        starting = [form for form in self.forms if starts_incident(form)]
        for form in starting:
            self.plan(form, drafts)
        for form in starting:
            if not form.draft.category_id:
                form.add_error(
                    "new_incident_category", _("Choose the category of the new incident.")
                )
        self.ask_why()

    def plan(self, form: ArticleClaimForm, drafts: dict[str, Incident]) -> None:
        """Give the claim the incident that its title starts, the first or the same again."""
        title = form.cleaned_data["new_incident_title"]
        category = form.cleaned_data.get("new_incident_category")
        form.draft = drafts.setdefault(fold(title), Incident(title=title))
        if category and form.draft.category_id not in (None, category.pk):
            form.add_error(
                "new_incident_category",
                _("Another claim gives the new incident “%(title)s” the category %(category)s.")
                % {"title": title, "category": form.draft.category},
            )
        elif category:
            form.draft.category = category

    def ask_why(self) -> None:
        """Ask for a reason when claims of a recorded article join or leave an open incident."""
        if not self.instance.pk or self.data.get("why", "").strip():
            return
        for form in self.forms:
            incident = form.has_changed() and getattr(form, "cleaned_data", {}).get("incident")
            if incident and incident.status in OPEN_STATUSES:
                raise forms.ValidationError(
                    _("%s is seen by readers or reviewers: say below why it changes.")
                    % incident.code
                )


def starts_incident(form: forms.ModelForm) -> bool:
    """Tell whether a filled-in claim names a new incident."""
    cleaned = getattr(form, "cleaned_data", {})
    return bool(cleaned.get("new_incident_title")) and not cleaned.get("incident")
