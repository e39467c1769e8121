"""The forms of an import: the file, what its columns become, why it is undone.

One rule: a file that cannot be read is refused here, with the sentence of whoever reads it, before
anything of it is kept. Called by the admin's import pages, which write through `importing`.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from incidents.forms.actions import reason_field
from incidents.importing import presets
from incidents.importing.composing import OFFERED, Columns, meaning, name_of
from incidents.importing.guessing import CANDIDATES, DELIMITERS
from incidents.importing.reading import Sheet, Unreadable, open_sheet
from incidents.models import Category, User, choices

ROWS = {
    "": gettext_lazy("Recognise it by the columns"),
    "incidents": gettext_lazy("An incident: one row, one act (choose the columns)"),
    "claims": gettext_lazy("A claim: what one source says about an incident (choose the columns)"),
    "missing-migrants": gettext_lazy("IOM Missing Migrants: an incident with dead and missing"),
    "ucdp-ged": gettext_lazy("UCDP GED: an event with low, best and high numbers of deaths"),
    "own": gettext_lazy("As a mapping of your own says (a .toml file)"),
}
OWN_ROWS = {
    "incidents": gettext_lazy("an incident"),
    "claims": gettext_lazy("a claim: what one source says about an incident"),
}
ORDERS = {
    "": gettext_lazy("as the file itself tells"),
    "dmy": gettext_lazy("day first: 26/04/2024"),
    "mdy": gettext_lazy("month first: 04/26/2024"),
}
SEPARATORS = {",": ",", ";": ";", "\t": gettext_lazy("tab"), "|": "|"}
ENCODINGS = ("utf-8", "utf-16", *CANDIDATES)
LARGEST_MAPPING = 200_000  # bytes
REVIEWED = (choices.Status.DRAFT, choices.Status.IN_REVIEW)


class UploadForm(forms.Form):
    """The file, and what nobody can read from it."""

    file = forms.FileField(
        label=gettext_lazy("File"),
        max_length=255,
        help_text=gettext_lazy("CSV, also packed as .csv.gz, or a workbook (.xlsx)."),
        error_messages={
            "required": gettext_lazy("Choose a file."),
            "empty": gettext_lazy("The file is empty."),
        },
    )
    rows = forms.ChoiceField(
        label=gettext_lazy("What a row is"), choices=list(ROWS.items()), required=False
    )
    mapping = forms.FileField(
        label=gettext_lazy("Mapping of your own"),
        required=False,
        help_text=gettext_lazy("Only for the last choice above: a .toml file."),
    )
    status = forms.ChoiceField(
        label=gettext_lazy("New incidents are"),
        help_text=gettext_lazy("Drafts are seen by the desk alone."),
    )
    category = forms.ModelChoiceField(
        label=gettext_lazy("Category where a row names none"),
        queryset=Category.objects.order_by("position", "name"),
        to_field_name="code",
        initial="other",
    )
    encoding = forms.ChoiceField(
        label=gettext_lazy("Encoding"),
        required=False,
        choices=[("", gettext_lazy("recognise it")), *((name, name) for name in ENCODINGS)],
        help_text=gettext_lazy("Where letters come out wrong: cp949 is Korean, gb18030 Chinese."),
    )
    delimiter = forms.ChoiceField(
        label=gettext_lazy("Between the cells stands"),
        required=False,
        choices=[
            ("", gettext_lazy("recognise it")),
            *((mark, SEPARATORS[mark]) for mark in DELIMITERS),
        ],
    )
    worksheet = forms.CharField(
        label=gettext_lazy("Worksheet"),
        required=False,
        max_length=100,
        help_text=gettext_lazy("The name of the sheet in a workbook; empty: the first."),
    )
    order = forms.ChoiceField(
        label=gettext_lazy("Days in numbers"), required=False, choices=list(ORDERS.items())
    )
    rarely = ("encoding", "delimiter", "worksheet", "order")

    def __init__(self, *args, user: User, is_too_large: bool = False, **kwargs) -> None:
        """Offer the statuses that this person may give; `is_too_large`: the file was cut off."""
        super().__init__(*args, **kwargs)
        self.is_too_large = is_too_large
        self.sheet: Sheet | None = None
        self.preset: presets.Preset | None = None
        signs = user.has_perm("incidents.review_incident")
        offered = (*REVIEWED, choices.Status.PUBLISHED) if signs else REVIEWED
        self.fields["status"].choices = [(status.value, status.label) for status in offered]
        if is_too_large:
            message = _("The file is larger than %s MB, the most that may be imported at once.")
            advice = _("Divide it, or use the command.")
            said = f"{message % settings.IMPORT_MAX_MB} {advice}"
            self.fields["file"].error_messages["required"] = said

    def clean_file(self) -> UploadedFile:
        """Keep of the name what can be shown; it never becomes a path."""
        file = self.cleaned_data["file"]
        file.shown_name = "".join(filter(str.isprintable, file.name))[:255] or _("unnamed")
        return file

    def clean_mapping(self) -> UploadedFile | None:
        """Refuse a mapping that is far too large to be one."""
        mapping = self.cleaned_data["mapping"]
        if mapping and mapping.size > LARGEST_MAPPING:
            raise ValidationError(_("A mapping has at most 200,000 bytes; this is another file."))
        return mapping

    def clean(self) -> dict[str, Any]:
        """Open the file, and find or read its mapping."""
        cleaned = super().clean()
        if "file" in cleaned and not self.errors:
            self.sheet = self.opened(cleaned)
        if self.sheet and cleaned.get("rows") == "own":
            self.preset = self.own_mapping(cleaned.get("mapping"))
        elif self.sheet:
            self.preset = self.known_mapping(cleaned.get("rows", ""), self.sheet)
        return cleaned

    def opened(self, cleaned: dict[str, Any]) -> Sheet | None:
        """Open the file where it was put while it came in."""
        file = cleaned["file"]
        path = Path(file.temporary_file_path())
        named = {name: cleaned.get(name) or "" for name in ("encoding", "delimiter", "worksheet")}
        try:
            return open_sheet(path, **named)
        except Unreadable as refusal:
            self.add_error("file", str(refusal).replace(str(path), file.shown_name))
            return None

    def own_mapping(self, mapping: UploadedFile | None) -> presets.Preset | None:
        """Read the mapping that came along."""
        if not mapping:
            self.add_error("mapping", _("Choose the .toml file of your mapping."))
            return None
        try:
            return presets.read(mapping.read().decode("utf-8"), mapping.name)
        except UnicodeDecodeError:
            self.add_error("mapping", _("The mapping is not written in UTF-8."))
        except presets.BadMapping as refusal:
            self.add_error("mapping", str(refusal))
        return None

    def known_mapping(self, rows: str, sheet: Sheet) -> presets.Preset | None:
        """Find the project's own mapping that fits the columns, if one does."""
        if rows in ("incidents", "claims"):
            own = f"attest-{rows}"
            fits = own in presets.recognised(sheet.headers)
            return presets.presets()[own] if fits else None
        try:
            return presets.chosen(rows, sheet.headers)
        except presets.BadMapping:
            return None


class ColumnsForm(forms.Form):
    """What each column of a sheet becomes."""

    title = forms.CharField(
        label=gettext_lazy("Name of this data set"),
        max_length=100,
        help_text=gettext_lazy(
            "Give a newer edition of the same sheet the same name: its rows are then recognised."
        ),
    )
    rows = forms.ChoiceField(label=gettext_lazy("Each row is"), choices=list(OWN_ROWS.items()))
    order = forms.ChoiceField(
        label=gettext_lazy("Days in numbers"), required=False, choices=list(ORDERS.items())
    )

    def __init__(self, *args, headers: Sequence[str], user: User, **kwargs) -> None:
        """Ask for each column; figures that somebody decided take the right to assess."""
        super().__init__(*args, **kwargs)
        self.headers = headers
        offered = offered_to(user)
        for place, header in enumerate(headers):
            self.fields[f"column-{place}"] = forms.ChoiceField(
                label=header, choices=offered, required=False
            )

    @property
    def columns(self) -> list[forms.BoundField]:
        """List the fields of the columns."""
        return [self[f"column-{place}"] for place in range(len(self.headers))]

    def chosen(self) -> Columns:
        """Say which column becomes what."""
        found = {}
        for place, header in enumerate(self.headers):
            if target := self.cleaned_data.get(f"column-{place}"):
                found[target] = header
        return found

    def clean(self) -> dict[str, Any]:
        """Refuse two columns that become the same, and a mapping that says nothing."""
        cleaned = super().clean()
        first: dict[str, str] = {}
        for place, header in enumerate(self.headers):
            target = cleaned.get(f"column-{place}")
            if target and first.setdefault(target, header) != header:
                message = _("“%(other)s” becomes “%(target)s” already; only one column can.")
                told = {"other": first[target], "target": name_of(target)}
                self.add_error(f"column-{place}", message % told)
        if not first:
            self.add_error(None, _("Say for at least one column what it becomes."))
        if ("latitude" in first) != ("longitude" in first):
            self.add_error(None, _("Latitude and longitude belong together; choose both."))
        return cleaned


def offered_to(user: User) -> list:
    """List what a column can become, in groups, as far as this person may import it."""
    groups: list = [("", _("keep it as extra data"))]
    for label, targets in OFFERED:
        may = not targets[0].startswith("assessment") or user.has_perm("incidents.add_assessment")
        if may:
            groups.append((label, [(target, name_of(target)) for target in targets]))
    return groups


def meanings(user: User) -> list[tuple[str, list[tuple[str, str]]]]:
    """Explain what a column can become, for the foot of the page."""
    return [
        (str(label), [(name, meaning(target)) for target, name in targets])
        for label, targets in offered_to(user)[1:]
    ]


class UndoImportForm(forms.Form):
    """Why an import is undone."""

    why = reason_field()


class GoodRowsForm(forms.Form):
    """The tick that somebody knows that some rows stay out."""

    good_only = forms.BooleanField(
        label=gettext_lazy("I know that the rejected rows stay out."),
        error_messages={
            "required": gettext_lazy("Tick that you know that the rejected rows stay out.")
        },
    )
