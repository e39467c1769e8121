"""Copies the words by which incidents are found from the block to its copies, by SQL.

One rule: from copy to copy three words differ, the number of the incident and the two marks; all
others are copied, as telling a text's words in Python takes longer than everything else together.
Called by multiplying once all incidents stand.
"""

from django.db import connection

from bench.vocabulary import (
    BLOCK_HANGUL,
    BLOCK_LATIN,
    FIRST_HANGUL,
    HANGUL_STEP,
    HANGULS,
    LATIN_MARK,
)
from incidents.models import Incident, IncidentText
from incidents.models.texts import BITS

CODE_DIGITS, MARK_DIGITS = 6, 5


def copy_words(dialect, stride: int) -> None:
    """Write the words of all copies; `stride` is how many keys of incidents a copy takes.

    SQLite's index takes rows in the order of their keys many times as fast as in any other.
    """
    table, incidents = IncidentText._meta.db_table, Incident._meta.db_table
    key = f"(CAST({dialect.ordinal('sort_day')} AS bigint) << {BITS}) | number"
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMPORARY TABLE block_words AS"
            f" SELECT incident_id AS origin, {dialect.plain_words} AS words FROM {table}"
        )
        cursor.execute("CREATE UNIQUE INDEX block_words_origin ON block_words (origin)")
        cursor.execute(
            f"INSERT INTO {table} (rowid, incident_id, words)"
            f" SELECT {key}, number, {dialect.kept_words.format(words_of_copy(dialect))} FROM"
            f" (SELECT id AS number, sort_day, (id - 1) / {stride} AS copy, origin, words"
            f" FROM {incidents} JOIN block_words ON origin = (id - 1) % {stride} + 1"
            f" WHERE id > {stride}) AS copied ORDER BY sort_day, number"
        )
        cursor.execute("DROP TABLE block_words")


def words_of_copy(dialect) -> str:
    """Write the words of a copy: the block's, with the number and the marks of its own."""
    before, after = LATIN_MARK.split("{:05d}")
    latin = f"'{before}' || {padded('copy', MARK_DIGITS)} || '{after}'"
    hangul = f"{dialect.letter}(CAST({FIRST_HANGUL} + copy * {HANGUL_STEP} % {HANGULS} AS integer))"
    old, new = (f"' ' || {padded(number, CODE_DIGITS)} || ' '" for number in ("origin", "number"))
    numbered = f"REPLACE(' ' || words || ' ', {old}, {new})"
    return (
        f"TRIM(REPLACE(REPLACE({numbered}, '{BLOCK_LATIN}', {latin}), '{BLOCK_HANGUL}', {hangul}))"
    )


def padded(number: str, digits: int) -> str:
    """Write a number with so many digits or more."""
    text = f"CAST({number} AS varchar)"
    return f"substr('{'0' * digits}', 1 + length({text})) || {text}"
