"""The forms of the vocabularies: sources, places, categories. A source's name is enough."""

import itertools
from collections.abc import Iterator

from django import forms
from django.utils.text import slugify
from django.utils.translation import gettext as _

from incidents.forms.shared import CarefulForm, ReasonForm, chain
from incidents.models import Category, Place, Source


class SourceForm(ReasonForm, CarefulForm):
    """One source; the short name is made from the name where nobody gives one."""

    class Meta:
        model = Source
        fields = ["name", "slug", "kind", "country", "parent", "reliability", "note"]

    def __init__(self, *args, **kwargs) -> None:
        """Let the short name stay empty; it never changes once it is given."""
        super().__init__(*args, **kwargs)
        if "slug" in self.fields:
            self.fields["slug"].required = False
            self.fields["slug"].help_text += " " + _("Empty: made from the name.")

    def clean(self) -> dict:
        """Make the short name, and refuse parents that come back to this source."""
        cleaned = super().clean()
        if "slug" in self.fields and "slug" not in self.errors and not cleaned.get("slug"):
            cleaned["slug"] = free_slug(cleaned.get("name", ""))
        self.check_parent(cleaned.get("parent"))
        return cleaned

    def check_parent(self, parent: Source | None) -> None:
        """Refuse a parent body that belongs to this source itself."""
        if self.instance.pk and self.instance.pk in chain(parent, "parent"):
            self.add_error("parent", _("That body itself belongs to this source."))


def free_slug(name: str) -> str:
    """Make a short name that no source has: from the name, else `source-<n>`."""
    base = slugify(name)[:70].strip("-")
    tries = itertools.chain([base] if base else [], map((base or "source").__add__, numbers()))
    return next(slug for slug in tries if not Source.objects.filter(slug=slug).exists())


def numbers() -> Iterator[str]:
    """Count: -1, -2, -3 …"""
    return (f"-{number}" for number in itertools.count(1))


class PlaceForm(ReasonForm, CarefulForm):
    """One place of the tree."""

    class Meta:
        model = Place
        fields = ["code", "kind", "parent", "name", "name_ko", "name_zh", "latitude", "longitude"]

    def clean_parent(self) -> Place | None:
        """Refuse a larger place that lies in this one."""
        parent = self.cleaned_data["parent"]
        if parent and self.instance.pk and Place.objects.within(self.instance).filter(pk=parent.pk):
            raise forms.ValidationError(_("%s itself lies in this place.") % parent)
        return parent


class CategoryForm(ReasonForm, CarefulForm):
    """One category."""

    class Meta:
        model = Category
        fields = [
            *("code", "name", "name_ko", "name_zh"),
            *("definition", "definition_ko", "definition_zh", "measure", "position"),
        ]
