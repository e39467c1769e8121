"""Breaks a question down: by years or months, by the places below, by category.

One rule: each number is that of the question its link asks, so nothing hides in between; what has
no firm date stands in a row of its own. Called by the summary page.
"""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.http import QueryDict
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from incidents import wording
from incidents.filters import Question
from incidents.filterset import DEFAULT_KINDS, MATCHES
from incidents.models import SUMMED_PLACES, Category, Incident, Place, choices
from incidents.periods import MONTH, YEAR, Periods, periods_of
from incidents.phrases import grouped
from incidents.reckoning import Added, Groups, Reckoning
from incidents.sums import MOST, has_whole_months, months_of

MOST_MONTHS = 36  # a longer time is broken down by years


@dataclass(frozen=True, slots=True)
class Cell:
    """One number of a table, or words about people; `query` asks for the incidents it counts."""

    words: str
    number: int | None = None
    query: str = ""


@dataclass(frozen=True, slots=True)
class FacetRow:
    """One part of what a question finds: its name, then a cell for each column.

    `narrower` asks for this part alone, to be broken down in turn.
    """

    label: str
    cells: list[Cell]
    narrower: str = ""


@dataclass(frozen=True, slots=True)
class Facet:
    """A table that breaks a question down; incidents and people in columns of their own.

    `wider`: the name of what the whole is a part of, and the question that asks for that.
    """

    code: str
    name: str
    heading: str
    note: str
    columns: list[str]
    rows: list[FacetRow]
    wider: tuple[str, str] | None = None

    @property
    def named_rows(self) -> list[tuple[FacetRow, list[tuple[str, Cell]]]]:
        """Each row, and its cells with the names of their columns."""
        return [(row, list(zip(self.columns, row.cells, strict=True))) for row in self.rows]


NO_CELL = Cell("")
Part = tuple[str, Mapping[str, str], list[Added]]  # label, parameters, what each match adds up to


def facets(reckoning: Reckoning) -> list[Facet]:
    """Break a question down in each way that has more than one row; none where there are many."""
    if not reckoning.is_exact:
        return []
    if has_aggregates(reckoning.question):
        return []
    made = (by_time(reckoning), by_place(reckoning), by_category(reckoning))
    return [facet for facet in made if facet is not None and len(facet.rows) > 1]


def has_aggregates(question: Question) -> bool:
    """Whether a question asks for published totals, which are never added up."""
    return Incident.Kind.AGGREGATE in (question.asked["kind"] or DEFAULT_KINDS)


def by_category(reckoning: Reckoning) -> Facet:
    """Break a question down by the kind of act."""
    groups = reckoning.grouped(
        reckoning.rows("category_id"), lambda row: row["category_id"], lambda one: [one.category]
    )
    parts = [
        (category.label, {"category": category.code}, of_each_match(reckoning, groups, category.pk))
        for category in Category.objects.order_by("position", "pk")
    ]
    return Facet("category", _("By category"), _("Category"), "", *table(reckoning.question, parts))


def by_place(reckoning: Reckoning) -> Facet | None:
    """Break a question down by the places just below the one it asks for, or by world region."""
    question = reckoning.question
    below, roles = places_below(question), question.asked["role"] or [""]
    if reckoning.by_table and not all(place.kind in SUMMED_PLACES for place in below):
        if reckoning.count > MOST:
            return None
        reckoning = reckoning.past_table
    if not below or len(roles) > 1:
        return None
    keys = [place.pk for place in below]
    touched = reckoning.apart.touching(keys, roles[0])
    groups = reckoning.grouped(
        reckoning.rows("place", places=keys),
        lambda row: row["place"],
        lambda one: touched.get(one.key, ()),
        among=reckoning.apart.with_spoken_of,
    )
    parts = [
        (place.label, {"region": place.code}, of_each_match(reckoning, groups, place.pk))
        for place in below
    ]
    note = _(
        "What touched several of these places is counted in each of them; what is placed no more "
        "exactly than the whole is in none."
    )
    columns, rows = table(question, parts)
    return Facet("place", _("By place"), _("Place"), note, columns, rows, wider_than(question))


def wider_than(question: Question) -> tuple[str, str] | None:
    """Name what the place asked for lies in, and ask for that; None where no place is asked for."""
    if not question.asked["region"]:
        return None
    above = question.asked["region"][0].parent
    label = above.label if above else _("the whole world")
    return label, asking(question, {"region": above.code if above else ""})


def places_below(question: Question) -> list[Place]:
    """List the places just below the one asked for; world regions when none is asked for."""
    asked = question.asked["region"]
    if len(asked) > 1:
        return []
    below = Place.objects.standing().filter(parent=asked[0] if asked else None)
    return sorted(below, key=lambda place: place.label)


def by_time(reckoning: Reckoning) -> Facet | None:
    """Break a question down by years, or by months where it asks for few of them.

    None for days that do not begin and end with a month, and where certain ones are left out.
    """
    question = reckoning.question
    first, last = months_of(question)
    unit = MONTH if last - first < MOST_MONTHS else YEAR
    if not has_whole_months(question):
        return None
    periods = periods_of(reckoning, unit)
    if not periods.has_certain or not periods.is_readable:
        return None
    names = (_("By month"), _("Month")) if unit is MONTH else (_("By year"), _("Year"))
    return Facet("time", *names, NOTE_ON_TIME, *table_of_periods(periods))


NOTE_ON_TIME = gettext_lazy(
    "“Certainly” counts what lies wholly inside; what may lie inside or lasts longer is counted as "
    "“possibly” in each row it touches, and not added up."
)


def table_of_periods(periods: Periods) -> tuple[list[str], list[FacetRow]]:
    """Make columns and rows of periods: what lies in each certainly, then possibly."""
    measures = measures_in([*periods.certain.values(), periods.undated])
    columns = headings("certain", measures)
    if periods.has_possible:
        columns += headings("possible", [])
    rows = [row_of_period(periods, period, measures) for period in periods.numbers]
    if periods.undated.incidents:
        empty = [NO_CELL] if periods.has_possible else []
        shown = cells(periods.question, {"dates": "open"}, periods.undated, measures)
        rows.append(FacetRow(_("without a firm date"), shown + empty))
    return columns, rows


def row_of_period(periods: Periods, period: int, measures: Sequence[str]) -> FacetRow:
    """Make the row of one period."""
    question, days = periods.question, periods.parameters(period)
    found = periods.certain.get(period, Added())
    row = cells(question, {**days, "dates": "certain"}, found, measures)
    if periods.has_possible:
        possible = {**days, "dates": "possible"}
        row.append(counted(question, possible, periods.possible.get(period, 0)))
    return FacetRow(periods.label(period), row, asking(question, days))


def of_each_match(reckoning: Reckoning, groups: Groups, key: Hashable) -> list[Added]:
    """Give what a group adds up to, for each match that the question keeps apart."""
    return [groups.get((match, key), Added()) for match in reckoning.question.matches]


def table(question: Question, parts: Iterable[Part]) -> tuple[list[str], list[FacetRow]]:
    """Make columns and rows of the parts that hold anything."""
    shown = [part for part in parts if any(added.incidents for added in part[2])]
    measures = measures_in(added for part in shown for added in part[2])
    columns = columns_of(question, measures)
    rows = [
        FacetRow(
            str(label),
            [
                cell
                for match, added in zip(question.matches, found, strict=True)
                for cell in cells(question, matching(parameters, match), added, measures)
            ],
            asking(question, parameters),
        )
        for label, parameters, found in shown
    ]
    return columns, rows


def columns_of(question: Question, measures: Sequence[str]) -> list[str]:
    """Name the columns of every match: incidents, then people in each measure."""
    return [column for match in question.matches for column in headings(match, measures)]


def matching(parameters: Mapping[str, str], match: str) -> Mapping[str, str]:
    """Narrow parameters to one match of the days, where the question keeps them apart."""
    return {**parameters, "dates": match} if match else parameters


def headings(match: str, measures: Sequence[str]) -> list[str]:
    """Name the columns of one match: incidents, then people in each measure."""
    names = [_("Incidents"), *(_("People %s") % choices.Measure(code).label for code in measures)]
    if not match:
        return names
    return [f"{name}, {dict(MATCHES)[match]}" for name in names]


def cells(
    question: Question, parameters: Mapping[str, str], added: Added, measures: Sequence[str]
) -> list[Cell]:
    """Write the cells of one row and match: incidents with their link, then people."""
    return [
        counted(question, parameters, added.incidents),
        *(Cell(people(added, measure)) for measure in measures),
    ]


def counted(question: Question, parameters: Mapping[str, str], incidents: int) -> Cell:
    """Write how many incidents, with the question that asks for them."""
    query = asking(question, parameters) if incidents else ""
    return Cell(grouped(incidents), incidents, query)


def people(added: Added, measure: str) -> str:
    """Say how many people a total counts, as far as it is known."""
    total = added.totals.get(measure)
    if total is None or not total.lines:
        return ""
    return wording.number_words(total, language()) or "–"


def language() -> str:
    """The language that is active, as sentences about figures know it."""
    return (get_language() or "en")[:2]


def measures_in(found: Iterable[Added]) -> list[str]:
    """List the measures in which anybody says anything, in their usual order."""
    said = {
        measure for added in found for measure, total in added.totals.items() if total.with_figure
    }
    return [measure for measure in choices.Measure.values if measure in said]


def asking(question: Question, parameters: Mapping[str, str | list[str]]) -> str:
    """Write the query string that narrows a question down."""
    asked = QueryDict(question.text, mutable=True)
    for name, value in parameters.items():
        asked.pop(name, None)
        if value:
            asked.setlist(name, [value] if isinstance(value, str) else value)
    return asked.urlencode()
