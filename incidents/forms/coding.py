"""The form of the coding page: one claim, with who, where and which incident found as it is typed.

One rule: what the words mean is proposed and never assumed: a source is taken over where exactly
one bears the printed name, anything else only when somebody chose it. Called by the desk.
"""

from collections.abc import Sequence

from django import forms
from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from incidents import likeness, recognising
from incidents.forms.claims import ClaimForm
from incidents.forms.naming import why_no_name
from incidents.forms.understood import understood_count, understood_date, why_not
from incidents.models import (
    Article,
    Category,
    Claim,
    Incident,
    Place,
    Source,
    choices,
    key_in,
    pk_of,
)
from incidents.models.asking import STANDING
from incidents.searching import matching

NEW = "new"

SEARCHED = 8
NEW_PLACES = (choices.PlaceKind.LOCALITY, choices.PlaceKind.SITE, choices.PlaceKind.ADMIN2)


def likeliest(code: str, codes: type[TextChoices]) -> list[tuple[str, str]]:
    """List the choices, the likeliest first."""
    return sorted(codes.choices, key=lambda choice: choice[0] != code)


class CodingForm(ClaimForm):
    """One claim of an article: words, who and incident are enough."""

    source_choice = forms.CharField(required=False)
    new_source_kind = forms.ChoiceField(
        label=gettext_lazy("Kind"), required=False, choices=likeliest("other", choices.SourceKind)
    )
    place_choice = forms.CharField(required=False)
    new_place_in = forms.CharField(
        label=gettext_lazy("lies in"),
        required=False,
        max_length=200,
        help_text=gettext_lazy("Code or name of the next larger place: CN-JL."),
    )
    new_place_kind = forms.ChoiceField(
        label=gettext_lazy("Kind of place"),
        required=False,
        choices=[(kind.value, kind.label) for kind in NEW_PLACES],
    )
    incident_find = forms.CharField(
        label=gettext_lazy("Incident"),
        required=False,
        max_length=300,
        help_text=gettext_lazy("Code, or words of its title, place or source; then choose."),
    )
    incident_choice = forms.CharField(required=False)
    new_incident_title = forms.CharField(
        label=gettext_lazy("Title"),
        required=False,
        max_length=300,
        help_text=gettext_lazy("One plain line: who, what, where, when. No names."),
    )
    new_incident_category = forms.ModelChoiceField(
        label=gettext_lazy("Category"), queryset=Category.objects.all(), required=False
    )
    new_incident_kind = forms.ChoiceField(
        label=gettext_lazy("Kind"), required=False, choices=choices.IncidentKind, initial="event"
    )
    new_incident_takes = forms.BooleanField(
        label=gettext_lazy("Give it the date and place of this claim"), required=False, initial=True
    )
    relation = forms.CharField(required=False)

    class Meta(ClaimForm.Meta):
        fields = [
            "words",
            "source_as_printed",
            "basis",
            "date_words",
            "place_words",
            "quote",
            "stance",
            "measure",
            "place_role",
            "people",
            "act_words",
            "translation",
            "locator",
            "origin",
            "seen_original",
        ]
        labels = {
            "source_as_printed": gettext_lazy("Who says so, as printed"),
            "place_words": gettext_lazy("Place as printed"),
        }

    def __init__(self, *args, article: Article, user, **kwargs) -> None:
        """Stand under an article; a basis is never chosen beforehand."""
        self.user = user
        super().__init__(*args, **kwargs)
        self.article = article
        self.instance.article = article
        self.fields["source_as_printed"].help_text = gettext_lazy(
            "Empty when the article speaks for itself."
        )
        self.exact_source: Source | None = None
        self.sources: list[Source] = []
        self.places: list[Place] = []
        self.incidents: list[likeness.Candidate] = []
        self.draft: Incident | None = None
        if not self.is_bound:
            facts = likeness.Facts(published=article.published_on, article=article.pk)
            self.incidents = likeness.candidates(facts, user)

    @property
    def more(self) -> list[forms.BoundField]:
        """The fields that few claims need."""
        return [self[name] for name in MORE]

    @property
    def more_is_open(self) -> bool:
        """Whether one of them says something, or is refused."""
        said = (name for name in MORE if self[name].value() not in ("", None, False))
        return any(self.fields[name].initial != self[name].value() for name in said)

    @property
    def count_read(self) -> str:
        """Say what was read from the count's words."""
        return understood_count(self.instance)

    @property
    def date_read(self) -> str:
        """Say what was read from the date's words."""
        return understood_date(self.instance)

    @property
    def why_not(self) -> str:
        """Say why the claim would not count."""
        return why_not(self.instance, closed=self.article.restricted)

    @property
    def takes_incident(self) -> int | None:
        """The key of the incident on which the claim would be saved."""
        return self.instance.incident.pk if self.is_bound else None

    @property
    def others(self) -> list[Claim]:
        """The claims that stand on the chosen incident, those of the same source first."""
        if not self.takes_incident:
            return []
        claims = Claim.objects.visible_to(self.user).filter(
            incident=self.takes_incident, repeats=None
        )
        claims = claims.select_related("source", "article", "article__publisher").order_by("-pk")
        ranked = sorted(claims[:60], key=lambda one: one.source_id != self.instance.source_id)
        return [named_for_choice(claim) for claim in ranked[:12]]

    @property
    def relations(self) -> list[tuple[str, str]]:
        """What the claim may be to another: as it begins in `relation`, and in words."""
        return [("repeats-", _("this repeats it")), ("corrects-", _("this corrects it"))]

    @property
    def is_empty(self) -> bool:
        """Whether nobody typed anything of a claim."""
        return not any(self.data.get(self.add_prefix(n), "").strip() for n in TYPED)

    def clean(self) -> dict:
        """Recognise source, place and incident, then read and check the claim like any other."""
        cleaned = self.cleaned_data
        cleaned["article"] = self.article
        self.recognise_source(cleaned)
        self.recognise_place(cleaned)
        self.read_words(cleaned)
        self.find_incident(cleaned)
        self.take_relation(cleaned)
        return super().clean()

    def recognise_source(self, cleaned: dict) -> None:
        """Take the source that bears the printed name, or the one that somebody chose."""
        name, chosen = cleaned.get("source_as_printed", ""), cleaned.get("source_choice", "")
        exact = recognising.source_called(name)
        self.exact_source, self.sources = exact, recognising.sources_like(name)
        source = exact if chosen == "" else by_key(self.sources, chosen)
        self.instance.source = source
        self.instance.source_suggested = source is not None and source != exact
        self.new_source = name if chosen == NEW and name and exact is None else ""
        if self.new_source and (why := why_no_name(name)):
            self.add_error("source_as_printed", why)

    def recognise_place(self, cleaned: dict) -> None:
        """Take the place that somebody chose among those the words may mean."""
        words, chosen = cleaned.get("place_words", ""), cleaned.get("place_choice", "")
        self.places = recognising.places_in(words)
        self.instance.place = by_key(self.places, chosen)
        self.new_place = words.strip() if chosen == NEW else ""
        if self.new_place:
            self.check_new_place(cleaned)

    def check_new_place(self, cleaned: dict) -> None:
        """Find what a new place lies in: by its code, else by a name that only one place has."""
        typed = cleaned.get("new_place_in", "").strip()
        within = Place.objects.standing().filter(code__iexact=typed).first()
        named = recognising.places_in(typed) if within is None else []
        within = within or (named[0] if len(named) == 1 else None)
        cleaned["new_place_parent"] = within
        if within is None:
            self.add_error("new_place_in", sentence_on_larger_place(typed, named))
        elif not is_larger(within.kind, cleaned.get("new_place_kind")):
            sentence = _("%(place)s is a %(kind)s, which is not larger than the new place.")
            said = {"place": within, "kind": within.get_kind_display()}
            self.add_error("new_place_in", sentence % said)
        if why := why_no_name(self.new_place):
            self.add_error("place_words", why)

    def find_incident(self, cleaned: dict) -> None:
        """Take the chosen incident, or the one whose code was typed, or plan a new one.

        Words only find; what they find is taken by whoever chooses it.
        """
        typed, chosen = cleaned.get("incident_find", "").strip(), cleaned.get("incident_choice", "")
        self.incidents, coded = self.proposed(typed), self.coded(typed)
        picked = self.visible.filter(pk=key_in(chosen)).first()
        if picked and coded and picked != coded:
            self.add_error("incident_find", _("Another incident is chosen below. Choose one."))
        incident, title = picked or coded, cleaned.get("new_incident_title")
        if incident and (title or chosen == NEW):
            self.add_error(
                "new_incident_title",
                _("Choose an existing incident or name a new one, not both."),
            )
        cleaned["incident"] = incident
        if incident is None and (title or chosen == NEW):
            self.plan_incident(cleaned)
        elif incident is None:
            self.add_error("incident_find", self.sentence_on_incident(typed))
        self.instance.incident = incident or self.draft or Incident(category=Category())

    @property
    def visible(self):
        """The incidents that this person may choose."""
        standing = Incident.objects.visible_to(self.user).select_related("category")
        return standing.filter(status__in=STANDING)

    def coded(self, typed: str) -> Incident | None:
        """Find the incident whose code was typed."""
        try:
            return self.visible.filter(pk=pk_of(typed)).first()
        except ValueError:
            return None

    def proposed(self, typed: str) -> list[likeness.Candidate]:
        """List incidents to choose from: those the typed words find, else the likeliest ones."""
        facts = self.facts()
        if not typed:
            return likeness.candidates(facts, self.user)
        try:
            found = self.visible.filter(pk=pk_of(typed))
        except ValueError:
            found = matching(self.visible, typed).order_by("-sort_day", "-pk")
        return [likeness.Candidate(incident) for incident in found[:SEARCHED]]

    def facts(self) -> likeness.Facts:
        """Gather what is understood so far of the act that the claim speaks of."""
        claim, category = self.instance, self.cleaned_data.get("new_incident_category")
        places = [claim.place] if claim.place_id else self.places
        return likeness.Facts(
            earliest=claim.earliest,
            latest=claim.latest,
            published=self.article.published_on,
            places=tuple(places[:3]),
            category=category.pk if category else None,
            article=self.article.pk,
        )

    def plan_incident(self, cleaned: dict) -> None:
        """Plan a new incident from its title and category, with the claim's date and place."""
        title = cleaned.get("new_incident_title") or cleaned.get("incident_find", "").strip()
        category = cleaned.get("new_incident_category")
        if not title:
            self.add_error("new_incident_title", _("Give the new incident a title."))
        if not category:
            self.add_error(
                "new_incident_category",
                _("Choose the category of the new incident; “other” when none fits."),
            )
        if not (title and category):
            return
        kind = cleaned.get("new_incident_kind") or Incident.Kind.EVENT
        self.draft = Incident(title=title, category=category, kind=kind)
        if cleaned.get("new_incident_takes") and "date_words" not in self.errors:
            self.draft.date_words = dated_words(self.instance)
            self.draft.read_date(self.article.published_on)
        cleaned["measure"] = cleaned.get("measure") or category.measure

    def take_relation(self, cleaned: dict) -> None:
        """Take what the claim repeats or corrects: `repeats-12`, `corrects-12`, or nothing."""
        relation, _dash, key = cleaned.get("relation", "").partition("-")
        if relation not in ("repeats", "corrects"):
            return
        claims = Claim.objects.visible_to(self.user).select_related("incident", "source")
        other = claims.filter(pk=key_in(key)).first()
        if other is None or other.incident_id != getattr(cleaned.get("incident"), "pk", None):
            return  # left over from another choice of incident
        cleaned[relation] = other
        setattr(self.instance, relation, other)

    def sentence_on_incident(self, typed: str) -> str:
        """Say what is missing: a choice, or an incident that the words find."""
        if not typed:
            return _("Choose the incident this is about, or start a new one.")
        if not self.incidents:
            return _("No incident is found for “%s”. Try other words, or start a new one.") % typed
        return _("Choose the incident that is meant by “%s”, or type its code.") % typed


def named_for_choice(claim: Claim) -> Claim:
    """Give a claim the key that stands in a choice of relation."""
    claim.key = str(claim.pk)
    return claim


MORE = (
    "stance measure place_role people act_words translation locator origin seen_original"
).split()
TYPED = (
    "words source_as_printed basis quote date_words place_words people act_words translation "
    "locator incident_find new_incident_title"
).split()


def by_key(records: Sequence, key: str):
    """Find the record that somebody chose among those that were offered; None for any other."""
    return next((record for record in records if str(record.pk) == key), None)


def is_larger(kind: str, other: str) -> bool:
    """Tell whether a kind of place holds the other: a division holds a town."""
    sizes = choices.PlaceKind.values
    return sizes.index(kind) < sizes.index(other or choices.PlaceKind.LOCALITY)


def dated_words(claim: Claim) -> str:
    """Write a claim's date for its incident so that it stays true without the article beside it."""
    if claim.date_inferred and claim.date_edtf and "[" not in claim.date_words:
        return f"{claim.date_words} [{claim.date_edtf}]"
    return claim.date_words


def sentence_on_larger_place(typed: str, named: Sequence[Place]) -> str:
    """Say why it is not clear what a new place lies in."""
    if not typed:
        return _("Say in which larger place it lies, by code or name: CN-JL.")
    if not named:
        return _("No place is called “%s”. Give the code or name of a larger place: CN-JL.") % typed
    return _("“%(typed)s” may be: %(places)s. Give the code.") % {
        "typed": typed,
        "places": ", ".join(map(str, named)),
    }
