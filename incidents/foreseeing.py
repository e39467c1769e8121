"""Says what a claim would do to its incident's figure before anybody saves it.

One rule: the answer is computed by what computes the stored figure (`deriving`), over the stored
claims and the ones typed; nothing is written. Called by the pages on which claims are typed.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from operator import itemgetter
from typing import Any

from incidents import deriving, gathering, tally
from incidents.figures import opposed
from incidents.gathering import Records, Row
from incidents.models import Claim, Incident, parents_of_sources
from incidents.models.shapes import row_in_reading_language
from incidents.past import figures_from

UNSAVED = 10**15  # the key of the first claim that has none yet; no stored claim comes near


SHOWN = ("people_low", "people_best", "people_high", "figure_kind", "figure_words", "disputed")


@dataclass(slots=True)
class Effect:
    """What typed claims do to one figure: before and after, and the claims they contradict.

    `counts` tells of the first typed claim. Words are in English, Korean and Chinese, as stored.
    """

    measure: str
    before: Row
    after: Row
    counts: bool
    contradicted: list[int] = field(default_factory=list)

    @property
    def said_before(self) -> str:
        """The figure as it stands, in the language that is active."""
        return row_in_reading_language(self.before, "figure_words")

    @property
    def said_after(self) -> str:
        """The figure with the claims, in the language that is active."""
        return row_in_reading_language(self.after, "figure_words")

    @property
    def changes(self) -> bool:
        """Whether the figure's numbers or words would be others."""
        return any(self.before[name] != self.after[name] for name in SHOWN)


def foresee(incident: Incident, claims: Sequence[Claim], *, closed: bool = False) -> Effect:
    """Work out the figure of the claims' measure with them among the stored ones.

    The claims are unsaved, about this incident (which may be unsaved too), their words already
    read. `closed`: they are kept to groups, so that they feed nothing.
    """
    return effect_on(records_of(incident), claims, parents_of_sources(), closed)


def foresee_each(claims: Sequence[Claim], *, closed: bool = False) -> list[Effect]:
    """Work out for each of these unsaved claims, alone, what it would do to its incident."""
    stored = {read.incident["id"]: read for read in gathering.read([c.incident_id for c in claims])}
    parents = parents_of_sources()
    return [effect_on(stored[one.incident_id], [one], parents, closed) for one in claims]


def effect_on(
    records: Records, claims: Sequence[Claim], parents: dict[int, int], closed: bool
) -> Effect:
    """Compare the figure of some records with what it would be with the claims among them."""
    kind = records.incident["kind"]
    measure = claims[0].measure or records.incident["category__measure"]
    before = figures_from(records).get(measure, {})
    typed = [row_of(claim, UNSAVED + n, parents, closed) for n, claim in enumerate(claims)]
    joined = replace(records, claims=[*records.claims, *typed])
    counts = {row["id"]: deriving.count_of(row, kind) for row in joined.claims}
    counting = {count.id for count in tally.counting(list(counts.values()))}
    after = figures_from(joined).get(measure, {})
    return Effect(
        measure,
        before or nothing(records),
        after or nothing(records),
        UNSAVED in counting,
        contradicted(counts, counting, UNSAVED) if UNSAVED in counting else [],
    )


def contradictions(claim: Claim) -> list[int]:
    """List the stored claims that cannot be true together with a stored one, by key."""
    records = records_of(claim.incident)
    counts = {row["id"]: deriving.count_of(row, claim.incident.kind) for row in records.claims}
    counting = {count.id for count in tally.counting(list(counts.values()))}
    return contradicted(counts, counting, claim.pk) if claim.pk in counting else []


def figures_joined(gone: Incident, survivor: Incident) -> dict[str, Row]:
    """Work out the figures, by measure, of one incident once the claims of another are its own."""
    coming, records = records_of(gone), records_of(survivor)
    records.claims = sorted([*records.claims, *coming.claims], key=itemgetter("id"))
    for assessment in records.assessments:
        assessment["arrived"] |= {claim["id"] for claim in coming.claims}
    return figures_from(records)


def nothing(records: Records) -> Row:
    """Give the figure of no claim."""
    return deriving.figure_of([], [], None, records)


def records_of(incident: Incident) -> Records:
    """Read what an incident's figure is derived from; of an unsaved one there is nothing yet."""
    for records in gathering.read([incident.pk] if incident.pk else []):
        return records
    fields: dict[str, Any] = {"kind": incident.kind, "category__measure": incident.category.measure}
    return Records(fields, [], [], [])


def contradicted(counts: dict[int, tally.Count], counting: set[int], claim: int) -> list[int]:
    """List the stored counting claims of the same measure that cannot be true together with one."""
    said = counts[claim]
    return [
        key
        for key in sorted(counting)
        if key < UNSAVED and counts[key].measure == said.measure and opposed([counts[key], said])
    ]


def row_of(claim: Claim, key: int, parents: dict[int, int], closed: bool) -> Row:
    """See a claim that is not saved yet as `gathering.read_claims` gives a stored one."""
    row = {name: follow(claim, name) for name in gathering.CLAIM_FIELDS}
    row |= {"id": key, "closed": closed}
    row["measure"] = claim.measure or claim.incident.category.measure
    row["body"] = gathering.body_of(row, parents)
    return row


def follow(record: Any, path: str) -> Any:
    """Read `article__publisher__name` from a record; None where the way breaks off."""
    for name in path.split("__"):
        record = getattr(record, name, None)
    return record
