"""The desk's start page: what waits for the person, what to look at, what was done.

One rule: it shows a few records of each sort and counts the rest; every count leads to a list that
holds exactly those records, and what the person may not see is not counted.
"""

from dataclasses import dataclass
from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from incidents import desk
from incidents.models import User

SHOWN = 5
CHANGES = 8


@dataclass(frozen=True, slots=True)
class Counted:
    """A count of records that ask for something, and the list that holds them."""

    label: str
    number: str
    address: str


def start_view(request: HttpRequest) -> HttpResponse:
    """Show the desk."""
    user = request.user
    context = {
        **admin.site.each_context(request),
        "title": _("The desk"),
        "app_list": admin.site.get_app_list(request),
        **(of_articles(user) if user.has_perm("incidents.change_article") else {}),
        **(of_incidents(user) if user.has_perm("incidents.change_incident") else {}),
        **(of_reviews(user) if user.has_perm("incidents.review_incident") else {}),
    }
    return TemplateResponse(request, "admin/index.html", context)


def of_articles(user: User) -> dict[str, Any]:
    """Gather the person's queue, and the day."""
    return {
        "next_articles": desk.next_to_code(user, SHOWN),
        "day": [*desk.day_of(user), desk.still_to_code(user)],
    }


def of_incidents(user: User) -> dict[str, Any]:
    """Gather what came back to the person, what they began, warnings, and what others changed."""
    return {
        "returned": desk.returned(user, SHOWN),
        "drafts": desk.drafts(user, SHOWN),
        "mine": {
            name.replace("-", "_"): counted(name, user) for name in ("sent-back", "my-drafts")
        },
        "warnings": [counted(name, user) for name in desk.WARNINGS],
        "changes": desk.recent_changes(user, CHANGES),
    }


def of_reviews(user: User) -> dict[str, Any]:
    """Gather what waits for a reviewer."""
    return {
        "to_review": desk.to_review(user, SHOWN),
        "reviews": [counted(name, user) for name in ("submitted", "changed")],
    }


def counted(name: str, user: User) -> Counted:
    """Count one matter, and say where its records are listed."""
    matter = desk.MATTERS[name]
    listed = reverse(f"admin:incidents_{matter.model._meta.model_name}_changelist")
    return Counted(matter.label, matter.count(user), f"{listed}?asks={name}")


admin.site.add_page("", start_view, "index")
