"""Sets two answers side by side: the question asked, and the same for another place or time.

One rule: each side is a question of its own, with its own list; nothing is subtracted, since what
is known of two totals does not say by how much they differ. Called by seeing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from django.http import QueryDict

from incidents import facets, phrases, summaries
from incidents.facets import Cell, Facet
from incidents.filters import Question, ask
from incidents.kept import Kept
from incidents.reckoning import Reckoning, in_parts

OTHER = "with_"
NAMES = ("region", "from", "to")


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two: its question in words, what it adds up to, and its breakdowns."""

    question: Question
    in_words: list[str]
    overview: summaries.Overview
    facets: dict[str, Facet]

    @property
    def query(self) -> str:
        """The query string of its list."""
        return self.question.text


@dataclass(frozen=True, slots=True)
class Beside:
    """One breakdown of both: the columns of each, then for each row its label and both's cells."""

    name: str
    heading: str
    columns: list[tuple[int, str]]
    rows: list[tuple[str, list[tuple[int, str, Cell]]]]


def asked_in(asked: QueryDict) -> tuple[QueryDict, QueryDict | None]:
    """Part what is asked into both questions; None for the other where nothing tells it apart."""
    first, other = asked.copy(), {}
    for name in NAMES:
        values = [value for value in first.pop(OTHER + name, []) if value]
        if values:
            other[name] = values
    if not other:
        return first, None
    second = first.copy()
    if "from" in other or "to" in other:
        second.pop("from", None)
        second.pop("to", None)
    for name, values in other.items():
        second.setlist(name, values)
    return first, second


def side(asked: QueryDict, user) -> Side:
    """Answer one of the two. Raises BadQuestion as every question does."""
    question = ask(asked, user)
    overview, found = Kept(question).recall("side", partial(answered, in_parts(question)))
    return Side(question, phrases.in_words(question), overview, found)


def answered(reckoning: Reckoning) -> tuple[summaries.Overview, dict[str, Facet]]:
    """Total one of the two, and break it down; neither where it finds too many."""
    ways = (facets.by_category, facets.by_place) if reckoning.is_exact else ()
    found = [facet for each in ways if (facet := each(reckoning))]
    return summaries.overview(reckoning), {facet.code: facet for facet in found}


def beside(sides: Sequence[Side]) -> list[Beside]:
    """Put the breakdowns that both have side by side, row by row."""
    shared = [code for code in sides[0].facets if all(code in its.facets for its in sides)]
    return [together([its.facets[code] for its in sides]) for code in shared]


def together(both: Sequence[Facet]) -> Beside:
    """Put two tables into one: every row that either has, with the cells of both."""
    labels = dict.fromkeys(row.label for facet in both for row in facet.rows)
    cells = [{row.label: row.cells for row in facet.rows} for facet in both]
    columns = [
        (number, column) for number, facet in enumerate(both, start=1) for column in facet.columns
    ]
    rows = []
    for label in labels:
        its = [
            cell
            for facet, known in zip(both, cells, strict=True)
            for cell in known.get(label, [facets.NO_CELL] * len(facet.columns))
        ]
        rows.append((label, its))
    filled = [
        at for at in range(len(columns)) if any(its[at].words.strip("0–") for _l, its in rows)
    ]
    return Beside(
        both[0].name,
        both[0].heading,
        [columns[at] for at in filled],
        [(label, [(*columns[at], its[at]) for at in filled]) for label, its in rows],
    )
