"""What a worker keeps in order beside handing off: its measurements and its chores, each with what it needs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from gateway.alerting import Alerting, alerting
from gateway.catching_up import catching_up
from gateway.chores import Chore
from gateway.collecting import collecting
from gateway.config import Config
from gateway.history import EVERY, History
from gateway.keyring import KeyRing
from gateway.lease import Lease
from gateway.line import Line, Tools
from gateway.measuring import Measuring
from gateway.proving import proving
from gateway.settings import Settings
from gateway.timekeeping import timekeeping


@dataclass(frozen=True, slots=True)
class Upkeep:
    """What it is made from. `is_connected`: whether the broker is reached."""

    settings: Settings
    config: Config
    ring: KeyRing
    tools: Tools
    lease: Lease
    is_connected: Callable[[], bool]

    @property
    def folders(self) -> dict[str, Path]:
        """The folders whose space is watched."""
        return {"files": self.settings.data_dir, "keys": self.settings.keys_path.parent}

    def measuring(self) -> Measuring:
        """The chore of the metrics."""
        tools, origin = self.tools, self.ring.origin
        return Measuring(
            tools.ledger, tools.metrics, tools.clock, self.config.destinations, self.folders, origin, self.is_connected
        )

    def chores(self, lines: dict[str, Line], history: History) -> tuple[Chore, ...]:
        """The others: name, seconds between two rounds, and what is done."""
        tools, settings = self.tools, self.settings
        alert = Alerting(
            tools, self.ring.origin, self.config.destinations, self.folders, settings.alert_limits, self._worker
        )
        return (
            *collecting(tools.files),
            *catching_up(tools.ledger),
            *timekeeping(lines, tools),
            ("history", EVERY, history.look),
            *alerting(alert),
            *proving(tools.ledger, self.ring, tools.clock, settings.verify_every, self._worker),
        )

    def _worker(self) -> UUID:
        return self.lease.worker
