"""The filter beside the desk's lists that keeps what asks for something.

One rule: it holds exactly the records that the start page counts (`incidents.desk.MATTERS`).
"""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from incidents.desk import MATTERS


class MatterFilter(admin.SimpleListFilter):
    """Keeps the records of a list that ask for something: `?asks=no-basis`."""

    title = _("what asks for attention")
    parameter_name = "asks"

    def lookups(self, request, model_admin) -> list[tuple[str, str]]:
        """Offer what can matter about records of this kind."""
        return [
            (matter.name, matter.label)
            for matter in MATTERS.values()
            if matter.model is model_admin.model
        ]

    def queryset(self, request, queryset):
        """Keep the records that the chosen matter is about."""
        if self.value() not in dict(self.lookup_choices):
            return queryset
        return MATTERS[self.value()].among(queryset, request.user)
