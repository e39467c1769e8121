"""Writes the drafts of new rows: sources, articles, incidents, claims, with history and origins.

One rule: many rows at once, in the transaction of the whole file; `settle` follows. Each record's
history says who imported it from which file. Called by `running`; what changed goes to `updating`.
"""

from collections.abc import Mapping, Sequence
from operator import itemgetter
from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _

from incidents import bulk
from incidents.chunks import in_chunks
from incidents.importing.articles import Articles
from incidents.importing.binding import Line
from incidents.importing.following import Following, Spoken
from incidents.importing.planning import ClaimDraft, Draft
from incidents.importing.resolving import SEVERAL, Vocabulary, fold_of_source
from incidents.models import (
    Assessment,
    Claim,
    ClaimStep,
    Import,
    Incident,
    IncidentPlace,
    Origin,
    Source,
    User,
    choices,
)
from incidents.settling import arriving, insert_derived
from incidents.signing import lacking
from incidents.summing import no_changes, store

Numbered = dict[str, int]
ByClaim = Mapping[int, Mapping[str, Any]]  # what follows for claims, by key


class Saving:
    """Saves the new rows of one file."""

    def __init__(self, run: Import, vocabulary: Vocabulary, *, by: User) -> None:
        """Save as part of this run."""
        self.run, self.vocabulary, self.by = run, vocabulary, by
        self.why = f"Imported from {run.name} ({run.dataset}), import {run.pk}"
        self.signed = {"by": by, "why": self.why}
        self.now = timezone.now()
        self.articles = Articles(vocabulary, by=by, why=self.why)
        self.following = Following(self.now)
        self.waiting: list[tuple[int, str, str]] = []  # claim, column, own id of the other claim
        self.waves: list[tuple[int, str]] = []  # incident, own id of its wave

    def save(self, drafts: Sequence[Draft]) -> list[int]:
        """Save these new rows; the keys of incidents that stood already and are to be settled.

        What refers to a new incident comes first, so that the incident is written once, with all
        that follows from it.
        """
        self.add_sources(drafts)
        self.articles.add(claim for draft in drafts for claim in draft.claims)
        new = self.new_incidents(drafts)
        known = {d.incident_key: d.known_incident.incident for d in drafts if d.known_incident}
        made = self.keys_for(Incident, {own_id: draft.key for own_id, draft in new.items()})
        incidents = known | made
        spoken = self.numbered(drafts, incidents)
        claims = {said.draft.own_id: said.key for said in spoken}
        self.add_assessments(drafts, incidents, claims)
        derived = self.add_incidents(new, made, spoken)
        self.add_places(new, made)
        self.insert_claims(spoken, derived)
        self.add_origins(drafts, incidents, claims)
        return sorted(set(known.values()))

    def revise(self, incidents: Sequence[int], **changes: Any) -> None:
        """Change columns of stored incidents, all alike, with who and why."""
        revise(incidents, by=self.by, why=self.why, **changes)

    # --- who speaks ---

    def add_sources(self, drafts: Sequence[Draft]) -> None:
        """Add the sources that nobody has named yet; a publisher is an outlet."""
        kinds: dict[str, tuple[str, str]] = {}
        for draft in drafts:
            for claim in draft.claims:
                for part, name in claim.names.items():
                    key = fold_of_source(name) if name else ""
                    if key and self.vocabulary.sources.get(key) is None:
                        kinds.setdefault(
                            key, (name[:200], "other" if part == "source" else "outlet")
                        )
                    elif key and self.vocabulary.sources[key] == SEVERAL:
                        message = _("“%s” is the name of several sources; kept as printed.") % name
                        row = draft.understood.row
                        draft.understood.lines.append(Line(row, part, name, message, "kept"))
        if not kinds:
            return
        keys = list(bulk.next_keys(Source, len(kinds)))
        rows = [
            (key, self.vocabulary.new_slug(name), name, folded, kind)
            for key, (folded, (name, kind)) in zip(keys, kinds.items(), strict=True)
        ]
        bulk.insert(Source, ("id", "slug", "name", "folded", "kind"), rows)
        bulk.write_history(Source, keys, **self.signed)
        self.vocabulary.sources |= dict(zip(kinds, keys, strict=True))
        self.following.names |= {row[0]: row[2] for row in rows}

    # --- what happened ---

    def new_incidents(self, drafts: Sequence[Draft]) -> dict[str, Draft]:
        """Find the rows that begin a new incident: the first of each key, by own id."""
        first: dict[str, Draft] = {}
        for draft in drafts:
            if draft.known_incident is None:
                first.setdefault(draft.incident_key, draft)
        return first

    def add_incidents(
        self, drafts: Mapping[str, Draft], keys: Numbered, spoken: Sequence[Spoken]
    ) -> ByClaim:
        """Add new incidents, with all that follows; what follows for their claims is returned."""
        if not drafts:
            return {}
        names = sorted(next(iter(drafts.values())).incident)
        state = [self.state_of(draft) for draft in drafts.values()]
        fixed = ("id", "created", "updated", "logged_by_id", "version", *state[0])
        rows = [
            (
                keys[own_id],
                self.now,
                self.now,
                self.by.pk,
                1,
                *its_state.values(),
                *(draft.incident[name] for name in names),
            )
            for (own_id, draft), its_state in zip(drafts.items(), state, strict=True)
        ]
        incidents = list(arriving((*fixed, *names), rows))
        derived = self.following.derive(incidents, drafts.values(), spoken)
        changes = no_changes()
        insert_derived((*fixed, *names), rows, derived, changes)
        store(changes)
        bulk.write_history(Incident, bulk.adjoining(sorted(keys.values())), **self.signed)
        self.waves += [(keys[own_id], d.wave) for own_id, d in drafts.items() if d.wave]
        return derived.claims

    def keys_for(self, model: type[models.Model], wanted: Mapping[str, int | None]) -> Numbered:
        """Reserve a key for each record, by own id: the one it had here, or a new one."""
        given = {own_id: key for own_id, key in wanted.items() if key}
        if given:
            bulk.keep_beyond(model, max(given.values()))
        others = [own_id for own_id in wanted if own_id not in given]
        return given | dict(zip(others, bulk.next_keys(model, len(others)), strict=True))

    def state_of(self, draft: Draft) -> dict[str, Any]:
        """Say where a new incident stands: published only where nothing is lacking."""
        wanted = self.run.status
        if wanted == choices.Status.PUBLISHED and (missing := lacking_in(draft)):
            needs = "; ".join(map(str, missing))
            message = _("waits in review, as publishing needs: %s.") % needs
            line = Line(draft.understood.row, "status", draft.own_id, message, "kept")
            draft.understood.lines.append(line)
            wanted = choices.Status.IN_REVIEW
        return {"status": wanted, **self.signature(wanted)}

    def signature(self, status: str) -> dict[str, Any]:
        """Say who signed an incident that is published at once; it was not second-read."""
        published = status == choices.Status.PUBLISHED
        return {
            "signed_by_id": self.by.pk if published else None,
            "signed_at": self.now if published else None,
            "signed_version": 1 if published else 0,
            "first_published": self.now if published else None,
        }

    def add_places(self, drafts: dict[str, Draft], keys: dict[str, int]) -> None:
        """Add the places of new incidents."""
        places = [
            (keys[own_id], place["place_id"], place["role"], place["words"])
            for own_id, draft in drafts.items()
            for place in draft.places
        ]
        if places:
            made = list(bulk.next_keys(IncidentPlace, len(places)))
            rows = [(key, *place) for key, place in zip(made, places, strict=True)]
            bulk.insert(IncidentPlace, ("id", "incident_id", "place_id", "role", "words"), rows)
            bulk.write_history(IncidentPlace, made, by=self.by, why=self.why)

    # --- what is said ---

    def add_claims(self, drafts: Sequence[Draft], incidents: Numbered) -> Numbered:
        """Add the claims of these rows to stored incidents; their keys by own id."""
        spoken = self.numbered(drafts, incidents)
        self.insert_claims(spoken, {})
        return {said.draft.own_id: said.key for said in spoken}

    def numbered(self, drafts: Sequence[Draft], incidents: Numbered) -> list[Spoken]:
        """Give the claims of these rows their keys, articles and sources."""
        drafted = [(claim, incidents[d.incident_key]) for d in drafts for claim in d.claims]
        wanted = {claim.own_id: d.claim_key for d in drafts for claim in d.claims}
        keys, source = self.keys_for(Claim, wanted), self.vocabulary.source
        return [
            Spoken(keys[c.own_id], incident, self.articles.of(c), source(c.names["source"]), c)
            for c, incident in drafted
        ]

    def insert_claims(self, spoken: Sequence[Spoken], derived: ByClaim) -> None:
        """Insert claims; those on stored incidents wait for `settle` to say what follows."""
        if not spoken:
            return
        names = sorted(spoken[0].draft.columns)
        fixed = ("id", "incident_id", "article_id", "source_id", "created", "updated")
        values_of, now = itemgetter(*names), self.now
        later = {"counts": False, "restricted": False}
        follows_of = itemgetter(*Claim.DERIVED)
        rows = (
            (
                *(said.key, said.incident, said.article.key, said.source, now, now),
                *follows_of(derived.get(said.key, later)),
                *values_of(said.draft.columns),
            )
            for said in spoken
        )
        bulk.insert(Claim, (*fixed, *Claim.DERIVED, *names), rows)
        keys = bulk.adjoining(sorted(said.key for said in spoken))
        bulk.write_history(Claim, keys, **self.signed)
        for said in spoken:
            self.waiting += [(said.key, name, other) for name, other in said.draft.refers.items()]
        self.add_steps({said.key: said.draft for said in spoken if said.draft.steps})

    def add_steps(self, claims: dict[int, ClaimDraft]) -> None:
        """Add the chains of these claims."""
        steps = [(key, step) for key, claim in claims.items() for step in claim.steps]
        if not steps:
            return
        made = list(bulk.next_keys(ClaimStep, len(steps)))
        columns = ("id", "claim_id", "position", "name_as_printed", "verb", "date_words")
        rows = [
            (key, claim, step["position"], step["name_as_printed"], step["verb"], step["date"])
            for key, (claim, step) in zip(made, steps, strict=True)
        ]
        bulk.insert(ClaimStep, columns, rows)
        bulk.write_history(ClaimStep, made, by=self.by, why=self.why)

    def add_assessments(
        self, drafts: Sequence[Draft], incidents: dict[str, int], claims: dict[str, int]
    ) -> None:
        """Add the figures that the data set itself decided, resting on the claims of its row."""
        made = [(draft, said) for draft in drafts for said in draft.assessments]
        if not made:
            return
        keys = list(bulk.next_keys(Assessment, len(made)))
        columns = ("id", "incident_id", "measure", "people_low", "people_best", "people_high")
        columns += ("rule", "reason", "made_by_id", "made_at")
        rows = [
            (
                key,
                incidents[draft.incident_key],
                said["measure"],
                said.get("low"),
                said.get("best"),
                said.get("high"),
                said.get("rule") or self.run.dataset,
                said.get("reason") or self.why,
                self.by.pk,
                self.now,
            )
            for key, (draft, said) in zip(keys, made, strict=True)
        ]
        bulk.insert(Assessment, columns, rows)
        used = [
            (key, claims[claim.own_id])
            for key, (draft, _said) in zip(keys, made, strict=True)
            for claim in draft.claims
        ]
        bulk.insert(Assessment.claims.through, ("assessment_id", "claim_id"), used)

    # --- where it came from ---

    def add_origins(
        self, drafts: Sequence[Draft], incidents: dict[str, int], claims: dict[str, int]
    ) -> None:
        """Remember file, row and own id of each record."""
        rows: dict[str, tuple] = {}
        for draft in drafts:
            row, digest = draft.understood.row, draft.understood.digest
            incident = incidents[draft.incident_key]
            if draft.known_incident is None:
                rows.setdefault(
                    draft.incident_key, self.origin(draft.incident_key, row, digest, incident)
                )
            for claim in draft.claims:
                rows[claim.own_id] = self.origin(
                    claim.own_id, row, digest, incident, claims[claim.own_id]
                )
        columns = ("dataset", "own_id", "made_by_id", "last_id", "row", "digest", "incident_id")
        columns += ("claim_id", "version")
        bulk.insert(Origin, columns, rows.values())

    def origin(
        self, own_id: str, row: int, digest: str, incident: int, claim: int | None = None
    ) -> tuple:
        """Make the row that remembers one record."""
        run = self.run.pk
        return self.run.dataset, own_id[:250], run, run, row, digest, incident, claim, 1


def revise(incidents: Sequence[int], *, by: User, why: str, **changes: Any) -> None:
    """Change columns of incidents (by key), all alike, with history; `settle` is to follow."""
    for some in in_chunks(incidents):
        Incident.objects.filter(pk__in=some).update(updated=timezone.now(), **changes)
        bulk.write_history(Incident, some, by=by, why=why, kind="~")


def lacking_in(draft: Draft) -> list[str]:
    """Say what an incident lacks for being published: a claim, a date or a place."""
    incident = draft.incident
    return lacking(
        Incident(
            **{
                name: incident[name]
                for name in ("date_words", "date_not_stated", "place_not_stated")
            }
        ),
        claimed=any(claim.columns["status"] == "accepted" for claim in draft.claims),
        placed=bool(draft.places),
    )
