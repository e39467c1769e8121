"""Compares three states of a record, field by field: as opened, as stored now, as typed.

One rule: what one person alone changed is kept, whoever it was; what two changed differently waits
for a decision, and until then nothing is saved. The page itself carries what it showed, so that a
reader never learns of values that it did not show. Called by the forms.
"""

import json
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

THEIRS, MINE = "theirs", "mine"
Plain = str | list[str]


class SeenField(forms.CharField):
    """What the page showed when it was made; never a change of the record."""

    widget = forms.HiddenInput

    def has_changed(self, initial, data) -> bool:
        """Tell that nothing was typed here."""
        return False


@dataclass(frozen=True, slots=True)
class Seen:
    """What a page showed: each field's value, and what those that wait for a decision held before.

    `opened` has None where that is not known. `gone` is the key of a row that left its page.
    """

    values: dict[str, Plain]
    opened: dict[str, Plain | None]
    gone: str = ""

    def written(self) -> str:
        """Write it as the page carries it; empty values are left out."""
        shown = {name: value for name, value in self.values.items() if value}
        parts = {"seen": shown, "open": self.opened, "gone": self.gone}
        return json.dumps({key: part for key, part in parts.items() if part}, ensure_ascii=False)


@dataclass(frozen=True, slots=True)
class Meeting:
    """One field that somebody else changed since the page was opened.

    `open`: both changed it, and nobody has decided yet. Otherwise theirs was kept.
    """

    name: str
    opened: Plain | None
    now: Plain
    typed: Plain
    open: bool


def read_seen(text: str) -> Seen | None:
    """Read what a page showed; None when it does not say."""
    try:
        read = json.loads(text)
        json.dumps(read, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        return None
    if not isinstance(read, dict) or not all(isinstance(read.get(k, {}), dict) for k in PARTS):
        return None
    values, opened = (read.get(part, {}) for part in PARTS)
    if not all(map(is_plain, (*values.values(), *opened.values()))):
        return None
    return Seen(
        {name: plain(value) for name, value in values.items()},
        {name: value if value is None else plain(value) for name, value in opened.items()},
        str(read.get("gone", "")),
    )


PARTS = ("seen", "open")


def is_plain(value: Any) -> bool:
    """Tell whether a page could have written a value: text, texts, or nothing known."""
    texts = value if isinstance(value, list) else [value]
    return value is None or all(isinstance(text, str) for text in texts)


def plain(value: Any) -> Plain:
    """Write a value as a page posts it: text, or a sorted list of texts."""
    if isinstance(value, list | tuple):
        return sorted(map(str, value))
    if value is None or value is False:
        return ""
    return "on" if value is True else str(value).replace("\r\n", "\n").replace("\r", "\n")


def stored(form: forms.ModelForm, name: str) -> Plain:
    """Write what the record holds now, as far as this form shows it."""
    field = form.fields[name]
    return plain(field.prepare_value(form.get_initial_for_field(field, name)))


def typed(form: forms.ModelForm, name: str) -> Plain:
    """Write what was posted."""
    field = form.fields[name]
    return plain(field.widget.value_from_datadict(form.data, form.files, form.add_prefix(name)))


def same(field: forms.Field, one: Plain, other: Plain) -> bool:
    """Tell whether two texts mean one value: 42.5 and 42.500000 do."""
    if (one or "") == (other or ""):
        return True
    if isinstance(field, forms.ModelChoiceField):
        return False
    try:
        return field.to_python(one) == field.to_python(other)
    except ValidationError:
        return False


def compared(form: forms.ModelForm) -> list[str]:
    """List the fields that show something of the record."""
    return [name for name in form.fields if name in form.initial]


def showing(form: forms.ModelForm) -> Seen:
    """Say what a page shows that is made now."""
    return Seen({name: stored(form, name) for name in compared(form)}, {})


def meet(form: forms.ModelForm) -> list[Meeting]:
    """Bring what was posted together with what is stored now; return what others changed.

    Fields that this person left alone take the stored value, in the form's own copy of the data.
    """
    seen = read_seen(form.data.get(form.add_prefix("seen"), ""))
    found = [meeting for name in compared(form) if (meeting := met(form, name, seen))]
    waiting = {meeting.name: meeting.opened for meeting in found if meeting.open}
    now = Seen(showing(form).values, waiting)
    if now != seen:
        put(form, "seen", now.written())
    return found


def met(form: forms.ModelForm, name: str, seen: Seen | None) -> Meeting | None:
    """Bring one field together."""
    field, now, mine = form.fields[name], stored(form, name), typed(form, name)
    before = seen.values.get(name, "") if seen else None
    moved = before is None or not same(field, now, before)
    waited = seen is not None and name in seen.opened
    if waited:
        opened, decided = seen.opened[name], decision(form, name)
        if decided == THEIRS and not moved:
            put(form, name, now)
        if decided in (THEIRS, MINE) and not moved:
            return None
    elif before is not None and same(field, mine, before):
        if form.data.get(form.add_prefix(name)) != now:
            put(form, name, now)
        return Meeting(name, before, now, now, open=False) if moved else None
    else:
        opened = before
    if same(field, mine, now) or not (moved or waited):
        return None
    return Meeting(name, opened, now, mine, open=True)


def decision(form: forms.ModelForm, name: str) -> str:
    """Read which of two texts somebody chose."""
    return form.data.get(f"{form.add_prefix(name)}-decide", "")


def put(form: forms.ModelForm, name: str, value: Plain) -> None:
    """Replace what was posted in one field."""
    key = form.add_prefix(name)
    form.data = form.data.copy()
    if isinstance(value, list) and hasattr(form.data, "setlist"):
        form.data.setlist(key, value)
    elif not value and isinstance(form.fields[name], forms.BooleanField):
        form.data.pop(key, None)
    else:
        form.data[key] = value
