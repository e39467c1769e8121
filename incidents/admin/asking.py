"""The one door in the desk: the pages' parameters in the list of incidents, and the exports.

One rule: what a question finds on the pages it finds here, and what is exported here has the
same columns, rights and log.
"""

from dataclasses import replace
from typing import Any

from django.contrib import admin
from django.core.exceptions import BadRequest, PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, QueryDict, StreamingHttpResponse
from django.utils.translation import gettext_lazy as _

from incidents import exports
from incidents.filters import PARAMETERS, BadQuestion, Question, ask
from incidents.models import choices
from incidents.phrases import in_words

WHOLE = QueryDict(mutable=True)
WHOLE.setlist("kind", choices.IncidentKind.values)
WHOLE.setlist("status", choices.Status.values)


class QuestionFilter(admin.ListFilter):
    """Takes the query parameters of the pages, and says the question back beside the list."""

    title = _("question")

    def __init__(self, request: HttpRequest, params: dict[str, list], model, model_admin) -> None:
        super().__init__(request, params, model, model_admin)
        asked = QueryDict(mutable=True)
        for name in PARAMETERS & set(params):
            asked.setlist(name, params.pop(name))
        self.used_parameters: dict[str, Any] = dict(asked.lists())
        self.question = understood(asked, request) if asked else None

    def has_output(self) -> bool:
        return self.question is not None

    def expected_parameters(self) -> list[str]:
        return sorted(PARAMETERS)

    def choices(self, changelist) -> list[dict[str, Any]]:
        """Say what is asked, and offer to ask nothing."""
        without = changelist.get_query_string(remove=self.expected_parameters())
        asked = "; ".join(in_words(self.question))
        return [
            {"selected": True, "query_string": changelist.get_query_string(), "display": asked},
            {"selected": False, "query_string": without, "display": _("everything")},
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        """Keep what the question finds, if one is asked."""
        if self.question is None:
            return queryset
        return queryset.filter(pk__in=self.question.incidents.values("pk"))


def understood(asked: QueryDict, request: HttpRequest) -> Question:
    """Understand a question, or refuse the request with its sentences."""
    try:
        return ask(asked, request.user)
    except BadQuestion as refusal:
        raise BadRequest(" ".join(refusal.sentences)) from refusal


def selected_csv(table: str, request: HttpRequest, incidents: QuerySet) -> StreamingHttpResponse:
    """Send one table of the selected incidents, as far as this person may see them."""
    if not request.user.has_perm("incidents.export_incident"):
        raise PermissionDenied
    question = ask(WHOLE, request.user)
    chosen = question.found.filter(pk__in=list(incidents.values_list("pk", flat=True)))
    return exports.csv_response(request, replace(question, found=chosen), table)


@admin.action(description=_("Export the selected incidents as CSV"), permissions=["view"])
def export_incidents(model_admin, request: HttpRequest, incidents: QuerySet):
    """Send incidents.csv of the selected incidents."""
    return selected_csv("incidents", request, incidents)


@admin.action(description=_("Export the claims on the selected incidents"), permissions=["view"])
def export_claims(model_admin, request: HttpRequest, incidents: QuerySet):
    """Send claims.csv of the selected incidents."""
    return selected_csv("claims", request, incidents)
