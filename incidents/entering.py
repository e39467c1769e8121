"""Enters the rows of a package many at once, with their history and the next keys they need.

One rule: rows come as they are given, with no time, key or text of their own; what the database
refuses is said as a sentence that names the row and the rule. Called by restoring.
"""

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Any

from django.db import DataError, IntegrityError, models, transaction
from django.utils.translation import gettext as _

from incidents import bulk
from incidents.keysets import in_pieces
from incidents.models import Incident, User
from incidents.packed import Table
from incidents.settling import settle_new
from incidents.unpacking import Row, Unrestorable, said

BATCH = 2_000
REFUSALS = (IntegrityError, DataError)
Read = Callable[[Row], dict[str, Any]]


def enter(table: Table, columns: Sequence[str], rows: Iterable[Row], read: Read) -> int:
    """Enter the rows of a file, each read into these columns (attnames); return how many.

    Incidents are entered with all that follows from them, so everything else of a package comes
    before. Raises Unrestorable for the first row that the database refuses.
    """
    write = settle_new if table.model is Incident else partial(bulk.insert, table.model)
    count = 0
    for some in in_pieces(rows, BATCH):
        values = [tuple(map(read(row).get, columns)) for row in some]
        try:
            with transaction.atomic():
                count += write(columns, values)
        except REFUSALS:
            raise first_refused(table, columns, some, values) from None
    return count


def first_refused(
    table: Table, columns: Sequence[str], rows: Sequence[Row], values: Sequence[bulk.Values]
) -> Unrestorable:
    """Find the first row that the database refuses, and say why."""
    for row, its_values in zip(rows, values, strict=True):
        try:
            with transaction.atomic():
                bulk.insert(table.model, columns, [its_values])
        except REFUSALS as error:
            return said(table, row, rule_behind(table.model, error))
    return Unrestorable(_("%s cannot be restored.") % table.file)


def rule_behind(model: type[models.Model], error: Exception) -> str:
    """Say as the records' own rules do what the database refused."""
    text = str(error)
    for constraint in model._meta.constraints:
        columns = getattr(constraint, "fields", ())
        named = [f"{model._meta.db_table}.{model._meta.get_field(c).column}" for c in columns]
        if constraint.name in text or (named and all(name in text for name in named)):
            return str(constraint.get_violation_error_message())
    return _("the database refuses it (%s)") % text.splitlines()[0]


def begin_history(model: type[models.Model], keys: Iterable[int], *, by: User, why: str) -> None:
    """Begin the history of each record, with its groups where it is kept to some."""
    for some in in_pieces(keys, bulk.REASONED):
        bulk.write_history(model, bulk.adjoining(some), by=by, why=why)
