"""What the two engines write differently when rows are copied: days, JSON, keys, indexes.

One rule: the same copies come out on both, so that their files can be compared byte for byte.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection


class Sqlite:
    """How SQLite writes it."""

    letter = "char"  # the function that gives the character of a number
    plain_words = "words"
    kept_words = (  # sorted, as deriving sorts them; words hold no sign
        "(SELECT group_concat(value, ' ') FROM (SELECT value FROM"
        """ json_each('["' || REPLACE({}, ' ', '","') || '"]') ORDER BY value))"""
    )

    def years_later(self, column: str, years: str) -> str:
        """Move a day by whole years."""
        return f"date({column}, ({years}) || ' years')"

    def year_of(self, column: str) -> str:
        """The year of a day, as text."""
        return f"substr({column}, 1, 4)"

    def ordinal(self, column: str) -> str:
        """Number the days from 1 January 1, as Python does."""
        return f"CAST(julianday({column}) - 1721424.5 AS integer)"

    def cited(self, column: str, shift: int, copied: str) -> str:
        """Copy the citations on an incident's row: the second of each is an article's key."""
        return (
            "(SELECT json_group_array(json_array(json_extract(value, '$[0]'),"
            f" json_extract(value, '$[1]') + {shift},"
            f" {copied.format('''json_extract(value, '$[2]')''')},"
            f" json_extract(value, '$[3]'))) FROM json_each({column}))"
        )

    def is_day(self, column: str) -> str:
        """Tell a real day from the first and the last of the calendar, which stand for none."""
        return f"{column} BETWEEN '1000-01-01' AND '3000-01-01'"

    def hurry(self) -> None:
        """Trade safety from power cuts for speed, and take memory; outside of a transaction."""
        with connection.cursor() as cursor:
            for setting in ("synchronous=OFF", "cache_size=-400000", "temp_store=MEMORY"):
                cursor.execute(f"PRAGMA {setting}")

    @contextmanager
    def in_haste(self) -> Iterator[None]:
        """Load without what guards other writers; the rows were made in the same way before."""
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA foreign_keys=OFF")
            cursor.execute("PRAGMA ignore_check_constraints=ON")
            yield
            cursor.execute("PRAGMA ignore_check_constraints=OFF")
            cursor.execute("PRAGMA foreign_keys=ON")

    def secondary_indexes(self, table: str) -> dict[str, str]:
        """List the indexes that can be dropped and made again, with the words that make each."""
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT name, sql FROM sqlite_master"
                " WHERE type = 'index' AND tbl_name = %s AND sql IS NOT NULL",
                [table],
            )
            return dict(cursor.fetchall())

    def tidy(self) -> None:
        """Gather what the planner goes by."""
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")


class Postgresql:
    """How PostgreSQL writes it."""

    letter = "chr"
    plain_words = "array_to_string(tsvector_to_array(words), ' ')"
    kept_words = "array_to_tsvector(string_to_array({}, ' '))"

    def years_later(self, column: str, years: str) -> str:
        """Move a day by whole years."""
        return f"({column} + make_interval(years => CAST({years} AS integer)))::date"

    def year_of(self, column: str) -> str:
        """The year of a day, as text."""
        return f"to_char({column}, 'YYYY')"

    def ordinal(self, column: str) -> str:
        """Number the days from 1 January 1, as Python does."""
        return f"({column} - date '0001-01-01' + 1)"

    def cited(self, column: str, shift: int, copied: str) -> str:
        """Copy the citations on an incident's row: the second of each is an article's key."""
        return (
            "COALESCE((SELECT jsonb_agg(jsonb_build_array(c->0, (c->>1)::bigint"
            f" + {shift}, {copied.format('c->>2')}, c->3) ORDER BY n)"
            f" FROM jsonb_array_elements({column}) WITH ORDINALITY AS each(c, n)), '[]')"
        )

    def is_day(self, column: str) -> str:
        """Tell a real day from the first and the last of the calendar, which stand for none."""
        return f"{column} BETWEEN date '1000-01-01' AND date '3000-01-01'"

    def hurry(self) -> None:
        """Take memory for making indexes."""
        with connection.cursor() as cursor:
            cursor.execute("SET maintenance_work_mem = '512MB'")

    @contextmanager
    def in_haste(self) -> Iterator[None]:
        """Load without what guards other writers; the rows were made in the same way before."""
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET session_replication_role = replica")  # foreign keys stay unasked
            yield
            cursor.execute("SET session_replication_role = DEFAULT")

    def secondary_indexes(self, table: str) -> dict[str, str]:
        """List the indexes that can be dropped and made again, with the words that make each."""
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = %s AND"
                " schemaname = current_schema() AND NOT EXISTS (SELECT FROM pg_constraint"
                " WHERE conindid = quote_ident(indexname)::regclass)",
                [table],
            )
            return dict(cursor.fetchall())

    def tidy(self) -> None:
        """Gather what the planner goes by."""
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")


DIALECTS = {"sqlite": Sqlite(), "postgresql": Postgresql()}
