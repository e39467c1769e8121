"""The story of an incident's figure: what it said, from when until when, and whose save changed it.

One rule: it tells what the figure said to its readers: nothing of what is closed today, and to
those who see no drafts nothing of the time when the record was one. Also lists the versions that
can be compared. Called by the sheet and the desk's history.
"""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.translation import get_language

from incidents.deriving import Row
from incidents.models import Incident, User
from incidents.models.asking import OPEN_STATUSES
from incidents.past import Past, figures_from

ONE_SAVE = dt.timedelta(seconds=1)  # between two rows that one save writes
SAID = ("figure_kind", "people_low", "people_best", "people_high", "figure_words")


@dataclass(frozen=True, slots=True)
class Written:
    """One historical row: when, by whom, why; `version` only where it is the incident's own."""

    at: dt.datetime
    user: int | None
    why: str
    version: int


@dataclass(slots=True)
class Save:
    """What one person saved at once: its last moment, and the version that it made."""

    at: dt.datetime
    user: int | None
    why: str
    version: int
    complete: bool = False

    def add(self, row: Written) -> None:
        """Add a row; the incident's next version, written last, ends the save."""
        self.at = row.at
        self.complete = 0 < self.version < row.version
        if row.version or not self.why:
            self.why = row.why or self.why
        self.version = max(self.version, row.version)


@dataclass(frozen=True, slots=True)
class Version:
    """A numbered state of an incident with everything on it, by whom and why."""

    number: int
    at: dt.datetime
    who: str
    why: str


@dataclass(slots=True)
class Chapter:
    """A time in which the figure said the same; `until` is None while it still does."""

    since: dt.datetime
    until: dt.datetime | None
    words: str
    figure: Row
    who: str
    why: str


def story(incident: Incident, user) -> list[Chapter]:
    """Tell what an incident's principal figure said, oldest first, as far as one may see it."""
    past = Past([incident.pk])
    return chapters(past, incident.pk, user)


def chapters(past: Past, key: int, user, until: dt.datetime | None = None) -> list[Chapter]:
    """Tell the story up to a moment, from what was read already."""
    end = until or timezone.now()
    told: list[Chapter] = []
    people = names_of(past, key)
    for save in [save for save in saves(past, key) if save.at <= end]:
        figure = figure_shown(past, key, save.at, user)
        last = told[-1] if told and told[-1].until is None else None
        if last and figure and said(figure) == said(last.figure):
            continue
        if last:
            last.until = save.at
        if figure:
            words = words_of(figure)
            told.append(Chapter(save.at, None, words, figure, people(save.user), save.why))
    return told


def figure_shown(past: Past, key: int, moment: dt.datetime, user) -> Row | None:
    """Count the principal figure at a moment; None where this person may not read it."""
    records = past.records(key, moment)
    if records is None or not may_read(records.incident, user):
        return None
    return figures_from(records)[records.incident["category__measure"]]


def may_read(state: Row, user) -> bool:
    """Tell whether somebody who sees the record today saw it in this state by its status."""
    writes = user is not None and user.has_perm("incidents.change_incident")
    return writes or state["status"] in OPEN_STATUSES


def said(figure: Row) -> list[Any]:
    """List what makes a figure another one."""
    return [figure[name] for name in SAID]


def words_of(figure: Row) -> str:
    """Say a figure in the reader's language."""
    return figure.get(f"figure_words_{(get_language() or 'en')[:2]}") or figure["figure_words"]


def versions(past: Past, key: int) -> list[Version]:
    """List the versions of an incident, latest first; each as its first save left it.

    Versions that a program made within one save all are what that save left.
    """
    people = names_of(past, key)
    listed: list[Version] = []
    for save in saves(past, key):
        for number in range(len(listed) + 1, save.version + 1):
            listed.append(Version(number, save.at, people(save.user), save.why))
    return listed[::-1]


def saves(past: Past, key: int) -> list[Save]:
    """Part the history of an incident and of all that its figure rests on into saves."""
    made: list[Save] = []
    for row in sorted(written(past, key), key=lambda row: row.at):
        last = made[-1] if made else None
        apart = last is None or last.complete or last.user != row.user
        if apart or row.at - last.at > ONE_SAVE:
            last = Save(row.at, row.user, "", last.version if last else 0)
            made.append(last)
        last.add(row)
    return [save for save in made if save.version]


def written(past: Past, key: int) -> Iterable[Written]:
    """List every row that may have changed the figure; an incident's own row is written last.

    What was said about a claim or an article that is or was closed is left out.
    """
    for claim in past.claims_of[key]:
        for state in past.claims.states[claim]:
            article = past.articles.known_at(state["article_id"], state["history_date"])
            yield row_of(state, silent=past.is_closed(state, article))
    for states in past.articles.states.values():
        for state in states:
            yield row_of(state, silent=past.is_closed_article(state))
    for timeline in (past.sources, past.categories):
        for states in timeline.states.values():
            yield from map(row_of, states)
    for state in past.incidents.states[key]:
        yield row_of(state, version=state["version"])


def row_of(state: Row, *, silent: bool = False, version: int = 0) -> Written:
    """See a historical row as part of a save."""
    why = "" if silent else state["history_change_reason"] or ""
    return Written(state["history_date"], state["history_user_id"], why, version)


def names_of(past: Past, key: int) -> Callable[[int | None], str]:
    """Read the names of everybody who saved something here, once."""
    keys = {row.user for row in written(past, key)} - {None}
    names = dict(User.objects.filter(pk__in=keys).values_list("pk", "username"))
    return lambda user: names.get(user, "")
