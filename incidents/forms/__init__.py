"""The forms by which people write records, one record each; several go through `actions`.

One rule: a form reads typed words through the model's own shapes and turns what it does not
understand into a sentence beside the field; nothing typed is lost. Called by the admin.
"""

from incidents.forms.actions import (
    ActionForm,
    AssessForm,
    LinkForm,
    UnlinkForm,
    VersionForm,
)
from incidents.forms.articles import ArticleForm
from incidents.forms.claims import (
    ArticleClaimForm,
    ArticleClaimFormSet,
    ClaimForm,
    ClaimPageForm,
)
from incidents.forms.incidents import IncidentForm
from incidents.forms.merging import (
    MergeForm,
    MergeIncidentForm,
    MergePlaceForm,
    MergeSourceForm,
    UndoForm,
)
from incidents.forms.review import QueueForm, TicksForm
from incidents.forms.rows import CarefulRows
from incidents.forms.shared import CarefulForm, ReasonForm, changed_fields
from incidents.forms.steps import StepForm, StepFormSet
from incidents.forms.vocabularies import CategoryForm, PlaceForm, SourceForm

__all__ = [
    "ActionForm",
    "ArticleClaimForm",
    "ArticleClaimFormSet",
    "ArticleForm",
    "AssessForm",
    "CarefulForm",
    "CarefulRows",
    "CategoryForm",
    "ClaimForm",
    "ClaimPageForm",
    "IncidentForm",
    "LinkForm",
    "MergeForm",
    "MergeIncidentForm",
    "MergePlaceForm",
    "MergeSourceForm",
    "PlaceForm",
    "ReasonForm",
    "SourceForm",
    "StepForm",
    "StepFormSet",
    "QueueForm",
    "TicksForm",
    "UndoForm",
    "UnlinkForm",
    "VersionForm",
    "changed_fields",
]
