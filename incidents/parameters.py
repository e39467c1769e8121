"""The kinds of query parameter: how each is read from a request, and how it refuses a bad value.

One rule: a value is understood exactly or refused with a sentence; nothing is dropped. Used by
`filters.IncidentFilter` alone.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from incidents import dates
from incidents.models import NOWHERE, OWN_POINT, Incident, Place, Source, pk_of, survivor_of
from incidents.names import fold
from incidents.retelling import retold

ELSEWHERE = {"point": OWN_POINT, "none": NOWHERE}


class Repeated(forms.TextInput):
    """Reads a parameter that may stand more than once: a list of the values that are not empty."""

    def value_from_datadict(self, data, files, name: str) -> list[str]:
        values = data.getlist(name) if hasattr(data, "getlist") else data.get(name, [])
        return [value for value in values if value.strip()]

    def format_value(self, value: Any) -> str:
        return ", ".join(value) if isinstance(value, list) else value


class CodesField(forms.Field):
    """A list of codes, each looked up; `look_up(codes, user)` maps code to record."""

    widget = Repeated

    def __init__(self, *, look_up: Callable[..., dict[str, Any]], **kwargs) -> None:
        kwargs.pop("lookup_expr", None)
        self.look_up, self.user = look_up, None
        super().__init__(**kwargs)

    def clean(self, value: Sequence[str]) -> list[Any]:
        codes = list(dict.fromkeys(super().clean(value) or []))
        found = self.look_up(codes, self.user) if codes else {}
        return list(dict.fromkeys(found[code] for code in codes))


def known_codes(choices: Iterable[tuple[str, Any]]) -> Callable[..., dict[str, str]]:
    """Make a look-up that allows exactly these codes."""
    allowed = dict(choices)

    def look_up(codes: Sequence[str], user) -> dict[str, str]:
        refuse_unknown(codes, allowed, _("allowed: %s") % ", ".join(allowed))
        return {code: code for code in codes}

    look_up.allowed = allowed
    return look_up


def places(codes: Sequence[str], user) -> dict[str, Place]:
    """Look places up by code, merged ones too; a refusal names the places that are called so."""
    found = standing_for("code", Place.objects.filter(code__in=codes))
    for code in codes:
        if code not in found:
            raise ValidationError(unknown_place(code))
    return found


def whereabouts(codes: Sequence[str], user) -> dict[str, Place | int]:
    """Look up where a map shows incidents: places by code, OWN_POINT or NOWHERE by a word."""
    return {**places([code for code in codes if code not in ELSEWHERE], user), **ELSEWHERE}


def unknown_place(code: str) -> str:
    """Say that this is no place code, and which places have it as a name."""
    refusal = _(
        "“%s” is not a place code. Allowed: a UN M49 region (m49:030), a country (CN), a "
        "division (CN-JL) or a place in one (CN-JL/tumen)."
    )
    called_so = Place.objects.standing().named(code)[:8]
    if not called_so:
        return refusal % code
    names = ", ".join(str(place) for place in called_so)
    return refusal % code + " " + _("Places with this name: %s.") % names


def countries(codes: Sequence[str], user) -> dict[str, Place]:
    """Look countries up by their ISO 3166-1 code."""
    found = standing_for("code", Place.objects.filter(code__in=codes, kind=Place.Kind.COUNTRY))
    refuse_unknown(codes, found, _("allowed: an ISO 3166-1 country code such as CN or KP"))
    return found


def sources(codes: Sequence[str], user) -> dict[str, Source]:
    """Look sources up by their short name, which stays good when a source is merged."""
    found = standing_for("slug", Source.objects.filter(slug__in=codes))
    refuse_unknown(codes, found, _("allowed: the short name that stands on the source's page"))
    return found


def waves(codes: Sequence[str], user) -> dict[str, Incident]:
    """Look waves up by code, among those that the reader may see."""
    found = {}
    for code in codes:
        try:
            pk = pk_of(code)
        except ValueError as error:
            raise ValidationError(str(error)) from error
        wave = Incident.objects.standing_at(pk, user)
        if wave is not None and wave.kind == Incident.Kind.WAVE:
            found[code] = wave
    refuse_unknown(codes, found, _("allowed: the code of a wave, such as AT-000123"))
    return found


def standing_for(name: str, records: Iterable[Any]) -> dict[str, Any]:
    """Map each record's code, in the column of that name, to the record that stands for it now."""
    return {getattr(record, name): survivor_of(record) for record in records}


def refuse_unknown(codes: Iterable[str], allowed: Any, what_is_allowed: str) -> None:
    """Raise ValidationError, naming what is not allowed and what is."""
    unknown = [code for code in codes if code not in allowed]
    if unknown:
        named = ", ".join(f"“{code}”" for code in unknown)
        raise ValidationError(
            _("%(values)s is not known; %(allowed)s.")
            % {"values": named, "allowed": what_is_allowed}
        )


class CodesFilter(django_filters.Filter):
    """A parameter that takes codes and may be repeated for “any of”."""

    field_class = CodesField


class Window(forms.MultiWidget):
    """Reads `from` and `to`, which no attribute of a filter can be called."""

    def __init__(self, attrs=None) -> None:
        super().__init__({"from": forms.TextInput(), "to": forms.TextInput()}, attrs)

    def value_from_datadict(self, data, files, name: str) -> list[str]:
        return [(data.get(edge_name) or "").strip() for edge_name in ("from", "to")]

    def decompress(self, value) -> list:
        return list(value or (None, None))


class WindowField(forms.Field):
    """Two edges, each an ISO day, month or year, as (first day, last day); None is open."""

    widget = Window

    def clean(self, value: Sequence[str]):
        first, last = (edge(text, name) for text, name in zip(value, ("from", "to"), strict=True))
        if first and last and first > last:
            raise ValidationError(
                _("from (%(first)s) is after to (%(last)s).") % {"first": first, "last": last}
            )
        return (first, last) if first or last else None


def edge(text: str, name: str):
    """Read one edge of a window. Raises ValidationError with the parameter's name."""
    if not text:
        return None
    try:
        return dates.parse_window_edge(text, end=name == "to")
    except ValueError as error:
        raise ValidationError(f"{name}: {retold(str(error))}") from error


class WindowFilter(django_filters.Filter):
    """The pair of parameters `from` and `to`."""

    field_class = WindowField


class WholeNumberField(forms.IntegerField):
    """A whole number from 0."""

    widget = forms.TextInput

    def __init__(self, **kwargs) -> None:
        kwargs.pop("lookup_expr", None)
        super().__init__(min_value=0, max_value=10**15, **kwargs)

    def clean(self, value: str) -> int | None:
        if value and not (value.isascii() and value.isdigit()):
            raise ValidationError(
                _("“%s” is not a whole number; write digits only, such as 200.") % value
            )
        return super().clean(value)


class WholeNumberFilter(django_filters.Filter):
    """A parameter that takes a whole number."""

    field_class = WholeNumberField


class ChoiceField(forms.ChoiceField):
    """One code out of a few."""

    def clean(self, value: str) -> str:
        if value and value not in dict(self.choices):
            refuse_unknown([value], {}, _("allowed: %s") % ", ".join(k for k, _v in self.choices))
        return super().clean(value)


class ChoiceFilter(django_filters.Filter):
    """A parameter that takes one of a few codes."""

    field_class = ChoiceField


class TextField(forms.CharField):
    """Free text of at most 200 characters."""

    def __init__(self, **kwargs) -> None:
        super().__init__(max_length=200, **kwargs)

    def clean(self, value: str) -> str:
        text = super().clean(value)
        if text and not fold(text):
            raise ValidationError(_("“%s” holds no letter or digit to look for.") % text)
        return text


class TextFilter(django_filters.Filter):
    """A parameter that takes free text."""

    field_class = TextField
