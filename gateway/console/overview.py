"""The first page: is anything wrong, since when, and where to press."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from starlette.responses import Response

from gateway.console.flow import Picture, Place, drawn
from gateway.console.moments import grouped
from gateway.console.texts import word_for
from gateway.console.visit import Visit
from gateway.ledger.activity import attempts_since, reports_since
from gateway.ledger.alerts import list_alerts
from gateway.ledger.clocks import count_alarms
from gateway.ledger.destinations import list_destinations
from gateway.ledger.gates import list_gates
from gateway.ledger.health import Overdue, overdue
from gateway.ledger.log_reading import latest_checkpoint
from gateway.ledger.queues import Waiting, causes, waiting
from gateway.ledger.values import BalanceRow, DestinationRow, GateRow
from gateway.operations.rows import alert_row
from schemas.handoff import HandoffState

LATELY = timedelta(minutes=5)
_LATE = timedelta(minutes=1)
"""A handoff that is due for so long and that nobody has in hand waits too long."""
_FAILING = 0.5
_ENOUGH = 4
_ALERTS = 5
OPEN = "open"
"""The state of a gate that lets everything through."""


@dataclass(frozen=True, slots=True)
class Sight:
    """What the overview is made from. `attempts` and `reports` are of the last five minutes."""

    books: Sequence[BalanceRow]
    attempts: dict[tuple[str, str], int]
    reports: dict[tuple[str, str], int]
    late: Sequence[Overdue]
    waiting: Waiting
    decided: dict[str, DestinationRow]
    gates: dict[str, str]
    alarms: Sequence[tuple[str, str, str, int]]

    @property
    def clocks(self) -> dict[str, int]:
        """How many clocks of the law are approaching their end, and how many are broken."""
        counts = Counter[str]()
        for _, _, state, count in self.alarms:
            counts[state] += count
        return dict(counts)

    def at_risk(self, destination: str) -> int:
        """How many clocks of cases at a destination are."""
        return sum(count for name, _, _, count in self.alarms if name == destination)

    @property
    def unbalanced(self) -> list[BalanceRow]:
        """The accounts in which something is missing or too many."""
        return [row for row in self.books if row.difference]

    def total(self, state: str) -> int:
        """How many handoffs are in a state."""
        return sum(getattr(row, state) for row in self.books)

    def failing(self, destination: str) -> bool:
        """Whether of late at least half of the attempts there came to nothing."""
        counts = {outcome: n for (name, outcome), n in self.attempts.items() if name == destination}
        every = sum(counts.values())
        return every >= _ENOUGH and counts.get("delivered", 0) <= every * (1 - _FAILING)


def shut(rows: Sequence[GateRow]) -> dict[str, str]:
    """Destinations whose gate is not simply open in some worker, and what it is there."""
    return {row.destination: row.state for row in rows if row.state != OPEN}


async def show_overview(visit: Visit) -> Response:
    """The page; only what changes on it when a script asks for it again."""
    desk, ledger = visit.desk, visit.desk.ledger
    sight = Sight(
        books=await desk.books.get(),
        attempts=await ledger.read(attempts_since, visit.now - LATELY),
        reports=await ledger.read(reports_since, visit.now - LATELY),
        late=await ledger.read(overdue, visit.now - _LATE),
        waiting=await ledger.read(waiting),
        decided={row.name: row for row in await ledger.read(list_destinations)},
        gates=shut(await ledger.read(list_gates)),
        alarms=await ledger.read(count_alarms),
    )
    shown: dict[str, Any] = {
        "sight": sight,
        "picture": _picture(visit, sight),
        "oldest": min((one.oldest for one in sight.late), default=None),
        "rate": sum(sight.attempts.values()) / LATELY.total_seconds() * 60,
        "intake": sum(sight.reports.values()) / LATELY.total_seconds() * 60,
        "causes": (await ledger.read(causes, HandoffState.PARKED))[:5],
        "paused": [row for row in sight.decided.values() if row.paused_at],
        "failing": [name for name in desk.config.destinations if sight.failing(name)],
        "alerts": [alert_row(one) for one in await ledger.read(list_alerts, raised=True, limit=_ALERTS)],
        "checkpoint": await ledger.read(latest_checkpoint),
    }
    return visit.page("overview_live.html" if visit.is_part else "overview.html", **shown)


def _picture(visit: Visit, sight: Sight) -> Picture:
    channels = dict.fromkeys(sorted({row.channel for row in sight.books}), 0)
    came = Counter[str]()
    for (channel, _), count in sight.reports.items():
        came[channel] += count
    left = {name: Place(visit.told("flow.came", n=grouped(visit.language, came[name]))) for name in channels}
    names = dict.fromkeys([*visit.desk.config.destinations, *(row.destination for row in sight.books)])
    names.pop("-", None)
    return drawn(sight.books, left, {name: _place(visit, sight, name) for name in names})


def _place(visit: Visit, sight: Sight, name: str) -> Place:
    rows = [row for row in sight.books if row.destination == name]
    pending, parked = sum(row.pending for row in rows), sum(row.parked for row in rows)
    uncertain = sum(row.uncertain for row in rows)
    went = sum(count for (destination, _), count in sight.attempts.items() if destination == name)
    decided = sight.decided.get(name)
    parts = [visit.told("flow.paused")] if decided and decided.paused_at else []
    parts += [word_for(visit.language, "gate", sight.gates[name].replace(" ", "_"))] if name in sight.gates else []
    parts += [
        visit.told(f"flow.{key}", n=grouped(visit.language, count))
        for key, count in (
            ("pending", pending),
            ("uncertain", uncertain),
            ("parked", parked),
            ("clocks", sight.at_risk(name)),
        )
        if count
    ]
    closed = name in sight.gates or sight.failing(name)
    mood = "paused" if decided and decided.paused_at else "bad" if closed else ""
    return Place(" · ".join(parts) or visit.told("flow.clear"), mood, went > 0)
