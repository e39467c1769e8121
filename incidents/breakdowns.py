"""Breaks a question down by what no sum is stored of: receiving state, sources, how many of them.

One rule: as for every breakdown, each number is that of the question its link asks. For as many
incidents as are counted one by one; more are narrowed down first. Called by the summary page.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from functools import cached_property

from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from incidents.apart import events_with_match
from incidents.chunks import in_chunks
from incidents.facets import (
    Facet,
    FacetRow,
    columns_of,
    counted,
    has_aggregates,
    matching,
    of_each_match,
    table,
)
from incidents.models import Claim, IncidentSource, Place, Source
from incidents.reckoning import Reckoning
from incidents.sums import MOST

MOST_SOURCES = 20
LEAST_SOURCES = (1, 2, 3, 5, 10)


def breakdowns(reckoning: Reckoning) -> list[Facet]:
    """Break a question down in each way that has more than one row; none where there are many."""
    if has_aggregates(reckoning.question) or not reckoning.is_exact or reckoning.count > MOST:
        return []
    few = Few(reckoning.past_table)
    made = (few.by_receiving(), few.by_source(), few.by_number_of_sources())
    return [facet for facet in made if len(facet.rows) > 1]


class Few:
    """The incidents of a question, few enough to be looked at one by one."""

    def __init__(self, reckoning: Reckoning) -> None:
        """Break this down; nothing is read before it is asked for."""
        self.reckoning, self.question = reckoning, reckoning.question

    @cached_property
    def found(self) -> dict[int, tuple[str, int, int | None]]:
        """By incident: how it matches, how many sources name it, the receiving state."""
        columns = ("pk", "matched", "sources_named", "receiving_id")
        events = events_with_match(self.reckoning.at_hand)
        return {
            key: (match, *others)
            for key, match, *others in events.values_list(*columns)
            if match in self.question.matches
        }

    def by_receiving(self) -> Facet:
        """Break down by the state to which people were sent."""
        reckoning = self.reckoning
        groups = reckoning.grouped(
            reckoning.rows(receiving=F("incident__receiving")),
            lambda row: row["receiving"],
            lambda one: [self.found[one.key][2]] if one.key in self.found else [],
        )
        states = Place.objects.filter(pk__in={key for _match, key in groups} - {None})
        parts = [
            (state.label, {"receiving": state.code}, of_each_match(reckoning, groups, state.pk))
            for state in sorted(states, key=lambda state: state.label)
        ]
        note = _("Incidents whose receiving state is not entered stand in no row.")
        name = _("By receiving state")
        return Facet("receiving", name, _("Receiving state"), note, *table(self.question, parts))

    def by_source(self) -> Facet:
        """Break down by who makes a claim; people are not told, since a figure is not theirs."""
        spoken_of: dict[int, set[int]] = defaultdict(set)
        for source, incident in self.said():
            spoken_of[source].add(incident)
        most = sorted(spoken_of, key=lambda source: (-len(spoken_of[source]), source))
        shown = Source.objects.in_bulk(most[:MOST_SOURCES])
        rows = [
            self.row(shown[key].name, {"source": shown[key].slug}, spoken_of[key])
            for key in most[:MOST_SOURCES]
        ]
        note = _("What several sources speak of is counted with each; a figure is never one's own.")
        if len(most) > MOST_SOURCES:
            left = len(most) - MOST_SOURCES
            more = ngettext("%s more source is not shown.", "%s more sources are not shown.", left)
            note += " " + more % left
        return Facet("source", _("By source"), _("Source"), note, self.columns, rows)

    def said(self) -> Iterable[tuple[int, int]]:
        """Say which source makes a claim about which incident, as far as the reader may know."""
        for keys in in_chunks(sorted(self.found)):
            rows = IncidentSource.objects.filter(incident__in=keys, part="claimant").order_by()
            yield from rows.values_list("source_id", "incident_id")
        for claims in in_chunks(self.question.closed_claims):
            closed = Claim.objects.filter(pk__in=claims, source__isnull=False).order_by()
            for source, incident in closed.values_list("source_id", "incident_id"):
                if incident in self.found:
                    yield source, incident

    def by_number_of_sources(self) -> Facet:
        """Break down by how many sources name an incident: at least so many."""
        rows = []
        for least in LEAST_SOURCES:
            named = {key for key, (_match, number, _to) in self.found.items() if number >= least}
            label = ngettext("at least %s source", "at least %s sources", least) % least
            if named:
                rows.append(self.row(label, {"sources_min": str(least)}, named))
        note = _(
            "Each row holds those below it. Whether sources share an origin is often not known."
        )
        name, heading = _("By number of sources"), _("Named by")
        return Facet("sources", name, heading, note, self.columns, rows)

    @property
    def columns(self) -> list[str]:
        """Name the column of each match."""
        return columns_of(self.question, [])

    def row(self, label: str, parameters: dict[str, str], incidents: set[int]) -> FacetRow:
        """Make the row of some incidents, with the question that asks for them."""
        numbers = Counter(self.found[key][0] for key in incidents)
        return FacetRow(
            label,
            [
                counted(self.question, matching(parameters, match), numbers[match])
                for match in self.question.matches
            ],
        )
