"""A run from start to end: the copy is made, worked and struck; it comes to rest; everything is counted."""

from __future__ import annotations

import asyncio
import os
import random
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, ExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path

from adapters.destinations import DESTINATIONS
from adapters.destinations.ministry_rest import simulator as ministry
from adapters.destinations.sp4n import simulator as sp4n
from adapters.simulator import Book, Simulator
from gateway.chaos.account import Account, account_of
from gateway.chaos.balance import broken_promises, takings
from gateway.chaos.blows import Blow, Striker, cut, kill_one
from gateway.chaos.moods import Moods
from gateway.chaos.operator import Operator
from gateway.chaos.own_servers import begun
from gateway.chaos.place import Place, furnished
from gateway.chaos.regime import KILLED, SP4N, Part, Regime, Taking
from gateway.chaos.scratch import parts_of, scratch_config, topics_of
from gateway.chaos.sender import Sender, submissions
from gateway.chaos.stage import Stage
from gateway.config import Config, parse_config, read_file
from gateway.ledger.audit import verify_journal
from gateway.ledger.books import balance
from gateway.ledger.recount import recount, unrest
from gateway.ledger.values import BalanceRow
from gateway.preparing import make_folder
from gateway.settings import Settings
from schemas.errors import LedgerUnavailable

_UP_WITHIN = 120.0
_LOOK_AGAIN = 0.2
_MOST_TOLD = 50
Tell = Callable[[str], None]


@dataclass(frozen=True)
class Original:
    """What is copied: settings, configuration file as text and as read; and the blows that fall on its own servers."""

    settings: Settings
    text: str
    config: Config
    blows: list[Blow]


@dataclass(frozen=True)
class Scene:
    """Everybody of a running run."""

    regime: Regime
    parts: list[Part]
    simulators: Mapping[str, Simulator]
    place: Place
    stage: Stage
    sender: Sender
    striker: Striker
    moods: Moods
    operator: Operator

    def taken(self) -> list[Taking]:
        """What all destinations took."""
        return [one for part in self.parts for one in takings(part, self.simulators[part.name].book)]


async def run_regime(own: Settings, regime: Regime, folder: Path, tell: Tell, database: str | None = None) -> Account:
    """Run it and give the account. `own` is the installation that it is a copy of; `tell` hears how far it is.

    Raises Misconfigured for a configuration that cannot be copied, NeverReady when the copy does not come up.
    """
    path = own.config_file
    text = read_file(path) if path else files("gateway.chaos").joinpath("gateway.yaml").read_text("utf-8")
    config = parse_config(
        text,
        file=str(path or "gateway.yaml"),
        kinds=DESTINATIONS,
        production=own.is_production and path is not None,
        environ=os.environ,
    )
    make_folder(folder)
    began = datetime.now(UTC)
    async with (
        _installed(own, regime) as (base, blows),
        _scene(Original(base, text, config, blows), regime, folder, database) as scene,
    ):
        tell(f"{len(scene.parts)} tujuan / destinations, {len(scene.stage.seats)} proses / processes: {folder}")
        await _work(scene, topics_of(text), tell)
        problems = await _come_to_rest(scene, tell)
        return await _counted(scene, began, problems)


@asynccontextmanager
async def _installed(own: Settings, regime: Regime) -> AsyncIterator[tuple[Settings, list[Blow]]]:
    """The installation itself, or the same on servers of its own, with the blows that kill them."""
    if not regime.own_servers:
        yield own, []
        return
    servers = ExitStack()
    try:
        yield await asyncio.to_thread(begun, own, servers)
    finally:
        await asyncio.to_thread(servers.close)


@asynccontextmanager
async def _scene(original: Original, regime: Regime, folder: Path, database: str | None) -> AsyncIterator[Scene]:
    parts = parts_of(original.config)
    async with AsyncExitStack() as stack:
        simulators = {part.name: await _played(part, folder, stack) for part in parts}
        addresses = {name: simulator.url for name, simulator in simulators.items()}
        config = scratch_config(original.text, parts, addresses)
        place = await stack.enter_async_context(furnished(folder, original.settings, config, database))
        stage = Stage(_seats(place.settings, regime), place.environ, place.logs)
        stack.push_async_callback(stage.close)
        chance = random.Random(regime.seed)  # noqa: S311 - reproducible, guards nothing
        rare = frozenset(part.name for part in parts if part.played_by == SP4N)
        moods = Moods(simulators, rare, chance)
        lines = {name: line.destination for name, line in place.gateway.lines.items()}
        playing = {part.name: part for part in parts}

        def asked(name: str, code: str) -> list[Taking]:
            return [one for one in takings(playing[name], simulators[name].book) if one.code == code]

        yield Scene(
            regime,
            parts,
            simulators,
            place,
            stage,
            Sender(stage, place.key, random.Random(f"{regime.seed}:gateways")),  # noqa: S311 - the same
            Striker(regime, [*_hard(stage, chance), *original.blows], _soft(place, chance), moods.change, chance),
            moods,
            Operator(place.gateway.ledger, place.gateway.vault, lines, parts, asked, chance),
        )


async def _played(part: Part, folder: Path, stack: AsyncExitStack) -> Simulator:
    app = sp4n.simulated() if part.played_by == SP4N else ministry.simulated(mode=part.repeat.value)  # type: ignore[arg-type]  # harmless ones are played as dedupes
    simulator = Simulator(app, book=Book(folder / f"book-{part.name}.jsonl"))
    stack.push_async_callback(simulator.stop)
    await simulator.start()
    return simulator


def _seats(settings: Settings, regime: Regime) -> list[tuple[str, tuple[str, ...]]]:
    """One process for an embedded ledger, any number for others."""
    if settings.is_embedded:
        return [("gateway", ("serve",))]
    heads = [("gateway", ("serve", "--no-worker"))] * regime.gateways
    return [*heads, *[("worker", ("worker",))] * regime.workers]


def _hard(stage: Stage, chance: random.Random) -> list[Blow]:
    roles = sorted({seat.role for seat in stage.seats})
    return [Blow(f"{role}{KILLED}", kill_one(stage, role, chance), weight=4) for role in roles]


def _soft(place: Place, chance: random.Random) -> list[Blow]:
    cuts = [Blow(f"{name} cut off", cut(wire, chance)) for name, wire in place.wires.items()]
    if place.settings.broker_url == "memory://":
        return cuts
    return [*cuts, Blow("queue deleted", lambda: asyncio.to_thread(place.gateway.doorbell.delete_queue))]


async def _work(scene: Scene, topics: list[str], tell: Tell) -> None:
    """Post, strike and look after it, until every report is kept or the time is over."""
    regime, over, clock = scene.regime, asyncio.Event(), asyncio.get_running_loop().time
    await scene.stage.open(_UP_WITHIN)
    tending = asyncio.create_task(scene.operator.work())
    striking = asyncio.create_task(scene.striker.strike(lambda: len(scene.sender.kept), over))
    telling = asyncio.create_task(_tell_progress(scene, tell))
    try:
        reports, end = submissions(regime.reports, topics, regime.seed), clock() + 60 * regime.minutes
        await scene.sender.send_all(reports, regime.at_once, end, scene.striker.is_ahead)
        over.set()
        if clock() <= end:
            await striking
    finally:
        for task in (tending, striking, telling):
            task.cancel()
        await asyncio.gather(tending, striking, telling, return_exceptions=True)


async def _tell_progress(scene: Scene, tell: Tell) -> None:
    while True:
        await asyncio.sleep(10.0)
        tell(
            f"{len(scene.sender.kept)}/{scene.regime.reports} diterima / kept · "
            f"{scene.striker.kills}/{scene.regime.kills} kill · {sum(scene.operator.did.values())} ditangani / settled"
        )


async def _come_to_rest(scene: Scene, tell: Tell) -> list[str]:
    """Everybody behaves, and all work ends; then what was parked is put back once, and all work ends again."""
    await scene.moods.all_well()
    tell("menunggu tenang / coming to rest")
    problems = await _at_rest(scene)
    if not problems and await scene.operator.redrive():
        problems = await _at_rest(scene)
    return problems


async def _at_rest(scene: Scene) -> list[str]:
    """Wait until nothing is pending, uncertain or unsigned. What is not in time is named by the balance."""
    ledger = scene.place.gateway.ledger
    try:
        async with asyncio.timeout(scene.regime.settle):
            while True:
                with suppress(LedgerUnavailable):
                    await scene.operator.look()
                if await ledger.read(unrest) == (0, 0):
                    return []
                await asyncio.sleep(_LOOK_AGAIN)
    except TimeoutError:
        waiting, unsigned = await ledger.read(unrest)
        return [f"not at rest after {scene.regime.settle:g} s: {waiting} handoffs pending, {unsigned} records unsigned"]


async def _counted(scene: Scene, began: datetime, problems: list[str]) -> Account:
    ledger, ring = scene.place.gateway.ledger, scene.place.gateway.ring
    seen, taken = await ledger.read(recount), scene.taken()
    books: list[BalanceRow] = await ledger.read(balance)
    found = await ledger.read(verify_journal, ring.trusted, ring.origin)
    problems = [
        *problems,
        *broken_promises(seen, scene.parts, taken, scene.sender.kept),
        *(f"books: {row.channel} → {row.destination} differs by {row.difference}" for row in books if row.difference),
        *(f"verify: {finding.sentence}" for finding in found.findings),
        *(f"refused: {told}" for told in scene.sender.refused),
        *(f"deserted: {told}" for told in scene.stage.deserted),
    ]
    return account_of(
        scene.regime,
        scene.parts,
        seen,
        taken,
        began=began,
        ledger="SQLite" if scene.place.settings.is_embedded else "PostgreSQL",
        broker=scene.place.settings.broker_url.partition(":")[0],
        kept=len(scene.sender.kept),
        posts=scene.sender.posts,
        blows=scene.striker.dealt,
        kills=scene.striker.kills,
        moods=scene.moods.had,
        decisions=scene.operator.did,
        journal=found.size,
        broken=problems[:_MOST_TOLD],
        broken_count=len(problems),
    )
