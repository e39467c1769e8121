"""Says in a sentence what keeps a claim out of its incident's figure.

One rule: the first thing that holds is named, in the same words wherever a claim is shown. Called
by pages of the desk and of readers alike, for claims that are stored and for those being typed.
"""

from django.utils.translation import gettext as _

from incidents.deriving import AGGREGATE_BASES
from incidents.models import choices


def why_not(
    *,
    kind: str,
    restricted: bool,
    status: str,
    stance: str,
    basis: str,
    unit: str,
    corrected: bool = False,
    repeats: int | None = None,
) -> str:
    """Name what keeps a claim that does not count from counting; `kind` is its incident's."""
    counted = ("event", *AGGREGATE_BASES) if kind == choices.IncidentKind.AGGREGATE else ("event",)
    reasons = [
        (restricted, _("it is restricted, so it feeds no figure that others see")),
        (status != "accepted", _("its status is: %s") % choices.ClaimStatus(status).label),
        (
            stance not in ("affirms", "affirms_in_part"),
            _("the source %s") % choices.Stance(stance).label,
        ),
        (not basis, _("nobody has said yet what its number covers")),
        (basis not in counted, _("its basis is %s") % choices.Basis(basis or "event").label),
        (unit != "persons", _("it counts %s, not persons") % choices.Unit(unit).label),
        (corrected, _("a later claim corrects it")),
        (bool(repeats), _("it repeats claim #%s") % repeats),
    ]
    otherwise = _("another claim stands in its place")
    return next((reason for holds, reason in reasons if holds), otherwise)
