"""Says what was understood from typed words, and why a claim does or does not count.

Shown beside the words wherever somebody types them; reads loaded records only, never the database.
"""

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from incidents import reasons
from incidents.models import Claim
from incidents.retelling import retold


def understood_count(claim: Claim) -> str:
    """Say a count as read: `about: value 200 persons`."""
    if not claim.words:
        return _("shown after saving")
    said = {"low": claim.low, "value": claim.value, "high": claim.high}
    names = {
        "low": pgettext("bound", "low"),
        "value": pgettext("bound", "value"),
        "high": pgettext("bound", "high"),
    }
    if claim.qualifier == Claim.Qualifier.EXACTLY:
        bounds = str(claim.value)
    else:
        bounds = ", ".join(
            f"{names[part]} {number}" for part, number in said.items() if number is not None
        )
    qualifier = claim.get_qualifier_display()
    if not bounds:
        return _("%(qualifier)s: no number") % {"qualifier": qualifier}
    return _("%(qualifier)s: %(bounds)s %(unit)s") % {
        "qualifier": qualifier,
        "bounds": bounds,
        "unit": claim.get_unit_display(),
    }


def understood_date(record) -> str:
    """Say a date as read: EDTF, the days it lies between, and how it was worked out."""
    if not record.date_words:
        return _("no date given")
    if not record.date_edtf:
        return _("not understood yet")
    said = f"{record.date_edtf}{days(record)}"
    if not record.date_inferred:
        return said
    return _("%(date)s; worked out, not stated: %(reasoning)s") % {
        "date": said,
        "reasoning": retold(record.date_reasoning or ""),
    }


def days(record) -> str:
    """Say the two days where they are not the expression itself."""
    first, last = record.earliest, record.latest
    if first == last:
        return "" if str(first) == record.date_edtf else f" ({first})"
    opened = _("open")
    return f" ({first or opened} – {last or opened})"


def counting(claim: Claim) -> str:
    """Say whether a claim counts, and if not, what keeps it out as far as the claim itself says."""
    if claim.pk is None:
        return _("shown after saving")
    return _("counts") if claim.counts else _("does not count: %s") % why_not(claim)


def why_not(claim: Claim, *, closed: bool = False) -> str:
    """Name the first thing that keeps a claim out of its incident's figure."""
    return reasons.why_not(
        kind=claim.incident.kind,
        restricted=claim.restricted or closed,
        status=claim.status,
        stance=claim.stance,
        basis=claim.basis,
        unit=claim.unit,
        repeats=claim.repeats_id,
    )
