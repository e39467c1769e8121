"""What every column, parameter and code means: gathered from where each is defined."""

from typing import Any

from incidents.columns import CLAIMS, INCIDENTS
from incidents.filterset import DEFAULT_KINDS, DEFAULT_STATUSES, IncidentFilter
from incidents.importing.presets import presets
from incidents.importing.targets import ASSESSMENT, CLAIM, INCIDENT, PLACE
from incidents.models import Category, choices
from incidents.packed import TABLES

VOCABULARIES = {
    "kind": choices.IncidentKind,
    "status": choices.Status,
    "review": choices.Review,
    "role": choices.PlaceRole,
    "measure": choices.Measure,
    "figure_kind": choices.FigureKind,
    "stance": choices.Stance,
    "basis": choices.Basis,
    "qualifier": choices.Qualifier,
    "unit": choices.Unit,
    "origin": choices.Origin,
    "claim_status": choices.ClaimStatus,
    "source_kind": choices.SourceKind,
    "reliability": choices.Reliability,
    "article_kind": choices.ArticleKind,
    "link": choices.LinkKind,
    "certainty": choices.Certainty,
}


def contents() -> dict[str, Any]:
    """Gather the codebook: tables, parameters, vocabularies and categories."""
    return {
        "tables": {"incidents.csv": INCIDENTS, "claims.csv": CLAIMS},
        "package": TABLES,
        "imports": presets(),
        "targets": {"incident": INCIDENT, "place": PLACE, "claim": CLAIM, "assessment": ASSESSMENT},
        "parameters": parameters(),
        "vocabularies": {name: codes.choices for name, codes in VOCABULARIES.items()},
        "categories": list(Category.objects.all()),
        "default_kinds": DEFAULT_KINDS,
        "default_statuses": DEFAULT_STATUSES,
    }


def parameters() -> list[tuple[str, Any, Any]]:
    """List name, label and meaning of every query parameter that finds incidents."""
    listed = []
    for name, parameter in IncidentFilter.base_filters.items():
        shown = "from, to" if name == "during" else name
        listed.append((shown, parameter.label, parameter.extra["help_text"]))
    return listed
