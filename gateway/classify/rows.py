"""Rows of weights by term, summed fast: each row is one large number, a lane of 64 bits for each column."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

_BIAS = 1 << 40
"""Added to every weight, so that no lane is negative; with it a sum of millions of rows stays within its lane."""


@dataclass(frozen=True, slots=True)
class Rows:
    """As many whole numbers for each term as there are columns. A row is packed when it is first needed."""

    of: Mapping[str, Sequence[int]]
    columns: int
    _packed: dict[str, int] = field(default_factory=dict, repr=False, compare=False)

    def __contains__(self, term: object) -> bool:
        return term in self.of

    def __iter__(self) -> Iterator[str]:
        return iter(self.of)

    def summed(self, terms: Iterable[str]) -> list[int]:
        """The sum of each column over the rows of these terms; of one without a row, nothing."""
        packed = self._packed
        rows = [packed[term] if term in packed else self._pack(term) for term in terms if term in self.of]
        lanes = struct.unpack(f"<{self.columns}Q", sum(rows).to_bytes(8 * self.columns, "little"))
        bias = len(rows) * _BIAS
        return [lane - bias for lane in lanes]

    def _pack(self, term: str) -> int:
        lanes = struct.pack(f"<{self.columns}Q", *(weight + _BIAS for weight in self.of[term]))
        self._packed[term] = packed = int.from_bytes(lanes, "little")
        return packed
