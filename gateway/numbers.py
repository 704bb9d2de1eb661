"""A set of whole numbers that lie close together: a bit for each, in pages made where they are needed."""

from __future__ import annotations

PAGE_BITS = 16
PAGE = 1 << PAGE_BITS


class Numbers:
    """Holds a million neighbouring numbers in 128 kilobytes."""

    def __init__(self) -> None:
        self._pages: dict[int, bytearray] = {}
        self._counts: dict[int, int] = {}

    def add(self, number: int) -> bool:
        """Take a number. False when it was there."""
        page, bit = number >> PAGE_BITS, number & (PAGE - 1)
        bits = self._pages.setdefault(page, bytearray(PAGE // 8))
        if bits[bit >> 3] & (1 << (bit & 7)):
            return False
        bits[bit >> 3] |= 1 << (bit & 7)
        self._counts[page] = self._counts.get(page, 0) + 1
        return True

    def in_page(self, page: int) -> int:
        """How many there are from page * PAGE to the next page."""
        return self._counts.get(page, 0)

    def __len__(self) -> int:
        return sum(self._counts.values())

    def __contains__(self, number: int) -> bool:
        bits, bit = self._pages.get(number >> PAGE_BITS), number & (PAGE - 1)
        return bits is not None and bool(bits[bit >> 3] & (1 << (bit & 7)))
