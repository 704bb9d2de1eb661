"""The verification that somebody started from console or API: one at a time, on its own, and ended with the process."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import datetime

import structlog

from gateway.clock import Clock
from gateway.evidence import Verification
from gateway.keyring import KeyRing
from gateway.ledger import Ledger
from gateway.ledger.actions import note
from gateway.ledger.measures import keep_verification
from gateway.ledger.values import ActionRow
from gateway.verifying import verify_watched
from schemas.errors import GatewayError
from schemas.ids import new_id

log = structlog.get_logger("gateway.operations")


class _Left(Exception):
    """The process is told to stop: the verification is given up."""


@dataclass(slots=True)
class Check:
    """One verification: how far it is, and what it found in the end. `problem`: it could not be done."""

    by: str
    began: datetime
    size: int = 0
    done: int = 0
    ended: datetime | None = None
    found: Verification | None = None
    problem: str = ""
    given_up: bool = field(default=False, repr=False)

    @property
    def percent(self) -> int:
        """How far it is."""
        return min(self.done * 100 // self.size, 100) if self.size else 0

    def expect(self, count: int) -> None:
        """So many records are to be read."""
        self.size = count

    def advance(self, count: int) -> None:
        """So many more were read."""
        if self.given_up:
            raise _Left
        self.done += count


class Checker:
    """Starts verifications and remembers the last one."""

    def __init__(self, ledger: Ledger, ring: KeyRing, clock: Clock) -> None:
        self._ledger = ledger
        self._ring = ring
        self._clock = clock
        self._task: asyncio.Task[None] | None = None
        self.last: Check | None = None

    @property
    def is_busy(self) -> bool:
        """Whether one is under way."""
        return self._task is not None and not self._task.done()

    def start(self, by: str) -> bool:
        """Begin one; False while another is under way."""
        if self.is_busy:
            return False
        self.last = Check(by, self._clock.now())
        self._task = asyncio.create_task(self._run(self.last))
        return True

    async def close(self) -> None:
        """Give up what is under way, and wait until it has ended."""
        if self._task is not None:
            if self.last is not None:
                self.last.given_up = True
            await self._task

    async def _run(self, check: Check) -> None:
        trusted = self._ring.trusted
        try:
            found, _ = await self._ledger.read(verify_watched, trusted, trusted[0].name, (), check)
            check.found = found
            await self._ledger.write(
                keep_verification, check.by, found.origin, found.size, self._clock.now(), found.whole
            )
            log.info("journal.verified", whole=found.whole, size=found.size)
        except _Left:
            check.problem = "given up"
        except GatewayError as error:
            check.problem = error.detail
        check.ended = self._clock.now()


async def begin_check(checker: Checker, ledger: Ledger, origin: str, actor: str, now: datetime) -> bool:
    """Begin a verification and record who asked for it; False while another is under way."""
    if not checker.start(actor):
        return False
    await ledger.write(note, ActionRow(new_id(now), now, actor, "verify", origin[:64], {}))
    return True
