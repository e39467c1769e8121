"""Keeps true how tied incidents stand where everything that they are connected to is in the set.

One rule: a knot is a whole connected set of published, open events and waves (a wave with its
events, links between the same people); what is stored of it follows from its records alone, so
that a question has to untie only the knots that it cuts. Written through `settling`; read by
`apart`. The knots of `ties` are smaller: established to be the same people.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from django.db import models, transaction
from django.db.models import Q, QuerySet

from incidents import tally
from incidents.chunks import CHUNK, in_chunks
from incidents.models import Incident, IncidentKnot, IncidentLink, KnotSum, choices
from incidents.ties import Clusters
from incidents.turns import wait_for_turn
from incidents.untying import Member, Standing, Untying, standings_in

Row = dict[str, Any]
Key = tuple[int, str]  # the smallest member, and a measure; no measure: the key of an incident
Pair = tuple[int, int]
KINDS = (Incident.Kind.EVENT, Incident.Kind.WAVE)


@dataclass(slots=True)
class Knots:
    """What is, or should be, stored of some knots: members by key, sums by knot and measure."""

    members: dict[int, Row] = field(default_factory=dict)
    sums: dict[Key, Row] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class WrongKnot:
    """A row that is not what the records say; None stands for no such row."""

    key: Key
    stored: Row | None
    due: Row | None


def knotted() -> QuerySet:
    """The incidents that are in knots."""
    return Incident.objects.filter(
        status=choices.Status.PUBLISHED, restricted=False, tied=True, kind__in=KINDS
    ).order_by()


def members_among(keys: Collection[int]) -> dict[int, Member]:
    """Read which of these incidents are in knots."""
    return {
        row[0]: Member(*row)
        for chunk in in_chunks(sorted(keys))
        for row in columns_of_members(knotted().filter(pk__in=chunk))
    }


def columns_of_members(incidents: QuerySet) -> QuerySet:
    """Read what makes a Member."""
    return incidents.values_list("pk", "kind", "wave_id", "category__measure")


def connected_to(keys: Collection[int]) -> Iterator[Pair]:
    """List the incidents that these are connected to, as pairs; also those that are in no knot."""
    links = IncidentLink.objects.filter(kind=choices.LinkKind.SAME_PEOPLE).order_by()
    for chunk in in_chunks(sorted(keys)):
        in_waves = Incident.objects.filter(Q(wave__in=chunk) | Q(pk__in=chunk, wave__isnull=False))
        yield from in_waves.order_by().values_list("pk", "wave_id")
        ends = links.filter(Q(first__in=chunk) | Q(second__in=chunk))
        yield from ends.values_list("first_id", "second_id")


def knots_at(keys: Collection[int]) -> set[int]:
    """Name the knots, as stored, of which a member is connected to one of these incidents."""
    ends = {end for pair in connected_to(keys) for end in pair}
    return {
        knot
        for chunk in in_chunks(sorted(ends))
        for knot in IncidentKnot.objects.filter(pk__in=chunk).values_list("knot_id", flat=True)
    }


class Around:
    """Everything that some incidents are, or were when last stored, in one knot with."""

    def __init__(self, keys: Iterable[int]) -> None:
        """Walk from these incidents until nothing new is met."""
        self.members: dict[int, Member] = {}
        self.pairs: list[Pair] = []
        self.stored = Knots()
        self.heads: set[int] = set()
        met: set[int] = set()
        edge = set(keys)
        while edge:
            met |= edge
            edge = self.step(edge) - met

    def step(self, keys: set[int]) -> set[int]:
        """Read these incidents; return what they are connected to."""
        members = members_among(keys)
        self.members |= members
        pairs = list(connected_to(members.keys()))
        self.pairs += pairs
        beside = self.read_stored(keys)
        return {end for pair in pairs for end in pair} | beside

    def read_stored(self, keys: set[int]) -> set[int]:
        """Read the stored knots of these incidents, whole; return who is in them."""
        rows = IncidentKnot.objects.order_by()
        found = {
            knot
            for chunk in in_chunks(sorted(keys - self.stored.members.keys()))
            for knot in rows.filter(pk__in=chunk).values_list("knot_id", flat=True)
        }
        more: dict[int, Row] = {}
        for chunk in in_chunks(sorted(found - self.heads)):
            more |= stored(rows.filter(knot__in=chunk))
        self.heads |= found
        self.stored.members |= more
        return set(more)


def stored(rows: QuerySet) -> dict[int, Row]:
    """Read what is stored of members, by key."""
    columns = rows.order_by().values("incident_id", *IncidentKnot.STANDING)
    return {row.pop("incident_id"): row for row in columns}


def stored_sums(heads: Collection[int]) -> dict[Key, Row]:
    """Read the stored sums of these knots."""
    return {
        (row.pop("knot_id"), row.pop("measure")): row
        for chunk in in_chunks(sorted(heads))
        for row in KnotSum.objects.filter(knot__in=chunk).values(
            "knot_id", "measure", *KnotSum.SUMS
        )
    }


def due(members: dict[int, Member], pairs: Iterable[Pair]) -> Knots:
    """Work out what should be stored of these incidents, which are whole knots."""
    names = Clusters()
    for pair in pairs:
        if pair[0] in members and pair[1] in members:
            names.join(pair)
    knot_of = {key: names.name(key) for key in members}
    sizes, found, standings = Counter(knot_of.values()), Knots(), {}
    lines: dict[Key, list[tally.TotalLine]] = defaultdict(list)
    left_out: Counter[Key] = Counter()
    principal = Counter((knot_of[key], one.measure) for key, one in members.items())
    for measure, untied in Untying().untied(members.values()).items():
        for line in untied.lines:
            lines[knot_of[line.ids[0]], measure].append(line)
        left_out.update((knot_of[key], measure) for key in untied.left_out)
        for key, standing in standings_in(untied):
            if members[key].measure == measure:
                standings[key] = standing
    for key, knot in knot_of.items():
        its = standings.get(key, Standing(False, "no figure"))
        row = (knot, sizes[knot], its.counted, its.why, its.group)
        found.members[key] = dict(zip(IncidentKnot.STANDING, row, strict=True))
    for key in {*lines, *left_out, *principal}:
        total = tally.total(lines[key], left_out=left_out[key])
        found.sums[key] = {"incidents": principal[key], **asdict(total)}
    return found


def settle_knots(keys: Sequence[int]) -> int:
    """Bring the knots of these incidents, and of all they are or were tied to, up to date.

    Returns how many rows had to change.
    """
    around = Around(keys)
    if not (around.members or around.stored.members):
        return 0
    right = due(around.members, around.pairs)
    heads = around.heads | {knot for knot, _measure in right.sums}
    around.stored.sums = stored_sums(heads)
    wrong = differing(around.stored, right)
    write(wrong)
    return len(wrong)


def differing(there: Knots, right: Knots) -> list[WrongKnot]:
    """List the rows that are stored otherwise than they should be, in one order."""
    sides: list[tuple[dict[Key, Row], dict[Key, Row]]] = [
        (by_key(there.members), by_key(right.members)),
        (there.sums, right.sums),
    ]
    return [
        WrongKnot(key, rows.get(key), due_rows.get(key))
        for rows, due_rows in sides
        for key in sorted({*rows, *due_rows})
        if rows.get(key) != due_rows.get(key)
    ]


def by_key(members: dict[int, Row]) -> dict[Key, Row]:
    """Name rows of members as rows of sums are named."""
    return {(key, ""): row for key, row in members.items()}


def write(wrong: Sequence[WrongKnot]) -> None:
    """Store what should be, for the rows that differ."""
    gone = [row.key for row in wrong if row.due is None]
    for chunk in in_chunks([key for key, measure in gone if not measure]):
        IncidentKnot.objects.filter(pk__in=chunk).delete()
    for knot, measure in gone:
        if measure:
            KnotSum.objects.filter(knot=knot, measure=measure).delete()
    put(
        Knots(
            {row.key[0]: row.due for row in wrong if row.due and not row.key[1]},
            {row.key: row.due for row in wrong if row.due and row.key[1]},
        )
    )


def put(knots: Knots) -> None:
    """Write rows, over those that are there."""
    members = [IncidentKnot(incident_id=key, **row) for key, row in knots.members.items()]
    sums = [
        KnotSum(knot_id=knot, measure=measure, **row) for (knot, measure), row in knots.sums.items()
    ]
    upsert(IncidentKnot, members, ["incident"], IncidentKnot.STANDING)
    upsert(KnotSum, sums, ["knot", "measure"], KnotSum.SUMS)


def upsert(
    model: type[models.Model],
    rows: Sequence[models.Model],
    identity: Sequence[str],
    columns: Sequence[str],
) -> None:
    """Write rows of one table, over those with the same identity."""
    names = [name.removesuffix("_id") for name in columns]
    model._default_manager.bulk_create(
        rows,
        batch_size=CHUNK,
        update_conflicts=True,
        unique_fields=list(identity),
        update_fields=names,
    )


def wrong_knots() -> Iterator[WrongKnot]:
    """Compare everything that is stored of knots with what their records say."""
    members, heads = set(IncidentKnot.objects.values_list("pk", flat=True)), set()
    with_sums = set(KnotSum.objects.order_by().values_list("knot_id", flat=True))
    for right in all_due():
        its_heads = {knot for knot, _measure in right.sums}
        there = Knots(sums=stored_sums(its_heads))
        for chunk in in_chunks(sorted(right.members)):
            there.members |= stored(IncidentKnot.objects.filter(pk__in=chunk))
        yield from differing(there, right)
        members -= right.members.keys()
        heads |= its_heads
    for chunk in in_chunks(sorted(members)):
        yield from differing(Knots(stored(IncidentKnot.objects.filter(pk__in=chunk))), Knots())
    yield from differing(Knots(sums=stored_sums(with_sums - heads)), Knots())


def all_due() -> Iterator[Knots]:
    """Work every knot out from nothing, some at a time."""
    names, keys = Clusters(), set(knotted().values_list("pk", flat=True))
    links = IncidentLink.objects.filter(kind=choices.LinkKind.SAME_PEOPLE).order_by()
    in_waves = knotted().filter(wave__isnull=False)
    pairs = [
        pair
        for rows in (in_waves.values_list("pk", "wave_id"), links.values_list("first", "second"))
        for pair in rows
        if pair[0] in keys and pair[1] in keys
    ]
    for pair in pairs:
        names.join(pair)
    pairs_of: dict[int, list[Pair]] = defaultdict(list)
    for pair in pairs:
        pairs_of[names.name(pair[0])].append(pair)
    some: list[int] = []
    for its in names.sorted_into(sorted(keys)):
        some += its
        if len(some) >= CHUNK:
            yield due_of(some, names, pairs_of)
            some = []
    if some:
        yield due_of(some, names, pairs_of)


def due_of(keys: Sequence[int], names: Clusters, pairs_of: dict[int, list[Pair]]) -> Knots:
    """Work some whole knots out."""
    heads = {names.name(key) for key in keys}
    return due(members_among(keys), [pair for head in heads for pair in pairs_of.get(head, ())])


@transaction.atomic
def mend_knots() -> int:
    """Write every knot anew where any is wrong; return how many rows were."""
    wait_for_turn()
    wrong = sum(1 for _wrong in wrong_knots())
    if wrong:
        rebuild_knots()
    return wrong


def rebuild_knots() -> None:
    """Write every knot anew."""
    IncidentKnot.objects.all().delete()
    KnotSum.objects.all().delete()
    for right in all_due():
        put(right)
