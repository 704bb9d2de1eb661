"""How calls are spread in time."""

from __future__ import annotations

import asyncio

import pytest

from gateway.pace import Pace


class Sleeps:
    """A clock that moves only by sleeping, and remembers how long it slept."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 100.0
        self.slept: list[float] = []
        monkeypatch.setattr(asyncio, "sleep", self.sleep)

    async def sleep(self, seconds: float) -> None:
        self.slept.append(round(seconds, 6))
        self.now += seconds

    def monotonic(self) -> float:
        return self.now


async def test_the_first_call_goes_at_once_and_the_next_ones_wait_their_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Sleeps(monkeypatch)
    pace = Pace(0.5, clock.monotonic)
    for _ in range(3):
        await pace.turn()
    assert clock.slept == [0.5, 0.5]


async def test_calls_that_come_together_are_spread_and_not_sent_together(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Sleeps(monkeypatch)
    pace = Pace(0.5, lambda: 100.0)
    for _ in range(4):
        await pace.turn()
    assert clock.slept == [0.5, 1.0, 1.5]


async def test_time_that_was_not_used_is_not_saved_up(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Sleeps(monkeypatch)
    pace = Pace(0.5, clock.monotonic)
    await pace.turn()
    clock.now += 60
    await pace.turn()
    await pace.turn()
    assert clock.slept == [0.5]


async def test_without_a_rate_nobody_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Sleeps(monkeypatch)
    pace = Pace(0.0, clock.monotonic)
    for _ in range(100):
        await pace.turn()
    assert clock.slept == []
