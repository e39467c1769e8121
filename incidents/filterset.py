"""Every query parameter of a question about incidents, and which incidents each one keeps.

One rule: a parameter across many rows asks whether one exists, so no incident is found twice.
`filters.ask` alone uses the FilterSet; the codebook and the form read its labels.
"""

from collections.abc import Iterator
from functools import cached_property

import django_filters
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from incidents import parameters
from incidents.closed import closed_claims
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
from incidents.searching import Search, search_for
from incidents.whereabouts import standing_at
from incidents.words import token_of_category, token_of_place

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
    at = CodesFilter(
        label=_("On the map at"),
        look_up=parameters.whereabouts,
        method="standing",
        help_text=_(
            "Code of a place, and not what lies in it; “point”: a point that a source gives; "
            "“none”: no place is recorded. With “role”, in that role."
        ),
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
        label=pgettext_lazy("what is looked for", "Words"),
        method="as_asked",
        help_text=_(
            "In title, summary, quotes, place and source names; every word must occur. Latin and "
            "similar words are found from their beginning, Korean, Chinese and others anywhere."
        ),
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
        if len(places) == 1 and len(roles) < 2 and not (self.words_lead or self.closed_claims):
            role = roles[0] if roles else ""
            return self.led_by(incidents, "regions", place=places[0], role=role)
        rows = IncidentRegion.objects.filter(
            incident=OuterRef("pk"), place__in=places, role__in=roles or [""]
        )
        closed = Q(place__ancestors__ancestor__in=places)
        closed &= Q(place_role__in=roles) if roles else ~Q(place_role="context")
        return incidents.filter(Exists(rows) | self.in_closed_claims(closed))

    def standing(self, incidents, name, places):
        """Keep what a map shows at any of these places itself, in the roles asked for."""
        return incidents.filter(standing_at(places, self.form.cleaned_data["role"]))

    def claimed_by(self, incidents, name, sources):
        """Keep incidents about which any of these sources makes a claim."""
        return self.spoken_by(incidents, sources, "claimant", Q(source__in=sources))

    def published_by(self, incidents, name, sources):
        """Keep incidents about which any of these outlets has an article."""
        return self.spoken_by(incidents, sources, "publisher", Q(article__publisher__in=sources))

    def spoken_by(self, incidents, sources, part, in_closed):
        """Keep incidents in which any of these sources has this part."""
        if len(sources) == 1 and not (self.leader or self.words_lead or self.closed_claims):
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
        return list(closed_claims(self.user).values_list("pk", flat=True))

    def one_of_records(self, incidents, name, records):
        """Keep what points at any of these records."""
        return incidents.filter(**{f"{name}__in": records})

    def measured(self, incidents, name, measures):
        """Keep incidents with claims in any of these measures."""
        rows = IncidentFigure.objects.filter(incident=OuterRef("pk"), measure__in=measures)
        return incidents.filter(Exists(rows))

    def filter_queryset(self, queryset):
        """Apply every parameter, and the words last: lists ask for the rest without them."""
        self.unworded = super().filter_queryset(queryset)
        return self.worded(self.unworded) if self.form.cleaned_data["q"] else self.unworded

    def worded(self, incidents):
        """Keep what has every word, in any script."""
        if not self.words_lead:
            return self.search.among(incidents)
        self.leader = "texts"
        self.unworded = incidents.holding(self.search.held)
        led = self.unworded.filter(texts__words__asks=list(self.search.looked_up))
        return led.annotate(leading_text=F("texts__key"))

    @cached_property
    def search(self) -> Search:
        """The words asked for, as they are looked up."""
        return search_for(self.form.cleaned_data["q"], self.beside_words())

    def beside_words(self) -> Iterator[str]:
        """Name, as a token of the index of words, the one category and the one place asked for."""
        asked = self.form.cleaned_data
        if len(asked["category"]) == 1:
            yield token_of_category(asked["category"][0].pk)
        if len(asked["region"]) == 1 and not (asked["role"] or self.closed_claims):
            yield token_of_place(asked["region"][0].pk)

    @cached_property
    def words_lead(self) -> bool:
        """Whether the index of words leads the list: unless rows of a place or source are fewer."""
        if not self.form.cleaned_data["q"] or self.search.reads_every_text:
            return False
        rows = list(self.rows_that_may_lead())
        return not rows or self.search.is_rarer_than(*rows)

    def rows_that_may_lead(self) -> Iterator[QuerySet]:
        """The link rows of each place or source that alone is asked for."""
        asked = self.form.cleaned_data
        if len(asked["region"]) == 1 and len(asked["role"]) < 2:
            role = asked["role"][0] if asked["role"] else ""
            yield IncidentRegion.objects.filter(place=asked["region"][0], role=role)
        for name, part in {"source": "claimant", "publisher": "publisher"}.items():
            if len(asked[name]) == 1:
                yield IncidentSource.objects.filter(source=asked[name][0], part=part)

    def stated_from(self, incidents, name, number):
        """Keep what somebody stated at this number or more."""
        return incidents.filter(stated_max__gte=number)

    def stated_to(self, incidents, name, number):
        """Keep what somebody stated at this number or less."""
        return incidents.filter(stated_min__lte=number)

    def contested(self, incidents, name, answer):
        """Keep figures whose claims contradict each other, or only the others."""
        return incidents.filter(disputed=answer == "yes")
