"""Multiplies the block of records in the database, until there are as many as asked for.

One rule: a copy is what would have been recorded of other acts: new keys (so new codes), other
addresses, days up to two years earlier or later, rare words of its own, and all that is derived
along with them, so that `manage.py settle --check` finds nothing to mend. It walks the models, so
that a new column or table of records is copied too; what needs a rule of its own is named in
COLUMN_RULES and TABLE_RULES.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from django.apps import apps
from django.core.management.color import no_style
from django.db import connection, models

from bench.block import BUNCH
from bench.dialects import DIALECTS
from bench.indexing import CODE_DIGITS, copy_words, padded
from bench.vocabulary import BLOCK_HANGUL, BLOCK_LATIN, LATIN_MARK, hangul_of
from incidents.knots import rebuild_knots
from incidents.models import Article, Incident, IncidentText
from incidents.months import OPEN_FIRST, OPEN_LAST
from incidents.summing import rebuild

ROOTS = (Incident, Article)  # these and all that refers to them is copied; nothing else
Model = type[models.Model]
Field = models.Field


class Copying:
    """How every table of the block becomes the same table of one copy."""

    def __init__(self) -> None:
        self.dialect = DIALECTS[connection.vendor]
        self.models = copied_models()
        self.strides = {model: stride_of(model) for model in self.models}

    def statement(self, model: Model, copy: int) -> str:
        """Write the statement that makes one copy of a table."""
        fields = model._meta.concrete_fields
        columns = ", ".join(f'"{field.column}"' for field in fields)
        values = ", ".join(self.value(field, copy) for field in fields)
        table, key = model._meta.db_table, model._meta.pk.column
        return (
            f'INSERT INTO "{table}" ({columns}) SELECT {values} FROM "{table}"'
            f' WHERE "{key}" <= {self.strides[model]}'
        )

    def value(self, field: Field, copy: int) -> str:
        """Say what stands in a column of a copy."""
        rule = COLUMN_RULES.get((field.model._meta.model_name, field.name))
        if rule:
            return rule(self, field, copy)
        target = field.model if field.primary_key else field.related_model
        if target in self.strides:
            return f'"{field.column}" + {copy * self.strides[target]}'
        if field.get_internal_type() == "DateField":
            return self.moved_day(field, copy)
        if isinstance(field, models.CharField | models.TextField) and not field.choices:
            return self.copied_text(copy).format(f'"{field.column}"')
        return f'"{field.column}"'

    def copied_text(self, copy: int) -> str:
        """Put the copy's marks in place of the block's, around `{}`."""
        latin = f"REPLACE({{}}, '{BLOCK_LATIN}', '{LATIN_MARK.format(copy)}')"
        return f"REPLACE({latin}, '{BLOCK_HANGUL}', '{hangul_of(copy)}')"

    def moved_day(self, field: Field, copy: int) -> str:
        """Move a day along with all others of its bunch of incidents, or of articles."""
        column = f'"{field.column}"'
        later = self.dialect.years_later(column, self.years(field.model, copy))
        return f"CASE WHEN {self.dialect.is_day(column)} THEN {later} ELSE {column} END"

    def years(self, model: Model, copy: int) -> str:
        """Say by how many years a row moves, -2 to 2: whole years keep months and spans whole.

        It follows from the key of the incident (or of the row, where there is none), so that
        what belongs together moves together, on both engines alike.
        """
        owners = [field for field in model._meta.concrete_fields if field.related_model == Incident]
        owner = owners[0] if owners and model is not Incident else model._meta.pk
        bunch = f'(("{owner.column}" - 1) / {BUNCH} + 1)'
        return f"({bunch} * 7919 + {copy} * 104729) % 100003 % 5 - 2"

    def moved_month(self, field: Field, copy: int) -> str:
        """Move the number of a month along with its day; what is open stays so."""
        column, years = f'"{field.column}"', self.years(field.model, copy)
        is_month = f"{column} > {OPEN_FIRST} AND {column} < {OPEN_LAST}"
        return f"CASE WHEN {is_month} THEN {column} + 12 * ({years}) ELSE {column} END"

    def moved_words(self, field: Field, copy: int) -> str:
        """Write the years of a date's words anew; the block holds none but ISO days and EDTF."""
        years, words = self.years(field.model, copy), f'"{field.column}"'
        for mark, day in (("<", '"earliest"'), (">", '"latest"')):
            words = f"REPLACE({words}, COALESCE({self.dialect.year_of(day)}, '-----'), '{mark}')"
        for mark, day in (("<", '"earliest"'), (">", '"latest"')):
            moved = self.dialect.year_of(self.dialect.years_later(day, years))
            words = f"REPLACE({words}, '{mark}', COALESCE({moved}, ''))"
        return words

    def own_code(self, field: Field, copy: int) -> str:
        """Write the incident's own code anew in its search text, where it comes first."""
        key = f'"{Incident._meta.pk.column}"'
        shifted = f"{key} + {copy * self.strides[Incident]}"
        old, new = (code_in_search_text(number) for number in (key, f"({shifted})"))
        text = self.copied_text(copy).format(f'"{field.column}"')
        return f"{new} || substr({text}, length({old}) + 1)"

    def cited(self, field: Field, copy: int) -> str:
        """Write the keys and addresses of the cited articles anew."""
        shift = copy * self.strides[Article]
        return self.dialect.cited(f'"{field.column}"', shift, self.copied_text(copy))

    def copy_words(self) -> None:
        """Copy the words by which incidents are found."""
        with without_indexes(self.dialect, [IncidentText]):
            copy_words(self.dialect, self.strides[Incident])


def code_in_search_text(number: str) -> str:
    """Write a code as a folded text holds it: `at 000123`; six digits or more."""
    return f"'at ' || {padded(number, CODE_DIGITS)}"


COLUMN_RULES: dict[tuple[str, str], Callable[[Copying, Field, int], str]] = {
    ("incident", "search_text"): Copying.own_code,
    ("incident", "cited"): Copying.cited,
    ("incidentfigure", "first_month"): Copying.moved_month,
    ("incidentfigure", "last_month"): Copying.moved_month,
    **{
        (model, name): Copying.moved_words
        for model in ("incident", "claim", "claimstep", "article")
        for name in ("date_words", "date_edtf")
    },
}


# What is made anew, or copied in another way, once all records stand: model, how.
TABLE_RULES: dict[str, Callable[[Copying], None]] = {
    "MonthSum": lambda _copying: rebuild(),
    "IncidentText": Copying.copy_words,
    "IncidentKnot": lambda _copying: rebuild_knots(),
    "KnotSum": lambda _copying: None,  # made with the knots
}


def multiply(copies: int) -> Iterator[str]:
    """Add so many copies of the block; yields what was done, to be told or left untold."""
    copying = Copying()
    with copying.dialect.in_haste(), without_indexes(copying.dialect, copying.models):
        for model in copying.models:
            with connection.cursor() as cursor:
                for copy in range(1, copies + 1):
                    cursor.execute(copying.statement(model, copy))
            yield f"{model._meta.db_table}: {copies:,} copies"
    reset_sequences(copying.models)
    for name, make in TABLE_RULES.items():
        make(copying)
        yield f"{name}: brought up to date"


def copied_models() -> list[Model]:
    """List the models whose rows are copied: the records and all that refers to them."""
    everything = [
        model
        for model in apps.get_app_config("incidents").get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.model_name.startswith("historical")
    ]
    copied = set(ROOTS)
    while more := {model for model in everything if refers_to(model, copied)} - copied:
        copied |= more
    named = set(TABLE_RULES)
    return [model for model in everything if model in copied and model.__name__ not in named]


def refers_to(model: Model, others: set[Model]) -> bool:
    """Tell whether a table refers to one of these."""
    return any(field.related_model in others for field in model._meta.concrete_fields)


def stride_of(model: Model) -> int:
    """Say how far the keys of a copy lie from those of the copy before: whole bunches."""
    last = model._base_manager.aggregate(last=models.Max("pk"))["last"] or 0
    return -(-last // BUNCH) * BUNCH


@contextmanager
def without_indexes(dialect, loaded: Sequence[Model]) -> Iterator[None]:
    """Load without the secondary indexes, and make them again over all rows at once."""
    made: list[str] = []
    with connection.cursor() as cursor:
        for model in loaded:
            for name, words in dialect.secondary_indexes(model._meta.db_table).items():
                cursor.execute(f'DROP INDEX "{name}"')
                made.append(words)
        yield
        for words in made:
            cursor.execute(words)


def reset_sequences(made: Sequence[Model]) -> None:
    """Let the next record take the next key."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), made):
            cursor.execute(statement)
