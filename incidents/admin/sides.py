"""What stands on the page of a merge before anybody confirms it: both records, and what follows.

One rule: it shows only what its reader may see; that restricted records follow too is said in
general. Nothing is written here.
"""

from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from incidents.actions import Refused
from incidents.foreseeing import figures_joined
from incidents.mergeable import need_mergeable
from incidents.models import Article, Claim, Incident, Place, Source, choices
from incidents.models.asking import OPEN_STATUSES
from incidents.models.shapes import row_in_reading_language


@dataclass(slots=True)
class Foreseen:
    """Two records side by side, what will be moved, what the result is, and what to know.

    `rows` hold a label, the record that goes, the one that stays. `refusal` says why it cannot be.
    """

    rows: list[tuple[str, Any, Any]]
    figures: list[tuple[str, str, str, str]] = field(default_factory=list)
    claims: list[Claim] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    refusal: str = ""


def foreseen(gone, survivor, user) -> Foreseen:
    """Work out what a merge would do, as far as this person may see it."""
    shown = FORESEE[type(gone)](gone, survivor, user)
    try:
        need_mergeable(gone, survivor)
    except Refused as refused:
        shown.refusal = str(refused)
    return shown


def of_incidents(gone: Incident, survivor: Incident, user) -> Foreseen:
    """Show two incidents: figures of each and of both together, and the claims that move."""
    claims = Claim.objects.visible_to(user).filter(incident=gone).select_related("source")
    return Foreseen(
        rows=side_by_side(
            (incident_side(gone, user), incident_side(survivor, user)),
        ),
        figures=figures_of_both(gone, survivor),
        claims=list(claims.order_by("pk")),
        notes=incident_notes(gone, survivor, user),
    )


def side_by_side(sides: tuple[dict[str, Any], dict[str, Any]]) -> list[tuple[str, Any, Any]]:
    """Pair what is said of two records, by label."""
    gone, survivor = sides
    return [(label, gone[label], survivor[label]) for label in gone]


def incident_side(incident: Incident, user) -> dict[str, Any]:
    """Say of one incident what tells it from another."""
    claims = Claim.objects.visible_to(user).filter(incident=incident).count()
    places = incident.places.select_related("place")
    return {
        _("record"): incident.code,
        _("title"): incident.title,
        _("category and kind"): f"{incident.category}, {incident.get_kind_display()}",
        _("status"): incident.get_status_display(),
        _("date"): incident.date_words or incident.date_edtf,
        _("places"): "; ".join(map(str, places)),
        _("claims"): str(claims),
    }


def figures_of_both(gone: Incident, survivor: Incident) -> list[tuple[str, str, str, str]]:
    """Give each measure's figure in words: of the one, of the other, and of both as one record."""
    after = figures_joined(gone, survivor)
    before = [
        {figure.measure: figure.figure_said for figure in each.figures.all()}
        for each in (gone, survivor)
    ]
    nothing = _("no figure")
    return [
        (
            str(choices.Measure(measure).label),
            before[0].get(measure) or nothing,
            before[1].get(measure) or nothing,
            row_in_reading_language(row, "figure_words") or nothing,
        )
        for measure, row in sorted(after.items())
    ]


def incident_notes(gone: Incident, survivor: Incident, user) -> list[str]:
    """Say what else follows from merging two incidents."""
    codes = {"gone": gone.code, "survivor": survivor.code}
    notes = [
        _("Places and links of %(gone)s move too, and %(gone)s will lead to %(survivor)s.") % codes
    ]
    if apart(gone, survivor):
        notes.append(_("Their days do not overlap. Are they one act, or two that may be linked?"))
    if survivor.status == choices.Status.PUBLISHED:
        notes.append(_("%(survivor)s will be marked as changed since review.") % codes)
    elif gone.status in OPEN_STATUSES:
        notes.append(
            _("Readers see %(gone)s now; what moves is seen as soon as %(survivor)s is.") % codes
        )
    if gone.assessments.visible_to(user).exists():
        notes.append(
            _("The assessments of %(gone)s stay with it and decide nothing any more.") % codes
        )
    if gone.restricted != survivor.restricted:
        notes.append(_("One of the two is restricted; both will be, to the same groups."))
    return notes


def apart(gone: Incident, survivor: Incident) -> bool:
    """Tell whether the days of two incidents, as far as they are known, keep them apart."""
    ordered = ((gone.latest, survivor.earliest), (survivor.latest, gone.earliest))
    return any(last and first and last < first for last, first in ordered)


def of_sources(gone: Source, survivor: Source, user) -> Foreseen:
    """Show two sources, and how much follows."""
    return Foreseen(
        rows=side_by_side((source_side(gone, user), source_side(survivor, user))),
        notes=[
            _("Claims, steps, articles and branches of %(gone)s will be those of %(survivor)s.")
            % {"gone": gone, "survivor": survivor},
            _("Its names become aliases, and its short name will lead to %s.") % survivor.slug,
            *for_incidents(),
        ],
    )


def for_incidents() -> list[str]:
    """Say what every merge of a vocabulary does to incidents."""
    return [
        _("Each incident concerned is marked as changed since review."),
        _("What is restricted follows as well, and is not counted here for others."),
    ]


def source_side(source: Source, user) -> dict[str, Any]:
    """Say of one source what tells it from another, and how much rests on it."""
    claims = Claim.objects.visible_to(user).filter(source=source)
    articles = Article.objects.visible_to(user).filter(Q(publisher=source) | Q(credit=source))
    spoken = Claim.objects.visible_to(user).filter(Q(source=source) | Q(article__publisher=source))
    return {
        _("name"): source.name,
        _("short name"): source.slug,
        _("aliases"): ", ".join(source.aliases.values_list("name", flat=True)),
        _("kind"): source.get_kind_display(),
        _("country"): str(source.country or ""),
        _("parent body"): str(source.parent or ""),
        _("claims"): str(claims.count()),
        _("articles"): str(articles.count()),
        _("incidents"): str(len(set(spoken.order_by().values_list("incident", flat=True)))),
    }


def of_places(gone: Place, survivor: Place, user) -> Foreseen:
    """Show two places, and how much follows."""
    return Foreseen(
        rows=side_by_side((place_side(gone, user), place_side(survivor, user))),
        notes=[
            _("All that happened in %(gone)s, and what lies in it, will be in %(survivor)s.")
            % {"gone": gone, "survivor": survivor},
            _("Its names will be found there, and its code will lead to %s.") % survivor.code,
            *for_incidents(),
        ],
    )


def place_side(place: Place, user) -> dict[str, Any]:
    """Say of one place what tells it from another, and how much rests on it."""
    claims = Claim.objects.visible_to(user).filter(place=place)
    seen = Incident.objects.visible_to(user)
    touched = seen.filter(pk__in=place.incident_places.values("incident")) | seen.filter(
        pk__in=claims.values("incident")
    )
    stated = seen.filter(Q(nationality=place) | Q(sending=place) | Q(receiving=place))
    names = place.names.order_by("pk").values_list("name", flat=True)
    return {
        _("name"): place.name,
        _("code"): place.code,
        _("names"): ", ".join(dict.fromkeys(names)),
        _("kind"): place.get_kind_display(),
        _("lies in"): str(place.parent or ""),
        _("point"): f"{place.latitude}, {place.longitude}" if place.latitude is not None else "",
        _("claims"): str(claims.count()),
        _("places in it"): str(place.children.count()),
        _("incidents"): str((touched | stated).count()),
    }


FORESEE = {Incident: of_incidents, Source: of_sources, Place: of_places}
