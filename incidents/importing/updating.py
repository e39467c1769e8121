"""Brings stored records up to a newer edition of their data set, takes imports back, revives them.

One rule: only what nobody edited here since is touched, each change with who, what and why. What
a newer edition lacks is set aside, never deleted. Called by `running` and the admin.
"""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from django.db import models, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from incidents import actions
from incidents.importing.binding import Line
from incidents.importing.building import Columns
from incidents.importing.planning import ClaimDraft, Draft
from incidents.importing.said_changes import Change, ChangeWords
from incidents.importing.saving import Saving, revise
from incidents.models import (
    Claim,
    Import,
    Incident,
    IncidentPlace,
    Origin,
    User,
    choices,
    code_of,
)
from incidents.models.shapes import COUNTED, DATED
from incidents.refusals import Refused, need, need_reason
from incidents.settling import settle
from incidents.turns import wait_for_turn

GONE = "Not in the newer edition of the data set."


DATE = ("date_words", *DATED)
INCIDENT_COLUMNS = {"date": DATE, "point": ("latitude", "longitude", "point_precision")}
CLAIM_COLUMNS = {"date": DATE, "words": ("words", *COUNTED)}


class Renewal:
    """What a row of a newer edition changes on the records that an older one made."""

    def __init__(self, draft: Draft, saving: Saving, given: "Given") -> None:
        """Read what is stored for this row; of our own records only what is given may change."""
        self.draft, self.saving, self.given = draft, saving, given
        self.is_own = draft.known.is_own
        self.incident = Incident.objects.get(pk=draft.known.incident)
        origins = Origin.objects.filter(
            dataset=saving.run.dataset, incident=self.incident.pk, claim__isnull=False
        )
        self.stored = {
            origin.own_id: origin.claim for origin in origins.select_related("claim__article")
        }
        if self.is_claim:  # the others belong to other rows
            claim = Claim.objects.select_related("article").get(pk=draft.known.claim)
            self.stored = {draft.own_id: claim}
        elif not draft.claims:  # the table brings none
            self.stored = {}

    @property
    def is_claim(self) -> bool:
        """Whether the row speaks of a claim alone."""
        return self.draft.known.claim is not None

    def changes(self) -> list[Change]:
        """List what would change: column, what is stored, what the file says."""
        found: list[Change] = []
        if not self.is_claim:
            found += differing(self.incident, self.incident_columns)
            found += self.changed_places()
            found += self.changed_figures
        drafted = {claim.own_id: claim for claim in self.draft.claims}
        for own_id, claim in self.stored.items():
            if own_id in drafted:
                found += differing(claim, self.claim_columns(drafted[own_id]))
                found += self.changed_article(claim, drafted[own_id].article)
            elif claim.status != choices.ClaimStatus.SET_ASIDE:
                found.append((f"claim {claim.pk}", claim.words, _("no longer there")))
        found += [
            ("claim", "", claim.columns["words"])
            for own_id, claim in drafted.items()
            if own_id not in self.stored
        ]
        return found

    @property
    def incident_columns(self) -> Columns:
        """The columns of the incident that the row may change."""
        columns = self.draft.incident
        return only(columns, INCIDENT_COLUMNS, self.given.incident) if self.is_own else columns

    def claim_columns(self, drafted: ClaimDraft) -> Columns:
        """The columns of a claim that the row may change."""
        columns = drafted.columns
        return only(columns, CLAIM_COLUMNS, self.given.claim) if self.is_own else columns

    def changed_places(self) -> list[Change]:
        """Say which places come and go; a file of our own tables names only one of them."""
        if self.is_own:
            there = set(self.incident.places.values_list("place_id", flat=True))
            new = [p["place_id"] for p in self.draft.places if p["place_id"] not in there]
            return [("place", tuple(sorted(there)), tuple(new))] if new else []
        stored = {(p.place_id, p.role, p.words) for p in self.incident.places.all()}
        wanted = {(p["place_id"], p["role"], p["words"]) for p in self.draft.places}
        if stored == wanted:
            return []
        return [("place", tuple(sorted(stored)), tuple(sorted(wanted)))]

    @cached_property
    def changed_figures(self) -> list[Change]:
        """Say which figures the data set decides otherwise now."""
        found = []
        for said in self.draft.assessments:
            latest = self.incident.assessments.filter(measure=said["measure"]).first()
            numbers = tuple(said.get(name) for name in ("low", "best", "high"))
            stored = (latest.people_low, latest.people_best, latest.people_high) if latest else None
            if stored != numbers:
                found.append((said["measure"], stored or (), numbers))
        return found

    def changed_article(self, claim: Claim, article: Columns) -> list[Change]:
        """Say whether the claim stands in another article now."""
        key = "url" if article["url"] else "title"
        stored = getattr(claim.article, key)
        return [] if stored == article[key] else [(f"article_{key}", stored, article[key])]

    def lines(self, changes: Sequence[Change]) -> list[Line]:
        """Say what changes, a line for each."""
        row = self.draft.understood.row
        code = self.incident.code
        return [
            Line(row, label, new, f"{code}: {old} → {new}", "changed")
            for label, old, new in self.given.words.said(changes)
        ]

    def apply(self, *, by: User) -> None:
        """Store the newer edition, with history, as a new version of the incident."""
        why = self.saving.why
        self.saving.add_sources([self.draft])
        self.saving.articles.add(self.draft.claims)
        if not self.is_claim:
            self.apply_incident(by, why)
        fresh = []
        for claim in self.draft.claims:
            if claim.own_id in self.stored:
                self.apply_claim(self.stored[claim.own_id], claim, by, why)
            else:
                fresh.append(claim)
        drafted = {claim.own_id for claim in self.draft.claims}
        for own_id, stored in self.stored.items():
            if own_id not in drafted and stored.status != choices.ClaimStatus.SET_ASIDE:
                stored.status, stored.status_note = choices.ClaimStatus.SET_ASIDE, GONE
                actions.save(stored, by=by, why=why)
        self.add(fresh)
        actions.revise(incidents=[self.incident.pk], by=by, why=why)
        self.remember()

    def apply_incident(self, by: User, why: str) -> None:
        """Store the incident's columns, places and figures."""
        Incident.objects.filter(pk=self.incident.pk).update(**self.incident_columns)
        stored = {(p.place_id, p.role): p for p in self.incident.places.all()}
        wanted = {(p["place_id"], p["role"]): p["words"] for p in self.draft.places}
        for key, words in wanted.items():
            place = stored.get(key) or IncidentPlace(
                incident=self.incident, place_id=key[0], role=key[1]
            )
            if place.pk is None or (place.words != words and not self.is_own):
                place.words = words
                actions.save(place, by=by, why=why)
        for key, place in stored.items():
            if key not in wanted and not self.is_own:
                place._history_user, place._change_reason = by, why
                place.delete()

    def apply_claim(self, stored: Claim, drafted: ClaimDraft, by: User, why: str) -> None:
        """Store a claim's columns and its article."""
        article = self.saving.articles.of(drafted).key
        source = self.saving.vocabulary.source(drafted.names["source"])
        columns = self.claim_columns(drafted)
        changed = differing(stored, columns)
        if not changed and (stored.article_id, stored.source_id) == (article, source):
            return
        for name, value in columns.items():
            setattr(stored, name, value)
        stored.article_id, stored.source_id = article, source
        actions.save(stored, by=by, why=why)

    def add(self, fresh: Sequence[ClaimDraft]) -> None:
        """Add the claims that the newer edition has more, and the figures it decides otherwise."""
        incident = self.draft.known_incident or self.draft.known
        more = replace(self.draft, claims=fresh, known_incident=incident)
        incidents = {self.draft.incident_key: self.incident.pk}
        made = self.saving.add_claims([more], incidents)
        if not self.is_claim:
            changed = {name for name, _old, _new in self.changed_figures}
            figures = [said for said in self.draft.assessments if said["measure"] in changed]
            claims = {own_id: claim.pk for own_id, claim in self.stored.items()} | made
            self.saving.add_assessments(
                [replace(self.draft, assessments=figures)], incidents, claims
            )
        self.saving.add_origins([more], incidents, made)

    def remember(self) -> None:
        """Remember the edition: its row, digest and the version that it made."""
        self.incident.refresh_from_db(fields=["version"])
        run, understood = self.saving.run, self.draft.understood
        mine = Origin.objects.filter(dataset=run.dataset, incident=self.incident)
        mine.update(version=self.incident.version)
        mine.filter(own_id=self.draft.own_id).update(
            last=run, row=understood.row, digest=understood.digest
        )


@dataclass(frozen=True, slots=True)
class Given:
    """Which targets a file has columns for, and the words for what it changes."""

    incident: Set[str]
    claim: Set[str]
    words: ChangeWords = field(default_factory=ChangeWords)


def only(columns: Columns, known: Mapping[str, Sequence[str]], given: Set[str]) -> Columns:
    """Keep the columns that follow from what is given."""
    names = {name for target in given for name in known.get(target, (target, f"{target}_id"))}
    return {name: value for name, value in columns.items() if name in names}


def differing(record: models.Model, columns: Columns) -> list[Change]:
    """List the columns in which a stored record differs from what a row says."""
    return [
        (name.removesuffix("_id"), old, new)
        for name, new in columns.items()
        if (old := getattr(record, name)) != new and not same_number(old, new)
    ]


def same_number(old: Any, new: Any) -> bool:
    """Tell whether a stored coordinate and its text are one number."""
    try:
        return old is not None and new is not None and float(old) == float(new)
    except (TypeError, ValueError):
        return False


def revive(drafts: Sequence[Draft], saving: Saving, *, by: User) -> list[int]:
    """Bring back the incidents of rows whose import was undone, as far as it had taken them."""
    keys = sorted({draft.known.incident for draft in drafts})
    wanted = saving.run.status
    signed = Incident.objects.filter(pk__in=keys, signed_version=F("version"))
    published = set(signed.exclude(signed_by=None).values_list("pk", flat=True))
    again = published if wanted == choices.Status.PUBLISHED else set()
    saving.revise(sorted(again), status=choices.Status.PUBLISHED)
    saving.revise(sorted(published - again), status=choices.Status.IN_REVIEW)
    rest = choices.Status.IN_REVIEW if wanted == choices.Status.PUBLISHED else wanted
    saving.revise(sorted({*keys} - again - published), status=rest)
    mine = Origin.objects.filter(dataset=saving.run.dataset, incident__in=keys)
    mine.update(made_by=saving.run, last=saving.run)
    return keys


@transaction.atomic
def undo(run: Import, *, by: User, why: str) -> int:
    """Withdraw every incident that an import made; how many there were.

    Raises Refused where somebody has edited one since, or may not withdraw them.
    """
    wait_for_turn()
    need(by, "incidents.run_import", _("undo imports"))
    run = Import.objects.select_for_update().get(pk=run.pk)
    if run.state != choices.ImportState.SAVED:
        raise Refused(
            _("Only an import that was saved can be undone; this one is %s.")
            % run.get_state_display()
        )
    need_reason(why)
    keys = made_by(run)
    if not keys:
        raise Refused(_("This import made no incident that still stands, so none is withdrawn."))
    if Incident.objects.visible_to(by).filter(pk__in=keys).count() < len(keys):
        raise Refused(_("Some of its incidents are kept to others since; ask one of them."))
    if Incident.objects.filter(pk__in=keys, status=choices.Status.PUBLISHED).exists():
        need(by, "incidents.review_incident", _("withdraw what is published"))
    if edited := edited_since(run):
        codes = ", ".join(code_of(key) for key in edited[:10])
        more = _(" and more") if len(edited) > 10 else ""
        raise Refused(
            _("Edited since: %(codes)s%(more)s. So the import cannot be undone as a whole.")
            % {"codes": codes, "more": more}
        )
    reason = f"Import {run.pk} undone: {why.strip()}"
    revise(keys, by=by, why=reason, status=choices.Status.WITHDRAWN)
    settle(keys)
    Import.objects.filter(pk=run.pk).update(state=choices.ImportState.UNDONE, ended=timezone.now())
    return len(keys)


def made_by(run: Import) -> list[int]:
    """List the incidents that an import made, by key; not those that were withdrawn since."""
    origins = Origin.objects.filter(made_by=run, claim=None)
    standing = origins.exclude(incident__status=choices.Status.WITHDRAWN)
    return sorted(set(standing.values_list("incident_id", flat=True)))


def edited_since(run: Import) -> list[int]:
    """List the incidents that people edited since an import made, or renewed, them."""
    origins = Origin.objects.filter(made_by=run, claim=None)
    edited = origins.exclude(incident__version=F("version"))
    return sorted(set(edited.values_list("incident_id", flat=True)))
