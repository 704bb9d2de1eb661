"""Filling in, bit by bit, what rows from before lack: it never holds up what is handed off."""

from __future__ import annotations

from uuid import UUID

import structlog

from gateway.chores import Chore
from gateway.ledger import Ledger
from gateway.ledger.unfilled import fill_channels, lacks_channels

log = structlog.get_logger("gateway.catching_up")

_EVERY = 5.0
_STEPS = 10
_ROWS = 1_000
_BEGINNING = UUID(int=0)


def catching_up(ledger: Ledger) -> tuple[Chore, ...]:
    """The chore of a worker."""
    return (("catch_up", _EVERY, CatchingUp(ledger).go_on),)


class CatchingUp:
    """Gives attempts their channel. Once none lacks it, it looks no more."""

    def __init__(self, ledger: Ledger, rows: int = _ROWS) -> None:
        self._ledger = ledger
        self._rows = rows
        self._reached = _BEGINNING
        self.is_done = False

    async def go_on(self) -> None:
        """A few steps on. Raises LedgerUnavailable."""
        for _ in range(0 if self.is_done else _STEPS):
            if self._reached == _BEGINNING and not await self._ledger.read(lacks_channels):
                self.is_done = True
                return
            last = await self._ledger.write(fill_channels, self._reached, self._rows)
            self._reached = last or _BEGINNING
            if last is None:
                log.info("attempts.caught_up")  # now look once more: an older version may have added some
