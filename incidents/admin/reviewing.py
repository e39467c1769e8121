"""The review queue: what waits for a reviewer, and signing several records at once.

One rule: only reviewers see it; each record is shown with the version that a tick would sign.
"""

from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from incidents import actions, waiting
from incidents.forms import QueueForm, TicksForm
from incidents.models import code_of

ROWS = 25


def review_view(request: HttpRequest) -> HttpResponse:
    """Show what waits; sign what is ticked."""
    if not request.user.has_perm("incidents.review_incident"):
        raise PermissionDenied
    asked = QueueForm(request.GET, people=waiting.loggers(request.user))
    ticks = TicksForm(request.POST if request.method == "POST" else None)
    if asked.is_valid() and ticks.is_valid() and sign(request, ticks):
        return HttpResponseRedirect(request.get_full_path())
    context = {
        **admin.site.each_context(request),
        "title": _("Review queue"),
        "asked": asked,
        "ticks": ticks,
        "ticked": request.POST.getlist("tick"),
        "solo": settings.SOLO_REVIEW,
        **(shown(asked, request.user) if asked.is_valid() else {}),
    }
    status = 200 if asked.is_valid() else 400
    return TemplateResponse(request, "admin/review.html", context, status=status)


def sign(request: HttpRequest, ticks: TicksForm) -> bool:
    """Sign the ticked records, and say of each what became of it."""
    wanted = ticks.cleaned_data["incidents"]
    try:
        refusals = actions.sign_batch(
            incidents=wanted, by=request.user, why=ticks.cleaned_data["why"]
        )
    except actions.Refused as refused:
        ticks.add_error(None, str(refused))
        return False
    signed = [code_of(key) for key in wanted if key not in refusals]
    if signed:
        messages.success(request, _("Signed: %s.") % ", ".join(signed))
    for sentence in refusals.values():
        messages.warning(request, _("Not signed: %s") % sentence)
    return True


def shown(asked: QueueForm, user) -> dict:
    """Gather one page of the queue."""
    found, page = waiting.queue(user, **asked.asked()), asked.cleaned_data["page"] or 1
    first = (page - 1) * ROWS
    incidents = list(found[first : first + ROWS + 1])
    return {
        "rows": waiting.waiting(incidents[:ROWS], user),
        "total": waiting.counted(found),
        "page": page,
        "more": len(incidents) > ROWS,
    }


admin.site.add_page("review/", review_view, "review")
