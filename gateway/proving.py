"""The chore that verifies the journal by itself: one worker for all, as often as is set, and what it found is kept."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import structlog

from gateway.chores import Chore
from gateway.clock import Clock
from gateway.keyring import KeyRing
from gateway.ledger import Ledger
from gateway.ledger.alerts import is_eldest
from gateway.ledger.measures import keep_verification, last_verification, signed_first
from gateway.verifying import verify_watched

log = structlog.get_logger("gateway.proving")

VERIFY_RULE = "rule:verify"
_LOOK_EVERY = 60.0


class _Unwatched:
    """Nobody looks how far it is."""

    def expect(self, count: int) -> None:
        """So many records are to be read."""

    def advance(self, count: int) -> None:
        """So many more were read."""


def proving(ledger: Ledger, ring: KeyRing, clock: Clock, every: float, worker: Callable[[], UUID]) -> tuple[Chore, ...]:
    """The chore of a worker; none where `every`, in seconds, is 0."""

    async def prove() -> None:
        if await ledger.read(is_eldest, worker()):
            await verify_if_due(ledger, ring, clock, every)

    return (("verify", _LOOK_EVERY, prove),) if every else ()


async def verify_if_due(ledger: Ledger, ring: KeyRing, clock: Clock, every: float) -> bool:
    """Verify the journal if that was done longer than `every` seconds ago, or never since its first signature."""
    last = await ledger.read(last_verification, ring.trusted[0].name)
    since = last.at if last else await ledger.read(signed_first)
    if since is None or clock.now() - since < timedelta(seconds=every):
        return False
    found, _ = await ledger.read(verify_watched, ring.trusted, ring.trusted[0].name, (), _Unwatched())
    await ledger.write(keep_verification, VERIFY_RULE, found.origin, found.size, clock.now(), found.whole)
    log.log(30 if not found.whole else 20, "journal.verified", whole=found.whole, size=found.size)
    return True
