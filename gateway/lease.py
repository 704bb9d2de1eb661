"""A worker's claim to be alive, and its judgement of the others.

No clock is compared with another: a worker counts its beats up in the ledger, and whoever sees a count that has not
moved for `seconds` of their own monotonic time takes that worker for dead and fences it. On the same host a process
that is gone is dead at once.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Sequence
from pathlib import Path
from uuid import UUID

import structlog

from gateway.clock import Clock
from gateway.ledger import Ledger
from gateway.ledger.values import Living, WorkerRow
from gateway.ledger.workers import beat, fence, leave, living, register
from schemas.errors import LedgerUnavailable
from schemas.ids import new_id

log = structlog.get_logger("gateway.lease")

_MARGIN = 0.5
"""Share of the lease after which a worker that could not beat sends nothing more."""


class Lease:
    """One process's lease. `worker` changes whenever it had to be taken anew."""

    def __init__(self, ledger: Ledger, clock: Clock, seconds: float) -> None:
        self._ledger = ledger
        self._clock = clock
        self._seconds = seconds
        self._host = _host()
        self._beaten_at = -seconds
        self._looked_at = -seconds
        self._seen: dict[UUID, tuple[int, float]] = {}
        self.worker = UUID(int=0)

    async def take(self) -> None:
        """Register as a new worker. What the old one had in hand will be taken up as a dead worker's."""
        at = self._clock.monotonic()
        row = WorkerRow(
            id=new_id(self._clock.now()), host=self._host, pid=os.getpid(), beats=0, started_at=self._clock.now()
        )
        await self._ledger.write(register, row)
        self.worker, self._beaten_at = row.id, at

    async def renew(self) -> None:
        """Beat. When this worker was fenced meanwhile, begin anew under another id."""
        at = self._clock.monotonic()
        if await self._ledger.write(beat, self.worker):
            self._beaten_at = at
            return
        log.warning("worker.was_fenced", worker=str(self.worker))
        await self.take()

    def holds(self, worker: UUID) -> bool:
        """Whether `worker` is this lease's and nobody can have taken it for dead yet."""
        return worker == self.worker and self._clock.monotonic() - self._beaten_at < self._seconds * _MARGIN

    async def fence_the_dead(self) -> None:
        """Fence every worker whose beats stand still, or whose process on this host is gone."""
        asked = self._clock.monotonic()
        present = await self._ledger.read(living)
        self._note(present, asked)
        for other in present:
            if other.id != self.worker and (self._stands_still(other, asked) or self._is_gone(other)):
                await self._fence(other)

    def lose(self, worker: UUID) -> None:
        """The ledger says that `worker` was fenced: it holds nothing any more. The next beat begins anew."""
        if worker == self.worker:
            self._beaten_at = -self._seconds

    async def give_back(self) -> None:
        """Leave. Without a ledger the row stays and others will find the worker dead."""
        try:
            await self._ledger.write(leave, self.worker)
        except LedgerUnavailable:
            log.warning("worker.left_without_word")

    async def _fence(self, other: Living) -> None:
        if await self._ledger.write(fence, other.id, self._clock.now()):
            log.warning("worker.fenced", worker=str(other.id), host=other.host, pid=other.pid)

    def _note(self, present: Sequence[Living], asked: float) -> None:
        """Note since when the beats of each stand where they stand. Both times err to the side of the living.

        Who could not look for a while begins anew: when the ledger is away, it is away for everybody.
        """
        answered = self._clock.monotonic()
        if asked - self._looked_at > self._seconds * _MARGIN:
            self._seen = {}
        self._looked_at = answered
        self._seen = {other.id: self._sighting(other, answered) for other in present}

    def _sighting(self, other: Living, now: float) -> tuple[int, float]:
        beats, since = self._seen.get(other.id, (other.beats, now))
        return (beats, since) if beats == other.beats else (other.beats, now)

    def _stands_still(self, other: Living, asked: float) -> bool:
        return asked - self._seen[other.id][1] >= self._seconds

    def _is_gone(self, other: Living) -> bool:
        return (
            other.host == self._host
            and other.pid != os.getpid()
            and not Path(f"/proc/{other.pid}").exists()
            and _has_proc()
        )


def _has_proc() -> bool:
    return Path("/proc/self").exists()


def _host() -> str:
    """This host in this boot: a process id means nothing after a restart, nor in another container."""
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
        space = str(Path("/proc/self/ns/pid").readlink())
    except OSError:
        boot, space = "", ""
    return f"{socket.gethostname()}/{boot}/{space}"[:255]
