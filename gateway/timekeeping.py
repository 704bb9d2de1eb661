"""What a worker does because time has passed: deadlines, uncertainties that a rule may settle, shapes."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from datetime import timedelta

import structlog

from gateway.casework import open_case
from gateway.chores import Act, Chore
from gateway.clock import FollowingClock
from gateway.conduct import Doubt
from gateway.ledger.casefiles import casefiles
from gateway.ledger.health import server_time
from gateway.ledger.misdated import put_right
from gateway.ledger.repairs import resolve
from gateway.ledger.reply_shapes import add_to_shape, list_shapes
from gateway.ledger.timers import count_waiting_since, park_uncertain, set_aside_overdue, uncertain_since
from gateway.ledger.values import HandoffRow
from gateway.line import Line, Tools, step_to_try
from schemas.errors import GatewayError, LedgerUnavailable
from schemas.handoff import Repeat

log = structlog.get_logger("gateway.timekeeping")

_EVERY, _SHAPES_EVERY, _CLOCK_EVERY = 30.0, 5.0, 2.0
_SURELY_LATER = timedelta(minutes=2)
"""No two clocks that are right differ by so much."""
DOUBT_RULE = "rule:uncertain"
_AT_ONCE = 500


def timekeeping(lines: Mapping[str, Line], tools: Tools) -> tuple[Chore, ...]:
    """The chores of a worker: name, seconds between two rounds, and what is done."""
    return (
        ("deadlines", _EVERY, lambda: keep_deadlines(lines, tools)),
        ("doubts", _EVERY, lambda: settle_doubts(lines, tools)),
        ("shapes", _SHAPES_EVERY, lambda: keep_shapes(lines, tools)),
        ("clock", _CLOCK_EVERY, lambda: follow_the_ledger(tools)),
        ("misdated", _EVERY, lambda: put_misdated_right(tools)),
    )


async def keep_time(tools: Tools, stop: asyncio.Event, look: Act) -> None:
    """What a process without a worker does beside its own until `stop` is set: go by the ledger's clock, and `look`."""
    while not stop.is_set():
        try:
            await follow_the_ledger(tools)
            await look()
        except LedgerUnavailable:
            log.warning("ledger.unavailable")
        with suppress(TimeoutError):
            async with asyncio.timeout(_CLOCK_EVERY):
                await stop.wait()


async def follow_the_ledger(tools: Tools) -> None:
    """Go by the clock of the ledger's server, so that all processes agree on what is due, whatever their own do."""
    clock = tools.clock
    if not isinstance(clock, FollowingClock):
        return
    asked_at = clock.now()
    moved = clock.follow(asked_at, await tools.ledger.read(server_time))
    if moved:
        log.warning("clock.put_right", seconds=moved.total_seconds())
        await put_misdated_right(tools)


async def put_misdated_right(tools: Tools) -> None:
    """Have what somebody wrote whose clock was ahead wait no longer than it should."""
    now = tools.clock.now()
    count = await tools.ledger.write(put_right, now, now + _SURELY_LATER)
    if count:
        log.warning("handoff.misdated", handoffs=count)


async def keep_shapes(lines: Mapping[str, Line], tools: Tools) -> None:
    """Put what this worker learned of replies' shapes together with what the others did."""
    now = tools.clock.now()
    for name, line in lines.items():
        for step, (epoch, learned) in line.sentinel.take_fresh().items():
            await tools.ledger.write(add_to_shape, name, step, epoch, learned, now)
    for name, known in (await tools.ledger.read(list_shapes)).items():
        for each in known if name in lines else ():
            lines[name].sentinel.recall(*each)


async def keep_deadlines(lines: Mapping[str, Line], tools: Tools) -> None:
    """Set aside whatever has passed its destination's deadline, and tell how much comes near it."""
    now = tools.clock.now()
    for name, line in lines.items():
        deadline = line.conduct.deadline
        if deadline is None:
            continue
        for age in deadline.alarms:
            count = await tools.ledger.read(count_waiting_since, name, now - timedelta(seconds=age))
            tools.metrics.waiting_longer(name, f"{age:g}").set(count)
            if count:
                log.warning("handoff.deadline_near", destination=name, waiting=count, seconds=age)
        before = now - timedelta(seconds=deadline.seconds)
        while count := await tools.ledger.write(set_aside_overdue, name, before, now, _AT_ONCE):
            log.warning("handoff.deadline_passed", destination=name, handoffs=count)


async def settle_doubts(lines: Mapping[str, Line], tools: Tools) -> None:
    """Resend or park what has been uncertain for as long as its destination's entry says.

    Only where the doubtful step can neither be repeated nor asked about, and only once: what becomes uncertain again
    after a rule had it sent again waits for a person.
    """
    for name, line in lines.items():
        if line.conduct.doubt.then != "wait":
            await _settle_doubts_at(name, line, tools)


async def _settle_doubts_at(name: str, line: Line, tools: Tools) -> None:
    before = tools.clock.now() - timedelta(seconds=line.conduct.doubt.seconds)
    rows = await tools.ledger.read(uncertain_since, name, before, _AT_ONCE)
    while rows:
        for row in rows:
            if await _is_without_remedy(row, line, tools) and await _settle(row, line.conduct.doubt, tools):
                log.warning(
                    "handoff.doubt_settled", handoff=str(row.id), destination=name, then=line.conduct.doubt.then
                )
        rows = await tools.ledger.read(uncertain_since, name, before, _AT_ONCE, rows[-1].id)


async def _is_without_remedy(row: HandoffRow, line: Line, tools: Tools) -> bool:
    """Whether the uncertain step can neither be sent again harmlessly nor be asked about."""
    try:
        [claimed] = await tools.ledger.read(casefiles, [row])
        opened = open_case(claimed, tools.vault, identity=line.identity)
    except GatewayError:
        return False
    step, is_lookup = step_to_try(line.destination, opened.case, opened.standing)
    return step is not None and not is_lookup and step.name == row.uncertain_step and step.repeat is Repeat.NEITHER


async def _settle(row: HandoffRow, doubt: Doubt, tools: Tools) -> bool:
    now = tools.clock.now()
    if doubt.then == "park":
        return await tools.ledger.write(park_uncertain, row.id, DOUBT_RULE, now)
    return await tools.ledger.write(resolve, row.id, arrived=False, actor=DOUBT_RULE, now=now)
