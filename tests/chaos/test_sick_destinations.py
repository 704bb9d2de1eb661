"""A destination that hangs, drips, resets, answers garbage or flaps: the others get theirs, and so does it, once well.

Ends with how long the others took beside each sickness, against how long they take when all are well.
"""

from __future__ import annotations

import statistics
import sys
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

REPORTS = 2_000 if LONG else 8
AT_ONCE = 100 if LONG else 8
SICKNESSES = {
    "begins": (),
    "is well": (),
    "hangs": ("stall_after:times=0",),
    "drips": ("trickle:times=0",),
    "resets": ("reset_after:times=0",),
    "garbage": ("malformed:times=0",),
    "flaps": ("reset_before:probability=0.5", "status:status=503:probability=0.5"),
}
"""What the ministry does to every request while so many reports come in. It honours our key."""
PATIENT = Plan(read="1s", total="2s", horizon="76h", conduct="breaker: {pause: 1s, longest: 2s}")


@pytest.mark.timeout(3600 if LONG else 300)
async def test_who_is_sick_delays_nobody_else_and_gets_everything_once_it_is_well(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with backend(EMBEDDED, tmp_path) as place:
        async with installation(tmp_path, place, PATIENT) as it:
            codes: dict[str, list[str]] = {}
            for number, (name, faults) in enumerate(SICKNESSES.items()):
                await it.simulators.ministry.set_faults(map(parse_fault, faults))
                codes[name] = await posted(it, number)
                await until(lambda some=codes[name]: delivered(it, SP4N, some), seconds=600)
            await it.simulators.ministry.set_faults([])
            everything = [code for some in codes.values() for code in some]
            await until(lambda: delivered(it, MINISTRY, everything), seconds=600)
            for book in (it.simulators.complaints(), it.simulators.cases()):
                assert len(book) == len(everything) == len(SICKNESSES) * REPORTS
            with capsys.disabled():
                sys.stdout.write(told({name: await it.ledger.read(latencies, some) for name, some in codes.items()}))


async def posted(it: Installation, number: int) -> list[str]:
    codes: list[str] = []
    for first in range(number * REPORTS, (number + 1) * REPORTS, AT_ONCE):
        codes += [one["tracking_code"] for one in await it.post(*map(submission, range(first, first + AT_ONCE)))]
    return codes


async def delivered(it: Installation, destination: str, codes: list[str]) -> bool:
    """Whether all of these reports are delivered there; whoever is held because its replies changed is let go on."""
    for row in await it.ledger.read(list_destinations):
        if row.paused_by == DRIFT_RULE:
            await it.ledger.write(accept_shapes, row.name, "uji", it.gateway.clock.now())
    states = await it.ledger.read(states_of, destination)
    return all(states[code] == HandoffState.DELIVERED for code in codes)


def states_of(conn: Connection, destination: str) -> dict[str, str]:
    """The state of each report's handoff to a destination, by tracking code."""
    query = select(reports.c.tracking_code, handoffs.c.state).join_from(
        reports, handoffs, handoffs.c.report_id == reports.c.id
    )
    return {row[0]: row[1] for row in conn.execute(query.where(handoffs.c.destination == destination))}


def latencies(conn: Connection, codes: list[str]) -> list[float]:
    """Seconds from a report's acceptance to its delivery at SP4N."""
    query = (
        select(reports.c.tracking_code, handoffs.c.created_at, func.max(results.c.ended_at))
        .join_from(reports, handoffs, handoffs.c.report_id == reports.c.id)
        .join(attempts, attempts.c.handoff_id == handoffs.c.id)
        .join(results, results.c.attempt_id == attempts.c.id)
        .where(handoffs.c.destination == SP4N)
        .group_by(reports.c.tracking_code, handoffs.c.created_at)
    )
    wanted = set(codes)
    return [(ended - created).total_seconds() for code, created, ended in conn.execute(query) if code in wanted]


def told(seconds: dict[str, list[float]]) -> str:
    """How long the others took beside each sickness."""
    usual = statistics.median(seconds["is well"])
    rows = ((name, statistics.median(some)) for name, some in seconds.items() if name != "begins")
    return f"\n{REPORTS} reports each, median seconds to SP4N beside a ministry that\n" + "".join(
        f"  {name:<10}{median:8.3f}  {median / usual:6.2f} ×\n" for name, median in rows
    )
