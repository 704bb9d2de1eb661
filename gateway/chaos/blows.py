"""What falls on the copy while it works: processes and servers are killed, connections cut, the queue deleted."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from functools import partial

from gateway.chaos.regime import Regime
from gateway.chaos.stage import Seat, Stage
from gateway.chaos.waiting import until
from gateway.chaos.wire import Wire

_LONGEST_CUT = 3.0
_BACK_WITHIN = 120.0
_SOFTLY = 0.25
"""How likely a kill is followed by something that is no kill."""


@dataclass(frozen=True, slots=True)
class Blow:
    """One kind of blow; `weight` is how likely it is beside the others. It returns when what it hit works again."""

    name: str
    fall: Callable[[], Awaitable[None]]
    weight: int = 1


def kill_one(stage: Stage, role: str, chance: random.Random) -> Callable[[], Awaitable[None]]:
    """kill -9 of one process of a role."""

    async def fall() -> None:
        seat = chance.choice([seat for seat in stage.seats if seat.role == role])
        await stage.kill(seat)
        await _back(seat)

    return fall


def cut(wire: Wire, chance: random.Random) -> Callable[[], Awaitable[None]]:
    """Everybody loses the connection to a server, for up to three seconds."""

    async def fall() -> None:
        wire.close()
        await asyncio.sleep(chance.random() * _LONGEST_CUT)
        await wire.open()

    return fall


@dataclass
class Striker:
    """Deals the blows of a regime, spread over its reports. `dealt` counts them; `hard` are kills, `soft` are not."""

    regime: Regime
    hard: Sequence[Blow]
    soft: Sequence[Blow]
    between: Callable[[], Awaitable[None]]
    chance: random.Random
    dealt: Counter[str] = field(default_factory=Counter)
    kills: int = 0

    async def strike(self, progress: Callable[[], int], over: asyncio.Event) -> None:
        """Kill at moments that are spread over the reports: one in each equal share of them, somewhere in it."""
        share = self._share
        for number in range(self.regime.kills):
            moment = number * share + self.chance.randrange(share)
            await until(partial(_reached, progress, moment, over))
            await self.between()
            await asyncio.sleep(self.chance.random() * 0.2)  # anywhere between two answers
            await self._deal(self.hard)
            self.kills += 1
            if self.soft and self.chance.random() < _SOFTLY:
                await self._deal(self.soft)

    def is_ahead(self, kept: int) -> bool:
        """Whether the reports have run ahead of the kills: each is to fall while its own share of them comes in."""
        return self.kills < self.regime.kills and kept >= (self.kills + 1) * self._share

    @property
    def _share(self) -> int:
        """How many reports there are to one kill."""
        return max(1, self.regime.reports // max(1, self.regime.kills))

    async def _deal(self, blows: Sequence[Blow]) -> None:
        blow = self.chance.choices(blows, [one.weight for one in blows])[0]
        await blow.fall()
        self.dealt[blow.name] += 1


async def _back(seat: Seat) -> None:
    async with asyncio.timeout(_BACK_WITHIN):
        await until(lambda: seat.up.is_set() and not seat.struck)


def _reached(progress: Callable[[], int], moment: int, over: asyncio.Event) -> bool:
    return progress() >= moment or over.is_set()
