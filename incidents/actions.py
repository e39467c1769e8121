"""Changes that touch several records or a status: who did it and why is always said.

One rule: each action is one transaction and keyword-only, checks the rights of `by`, writes
history with `why`, and settles what it touched. A refusal raises Refused with a plain sentence
and changes nothing. Called by the admin, by commands and by imports.
"""

from collections.abc import Iterable, Mapping, Sequence

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from incidents.models import (
    Article,
    Assessment,
    Claim,
    Incident,
    IncidentLink,
    User,
    choices,
    code_of,
)
from incidents.models.asking import STANDING
from incidents.refusals import (
    Refused,
    need,
    need_complete,
    need_new,
    need_reason,
    need_same_figures,
    need_status,
    need_usable,
    need_version,
)
from incidents.settling import settle, settle_articles
from incidents.signing import changed_by, figures_now, figures_signed
from incidents.turns import wait_for_turn

Status = choices.Status


@transaction.atomic
def revise(*, incidents: Iterable[int], by: User, why: str) -> None:
    """Note that these incidents (by key), or records on them, were changed; settle them.

    Each gets a new version with its author and reason, so that nobody signs their own change.
    """
    wait_for_turn()
    keys = set(incidents)
    for incident in Incident.objects.select_for_update().filter(pk__in=keys).order_by("pk"):
        incident.version += 1
        if incident.status == Status.PUBLISHED:
            incident.review_note = ""
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
    need(by, "incidents.review_incident", _("publish records"))
    need_version(incident, version)
    need_status(incident, [Status.IN_REVIEW, Status.PUBLISHED])
    if incident.status == Status.PUBLISHED and incident.version == incident.signed_version:
        raise Refused(_("%s is already published in this version.") % incident.code)
    need_complete(incident)
    second_read = by.pk not in changed_by(incident)
    if not second_read and not settings.SOLO_REVIEW:
        raise Refused(
            _(
                "You changed %s since it was last signed off, so somebody else has to publish "
                "it. A desk of one can set SOLO_REVIEW; the record then says “not second-read”."
            )
            % incident.code
        )
    now = timezone.now()
    incident.status, incident.review_note = Status.PUBLISHED, ""
    incident.signed_by, incident.signed_at = by, now
    incident.signed_version, incident.second_read = incident.version, second_read
    incident.first_published = incident.first_published or now
    incident._history_date = now  # what is asked as of the sign-off finds the signed state itself
    saved(incident, by=by, why=why)
    del incident._history_date
    return incident


@transaction.atomic
def sign_batch(*, incidents: Mapping[int, int], by: User, why: str) -> dict[int, str]:
    """Sign several records (the version read, by key) whose figures stand as last signed.

    Each is signed or refused by itself. Returns the refusals, a sentence by key; what the signer
    may not see is refused like what does not exist.
    """
    wait_for_turn()
    need(by, "incidents.review_incident", _("publish records"))
    need_reason(why)
    held = Incident.objects.visible_to(by).select_for_update().filter(pk__in=incidents)
    found = {incident.pk: incident for incident in held.order_by("pk")}
    refusals = {
        key: _("There is no record %s.") % code_of(key) for key in incidents if key not in found
    }
    signed, now = figures_signed(found.values()), figures_now(found)
    for key, incident in found.items():
        try:
            need_same_figures(incident, signed.get(key), now[key])
            publish(incident=incident, by=by, why=why, version=incidents[key])
        except Refused as refused:
            refusals[key] = str(refused)
    return refusals


@transaction.atomic
def send_back(*, incident: Incident, by: User, why: str) -> Incident:
    """Return a record to its author with a note that says what is missing.

    What was submitted becomes a draft again. What was published and changed since stays published
    and marked as changed; the note goes with the next change, or when somebody signs.
    """
    incident = locked(incident)
    need(by, "incidents.review_incident", _("send records back"))
    need_status(incident, [Status.IN_REVIEW, Status.PUBLISHED])
    if incident.status == Status.PUBLISHED and incident.version == incident.signed_version:
        raise Refused(
            _("%s did not change since it was signed, so there is nothing to send back.")
            % incident.code
        )
    if incident.status == Status.IN_REVIEW:
        incident.status = Status.DRAFT
    incident.review_note = why.strip()
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
    version: int | None = None,
) -> Assessment:
    """Decide a figure of an incident: people as low, best, high; the latest decision holds.

    `version` is the one whose claims were read: a claim that came in between is not passed over.
    """
    incident = locked(incident)
    need(by, "incidents.add_assessment", _("assess figures"))
    need_reason(why)
    need_version(incident, version)
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
    revise(incidents=[incident.pk], by=by, why=gettext_noop("The figure was assessed."))
    return assessment


@transaction.atomic
def link(
    *, first: Incident, second: Incident, by: User, why: str, kind: str, certainty: str
) -> IncidentLink:
    """Say that two incidents may be about the same people, or that one is the next stage.

    Anyone who may edit can mark *possible*; probable and established take a reviewer. Marking
    again changes the certainty.
    """
    wait_for_turn()
    need(by, "incidents.change_incident", _("link records"))
    need_reason(why)
    for end in (first, second):
        need_status(end, (*STANDING, Status.WITHDRAWN))
    if kind == choices.LinkKind.SAME_PEOPLE and first.pk > second.pk:
        first, second = second, first
    found = IncidentLink.objects.filter(first=first, second=second, kind=kind).first()
    need_new(found, certainty)
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
    wait_for_turn()
    need(by, "incidents.review_incident", _("remove links"))
    need_reason(why)
    if not IncidentLink.objects.select_for_update().filter(pk=link.pk).exists():
        raise Refused(_("Somebody removed this link meanwhile; nothing is left to do."))
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


def locked(incident: Incident) -> Incident:
    """Read the incident again, and hold it until the transaction ends."""
    wait_for_turn()
    return Incident.objects.select_for_update().get(pk=incident.pk)


def saved(incident: Incident, *, by: User, why: str) -> Incident:
    """Save a change of status, with its author and reason."""
    need_reason(why)
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
