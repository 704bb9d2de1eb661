"""The scanner's own protocol, against a small server that speaks it."""

from __future__ import annotations

from pathlib import Path

import pytest

from gateway.scanner import Scan, Scanner, ScanState
from tests.fakes.clamd import EICAR, FOUND, Clamd
from tests.fakes.pouring import in_pieces


async def test_a_file_is_clean_or_something_is_found_in_it() -> None:
    async with Clamd() as clamd:
        scanner = Scanner(clamd.address)
        assert await scanner.scan(in_pieces(b"a" * 200_000)) == Scan(ScanState.CLEAN)
        assert await scanner.scan(in_pieces(b"a" * 70_000 + EICAR)) == Scan(ScanState.INFECTED, FOUND)
        assert await scanner.scan(in_pieces(b"")) == Scan(ScanState.CLEAN)
        assert clamd.scanned == [200_000, 70_000 + len(EICAR), 0]


async def test_it_is_reached_over_a_socket_file_too(tmp_path: Path) -> None:
    async with Clamd(socket=tmp_path / "clamd.ctl") as clamd:
        assert await Scanner(clamd.address).scan(in_pieces(EICAR)) == Scan(ScanState.INFECTED, FOUND)
        assert await Scanner(clamd.address).version() == "ClamAV 1.4.1/27500"


async def test_without_a_scanner_a_file_is_not_looked_at() -> None:
    assert await Scanner().scan(in_pieces(EICAR)) == Scan(ScanState.OFF)
    assert await Scanner().version() is None


async def test_a_scanner_that_is_not_there_is_down() -> None:
    clamd = Clamd()
    await clamd.start()
    await clamd.stop()
    assert (await Scanner(clamd.address).scan(in_pieces(b"a"))).state is ScanState.DOWN
    assert await Scanner(clamd.address).version() is None


@pytest.mark.parametrize("says", [b"", b"stream: lstat() failed. ERROR", b"OK", b"stream: FOUND OK", b"\xff" * 5000])
async def test_an_answer_that_is_no_verdict_is_none(says: bytes) -> None:
    async with Clamd(says=says) as clamd:
        assert (await Scanner(clamd.address).scan(in_pieces(b"a"))).state is ScanState.DOWN


async def test_a_file_that_is_too_large_for_the_scanner_was_not_scanned() -> None:
    async with Clamd(limit=1000) as clamd:
        assert (await Scanner(clamd.address).scan(in_pieces(b"a" * 5_000_000))).state is ScanState.DOWN


async def test_a_scanner_that_never_answers_is_down() -> None:
    async with Clamd(says=b"stream: OK") as clamd:
        assert (await Scanner(clamd.address, seconds=0.0).scan(in_pieces(b"a"))).state is ScanState.DOWN
