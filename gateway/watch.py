"""A worker's eye on its destinations' gates: which are paused, and how they fare, for people to see."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

import structlog

from gateway.clock import Clock
from gateway.gate import GateView
from gateway.ledger import Ledger
from gateway.ledger.destinations import list_destinations
from gateway.ledger.gates import show_gates
from gateway.ledger.values import GateRow
from gateway.line import Line
from gateway.metrics import Metrics

log = structlog.get_logger("gateway.watch")


class Watch:
    """Looks at all gates of one worker."""

    def __init__(self, lines: Mapping[str, Line], ledger: Ledger, metrics: Metrics, clock: Clock) -> None:
        self._lines = lines
        self._ledger = ledger
        self._metrics = metrics
        self._clock = clock
        self._shown: tuple[UUID, dict[str, GateView]] | None = None

    async def look(self, worker: UUID) -> None:
        """Tell each gate whether its destination is paused; log, measure and write down what changed."""
        decided = await self._ledger.read(list_destinations)
        paused = {row.name for row in decided if row.paused_at is not None}
        for name, line in self._lines.items():
            line.gate.paused = name in paused
        views = {name: line.gate.view() for name, line in self._lines.items()}
        before = self._shown[1] if self._shown else {}
        for name, view in views.items():
            self._metrics.show_gate(name, self._lines[name].gate.breaker_state, view.slots)
            if name in before and view.state != before[name].state:
                log.warning("destination.gate", destination=name, state=view.state, before=before[name].state)
        if self._shown == (worker, views):
            return
        now = self._clock.now()
        rows = [GateRow(worker, name, view.state, view.slots, view.opens_at, now) for name, view in views.items()]
        await self._ledger.write(show_gates, worker, rows)
        self._shown = (worker, views)
