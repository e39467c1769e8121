"""Decides what becomes of each row: new, changed, the same, merged, in conflict, or rejected.

One rule: it reads and decides, and never writes; a dry run is exactly this. What somebody edited
here since it was imported is never overwritten. Called by `running`; `saving` carries it out.
"""

from collections import Counter
from collections.abc import Sequence, Set
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from incidents.importing.alike import stored_alike
from incidents.importing.binding import Line, Said
from incidents.importing.building import Building, Columns, steps_of
from incidents.importing.known import Known
from incidents.importing.own import (
    free_keys,
    is_our_own,
    key_of_code,
    own_claims,
    own_incidents,
)
from incidents.importing.resolving import Vocabulary
from incidents.importing.understanding import LONGEST_KEY, Understood, json_of
from incidents.models import (
    Claim,
    Import,
    Incident,
    Origin,
    User,
    choices,
    code_of,
    key_in,
)

SPEAKERS = ("source", "publisher", "credit")
ROW_BITS = 32  # of `seen`; what is above them is the digest
GONE = (choices.Status.WITHDRAWN, choices.Status.MERGED)
ORIGIN = (
    *("pk", "own_id", "digest", "version", "incident_id", "claim_id", "made_by_id"),
    *("incident__version", "incident__status", "made_by__state"),
)


@dataclass(slots=True)
class ClaimDraft:
    """A claim that a row makes, with its article and the names of who speaks."""

    own_id: str
    columns: Columns
    article: Columns
    names: dict[str, str]  # source, publisher, credit
    refers: dict[str, str]  # of, repeats, corrects: the key of the other claim
    steps: Sequence[Any] = ()


@dataclass(slots=True)
class Draft:
    """What a row makes, and what becomes of it. `known` is the stored origin of the same row."""

    understood: Understood
    fate: str
    own_id: str
    incident_key: str
    incident: Columns = field(default_factory=dict)
    places: list[Columns] = field(default_factory=list)
    claims: list[ClaimDraft] = field(default_factory=list)
    assessments: list[Said] = field(default_factory=list)
    wave: str = ""
    key: int | None = None  # the key that its code stands for, where nobody has it now
    claim_key: int | None = None  # the number of its claim, likewise
    known: Known | None = None
    known_incident: Known | None = None

    @property
    def is_hidden(self) -> bool:
        """Whether the row's record is kept from whoever imports."""
        return any(known.is_hidden for known in (self.known, self.known_incident) if known)


class Planning:
    """Plans the rows of one file, a bunch at a time, in order."""

    def __init__(
        self, run: Import, rows: str, vocabulary: Vocabulary, building: Building, *, by: User
    ) -> None:
        """Plan a data set whose rows are incidents, or claims, for whoever imports it."""
        self.dataset, self.rows, self.by, self.run = run.dataset, rows, by, run.pk
        self.owner = run.by  # whose keys they are, whoever carries the import on
        self.vocabulary, self.building = vocabulary, building
        self.seen: dict[int, int] = {}  # of the ids in this file: digest (60 bits) and row
        self.times: Counter[int] = Counter()  # of ids that stand in this file again
        self.headless: dict[str, int] = {}  # incidents whose first row is rejected: that row

    def plan(self, bunch: Sequence[Understood]) -> list[Draft]:
        """Decide what becomes of these rows; each gets its lines."""
        drafts = [self.placed(understood) for understood in bunch]
        known = self.known_among(drafts)
        for draft in drafts:
            if draft.fate:
                continue
            draft.known = known.get(draft.own_id)
            draft.known_incident = known.get(draft.incident_key)
            self.decide(draft)
        self.look_up_names(drafts)
        self.warn_of_duplicates(drafts)
        return drafts

    # --- the same id twice in a file ---

    def placed(self, understood: Understood) -> Draft:
        """Give a row the id by which it is known: one of its own where another has the same."""
        own_id, digest = understood.own_id, int(understood.digest[:15], 16)
        name = hash(own_id)
        if name not in self.seen:
            self.seen[name] = digest << ROW_BITS | understood.row
            return self.draft(understood, "", own_id)
        if self.seen[name] >> ROW_BITS == digest:
            return self.merged(understood, name)
        return self.again(understood, own_id, digest)

    def merged(self, understood: Understood, name: int) -> Draft:
        """Take a row that says the same as an earlier one."""
        draft = self.draft(understood, "merged", understood.own_id)
        message = _("says the same as row %s: merged with it.") % self.row_of(name)
        tell(draft, message, "merged", value=understood.own_id)
        return draft

    def row_of(self, name: int) -> int:
        """Say in which row an id stood first."""
        return self.seen[name] & (1 << ROW_BITS) - 1

    def again(self, understood: Understood, own_id: str, digest: int) -> Draft:
        """Take a row whose id another row of the file has, with other values."""
        name = hash((own_id, digest))
        if name in self.seen:
            return self.merged(understood, name)
        self.seen[name] = digest << ROW_BITS | understood.row
        self.times[hash(own_id)] += 1
        again = f"{own_id} ({self.times[hash(own_id)] + 1})"
        message = _("“%(id)s” stands in row %(row)s too, with other values: kept as “%(again)s”.")
        values = {"id": own_id, "row": self.row_of(hash(own_id)), "again": again}
        draft = self.draft(understood, "", again)
        tell(draft, message % values, "kept", value=own_id)
        return draft

    def draft(self, understood: Understood, fate: str, own_id: str) -> Draft:
        """Begin a draft, with the ids of the data set."""
        if self.rows == "claims":
            key = understood.incident_key
            incident_key = own_id if key == understood.own_id else spelled(key)
            return Draft(understood, fate, f"#{own_id}", incident_key)
        return Draft(understood, fate, spelled(own_id), spelled(own_id))

    # --- what is stored already ---

    def known_among(self, drafts: Sequence[Draft]) -> dict[str, Known]:
        """Read the origins of these rows and their incidents."""
        keys = sorted({key for draft in drafts for key in (draft.own_id, draft.incident_key)})
        origins = Origin.objects.filter(dataset=self.dataset, own_id__among=keys)
        found = {row[1]: Known(*row) for row in origins.values_list(*ORIGIN)}
        self.mark_hidden(found)
        if not is_our_own(self.dataset, self.owner):
            return found
        return self.own_among(drafts, found) | found

    def mark_hidden(self, found: dict[str, Known]) -> None:
        """Mark what whoever imports may not see, of which nothing is told and nothing changed."""
        incidents = {known.incident for known in found.values()}
        seen = Incident.objects.visible_to(self.by).filter(pk__among=incidents)
        visible = set(seen.values_list("pk", flat=True))
        claims = {known.claim for known in found.values()} - {None}
        closed = Claim.objects.filter(pk__among=claims, restricted=True)
        hidden = closed.exclude(pk__in=Claim.objects.visible_to(self.by).values("pk"))
        hidden_claims = set(hidden.values_list("pk", flat=True)) if claims else set()
        for known in found.values():
            known.is_hidden = known.incident not in visible or known.claim in hidden_claims

    def own_among(self, drafts: Sequence[Draft], found: dict[str, Known]) -> dict[str, Known]:
        """Find the records of this database that its own file names, and the keys it gives back."""
        incidents = {draft.incident_key: draft.understood.incident for draft in drafts}
        own = own_incidents(
            {key: said for key, said in incidents.items() if key not in found}, self.by
        )
        if self.rows == "claims":
            claims = {d.own_id: {**d.understood.incident, "key": d.incident_key} for d in drafts}
            own |= own_claims(
                {key: said for key, said in claims.items() if key not in found}, self.by
            )
        self.give_keys_back(drafts, found.keys() | own.keys())
        return own

    def give_keys_back(self, drafts: Sequence[Draft], there: Set[str]) -> None:
        """Give records that this database has lost their codes and numbers back."""
        if not self.by.has_perm("incidents.review_incident"):
            return
        ours = [draft for draft in drafts if draft.understood.incident.get("address")]
        keys = {draft.incident_key for draft in ours} - there
        codes = {key: key_of_code(key) for key in keys}
        free = free_keys([key for key in codes.values() if key], Incident)
        numbers = {d.own_id: key_in(d.own_id[1:]) for d in ours if d.own_id not in there}
        wanted = [key for key in numbers.values() if key] if self.rows == "claims" else []
        unused = free_keys(wanted, Claim)
        for draft in ours:
            key, number = codes.get(draft.incident_key), numbers.get(draft.own_id)
            draft.key = key if key in free else None
            draft.claim_key = number if number in unused else None

    def decide(self, draft: Draft) -> None:
        """Decide what becomes of a row, and make its records where they are needed."""
        known = draft.known
        if draft.is_hidden:
            draft.fate = "conflict"
            message = _("The record of this row is kept to others: nothing was changed.")
            tell(draft, message, "conflict")
            return
        same = known is not None and known.digest == draft.understood.digest
        if known and same and not draft.understood.is_rejected:
            draft.fate = "revived" if known.is_undone else "unchanged"
            return
        self.build(draft)
        self.refuse_place(draft)
        if draft.understood.is_rejected:
            draft.fate = "rejected"
            if draft.known_incident is None:
                self.headless.setdefault(draft.incident_key, draft.understood.row)
        elif known is None:
            draft.fate = "new"
            self.tell_of_joining(draft)
        elif known.is_edited:
            draft.fate = "conflict"
            message = _("%s was edited here since it was imported: not overwritten.")
            tell(draft, message % code_of(known.incident), "conflict")
        else:
            draft.fate = "changed"

    def refuse_place(self, draft: Draft) -> None:
        """Refuse a claim whose incident cannot take it, or is not the one it stands on."""
        incident = draft.known_incident
        if self.rows == "claims" and incident is None and draft.incident_key in self.headless:
            message = _("Row %s, which begins this incident, is rejected.")
            tell(draft, message % self.headless[draft.incident_key], "rejected")
        if incident and not incident.is_undone and incident.status_now in GONE:
            message = _("%(code)s is %(status)s, and takes no claims.")
            label = choices.Status(incident.status_now).label
            tell(draft, message % {"code": code_of(incident.incident), "status": label}, "rejected")
        stands_on = draft.known.incident if draft.known and self.rows == "claims" else None
        if stands_on and (incident is None or incident.incident != stands_on):
            message = _("This claim stands on %s; a file does not move it to another incident.")
            tell(draft, message % code_of(stands_on), "rejected")
        if len(draft.own_id) > LONGEST_KEY + 40:
            tell(draft, _("The id of this row is too long."), "rejected")

    def tell_of_joining(self, draft: Draft) -> None:
        """Say that a new claim joins an incident that stood here before this file."""
        incident = draft.known_incident
        if self.rows == "claims" and incident and incident.made_by != self.run:
            message = _("joins %s, which is stored already.") % code_of(incident.incident)
            tell(draft, message, "changed")

    def build(self, draft: Draft) -> None:
        """Make the records of a row."""
        understood, building = draft.understood, self.building
        draft.incident = building.incident(understood)
        draft.places = building.places(understood)
        draft.wave = str(understood.incident.get("wave") or "")
        measure = self.measure_of(draft.incident["category_id"])
        draft.claims = [self.claim(said, draft, measure) for said in understood.claims]
        draft.assessments = [
            {**said, "measure": said.get("measure") or measure} for said in understood.assessments
        ]
        touched = draft.places or any(claim.columns["place_id"] for claim in draft.claims)
        draft.incident["place_not_stated"] = not touched and not any(
            said.get("words") or said.get("place") for said in understood.places
        )
        draft.incident["extra"] = understood.incident.get("extra") or json_of(understood.extra)

    def measure_of(self, category: int) -> str:
        """Say what a category counts."""
        known = self.vocabulary.categories.values()
        return next((found.measure for found in known if found.key == category), "affected")

    def claim(self, said: Said, draft: Draft, measure: str) -> ClaimDraft:
        """Make a claim of a row."""
        understood = draft.understood
        own_id = said["own_id"].replace(understood.own_id, draft.own_id, 1)
        return ClaimDraft(
            own_id=draft.own_id if self.rows == "claims" else own_id,
            columns=self.building.claim(said, understood, measure),
            article=self.building.article(said, understood),
            names={name: str(said.get(name) or "")[:200] for name in SPEAKERS},
            refers={
                name: str(said[name])
                for name in ("of", "repeats", "corrects")
                if said.get(name) not in (None, "")
            },
            steps=steps_of(said.get("steps") or ""),
        )

    def look_up_names(self, drafts: Sequence[Draft]) -> None:
        """Look up who speaks in these rows, all at once."""
        self.vocabulary.look_up_sources(
            name for draft in drafts for claim in draft.claims for name in claim.names.values()
        )

    # --- what may be the same ---

    def warn_of_duplicates(self, drafts: Sequence[Draft]) -> None:
        """Say which stored incidents of other origin are alike: same act, country and day."""
        new = {
            (draft.incident["category_id"], place["place_id"], draft.incident["earliest"]): draft
            for draft in drafts
            if draft.fate == "new" and draft.known_incident is None
            for place in draft.places
            if draft.incident["earliest"]
        }
        for shared, key in stored_alike(new, self.dataset):
            message = _("may be %s, which is stored already: same kind of act, place and day.")
            tell(new[shared], message % code_of(key), "duplicate")


def tell(draft: Draft, message: str, kind: str, *, value: str = "") -> None:
    """Add a line about a row as a whole to its report."""
    line = Line(draft.understood.row, "", value or draft.own_id, message, kind)
    draft.understood.lines.append(line)


def spelled(key: str) -> str:
    """Spell an incident's code in one way; any other key stays as it is."""
    pk = key_of_code(key)
    return key if pk is None else code_of(pk)
