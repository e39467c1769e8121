"""The forms of the review queue: which records are asked for, and which are ticked to be signed.

They only collect; `incidents.waiting` reads and `incidents.actions` decides.
"""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from incidents.forms.actions import reason_field
from incidents.models import Category, User

KINDS = [
    ("", gettext_lazy("everything that waits")),
    ("in_review", gettext_lazy("submitted")),
    ("changed", gettext_lazy("changed since review")),
]
LAST_PAGE = 10_000
MOST_TICKS = 100


class QueueForm(forms.Form):
    """Which part of the queue is asked for; what it does not know is refused."""

    waiting = forms.ChoiceField(label=gettext_lazy("Waiting as"), choices=KINDS, required=False)
    logged_by = forms.ModelChoiceField(
        label=gettext_lazy("Logged by"),
        queryset=User.objects.none(),
        to_field_name="username",
        empty_label=gettext_lazy("anybody"),
        required=False,
    )
    category = forms.ModelChoiceField(
        label=gettext_lazy("Category"),
        queryset=Category.objects.all(),
        to_field_name="code",
        empty_label=gettext_lazy("any"),
        required=False,
    )
    page = forms.IntegerField(
        min_value=1, max_value=LAST_PAGE, required=False, widget=forms.HiddenInput
    )

    def __init__(self, *args, people, **kwargs) -> None:
        """Offer these people."""
        super().__init__(*args, **kwargs)
        self.fields["logged_by"].queryset = people

    def clean(self) -> dict:
        """Refuse parameters that the queue does not know."""
        cleaned = super().clean()
        unknown = sorted(set(self.data) - set(self.fields))
        if unknown:
            raise forms.ValidationError(
                _("Unknown: %(unknown)s. The queue knows: %(known)s.")
                % {"unknown": ", ".join(unknown), "known": ", ".join(self.fields)}
            )
        return cleaned

    def asked(self) -> dict:
        """Return what is asked of the queue."""
        names = ("waiting", "logged_by", "category")
        return {name: self.cleaned_data[name] for name in names}

    @property
    def in_words(self) -> str:
        """Say what is asked, for an answer that holds nothing; empty when everything is asked."""
        kind = self.cleaned_data["waiting"]
        asked = {**self.asked(), "waiting": kind and dict(KINDS)[kind]}
        said = [f"{self.fields[name].label}: {value}" for name, value in asked.items() if value]
        return "; ".join(said)


class TicksForm(forms.Form):
    """The records ticked to be signed together, each with the version that was read."""

    why = reason_field()

    def clean(self) -> dict:
        """Read the ticks: `12:3` is version 3 of the record with key 12."""
        cleaned = super().clean()
        ticks = self.data.getlist("tick")
        cleaned["incidents"] = dict(filter(None, map(tick_in, ticks)))
        if not cleaned["incidents"]:
            raise forms.ValidationError(_("Tick the records that you sign."))
        if len(ticks) > MOST_TICKS:
            raise forms.ValidationError(
                _("You ticked %(ticked)s records; at most %(most)s can be signed at once.")
                % {"ticked": len(ticks), "most": MOST_TICKS}
            )
        return cleaned


def tick_in(ticked: str) -> tuple[int, int] | None:
    """Read one tick; None for what no page of ours posts."""
    key, _colon, version = ticked.partition(":")
    numbers = [text for text in (key, version) if text.isascii() and text.isdigit()]
    if len(numbers) < 2 or max(map(len, numbers)) > 15:
        return None
    return int(key), int(version)
