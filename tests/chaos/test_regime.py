"""Kills, cuts and lying destinations while reports come in: nothing that got its 202 is lost or doubled unexplained.

Short form: a handful of kills. SP4N_TEST_LONG=1: a thousand, over fifty thousand reports, on each backend;
PostgreSQL and RabbitMQ are then this run's own, and killed like the gateway's processes.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from gateway.chaos.account import Account, table
from gateway.chaos.regime import Regime
from gateway.chaos.run import run_regime
from gateway.settings import Settings, load_settings
from tests.acceptance.processes import LONG
from tests.integration.backends import BOTH, EMBEDDED, PRODUCTION, Backend, backend

LONG_REGIMES = {
    EMBEDDED: Regime(reports=50_000, kills=1_000, seed=1708, minutes=480, settle=1_800),
    PRODUCTION: Regime(reports=50_000, kills=1_000, seed=1708, minutes=480, settle=1_800, own_servers=True),
}
SHORT_REGIMES = {
    EMBEDDED: Regime(reports=160, kills=2, seed=1708),
    PRODUCTION: Regime(reports=160, kills=3, seed=1708, gateways=1),
}


@pytest.fixture(params=BOTH)
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Backend]:
    with backend(request.param, tmp_path) as made:
        yield made


def installation(place: Backend, folder: Path) -> Settings:
    """An installation on a backend, with no configuration of its own: one destination of each conduct is played."""
    return load_settings(
        data_dir=folder / "own",
        database_url=place.database_url,
        broker_url=place.broker_url,
        queue_prefix=place.queue_prefix,
    )


@pytest.mark.timeout(12 * 3600 if LONG else 300)
async def test_whatever_is_killed_or_cut_off_every_promise_holds(
    tmp_path: Path, place: Backend, capsys: pytest.CaptureFixture[str]
) -> None:
    regime = (LONG_REGIMES if LONG else SHORT_REGIMES)[place.name]
    account = await run_regime(installation(place, tmp_path), regime, tmp_path / "copy", lambda _: None)
    show(account, capsys)
    assert account.broken == ()
    assert account.whole
    assert (account.kept, account.in_ledger, account.kills) == (regime.reports, regime.reports, regime.kills)
    assert all(one.handoffs == one.delivered + one.parked + one.uncertain for one in account.destinations)
    assert [one.name for one in account.destinations if one.repeat in ("dedupes", "lookup") and one.doubled] == []


def show(account: Account, capsys: pytest.CaptureFixture[str]) -> None:
    """The table ends every run, whatever came of it."""
    with capsys.disabled():
        sys.stdout.write("\n" + table(account))
