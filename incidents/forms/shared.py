"""What every form of a record does: ask why, notice a change by somebody else, keep the unseen.

The admin sets `user` on the class that it builds for a request.
"""

from django import forms
from django.contrib.auth.models import Group
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from incidents.forms.beside import Beside
from incidents.forms.meanwhile import Meeting, SeenField, meet, showing
from incidents.retelling import retold
from incidents.seeds import ROLES

ASIDE = ("why", "seen")


def changed_fields(form: forms.BaseForm) -> list[str]:
    """List what somebody changed on the record itself; the reason is not part of it."""
    return [name for name in form.changed_data if name not in ASIDE]


class ReasonForm(forms.ModelForm):
    """A form that asks why; the answer goes into the history of every row saved with it."""

    user = None

    why = forms.CharField(
        label=_("Why / what changed"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_(
            "One sentence for colleagues; it stays in the history. Needed when the record is in "
            "review or published."
        ),
    )

    def __init__(self, *args, **kwargs) -> None:
        """Make the reason required where readers already see the record."""
        super().__init__(*args, **kwargs)
        self.fields["why"].required = self.needs_reason()
        self.fields["why"].error_messages["required"] = _(
            "Say why: readers or reviewers already see this record."
        )

    def needs_reason(self) -> bool:
        """Tell whether a change of this record has to be explained."""
        return False


class CarefulForm(forms.ModelForm):
    """A form that overwrites nobody: neither what changed meanwhile nor what is not shown.

    `seen` carries what the page showed; `meetings` lists what somebody else changed since. A
    reference to a record that this person may not see is neither shown nor touched. `repeated` is
    the sentence for a page that was sent before.
    """

    user = None
    repeated = ""

    seen = SeenField(required=False)

    def __init__(self, *args, beside: Beside | None = None, **kwargs) -> None:
        """Set aside references that the person may not see, and note what the page shows."""
        self.beside = beside
        super().__init__(*args, **kwargs)
        self.meetings: list[Meeting] = []
        self.unseen = self.hide_unseen()
        if "restricted_to" in self.fields:
            self.fields["restricted_to"].queryset = groups_offered(self.user, self.instance)
        if beside is not None:
            self.take(beside)
        if self.instance.pk:
            self.fields["seen"].initial = showing(self).written()
            self.meetings = meet(self) if self.is_bound else []

    def hide_unseen(self) -> dict[str, int]:
        """Blank the references to records that the person may not see; return them by field."""
        hidden = {}
        for name, field in self.fields.items():
            key = self.instance.pk and getattr(self.instance, f"{name}_id", None)
            if key and is_narrowed(field) and not self.offers(name, key):
                hidden[name], self.initial[name] = key, None
        return hidden

    def offers(self, name: str, key: int) -> bool:
        """Tell whether a field offers the record that stands in it."""
        field = self.fields[name]
        if self.beside is None:
            return field.queryset.filter(pk=key).exists()
        return str(key) in self.beside.named(name, field)

    def take(self, beside: Beside) -> None:
        """Give the boxes of a row what its page has fetched for all rows."""
        for name, field in self.fields.items():
            box = getattr(field.widget, "widget", field.widget)  # within Django's "add" wrapper
            if hasattr(box, "known"):
                box.known = beside.named(name, field)
        if "restricted_to" in self.fields:
            self.fields["restricted_to"].choices = beside.groups(self.instance)

    def clean(self) -> dict:
        """Put the unseen references back, and stop before somebody else's change is lost."""
        cleaned = super().clean()
        for name, key in self.unseen.items():
            if name not in self.errors and not cleaned.get(name):
                model = self.fields[name].queryset.model
                cleaned[name] = model._base_manager.get(pk=key)
        if self.repeated:
            self.add_error(None, self.repeated)
        if any(meeting.open for meeting in self.meetings):
            self.add_error(
                None,
                _(
                    "Somebody changed this record after you opened it. Nothing is saved yet and "
                    "what you typed is kept. Choose above, field by field, what should stand; "
                    "then save again."
                ),
            )
        return cleaned


def is_narrowed(field: forms.Field) -> bool:
    """Tell whether a field offers only those records that a person may see."""
    single = isinstance(field, forms.ModelChoiceField) and not isinstance(
        field, forms.ModelMultipleChoiceField
    )
    return single and hasattr(field.queryset, "visible_to")


def groups_offered(user, record):
    """List the groups to which this person may restrict a record: their own, and those it has.

    The four roles are no such groups; a superuser may name any other.
    """
    groups = Group.objects.exclude(name__in=ROLES).order_by("name")
    if user is None or user.is_superuser:
        return groups
    offered = Q(pk__in=user.groups.values("pk"))
    if record.pk:
        offered |= Q(pk__in=record.restricted_to.values("pk"))
    return groups.filter(offered)


def attempt(form: forms.ModelForm, field: str, read, *args) -> None:
    """Read typed words; turn what is not understood into a sentence beside the field."""
    if field in form.errors:
        return
    try:
        read(*args)
    except ValueError as not_understood:
        form.add_error(field, retold(str(not_understood)))


def chain(record, name: str) -> set[int]:
    """Follow one kind of reference from a record to its end; list the keys on the way."""
    passed: set[int] = set()
    while record is not None and record.pk not in passed:
        passed.add(record.pk)
        record = getattr(record, name)
    return passed
