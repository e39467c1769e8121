"""The form that asks what the words of a sheet mean: which category, which measure.

One rule: a field is named by its word and not by its place, so that a list that grew meanwhile
gives no word the meaning of another. Called by the mapping page of an import.
"""

import hashlib
from collections import defaultdict
from collections.abc import Sequence

from django import forms
from django.utils.translation import gettext as _

from incidents.importing.own_words import OwnWord, Words
from incidents.models import Category, choices


class OwnWordsForm(forms.Form):
    """What each word of the sheet stands for; nothing need be chosen."""

    def __init__(self, *args, words: Sequence[OwnWord], **kwargs) -> None:
        """Ask for each word; what it is taken for already is said and can be changed."""
        super().__init__(*args, **kwargs)
        self.words = words
        offered = offers() if words else {}
        for word in words:
            self.fields[name_of(word)] = forms.ChoiceField(
                label=word.word,
                required=False,
                initial=word.chosen,
                choices=[("", unchosen(word, offered)), *offered[word.target]],
            )

    @property
    def rows(self) -> list[tuple[OwnWord, forms.BoundField]]:
        """List the words with their fields."""
        return [(word, self[name_of(word)]) for word in self.words]

    def chosen(self) -> Words:
        """Say what was chosen for the words that were asked about and answered."""
        found: dict[str, dict[str, str]] = defaultdict(dict)
        for word in self.words:
            if (name := name_of(word)) in self.data and name in self.cleaned_data:
                found[word.target][word.word] = self.cleaned_data[name]
        return found


def name_of(word: OwnWord) -> str:
    """Name the field of a word."""
    digest = hashlib.blake2b(word.word.encode(), digest_size=8).hexdigest()
    return f"word-{word.target}-{digest}"


def offers() -> dict[str, list[tuple[str, str]]]:
    """List what a word can stand for."""
    categories = Category.objects.order_by("position", "name")
    return {
        "category": list(categories.values_list("code", "name")),
        "measure": list(choices.Measure.choices),
    }


def unchosen(word: OwnWord, offered: dict[str, list[tuple[str, str]]]) -> str:
    """Say what becomes of a word for which nothing is chosen."""
    if not word.known:
        return _("not chosen: its rows are rejected")
    label = dict(offered[word.target]).get(word.known, word.known)
    return _("as recognised: %s") % label
