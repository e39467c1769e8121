"""The box in which a record is chosen by typing; what stands in it is fetched with its page.

One rule: it says what Django's own box would say, without asking the database for each row.
"""

from collections.abc import Mapping

from django.contrib.admin.widgets import AutocompleteSelect
from django.db.models import Model


class ChoiceBox(AutocompleteSelect):
    """A choice box; `known` are records that its page has fetched already, by key."""

    known: Mapping[str, Model] = {}

    def optgroups(self, name: str, value: list, attr=None) -> list[tuple]:
        """List the one option that is chosen, after an empty one where nothing may be."""
        chosen = [str(key) for key in value if str(key) not in self.choices.field.empty_values]
        if not all(key in self.known for key in chosen):
            return super().optgroups(name, value, attr)
        say = self.choices.field.label_from_instance
        options = [] if self.is_required else [self.create_option(name, "", "", False, 0)]
        options += [
            self.create_option(name, key, say(self.known[key]), True, len(options))
            for key in chosen
        ]
        return [(None, options, 0)]
