"""How destinations misbehave while the regime lasts: one mood after the other at each, by chance."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Mapping

from adapters.simulator import Simulator, parse_fault

MOODS: dict[str, tuple[str, ...]] = {
    "well": (),
    "hangs": ("stall_before:probability={0}", "stall_after:probability={0}", "stall_headers:probability={0}"),
    "drips": ("trickle:probability={0}", "stall_body:probability={0}"),
    "resets": ("reset_before:probability={0}", "reset_after:probability={0}", "close_mid_headers:probability={0}"),
    "garbles": ("html:probability={0}", "malformed:probability={0}", "no_id:probability={0}", "bomb:probability=0.001"),
    "flaps": ("status:status=503:probability=0.3", "status_after:probability={0}"),
    "is gone": ("refused:seconds=1",),
}
"""Each mood and its faults (see `simulate --fault`); {0} is how likely each fault is for a request."""

USUAL, RARE = 0.08, 0.02
"""The second is for the national system: there every doubt about a complaint takes a person."""


class Moods:
    """Changes the mood of one destination at a time. `had` counts the moods that there were."""

    def __init__(self, simulators: Mapping[str, Simulator], rare: frozenset[str], chance: random.Random) -> None:
        self._simulators = simulators
        self._rare = rare
        self._chance = chance
        self.had: Counter[str] = Counter()

    async def change(self) -> None:
        """Put one destination into another mood."""
        name = self._chance.choice(sorted(self._simulators))
        mood = self._chance.choice(sorted(MOODS))
        self.had[mood] += 1
        await self.set(name, mood)

    async def set(self, name: str, mood: str) -> None:
        """Put a destination into a mood."""
        likely = RARE if name in self._rare else USUAL
        await self._simulators[name].set_faults(parse_fault(fault.format(likely)) for fault in MOODS[mood])

    async def all_well(self) -> None:
        """From now on everybody behaves."""
        for name in self._simulators:
            await self.set(name, "well")
