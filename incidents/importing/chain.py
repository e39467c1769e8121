r"""Reads the chain of a claim from one cell: `name, verb, date | name, verb, date`.

One rule: it takes apart what exports put together; a `|` inside a step stands there as `\|`, and
commas inside a name stay in it. Pure.
"""

import re
from typing import NamedTuple

DATE = re.compile(r"(?=.*\d)[\d./\-~?%X:,\[\]{}]+")  # EDTF, as exports write it


class Step(NamedTuple):
    """One step of a chain, as its cell words it."""

    name: str
    verb: str
    date: str


def steps_in(cell: str) -> list[Step]:
    """Take a cell apart into steps."""
    return [step_in(part.replace("\\|", "|")) for part in cell.split(" | ") if part.strip()]


def step_in(written: str) -> Step:
    """Take a step apart: a date last, a verb before it, and all else is the name."""
    parts = [part.strip() for part in written.split(", ")]
    date = parts.pop() if len(parts) > 2 or (len(parts) > 1 and DATE.fullmatch(parts[-1])) else ""
    verb = parts.pop() if len(parts) > 1 else ""
    return Step(", ".join(parts), verb, date)
