"""Writes many rows at once, and their history, as quickly as the database takes them.

One rule: afterwards the tables hold what saving the records one by one would have left; nothing is
checked here but what the database checks itself, so whoever calls has validated every value.
Called by settling and by imports, inside their transaction.
"""

import datetime as dt
import gc
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import lru_cache
from itertools import chain, islice
from typing import Any

from django.db import connection, models
from django.db.models import Model
from django.utils import timezone

from incidents.chunks import in_chunks
from incidents.models import IncidentText
from incidents.models.texts import WordsField

FEW = 20  # rows that are updated one by one; a table to join takes milliseconds
REASONED = 20_000  # records whose history is written in one statement
PIECE = 500  # rows that are handed to the database at a time
DATED = (models.DateField, models.DateTimeField, models.DecimalField)
REMEMBERED = 20_000  # values of a column whose written form is kept
WORDS = IncidentText._meta.db_table
FEW_WORDS, MANY_WORDS = 2**20, 2**24  # bytes; SQLite's own number, and one for many texts
Keys = range | Sequence[int]
Values = Sequence[Any]
Reasons = str | None | Mapping[int, str]
Writer = Callable[[Any], Any]


def next_keys(model: type[Model], count: int) -> Keys:
    """Reserve so many keys that nobody has or will get: in order, a range where they adjoin.

    Within a transaction, since SQLite lets nobody else take keys until it ends.
    """
    if count == 0:
        return range(0)
    if connection.vendor == "postgresql":
        return adjoining(drawn_keys(model, count))
    if not connection.in_atomic_block:
        raise RuntimeError("Keys are reserved within a transaction.")
    table, key = model._meta.db_table, quoted(model._meta.pk.column)
    last = f"SELECT MAX(COALESCE((SELECT MAX({key}) FROM {quoted(table)}), 0),"  # noqa: S608
    last += " COALESCE((SELECT MAX(seq) FROM sqlite_sequence WHERE name = %s), 0))"
    with connection.cursor() as cursor:
        cursor.execute(last, [table])
        first = cursor.fetchone()[0] + 1
        cursor.execute("DELETE FROM sqlite_sequence WHERE name = %s", [table])
        cursor.execute("INSERT INTO sqlite_sequence VALUES (%s, %s)", [table, first + count - 1])
    return range(first, first + count)


def keep_beyond(model: type[Model], key: int) -> None:
    """Let no key up to this one be reserved any more; it is given to a record that had it."""
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            drawn = "SELECT setval(pg_get_serial_sequence(%s, %s), GREATEST(%s, last)) FROM ({}) s"
            last = f"SELECT last_value AS last FROM {sequence_of(model)}"  # noqa: S608
            names = quoted(table), model._meta.pk.column
            cursor.execute(drawn.format(last), [*names, key])
            return
        cursor.execute(
            "UPDATE sqlite_sequence SET seq = MAX(seq, %s) WHERE name = %s", [key, table]
        )
        if not cursor.rowcount:
            cursor.execute("INSERT INTO sqlite_sequence VALUES (%s, %s)", [table, key])


def sequence_of(model: type[Model]) -> str:
    """Name the sequence that a table's keys are drawn from."""
    with connection.cursor() as cursor:
        names = quoted(model._meta.db_table), model._meta.pk.column
        cursor.execute("SELECT pg_get_serial_sequence(%s, %s)", names)
        return cursor.fetchone()[0]


def drawn_keys(model: type[Model], count: int) -> list[int]:
    """Draw keys from the table's sequence; others may draw at the same time."""
    drawn = "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)"
    with connection.cursor() as cursor:
        cursor.execute(drawn, [quoted(model._meta.db_table), model._meta.pk.column, count])
        return sorted(key for (key,) in cursor.fetchall())


def adjoining(keys: Sequence[int]) -> Keys:
    """Give keys in order as a range, where no other lies between."""
    whole = range(keys[0], keys[-1] + 1)
    return whole if len(whole) == len(keys) else keys


def insert(model: type[Model], columns: Sequence[str], rows: Iterable[Values]) -> int:
    """Insert rows whose values stand in the order of these columns (attnames).

    The other columns get their fields' defaults, and now where a field says so; the key follows
    from the table where it is not given. Rows are taken one by one and never held all at once.
    Returns how many there were.
    """
    written = [model._meta.get_field(name) for name in columns]
    others = set(model._meta.concrete_fields) - {*written, model._meta.pk}
    fixed = sorted(others, key=lambda field: field.creation_counter)
    last = tuple(default_of(field) for field in fixed)
    full = (tuple(row) + last for row in rows) if last else rows
    return put(model._meta.db_table, [*written, *fixed], full)


def default_of(field: models.Field) -> Any:
    """Say what a column holds where nobody gives a value."""
    if getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False):
        now = timezone.now()
        return now if isinstance(field, models.DateTimeField) else now.date()
    return field.get_default()


def put(table: str, fields: Sequence[models.Field], rows: Iterable[Values]) -> int:
    """Write rows of these fields into a table of the database."""
    names = ", ".join(quoted(field.column) for field in fields)
    counted = Counted(rows)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            pieces = Pieces(copied_pieces(counted, fields))
            with connection.wrap_database_errors:
                cursor.copy_expert(f"COPY {quoted(table)} ({names}) FROM STDIN", pieces)
        else:
            places = ", ".join(["%s"] * len(fields))
            statement = f"INSERT INTO {quoted(table)} ({names}) VALUES ({places})"  # noqa: S608
            adapted, is_patient = adapted_rows(counted, fields), False
            for piece in in_chunks(adapted, PIECE):
                if table == WORDS and len(piece) == PIECE and not is_patient:
                    is_patient = gather_words(cursor, MANY_WORDS)
                cursor.executemany(statement, piece)
            if is_patient:
                gather_words(cursor, FEW_WORDS)
    return counted.number


def gather_words(cursor: Any, size: int) -> bool:
    """Let SQLite's full-text table gather so many bytes of words before it sorts them in."""
    cursor.execute(f"INSERT INTO {WORDS} ({WORDS}, rank) VALUES ('hashsize', %s)", [size])  # noqa: S608
    return True


def update(model: type[Model], key: str, columns: Sequence[str], rows: Iterable[Values]) -> int:
    """Give each row, found by this unique column (an attname), values of its own.

    A row holds the key first, then the values in the order of the columns. Returns how many rows
    there were.
    """
    fields = [model._meta.get_field(name) for name in (key, *columns)]
    table, (key_column, *others) = model._meta.db_table, [quoted(f.column) for f in fields]
    rows = iter(rows)
    first = list(islice(rows, FEW))
    if connection.vendor == "postgresql" and len(first) == FEW:
        return update_joined(table, fields, chain(first, rows))
    sets = ", ".join(f"{column} = %s" for column in others)
    statement = f"UPDATE {quoted(table)} SET {sets} WHERE {key_column} = %s"  # noqa: S608
    adapted, number = adapted_rows(chain(first, rows), fields), 0
    with connection.cursor() as cursor:
        for piece in in_chunks(adapted, PIECE):
            cursor.executemany(statement, [(*row[1:], row[0]) for row in piece])
            number += len(piece)
    return number


def update_joined(table: str, fields: Sequence[models.Field], rows: Iterable[Values]) -> int:
    """Update from a table that lasts until the transaction ends (PostgreSQL)."""
    names = [quoted(field.column) for field in fields]
    sets = ", ".join(f"{name} = given.{name}" for name in names[1:])
    with connection.cursor() as cursor:
        cursor.execute(
            f"CREATE TEMPORARY TABLE incidents_given ON COMMIT DROP AS"  # noqa: S608
            f" SELECT {', '.join(names)} FROM {quoted(table)} WITH NO DATA"
        )
        number = put("incidents_given", fields, rows)
        cursor.execute("ANALYZE incidents_given")
        cursor.execute(
            f"UPDATE {quoted(table)} SET {sets} FROM incidents_given given"  # noqa: S608
            f" WHERE {quoted(table)}.{names[0]} = given.{names[0]}"
        )
        cursor.execute("DROP TABLE incidents_given")
    return number


@contextmanager
def uncollected() -> Iterator[None]:
    """Look for no circles among objects meanwhile: rows hold none, and a tenth of the time goes."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


class Counted:
    """Rows that are counted while they pass."""

    def __init__(self, rows: Iterable[Values]) -> None:
        self.rows, self.number = rows, 0

    def __iter__(self) -> Iterator[Values]:
        for number, row in enumerate(self.rows, start=1):
            yield row
            self.number = number


class Pieces:
    """Pieces of text as the file that COPY reads."""

    def __init__(self, pieces: Iterator[str]) -> None:
        self.pieces = pieces

    def read(self, size: int = -1) -> str:
        """Give the next piece, of whatever size; nothing at the end."""
        return next(self.pieces, "")


def write_history(
    model: type[Model], keys: Keys, *, by: Model | None, why: Reasons, kind: str = "+"
) -> int:
    """Write what these records hold now into their history, as saving each would have done.

    `why` is one reason for all, or a mapping from each key to its own. `kind`: `+` for made, `~`
    for changed. Raises ValueError when a record or its reason is missing.
    """
    at, written = timezone.now(), 0
    for piece in (keys[start : start + REASONED] for start in range(0, len(keys), REASONED)):
        written += write_piece(model, piece, (at, kind, by and by.pk), why)
    if written != len(keys):
        raise ValueError(f"{len(keys) - written} of {len(keys)} records or reasons are missing.")
    return written


def write_piece(model: type[Model], keys: Keys, stamp: tuple, why: Reasons) -> int:
    """Write the history of records that fit into one statement, and whom each is kept to."""
    history, at = model.history.model, adapted_time(stamp[0])
    names = ", ".join(quoted(field.column) for field in history.tracked_fields)
    values = ", ".join(f"record.{quoted(field.column)}" for field in history.tracked_fields)
    source, reason, condition, given = chosen(model, keys, why)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {quoted(history._meta.db_table)} ({names}, {STAMP})"  # noqa: S608
            f" SELECT {values}, %s, %s, %s, {reason} FROM {source} WHERE {condition}",
            [at, *stamp[1:], *given],
        )
        written = cursor.rowcount
        for field in history._history_m2m_fields:
            if closed := kept_to_groups(field, keys):
                cursor.execute(*circles(history, field, closed, at))
    return written


def chosen(model: type[Model], keys: Keys, why: Reasons) -> tuple[str, str, str, list]:
    """Say which tables hold the records and their reasons, what the reason is, which records are
    meant, and the parameters of all that."""
    table, key = quoted(model._meta.db_table), f"record.{quoted(model._meta.pk.column)}"
    if isinstance(why, Mapping):
        reasons = {each: why[each] for each in keys if each in why}
        given = [list(reasons), list(reasons.values())]
        if connection.vendor == "sqlite":
            given = [json.dumps(reasons)]
        source = f"{EACH[connection.vendor]} CROSS JOIN {table} record"
        return source, "reason.value", f"{key} = CAST(reason.key AS bigint)", given
    condition, wanted = among(key, keys)
    return f"{table} record", "CAST(%s AS text)", condition, [why, *wanted]


def kept_to_groups(field: models.Field, keys: Keys) -> list[int]:
    """Find which of these records are kept to groups; hardly ever any."""
    owner = field.m2m_field_name()
    rows = field.remote_field.through.objects.filter(**{f"{owner}__among": keys})
    return sorted(set(rows.values_list(f"{owner}_id", flat=True)))


def circles(history: type[Model], field: models.Field, keys: Keys, at: Any) -> tuple[str, list]:
    """Write the statement that remembers the groups of records whose history was just written."""
    through = field.remote_field.through
    columns = [quoted(each.column) for each in through._meta.concrete_fields]
    owner = f"record.{quoted(field.m2m_column_name())}"
    condition, wanted = among(owner, keys)
    circle = quoted(getattr(history, field.name).model._meta.db_table)
    statement = (
        f"INSERT INTO {circle} ({', '.join(columns)}, history_id)"  # noqa: S608
        f" SELECT {', '.join(f'record.{column}' for column in columns)}, history.history_id"
        f" FROM {quoted(through._meta.db_table)} record"
        f" JOIN {quoted(history._meta.db_table)} history"
        f" ON history.{quoted(history.instance_type._meta.pk.column)} = {owner}"
        f" AND history.history_date = %s WHERE {condition}"
    )
    return statement, [at, *wanted]


def among(column: str, keys: Keys) -> tuple[str, list]:
    """Say that a column holds one of these keys."""
    if isinstance(keys, range) and keys.step == 1:
        return f"{column} BETWEEN %s AND %s", [keys[0], keys[-1]]
    if connection.vendor == "postgresql":
        return f"{column} = ANY(%s)", [list(keys)]
    return f"{column} IN (SELECT value FROM json_each(%s))", [json.dumps(list(keys))]  # noqa: S608


def adapted_time(at: dt.datetime) -> Any:
    """Give a moment as the driver takes it."""
    return connection.ops.adapt_datetimefield_value(at)


EACH = {
    "postgresql": "unnest(%s::bigint[], %s::text[]) reason (key, value)",
    "sqlite": "json_each(%s) reason",
}
STAMP = "history_date, history_type, history_user_id, history_change_reason"


def adapted_rows(rows: Iterable[Values], fields: Sequence[models.Field]) -> Iterator[Values]:
    """Give rows as the database stores them, where its driver does not do so itself."""
    writers = [(place, found) for place, its in enumerate(fields) if (found := writer_of(its))]
    for row in rows:
        adapted = list(row)
        for place, written in writers:
            value = adapted[place]
            if value is not None:
                adapted[place] = written(value)
        yield adapted


def writer_of(field: models.Field) -> Writer | None:
    """Find what a column's values become before the driver gets them; None where they stay."""
    if isinstance(field, models.JSONField):
        return lambda value: json.dumps(value, cls=field.encoder)
    if connection.vendor == "postgresql":
        return vector if isinstance(field, WordsField) else None
    if isinstance(field, DATED):
        return lru_cache(REMEMBERED)(lambda value: field.get_db_prep_save(value, connection))
    return None


def vector(words: str) -> str:
    """Write tokens as PostgreSQL reads a tsvector; they hold letters and digits only."""
    return f"'{words.replace(' ', SEPARATOR)}'" if words else ""


SEPARATOR = "' '"
# Half characters, which no text holds that the database takes; what COPY reads for each of them.
CELL, ROW, NULL = "\ud800", "\ud801", "\ud802"
ESCAPES = (("\\", r"\\"), ("\t", r"\t"), ("\n", r"\n"), ("\r", r"\r"))
MARKS = ((CELL, "\t"), (ROW, "\n"), (NULL, r"\N"))


def copied_pieces(rows: Iterable[Values], fields: Sequence[models.Field]) -> Iterator[str]:
    """Write rows as lines of COPY's text format, a piece at a time.

    A text that holds half characters, which no database stores, breaks the whole off.
    """
    for piece in in_chunks(adapted_rows(rows, fields), PIECE):
        text = ROW.join([CELL.join(map(cell_of, row)) for row in piece]) + ROW
        due = len(piece) * (len(fields) - 1), len(piece), sum(row.count(None) for row in piece)
        if due != tuple(text.count(mark) for mark, _read_as in MARKS):
            raise ValueError("A text holds half of a character: U+D800 to U+D802.")
        for sign, read_as in chain(ESCAPES, MARKS):
            text = text.replace(sign, read_as)
        yield text


def cell_of(value: Any) -> str:
    """Write a value as COPY reads it, but for signs that mean something there."""
    return value if value.__class__ is str else NULL if value is None else str(value)


def quoted(name: str) -> str:
    """Quote a name of the database."""
    return connection.ops.quote_name(name)
