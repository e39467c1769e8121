"""Shows what others changed while a page was open: who, when, why, and the texts side by side.

One rule: it says no more than the record's own page and history say to this reader. What is
decided is read by the forms; nothing is written here.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import pairwise

from django import forms
from django.contrib import messages
from django.db import models
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from incidents.forms.meanwhile import Meeting, Plain
from incidents.models import Claim, key_in
from incidents.retelling import retold

READ = 50  # as many states of a record are read back for who changed what


@dataclass(frozen=True, slots=True)
class Line:
    """One field: its three texts, and who changed it."""

    name: str
    anchor: str
    label: str
    opened: str
    now: str
    yours: str
    changed: str
    open: bool


@dataclass(slots=True)
class Part:
    """One record on the page; `asks` names the choice about a row that left the page."""

    what: str
    lines: list[Line] = field(default_factory=list)
    asks: str = ""
    stands: str = ""
    typed: list[tuple[str, str]] = field(default_factory=list)


def met_on_page(user, form: forms.ModelForm, formsets: Iterable) -> list[Part]:
    """List what others changed on the record and its rows while this page was open."""
    formsets = list(formsets)
    rows = [row for rows in formsets for row in rows.initial_forms]
    parts = [
        Part(named(one.instance), lines_of(one, user))
        for one in (form, *rows)
        if getattr(one, "meetings", [])
    ]
    return parts + [
        row_that_left(rows.forms[number], key, user)
        for rows in formsets
        for number, key in getattr(rows, "gone", {}).items()
    ]


def named(record: models.Model) -> str:
    """Name a record as it was before anything was typed."""
    return capfirst(
        f"{record._meta.verbose_name} {record._meta.model._base_manager.get(pk=record.pk)}"
    )


def lines_of(form: forms.ModelForm, user) -> list[Line]:
    """Put the texts of each field side by side."""
    changes = last_changes(form, user)
    return [
        Line(
            name=f"{form.add_prefix(met.name)}-decide",
            anchor=form[met.name].id_for_label or form[met.name].auto_id,
            label=capfirst(form.fields[met.name].label or met.name),
            opened=_("not known") if met.opened is None else say(form, met.name, met.opened),
            now=say(form, met.name, met.now),
            yours=say(form, met.name, met.typed),
            changed=changes[met.name],
            open=met.open,
        )
        for met in form.meetings
    ]


def say(form: forms.ModelForm, name: str, value: Plain) -> str:
    """Say a posted value as people read it."""
    column = form.fields[name]
    if isinstance(column, forms.ModelChoiceField):
        return said_records(column, value) or "–"
    if isinstance(column, forms.BooleanField):
        return _("yes") if value else _("no")
    known = dict(flat(getattr(column, "choices", ())))
    return str(known.get(value, value)) if value else "–"


def said_records(column: forms.ModelChoiceField, value: Plain) -> str:
    """Name the records that this person may choose."""
    keys = value if isinstance(value, list) else [value]
    numbers = [key for key in keys if key_in(key) is not None]
    return ", ".join(map(str, column.queryset.filter(pk__in=numbers)))


def flat(choices) -> list[tuple[str, str]]:
    """List choices without their groups."""
    pairs = []
    for key, label in choices:
        pairs += flat(label) if isinstance(label, list | tuple) else [(str(key), str(label))]
    return pairs


def last_changes(form: forms.ModelForm, user) -> dict[str, str]:
    """Say of each field that others changed: who, when, why; nothing of what is hidden."""
    history = getattr(form.instance, "history", None)
    states = []
    if history is not None:
        rows = history.select_related("history_user")
        states = list(rows.order_by("-history_date", "-history_id")[:READ])
    hidden = set(getattr(form, "unseen", {}))
    return {
        met.name: "" if met.name in hidden else who_changed(states, met.name, user)
        for met in form.meetings
    }


def who_changed(states: list, name: str, user) -> str:
    """Say who gave a field the value it has, when and why."""
    for newer, older in pairwise(states):
        column = next((one for one in newer.tracked_fields if one.name == name), None)
        if column is None:
            return said_change(newer, user)
        if getattr(newer, column.attname) != getattr(older, column.attname):
            return said_change(newer, user)
    return said_change(states[0], user) if states else ""


def said_change(state, user) -> str:
    """Say who saved a state, when and why."""
    who = state.history_user.get_username() if state.history_user else _("the system")
    who = _("you, on another page") if state.history_user == user else who
    at = date_format(localtime(state.history_date), "Y-m-d H:i")
    why = retold((state.history_change_reason or "").strip())
    return f"{who}, {at}: {why}" if why else f"{who}, {at}"


def row_that_left(form: forms.ModelForm, key: str, user) -> Part:
    """Show what was typed in a row that left the page, and where it stands, if that may be seen."""
    model = form._meta.model
    texts = [
        (capfirst(column.label or name), say(form, name, typed))
        for name, column in form.fields.items()
        if name in form.changed_data and (typed := form[name].value())
        if isinstance(typed, str) and not column.widget.is_hidden
    ]
    what = capfirst(_("%s that left this page") % model._meta.verbose_name)
    return Part(what, asks=f"{form.prefix}-decide", stands=where(model, key, user), typed=texts)


def where(model: type[models.Model], key: str, user) -> str:
    """Say where a claim went that this person may still see."""
    if model is not Claim or key_in(key) is None:
        return ""
    claim = Claim.objects.visible_to(user).filter(pk=key).select_related("incident").first()
    if claim is None:
        return ""
    return _("It now stands on %(incident)s, in “%(article)s”.") % {
        "incident": claim.incident,
        "article": claim.article,
    }


def mention_kept(request, rows: Iterable[forms.ModelForm]) -> None:
    """Say which changes by others stand beside what was just saved."""
    for form in rows:
        kept: list[Meeting] = [met for met in getattr(form, "meetings", []) if not met.open]
        if not kept:
            continue
        for line in lines_of(form, request.user):
            messages.info(
                request,
                _("Changed while you had the page open, and kept: %(what)s, %(field)s (%(who)s).")
                % {
                    "what": form.instance,
                    "field": line.label,
                    "who": line.changed or _("somebody else"),
                },
            )
