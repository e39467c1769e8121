"""What follows from an incident's claims, as shown on its desk page; read-only."""

from django.db.models import Q
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from incidents.detail import assessments_of
from incidents.models import Claim, Incident, IncidentLink


def figures_shown(incident: Incident) -> str:
    """List the figure of each measure in words, with what it rests on."""
    lines = [
        (figure.get_measure_display(), figure.figure_said or _("no figure"), basis_of(figure))
        for figure in incident.figures.order_by("measure")
    ]
    if not lines:
        return _("none yet")
    return listed("<strong>{}</strong>: {} <small>{}</small>", lines)


def basis_of(figure) -> str:
    """Say how many sources stand behind a figure, and what it does not consider."""
    named, own, newer = figure.sources_named, figure.sources_own, figure.newer_claims
    said = ngettext("by %s source or outlet", "by %s sources or outlets", named) % named
    if own:
        said += ", " + ngettext("gathered by %s", "gathered by %s", own) % own
    if newer:
        unread = ngettext("%s newer claim", "%s newer claims", newer) % newer
        said += "; " + _("%s not considered") % unread
    return f"({said})"


def visible_links(incident: Incident, user):
    """Return the incident's links whose other end this person may see."""
    hidden = Incident.objects.hidden_from(user).values("pk")
    ties = IncidentLink.objects.filter(Q(first=incident.pk) | Q(second=incident.pk))
    return ties.exclude(first__in=hidden).exclude(second__in=hidden)


def links_shown(incident: Incident, user) -> str:
    """List the links to other incidents, each with its reason."""
    ties = visible_links(incident, user).select_related("first", "second")
    lines = []
    for tie in ties:
        other = tie.second if tie.first_id == incident.pk else tie.first
        address = reverse("admin:incidents_incident_change", args=[other.pk])
        lines.append(
            (relation(tie, incident), tie.get_certainty_display(), address, other, tie.reason)
        )
    return listed("{} ({}): <a href='{}'>{}</a> – {}", lines) if lines else _("none")


def relation(tie: IncidentLink, incident: Incident) -> str:
    """Say a link from this incident's side."""
    if tie.kind == IncidentLink.Kind.SAME_PEOPLE:
        return tie.get_kind_display()
    return _("next stage") if tie.first_id == incident.pk else _("earlier stage")


def assessments_shown(incident: Incident, user) -> str:
    """List the decisions, without those that rest on a claim the reader may not see.

    With the one that holds stand the claims that came later and were not considered.
    """
    lines = [
        (
            f"{told['made'].made_at:%Y-%m-%d}",
            told["made"].made_by.get_username(),
            told["made"].get_measure_display(),
            " / ".join("–" if number is None else str(number) for number in numbers(told["made"])),
            told["made"].rule,
            told["made"].reason,
            unconsidered(told["newer"]),
        )
        for told in assessments_of(incident, user)
    ]
    return listed("{} {}: {} {} ({}) – {}{}", lines) if lines else _("none")


def unconsidered(claims: list[Claim]) -> str:
    """Name the claims that a decision did not consider; empty for none."""
    if not claims:
        return ""
    number = len(claims)
    said = ngettext("%s newer claim", "%s newer claims", number) % number
    names = ", ".join(map(str, claims))
    return format_html("<br><strong>{}:</strong> {}", _("%s not considered") % said, names)


def numbers(decision) -> tuple:
    """Return low, best and high."""
    return decision.people_low, decision.people_best, decision.people_high


def listed(line: str, lines: list[tuple]) -> str:
    """Write a list, everything in it escaped."""
    return format_html("<ul>{}</ul>", format_html_join("", f"<li>{line}</li>", lines))
