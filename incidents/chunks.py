"""Cuts what is long into pieces for the database. One rule: no piece is longer than asked for."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

CHUNK = 500
Item = TypeVar("Item")


def in_chunks(items: Iterable[Item], longest: int = CHUNK) -> Iterator[list[Item]]:
    """Cut items into lists that a database takes in one statement, in their order."""
    waiting = iter(items)
    while chunk := list(islice(waiting, longest)):
        yield chunk
