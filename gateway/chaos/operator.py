"""The person of the run: does by the gateway's own means what operations would do, and decides doubts by chance."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime

from adapters.contract import Destination
from gateway.chaos.regime import ACTOR, Part, Taking
from gateway.dispatch import DRIFT_RULE
from gateway.ledger import Ledger
from gateway.ledger.destinations import list_destinations
from gateway.ledger.recount import handoffs_in
from gateway.ledger.repairs import redrive
from gateway.ledger.reply_shapes import accept_shapes
from gateway.ledger.values import HandoffRow
from gateway.ledger.views import show_report
from gateway.resolving import Settler, resolve_handoff
from gateway.vault import Vault
from schemas.errors import Conflict, Invalid, LedgerUnavailable, NotFound
from schemas.handoff import HandoffState, Repeat

_LOOKS_AGAIN = 1.0
_SENDS_AGAIN = 0.5
"""How likely the person sends again without asking, where only a person may: that is how explained doubles come."""


class Operator:
    """`did` counts what was decided. `asked` gives what a destination has of a report: the person may call there."""

    def __init__(
        self,
        ledger: Ledger,
        vault: Vault,
        destinations: Mapping[str, Destination],
        parts: Sequence[Part],
        asked: Callable[[str, str], list[Taking]],
        chance: random.Random,
    ) -> None:
        self._ledger = ledger
        self._vault = vault
        self._destinations = destinations
        self._parts = {part.name: part for part in parts}
        self._asked = asked
        self._chance = chance
        self.did: Counter[str] = Counter()

    async def work(self) -> None:
        """Look after what waits for a person, again and again, until cancelled."""
        while True:
            with suppress(LedgerUnavailable):
                await self.look()
            await asyncio.sleep(_LOOKS_AGAIN)

    async def look(self) -> None:
        """Look once: accept replies that changed, and settle every doubt."""
        for row in await self._ledger.read(list_destinations):
            if row.paused_at is not None and row.paused_by == DRIFT_RULE:
                await self._ledger.write(accept_shapes, row.name, ACTOR, datetime.now(UTC))
                self.did["replies accepted"] += 1
        for handoff in await self._ledger.read(handoffs_in, HandoffState.UNCERTAIN):
            await self._settle(handoff)

    async def redrive(self) -> int:
        """Put back whatever was parked: its cause is gone. Returns how many."""
        ids = [row.id for row in await self._ledger.read(handoffs_in, HandoffState.PARKED)]
        count = await self._ledger.write(redrive, ids, ACTOR, datetime.now(UTC)) if ids else 0
        self.did["redriven"] += count
        return count

    async def _settle(self, row: HandoffRow) -> None:
        """It arrived, with the number that the destination says; or it did not, or the person did not ask."""
        part, step = self._parts[row.destination], row.uncertain_step or ""
        record = await self._ledger.read(show_report, row.report_id)
        if record is None:
            return
        there = [one for one in self._asked(part.name, record.report.tracking_code) if one.step == step]
        blindly = part.repeat_of(step) is Repeat.NEITHER and self._chance.random() < _SENDS_AGAIN
        settler = Settler(self._ledger, self._vault, self._destinations, ACTOR, datetime.now(UTC))
        arrived = bool(there) and not blindly
        with suppress(Invalid, NotFound, Conflict):  # a rule, or a late answer, may have settled it meanwhile
            await resolve_handoff(settler, row, arrived=arrived, reference=there[0].reference if arrived else None)
            self.did["confirmed" if arrived else "sent again blindly" if there else "sent again, not there"] += 1
