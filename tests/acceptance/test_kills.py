"""kill -9 at random moments while reports come in: nothing that got its 202 is lost, nothing is sent twice.

Short form: eight kills. SP4N_TEST_LONG=1: two hundred.
"""

from __future__ import annotations

import asyncio
import random
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path
from uuid import UUID

import pytest

from adapters.simulator import parse_fault
from schemas.handoff import HandoffState, ResultSource
from tests.acceptance.channel_service import ChannelService, submission
from tests.acceptance.processes import HEAD_ONLY, LONG, SERVE, WORKER, Running, Site, site, until
from tests.acceptance.promises import Ledgerful, broken_promises, look, settled, stranded, strays, tracking_code
from tests.integration.backends import BOTH, EMBEDDED, Backend, backend
from tests.integration.installation import MINISTRY, SP4N, Plan

SEED = 1708
REPORTS = 2000
KILLS = 200 if LONG else 8
AT_ONCE = 16
TAKEN_UP_WITHIN = 10.0
"""Seconds after the restart in which whatever the killed had in hand is taken up: the promise, not a measurement."""

MOODY = Plan(
    sp4n_faults=[parse_fault("status:status=503:probability=0.01:path=(file|reject)$")],
    ministry_faults=[parse_fault("reset_after:probability=0.02"), parse_fault("status:status=503:probability=0.02")],
    horizon="10m",
)
"""Destinations that fail a little, never where it would make a complaint uncertain: only a kill may do that here."""


@pytest.fixture(params=BOTH)
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Backend]:
    with backend(request.param, tmp_path) as made:
        yield made


@pytest.mark.timeout(3600 if LONG else 600)
async def test_whatever_is_killed_no_report_is_lost_and_none_is_doubled(
    tmp_path: Path, place: Backend, capsys: pytest.CaptureFixture[str]
) -> None:
    async with site(tmp_path, place, MOODY) as it, ChannelService(it) as channel:
        killer = Killer(it, (SERVE,) if place.name == EMBEDDED else (HEAD_ONLY, WORKER, WORKER))
        await killer.open()
        reports = (submission(number, photo=number % 5 == 0) for number in range(REPORTS))
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(channel.hand_in_all(reports, AT_ONCE))
            tasks.create_task(killer.work(lambda: len(channel.kept)))
        seen = await settled(it)
        problems = [*killer.left_lying, *await broken_promises(it, channel.kept), *_unexplained(seen)]
        with capsys.disabled():
            sys.stdout.write(_table(place.name, killer, channel, it, seen))
        assert problems == []
        assert len(killer.killed) == KILLS
        assert len(channel.kept) == REPORTS


class Killer:
    """Keeps an installation's processes running, except that it kills one of them now and then."""

    def __init__(self, it: Site, commands: tuple[tuple[str, ...], ...]) -> None:
        self._site = it
        self._commands = commands
        self._chance = random.Random(SEED)
        self._alive: list[tuple[tuple[str, ...], Running]] = []
        self.killed: list[str] = []
        self.left_lying: list[str] = []

    async def open(self) -> None:
        """Start every process."""
        for command in self._commands:
            self._alive.append((command, await self._site.open(command)))

    async def work(self, progress: Callable[[], int]) -> None:
        """Kill at moments that are spread over the reports: one in each equal share of them, somewhere in it."""
        share = REPORTS // KILLS
        for number in range(KILLS):
            await until(partial(_reached, progress, number * share + self._chance.randrange(share)))
            await asyncio.sleep(self._chance.random() * 0.2)  # anywhere between two answers
            await self._kill_one()

    async def _kill_one(self) -> None:
        victim = self._chance.randrange(len(self._alive))
        command, running = self._alive[victim]
        await running.kill()
        if command is not WORKER:
            self._site.address = None
        dead = {row["id"] for row in (await look(self._site)).workers if row["pid"] == running.pid}
        self._alive[victim] = (command, await self._site.open(command))
        self.killed.append(" ".join(command))
        await self._see_taken_up(dead)

    async def _see_taken_up(self, dead: set[UUID]) -> None:
        found: list[str] = []

        async def taken_up() -> bool:
            found[:] = await stranded(self._site, dead)
            return not found

        with suppress(TimeoutError):
            await until(taken_up, seconds=TAKEN_UP_WITHIN)
        self.left_lying += [f"{TAKEN_UP_WITHIN:.0f} s after kill {len(self.killed)}: {one}" for one in found]


async def _reached(progress: Callable[[], int], moment: int) -> bool:
    return progress() >= moment


def _unexplained(seen: Ledgerful) -> Iterator[str]:
    """Only a complaint that was under way when its worker was killed may be uncertain."""
    reaped = {row["attempt_id"] for row in seen.results if row["source"] == ResultSource.REAPER}
    explained = {row["handoff_id"] for row in seen.attempts if row["id"] in reaped and row["step"] == "complaint"}
    for row in seen.in_state(HandoffState.UNCERTAIN):
        if row["id"] not in explained:
            yield f"{row['destination']} is uncertain, and its worker did not die: {row['reason']}"


def _table(name: str, killer: Killer, channel: ChannelService, it: Site, seen: Ledgerful) -> str:
    taken = {tracking_code(entry["fields"]["content"], seen) for entry in it.simulators.complaints()}
    codes = {row["id"]: row["tracking_code"] for row in seen.reports}
    uncertain = [codes[row["report_id"]] in taken for row in seen.in_state(HandoffState.UNCERTAIN)]
    delivered = Counter(row["destination"] for row in seen.in_state(HandoffState.DELIVERED))
    sources = Counter(row["source"] for row in seen.results)
    killed = ", ".join(f"{command} {count}" for command, count in sorted(Counter(killer.killed).items()))
    rows = {
        "kills": f"{len(killer.killed)} ({killed}; seed {SEED})",
        "posts": f"{channel.posts}, of them answered 202: {len(channel.kept)} reports",
        "delivered": f"{SP4N} {delivered[SP4N]}, {MINISTRY} {delivered[MINISTRY]}",
        "uncertain": f"{len(uncertain)} complaints, of them taken by SP4N: {sum(uncertain)}",
        "in the books": f"{len(taken)} complaints, {len(it.simulators.cases())} cases",
        "attempts": f"{len(seen.attempts)}, of them under way at a kill: {sources[ResultSource.REAPER]}",
        "files": f"{len(seen.files)}, and {strays(it, seen)} that no report has",
        "left lying": f"{len(killer.left_lying)} after {TAKEN_UP_WITHIN:.0f} s",
    }
    return f"\n{name}: {REPORTS} reports\n" + "".join(f"  {what:<14}{told}\n" for what, told in rows.items())
