"""Sets of record keys, about a bit for each where keys lie close together.

One rule: memory stays small for millions of records, and iterating gives the keys in order. Called
by what packs records and restores them.
"""

from collections.abc import Iterable, Iterator

PAGE = 512  # keys that share a piece of memory
BITS = [[bit for bit in range(8) if byte >> bit & 1] for byte in range(256)]


class Keys:
    """A set of whole numbers from 0 on."""

    def __init__(self, keys: Iterable[int] = ()) -> None:
        self.pages: dict[int, bytearray] = {}
        self.count = 0
        self.update(keys)

    def add(self, key: int) -> bool:
        """Put a key in; tell whether it is new."""
        page, place = divmod(key, PAGE)
        held = self.pages.get(page)
        if held is None:
            held = self.pages[page] = bytearray(PAGE // 8)
        if held[place >> 3] >> (place & 7) & 1:
            return False
        held[place >> 3] |= 1 << (place & 7)
        self.count += 1
        return True

    def update(self, keys: Iterable[int]) -> None:
        """Put many keys in."""
        for key in keys:
            self.add(key)

    def __contains__(self, key: int) -> bool:
        page, place = divmod(key, PAGE)
        held = self.pages.get(page)
        return held is not None and bool(held[place >> 3] >> (place & 7) & 1)

    def __len__(self) -> int:
        return self.count

    def __iter__(self) -> Iterator[int]:
        for page in sorted(self.pages):
            yield from self.on_page(page)

    def on_page(self, page: int) -> Iterator[int]:
        """List the keys of one page."""
        for place, byte in enumerate(self.pages[page]):
            for bit in BITS[byte]:
                yield page * PAGE + place * 8 + bit

    def largest(self) -> int:
        """The largest key; 0 where there is none."""
        return max(self.on_page(max(self.pages))) if self.pages else 0
