"""The question as a form: one control for each parameter, filled with what was asked.

Works without script and after a refusal: it is built from the request itself, not from what was
understood. Used by the pages that have a filter.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from incidents.filterset import (
    DEFAULT_KINDS,
    DEFAULT_STATUSES,
    MATCHES,
    ORDERS,
    ROLES,
    YES_NO,
    IncidentFilter,
)
from incidents.models import Category, Place, choices
from incidents.models.places import name_field

TEXTS = ("q", "region", "at", "sending", "receiving", "source", "publisher", "wave")
NUMBERS = ("people_min", "people_max", "sources_min")
ONE_OF = {"disputed": YES_NO, "order": ORDERS}
ANY_OF = {
    "kind": choices.IncidentKind.choices,
    "measure": choices.Measure.choices,
    "role": ROLES,
    "dates": MATCHES,
    "status": choices.Status.choices,
}
DEFAULTS = {"kind": DEFAULT_KINDS, "status": DEFAULT_STATUSES}
ALWAYS_SHOWN = ("q", "region", "from", "to", "category", "order")


@dataclass(frozen=True, slots=True)
class Control:
    """One parameter in the form: its name, label, help, values asked for, and options if few."""

    name: str
    label: Any
    help: Any
    values: list[str]
    options: list[tuple[str, Any, bool]]

    @property
    def is_used(self) -> bool:
        """Whether it narrows the question beyond what holds by default."""
        return self.values != [""] and set(self.values) != set(DEFAULTS.get(self.name, ()))


def controls(asked: QueryDict) -> dict[str, Control]:
    """Build the controls for what a request asked, by name of parameter."""
    made = {name: control(name, asked) for name in (*TEXTS, *NUMBERS)}
    made |= {name: control(name, asked, options) for name, options in ONE_OF.items()}
    made |= {name: control(name, asked, options) for name, options in ANY_OF.items()}
    categories = [(category.code, category.label) for category in Category.objects.all()]
    made["category"] = control("category", asked, categories)
    for name, label in (("from", _("From")), ("to", _("To"))):
        values = [asked.get(name, "")]
        made[name] = Control(
            name, label, IncidentFilter.base_filters["during"].extra["help_text"], values, []
        )
    return made


def control(name: str, asked: QueryDict, options: Iterable[tuple[str, Any]] = ()) -> Control:
    """Build the control of one parameter."""
    words = IncidentFilter.base_filters[name]
    values = [value for value in asked.getlist(name) if value] or [""]
    chosen = set(values) if values != [""] else set(DEFAULTS.get(name, ()))
    return Control(
        name,
        words.label,
        words.extra["help_text"],
        values,
        [(code, label, code in chosen) for code, label in options],
    )


def uses_more(made: dict[str, Control]) -> bool:
    """Tell whether a control is used that the form keeps folded away."""
    return any(its.is_used for name, its in made.items() if name not in ALWAYS_SHOWN)


def loosened(asked: QueryDict, made: dict[str, Control]) -> list[tuple[Any, str]]:
    """List what may be left out of a question: its label, and the query string without it."""
    edges = {"from": ("from", "to"), "region": ("region", "role")}
    shorter = []
    for name, its in made.items():
        if its.is_used and name not in ("order", "role") and not (name == "to" and "from" in asked):
            kept = asked.copy()
            for left_out in edges.get(name, (name,)):
                kept.pop(left_out, None)
            shorter.append((_("Days") if name in ("from", "to") else its.label, kept.urlencode()))
    return shorter


def place_suggestions() -> dict[str, list[tuple[str, str]]]:
    """Code and name of world regions and of countries, to be offered while a place is typed."""
    kinds = (Place.Kind.REGION, Place.Kind.SUBREGION, Place.Kind.COUNTRY)
    name = name_field(get_language())
    offered: dict[str, list[tuple[str, str]]] = {"regions": [], "countries": []}
    rows = Place.objects.standing().filter(kind__in=kinds).order_by("name")
    for kind, code, own, english in rows.values_list("kind", "code", name, "name"):
        group = "countries" if kind == Place.Kind.COUNTRY else "regions"
        offered[group].append((code, own or english))
    return offered
