"""What a machine runs out of: file handles, room on the disk, the right to write. Errors are clear, nothing is lost."""

from __future__ import annotations

import resource
import subprocess
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from io import FileIO
from pathlib import Path
from uuid import uuid4

import asyncpg
import pytest

from schemas.handoff import HandoffState
from tests.acceptance.channel_service import ChannelService, submission
from tests.acceptance.processes import SERVE, Running, site
from tests.acceptance.promises import broken_promises, settled
from tests.integration.backends import EMBEDDED, POSTGRESQL, PRODUCTION, Backend, backend, throw_away_database
from tests.integration.installation import Plan, installation

BEFORE, MEANWHILE = 5, 5
UNWATCHED = {"min_free_bytes": 0, "min_free_percent": 0.0}
"""Without the guard that refuses reports before the disk is full, so that it really fills."""


async def survived(
    channel: ChannelService, trouble: Callable[[], AsyncIterator[None]], said: str, *running: Running
) -> None:
    """Reports before the trouble, reports in it that are refused in plain words, and all of them kept and delivered."""
    for number in range(BEFORE):
        await channel.hand_in(submission(number))
    async with asynccontextmanager(trouble)():
        refused = len(channel.refusals)
        for number in range(BEFORE, BEFORE + MEANWHILE):
            answer = await channel.try_once(submission(number, photo=True))
            assert answer is None or answer.status_code == 202 or said in answer.text, answer.text
        assert len(channel.refusals) > refused
    for number in range(BEFORE, BEFORE + MEANWHILE):
        await channel.hand_in(submission(number, photo=True))
    assert [one for one in running if one.is_gone] == []
    await settled(channel.site)
    assert await broken_promises(channel.site, channel.kept) == []
    assert len(channel.site.simulators.cases()) == BEFORE + MEANWHILE


async def test_without_file_handles_it_says_so_and_goes_on_when_there_are_some(tmp_path: Path) -> None:
    with backend(EMBEDDED, tmp_path) as place:
        async with site(tmp_path, place) as it, ChannelService(it) as channel:
            running = await it.open(SERVE)

            async def nothing_can_be_opened() -> AsyncIterator[None]:
                with limited(running, resource.RLIMIT_NOFILE, 0):
                    yield

            await survived(channel, nothing_can_be_opened, "Too many open files", running)


async def test_on_a_disk_that_is_full_it_says_so_and_goes_on_when_there_is_room(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk") as disk:
        there = f"sqlite:///{disk / 'ledger.sqlite'}"
        plan = Plan(settings={"data_dir": disk / "data", **UNWATCHED})
        async with (
            site(tmp_path, Backend(EMBEDDED, there, "memory://", "chaos"), plan) as it,
            ChannelService(it) as channel,
        ):
            running = await it.open(SERVE)

            async def no_room() -> AsyncIterator[None]:
                with filled(disk, running):
                    yield

            await survived(channel, no_room, "", running)
            told = {answer.json()["detail"] for answer in channel.refusals}
            assert all("free space" in one or "disk" in one for one in told), told


@pytest.mark.postgresql
async def test_with_a_ledger_that_may_only_be_read_it_says_so_and_goes_on_when_it_may_write(tmp_path: Path) -> None:
    with throw_away_database(f"chaos_{uuid4().hex[:12]}") as url:
        async with installation(tmp_path, Backend(PRODUCTION, url, "memory://", "chaos")) as it:
            kept = [one["tracking_code"] for one in await it.post(*map(submission, range(BEFORE)))]
            await administer(url, "on")
            for number in range(BEFORE, BEFORE + MEANWHILE):
                answer = await it.api.post("/v1/reports", json=submission(number), headers=it.bearer)
                assert (answer.status_code, answer.headers["retry-after"] != "") == (503, True)
                assert "read-only" in answer.json()["detail"]
            await administer(url, "off")
            kept += [one["tracking_code"] for one in await it.post(*map(submission, range(BEFORE + MEANWHILE)))][
                BEFORE:
            ]
            for code in kept:
                assert {row.state for row in (await it.settled(code)).values()} == {HandoffState.DELIVERED}
            assert len(it.simulators.complaints()) == len(it.simulators.cases()) == len(kept) == BEFORE + MEANWHILE


@contextmanager
def limited(running: Running, what: int, most: int) -> Iterator[None]:
    """A process may have no more than so much of a resource, for a while."""
    before = resource.prlimit(running.pid, what)
    resource.prlimit(running.pid, what, (most, before[1]))
    try:
        yield
    finally:
        resource.prlimit(running.pid, what, before)


@contextmanager
def small_disk(folder: Path) -> Iterator[Path]:
    """A disk of its own where that is permitted, else just a folder."""
    folder.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=16m", "none", folder], capture_output=True).returncode
    try:
        yield folder
    finally:
        if mounted == 0:
            subprocess.run(["umount", "-l", folder], check=True)


@contextmanager
def filled(disk: Path, running: Running) -> Iterator[None]:
    """No byte more can be written: the disk is full, or, where it is no disk of its own, no file may grow."""
    if not disk.is_mount():
        with limited(running, resource.RLIMIT_FSIZE, 4096):
            yield
        return
    filler = disk / "filler"
    with filler.open("wb", buffering=0) as file, pytest.raises(OSError, match="No space"):
        fill(file)
    try:
        yield
    finally:
        filler.unlink()


def fill(file: FileIO) -> None:
    """Write until nothing more can be written. Raises OSError."""
    while True:
        file.write(bytes(4096))


async def administer(url: str, read_only: str) -> None:
    """Have the database take no writes, or take them again, as after a failover: every connection is dropped."""
    name = url.rpartition("/")[2]
    connection = await asyncpg.connect(f"{POSTGRESQL}/postgres")
    try:
        await connection.execute(f'ALTER DATABASE "{name}" SET default_transaction_read_only = {read_only}')
        await connection.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1", name)
    finally:
        await connection.close()
