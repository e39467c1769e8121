"""Changes that touch several records or a status: who did it and why is always said.

One rule: each action is one transaction and keyword-only, checks the rights of `by`, writes
history with `why`, and settles what it touched. A refusal raises Refused with a plain sentence
and changes nothing. Called by the admin, by commands and by imports.
"""

from collections.abc import Iterable, Sequence

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from incidents.models import (
    Article,
    Assessment,
    Claim,
    Incident,
    IncidentLink,
    Merge,
    User,
    choices,
)
from incidents.settling import settle, settle_articles

Status = choices.Status
STANDING = (Status.DRAFT, Status.IN_REVIEW, Status.PUBLISHED)


class Refused(ValueError):
    """An action that is not allowed; the message says why, and what would be."""


@transaction.atomic
def revise(*, incidents: Iterable[int], by: User, why: str) -> None:
    """Note that these incidents (by key), or records on them, were changed; settle them.

    Each gets a new version with its author and reason, so that nobody signs their own change.
    """
    keys = set(incidents)
    for incident in Incident.objects.select_for_update().filter(pk__in=keys).order_by("pk"):
        incident.version += 1
        save(incident, by=by, why=why)
    settle(keys)


@transaction.atomic
def revise_article(*, article: Article, by: User, why: str, incidents: Iterable[int] = ()) -> None:
    """Bring an article's restriction up to date, and revise the incidents given by key."""
    settle_articles([article.pk])
    revise(incidents=incidents, by=by, why=why)


@transaction.atomic
def submit(*, incident: Incident, by: User, why: str) -> Incident:
    """Hand a draft, or a withdrawn record, to the reviewers."""
    incident = locked(incident)
    need(by, "incidents.change_incident", _("submit records"))
    need_status(incident, [Status.DRAFT, Status.WITHDRAWN])
    incident.status, incident.review_note = Status.IN_REVIEW, ""
    return saved(incident, by=by, why=why)


@transaction.atomic
def publish(*, incident: Incident, by: User, why: str, version: int | None = None) -> Incident:
    """Sign a record off: publish it, or confirm a change to a published one.

    The signer has changed nothing on it since the last sign-off, unless SOLO_REVIEW is set; then
    the record says that it was not second-read. `version` is the one the signer has read.
    """
    incident = locked(incident)
    if version not in (None, incident.version):
        raise Refused(
            _("%s was changed while you read it. Look at it again, then sign.") % incident.code
        )
    need(by, "incidents.review_incident", _("publish records"))
    need_status(incident, [Status.IN_REVIEW, Status.PUBLISHED])
    if incident.status == Status.PUBLISHED and incident.version == incident.signed_version:
        raise Refused(_("%s is already published in this version.") % incident.code)
    need_complete(incident)
    second_read = by.pk not in contributors(incident) | claim_authors(incident)
    if not second_read and not settings.SOLO_REVIEW:
        raise Refused(
            _(
                "You changed %s since it was last signed off, so somebody else has to publish "
                "it. A desk of one can set SOLO_REVIEW; the record then says “not second-read”."
            )
            % incident.code
        )
    now = timezone.now()
    incident.status = Status.PUBLISHED
    incident.signed_by, incident.signed_at = by, now
    incident.signed_version, incident.second_read = incident.version, second_read
    incident.first_published = incident.first_published or now
    return saved(incident, by=by, why=why)


@transaction.atomic
def send_back(*, incident: Incident, by: User, why: str) -> Incident:
    """Return a submitted record to its author, with what is missing as the reason."""
    incident = locked(incident)
    need(by, "incidents.review_incident", _("send records back"))
    need_status(incident, [Status.IN_REVIEW])
    incident.status, incident.review_note = Status.DRAFT, why.strip()
    return saved(incident, by=by, why=why)


@transaction.atomic
def withdraw(*, incident: Incident, by: User, why: str) -> Incident:
    """Take a record out of what readers see; it stays, with its history and the reason."""
    incident = locked(incident)
    need(by, "incidents.review_incident", _("withdraw records"))
    need_status(incident, [Status.DRAFT, Status.IN_REVIEW, Status.PUBLISHED])
    incident.status = Status.WITHDRAWN
    return saved(incident, by=by, why=why)


@transaction.atomic
def assess(
    *,
    incident: Incident,
    by: User,
    why: str,
    measure: str,
    rule: str,
    claims: Sequence[Claim],
    low: int | None = None,
    best: int | None = None,
    high: int | None = None,
) -> Assessment:
    """Decide a figure of an incident: people as low, best, high; the latest decision holds."""
    incident = locked(incident)
    need(by, "incidents.add_assessment", _("assess figures"))
    need_status(incident, STANDING)
    need_usable(claims, incident)
    assessment = Assessment(
        incident=incident,
        measure=measure,
        people_low=low,
        people_best=best,
        people_high=high,
        rule=rule,
        reason=why,
        made_by=by,
    )
    assessment.full_clean()
    assessment.save()
    assessment.claims.set(claims)
    revise(incidents=[incident.pk], by=by, why=_("The figure was assessed."))
    return assessment


@transaction.atomic
def link(
    *, first: Incident, second: Incident, by: User, why: str, kind: str, certainty: str
) -> IncidentLink:
    """Say that two incidents may be about the same people, or that one is the next stage.

    Anyone who may edit can mark *possible*; probable and established take a reviewer. Marking
    again changes the certainty.
    """
    need(by, "incidents.change_incident", _("link records"))
    for end in (first, second):
        need_status(end, (*STANDING, Status.WITHDRAWN))
    if kind == choices.LinkKind.SAME_PEOPLE and first.pk > second.pk:
        first, second = second, first
    found = IncidentLink.objects.filter(first=first, second=second, kind=kind).first()
    if certainty != choices.Certainty.POSSIBLE or found:
        need(by, "incidents.review_incident", _("raise or change the certainty of a link"))
    made = found or IncidentLink(first=first, second=second, kind=kind)
    made.certainty, made.reason = certainty, why
    made.full_clean()
    save(made, by=by, why=why)
    revise_ends(ends=(first, second), by=by, why=why)
    return made


@transaction.atomic
def unlink(*, link: IncidentLink, by: User, why: str) -> None:
    """Remove a link between two incidents; their history keeps it."""
    need(by, "incidents.review_incident", _("remove links"))
    ends = (link.first, link.second)
    link._history_user, link._change_reason = by, why
    link.delete()
    revise_ends(ends=ends, by=by, why=why)


def revise_ends(*, ends: tuple[Incident, Incident], by: User, why: str) -> None:
    """Note a change of link on both ends; where the other end is restricted it leaves no trace."""
    first, second = ends
    revised = [end.pk for end, other in ((first, second), (second, first)) if not other.restricted]
    revise(incidents=revised, by=by, why=why)
    settle([first.pk, second.pk])


def contributors(incident: Incident) -> set[int]:
    """List who changed the incident or its claims since the last sign-off, by key.

    Each change makes a new version; whoever wrote its first row made it. A change of status alone
    makes none.
    """
    changes = incident.history.filter(version__gt=incident.signed_version).order_by("history_id")
    authors: dict[int, int | None] = {}
    for version, author in changes.values_list("version", "history_user"):
        authors.setdefault(version, author)
    return {author for author in authors.values() if author is not None}


def claim_authors(incident: Incident) -> set[int]:
    """List who wrote claims on the incident since the last sign-off, restricted ones too.

    Whoever worked on a record that was merged into it since then wrote what came with it.
    """
    written = Claim.history.filter(incident=incident.pk).exclude(history_user=None)
    came = Merge.objects.standing().filter(kind=choices.MergeKind.INCIDENT, survivor=incident.pk)
    if incident.signed_at:
        written = written.filter(history_date__gt=incident.signed_at)
        came = came.filter(made_at__gt=incident.signed_at)
    authors = set(written.values_list("history_user", flat=True))
    for gone in Incident.objects.filter(pk__in=came.values("gone")):
        authors |= contributors(gone) | claim_authors(gone)
    return authors


def need(by: User, permission: str, what: str) -> None:
    """Refuse somebody whose roles do not include a right."""
    if not by.has_perm(permission):
        raise Refused(_("Your roles do not allow you to %s.") % what)


def need_status(incident: Incident, allowed: Sequence[Status]) -> None:
    """Refuse an action that does not fit where the record stands."""
    if incident.status not in allowed:
        raise Refused(
            _("%(code)s is %(status)s; this can be done only while it is: %(allowed)s.")
            % {
                "code": incident.code,
                "status": incident.get_status_display(),
                "allowed": ", ".join(str(Status(status).label) for status in allowed),
            }
        )


def need_complete(incident: Incident) -> None:
    """Refuse to publish what lacks an accepted claim, a date or a place."""
    missing = []
    accepted = incident.claims.filter(status=choices.ClaimStatus.ACCEPTED)
    if not incident.restricted:
        accepted = accepted.filter(restricted=False)
    if not accepted.exists():
        missing.append(_("an accepted claim with its article"))
    if not incident.date_words and not incident.date_not_stated:
        missing.append(_("a date, or a tick at “no date is stated”"))
    if not incident.places.exists() and not incident.place_not_stated:
        missing.append(_("a place, or a tick at “no place is stated”"))
    if missing:
        raise Refused(
            _("%(code)s cannot be published yet. It needs: %(missing)s.")
            % {"code": incident.code, "missing": "; ".join(missing)}
        )


def need_usable(claims: Sequence[Claim], incident: Incident) -> None:
    """Refuse claims that an assessment must not rest on."""
    if not claims:
        raise Refused(_("Say which claims the assessment rests on."))
    for claim in claims:
        if claim.incident_id != incident.pk:
            raise Refused(_("Claim %s belongs to another incident.") % claim.pk)
        if claim.restricted:
            raise Refused(
                _("Claim %s is restricted and must not feed a figure that others see.") % claim.pk
            )


def locked(incident: Incident) -> Incident:
    """Read the incident again, and hold it until the transaction ends."""
    return Incident.objects.select_for_update().get(pk=incident.pk)


def saved(incident: Incident, *, by: User, why: str) -> Incident:
    """Save a change of status, with its author and reason."""
    if not why.strip():
        raise Refused(_("Say why."))
    save(incident, by=by, why=why)
    settle([incident.pk])
    return incident


def save(record, *, by: User, why: str) -> None:
    """Save a record so that its history says who and why."""
    record._history_user, record._change_reason = by, why
    if isinstance(record, Incident):
        record.updated = timezone.now()
        if record.pk is None:
            record.logged_by = by
    record.save()
