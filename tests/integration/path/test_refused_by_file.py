"""A ministry writes into its folder that a case is not its matter: the case goes on to the next agency."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

from adapters.destinations.sftp.simulator import SimulatedDropbox
from gateway.app import Gateway, opened, worker_of
from gateway.ledger.views import show_report
from gateway.receipts.refusing import RULE
from gateway.settings import load_settings
from schemas.handoff import HandoffState
from tests.integration.backends import EMBEDDED, backend
from tests.integration.installation import make_channels, until
from tests.integration.path.test_days_on_end import SFTP, record_of
from tests.integration.path.test_refused_at_delivery import MEDICINE
from tests.integration.path.test_starting_again import post

CONFIG = """\
destinations:
  kemenkes:
    adapter: sftp
    url: {url}/
    private_hosts: [127.0.0.1]
    secrets: {secrets}
    options: {options}
  dinas:
    adapter: inbox
    url: inbox://dinas
directory:
  Dinas Kesehatan: {{aliases: [dinkes], destination: dinas}}
routes: {{default: [kemenkes]}}
"""


@asynccontextmanager
async def told(folder: Path, simulator: SimulatedDropbox) -> AsyncIterator[tuple[Gateway, str]]:
    """A gateway at work that drops cases at the simulator, and a report that it was told."""
    with backend(EMBEDDED, folder) as place:
        config = folder / "gateway.yaml"
        written = {name: json.dumps(SFTP[name]) for name in ("secrets", "options")}
        config.write_text(CONFIG.format(url=simulator.url, **written))
        settings = load_settings(
            config_file=config,
            data_dir=folder / "data",
            database_url=place.database_url,
            gather_seconds=0,
            sweep_interval=0.05,
        )
        async with AsyncExitStack() as stack:
            gateway = await stack.enter_async_context(opened(settings))
            stop = asyncio.Event()
            running = asyncio.create_task(worker_of(gateway).run(stop))
            try:
                yield gateway, await post(gateway, await make_channels(gateway), content=MEDICINE)
            finally:
                stop.set()
                await running


async def test_it_goes_on_to_the_next_agency(tmp_path: Path) -> None:
    simulator = SimulatedDropbox(public_key=SFTP["simulated"]["public_key"])
    await simulator.start()
    await simulator.misbehave("nacks:times=1")
    async with told(tmp_path, simulator) as (gateway, code):

        async def is_sent_on() -> bool:
            found = await gateway.ledger.read(show_report, code)
            return found is not None and {row.destination for row in found.handoffs} == {"kemenkes", "dinas"}

        await until(is_sent_on)
        record = await record_of(gateway, code)
        [first] = [row for row in record.handoffs if row.destination == "kemenkes"]
        assert (first.state, first.reason) == (HandoffState.CANCELLED, "not_ours")
        assert {(one.action, one.actor) for one in record.actions} >= {("reroute", RULE), ("cancel", RULE)}
    await simulator.stop()
