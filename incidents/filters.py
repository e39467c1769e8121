"""The one door: a query string and a reader become one queryset, for every page and export.

One rule: strict. An unknown parameter or a bad value raises BadQuestion with a sentence for each,
and gives no rows. Views, exports, commands and the admin's export all come through `ask`.
"""

import datetime as dt
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, reduce
from operator import or_
from typing import Any

import django_filters
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from incidents import parameters
from incidents.models import (
    Category,
    Claim,
    Incident,
    IncidentFigure,
    IncidentRegion,
    IncidentSource,
    choices,
)
from incidents.parameters import (
    ChoiceFilter,
    CodesFilter,
    TextFilter,
    WholeNumberFilter,
    WindowFilter,
    known_codes,
)

WIDE_DAYS = dt.timedelta(days=371)
ROLES = [choice for choice in choices.PlaceRole.choices if choice[0] != "context"]
MATCHES = [
    ("certain", _("certainly inside the days asked for")),
    ("possible", _("possibly inside")),
    ("open", _("without a firm date")),
]
YES_NO = [("yes", _("yes")), ("no", _("no"))]
ORDERS = [
    ("-date", _("newest first")),
    ("date", _("oldest first")),
    ("-people", _("most people first")),
    ("-updated", _("last changed first")),
]
DEFAULT_KINDS = ("event", "wave")
DEFAULT_STATUSES = ("published",)
DEFAULT_MATCHES = ("certain", "possible")

Window = tuple[dt.date | None, dt.date | None]


class BadQuestion(ValueError):
    """A query string that is not understood; `sentences` say what was wrong, one each."""

    def __init__(self, sentences: list[str]) -> None:
        super().__init__(" ".join(sentences))
        self.sentences = sentences


def categories(codes, user) -> dict[str, Category]:
    """Look categories up by code."""
    found = {category.code: category for category in Category.objects.all()}
    parameters.refuse_unknown(codes, found, gettext("allowed: %s") % ", ".join(sorted(found)))
    return found


class IncidentFilter(django_filters.FilterSet):
    """Every parameter of a question about incidents; DESIGN's table is the contract."""

    region = CodesFilter(
        label=_("Place"),
        look_up=parameters.places,
        method="touching",
        help_text=_("Code of a place; that place or anywhere below it."),
    )
    role = CodesFilter(
        label=_("Role of the place"),
        look_up=known_codes(ROLES),
        method="as_asked",
        help_text=_("Which places “region” speaks of; by default any but context."),
    )
    sending = CodesFilter(
        label=_("Sending state"),
        look_up=parameters.countries,
        method="one_of_records",
        field_name="sending",
        help_text=_("Country code of the state that sent people away."),
    )
    receiving = CodesFilter(
        label=_("Receiving state"),
        look_up=parameters.countries,
        method="one_of_records",
        field_name="receiving",
        help_text=_("Country code of the state they were sent to."),
    )
    during = WindowFilter(
        label=_("Days"),
        method="as_asked",
        help_text=_("from and to: an ISO day, month or year each; matched by overlap."),
    )
    dates = CodesFilter(
        label=_("Match of dates"),
        look_up=known_codes(MATCHES),
        method="as_asked",
        help_text=_("Keep only these; by default certain and possible."),
    )
    category = CodesFilter(
        label=_("Category"),
        look_up=categories,
        method="one_of_records",
        field_name="category",
        help_text=_("Code of the kind of act."),
    )
    measure = CodesFilter(
        label=_("Measure"),
        look_up=known_codes(choices.Measure.choices),
        method="measured",
        help_text=_("Keep incidents about which something is said in this measure."),
    )
    kind = CodesFilter(
        label=_("Kind"),
        look_up=known_codes(choices.IncidentKind.choices),
        method="as_asked",
        help_text=_("By default events and waves; aggregates stand beside."),
    )
    status = CodesFilter(
        label=_("Status"),
        look_up=known_codes(choices.Status.choices),
        method="as_asked",
        help_text=_("By default published; others as far as you may see them."),
    )
    source = CodesFilter(
        label=_("Source"),
        look_up=parameters.sources,
        method="claimed_by",
        help_text=_("Short name of a source that makes a claim."),
    )
    publisher = CodesFilter(
        label=_("Publisher"),
        look_up=parameters.sources,
        method="published_by",
        help_text=_("Short name of an outlet with an article."),
    )
    q = TextFilter(
        label=_("Words"),
        method="worded",
        help_text=_("In title, summary, quotes, place and source names; every word must occur."),
    )
    people_min = WholeNumberFilter(
        label=_("People from"),
        method="stated_from",
        help_text=_("Somebody stated this number or more."),
    )
    people_max = WholeNumberFilter(
        label=_("People to"),
        method="stated_to",
        help_text=_("Somebody stated this number or less."),
    )
    sources_min = WholeNumberFilter(
        label=_("Sources from"),
        field_name="sources_named",
        lookup_expr="gte",
        help_text=_("Named by at least so many sources."),
    )
    disputed = ChoiceFilter(
        label=_("Disputed"),
        choices=YES_NO,
        method="contested",
        help_text=_("yes: only figures whose claims contradict each other; no: only others."),
    )
    wave = CodesFilter(
        label=_("Wave"),
        look_up=parameters.waves,
        method="one_of_records",
        field_name="wave",
        help_text=_("Code of the wave whose events are asked for."),
    )
    order = ChoiceFilter(
        label=_("Order"),
        choices=ORDERS,
        method="as_asked",
        help_text=_("By default -date."),
    )

    class Meta:
        model = Incident
        fields: list[str] = []

    def __init__(self, data: QueryDict, queryset: QuerySet, *, user) -> None:
        super().__init__(data, queryset)
        self.user = user
        self.leader = ""
        for field in self.form.fields.values():
            if isinstance(field, parameters.CodesField):
                field.user = user

    def as_asked(self, incidents, name, value):
        """Leave it to `Question`, which reads this parameter together with others."""
        return incidents

    def touching(self, incidents, name, places):
        """Keep what touched any of these places, in the roles asked for."""
        roles = self.form.cleaned_data["role"]
        if len(places) == 1 and len(roles) < 2 and not self.closed_claims:
            role = roles[0] if roles else ""
            return self.led_by(incidents, "regions", place=places[0], role=role)
        rows = IncidentRegion.objects.filter(
            incident=OuterRef("pk"), place__in=places, role__in=roles or [""]
        )
        closed = Q(place__ancestors__ancestor__in=places)
        closed &= Q(place_role__in=roles) if roles else ~Q(place_role="context")
        return incidents.filter(Exists(rows) | self.in_closed_claims(closed))

    def claimed_by(self, incidents, name, sources):
        """Keep incidents about which any of these sources makes a claim."""
        return self.spoken_by(incidents, sources, "claimant", Q(source__in=sources))

    def published_by(self, incidents, name, sources):
        """Keep incidents about which any of these outlets has an article."""
        return self.spoken_by(incidents, sources, "publisher", Q(article__publisher__in=sources))

    def spoken_by(self, incidents, sources, part, in_closed):
        """Keep incidents in which any of these sources has this part."""
        if len(sources) == 1 and not self.leader and not self.closed_claims:
            return self.led_by(incidents, "source_rows", source=sources[0], part=part)
        rows = IncidentSource.objects.filter(incident=OuterRef("pk"), source__in=sources, part=part)
        return incidents.filter(Exists(rows) | self.in_closed_claims(in_closed))

    def led_by(self, incidents, rows, **keys):
        """Let one kind of link row lead: they are in the list's order, and one an incident.

        A join in place of Exists, so that the page is read off one index however rare or common
        the place or source is. No row is doubled: the keys are unique for an incident.
        """
        self.leader = rows
        led = incidents.filter(**{f"{rows}__{name}": value for name, value in keys.items()})
        return led.annotate(leading_day=F(f"{rows}__sort_day"), leading_key=F(f"{rows}__incident"))

    def in_closed_claims(self, condition: Q) -> Q:
        """Look also into the restricted claims that this reader, and not everybody, may see."""
        closed = self.closed_claims
        if not closed:
            return Q()
        return Q(pk__in=Claim.objects.filter(condition, pk__in=closed).values("incident"))

    @cached_property
    def closed_claims(self) -> list[int]:
        """The restricted claims that this reader may see; none for most readers."""
        if self.user is None:
            return []
        closed = Claim.objects.filter(restricted=True).visible_to(self.user)
        return list(closed.values_list("pk", flat=True))

    def one_of_records(self, incidents, name, records):
        """Keep what points at any of these records."""
        return incidents.filter(**{f"{name}__in": records})

    def measured(self, incidents, name, measures):
        """Keep incidents with claims in any of these measures."""
        rows = IncidentFigure.objects.filter(incident=OuterRef("pk"), measure__in=measures)
        return incidents.filter(Exists(rows))

    def worded(self, incidents, name, text):
        """Keep what holds every word, in any script."""
        return incidents.matching(text)

    def stated_from(self, incidents, name, number):
        """Keep what somebody stated at this number or more."""
        return incidents.filter(stated_max__gte=number)

    def stated_to(self, incidents, name, number):
        """Keep what somebody stated at this number or less."""
        return incidents.filter(stated_min__lte=number)

    def contested(self, incidents, name, answer):
        """Keep figures whose claims contradict each other, or only the others."""
        return incidents.filter(disputed=answer == "yes")


SINGLE = frozenset(
    {"from", "to", "q", "people_min", "people_max", "sources_min", "disputed", "order", "cursor"}
    | {"raw"}
)
FILTERS = frozenset(IncidentFilter.base_filters) - {"during"} | {"from", "to"}
PARAMETERS = FILTERS | {"cursor", "raw"}


@dataclass(frozen=True)
class Question:
    """A query string as understood, for one reader: the only way to a set of incidents."""

    user: Any
    asked: Mapping[str, Any]
    found: QuerySet  # every parameter but `dates` and `kind` applied
    text: str  # the query string in canonical order, without cursor and raw
    raw: bool = False
    cursor: str = ""
    leader: str = ""  # the link rows that lead the list, if any

    @property
    def day_column(self) -> str:
        """The column that holds `sort_day` in the rows that lead the list."""
        return "leading_day" if self.leader else "sort_day"

    @property
    def key_column(self) -> str:
        """The column that holds the incident's key in the rows that lead the list."""
        return "leading_key" if self.leader else "pk"

    @property
    def window(self) -> Window:
        """The first and last day asked for; None where the question leaves it open."""
        return self.asked["during"] or (None, None)

    @property
    def has_window(self) -> bool:
        """Whether the question names any day at all."""
        return self.asked["during"] is not None

    @property
    def order(self) -> str:
        """The order asked for, or newest first."""
        return self.asked["order"] or "-date"

    @cached_property
    def matching(self) -> QuerySet:
        """The incidents of the kinds asked for, whatever their days."""
        return self.found.filter(kind__in=self.asked["kind"] or DEFAULT_KINDS)

    @property
    def aggregates(self) -> QuerySet:
        """Published totals that overlap the question; context, never summed."""
        aggregates = self.found.filter(kind=Incident.Kind.AGGREGATE)
        if not self.has_window:
            return aggregates
        return aggregates.filter(reduce(or_, (self.match(match) for match, _name in MATCHES)))

    @property
    def matches(self) -> tuple[str, ...]:
        """The ways of matching its days that the question keeps apart, in order."""
        if not self.has_window:
            return ("",)
        kept = self.asked["dates"] or DEFAULT_MATCHES
        return tuple(match for match, _name in MATCHES if match in kept)

    @cached_property
    def incidents(self) -> QuerySet:
        """The incidents that the question finds; unordered."""
        kept = self.asked["dates"] or (DEFAULT_MATCHES if self.has_window else ())
        if not kept:
            return self.matching
        return self.matching.filter(reduce(or_, map(self.match, kept)))

    @property
    def undated(self) -> QuerySet:
        """Incidents without a firm date that may belong to the question but are not in it."""
        if not self.has_window or "open" in self.asked["dates"]:
            return self.matching.none()
        return self.matching.filter(self.match("open"))

    def match(self, match: str) -> Q:
        """Say in database terms which incidents match the window so."""
        return date_condition(match, self.window, self.day_column)

    def match_of(self, earliest: dt.date | None, latest: dt.date | None) -> str:
        """Say how an incident in the question matches its days; empty when none are asked for."""
        if not self.has_window:
            return ""
        if earliest is None or latest is None:
            return "open"
        first, last = self.window
        inside = (first is None or earliest >= first) and (last is None or latest <= last)
        return "certain" if inside else "possible"

    @property
    def short_id(self) -> str:
        """Eight characters that name the question in a file name and in the export log."""
        return hashlib.sha256(self.text.encode()).hexdigest()[:8]


def date_condition(match: str, window: Window, day: str = "sort_day") -> Q:
    """Say in database terms which rows lie certainly inside, possibly inside, or are open.

    A row open at one end counts as open only while its other end does not rule it out.
    """
    first, last = window
    if match == "open":
        ruled_out = Q()
        if first:
            ruled_out |= Q(latest__lt=first)
        if last:
            ruled_out |= Q(earliest__gt=last)
        missing = Q(earliest__isnull=True) | Q(latest__isnull=True)
        return missing & ~ruled_out if ruled_out else missing
    known = Q(earliest__isnull=False, latest__isnull=False)
    certain = Q()
    overlap = Q()
    if first:
        certain &= Q(earliest__gte=first)
        overlap &= Q(latest__gte=first) & (Q(**{f"{day}__gte": bound(first)}) | Q(wide=True))
    if last:
        certain &= Q(latest__lte=last)
        overlap &= Q(**{f"{day}__lte": last})
    if match == "certain":
        return known & certain & overlap
    return known & overlap & ~certain if certain else known & Q(pk__in=[])


def bound(first: dt.date) -> dt.date:
    """The earliest day on which a row that is not wide can begin and still reach `first`."""
    return dt.date.min if first - dt.date.min < WIDE_DAYS else first - WIDE_DAYS


def ask(query: QueryDict | str, user) -> Question:
    """Understand a query string for a reader (`user=None`: any viewer).

    Raises BadQuestion, with a sentence for each parameter that is unknown or not understood.
    """
    data = query if isinstance(query, QueryDict) else QueryDict(query.removeprefix("?"))
    filters = IncidentFilter(data, Incident.objects.visible_to(user), user=user)
    sentences = [*unknown_parameters(data), *repeated_parameters(data)]
    sentences += [
        (f"{name}: " if name != "during" else "") + str(sentence)
        for name, errors in filters.form.errors.items()
        for sentence in errors
    ]
    if data.get("raw") not in (None, "", "1"):
        sentences.append(f"raw: “{data['raw']}” is not allowed; write 1 or leave it out.")
    if sentences:
        raise BadQuestion(sentences)
    asked = filters.form.cleaned_data
    found = filters.qs.filter(status__in=asked["status"] or DEFAULT_STATUSES)
    return Question(
        user=user,
        asked=asked,
        found=found,
        text=canonical(data),
        raw=data.get("raw") == "1",
        cursor=data.get("cursor", ""),
        leader=filters.leader,
    )


def unknown_parameters(data: QueryDict) -> list[str]:
    """Say of each parameter that is none what would be one."""
    allowed = ", ".join(sorted(PARAMETERS))
    return [
        gettext("“%(name)s” is not a parameter. Allowed: %(allowed)s.")
        % {"name": name, "allowed": allowed}
        for name in data
        if name not in PARAMETERS
    ]


def repeated_parameters(data: QueryDict) -> list[str]:
    """Say which parameters are given more than once though they may not be."""
    return [
        gettext("%(name)s is given %(count)s times; give it once.")
        % {"name": name, "count": len(values)}
        for name, values in data.lists()
        if name in SINGLE and len(values) > 1
    ]


def canonical(data: QueryDict) -> str:
    """Write a query string in one order, without what does not change the set of rows."""
    kept = QueryDict(mutable=True)
    for name in sorted(set(data) - {"cursor", "raw"}):
        values = sorted({value.strip() for value in data.getlist(name)} - {""})
        if values:
            kept.setlist(name, values)
    return kept.urlencode()
