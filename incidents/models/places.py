"""Places: one tree from world regions down to prisons and crossings, named in every script.

The ancestor rows are the tree's closure; they follow every save, so that no query walks it.
Read by filters and columns; written by the gazetteer loader and the admin.
"""

from collections import defaultdict

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from incidents.models import choices
from incidents.models.shapes import in_reading_language, one_of, rule
from incidents.names import fold


class PlaceQuerySet(models.QuerySet):
    """Questions asked of the gazetteer."""

    def standing(self) -> "PlaceQuerySet":
        """Keep those that were not merged into another place."""
        return self.filter(merged_into=None)

    def named(self, text: str) -> "PlaceQuerySet":
        """Keep places with a name or code that holds the text, in any script."""
        key = fold(text)
        if not key:
            return self.none()
        found = PlaceName.objects.filter(folded__holds=key)
        return self.filter(Q(pk__in=found.values("place")) | Q(code__iexact=text.strip()))

    def within(self, place: "Place") -> "PlaceQuerySet":
        """Keep the place and everything below it."""
        return self.filter(pk__in=PlaceAncestor.objects.filter(ancestor=place).values("place"))

    def store(self, column: str, above: dict[int, int | None]) -> None:
        """Write the one place above (or the same) in a column, for many places, all by key.

        One statement for all that have the same above: a bulk_update of thousands of places was
        the slowest part of loading them.
        """
        below: dict[int | F | None, list[int]] = defaultdict(list)
        for place, its_above in above.items():
            below[F("pk") if place == its_above else its_above].append(place)
        for its_above, places in below.items():
            self.filter(pk__in=places).update(**{column: its_above})


class Place(models.Model):
    """A node of the one tree: world region down to a crossing or a prison.

    The point is in degrees (WGS 84). For a country or division it only places a label: it is
    never given out as the location of an incident. Everybody with an account sees places.
    """

    Kind = choices.PlaceKind
    COUNTRY_ABOVE = (Kind.ADMIN1, Kind.ADMIN2, Kind.LOCALITY, Kind.SITE)

    code = models.CharField(
        _("code"),
        max_length=80,
        unique=True,
        help_text=_("CN for a country, CN-JL for a division, CN-JL/tumen for what lies in it."),
    )
    kind = models.CharField(
        _("kind"), max_length=12, choices=Kind, help_text=_("What sort of place this is.")
    )
    parent = models.ForeignKey(
        "self",
        verbose_name=_("lies in"),
        on_delete=models.PROTECT,
        related_name="children",
        null=True,
        blank=True,
        help_text=_("The next larger place. Empty only for a world region."),
    )
    name = models.CharField(
        _("name"), max_length=200, help_text=_("The usual English name; other names go below.")
    )
    name_ko = models.CharField(
        _("Korean name"), max_length=200, blank=True, help_text=_("Empty when not known.")
    )
    name_zh = models.CharField(
        _("Chinese name"), max_length=200, blank=True, help_text=_("Empty when not known.")
    )
    iso3 = models.CharField(_("ISO 3166-1 alpha-3"), max_length=3, blank=True, editable=False)
    latitude = models.DecimalField(
        _("latitude"),
        max_digits=9,
        decimal_places=6,
        null=True,
        blank=True,
        help_text=_("Degrees, south negative. Empty when not known."),
    )
    longitude = models.DecimalField(
        _("longitude"),
        max_digits=9,
        decimal_places=6,
        null=True,
        blank=True,
        help_text=_("Degrees, west negative. Empty when not known."),
    )
    region = models.ForeignKey(
        "self", on_delete=models.PROTECT, related_name="+", null=True, editable=False
    )
    country = models.ForeignKey(
        "self", on_delete=models.PROTECT, related_name="+", null=True, editable=False
    )
    admin1 = models.ForeignKey(
        "self", on_delete=models.PROTECT, related_name="+", null=True, editable=False
    )
    merged_into = models.ForeignKey(
        "self",
        verbose_name=_("merged into"),
        on_delete=models.PROTECT,
        related_name="merged_from",
        null=True,
        blank=True,
        editable=False,
    )
    history = HistoricalRecords(excluded_fields=["region", "country", "admin1"])

    objects = PlaceQuerySet.as_manager()

    class Meta:
        verbose_name = _("place")
        verbose_name_plural = _("places")
        ordering = ["name", "id"]
        permissions = [("merge_place", "Can merge places, and undo it")]
        constraints = [
            one_of("kind", choices.PlaceKind),
            rule(
                "only_regions_are_roots",
                Q(parent__isnull=False) | Q(kind__in=["region", "country"]),
                _("Say which larger place this one lies in; only world regions stand alone."),
            ),
            rule(
                "not_in_itself",
                Q(parent__isnull=True) | ~Q(parent=models.F("id")),
                _("A place cannot lie in itself."),
            ),
            rule(
                "not_merged_into_itself",
                Q(merged_into__isnull=True) | ~Q(merged_into=models.F("id")),
                _("A place cannot be merged into itself."),
            ),
            rule(
                "point_complete",
                Q(latitude__isnull=True, longitude__isnull=True)
                | Q(latitude__range=(-90, 90), longitude__range=(-180, 180)),
                _("Give both latitude (-90 to 90) and longitude (-180 to 180), or neither."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.label} ({self.code})"

    def save(self, **kwargs) -> None:
        """Save, and carry names and ancestors along for this place and all below it."""
        super().save(**kwargs)
        PlaceName.objects.refresh([self])
        PlaceAncestor.objects.refresh(Place.objects.within(self) | Place.objects.filter(pk=self.pk))

    @property
    def label(self) -> str:
        """The name in the reader's language, else in English."""
        return in_reading_language(self, "name")


def name_field(language: str | None) -> str:
    """Name the column that holds place names of a language; English for any other."""
    return {"ko": "name_ko", "zh": "name_zh"}.get((language or "en")[:2], "name")


class PlaceNameQuerySet(models.QuerySet):
    """The names by which places are found."""

    def refresh(self, places) -> None:
        """Keep each place's own three names among the names it is found by."""
        rows = [
            PlaceName(place=place, language=language, name=name, folded=fold(name), own=True)
            for place in places
            for language, name in (
                ("en", place.name),
                ("ko", place.name_ko),
                ("zh", place.name_zh),
            )
            if name
        ]
        self.filter(place__in=list(places), own=True).delete()
        self.bulk_create(rows, ignore_conflicts=True)


class PlaceName(models.Model):
    """One name or spelling by which a place is found, in any script.

    `folded` is the search key: case, accents and apostrophes do not count.
    """

    place = models.ForeignKey(
        Place, verbose_name=_("place"), on_delete=models.CASCADE, related_name="names"
    )
    language = models.CharField(
        _("language"), max_length=10, blank=True, help_text=_("en, ko, zh … Empty: any.")
    )
    name = models.CharField(_("name"), max_length=200, help_text=_("As people write it."))
    folded = models.CharField(max_length=200, editable=False, db_index=True)
    own = models.BooleanField(default=False, editable=False)

    objects = PlaceNameQuerySet.as_manager()

    class Meta:
        verbose_name = _("other name")
        verbose_name_plural = _("other names")
        ordering = ["language", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["place", "language", "name"], name="%(app_label)s_%(class)s_once_a_place"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, **kwargs) -> None:
        """Save with the search key that belongs to the name."""
        self.folded = fold(self.name)
        super().save(**kwargs)


class PlaceAncestorQuerySet(models.QuerySet):
    """The closure of the tree."""

    def refresh(self, places) -> None:
        """Work out anew what the given places lie in, and their region, country and division."""
        parents = dict(Place.objects.values_list("id", "parent_id"))
        kinds = dict(Place.objects.values_list("id", "kind"))
        places = list(places)
        rows, chains = [], {place.id: lineage(place.id, parents) for place in places}
        for place in places:
            chain = chains[place.id]
            rows += [
                PlaceAncestor(place_id=place.id, ancestor_id=above, distance=distance)
                for distance, above in enumerate(chain)
            ]
            place.country_id = next((a for a in chain if kinds[a] == "country"), None)
            place.admin1_id = next((a for a in chain if kinds[a] == "admin1"), None)
            place.region_id = next((a for a in chain if kinds[a] in ("region", "subregion")), None)
        self.filter(place__in=chains).delete()
        self.bulk_create(rows, batch_size=2000)
        for column in ("country", "admin1", "region"):
            Place.objects.store(column, {p.id: getattr(p, f"{column}_id") for p in places})


def lineage(place_id: int, parents: dict[int, int | None]) -> list[int]:
    """List a place and what it lies in, nearest first. Raises ValueError on a circle."""
    chain: list[int] = []
    above: int | None = place_id
    while above is not None:
        if above in chain:
            raise ValueError(f"Place {place_id} would lie in itself.")
        chain.append(above)
        above = parents[above]
    return chain


class PlaceAncestor(models.Model):
    """A place lies in another, directly or not; each place also lies in itself. Derived."""

    place = models.ForeignKey(Place, on_delete=models.CASCADE, related_name="ancestors")
    ancestor = models.ForeignKey(Place, on_delete=models.CASCADE, related_name="descendants")
    distance = models.PositiveSmallIntegerField()

    objects = PlaceAncestorQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["place", "ancestor"], name="%(app_label)s_%(class)s_once"
            ),
        ]
        indexes = [models.Index(fields=["ancestor", "place"], name="incidents_within")]

    def __str__(self) -> str:
        return f"{self.place_id} in {self.ancestor_id}"
