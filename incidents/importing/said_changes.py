"""Says what a newer edition changes, with the labels and names that people know.

One rule: no stored name or key reaches the report: a field has its label, a place its name, a code
its words. Called by `updating`.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.utils.translation import gettext as _

from incidents.models import Article, Category, Claim, Incident, IncidentPlace, Place

SHOWN = 60
FOLLOWING = {  # what is worked out from words whose change is said already
    "date_words": ("date_edtf", "earliest", "latest", "date_inferred", "date_anchor"),
    "words": ("qualifier", "low", "value", "high", "unit"),
}
PLACES = ("place", "nationality", "sending", "receiving")
Change = tuple[str, Any, Any]


class ChangeWords:
    """The words for changes of one file; names that were looked up are remembered."""

    def __init__(self) -> None:
        """Begin with no names."""
        self.places: dict[int, str] = {}

    def said(self, changes: Sequence[Change]) -> list[tuple[str, str, str]]:
        """Say each change: label, what is stored, what the file says."""
        names = {name for name, _old, _new in changes}
        silent = {gone for name in names for gone in FOLLOWING.get(name, ())}
        return [
            (label_of(name), short(self.words(name, old)), short(self.words(name, new)))
            for name, old, new in changes
            if name not in silent
        ]

    def words(self, name: str, value: Any) -> str:
        """Say a value."""
        if value in (None, "", ()):
            return "–"
        if isinstance(value, tuple):
            return ", ".join(self.part(name, part) for part in value)
        if name in PLACES and isinstance(value, int):
            return self.place(value)
        if name == "category":
            return Category.objects.filter(pk=value).values_list("name", flat=True).first() or "–"
        if isinstance(value, bool):
            return _("yes") if value else _("no")
        return choices_of(name).get(value, str(value))

    def part(self, name: str, part: Any) -> str:
        """Say one of several values; of a place also its role and words."""
        if name != "place":
            return "–" if part is None else str(part)
        key, role, words = part if isinstance(part, tuple) else (part, "", "")
        roles = dict(IncidentPlace._meta.get_field("role").choices)
        beside = [str(roles.get(role, "")), f"“{words}”" if words else ""]
        told = ", ".join(filter(None, beside))
        return f"{self.place(key)} ({told})" if told else self.place(key)

    def place(self, key: int) -> str:
        """Name a place."""
        if key not in self.places:
            found = Place.objects.filter(pk=key).first()
            self.places[key] = found.label if found else "–"
        return self.places[key]


@cache
def field_of(name: str) -> Any:
    """Find the field of an incident, claim or article that a change is about; None for others."""
    for model in (Incident, Claim):
        try:
            return model._meta.get_field(name)
        except FieldDoesNotExist:
            continue
    if name.startswith("article_"):
        return Article._meta.get_field(name.removeprefix("article_"))
    return None


def label_of(name: str) -> str:
    """Give the label of what changes."""
    if name.startswith("article_"):
        return _("article: %s") % field_of(name).verbose_name
    if name in ("claim", "place"):
        return {"claim": _("claim"), "place": _("place")}[name]
    field = field_of(name)
    return str(field.verbose_name) if field else name


def choices_of(name: str) -> Mapping[Any, str]:
    """Give the words for the codes of a field."""
    field = field_of(name)
    pairs: Iterable[tuple[Any, Any]] = field.choices or () if hasattr(field, "choices") else ()
    return {code: str(label) for code, label in pairs}


def short(words: str) -> str:
    """Cut a value for a line of the report."""
    return words if len(words) <= SHOWN else words[: SHOWN - 1] + "…"
