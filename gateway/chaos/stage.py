"""The processes of the copy: kept running as a supervisor keeps them, and killed where a blow falls."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from gateway.demo.children import Child, end_children, start_child
from schemas.errors import GatewayError

_SAYS_WHERE = re.compile(r"Taking reports at (http://\S+)")
_SAYS_WORKING = re.compile(r'"event":"worker.started"')
_LOOK_AGAIN, _START_AGAIN = 0.05, 0.2
_LAST_CHARACTERS = 2000


class NeverReady(GatewayError):
    """A process of the copy did not come up; the text says what its log says."""


@dataclass(slots=True)
class Seat:
    """A place that one process after the other takes. `address` is where it takes reports, if it does."""

    role: str
    arguments: tuple[str, ...]
    child: Child | None = None
    address: str | None = None
    up: asyncio.Event = field(default_factory=asyncio.Event)
    struck: bool = False
    starts: int = 0


class Stage:
    """All seats. `deserted` names each process that was at work and ended without having been killed."""

    def __init__(self, seats: Sequence[tuple[str, tuple[str, ...]]], environ: Mapping[str, str], logs: Path) -> None:
        self.seats = [Seat(role, arguments) for role, arguments in seats]
        self.deserted: list[str] = []
        self._environ = environ
        self._logs = logs
        self._ending = False
        self._supervisors: list[asyncio.Task[None]] = []

    @property
    def addresses(self) -> list[str]:
        """Where reports are taken just now."""
        return [seat.address for seat in self.seats if seat.address is not None]

    async def open(self, seconds: float) -> None:
        """Start every process and wait until all are at work. Raises NeverReady."""
        for number, seat in enumerate(self.seats):
            self._supervisors.append(asyncio.create_task(self._supervise(number, seat)))
        try:
            async with asyncio.timeout(seconds):
                for seat in self.seats:
                    await seat.up.wait()
        except TimeoutError as error:
            raise NeverReady(f"the processes of the copy do not come up: {self._last_words()}") from error

    async def close(self) -> None:
        """End all of them, in order if they leave by themselves."""
        self._ending = True
        for task in self._supervisors:
            task.cancel()
        await asyncio.gather(*self._supervisors, return_exceptions=True)
        await end_children([seat.child for seat in self.seats if seat.child], 15.0)

    async def kill(self, seat: Seat) -> None:
        """kill -9. The supervisor starts another."""
        if seat.child is not None and seat.child.process.returncode is None:
            seat.struck = True
            with suppress(ProcessLookupError):
                seat.child.process.kill()
            await seat.child.process.wait()

    async def _supervise(self, number: int, seat: Seat) -> None:
        while not self._ending:
            seat.starts += 1
            name = f"{seat.role}-{number}-{seat.starts}"
            seat.child = await start_child(name, seat.arguments, self._environ, self._logs)
            was_up = await self._await_ready(seat, seat.child)
            code = await seat.child.process.wait()
            seat.up.clear()
            seat.address = None
            if was_up and not seat.struck:
                self.deserted.append(f"{name} ended by itself with {code}: {_tail(seat.child.log)}")
            seat.struck = False
            await asyncio.sleep(0 if was_up else _START_AGAIN)

    async def _await_ready(self, seat: Seat, child: Child) -> bool:
        """Wait until a process is at work; False when it ended before that, as it may without its ledger."""
        ready_when = _SAYS_WHERE if "serve" in seat.arguments else _SAYS_WORKING
        while child.process.returncode is None:
            found = ready_when.search(child.log.read_text("utf-8", "replace"))
            if found:
                seat.address = found[1] if found.lastindex else None
                seat.up.set()
                return True
            await asyncio.sleep(_LOOK_AGAIN)
        return False

    def _last_words(self) -> str:
        return "\n".join(_tail(seat.child.log) for seat in self.seats if seat.child and not seat.up.is_set())


def _tail(log: Path) -> str:
    return log.read_text("utf-8", "replace")[-_LAST_CHARACTERS:]
