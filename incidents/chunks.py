"""Cuts long lists of keys for the database. One rule: no piece is longer than asked for."""

from collections.abc import Iterator, Sequence

CHUNK = 500


def in_chunks(keys: Sequence[int], longest: int = CHUNK) -> Iterator[Sequence[int]]:
    """Cut a list of keys into pieces that a database takes in one statement."""
    for start in range(0, len(keys), longest):
        yield keys[start : start + longest]
