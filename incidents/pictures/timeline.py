"""The list of a question over time: incidents as columns, people as bars between low and high.

One rule: a column or bar is exactly what its link finds. What only possibly lies in a period is
hatched and stands in each it touches; what has no firm date is counted beside the axis. Called by
seeing.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.template.loader import render_to_string
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from incidents import facets, wording
from incidents.filters import Question
from incidents.models import choices
from incidents.periods import DAY, MONTH, YEAR, Periods, Unit, periods_of
from incidents.phrases import people_in
from incidents.pictures.framing import Part
from incidents.pictures.scales import Bar, Scale, bar_of, scale_for
from incidents.reckoning import Added, Reckoning

MOST_DAYS, MOST_MONTHS = 62, 36  # a longer time is drawn in the next longer unit
FEW = {"year": 3, "month": 2}  # so few periods are drawn in the next shorter one
MOST_LABELS, MOST_NUMBERS = 12, 24
AGGREGATE = choices.IncidentKind.AGGREGATE
COLUMNS_HEIGHT, PEOPLE_HEIGHT = 240, 200  # as their templates say, in pixels
NOTE_ON_COLUMNS = gettext_noop(
    "Solid: certainly in this time. Hatched: possibly; its dates reach over the edges of the "
    "column. It is drawn in each that it touches, never added up."
)
NOTE_ON_PEOPLE = gettext_noop(
    "From the least to the most that is reported for what certainly lies in each column; the dot "
    "is the best estimate where every incident has one. A bar without an upper edge has no upper "
    "total; dashes: the reports contradict each other."
)
FILLED = 0.7  # of a column's place


@dataclass(frozen=True, slots=True)
class Column:
    """One period: where it stands and how high, in per cent; its links, its words."""

    left: float
    width: float
    certain: int
    possible: int
    certain_height: float
    possible_height: float
    certain_query: str
    possible_query: str
    label: str
    short: str
    is_labelled: bool

    @property
    def middle(self) -> float:
        """Where its label stands."""
        return round(self.left + self.width / 2, 3)

    @property
    def right(self) -> float:
        """Where it ends."""
        return round(self.left + self.width, 3)

    @property
    def top(self) -> float:
        """Where the certain ones end, from above."""
        return round(100 - self.certain_height, 2)

    @property
    def possible_top(self) -> float:
        """Where the possible ones end, from above."""
        return round(self.top - self.possible_height, 2)


@dataclass(frozen=True, slots=True)
class PeopleBar:
    """What is said of people in one period, on the scale of its measure."""

    column: Column
    bar: Bar
    words: str


@dataclass(frozen=True, slots=True)
class People:
    """The people of one measure over time."""

    measure: str
    scale: Scale
    bars: list[PeopleBar]

    @property
    def heading(self) -> str:
        """Name what is counted: People returned."""
        return capfirst(people_in(self.measure))


class Timeline:
    """The timeline of one question. `is_empty`: there is nothing with a firm date."""

    def __init__(self, reckoning: Reckoning, *, with_links: bool = True) -> None:
        """Choose the unit that shows what there is; nothing is drawn before it is asked for."""
        self.question, self.with_links = reckoning.question, with_links
        self.periods = fitting(reckoning)

    @property
    def unit(self) -> str:
        """Whether a column is a day, a month or a year."""
        return self.periods.unit.code

    @property
    def is_empty(self) -> bool:
        """Whether nothing has a firm date."""
        return not self.periods.numbers

    @property
    def is_readable(self) -> bool:
        """Whether it can be drawn; a longer time has to be narrowed down."""
        return self.periods.is_readable

    @cached_property
    def numbers(self) -> range:
        """All periods from the first to the last, also those in which there is nothing."""
        found = self.periods.numbers
        return range(found[0], found[-1] + 1) if found else range(0)

    @cached_property
    def scale(self) -> Scale:
        """The scale of incidents."""
        found = (
            self.added(number).incidents + self.periods.possible.get(number, 0)
            for number in self.numbers
        )
        return scale_for(found) or Scale(1, 1)

    @cached_property
    def columns(self) -> list[Column]:
        """A column for each period."""
        each = 100 / max(len(self.numbers), 1)
        apart = -(-len(self.numbers) // MOST_LABELS)
        return [
            self.column(number, position * each, each, is_labelled=position % apart == 0)
            for position, number in enumerate(self.numbers)
        ]

    @property
    def has_numbers(self) -> bool:
        """Whether there is room to write on each column how many it stands for."""
        return len(self.numbers) <= MOST_NUMBERS

    def added(self, number: int) -> Added:
        """What lies certainly in a period adds up to."""
        return self.periods.certain.get(number, Added())

    def column(self, number: int, left: float, each: float, *, is_labelled: bool) -> Column:
        """Make the column of one period."""
        certain, possible = self.added(number).incidents, self.periods.possible.get(number, 0)
        return Column(
            left=round(left + each * (1 - FILLED) / 2, 3),
            width=round(each * FILLED, 3),
            certain=certain,
            possible=possible,
            certain_height=self.scale.at(certain),
            possible_height=self.scale.at(possible),
            certain_query=self.asking(number, "certain") if certain else "",
            possible_query=self.asking(number, "possible") if possible else "",
            label=self.periods.label(number),
            short=short_label(self.periods, number),
            is_labelled=is_labelled,
        )

    def asking(self, number: int, match: str) -> str:
        """Ask for what lies so in a period; empty where no question asks for exactly that."""
        if not self.periods.has_certain or not self.with_links:
            return ""
        asked = {**self.periods.parameters(number), "dates": match, "kind": self.drawn_kinds}
        return facets.asking(self.question, asked)

    @cached_property
    def drawn_kinds(self) -> list[str]:
        """The kinds asked for, but for aggregates, which are never drawn."""
        return [kind for kind in self.question.asked["kind"] if kind != AGGREGATE]

    @property
    def leaves_out(self) -> bool:
        """Whether aggregates are asked for."""
        return AGGREGATE in self.question.asked["kind"]

    @cached_property
    def people(self) -> list[People]:
        """What is said of people in each measure, in the periods in which it certainly lies."""
        found = list(self.periods.certain.values())
        return [self.people_in(measure, found) for measure in facets.measures_in(found)]

    def people_in(self, measure: str, found: Sequence[Added]) -> People:
        """Draw one measure."""
        totals = [added.totals[measure] for added in found if measure in added.totals]
        numbers = [n for total in totals for n in (total.at_least, total.best, total.at_most)]
        scale = scale_for(numbers) or Scale(1, 1)
        bars = []
        for column, number in zip(self.columns, self.numbers, strict=True):
            total = self.added(number).totals.get(measure)
            its = total and (total.at_least, total.best, total.at_most)
            bar = its and bar_of(scale, *its, disputed=bool(total.disputed))
            if bar:
                words = wording.total_words(total, measure, facets.language())
                bars.append(PeopleBar(column, bar, words))
        return People(measure, scale, bars)

    @property
    def note_on_people(self) -> str:
        """Say how to read the bars."""
        return _(NOTE_ON_PEOPLE)

    @property
    def heading(self) -> str:
        """Name the picture of incidents."""
        return {
            "day": _("Incidents by day"),
            "month": _("Incidents by month"),
            "year": _("Incidents by year"),
        }[self.unit]

    def parts(self) -> list[Part]:
        """Give the drawings one by one, to be framed."""
        if self.is_empty or not self.is_readable:
            return []
        columns = render_to_string("incidents/pictures/_columns.svg", {"timeline": self})
        notes = [_(NOTE_ON_COLUMNS)]
        if beside := self.periods.undated.incidents:
            more = ngettext("%s more without a firm date.", "%s more without a firm date.", beside)
            notes.append(more % beside)
        made = [Part(self.heading, columns, COLUMNS_HEIGHT, " ".join(notes))]
        for people in self.people:
            context = {"timeline": self, "people": people}
            bars = render_to_string("incidents/pictures/_people.svg", context)
            made.append(Part(people.heading, bars, PEOPLE_HEIGHT, self.note_on_people))
        return made

    @cached_property
    def table(self) -> tuple[list[str], list[tuple[str, list[tuple[str, facets.Cell]]]]]:
        """The same numbers as a table: its columns, then each row's label and named cells."""
        columns, rows = facets.table_of_periods(self.periods)
        return columns, [(row.label, list(zip(columns, row.cells, strict=True))) for row in rows]


def fitting(reckoning: Reckoning) -> Periods:
    """Sort into the longest periods that show how things went; none so short that more span it."""
    unit = unit_for(reckoning.question)
    periods = periods_of(reckoning, unit)
    for longer, shorter in ((YEAR, MONTH), (MONTH, DAY)):
        found = periods.numbers
        few = found and found[-1] - found[0] < FEW.get(longer.code, 0)
        if periods.unit is longer and few and not periods.is_long:
            closer = periods_of(reckoning, shorter)
            is_as_firm = closer.is_readable and closer.spanning == periods.spanning
            periods = closer if is_as_firm else periods
    return periods


def unit_for(question: Question) -> Unit:
    """Choose days, months or years by how long a time is asked for."""
    first, last = question.window
    if first is None or last is None:
        return YEAR
    if (last - first).days < MOST_DAYS:
        return DAY
    return MONTH if MONTH.number(last) - MONTH.number(first) < MOST_MONTHS else YEAR


def short_label(periods: Periods, number: int) -> str:
    """Name a period in few letters, for the axis."""
    first, _last = periods.days(number)
    if periods.unit is YEAR:
        return str(first.year)
    return date_format(first, "Y-m" if periods.unit is MONTH else "m-d")
