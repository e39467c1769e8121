"""The defence sheet: all that stands behind one incident's figure, as of a day, on paper.

One rule: the sheet of a day says the same whenever it is asked for, but for what was closed since
and the names of places; a day on which its reader could not read the record is refused. Called by
views.
"""

import datetime as dt
import re
from typing import Any

from django.conf import settings
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from incidents import detail
from incidents.cited import unnamed_outlets
from incidents.deriving import Records, Row, latest_assessments
from incidents.filters import BadQuestion, refuse_unreadable, unknown_parameters
from incidents.models import Incident, User
from incidents.past import Past, figures_from
from incidents.recalling import (
    as_stood,
    claims_of,
    events_at,
    links_at,
    places_at,
)
from incidents.story import chapters, may_read, words_of

DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def ask_day(data: QueryDict) -> dt.date:
    """Understand the query string of a sheet: the day as of which it is asked, default today.

    Raises BadQuestion, with a sentence for each thing that is not understood.
    """
    refuse_unreadable(data)
    sentences = unknown_parameters(data, {"as_of"})
    given, today = data.getlist("as_of"), timezone.now().date()
    if len(given) > 1:
        sentences.append(_("as_of is given %s times; give it once.") % len(given))
    day = day_of(given[-1]) if given and given[-1] else today
    if day is None:
        sentences.append(
            _("as_of: “%s” is not a day; write it as 2024-04-26.") % given[-1][:20],
        )
    elif day > today:
        sentences.append(
            _("as_of: %(day)s has not come yet; allowed: days until %(today)s.")
            % {"day": day, "today": today}
        )
    if sentences:
        raise BadQuestion(sentences)
    return day


def day_of(text: str) -> dt.date | None:
    """Read an ISO day; None where it is none."""
    try:
        return dt.date.fromisoformat(text) if DAY.fullmatch(text) else None
    except ValueError:
        return None


def of_incident(incident: Incident, day: dt.date, user) -> dict[str, Any]:
    """Gather what stands on the sheet of an incident as of the end of a day (UTC).

    Raises BadQuestion when this person could not read the record on that day.
    """
    moment, past = end_of(day), Past([incident.pk])
    stood = past.records(incident.pk, moment)
    if stood is None or not may_read(stood.incident, user):
        raise BadQuestion([unreadable(past, incident, day, user)])
    then, claims = as_stood(Incident, stood.incident), claims_of(past, stood, moment, user)
    for claim in claims:
        claim["why_not"] = detail.why_not(claim, claims, then)
        claim["labels"] = detail.labels(claim)
    return {
        "incident": then,
        "restricted": incident.restricted,
        "day": day,
        "moment": moment,
        "today": timezone.now().date(),
        "claims": claims,
        "counting": sum(claim["counts"] for claim in claims),
        **figures(stood, claims),
        "story": chapters(past, incident.pk, user, until=moment),
        "assessments": assessments(stood, incident, moment, user),
        "places": places_at(incident.pk, moment),
        "links": links_at(incident.pk, moment, user),
        "events": events_at(incident.pk, moment, user),
        "wave": detail.wave_of(then, user),
        "signer": User.objects.filter(pk=then.signed_by_id).first(),
        "citation": citation(then, day),
        "address": address(then, day),
    }


def end_of(day: dt.date) -> dt.datetime:
    """Give the last moment of a day (UTC), or now while the day lasts."""
    midnight = dt.datetime.combine(day + dt.timedelta(days=1), dt.time(), dt.UTC)
    return min(midnight - dt.timedelta(microseconds=1), timezone.now())


def unreadable(past: Past, incident: Incident, day: dt.date, user) -> str:
    """Say that there is no sheet of a day, and since when there are some."""
    readable = [row for row in past.incidents.states[incident.pk] if may_read(row, user)]
    first = readable[0]["history_date"].date() if readable else timezone.now().date()
    return _(
        "as_of: there is nothing to read of %(code)s as of %(day)s; allowed: days since %(first)s "
        "on which the record was open to readers."
    ) % {"code": incident.code, "day": day, "first": first}


def figures(stood: Records, claims: list[Row]) -> dict[str, Any]:
    """Say the principal figure, with what it rests on, and those of other measures."""
    counted, principal = figures_from(stood), stood.incident["category__measure"]
    own = counted.pop(principal)
    unnamed = unnamed_outlets([claim for claim in claims if not claim["restricted"]])
    return {
        "measure": principal,
        "figure": {**own, "words": words_of(own), "unnamed_outlets": unnamed},
        "others": [(measure, words_of(other)) for measure, other in counted.items()],
    }


def assessments(
    stood: Records, incident: Incident, moment: dt.datetime, user
) -> list[dict[str, Any]]:
    """List the decisions made until then, latest first; say which held."""
    holding = {made["id"] for made in latest_assessments(stood).values()}
    return [
        {**one, "holds": one["made"].pk in holding}
        for one in detail.assessments_of(incident, user)
        if one["made"].made_at <= moment
    ]


def address(incident: Incident, day: dt.date) -> str:
    """Give the address at which the same sheet is found again."""
    path = reverse("incident-sheet", args=[incident.code])
    return f"{settings.SITE_URL}{path}?as_of={day}"


def citation(incident: Incident, day: dt.date) -> str:
    """Say how to cite the figure so that a reader finds the same version of it."""
    return _(
        "Attest, record %(code)s, version %(version)s, “%(title)s”, as of %(day)s, %(url)s."
    ) % {
        "code": incident.code,
        "version": incident.version,
        "title": incident.title,
        "day": date_format(day, "DATE_FORMAT"),
        "url": address(incident, day),
    }
