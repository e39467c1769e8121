"""The questions asked of the incidents, and the codes by which people name them.

One rule: every list and every count of incidents goes through `visible_to`.
"""

from collections.abc import Collection, Iterable

from django.db.models import F, Model, Q
from django.utils.translation import gettext as _

from incidents.models.shapes import RestrictedQuerySet, survivor_of

OPEN_STATUSES = ("in_review", "published")
STANDING = ("draft", *OPEN_STATUSES)
EDITING = ("incidents.view_incident", "incidents.change_incident")
GONE = ("withdrawn", "merged")
CODE_PREFIX = "AT-"


def code_of(pk: int | None) -> str:
    """Write the permanent code of an incident: `AT-000123`; six digits or more."""
    return f"{CODE_PREFIX}{pk:06d}" if pk else ""


def pk_of(code: str) -> int:
    """Read the incident's key from its code. Raises ValueError with a sentence for people."""
    text = code.strip().upper()
    digits = text.removeprefix(CODE_PREFIX)
    if digits == text or not (digits.isascii() and digits.isdigit()) or len(digits) > 15:
        raise ValueError(_("“%s” is not an incident's code; codes look like AT-000123.") % code)
    return int(digits)


def key_in(text: str) -> int | None:
    """Read a record's key as it stands in an address or a form; None for what is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else None


class IncidentQuerySet(RestrictedQuerySet):
    """Questions asked of the incidents."""

    def visible_to(self, user, statuses: Collection[str] = ()) -> "IncidentQuerySet":
        """Keep what this person may see; `user=None` stands for any viewer.

        Of these statuses, where some are given: said once, since a planner takes what is said
        twice for two conditions, each of which leaves less.
        """
        if user is not None and not user.has_perm("incidents.view_incident"):
            return self.none()
        seen, edits = self.open_to(user), user is not None and user.has_perms(EDITING)
        if edits:
            return seen.filter(status__in=statuses) if statuses else seen
        kept = [status for status in OPEN_STATUSES if not statuses or status in statuses]
        return seen.filter(status__in=kept)

    def hidden_from(self, user) -> "IncidentQuerySet":
        """Keep what `visible_to` leaves out; for whoever edits these are few, and quickly found."""
        edits = user is not None and user.has_perms(EDITING)
        return self.closed_to(user) if edits else self.exclude(pk__in=self.visible_to(user))

    def standing(self) -> "IncidentQuerySet":
        """Keep those that were not merged into another record."""
        return self.filter(merged_into=None)

    def standing_at(self, pk: int, user) -> Model | None:
        """Find the record that stands for a key now, merged or not, if this person may see it."""
        seen = self.visible_to(user)
        asked = self.open_to(user).filter(
            Q(merged_into__isnull=False) | Q(pk__in=seen.values("pk")), pk=pk
        )
        found = asked.first()
        if found is None or found.merged_into_id is None:
            return found
        return seen.filter(pk=survivor_of(found).pk).first()

    def itself_at(self, pk: int, user) -> Model | None:
        """Find the very record of a key, though it was merged, if this person may see it."""
        return self.visible_to(user).filter(pk=pk).first()

    def published(self) -> "IncidentQuerySet":
        """Keep what a second person has signed and nobody withdrew."""
        return self.filter(status="published")

    def awaiting_review(self) -> "IncidentQuerySet":
        """Keep what waits for a reviewer: submitted, or changed since the last sign-off."""
        return self.filter(
            Q(status="in_review") | Q(status="published", version__gt=F("signed_version"))
        )

    def submitted(self) -> "IncidentQuerySet":
        """Keep what was handed to the reviewers and not yet signed or sent back."""
        return self.filter(status="in_review")

    def changed_since_review(self) -> "IncidentQuerySet":
        """Keep what was published and changed after that."""
        return self.filter(status="published", version__gt=F("signed_version"))

    def drafts_of(self, user) -> "IncidentQuerySet":
        """Keep the drafts that this person logged and nobody sent back."""
        return self.filter(logged_by=user, status="draft", review_note="")

    def sent_back_to(self, user) -> "IncidentQuerySet":
        """Keep the drafts that this person logged and a reviewer returned with a note."""
        return self.filter(logged_by=user, status="draft").exclude(review_note="")

    def with_newer_claims(self) -> "IncidentQuerySet":
        """Keep standing records with claims that their assessments did not consider."""
        return self.exclude(status__in=GONE).filter(newer_claims__gt=0)

    def undecided(self) -> "IncidentQuerySet":
        """Keep standing records whose sources contradict each other and nobody assessed."""
        return self.exclude(status__in=GONE).filter(figure_kind="disputed")

    def holding(self, words: Iterable[str]) -> "IncidentQuerySet":
        """Keep incidents whose searchable text holds each of these folded words anywhere."""
        found = self
        for word in words:
            found = found.filter(search_text__holds=word)
        return found
