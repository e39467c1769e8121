"""The question as a form: one control for each parameter, filled with what was asked.

Works without script and after a refusal: it is built from the request itself, not from what was
understood. Used by the pages that have a filter.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from incidents.filters import (
    DEFAULT_KINDS,
    DEFAULT_STATUSES,
    MATCHES,
    ORDERS,
    ROLES,
    YES_NO,
    IncidentFilter,
)
from incidents.models import Category, Place, choices

TEXTS = ("q", "region", "sending", "receiving", "source", "publisher", "wave")
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


@dataclass(frozen=True, slots=True)
class Control:
    """One parameter in the form: its name, label, help, values asked for, and options if few."""

    name: str
    label: Any
    help: Any
    values: list[str]
    options: list[tuple[str, Any, bool]]


def controls(asked: QueryDict) -> dict[str, Control]:
    """Build the controls for what a request asked, by name of parameter."""
    made = {name: control(name, asked) for name in (*TEXTS, *NUMBERS)}
    made |= {name: control(name, asked, options) for name, options in ONE_OF.items()}
    made |= {name: control(name, asked, options) for name, options in ANY_OF.items()}
    categories = [(category.code, category.name) for category in Category.objects.all()]
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


def place_suggestions() -> list[Place]:
    """World regions and countries, to be offered while a place is typed."""
    kinds = (Place.Kind.REGION, Place.Kind.SUBREGION, Place.Kind.COUNTRY)
    return list(Place.objects.filter(kind__in=kinds).order_by("name"))
