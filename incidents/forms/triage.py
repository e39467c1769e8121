"""The form that takes pasted addresses: one a line, with whatever stands around them.

One rule: a line that holds no address stays in the box, with the reason; the others go on.
"""

from dataclasses import dataclass

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from incidents.addresses import addresses_in
from incidents.models import Article, User
from incidents.triage import coders

MOST_LINES = 200
LONGEST = Article._meta.get_field("url").max_length
is_address = URLValidator(schemes=["http", "https"])


@dataclass(frozen=True, slots=True)
class BadLine:
    """A line that cannot be queued, and why."""

    line: str
    reason: str


class PasteForm(forms.Form):
    """Addresses, one a line, and in whose queue the new ones go."""

    pasted = forms.CharField(
        label=gettext_lazy("Addresses, one a line"),
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy(
            "At most 200 lines. What stands around an address does not matter, nor do http or "
            "https, www., a closing slash and tracking parameters."
        ),
        error_messages={"required": gettext_lazy("Paste at least one address.")},
    )
    assigned_to = forms.ModelChoiceField(
        label=gettext_lazy("New ones go to"),
        queryset=User.objects.none(),
        required=False,
        empty_label=gettext_lazy("whoever comes first"),
    )

    def __init__(self, *args, user: User, left: str = "", **kwargs) -> None:
        """Offer everybody who may code; new articles go to the person who asks.

        `left` stands in the box: the lines that an earlier paste could not use.
        """
        super().__init__(*args, initial={"assigned_to": user.pk, "pasted": left}, **kwargs)
        self.fields["assigned_to"].queryset = coders()
        self.urls: list[str] = []
        self.bad: list[BadLine] = []

    def clean_pasted(self) -> str:
        """Take the addresses out of the lines; nothing is refused for one bad line."""
        lines = [line.strip() for line in self.cleaned_data["pasted"].splitlines()]
        lines = [line for line in lines if line]
        if len(lines) > MOST_LINES:
            raise ValidationError(
                _("These are %(lines)s lines; at most %(most)s can be queued at once.")
                % {"lines": f"{len(lines):,}", "most": MOST_LINES}
            )
        for line in lines:
            self.read(line)
        return self.cleaned_data["pasted"]

    def read(self, line: str) -> None:
        """Sort one line: its addresses, each once, or the reason why it has none."""
        found = addresses_in(line)
        reasons = [reason for url in found if (reason := why_not(url))]
        if not found or reasons:
            self.bad.append(BadLine(line, reasons[0] if reasons else no_address(line)))
        self.urls += [url for url in found if not why_not(url) and url not in self.urls]


def why_not(url: str) -> str:
    """Say why an address cannot be recorded; `""` when it can."""
    if len(url) > LONGEST:
        return _("%(length)s characters are too many for an address; at most %(most)s.") % {
            "length": f"{len(url):,}",
            "most": f"{LONGEST:,}",
        }
    try:
        is_address(url)
    except ValidationError:
        return _("“%s” is not the address of a page on the web.") % url[:100]
    return ""


def no_address(line: str) -> str:
    """Say that a line holds nothing that looks like an address."""
    if "://" in line:
        return _("Only addresses that begin with http:// or https:// can be queued.")
    return _("No address was found in this line; addresses look like https://example.org/page.")
