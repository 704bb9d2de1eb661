"""A destination that hangs, drips, resets, answers garbage or flaps: the others get theirs, and so does it, once well.

Ends with how long the others took beside each sickness, against how long they took just before and after it, when all
were well. A few reports are under way at a time, so that no queue of our own is measured.
"""

from __future__ import annotations

import itertools
import statistics
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Connection, func, select

from adapters.simulator import parse_fault
from gateway.dispatch import DRIFT_RULE
from gateway.ledger.destinations import list_destinations
from gateway.ledger.reply_shapes import accept_shapes
from gateway.ledger.tables import attempts, handoffs, reports, results
from schemas.handoff import HandoffState
from tests.acceptance.channel_service import submission
from tests.acceptance.processes import LONG
from tests.integration.backends import EMBEDDED, backend
from tests.integration.installation import MINISTRY, SP4N, Installation, Plan, installation, until

ROUNDS, AT_ONCE = (50, 8) if LONG else (1, 8)
SICKNESSES = {
    "hangs": ("stall_after:times=0",),
    "drips": ("trickle:times=0",),
    "resets": ("reset_after:times=0",),
    "garbage": ("malformed:times=0",),
    "flaps": ("reset_before:probability=0.5", "status:status=503:probability=0.5"),
}
"""What the ministry does to every request while so many reports come in. It honours our key."""
PATIENT = Plan(read="4s", total="8s", horizon="76h", conduct="breaker: {pause: 1s, longest: 2s}")
if LONG:  # a report waits before it is tried again, and once more, as where nobody set it
    PATIENT = replace(PATIENT, quick="[5s, 30s]", longest="30s")


@pytest.mark.timeout(3600 if LONG else 300)
async def test_who_is_sick_delays_nobody_else_and_gets_everything_once_it_is_well(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    numbers, rows = itertools.count(), []
    with backend(EMBEDDED, tmp_path) as place:
        async with installation(tmp_path, place, PATIENT) as it:
            await when(it, (), numbers)  # whatever is slow only at first
            before = await when(it, (), numbers)
            for name, faults in SICKNESSES.items():
                beside = await when(it, faults, numbers)
                after = await when(it, (), numbers)
                rows.append((name, statistics.median(beside), statistics.median(before + after)))
                before = after
            posted = next(numbers)
            assert len(it.simulators.complaints()) == len(it.simulators.cases()) == posted
            assert len({case["tracking_code"] for case in it.simulators.cases()}) == posted
            with capsys.disabled():
                sys.stdout.write(told(rows))


async def when(it: Installation, faults: tuple[str, ...], numbers: Iterator[int]) -> list[float]:
    """Seconds to SP4N of some reports while the ministry does so; then it is well, and gets everything."""
    await it.simulators.ministry.set_faults(map(parse_fault, faults))
    codes: list[str] = []
    for _ in range(ROUNDS):
        some = [submission(number) for number in itertools.islice(numbers, AT_ONCE)]
        fresh = [one["tracking_code"] for one in await it.post(*some)]
        await until(lambda fresh=fresh: delivered(it, SP4N, fresh), seconds=120)
        codes += fresh
    await it.simulators.ministry.set_faults([])
    await until(lambda: let_go_and_delivered(it, codes), seconds=600)
    return await it.ledger.read(latencies, codes)


async def let_go_and_delivered(it: Installation, codes: list[str]) -> bool:
    """Let the ministry go on, if it was held because its replies changed; whether all of these are delivered there."""
    for row in await it.ledger.read(list_destinations):
        if row.paused_by == DRIFT_RULE:
            await it.ledger.write(accept_shapes, row.name, "uji", it.gateway.clock.now())
    return await delivered(it, MINISTRY, codes)


async def delivered(it: Installation, destination: str, codes: list[str]) -> bool:
    """Whether all of these reports are delivered there."""
    return await it.ledger.read(count_delivered, destination, codes) == len(codes)


def count_delivered(conn: Connection, destination: str, codes: list[str]) -> int:
    """How many of the reports with these tracking codes are delivered at a destination."""
    query = (
        select(func.count())
        .select_from(reports)
        .join(handoffs, handoffs.c.report_id == reports.c.id)
        .where(reports.c.tracking_code.in_(codes), handoffs.c.destination == destination)
        .where(handoffs.c.state == HandoffState.DELIVERED)
    )
    return conn.execute(query).scalar_one()


def latencies(conn: Connection, codes: list[str]) -> list[float]:
    """Seconds from a report's acceptance to its delivery at SP4N."""
    query = (
        select(handoffs.c.created_at, func.max(results.c.ended_at, type_=results.c.ended_at.type))
        .select_from(reports)
        .join(handoffs, handoffs.c.report_id == reports.c.id)
        .join(attempts, attempts.c.handoff_id == handoffs.c.id)
        .join(results, results.c.attempt_id == attempts.c.id)
        .where(reports.c.tracking_code.in_(codes), handoffs.c.destination == SP4N)
        .group_by(handoffs.c.id, handoffs.c.created_at)
    )
    return [(ended - created).total_seconds() for created, ended in conn.execute(query)]


def told(rows: list[tuple[str, float, float]]) -> str:
    """How long the others took beside each sickness, and when all were well."""
    return f"\n{ROUNDS * AT_ONCE} reports each: median seconds to SP4N beside a ministry that\n" + "".join(
        f"  {name:<10}{beside:8.3f}   well before and after{well:8.3f}  {beside / well:6.2f} ×\n"
        for name, beside, well in rows
    )
