"""How the database itself writes a value as a cell of a CSV file; the same text on every engine.

One rule: PostgreSQL's COPY puts the quotes, null and empty text both stay empty; SQLite has no
such thing, so there each cell comes out quoted where RFC 4180 asks for it. `cells` says the rules
in Python. Called by columns.
"""

from typing import Any

from django.db.models import DateField, Func, IntegerField, TextField, Value
from django.db.models.expressions import Col

Sql = tuple[str, list]


class Cell(Func):
    """A number or a day, as it is."""

    output_field = TextField()
    arity = 1
    postgresql = "{x}"
    sqlite = "{x}"

    def as_postgresql(self, compiler, connection, **context: Any) -> Sql:
        """Write it for COPY, which quotes it and leaves nulls empty."""
        # Without OFFSET, PostgreSQL puts what is worked out into each place where it is named.
        return self.filled(self.postgresql, compiler, apart=" OFFSET 0")

    def as_sqlite(self, compiler, connection, **context: Any) -> Sql:
        """Write it as it stands in the line; `Line` leaves nulls empty."""
        return self.filled(self.sqlite, compiler)

    def filled(self, template: str, compiler, apart: str = "") -> Sql:
        """Put the value into a template, which may name it several times as {x}.

        What is worked out, and not just read, is worked out once.
        """
        [source] = self.get_source_expressions()
        sql, params = compiler.compile(source)
        times = template.count("{x}")
        if times < 2 or isinstance(source, Col):
            return template.replace("{x}", sql), list(params) * times
        once = template.replace("{x}", "once.x")
        return f"(SELECT {once} FROM (SELECT {sql} AS x{apart}) once)", list(params)


class Word(Cell):
    """A code of one word, or nothing."""

    postgresql = "NULLIF({x}, '')"


class YesNo(Cell):
    """A truth value as yes or no."""

    postgresql = sqlite = "CASE WHEN {x} THEN 'yes' ELSE 'no' END"


class Moment(Cell):
    """A time in UTC, to the second: `2026-11-23T19:40:00Z`."""

    postgresql = "to_char({x} AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"')"
    sqlite = "substr({x}, 1, 10) || 'T' || substr({x}, 12, 8) || 'Z'"


class Degrees(Cell):
    """A decimal number of up to six places, without trailing zeros."""

    postgresql = "trim_scale({x})"
    sqlite = "CASE WHEN {x} IS NOT NULL THEN rtrim(rtrim(printf('%%.6f', {x}), '0'), '.') END"


class Code(Cell):
    """Text of our own, of one line, that no spreadsheet would run."""

    postgresql = "NULLIF({x}, '')"
    sqlite = (
        "CASE WHEN instr({x}, ',') = 0 AND instr({x}, '\"') = 0 THEN {x}"
        " WHEN {x} IS NOT NULL THEN '\"' || replace({x}, '\"', '\"\"') || '\"' END"
    )


ONE_KIND = "replace(replace({x}, {cr} || {lf}, {lf}), {cr}, {lf})"
POSTGRESQL_LINES = ONE_KIND.replace("{cr}", "chr(13)").replace("{lf}", "chr(10)")
SQLITE_LINES = ONE_KIND.replace("{cr}", "char(13)").replace("{lf}", "char(10)")
POSTGRESQL_RISKY = "ltrim(y, '''') <> '' AND strpos('=+-@' || chr(9), left(ltrim(y, ''''), 1)) > 0"
SQLITE_RISKY = "ltrim(y, '''') <> '' AND instr('=+-@' || char(9), substr(ltrim(y, ''''), 1, 1)) > 0"
SQLITE_QUOTED = (
    "CASE WHEN instr(z, ',') OR instr(z, '\"') OR instr(z, char(10))"
    " THEN '\"' || replace(z, '\"', '\"\"') || '\"' ELSE z END"
)
SQLITE_PLAIN = (
    "instr({x}, ',') = 0 AND instr({x}, '\"') = 0"
    " AND instr({x}, char(10)) = 0 AND instr({x}, char(13)) = 0"
)


class Free(Cell):
    """Free text as it is, for programs; its lines end in LF."""

    postgresql = (
        f"CASE WHEN strpos({{x}}, chr(13)) = 0 THEN NULLIF({{x}}, '') ELSE {POSTGRESQL_LINES} END"
    )
    sqlite = (
        f"CASE WHEN {SQLITE_PLAIN} THEN {{x}} WHEN {{x}} IS NOT NULL"
        f" THEN (SELECT {SQLITE_QUOTED} FROM (SELECT {SQLITE_LINES} AS z)) END"
    )


class Guarded(Cell):
    """Free text that a spreadsheet shows and does not run; its lines end in LF.

    Most text begins with a letter or a digit, which comparing bytes tells; only the rest is
    looked at closely.
    """

    postgresql = (
        "CASE WHEN ({x} COLLATE \"C\" >= 'A' OR ({x} COLLATE \"C\" >= '0'"
        " AND {x} COLLATE \"C\" < ':')) AND strpos({x}, chr(13)) = 0 THEN {x}"
        " WHEN COALESCE({x}, '') = '' THEN NULL"
        f" ELSE (SELECT CASE WHEN {POSTGRESQL_RISKY} THEN '''' || y ELSE y END"
        f" FROM (SELECT {POSTGRESQL_LINES} AS y) lined) END"
    )
    sqlite = (
        f"CASE WHEN {{x}} = '' THEN '' WHEN {{x}} >= 'A' AND {SQLITE_PLAIN} THEN {{x}}"
        f" WHEN {{x}} IS NOT NULL THEN (SELECT {SQLITE_QUOTED} FROM"
        f" (SELECT CASE WHEN {SQLITE_RISKY} THEN '''' || y ELSE y END AS z"
        f" FROM (SELECT {SQLITE_LINES} AS y))) END"
    )


class Line(Func):
    """A whole line of cells, for SQLite: one call writes it, quicker than joining two by two."""

    function = "printf"
    output_field = TextField()

    def __init__(self, *cells: Any) -> None:
        super().__init__(Value(",".join(["%s"] * len(cells))), *cells)


class Together(Func):
    """Texts one after the other, none of them null; flat, as SQLite's parser has no deep stack."""

    template = "(%(expressions)s)"
    arg_joiner = " || "
    output_field = TextField()


class CodeOf(Cell):
    """The permanent code of the incident with this key: `AT-000123`."""

    postgresql = (
        "'AT-' || CASE WHEN {x} < 1000000 THEN lpad(CAST({x} AS text), 6, '0')"
        " ELSE CAST({x} AS text) END"
    )
    sqlite = "'AT-' || CASE WHEN {x} < 1000000 THEN substr('00000' || {x}, -6) ELSE {x} END"


class YearOf(Cell):
    """The year of a day."""

    output_field = IntegerField()
    postgresql = "CAST(EXTRACT(YEAR FROM {x}) AS integer)"
    sqlite = "CAST(substr({x}, 1, 4) AS integer)"


class YearEnd(Cell):
    """The last day of the year that begins on a day; nothing for any other day."""

    output_field = DateField()
    postgresql = (
        "CASE WHEN EXTRACT(DOY FROM {x}) = 1"
        " THEN CAST({x} + INTERVAL '1 year' - INTERVAL '1 day' AS date) END"
    )
    sqlite = "CASE WHEN substr({x}, 6) = '01-01' THEN substr({x}, 1, 5) || '12-31' END"


class MonthEnd(Cell):
    """The last day of the month that begins on a day; nothing for any other day."""

    output_field = DateField()
    postgresql = (
        "CASE WHEN EXTRACT(DAY FROM {x}) = 1"
        " THEN CAST({x} + INTERVAL '1 month' - INTERVAL '1 day' AS date) END"
    )
    sqlite = "CASE WHEN substr({x}, 9) = '01' THEN date({x}, '+1 month', '-1 day') END"


class Barred(Cell):
    """One of several values in a cell: a `|` inside becomes `\\|`."""

    postgresql = sqlite = "replace(COALESCE({x}, ''), '|', '\\|')"
