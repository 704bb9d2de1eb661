"""How the workers of a destination share what it allows, and whose breaker they all go by.

Every worker sees the others' rows and comes to the same answer by itself; nobody hands anything out. A breaker's era
counts its openings and closings through all workers: it is odd while the breaker is open, and whoever changes its own
takes the next number that nobody has seen. The highest one is everybody's.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple
from uuid import UUID


class Turn(NamedTuple):
    """The last opening or closing of a worker's breaker. Of two with the same number that of the higher id counts."""

    era: int
    worker: UUID

    @property
    def is_open(self) -> bool:
        """Whether the breaker was opened."""
        return self.era % 2 == 1


def share_of(most: int, workers: Sequence[UUID], mine: UUID) -> int:
    """How many of `most` calls at once are this worker's; 0 when there are more workers than that."""
    everybody = sorted({*workers, mine})
    each, left = divmod(most, len(everybody))
    return each + (everybody.index(mine) < left)


def next_era(seen: Iterable[int], *, is_open: bool) -> int:
    """The number of a breaker's change that nobody has seen yet."""
    following = max(seen, default=0) + 1
    return following if (following % 2 == 1) is is_open else following + 1
