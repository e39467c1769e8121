"""The incidents that a total looks at one by one, beside what the database adds up.

One rule: they are read as the reader may see them, once for a question. These are the tied ones
(waves, possible overlaps) whose knot the question cuts and, beside the table of sums, those that
are restricted or found through a restricted claim alone; knots that are in the question whole
count as stored. Called by `reckoning`.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from operator import sub

from django.db import connection
from django.db.models import (
    Count,
    Exists,
    F,
    OuterRef,
    Q,
    QuerySet,
    Sum,
    Window,
)
from django.db.models.functions import Coalesce

from incidents import tally
from incidents.athand import with_match
from incidents.chunks import in_chunks
from incidents.closed import closed_claims
from incidents.filters import Question
from incidents.knots import knots_at
from incidents.models import Incident, IncidentRegion, KnotSum, PlaceAncestor
from incidents.months import first_month_of, last_month_of
from incidents.untying import Member, Untying

Numbers = tuple[int, ...]  # the columns of KnotSum.SUMS


@dataclass(slots=True, eq=False)
class OneApart(Member):
    """An incident that is looked at by itself: how it matches, its cell, its knot and that's size.

    Both are None for what is in no knot.
    """

    match: str
    tied: bool
    category: int
    first_month: int
    last_month: int
    knot: int | None
    size: int | None


COLUMNS = (
    *("pk", "kind", "wave_id", "category__measure"),
    *("matched", "tied", "category_id", "earliest", "latest", "standing__knot", "standing__size"),
)


class Apart:
    """The incidents of one question that are looked at one by one, for its reader.

    `live`: those that are untied, or stand alone, here and now. `joined`: knots that are whole in
    the question, but to which something is tied that this reader alone sees; they are live too.
    """

    def __init__(
        self,
        question: Question,
        *,
        beside_table: bool,
        by_knots: bool = True,
        in_parts: bool = False,
        among_tied: Question | None = None,
    ) -> None:
        """Read them; `beside_table`: also those that the table of sums does not hold.

        `in_parts`: all that are tied are read at once, since every part asks for its own.
        `among_tied`: the same question of those that are tied, where they are looked up already.
        """
        self.question, self.beside_table, self.by_knots = question, beside_table, by_knots
        self.in_parts, self.among_tied = in_parts and by_knots, among_tied
        self.untying, self.live = Untying(), {}
        if self.in_parts:
            self.live |= cut_among(self.every_tied)
        for incidents in self.sets():
            self.live |= self.read(incidents)
        self.joined = self.read_joined() if by_knots else set()

    @cached_property
    def matched(self) -> QuerySet:
        """What the question finds, with its match."""
        return events_with_match(self.question)

    @cached_property
    def tied(self) -> QuerySet:
        """The tied incidents of the question.

        Said by key alone, SQLite begins with these few, and beside a place as well; told once more
        that they are tied, it goes through them all for each of them. PostgreSQL has an index of
        them by category and day.
        """
        if self.among_tied:
            return events_with_match(self.among_tied)
        if connection.vendor == "postgresql":
            return self.soonest(Q(tied=True))
        few = Incident.objects.filter(tied=True).values("pk")
        return self.soonest(Q(pk__in=few))

    def cut(self) -> QuerySet:
        """The tied incidents that are in no knot, or without all of it in the same match."""
        present = Window(Count("*"), partition_by=[F("standing__knot"), F("matched")])
        lacking = Coalesce(F("standing__size") - present, 1)
        return self.tied.annotate(lacking=lacking).filter(lacking__gt=0)

    def sets(self) -> Iterator[QuerySet]:
        """Name the sets of incidents that are looked at one by one; none is in two."""
        if not self.in_parts:
            yield self.cut() if self.by_knots else self.tied
        if not self.beside_table or self.question.user is None:
            return
        yield self.matched.filter(tied=False, restricted=True)
        if self.question.asked["region"]:
            in_table = IncidentRegion.objects.filter(
                incident=OuterRef("pk"), place__in=self.question.asked["region"], role=""
            )
            yield self.spoken_of_in_closed_claims().exclude(Exists(in_table))

    def read_joined(self) -> set[int]:
        """Read the knots to which what is in none is tied; return which they are."""
        loose = [one.key for one in self.live.values() if one.tied and one.knot is None]
        joined = knots_at(loose) if loose else set()
        if self.in_parts:
            self.live |= {k: one for k, one in self.every_tied.items() if one.knot in joined}
            return joined
        for knots in in_chunks(sorted(joined)):
            self.live |= self.read(self.tied.filter(standing__knot__in=knots))
        return joined

    def spoken_of_in_closed_claims(self) -> QuerySet:
        """The other incidents without ties of which restricted claims speak to this reader."""
        spoken_of = closed_claims(self.question.user).values("incident")
        found = self.matched.filter(tied=False, pk__in=spoken_of)
        return found.filter(restricted=False) if self.beside_table else found

    def read(self, incidents: QuerySet) -> dict[int, OneApart]:
        """Read a set of incidents, without their figures."""
        found: dict[int, OneApart] = {}
        for row in incidents.order_by("pk").values_list(*COLUMNS):
            *own, earliest, latest, knot, size = row
            months = first_month_of(earliest), last_month_of(latest)
            found[row[0]] = OneApart(*own, *months, knot, size)
        return found

    @cached_property
    def every_tied(self) -> dict[int, OneApart]:
        """All the tied incidents of the question."""
        return self.read(self.tied)

    @cached_property
    def all(self) -> dict[int, OneApart]:
        """Those that are looked at one by one, and all that are in whole knots."""
        has_more = self.in_parts or self.sums_of_whole
        return {**self.every_tied, **self.live} if has_more else self.live

    @cached_property
    def with_spoken_of(self) -> list[OneApart]:
        """All of them, and those that a restricted claim may place where nothing else does."""
        if self.question.user is None:
            return list(self.all.values())
        return list({**self.read(self.spoken_of_in_closed_claims()), **self.all}.values())

    @property
    def beyond_table(self) -> list[int]:
        """Those without ties, which are here because the table of sums does not hold them."""
        return [key for key, one in self.live.items() if not one.tied]

    @cached_property
    def sums_of_whole(self) -> dict[tuple[str, str], list[int]]:
        """Add up what the knots that are whole in the question add to its totals.

        By match and measure, the columns of KnotSum.SUMS. All whose smallest member is in the
        question, without those that are live.
        """
        if not self.by_knots:
            return {}
        if self.in_parts:
            return self.added_knots()
        sums = {f"sum_{name}": Sum(f"knot_sums__{name}") for name in KnotSum.SUMS}
        rows = self.heads.values_list("matched", "knot_sums__measure").annotate(**sums)
        found = {
            (match, measure): list(map(int, numbers))
            for match, measure, *numbers in rows
            if measure
        }
        live = {key: one.match for key, one in self.live.items() if one.knot == key}
        for keys in in_chunks(sorted(live)):
            its = KnotSum.objects.filter(knot__in=keys)
            for key, measure, *numbers in its.values_list("knot_id", "measure", *KnotSum.SUMS):
                there = found.get((live[key], measure), numbers)
                found[live[key], measure] = list(map(sub, there, numbers))
        return {key: numbers for key, numbers in found.items() if any(numbers)}

    @property
    def heads(self) -> QuerySet:
        """The incidents of the question that are the smallest of their knot."""
        return self.soonest(Q(tied=True, pk__in=KnotSum.objects.values("knot")))

    def soonest(self, few: Q) -> QuerySet:
        """What the question finds among these few, asked in the way that gives it sooner."""
        return self.question.soonest(lambda asked: events_with_match(asked).filter(few))

    def added_knots(self) -> dict[tuple[str, str], list[int]]:
        """The same, where each knot was read by itself."""
        rows: dict[tuple[str, str], list[Numbers]] = defaultdict(list)
        for knot, by_measure in self.numbers_of_knots.items():
            for measure, numbers in by_measure.items():
                rows[self.every_tied[knot].match, measure].append(numbers)
        return {key: list(map(sum, zip(*its, strict=True))) for key, its in rows.items()}

    @cached_property
    def numbers_of_knots(self) -> dict[int, dict[str, Numbers]]:
        """What each knot that may be in a part of the question whole adds to totals, by measure."""
        if self.in_parts:
            tied = self.every_tied.values()
            whole = [one.key for one in tied if one.knot == one.key and one.key not in self.live]
            sums = KnotSum.objects.filter(knot__among=whole).order_by()
        else:
            sums = KnotSum.objects.filter(knot__in=self.heads.values("pk")).order_by()
        found: dict[int, dict[str, Numbers]] = defaultdict(dict)
        for knot, measure, *numbers in sums.values_list("knot_id", "measure", *KnotSum.SUMS):
            found[knot][measure] = tuple(numbers)
        return found

    def parted(self, some: Iterable[OneApart]) -> tuple[list[int], list[OneApart]]:
        """Part a group of incidents into the knots that are in it whole, and all others."""
        members = list(some)
        if not self.by_knots:
            return [], members
        present = Counter(one.knot for one in members)
        whole = {
            one.knot: one.size
            for one in members
            if one.knot and present[one.knot] == one.size and one.knot not in self.joined
        }
        return list(whole), [one for one in members if one.knot not in whole]

    def live_in(self, match: str) -> Iterator[OneApart]:
        """Go through those that are live and match the days so."""
        return (one for one in self.live.values() if one.match == match)

    def untied(self, some: Iterable[OneApart]) -> dict[str, tally.Untied]:
        """Untie some of them as a set of their own, by measure."""
        return self.untying.untied(some)

    def touching(self, places: Collection[int], role: str) -> dict[int, set[int]]:
        """List by incident which of these places it touched, as far as the reader may know.

        Of those beside `all`, only what a restricted claim alone tells: the rest is added up.
        """
        touched: dict[int, set[int]] = defaultdict(set)
        regions = IncidentRegion.objects.filter(place__in=places, role=role).order_by()
        kinds = {
            "incident__tied" if one.tied else "incident__restricted" for one in self.all.values()
        }
        for kind in kinds:
            found = regions.filter(**{kind: True}).values_list("incident_id", "place_id")
            for key, place in found:
                if key in self.all:
                    touched[key].add(place)
        if self.question.user is not None:
            self.add_closed(touched, regions, places, role)
        return touched

    def add_closed(self, touched: dict, regions: QuerySet, places, role: str) -> None:
        """Add the places of the restricted claims that this reader may see."""
        claims = closed_claims(self.question.user)
        claims = claims.filter(place_role=role) if role else claims.exclude(place_role="context")
        told = PlaceAncestor.objects.filter(ancestor__in=places, place__claims__in=claims)
        pairs = set(told.values_list("place__claims__incident", "ancestor_id"))
        others = {one.key for one in self.with_spoken_of} - self.all.keys()
        for keys in in_chunks(sorted(others)):
            known = regions.filter(incident__in=keys).values_list("incident_id", "place_id")
            pairs -= set(known)
        for key, place in pairs:
            touched[key].add(place)


def cut_among(tied: dict[int, OneApart]) -> dict[int, OneApart]:
    """Keep those that are in no knot, or without all of it in the same match."""
    present = Counter((one.knot, one.match) for one in tied.values())
    return {
        key: one
        for key, one in tied.items()
        if one.knot is None or present[one.knot, one.match] < (one.size or 0)
    }


def events_with_match(question: Question) -> QuerySet:
    """The events and waves of a question, and those without a firm date, each with its match."""
    return with_match(question).exclude(kind=Incident.Kind.AGGREGATE)
