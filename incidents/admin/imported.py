"""The filter beside the desk's list of incidents that keeps what one import brought: `?import=12`.

One rule: it keeps what the import made or brought up to date, as far as the reader may see it.
"""

from django.contrib import admin
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from incidents.models import Origin, key_in


class ImportedFilter(admin.SimpleListFilter):
    """Keeps the incidents of one import; stands beside the list only where one is asked for."""

    title = gettext_lazy("import")
    parameter_name = "import"

    def lookups(self, request, model_admin) -> list[tuple[str, str]]:
        """Offer the import that is asked for."""
        asked = request.GET.get(self.parameter_name, "")
        return [(asked, _("import %s") % key_in(asked))] if key_in(asked) else []

    def queryset(self, request, queryset):
        """Keep the incidents that came with it."""
        key = key_in(self.value() or "")
        if key is None:
            return queryset
        brought = Origin.objects.filter(Q(made_by=key) | Q(last=key), incident=OuterRef("pk"))
        return queryset.filter(Exists(brought))
