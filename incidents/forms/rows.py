"""Rows on the page of another record: a row that has left the page takes nothing typed with it.

One rule: a row is known by its key alone, wherever it stands in the page; one that was moved,
removed or closed meanwhile, and that somebody typed in, becomes a new row that waits for a
decision. Called by the admin.
"""

import re
from collections import defaultdict
from functools import cached_property

from django.core.exceptions import ValidationError
from django.db.models import Case, Value, When
from django.forms.models import BaseInlineFormSet
from django.utils.translation import gettext_lazy as _

from incidents.forms.beside import Beside
from incidents.forms.meanwhile import Seen, read_seen, same, typed

ADD, DROP = "add", "drop"


class CarefulRows(BaseInlineFormSet):
    """Rows on a page; `gone` gives, by number, the key of each new row that once stood here."""

    def __init__(self, *args, **kwargs) -> None:
        """Set apart the rows that left the page after it was opened."""
        super().__init__(*args, **kwargs)
        self.gone: dict[int, str] = {}
        if self.is_bound and self.management_form.is_valid():
            self.set_apart()

    def set_apart(self) -> None:
        """Number the posted rows anew: those that stand, new ones, those that left."""
        here = {str(row.pk) for row in self.get_queryset()}
        first, count = self.initial_form_count(), self.total_form_count()
        stand = [n for n in range(first) if self.posted(n, "id") in here]
        left = [n for n in range(first) if n not in stand and self.is_missed(n)]
        new = [n for n in range(first, count) if self.posted(n, "decide") != DROP]
        if len(stand) < first or len(new) < count - first:
            self.renumber([*stand, *new, *left], initial=len(stand), left=left)
        self.sort_like_page([self.posted(n, "id") for n in range(len(stand))])
        for number in range(len(stand), self.total_form_count()):
            seen = read_seen(self.posted(number, "seen"))
            if seen and seen.gone:
                self.ask(number, seen.gone)

    def ask(self, number: int, key: str) -> None:
        """Have a row that left wait for a decision, unless it is to become a new one."""
        if self.posted(number, "decide") != ADD:
            self.gone[number] = key
            return
        self.data = self.data.copy()
        self.data[f"{self.prefix}-{number}-seen"] = ""

    def posted(self, number: int, name: str) -> str:
        """Read one posted text of a row."""
        return self.data.get(f"{self.prefix}-{number}-{name}", "")

    def is_missed(self, number: int) -> bool:
        """Tell whether somebody typed in a row that left: something else than the page showed."""
        seen = read_seen(self.posted(number, "seen"))
        if self.posted(number, "DELETE"):
            return False
        form = self.form(self.data, prefix=self.add_prefix(number), **self.get_form_kwargs(number))
        names = [name for name in form.fields if name not in ("seen", "why")]
        return seen is None or not all(
            same(form.fields[name], typed(form, name), seen.values.get(name, "")) for name in names
        )

    def renumber(self, order: list[int], *, initial: int, left: list[int]) -> None:
        """Rewrite the posted rows in this order; the first `initial` of them stand."""
        cells: dict[int, list[tuple[str, str]]] = defaultdict(list)
        posted, fresh = self.data, self.data.copy()
        for key in posted:
            if cell := re.match(rf"{re.escape(self.prefix)}-(\d+)-(.+)", key, re.DOTALL):
                cells[int(cell[1])].append((cell[2], key))
                del fresh[key]
        for number, old in enumerate(order):
            for name, key in cells[old]:
                fresh.setlist(f"{self.prefix}-{number}-{name}", posted.getlist(key))
            if old in left:
                gone = Seen({}, {}, gone=posted.get(f"{self.prefix}-{old}-id") or "?")
                fresh[f"{self.prefix}-{number}-seen"] = gone.written()
                fresh[f"{self.prefix}-{number}-id"] = ""
        fresh[f"{self.prefix}-INITIAL_FORMS"] = str(initial)
        fresh[f"{self.prefix}-TOTAL_FORMS"] = str(len(order))
        self.data = fresh
        del self.__dict__["management_form"]

    def sort_like_page(self, keys: list[str]) -> None:
        """Give the stored rows in the order in which the page posted them."""
        rows = self.get_queryset()
        if keys != [str(row.pk) for row in rows][: len(keys)]:
            places = [When(pk=key, then=Value(place)) for place, key in enumerate(keys)]
            self._queryset = rows.filter(pk__in=keys).order_by(Case(*places), "pk")

    @cached_property
    def beside(self) -> Beside:
        """What the stored rows refer to, fetched once."""
        return Beside(self.get_queryset(), self.form.user)

    def get_form_kwargs(self, index) -> dict:
        """Hand each row what all rows refer to."""
        return {**super().get_form_kwargs(index), "beside": self.beside}

    def add_fields(self, form, index) -> None:
        """Know only the rows that stand on this page; in a table each field bears its own name."""
        super().add_fields(form, index)
        for field in form.fields.values():
            inner = getattr(field.widget, "widget", field.widget)  # within Django's "add" wrapper
            inner.attrs.setdefault("aria-label", field.label)
        form.fields[self.model._meta.pk.name].queryset = self.get_queryset()

    def clean(self) -> None:
        """Stop while a row that left waits for a decision, or one to be removed has changed."""
        super().clean()
        if self.gone:
            raise ValidationError(
                _(
                    "A row of this page was moved, removed or closed after you opened it. Nothing "
                    "is saved yet; what you typed in it is kept. Choose above what should become "
                    "of it, then save again."
                )
            )
        if any(form.meetings and self._should_delete_form(form) for form in self.initial_forms):
            raise ValidationError(
                _(
                    "Somebody changed a row that you want to remove. Nothing is saved yet; look "
                    "at it again, then save again to remove it."
                )
            )
