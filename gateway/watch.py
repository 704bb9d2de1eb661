"""A worker's eye on its destinations' gates: which are paused, how they fare here and with the other workers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

import structlog

from gateway.breaker import BreakerState
from gateway.clock import Clock
from gateway.gate import GateView
from gateway.ledger import Ledger
from gateway.ledger.gates import look_around, show_gates
from gateway.ledger.recovering import bring_forward
from gateway.ledger.values import GateRow
from gateway.line import Line
from gateway.metrics import Metrics
from gateway.sharing import Turn, next_era
from gateway.vital import OUTAGES

log = structlog.get_logger("gateway.watch")

_AT_ONCE = 500


class _Sight(NamedTuple):
    """How one gate stands."""

    view: GateView
    breaker: BreakerState
    era: int

    def row(self, worker: UUID, name: str, at: datetime) -> GateRow:
        """The same as others read it."""
        return GateRow(worker, name, self.view.state, self.view.slots, self.view.opens_at, at, self.era)


class Watch:
    """Looks at all gates of one worker. `interval` is the time between two looks, in seconds."""

    def __init__(
        self, lines: Mapping[str, Line], ledger: Ledger, metrics: Metrics, clock: Clock, interval: float
    ) -> None:
        self._lines = lines
        self._ledger = ledger
        self._metrics = metrics
        self._clock = clock
        self._interval = interval
        self._shown: tuple[UUID, dict[str, _Sight]] | None = None
        self._eras: dict[str, int] = {}
        self._company: dict[str, int] = {}

    async def look(self, worker: UUID) -> None:
        """Tell each gate what people decided and what other workers found; log, measure and write down what changed."""
        if self._shown is None or self._shown[0] != worker:
            await self._show(worker)  # whoever looks from now on counts this one
        seen = await self._ledger.read(look_around, worker)
        others: dict[str, list[GateRow]] = defaultdict(list)
        for row in seen.gates:
            others[row.destination].append(row)
        for name, line in self._lines.items():
            line.gate.paused = name in seen.paused
            self._share(name, line, others[name], worker)
            self._go_by_the_newest(name, line, others[name], worker)
        await self._show(worker)
        for name, line in list(self._lines.items()):
            if line.gate.is_back():
                await self._welcome_back(name, line)

    async def _welcome_back(self, name: str, line: Line) -> None:
        """Who answers again gets at once what waited for just that, the urgent and the old first, at its usual rate.

        Otherwise what was tried most while it was away, emergencies above all, would now wait the longest.
        """
        now = self._clock.now()
        settled = now - timedelta(seconds=line.destination.lookup_delay)
        while count := await self._ledger.write(bring_forward, name, OUTAGES, settled, now, _AT_ONCE):
            log.info("handoff.brought_forward", destination=name, handoffs=count)
        line.gate.is_missed = False

    def _share(self, name: str, line: Line, others: Sequence[GateRow], worker: UUID) -> None:
        """Take this worker's part of what the destination allows."""
        before, self._company[name] = self._company.get(name), len(others)
        line.gate.share([row.worker for row in others], worker)
        line.pace.share(len(others) + 1)
        if before is None and others:
            line.pace.rest(2 * self._interval)

    def _go_by_the_newest(self, name: str, line: Line, others: Sequence[GateRow], worker: UUID) -> None:
        """Whoever changed last is right: open, then only that worker probes; closed, then it is closed for all."""
        mine, is_open = self._eras.get(name, 0), line.gate.breaker_state is not BreakerState.CLOSED
        turns = [Turn(row.era or 0, row.worker) for row in others]
        if is_open != Turn(mine, worker).is_open:
            mine = next_era([mine, *(turn.era for turn in turns)], is_open=is_open)
        newest = max([*turns, Turn(mine, worker)])
        line.gate.held = newest.worker != worker and newest.is_open
        if newest.worker != worker and not newest.is_open and is_open:
            line.gate.close()
            mine = newest.era
        self._eras[name] = mine

    async def _show(self, worker: UUID) -> None:
        """Log, measure and write down what changed: as little as that is, however many destinations there are."""
        now = {name: self._sight_of(name, line) for name, line in self._lines.items()}
        seen = self._shown[1] if self._shown else {}
        written = seen if self._shown and self._shown[0] == worker else {}
        changed = [name for name, sight in now.items() if written.get(name) != sight]
        gone = written.keys() - now.keys()
        for name in changed:
            view, state = now[name].view, now[name].breaker
            self._metrics.show_gate(name, state, view.slots)
            if name in seen and view.state != seen[name].view.state:
                log.warning("destination.gate", destination=name, state=view.state, before=seen[name].view.state)
        if changed or gone:
            at = self._clock.now()
            rows = [now[name].row(worker, name, at) for name in changed]
            await self._ledger.write(show_gates, worker, rows, gone)
        self._shown = (worker, now)

    def _sight_of(self, name: str, line: Line) -> _Sight:
        return _Sight(line.gate.view(), line.gate.breaker_state, self._eras.get(name, 0))
