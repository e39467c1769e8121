"""What waits for a person at the desk, what to look at, and what was done today.

One rule: only what the person may see is counted or shown, and no count goes further than CAP, so
that the answer takes as long with a million records as with a thousand. Read by the desk's pages.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from incidents.models import Article, Claim, Incident, User, choices, code_of
from incidents.waiting import queue

CAP = 1000
State = choices.CodingState


@dataclass(frozen=True, slots=True)
class Matter:
    """Records of one kind that ask for something: what, and which of the records a person sees."""

    name: str
    label: str
    model: type
    among: Callable[[QuerySet, User], QuerySet]
    order: tuple[str, ...] = ("pk",)  # that of the index which holds just these records

    def count(self, user: User) -> str:
        """Say how many there are for this person."""
        rows = self.among(self.model.objects.visible_to(user), user)
        return said(counted(rows.order_by(*self.order)))


LATEST = ("-updated", "-pk")
MATTERS = {
    matter.name: matter
    for matter in (
        Matter("sent-back", _("sent back to me"), Incident, lambda rows, me: rows.sent_back_to(me)),
        Matter("my-drafts", _("my drafts"), Incident, lambda rows, me: rows.drafts_of(me)),
        Matter(
            "submitted",
            _("submitted for review"),
            Incident,
            lambda rows, me: rows.submitted(),
            LATEST,
        ),
        Matter(
            "changed",
            _("changed since review"),
            Incident,
            lambda rows, me: rows.changed_since_review(),
            LATEST,
        ),
        Matter(
            "undecided",
            _("disputed figures that nobody assessed"),
            Incident,
            lambda rows, me: rows.undecided(),
        ),
        Matter(
            "newer-claims",
            _("assessments that did not consider newer claims"),
            Incident,
            lambda rows, me: rows.with_newer_claims(),
        ),
        Matter(
            "no-basis",
            _("claims whose basis is not yet said"),
            Claim,
            lambda rows, me: rows.without_basis(),
        ),
        Matter(
            "suggested-source",
            _("suggested readings of a source that nobody agreed to"),
            Claim,
            lambda rows, me: rows.with_suggested_source(),
        ),
        Matter(
            "two-addresses",
            _("articles that seem to be recorded under two addresses"),
            Article,
            lambda rows, me: rows.under_two_addresses(),
        ),
    )
}
WARNINGS = ("undecided", "newer-claims", "no-basis", "suggested-source", "two-addresses")


@dataclass(frozen=True, slots=True)
class DayCount:
    """One line of the day: what was done, how often by the person, how often by all."""

    label: str
    mine: str
    everybodys: str


def day_of(user: User) -> list[DayCount]:
    """Count what was done with articles since midnight UTC, by this person and by everybody.

    Coded and set aside: articles that are so now and were brought to it today. Queued:
    articles recorded today to be coded. Whoever may not see an article does not count it.
    """
    midnight = timezone.now().replace(hour=0, minute=0, second=0, microsecond=0)
    seen = Article.objects.visible_to(user).filter(pk=OuterRef("id"))
    is_so_now = Exists(seen.filter(coding_state=OuterRef("coding_state")))
    is_first = Exists(seen) & Q(history_type="+", coding_state=State.TO_CODE)
    rows = (
        Article.history.filter(history_date__gte=midnight)
        .annotate(before=state_before())
        .filter(Q(before=None) | ~Q(before=F("coding_state")), is_so_now | is_first)
        .values("coding_state")
        .annotate(
            mine=Count("id", distinct=True, filter=Q(history_user=user)),
            everybodys=Count("id", distinct=True),
        )
        .order_by()
    )
    found = {row["coding_state"]: row for row in rows}
    return [
        DayCount(label, *(said(found.get(state, {}).get(n, 0)) for n in ("mine", "everybodys")))
        for state, label in DAY_LABELS.items()
    ]


DAY_LABELS = {
    State.CODED: _("coded"),
    State.NOTHING_NEW: _("read – nothing new"),
    State.TO_CODE: _("queued"),
}


def state_before() -> Subquery:
    """Look up the coding state that an article had before a row of its history."""
    earlier = Article.history.filter(id=OuterRef("id"), history_id__lt=OuterRef("history_id"))
    return Subquery(earlier.order_by("-history_id").values("coding_state")[:1])


def still_to_code(user: User) -> DayCount:
    """Count the articles that wait to be coded: in this person's queue, and in all."""
    waiting = Article.objects.visible_to(user).to_code()
    mine = waiting.filter(assigned_to=user)
    return DayCount(_("still to code"), said(counted(mine)), said(counted(waiting)))


def next_to_code(user: User, most: int) -> list[Article]:
    """List the articles in this person's queue, newest first."""
    mine = Article.objects.visible_to(user).to_code().filter(assigned_to=user)
    return list(mine.select_related("publisher").order_by("-pk")[:most])


def returned(user: User, most: int) -> list[Incident]:
    """List the drafts that were sent back to this person, with who wrote the note and when."""
    said_so = Incident.history.filter(
        id=OuterRef("pk"), status="draft", review_note=OuterRef("review_note")
    ).order_by("history_id")
    drafts = Incident.objects.visible_to(user).sent_back_to(user)
    noted = drafts.annotate(
        noted_by=Subquery(said_so.values("history_user__username")[:1]),
        noted_at=Subquery(said_so.values("history_date")[:1]),
    )
    return list(noted.order_by("-pk")[:most])


def drafts(user: User, most: int) -> list[Incident]:
    """List this person's own drafts, newest first."""
    return list(Incident.objects.visible_to(user).drafts_of(user).order_by("-pk")[:most])


def to_review(user: User, most: int) -> list[Incident]:
    """List what waits for a reviewer, longest waiting first."""
    return list(queue(user)[:most])


@dataclass(frozen=True, slots=True)
class Change:
    """One saved state of an incident: which, when, by whom and why."""

    key: int
    record: str
    at: dt.datetime
    who: str
    why: str


def recent_changes(user: User, most: int) -> list[Change]:
    """List the latest changes of incidents that this person may see."""
    seen = Incident.objects.visible_to(user).filter(pk=OuterRef("id"))
    rows = (
        Incident.history.filter(Exists(seen))
        .order_by("-history_id")
        .values_list(
            "id", "title", "history_date", "history_user__username", "history_change_reason"
        )
    )
    return [
        Change(key, f"{code_of(key)} {title}", at, who or "", why or "")
        for key, title, at, who, why in rows[:most]
    ]


def counted(rows: QuerySet) -> int:
    """Count rows, no further than one above CAP; in their order, so that an index is walked."""
    return rows.values("pk")[: CAP + 1].count()


def said(number: int) -> str:
    """Write a count that stops at CAP."""
    return f"{CAP:,}+" if number > CAP else f"{number:,}"
