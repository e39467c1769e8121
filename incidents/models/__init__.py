"""The records. Each file holds one part of them; import any model from here."""

from incidents.models import choices, lookups
from incidents.models.asking import code_of, key_in, pk_of
from incidents.models.categories import Category
from incidents.models.claims import Assessment, Claim, ClaimStep
from incidents.models.derived import (
    ANYWHERE,
    NOWHERE,
    ON_MAP,
    OWN_POINT,
    SUMMED_PLACES,
    THE_EDITION,
    Edition,
    ExportLog,
    IncidentFigure,
    IncidentKnot,
    IncidentRegion,
    IncidentSource,
    KnotSum,
    MonthSum,
)
from incidents.models.imports import Import, Origin
from incidents.models.incidents import Incident, review_state
from incidents.models.people import User
from incidents.models.places import Place, PlaceAncestor, PlaceName
from incidents.models.shapes import survivor_of
from incidents.models.sources import Article, Source, SourceAlias, parents_of_sources
from incidents.models.texts import IncidentText, text_key
from incidents.models.ties import IncidentLink, IncidentPlace, Merge

__all__ = [
    "ANYWHERE",
    "NOWHERE",
    "ON_MAP",
    "OWN_POINT",
    "SUMMED_PLACES",
    "THE_EDITION",
    "Article",
    "Assessment",
    "Category",
    "Claim",
    "ClaimStep",
    "Edition",
    "ExportLog",
    "Import",
    "Incident",
    "IncidentFigure",
    "IncidentKnot",
    "IncidentLink",
    "IncidentPlace",
    "IncidentRegion",
    "IncidentSource",
    "IncidentText",
    "KnotSum",
    "Merge",
    "MonthSum",
    "Origin",
    "Place",
    "PlaceAncestor",
    "PlaceName",
    "Source",
    "SourceAlias",
    "User",
    "choices",
    "code_of",
    "key_in",
    "lookups",
    "parents_of_sources",
    "pk_of",
    "review_state",
    "survivor_of",
    "text_key",
]
