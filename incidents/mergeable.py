"""What can be merged at all: which two incidents, sources or places may be one, and who sees it.

One rule: each refusal is a sentence that says what would be allowed. Reads, never writes; asked
by a merge, and by the page that shows what it would do.
"""

from django.utils.translation import gettext as _

from incidents.mentions import with_branches
from incidents.models import Incident, Place, choices
from incidents.models.asking import STANDING
from incidents.moving import groups_of
from incidents.refusals import Refused, need_status

Status = choices.Status
MERGEABLE = (Status.DRAFT, Status.IN_REVIEW, Status.PUBLISHED, Status.WITHDRAWN)
FIXED_KINDS = (Place.Kind.REGION, Place.Kind.SUBREGION, Place.Kind.COUNTRY)


def need_mergeable(gone, survivor) -> None:
    """Refuse what cannot be one incident, source or place, with the sentence that says why."""
    if gone.pk == survivor.pk:
        raise Refused(_("%s cannot be merged into itself.") % named(gone))
    for record in (gone, survivor):
        if record.merged_into_id:
            raise Refused(
                _("%(record)s was already merged into %(into)s; name that one instead.")
                % {"record": named(record), "into": named(record.merged_into)}
            )
    if isinstance(gone, Incident):
        need_one_kind(gone, survivor)
        need_no_trace(gone, survivor, groups_of_both(gone, survivor))
    elif isinstance(gone, Place):
        need_one_sort(gone, survivor)
    elif survivor.pk in with_branches([gone.pk]):
        raise Refused(
            _("%(survivor)s belongs to %(gone)s; merge the other way round.")
            % {"survivor": survivor, "gone": gone}
        )


def named(record) -> str:
    """Name a record in a sentence: an incident by its code."""
    return record.code if isinstance(record, Incident) else str(record)


def need_one_kind(gone: Incident, survivor: Incident) -> None:
    """Refuse what cannot be one record."""
    need_status(gone, MERGEABLE)
    need_status(survivor, STANDING)
    if gone.kind != survivor.kind:
        raise Refused(
            _(
                "%(gone)s is of kind %(kind)s and %(survivor)s of kind %(other)s; only records of "
                "one kind can be merged."
            )
            % {
                "gone": gone.code,
                "kind": gone.get_kind_display(),
                "survivor": survivor.code,
                "other": survivor.get_kind_display(),
            }
        )
    if gone.wave_id and survivor.wave_id and gone.wave_id != survivor.wave_id:
        raise Refused(
            _("%(gone)s and %(survivor)s are parts of two waves; take one out of its wave first.")
            % {"gone": gone.code, "survivor": survivor.code}
        )


def groups_of_both(gone: Incident, survivor: Incident) -> set[int]:
    """Find the groups, by key, that may see the result: the stricter of the two restrictions."""
    first, second = groups_of(gone), groups_of(survivor)
    if not first or not second:
        return first | second
    if not first & second:
        raise Refused(
            _(
                "%(gone)s and %(survivor)s are kept to different groups, so that nobody could see "
                "the result. Let them share a group first."
            )
            % {"gone": gone.code, "survivor": survivor.code}
        )
    return first & second


def need_no_trace(gone: Incident, survivor: Incident, groups: set[int]) -> None:
    """Refuse to put open events into a wave that others may not see."""
    events = Incident.objects.filter(wave__in=[gone, survivor], restricted=False)
    event = events.first() if groups else None
    if event is not None:
        raise Refused(
            _("%s is open to all and would be part of a restricted wave; restrict it first.")
            % event.code
        )


def need_one_sort(gone: Place, survivor: Place) -> None:
    """Refuse a place that lies in the other, and to mix countries or regions with other places."""
    if Place.objects.within(gone).filter(pk=survivor.pk).exists():
        raise Refused(
            _("%(survivor)s lies in %(gone)s; merge the other way round.")
            % {"survivor": survivor, "gone": gone}
        )
    if gone.kind != survivor.kind and {gone.kind, survivor.kind} & set(FIXED_KINDS):
        raise Refused(
            _(
                "%(gone)s is of kind %(kind)s and %(survivor)s of kind %(other)s; a region or "
                "country can be merged only into one of its own kind."
            )
            % {
                "gone": gone,
                "kind": gone.get_kind_display(),
                "survivor": survivor,
                "other": survivor.get_kind_display(),
            }
        )
