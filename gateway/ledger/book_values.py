"""A line of the books."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class BalanceRow:
    """The books of one channel and destination. `accepted` is counted from the messages, the rest from the handoffs."""

    channel: str
    destination: str
    accepted: int
    delivered: int = 0
    pending: int = 0
    uncertain: int = 0
    parked: int = 0
    cancelled: int = 0

    @property
    def difference(self) -> int:
        """How many are missing (or too many, if negative). 0 when the books balance."""
        return self.accepted - (self.delivered + self.pending + self.uncertain + self.parked + self.cancelled)
