"""The queue of the review: what waits for a reviewer, and what each must know of it to sign.

One rule: everything here is asked for as this reader, and a page of it takes the same few queries
for 2 or 50 records. Called by the desk's pages of the review.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext as _

from incidents import signing, story
from incidents.changes import what_changed
from incidents.deriving import Row
from incidents.models import Incident, User, choices
from incidents.models.asking import IncidentQuerySet
from incidents.signing import Figures, Saved, makers
from incidents.telling import Line

Status = choices.Status
COUNTED_UP_TO = 1000


@dataclass(slots=True)
class FigureThen:
    """One figure as last signed and as it stands; `before` is None for what was never signed."""

    measure: str
    before: str | None
    now: str
    differs: bool
    disputed: bool
    newer_claims: int


@dataclass(slots=True)
class Waiting:
    """One record that waits, as a reviewer sees it.

    `own`: this reviewer changed it since the last sign-off. `lacks`: what publishing still needs.
    """

    incident: Incident
    saved: list[Saved]
    figures: list[FigureThen]
    changes: list[Line]
    lacks: list[str]
    own: bool

    @property
    def versions(self) -> list[Saved]:
        """The versions since the last sign-off, oldest first."""
        return signing.versions_since(self.incident, self.saved)

    @property
    def people(self) -> str:
        """Who changed it since the last sign-off."""
        return ", ".join(dict.fromkeys(state.name for state in self.versions)) or _("nobody")

    @property
    def submitted(self) -> Saved | None:
        """The state with which it was handed in last; None for a change to a published record."""
        handed_in = None
        for before, state in zip([None, *self.saved], self.saved, strict=False):
            if state.status == Status.IN_REVIEW and (not before or before.status != state.status):
                handed_in = state
        return handed_in if self.incident.status == Status.IN_REVIEW else None

    @property
    def changed(self) -> Saved | None:
        """The latest version since the last sign-off, where it came after the handing in."""
        latest = self.versions[-1:]
        later = latest and (not self.submitted or latest[0].at > self.submitted.at)
        return latest[0] if later else None

    @property
    def tick(self) -> str:
        """The record and the version shown, as the queue's form posts them."""
        return f"{self.incident.pk}:{self.incident.version}"

    @property
    def is_new(self) -> bool:
        """Tell whether nobody ever signed it."""
        return self.incident.signed_at is None

    @property
    def differs(self) -> bool:
        """Tell whether any figure is not what was signed."""
        return any(figure.differs for figure in self.figures)

    @property
    def may_sign(self) -> bool:
        """Tell whether this reviewer can sign it now."""
        return not self.lacks and (not self.own or settings.SOLO_REVIEW)

    @property
    def together(self) -> bool:
        """Tell whether it can be signed among others."""
        return self.may_sign and not self.is_new and not self.differs


def queue(
    user: User, *, logged_by: User | None = None, category=None, waiting: str = ""
) -> IncidentQuerySet:
    """List what waits for a reviewer and this one may see, longest untouched first."""
    found = Incident.objects.visible_to(user).awaiting_review()
    if waiting:
        status = Status.IN_REVIEW if waiting == Status.IN_REVIEW else Status.PUBLISHED
        found = found.filter(status=status)
    if logged_by:
        found = found.filter(logged_by=logged_by)
    if category:
        found = found.filter(category=category)
    return found.select_related("category", "logged_by", "signed_by").order_by("updated", "pk")


def loggers(user: User):
    """List the people who logged a record that this person may see.

    One lookup a person: asked as Exists, PostgreSQL would read every incident.
    """
    logged = Incident.objects.visible_to(user).filter(logged_by=OuterRef("pk")).order_by()
    people = User.objects.annotate(logged=Subquery(logged.values("pk")[:1]))
    return people.filter(logged__isnull=False).order_by("username")


def counted(found: IncidentQuerySet) -> str:
    """Count what waits, exactly up to a thousand."""
    number = found.select_related(None).order_by()[: COUNTED_UP_TO + 1].count()
    return str(number) if number <= COUNTED_UP_TO else _("more than %s") % f"{COUNTED_UP_TO:,}"


def waiting(incidents: Sequence[Incident], user: User) -> list[Waiting]:
    """Gather what a reviewer reads about these records, in their order."""
    keys = [incident.pk for incident in incidents]
    saved, authors = signing.saved_since(incidents), signing.claim_authors(incidents)
    lacks, told = signing.lacks(incidents), what_changed(signing.moments(incidents), user)
    signed, now = signing.figures_signed(incidents), signing.figures_now(keys)
    return [
        Waiting(
            incident,
            saved[incident.pk],
            compared(signed.get(incident.pk), now[incident.pk], incident.category.measure),
            told.get(incident.pk, []),
            lacks[incident.pk],
            own=user.pk in authors[incident.pk] | makers(incident, saved[incident.pk]),
        )
        for incident in incidents
    ]


def compared(signed: Figures | None, now: Figures, principal: str) -> list[FigureThen]:
    """Put the figures as signed beside those of now, the principal one first."""
    measures = sorted({*(signed or {}), *now}, key=lambda measure: (measure != principal, measure))
    return [one_compared(measure, signed, now.get(measure)) for measure in measures]


def one_compared(measure: str, signed: Figures | None, now: Row | None) -> FigureThen:
    """Put one figure as signed beside that of now; either may be missing."""
    before = (signed or {}).get(measure)
    return FigureThen(
        str(choices.Measure(measure).label),
        None if signed is None else words_of(before),
        words_of(now),
        differs=signed is not None and not signing.same_figure(before, now),
        disputed=bool(now and now["disputed"]),
        newer_claims=now["newer_claims"] if now else 0,
    )


def words_of(figure: Row | None) -> str:
    """Say a figure in the reader's language."""
    return (figure and story.words_of(figure)) or _("no figure")
