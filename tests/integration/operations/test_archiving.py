"""Making an archive is broken off at each of its steps: no content is lost, and it can be made again."""

from __future__ import annotations

import resource
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any, cast
from uuid import UUID

import pytest

from gateway.ledger import Ledger
from gateway.ledger.archives import keep_archive, list_archives, put_away
from gateway.ledger.values import WorkerRow
from gateway.ledger.views import show_report
from gateway.ledger.workers import register
from gateway.operations.archiving import Made, archive_before, check, contents_of, restore
from schemas.errors import Invalid, LedgerUnavailable, Misconfigured
from schemas.handoff import HandoffState
from tests.integration.ledger.doing import brought_to
from tests.integration.ledger.making import LATER, SP4N, a_report, a_worker
from tests.integration.ledgers import OpenLedger

COUNT = 5
THEN = LATER + timedelta(days=400)
BEFORE = LATER + timedelta(days=1)


class Breaking:
    """A ledger that goes away when something is written to it for the so-manieth time."""

    def __init__(self, ledger: Ledger, function: Callable[..., Any], *, after: bool) -> None:
        self._ledger = ledger
        self._function = function
        self._after = after
        self.read = ledger.read

    async def write(self, function: Callable[..., Any], *args: Any) -> Any:
        """The same, and gone: before it is done, or when it is done and nobody is told."""
        if function is not self._function:
            return await self._ledger.write(function, *args)
        if self._after:
            await self._ledger.write(function, *args)
        raise LedgerUnavailable("restarting")


@pytest.fixture
async def ledger(open_ledger: OpenLedger) -> Ledger:
    return await open_ledger()


@pytest.fixture
async def old(ledger: Ledger) -> list[UUID]:
    """Reports that are over."""
    worker: WorkerRow = a_worker()
    await ledger.write(register, worker)
    each = [a_report(f"m{number}", SP4N, conversation=f"person {number}") for number in range(COUNT)]
    return [(await brought_to(ledger, worker, HandoffState.DELIVERED, report)).report_id for report in each]


async def make(ledger: Any, folder: Path) -> Made | None:
    return await archive_before(cast(Ledger, ledger), folder, BEFORE, origin="uji", actor="ani", now=THEN)


def files_in(folder: Path) -> list[Path]:
    return list(folder.iterdir())


def only_file(folder: Path) -> Path:
    [file] = files_in(folder)
    return file


async def readable(ledger: Ledger, reports: list[UUID]) -> list[bool]:
    records = [await ledger.read(show_report, report) for report in reports]
    return [record is not None and record.key.wrapped is not None for record in records]


@pytest.mark.parametrize(
    ("function", "after", "is_known", "is_here"),
    [
        (keep_archive, False, False, True),
        (keep_archive, True, True, True),
        (put_away, False, True, True),
        (put_away, True, True, False),
    ],
)
async def test_broken_off_at_any_step_it_has_lost_nothing(
    ledger: Ledger, old: list[UUID], tmp_path: Path, function: Callable[..., Any], *, after: bool, is_known: bool,
    is_here: bool,
) -> None:  # fmt: skip
    with pytest.raises(LedgerUnavailable):
        await make(Breaking(ledger, function, after=after), tmp_path)

    file = only_file(tmp_path)
    assert len(list(contents_of(file))) == COUNT
    assert (await readable(ledger, old), len(await ledger.read(list_archives))) == ([is_here] * COUNT, int(is_known))
    if not is_known:
        with pytest.raises(Invalid, match="not of this ledger"):
            await check(ledger, file)

    again = await make(ledger, tmp_path)

    assert (again.moved if again else 0) == (COUNT if is_here else 0)
    holds = tmp_path / again.row.name if again else file
    assert await restore(ledger, holds, None, actor="ani", now=THEN) == (COUNT, 0)
    assert await readable(ledger, old) == [True] * COUNT


async def test_a_disk_that_is_full_is_told_and_nothing_is_moved(
    ledger: Ledger, old: list[UUID], tmp_path: Path
) -> None:
    with no_file_larger_than(64), pytest.raises(Misconfigured, match="nothing was moved"):
        await make(ledger, tmp_path)

    assert files_in(tmp_path) == []
    assert (await readable(ledger, old), await ledger.read(list_archives)) == ([True] * COUNT, [])


@contextmanager
def no_file_larger_than(size: int) -> Iterator[None]:
    """As on a disk without room: whatever this process writes beyond fails."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


async def test_two_at_the_same_time_move_each_report_once(ledger: Ledger, old: list[UUID], tmp_path: Path) -> None:
    class Late:
        """What another archives meanwhile is archived when this one begins to take out what it wrote."""

        read = ledger.read

        async def write(self, function: Callable[..., Any], *args: Any) -> Any:
            if function is keep_archive:
                assert (first := await make(ledger, tmp_path / "first")) is not None
                assert first.moved == COUNT
            return await ledger.write(function, *args)

    second = await make(Late(), tmp_path / "second")

    assert second is not None
    assert (second.row.reports, second.moved) == (COUNT, 0)
    file = only_file(tmp_path / "second")
    assert await restore(ledger, file, None, actor="ani", now=THEN) == (0, COUNT)
    file = only_file(tmp_path / "first")
    assert await restore(ledger, file, None, actor="ani", now=THEN) == (COUNT, 0)
