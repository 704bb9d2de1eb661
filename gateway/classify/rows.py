"""Rows of weights by term, summed fast: each row is one large number, a lane of 32 bits for each column."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from gateway.wording import Met

_BIAS = 1 << 20
"""Added to every weight, so that no lane is negative. None may be larger; the sum of 2,000 rows stays in its lane."""


@dataclass(frozen=True, slots=True)
class Rows:
    """As many whole numbers for each term as there are columns. A row is packed when it is first needed."""

    of: Mapping[str, Sequence[int]]
    columns: int
    _packed: Met[int] = field(init=False, repr=False, compare=False)
    _lanes: struct.Struct = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_packed", Met(self._pack))
        object.__setattr__(self, "_lanes", struct.Struct(f"<{self.columns + 1}I"))

    def __contains__(self, term: object) -> bool:
        return term in self.of

    def __iter__(self) -> Iterator[str]:
        return iter(self.of)

    def summed(self, terms: Iterable[str]) -> tuple[int, list[int]]:
        """How many of these terms have a row, and the sum of each column over these rows."""
        total = sum(map(self._packed.__getitem__, terms))
        number, *lanes = self._lanes.unpack(total.to_bytes(self._lanes.size, "little"))
        bias = number * _BIAS
        return number, [lane - bias for lane in lanes]

    def _pack(self, term: str) -> int:
        """A lane that counts one, and those of the columns; nothing for a term without a row."""
        row = self.of.get(term)
        if row is None:
            return 0
        return int.from_bytes(self._lanes.pack(1, *(weight + _BIAS for weight in row)), "little")
