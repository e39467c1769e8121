"""The incidents that a total looks at one by one, beside what the database adds up.

One rule: they are read as the reader may see them, once for a question. These are the tied ones
(waves, possible overlaps) and, beside the table of sums, those that are restricted or found through
a restricted claim alone. Called by `reckoning`.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.db.models import Case, CharField, Exists, OuterRef, Q, QuerySet, Value, When

from incidents import tally
from incidents.chunks import CHUNK, in_chunks
from incidents.closed import closed_claims
from incidents.deriving import count_of
from incidents.filters import Question
from incidents.gathering import read_claims
from incidents.models import Incident, IncidentLink, IncidentRegion, PlaceAncestor, choices


@dataclass(frozen=True, slots=True)
class OneApart:
    """An incident that is looked at by itself: how it matches, its cell, its figures by measure."""

    key: int
    match: str
    tied: bool
    kind: str
    wave: int | None
    measure: str
    category: int
    first_month: int
    last_month: int
    figures: dict[str, tally.Figure] = field(default_factory=dict)


COLUMNS = (
    "pk",
    "matched",
    "tied",
    "kind",
    "wave_id",
    "category__measure",
    "category_id",
    "figures__first_month",
    "figures__last_month",
    "figures__measure",
    "figures__people_low",
    "figures__people_best",
    "figures__people_high",
    "figures__stated_min",
    "figures__stated_max",
    "figures__figure_kind",
    "figures__disputed",
)
FIGURE = COLUMNS.index("figures__measure")


class Apart:
    """The incidents of one question that are looked at one by one, for its reader."""

    def __init__(self, question: Question, *, beside_table: bool) -> None:
        """Read them; `beside_table`: also those that the table of sums does not hold."""
        self.question, self.beside_table = question, beside_table
        self.all: dict[int, OneApart] = {}
        for incidents in self.sets():
            self.all |= self.read(incidents)

    def sets(self) -> Iterator[QuerySet]:
        """Name the sets of incidents that are looked at one by one; none is in two."""
        incidents = with_match(self.question)
        tied = Incident.objects.filter(tied=True).values("pk")  # few; SQLite begins with them so
        yield incidents.filter(tied=True, pk__in=tied)
        if not self.beside_table or self.question.user is None:
            return
        yield incidents.filter(tied=False, restricted=True)
        if self.question.asked["region"]:
            in_table = IncidentRegion.objects.filter(
                incident=OuterRef("pk"), place__in=self.question.asked["region"], role=""
            )
            yield self.spoken_of_in_closed_claims().exclude(Exists(in_table))

    def spoken_of_in_closed_claims(self) -> QuerySet:
        """The other incidents without ties of which restricted claims speak to this reader."""
        spoken_of = closed_claims(self.question.user).values("incident")
        found = with_match(self.question).filter(tied=False, pk__in=spoken_of)
        return found.filter(restricted=False) if self.beside_table else found

    def read(self, incidents: QuerySet) -> dict[int, OneApart]:
        """Read a set of incidents with their figures."""
        found: dict[int, OneApart] = {}
        for row in incidents.order_by("pk").values_list(*COLUMNS):
            one = found.get(row[0])
            if one is None:
                one = found[row[0]] = OneApart(*row[:FIGURE])
            one.figures[row[FIGURE]] = tally.Figure(*row[FIGURE + 1 :])
        return found

    @cached_property
    def with_spoken_of(self) -> list[OneApart]:
        """All of them, and those that a restricted claim may place where nothing else does."""
        if self.question.user is None:
            return list(self.all.values())
        return list({**self.read(self.spoken_of_in_closed_claims()), **self.all}.values())

    @property
    def beyond_table(self) -> list[int]:
        """Those without ties, which are here because the table of sums does not hold them."""
        return [key for key, one in self.all.items() if not one.tied]

    def untied(self, some: Iterable[OneApart]) -> dict[str, tally.Untied]:
        """Untie some of them as a set of their own, by measure."""
        among = {one.key: one for one in some}
        ties = [tie for key in among for tie in self.ties.get(key, ()) if tie.second in among]
        linked = {end for tie in ties for end in (tie.first, tie.second)}
        lines: dict[str, list[tally.Line]] = defaultdict(list)
        for one in among.values():
            for measure, figure in one.figures.items():
                counts = self.counts.get((one.key, measure), ()) if one.key in linked else ()
                lines[measure].append(
                    tally.Line(one.key, one.kind, figure, one.wave, tuple(counts))
                )
        return {measure: tally.untie(its_lines, ties) for measure, its_lines in lines.items()}

    @cached_property
    def ties(self) -> dict[int, list[tally.Tie]]:
        """Which of them may be about the same people as another of them, by the first."""
        ties: dict[int, list[tally.Tie]] = defaultdict(list)
        if not self.all:
            return ties
        links = IncidentLink.objects.filter(kind=choices.LinkKind.SAME_PEOPLE)
        if len(self.all) <= CHUNK:
            links = links.filter(first__in=self.all, second__in=self.all)
        for first, second, certainty in links.values_list("first_id", "second_id", "certainty"):
            if first in self.all and second in self.all:
                ties[first].append(tally.Tie(first, second, certainty))
        return ties

    @cached_property
    def counts(self) -> dict[tuple[int, str], list[tally.Count]]:
        """The counting claims of those that may overlap, by incident and measure."""
        linked = {end for ties in self.ties.values() for t in ties for end in (t.first, t.second)}
        counts: dict[tuple[int, str], list[tally.Count]] = defaultdict(list)
        for keys in in_chunks(sorted(linked)):
            claims: dict[int, list[dict[str, Any]]] = defaultdict(list)
            for claim in read_claims(keys):
                claims[claim["incident_id"]].append(claim)
            for key, rows in claims.items():
                kind = self.all[key].kind
                for count in tally.counting([count_of(row, kind) for row in rows]):
                    counts[key, count.measure].append(count)
        return counts

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


def with_match(question: Question) -> QuerySet:
    """The events and waves of a question, and those without a firm date, each with its match."""
    incidents = question.matching.exclude(kind=Incident.Kind.AGGREGATE).order_by()
    if not question.has_window:
        kept = question.incidents.exclude(kind=Incident.Kind.AGGREGATE).order_by()
        return kept.annotate(matched=Value("", CharField()))
    matches = list(dict.fromkeys((*question.matches, "open")))
    conditions = {match: question.match(match) for match in matches}
    wanted = Q()
    for condition in conditions.values():
        wanted |= condition
    return incidents.filter(wanted).annotate(
        matched=Case(
            *(When(condition, then=Value(match)) for match, condition in conditions.items()),
            output_field=CharField(),
        )
    )
