"""A destination's gate: whether a call may be made now."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import pytest

from adapters.contract import Fault, Reply
from gateway.breaker import BreakerPolicy, BreakerState
from gateway.conduct import Conduct
from gateway.gate import URGENT, Gate
from gateway.hours import ZONES, Opening, Weekly
from gateway.vital import Sign, sign_of

USUAL = 1
MONDAY_NOON = datetime(2026, 3, 2, 5, tzinfo=UTC)


class HandClock:
    """A clock that the test moves."""

    def __init__(self, now: datetime = MONDAY_NOON) -> None:
        self._now = now
        self._seconds = 0.0

    def now(self) -> datetime:
        return self._now

    def monotonic(self) -> float:
        return self._seconds

    def move(self, seconds: float) -> None:
        self._now += timedelta(seconds=seconds)
        self._seconds += seconds


CONDUCT = Conduct(breaker=BreakerPolicy(row=3, pause=5.0, probes=2))


def call(gate: Gate, sign: Sign, seconds: float = 0.1) -> None:
    leave = gate.enter(USUAL)
    assert leave is not None
    gate.leave(leave, sign, seconds)


def test_calls_that_get_no_answer_shut_it_and_a_good_one_opens_it_again() -> None:
    clock = HandClock()
    gate = Gate(CONDUCT, 8, clock)
    for _ in range(3):
        call(gate, Sign.UNREACHABLE)
    assert (gate.slots(), gate.enter(USUAL), gate.view().state) == (0, None, "breaker open")
    clock.move(5)
    assert gate.slots() == 2
    call(gate, Sign.WELL)
    assert (gate.slots(), gate.breaker_state, gate.view().state) == (8, BreakerState.CLOSED, "open")


def test_a_pass_counts_once() -> None:
    gate = Gate(CONDUCT, 8, HandClock())
    for _ in range(2):
        call(gate, Sign.UNREACHABLE)
    leave = gate.enter(USUAL)
    assert leave is not None
    gate.leave(leave, Sign.NOTHING, 0.0)
    gate.leave(leave, Sign.UNREACHABLE, 0.0)
    assert gate.breaker_state is BreakerState.CLOSED


def test_a_probe_that_was_not_made_leaves_its_place_to_another() -> None:
    clock = HandClock()
    gate = Gate(CONDUCT, 8, clock)
    for _ in range(3):
        call(gate, Sign.UNREACHABLE)
    clock.move(5)
    both = [gate.enter(USUAL), gate.enter(USUAL)]
    assert gate.enter(USUAL) is None
    assert both[0] is not None
    gate.leave(both[0], Sign.NOTHING, 0.0)
    assert gate.enter(USUAL) is not None


def test_overload_leaves_fewer_slots() -> None:
    gate = Gate(CONDUCT, 8, HandClock())
    call(gate, Sign.CROWDED)
    assert gate.slots() == 4


def test_whoever_asks_before_entering_is_told_the_same() -> None:
    gate = Gate(CONDUCT, 8, HandClock())
    assert not gate.is_shut(USUAL)
    for _ in range(3):
        call(gate, Sign.UNREACHABLE)
    assert gate.is_shut(USUAL)
    assert gate.is_shut(URGENT)


def test_while_it_is_paused_nobody_enters() -> None:
    gate = Gate(CONDUCT, 8, HandClock())
    gate.paused = True
    assert (gate.slots(), gate.enter(USUAL), gate.enter(URGENT)) == (0, None, None)


def test_outside_its_hours_only_emergencies_enter_if_that_is_said() -> None:
    hours = (Weekly(frozenset(range(5)), time(13), time(16), ZONES["WIB"]),)
    shut = Gate(Conduct(opening=Opening(hours)), 8, HandClock())
    ajar = Gate(Conduct(opening=Opening(hours, urgent_always=True)), 8, HandClock())
    assert (shut.slots(), shut.enter(URGENT)) == (0, None)
    assert (ajar.slots(), ajar.takes_only_urgent(), ajar.enter(USUAL)) == (8, True, None)
    assert ajar.enter(URGENT) is not None
    assert shut.view().opens_at == datetime(2026, 3, 2, 6, tzinfo=UTC)


@pytest.mark.parametrize(
    ("reply", "sign"),
    [
        (Reply(201), Sign.WELL),
        (Reply(422), Sign.WELL),
        (Reply(429), Sign.CROWDED),
        (Reply(503, {"retry-after": "30"}), Sign.CROWDED),
        (Reply(500), Sign.BROKEN),
        (Reply(fault=Fault("connect_refused", sent=False)), Sign.UNREACHABLE),
        (Reply(fault=Fault("connection_reset", sent=True)), Sign.UNREACHABLE),
        (Reply(fault=Fault("read_timeout", sent=True)), Sign.LATE),
        (Reply(fault=Fault("connect_timeout", sent=False)), Sign.LATE),
        (Reply(fault=Fault("lease_unsure", sent=False)), Sign.NOTHING),
    ],
    ids=lambda value: value.value if isinstance(value, Sign) else None,
)
def test_what_a_reply_says_about_its_destination(reply: Reply, sign: Sign) -> None:
    assert sign_of(reply) is sign


def test_a_breaker_closes_with_another_worker_s() -> None:
    gate = Gate(CONDUCT, 8, HandClock())
    gate.close()
    assert gate.slots() == 8, "one that is closed stays as it is"
    for _ in range(3):
        call(gate, Sign.UNREACHABLE)
    assert gate.slots() == 0
    gate.close()
    assert (gate.slots() > 0, gate.breaker_state) == (True, BreakerState.CLOSED)


def test_who_answers_after_a_breaker_was_open_is_back_until_that_was_seen_to() -> None:
    clock = HandClock()
    gate = Gate(CONDUCT, 8, clock)
    assert not gate.is_back()  # it may have been away before, and has not answered yet
    call(gate, Sign.WELL)
    assert gate.is_back()
    gate.is_missed = False
    assert not gate.is_back()
    for _ in range(3):
        call(gate, Sign.UNREACHABLE)
    clock.move(5)
    call(gate, Sign.UNREACHABLE)
    assert not gate.is_back()
    clock.move(10)
    call(gate, Sign.WELL)
    assert gate.is_back()


def test_who_was_held_for_another_workers_breaker_is_back_with_the_first_answer_after_it() -> None:
    gate = Gate(CONDUCT, 8, HandClock())
    call(gate, Sign.WELL)
    gate.is_missed = False
    gate.held = True
    assert not gate.is_back()
    gate.held = False
    assert not gate.is_back()
    call(gate, Sign.WELL)
    assert gate.is_back()
