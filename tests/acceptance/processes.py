"""Real gateway processes between simulators that outlive them: started, killed, started again."""

from __future__ import annotations

import asyncio
import os
import re
import signal
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from gateway.app import opened
from gateway.keyring import KeyRing
from gateway.ledger import Ledger
from gateway.settings import Settings, variable
from tests.acceptance.forked import Forked, fork
from tests.integration.backends import Backend
from tests.integration.installation import Plan, Simulators, make_channels, migrated, write_settings
from tests.integration.installation import until as wait_until

LONG = os.environ.get("SP4N_TEST_LONG") == "1"
"""Whether the long forms were asked for: every crash point on every backend, hundreds of kills."""

PATIENCE = 90.0
"""How long a condition may take to come true, in seconds: only a fault takes so long, also on a busy machine."""

UNHURRIED = Plan(read="30s", total="60s", horizon="1h")
"""For destinations that are well: a busy machine that answers late leaves nothing uncertain."""

SERVE, HEAD_ONLY, WORKER = ("serve",), ("serve", "--no-worker"), ("worker",)
until = partial(wait_until, seconds=PATIENCE)
"""Return when a condition holds; fail when it does not within `seconds`."""

_SAYS_WHERE = re.compile(r"Taking reports at (http://\S+)")
_SAYS_WORKING = re.compile(r'"event":"worker.started"')


@dataclass(frozen=True)
class Running:
    """A process of the gateway. What it says goes to its log."""

    process: Forked
    log: Path
    ready_when: re.Pattern[str]

    @property
    def pid(self) -> int:
        return self.process.pid

    @property
    def said(self) -> str:
        """Everything that it has said so far."""
        return self.log.read_text("utf-8", "replace")

    @property
    def is_gone(self) -> bool:
        return self.process.returncode is not None

    async def ready(self) -> str:
        """Return when it is at work: the address that it said, if it takes reports, or what it said."""

        async def found() -> bool:
            assert not self.is_gone, f"it ended with {self.process.returncode} before it was ready:\n{self.said}"
            return self.ready_when.search(self.said) is not None

        await until(found)
        match = self.ready_when.search(self.said)
        assert match is not None
        return match.group(match.lastindex or 0)

    async def ended(self, seconds: float = PATIENCE) -> int:
        """Wait for its end, and return its exit code; that of a killed process is the signal's number, negative."""
        async with asyncio.timeout(seconds):
            return await self.process.ended()

    def send(self, number: signal.Signals) -> None:
        """Send it a signal."""
        self.process.send_signal(number)

    async def kill(self) -> None:
        """kill -9, and wait until it is gone."""
        if not self.is_gone:
            self.send(signal.SIGKILL)
        await self.process.ended()


@dataclass
class Site:
    """An installation whose processes come and go. `address` is where reports are taken at the moment, if anywhere."""

    folder: Path
    settings: Settings
    ring: KeyRing
    key: str
    ledger: Ledger
    simulators: Simulators
    address: str | None = None
    processes: list[Running] = field(default_factory=list)

    async def start(self, command: tuple[str, ...] = SERVE, **environment: str) -> Running:
        """Start a command of the gateway; the settings' variables come from the site, more from `environment`."""
        log = self.folder / f"{'-'.join(command).replace('--', '')}-{len(self.processes)}.log"
        with log.open("wb") as output:
            process = fork(command, _environment(self.settings) | environment, output, output)
        running = Running(process, log, _SAYS_WHERE if command[0] == "serve" else _SAYS_WORKING)
        self.processes.append(running)
        return running

    async def open(self, command: tuple[str, ...] = SERVE, **environment: str) -> Running:
        """Start a command and wait until it is at work; one that takes reports is where they go from now on."""
        running = await self.start(command, **environment)
        said = await running.ready()
        if command[0] == "serve":
            self.address = said
        return running

    def reroute(self, address: str, other: str) -> None:
        """Have processes that start from now on reach a destination by another address."""
        config = self.settings.config_file
        assert config is not None
        config.write_text(config.read_text().replace(address, other))

    async def run(self, *command: str) -> tuple[int, str]:
        """Run a command to its end: its exit code and everything it said."""
        running = await self.start(command)
        return await running.ended(), running.said

    async def end(self) -> None:
        """End whatever still runs, without ceremony."""
        for running in self.processes:
            await running.kill()


@asynccontextmanager
async def site(folder: Path, backend: Backend, plan: Plan | None = None) -> AsyncIterator[Site]:
    """An installation with channels and simulators, and no process yet. Its processes are gone afterwards."""
    plan = plan or Plan()
    async with AsyncExitStack() as stack:
        simulators = await stack.enter_async_context(Simulators(plan, folder))
        settings = write_settings(folder, backend, plan, simulators)
        key, ring = await _set_up(settings)
        ledger = await Ledger.open(settings.ledger_url)
        stack.push_async_callback(ledger.close)
        made = Site(folder, settings, ring, key, ledger, simulators)
        stack.push_async_callback(made.end)
        yield made


async def _set_up(settings: Settings) -> tuple[str, KeyRing]:
    """Make the tables, the keys and the channels. Returns the key of the channel `aplikasi`."""
    await migrated(settings)
    async with opened(settings) as gateway:
        return await make_channels(gateway), gateway.ring


def _environment(settings: Settings) -> dict[str, str]:
    """The variables that give a process these settings, and nothing else of ours."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("SP4N_GATEWAY_")}
    given = {variable(name): str(getattr(settings, name)) for name in settings.model_fields_set}
    return inherited | given | {"SP4N_GATEWAY_PORT": "0"}
