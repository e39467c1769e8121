"""The desk's search page: one box over incidents, articles, sources and places.

One rule: an incident's code or a page's address leads straight to its record; anything else shows
a few records of each kind, with a way to all of them.
"""

from dataclasses import dataclass

from django.contrib import admin
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from incidents import desk, finding
from incidents.addresses import addresses_in
from incidents.admin.triage import coding_address
from incidents.models import Article, Incident, Place, Source, User, pk_of

SHOWN = 8
LONGEST = 2000


@dataclass(frozen=True, slots=True)
class Hit:
    """One record found: where it is, its name, and a line about it."""

    address: str
    name: str
    note: str


@dataclass(frozen=True, slots=True)
class Kind:
    """The hits of one kind, how many there are in all, and where all of them are listed."""

    label: str
    hits: list[Hit]
    number: str
    address: str

    @property
    def is_more(self) -> bool:
        """Whether there are more than are shown."""
        return str(len(self.hits)) != self.number


def search_view(request: HttpRequest) -> HttpResponse:
    """Find what was typed, or go straight to the one record it names."""
    text = request.GET.get("q", "").strip()
    if "\0" in text or len(text) > LONGEST:
        raise BadRequest(_("q: at most %s characters, without NUL characters.") % LONGEST)
    straight = named_exactly(text, request.user)
    if straight:
        return HttpResponseRedirect(straight)
    kinds = kinds_of(text, request.user) if text else []
    context = {
        **admin.site.each_context(request),
        "title": _("Search: %s") % text if text else _("Search"),
        "text": text,
        "kinds": [kind for kind in kinds if kind.hits],
    }
    return TemplateResponse(request, "admin/search.html", context)


def named_exactly(text: str, user: User) -> str:
    """Say where the one record is that a code or an address names; `""` when there is none."""
    if addresses_in(text) == [text]:
        found = finding.find_articles(text, user, 2).records
        return coding_address(found[0]) if len(found) == 1 else ""
    try:
        key = pk_of(text)
    except ValueError:
        return ""
    is_seen = Incident.objects.visible_to(user).filter(pk=key).exists()
    return change_address(Incident(pk=key)) if is_seen else ""


def kinds_of(text: str, user: User) -> list[Kind]:
    """Find records of every kind."""
    return [
        kind_of(Incident, finding.find_incidents(text, user, SHOWN), text),
        kind_of(Article, finding.find_articles(text, user, SHOWN), text),
        kind_of(Source, finding.find_sources(text, SHOWN), text),
        kind_of(Place, finding.find_places(text, SHOWN), text),
    ]


def kind_of(model: type, found: finding.Found, text: str) -> Kind:
    """Write the records of one kind."""
    listed = reverse(f"admin:incidents_{model._meta.model_name}_changelist")
    return Kind(
        label=str(model._meta.verbose_name_plural),
        hits=[
            Hit(change_address(record), str(record), NOTES[model](record))
            for record in found.records
        ],
        number=desk.said(found.number),
        address=f"{listed}?{urlencode({'q': text})}",
    )


def change_address(record) -> str:
    """Say where a record is changed; an article, where it is coded."""
    if isinstance(record, Article):
        return coding_address(record)
    return reverse(f"admin:incidents_{record._meta.model_name}_change", args=[record.pk])


def joined(*parts) -> str:
    """Join what is there."""
    return " · ".join(str(part) for part in parts if part)


NOTES = {
    Incident: lambda row: joined(
        row.date_edtf, row.category, row.figure_said, row.get_status_display()
    ),
    Article: lambda row: joined(
        row.publisher, row.date_edtf, row.get_coding_state_display(), row.title and row.url
    ),
    Source: lambda row: joined(row.get_kind_display(), row.slug),
    Place: lambda row: joined(
        row.get_kind_display(), row.name_ko, row.name_zh, row.country and row.country.label
    ),
}

admin.site.add_page("search/", search_view, "search")
