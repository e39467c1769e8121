"""What an action refuses, each in a sentence that says what was wrong and what is allowed.

One rule: a check reads and raises Refused; it never writes. Called by actions.
"""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from incidents.models import Claim, Incident, IncidentLink, User, choices
from incidents.seeds import roles_with
from incidents.signing import Figures, lacks, same_figures

Status = choices.Status


class Refused(ValueError):
    """An action that is not allowed; the message says why, and what would be."""


def need(by: User, permission: str, what: str) -> None:
    """Refuse somebody whose roles do not include a right."""
    if not by.has_perm(permission):
        raise Refused(
            _("Your roles do not allow you to %(what)s; these do: %(roles)s.")
            % {"what": what, "roles": ", ".join(roles_with(permission))}
        )


def need_reason(why: str) -> None:
    """Refuse what is done without a reason."""
    if not why.strip():
        raise Refused(_("Say why."))


def need_version(incident: Incident, read: int | None) -> None:
    """Refuse what rests on another version than the one that stands; None was not asked."""
    if read not in (None, incident.version):
        raise Refused(
            _("%s was changed while you read it. Look at it again, then decide.") % incident.code
        )


def need_new(found: IncidentLink | None, certainty: str) -> None:
    """Refuse to mark a link that already stands in the same words."""
    if found and found.certainty == certainty:
        raise Refused(
            _("%(first)s and %(second)s are already linked so, as %(certainty)s.")
            % {
                "first": found.first.code,
                "second": found.second.code,
                "certainty": found.get_certainty_display(),
            }
        )


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
    if missing := lacks([incident])[incident.pk]:
        raise Refused(
            _("%(code)s cannot be published yet. It needs: %(missing)s.")
            % {"code": incident.code, "missing": "; ".join(missing)}
        )


def need_same_figures(incident: Incident, signed: Figures | None, now: Figures) -> None:
    """Refuse to sign among others what has a figure that nobody has signed yet."""
    if signed is None:
        raise Refused(
            _("%s was never signed off, so it is read and signed on its own page.") % incident.code
        )
    if not same_figures(signed, now):
        raise Refused(
            _(
                "A figure of %s changed since it was last signed off, so it is read and signed "
                "on its own page."
            )
            % incident.code
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
