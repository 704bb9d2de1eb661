"""The chore that measures: counting the books takes a small part of the time, the rest is measured every round."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

from gateway.ledger import Ledger
from gateway.ledger.measures import Measured
from gateway.measuring import Measuring
from gateway.metrics import Metrics

NOW = datetime(2026, 3, 2, 1, 15, tzinfo=UTC)
NOTHING = Measured({}, frozenset(), {}, 1, None, None, None)


class SlowLedger:
    """Takes ten seconds for the books."""

    def __init__(self) -> None:
        self.seconds = 100.0
        self.asked: Counter[str] = Counter()

    async def read(self, work: Any, *_: Any) -> Any:
        self.asked[work.__name__] += 1
        self.seconds += 10 if work.__name__ == "balance" else 0
        return [] if work.__name__ == "balance" else NOTHING

    def monotonic(self) -> float:
        return self.seconds

    def now(self) -> datetime:
        return NOW


def measuring(ledger: SlowLedger, folder: Path) -> Measuring:
    return Measuring(
        ledger=cast(Ledger, ledger),
        metrics=Metrics(),
        clock=ledger,
        destinations={},
        folders={"files": folder, "keys": folder / "not there"},
        origin="uji",
        is_connected=lambda: True,
    )


async def test_books_that_take_long_are_counted_seldom(tmp_path: Path) -> None:
    ledger = SlowLedger()
    chore = measuring(ledger, tmp_path)
    for _ in range(3):
        await chore.measure()
        ledger.seconds += 15
    assert ledger.asked == {"balance": 1, "measured": 3}
    ledger.seconds += 200
    await chore.measure()
    assert ledger.asked["balance"] == 2


async def test_the_machine_is_measured_as_far_as_it_is_there(tmp_path: Path) -> None:
    chore = measuring(SlowLedger(), tmp_path)
    await chore.measure()
    shown = chore.metrics.exposition().decode()
    assert 'disk_free_bytes{folder="files"}' in shown
    assert 'folder="keys"' not in shown
    assert "sp4n_gateway_broker_connected 1.0" in shown
