"""Says a question back in words, so that nobody reads a list for what it is not.

Called by pages, exports and citations; knows nothing of the database.
"""

import datetime as dt

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from incidents.filters import Question
from incidents.filterset import DEFAULT_KINDS, DEFAULT_MATCHES, DEFAULT_STATUSES
from incidents.models import NOWHERE, OWN_POINT, choices


def in_words(question: Question) -> list[str]:
    """Say what is asked for, one phrase each; never empty."""
    asked = question.asked
    phrases = [
        joined(choices.IncidentKind, asked["kind"] or DEFAULT_KINDS, _("kind")),
        joined(choices.Status, asked["status"] or DEFAULT_STATUSES, _("status")),
    ]
    if asked["region"]:
        phrases.append(place_phrase(asked))
    elif asked["role"] and not asked["at"]:
        phrases.append(_(WITHOUT_EFFECT))
    if asked["at"]:
        phrases.append(map_phrase(asked))
    if question.has_window:
        phrases.append(window_phrase(*question.window, asked["dates"] or DEFAULT_MATCHES))
    elif asked["dates"]:
        phrases.append(_("dates: %s") % any_of(map(match_name, asked["dates"])))
    for name, label in RECORD_LABELS.items():
        if asked[name]:
            phrases.append(f"{_(label)}: {any_of(str(record) for record in asked[name])}")
    if asked["measure"]:
        phrases.append(joined(choices.Measure, asked["measure"], _("measure")))
    phrases += [_(sentence) % asked[name] for name, sentence in VALUES.items() if has(asked, name)]
    if asked["disputed"]:
        phrases.append(
            _("figure disputed") if asked["disputed"] == "yes" else _("figure not disputed")
        )
    return phrases


def on_map(question: Question) -> list[str]:
    """Say what a map is asked for: there a role says which places are shown, also by itself."""
    asked, said = question.asked, in_words(question)
    if not asked["role"] or asked["region"] or asked["at"]:
        return said
    roles = dict(choices.PlaceRole.choices)
    shown = _("places shown: %s") % any_of(str(roles[role]) for role in asked["role"])
    without_effect = _(WITHOUT_EFFECT)
    return [shown if phrase == without_effect else phrase for phrase in said]


WITHOUT_EFFECT = gettext_noop("role of the place has no effect without a place")
RECORD_LABELS = {
    "sending": gettext_noop("sending state"),
    "receiving": gettext_noop("receiving state"),
    "category": gettext_noop("category"),
    "source": gettext_noop("claim by"),
    "publisher": gettext_noop("published by"),
    "wave": gettext_noop("part of wave"),
}
VALUES = {
    "q": gettext_noop("with the words “%s”"),
    "people_min": gettext_noop("somebody stated %s or more"),
    "people_max": gettext_noop("somebody stated %s or less"),
    "sources_min": gettext_noop("named by at least %s sources"),
}


def has(asked, name: str) -> bool:
    """Tell whether a value was given; zero is one."""
    return asked[name] not in (None, "")


def any_of(names) -> str:
    """Join names as alternatives."""
    return _(" or ").join(names)


def joined(codes, values, label: str) -> str:
    """Say which of a closed vocabulary's codes are asked for."""
    labels = dict(codes.choices)
    return f"{label}: {any_of(str(labels[value]) for value in values)}"


def map_phrase(asked) -> str:
    """Say at which places themselves a map shows what is asked for, and in which roles."""
    elsewhere = {NOWHERE: _("no place recorded"), OWN_POINT: _("a point that a source gives")}
    places = any_of(str(elsewhere.get(place, place)) for place in asked["at"])
    if not asked["role"]:
        return _("on the map at: %s") % places
    roles = dict(choices.PlaceRole.choices)
    return _("on the map at: %(places)s, as %(roles)s") % {
        "places": places,
        "roles": any_of(str(roles[role]) for role in asked["role"]),
    }


def place_phrase(asked) -> str:
    """Say which place is asked for, and in which roles."""
    places = any_of(str(place) for place in asked["region"])
    if not asked["role"]:
        return _("place: %s or anywhere in it, in any role but context") % places
    roles = dict(choices.PlaceRole.choices)
    return _("place: %(places)s or anywhere in it, as %(roles)s") % {
        "places": places,
        "roles": any_of(str(roles[role]) for role in asked["role"]),
    }


def window_phrase(first: dt.date | None, last: dt.date | None, matches) -> str:
    """Say which days are asked for, and how rows may match them."""
    if first == last:
        days = _("on %s") % day(first)
    elif not last:
        days = _("from %s on") % day(first)
    elif not first:
        days = _("until %s") % day(last)
    else:
        days = _("from %(first)s to %(last)s") % {"first": day(first), "last": day(last)}
    if tuple(matches) == DEFAULT_MATCHES:
        return days
    return f"{days}, {any_of(map(match_name, matches))}"


def match_name(match: str) -> str:
    """Name a way of matching the days asked for."""
    return {
        "certain": _("certainly inside"),
        "possible": _("possibly inside"),
        "open": _("without a firm date"),
    }[match]


def day(date: dt.date) -> str:
    """Write a day in the reader's language."""
    return date_format(date, "DATE_FORMAT")


def grouped(number: int) -> str:
    """Write a number with its thousands apart, as the reader's language does."""
    return number_format(number, use_l10n=True, force_grouping=True)


def people_in(measure: str) -> str:
    """Name what is counted: people returned."""
    return _("people %s") % choices.Measure(measure).label
