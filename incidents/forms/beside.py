"""What the rows of a page refer to, fetched once for all rows instead of once for each.

One rule: it holds only what the form's own fields offer to the person, so it shows no more than
they would. Called by the forms of rows and by the boxes in which something is chosen.
"""

from collections.abc import Iterable
from functools import cached_property

from django import forms
from django.contrib.auth.models import Group
from django.db.models import Model

from incidents.seeds import ROLES


class Beside:
    """The records that stand beside some rows: what each field of theirs refers to."""

    def __init__(self, rows: Iterable[Model], user) -> None:
        """Hold the rows; nothing is fetched before it is asked for."""
        self.rows, self.user = list(rows), user
        self.found: dict[str, dict[str, Model]] = {}

    def named(self, name: str, field: forms.ModelChoiceField) -> dict[str, Model]:
        """Give by key what the rows refer to in one field, as far as the field offers it."""
        if name not in self.found:
            keys = {getattr(row, f"{name}_id", None) for row in self.rows} - {None}
            offered = field.queryset.filter(pk__in=keys) if keys else ()
            self.found[name] = {str(record.pk): record for record in offered}
        return self.found[name]

    def groups(self, row: Model) -> list[tuple[int, str]]:
        """List the groups to which the person may restrict a row: their own, and those it has."""
        kept = row.restricted_to.all() if row.pk else ()
        offered = {group.pk: group.name for group in (*self.own_groups, *kept)}
        return sorted(offered.items(), key=lambda group: group[1])

    @cached_property
    def own_groups(self) -> list[Group]:
        """The groups that the person may name on any row; the four roles are no such groups."""
        groups = Group.objects.exclude(name__in=ROLES)
        everybody = self.user is None or self.user.is_superuser
        return list(groups if everybody else groups.filter(pk__in=self.user.groups.values("pk")))
