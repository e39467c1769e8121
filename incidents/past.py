"""Rebuilds what was recorded at a moment from the history rows, and counts it anew.

One rule: the past is told by the rules of today's figures, and never wider than the present: what
was closed then, or is closed now, feeds nothing. Reads only; called by story, sheet and the desk.
"""

import datetime as dt
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import QuerySet

from incidents import tally
from incidents.deriving import count_of, figures_of
from incidents.gathering import Records, Row, body_of, read_assessments
from incidents.models import Article, Category, Claim, Incident, Source


def figures_at(moments: Mapping[int, dt.datetime]) -> dict[int, dict[str, Row]]:
    """Give the figures of incidents (by key) by measure as they stood, each at its own moment.

    An incident that was not recorded yet has none. The rows are those of `deriving.figure_of`;
    a constant number of queries for any number of incidents.
    """
    past = Past(moments)
    return {key: past.figures(key, moment) for key, moment in moments.items()}


def figures_from(records: Records) -> dict[str, Row]:
    """Count an incident's claims by the rules of today."""
    counts = [count_of(claim, records.incident["kind"]) for claim in records.claims]
    return figures_of(records, counts, tally.counting(counts))


class Timeline:
    """The saved states of some records, by their key, oldest first."""

    def __init__(self, rows: QuerySet) -> None:
        """Read the states; those of one instant in the order in which they were written."""
        self.states: dict[int, list[Row]] = defaultdict(list)
        for row in rows.order_by("history_date", "history_id").values():
            self.states[row["id"]].append(row)
        self.moments = {
            key: [row["history_date"] for row in states] for key, states in self.states.items()
        }

    def at(self, key: int, moment: dt.datetime) -> Row | None:
        """Find the state that held at a moment; None before the first and after the removal."""
        number = bisect_right(self.moments.get(key, ()), moment)
        state = self.states[key][number - 1] if number else None
        return None if state is None or state["history_type"] == "-" else state

    def known_at(self, key: int | None, moment: dt.datetime) -> Row:
        """Find the state that held, else the first one; empty for what has no history."""
        states = self.states.get(key, ())
        return self.at(key, moment) or (states[0] if states else {})

    def values(self, name: str) -> set[Any]:
        """List every value that a column ever had, but for null."""
        found = {row[name] for states in self.states.values() for row in states}
        return found - {None}


class Past:
    """The records of some incidents (by key) through time, in a dozen queries for any number."""

    def __init__(self, keys: Iterable[int]) -> None:
        """Read every state of these incidents and of all that their figures rest on."""
        keys = list(keys)
        self.incidents = Timeline(Incident.history.filter(id__in=keys))
        stood_here = Claim.history.filter(incident__in=keys).values("id")
        self.claims = Timeline(Claim.history.filter(id__in=stood_here))
        self.articles = Timeline(Article.history.filter(id__in=self.claims.values("article_id")))
        self.sources = Timeline(Source.history.filter(id__in=self.sources_named()))
        self.categories = Timeline(
            Category.history.filter(id__in=self.incidents.values("category_id"))
        )
        self.assessments = defaultdict(list)
        for assessment in read_assessments(keys):
            self.assessments[assessment["incident_id"]].append(assessment)
        self.claims_of = claims_by_incident(self.claims)
        self.closed_claim_states = closed_states(Claim, self.claims)
        self.closed_article_states = closed_states(Article, self.articles)
        self.read_present()

    def sources_named(self) -> set[int]:
        """List the sources that spoke or published, and every one that ever had a parent body."""
        branches = Source.history.filter(parent__isnull=False)
        above = {key for pair in branches.values_list("id", "parent_id") for key in pair}
        spoke = self.claims.values("source_id")
        return (
            spoke | self.articles.values("publisher_id") | self.articles.values("credit_id") | above
        )

    def read_present(self) -> None:
        """Read what is closed today, and today's names of what has no history."""
        claims = Claim.objects.filter(pk__in=self.claims.states).values_list(
            "id", "incident_id", "restricted", "incident__restricted"
        )
        self.closed_now = {key for key, _incident, closed, _other in claims if closed}
        self.moved_behind = {key: incident for key, incident, _closed, closed in claims if closed}
        articles = Article.objects.filter(pk__in=self.articles.states, restricted=True)
        self.closed_articles = set(articles.values_list("pk", flat=True))
        self.measures = dict(Category.objects.values_list("id", "measure"))

    def figures(self, key: int, moment: dt.datetime) -> dict[str, Row]:
        """Count an incident's claims as they stood at a moment: its figures by measure."""
        records = self.records(key, moment)
        return {} if records is None else figures_from(records)

    def records(self, key: int, moment: dt.datetime) -> Records | None:
        """Put together what a figure at a moment rests on; None when nothing was recorded."""
        incident = self.incidents.at(key, moment)
        if incident is None:
            return None
        category = self.categories.known_at(incident["category_id"], moment)
        measure = category.get("measure") or self.measures[incident["category_id"]]
        return Records(
            incident={**incident, "category__measure": measure},
            claims=[self.claim(state, moment) for state in self.claims_on(key, moment)],
            places=[],
            assessments=[made for made in self.assessments[key] if made["made_at"] <= moment],
        )

    def claims_on(self, key: int, moment: dt.datetime) -> list[Row]:
        """List the states of the claims that stood on an incident at a moment, by number."""
        states = (self.claims.at(claim, moment) for claim in sorted(self.claims_of[key]))
        return [state for state in states if state and state["incident_id"] == key]

    def claim(self, state: Row, moment: dt.datetime) -> Row:
        """Add to a claim's state who said it, where, and whether it is or was closed."""
        article = self.articles.known_at(state["article_id"], moment)
        publisher = article.get("publisher_id")
        claim = {
            **state,
            "article": article,
            "source__name": self.name_of(state["source_id"], moment),
            "article__publisher_id": publisher,
            "article__publisher__name": self.name_of(publisher, moment),
            "closed": self.is_closed(state, article),
        }
        claim["body"] = body_of(claim, ParentsThen(self.sources, moment))
        return claim

    def is_closed(self, state: Row, article: Row) -> bool:
        """Tell whether a claim was closed in this state or is closed to others today."""
        behind = self.moved_behind.get(state["id"], state["incident_id"])
        return (
            state["history_id"] in self.closed_claim_states
            or state["id"] in self.closed_now
            or behind != state["incident_id"]
            or state["article_id"] in self.closed_articles
            or self.is_closed_article(article)
        )

    def is_closed_article(self, state: Row) -> bool:
        """Tell whether an article was closed in this state or is closed to others today."""
        return (
            state.get("history_id") in self.closed_article_states
            or state.get("id") in self.closed_articles
        )

    def name_of(self, source: int | None, moment: dt.datetime) -> str | None:
        """Name a source as it was called then."""
        return self.sources.known_at(source, moment).get("name")


class ParentsThen:
    """Which body a source belonged to at a moment, asked only about the sources that matter."""

    def __init__(self, sources: Timeline, moment: dt.datetime) -> None:
        """Look into these sources' states."""
        self.sources, self.moment = sources, moment

    def __contains__(self, source: int) -> bool:
        """Tell whether a source belonged to a body."""
        return self[source] is not None

    def __getitem__(self, source: int) -> int | None:
        """Give the body's key."""
        return self.sources.known_at(source, self.moment).get("parent_id")


def claims_by_incident(claims: Timeline) -> dict[int, set[int]]:
    """List for each incident the claims that ever stood on it."""
    found: dict[int, set[int]] = defaultdict(set)
    for key, states in claims.states.items():
        for state in states:
            found[state["incident_id"]].add(key)
    return found


def closed_states(model: type[Claim] | type[Article], records: Timeline) -> set[int]:
    """Find the historical states of these records in which they were kept to groups."""
    groups = model.history.model.restricted_to.model.objects
    return set(
        groups.filter(history__id__in=list(records.states)).values_list("history_id", flat=True)
    )
