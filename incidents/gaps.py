"""Holds published totals beside our own sum of the same place, days and category.

One rule: a gap is told only where both cannot be true at once, and as the least that it can be; a
stock or a rate is no sum of events and is held beside none. Called by the summary page.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from incidents import tally, wording
from incidents.facets import language
from incidents.filters import Question, ask
from incidents.models import Claim, Incident
from incidents.phrases import grouped
from incidents.pictures.scales import NEAR
from incidents.reckoning import in_full

MOST = 3  # published totals for which our own is added up
SUMMABLE = {"cumulative", "event", ""}


@dataclass(frozen=True, slots=True)
class Gap:
    """A published total, what is recorded here for the same, and what that says of both."""

    published: Incident
    query: str
    recorded: str
    verdict: str


def gaps(published: Iterable[Incident], user) -> Iterator[Gap]:
    """Hold the first of these published totals beside our own sums."""
    for aggregate in summable(published)[:MOST]:
        question = question_of(aggregate, user)
        reckoning, measure = in_full(question), aggregate.category.measure
        matches = [reckoning.totals(match).get(measure) for match in question.matches]
        certain, *possible = [total or tally.Total() for total in matches]
        everything = sum(possible, certain)
        is_bounded = reckoning.is_exact and not reckoning.undated
        yield Gap(
            aggregate,
            question.text,
            wording.total_words(certain, measure, language()),
            verdict(aggregate, certain.at_least or 0, most_of(everything) if is_bounded else None),
        )


def summable(published: Iterable[Incident]) -> list[Incident]:
    """Keep the published totals that count what happened since a day that is known."""
    dated = [aggregate for aggregate in published if aggregate.earliest is not None]
    claims = Claim.objects.filter(incident__in=dated, counts=True).order_by()
    bases: dict[int, set[str]] = defaultdict(set)
    for incident, basis in claims.values_list("incident_id", "basis"):
        bases[incident].add(basis)
    return [one for one in dated if bases[one.pk] and bases[one.pk] <= SUMMABLE]


def question_of(aggregate: Incident, user) -> Question:
    """Ask for the events of a published total's place, days and category."""
    asked = QueryDict(mutable=True)
    asked["category"] = aggregate.category.code
    if aggregate.main_place:
        asked["region"] = aggregate.main_place.code
    asked["from"] = aggregate.earliest.isoformat()
    if aggregate.latest:
        asked["to"] = aggregate.latest.isoformat()
    return ask(asked, user)


def most_of(total: tally.Total) -> int | None:
    """The most that a total can be; nought where there is nothing in it."""
    return total.at_most if total.with_figure else 0 if not total.lines else None


def verdict(aggregate: Incident, least: int, most: int | None) -> str:
    """Say whether a published total and our own bounds can both be true."""
    low, high = bounds_of(aggregate)
    if low is not None and most is not None and low > most:
        least_gap = ngettext(
            "Published is more than recorded here, by at least %s person.",
            "Published is more than recorded here, by at least %s people.",
            low - most,
        )
        return least_gap % grouped(low - most)
    if high is not None and least > high:
        least_gap = ngettext(
            "Recorded here is more than published, by at least %s person.",
            "Recorded here is more than published, by at least %s people.",
            least - high,
        )
        return least_gap % grouped(least - high)
    if most is None:
        return _("What is recorded here has no upper total, so no gap can be told.")
    return _("Both can be true at once.")


def bounds_of(aggregate: Incident) -> tuple[int | None, int | None]:
    """The least and the most that a published total allows; about leaves ten per cent."""
    low, best, high = aggregate.people_low, aggregate.people_best, aggregate.people_high
    if low is None and high is None and best is not None:
        return (100 - NEAR) * best // 100, -(-(100 + NEAR) * best // 100)
    return low, high
