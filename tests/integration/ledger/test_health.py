"""What an examination asks: the server's clock, what waits too long, what nobody signed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from gateway.ledger import Ledger
from gateway.ledger.destinations import pause
from gateway.ledger.health import Overdue, last_moment, overdue, server_time, unsigned_since
from gateway.ledger.journal import sequence
from gateway.ledger.values import Claimed, WorkerRow
from schemas.handoff import HandoffState
from tests.integration.installation import until
from tests.integration.journal.world import sign
from tests.integration.ledger.doing import begin, brought_to, keep
from tests.integration.ledger.making import LATER, MINISTRY, NOW, SP4N, a_report

MINUTE = timedelta(minutes=1)


async def test_the_servers_time_is_now_and_has_a_zone(ledger: Ledger) -> None:
    before = datetime.now(UTC)
    at = await ledger.read(server_time)
    assert abs(at - before) < timedelta(hours=1)
    assert at.utcoffset() == timedelta(0)


async def test_the_last_moment_is_that_of_the_newest_attempt(ledger: Ledger, worker: WorkerRow) -> None:
    assert await ledger.read(last_moment) is None
    await brought_to(ledger, worker, HandoffState.DELIVERED, a_report("wamid.1", SP4N))
    assert await ledger.read(last_moment) == LATER


async def test_what_waits_too_long_is_counted_by_destination(ledger: Ledger) -> None:
    await keep(ledger, a_report("wamid.1", SP4N, MINISTRY), a_report("wamid.2", SP4N, due_at=NOW - MINUTE))
    assert await ledger.read(overdue, NOW - MINUTE) == []
    assert await ledger.read(overdue, NOW + MINUTE) == [Overdue(MINISTRY, 1, NOW), Overdue(SP4N, 2, NOW - MINUTE)]


async def test_what_is_in_hand_or_paused_or_done_does_not_wait(
    ledger: Ledger, worker: WorkerRow, claimed: Claimed
) -> None:
    await brought_to(ledger, worker, HandoffState.DELIVERED, a_report("wamid.2", SP4N))
    await keep(ledger, a_report("wamid.3", MINISTRY))
    await ledger.write(pause, MINISTRY, "uji", "pemeliharaan", NOW)
    assert claimed.handoff.destination == SP4N
    assert await ledger.read(overdue, LATER + MINUTE) == []


async def test_what_nobody_signed_waits_since_its_first_attempt(
    ledger: Ledger, worker: WorkerRow, claimed: Claimed
) -> None:
    assert await ledger.read(unsigned_since) is None
    await begin(ledger, claimed, worker)
    await brought_to(ledger, worker, HandoffState.DELIVERED, a_report("wamid.2", MINISTRY))
    assert await ledger.read(unsigned_since) == LATER

    async def signed() -> bool:
        await ledger.write(sequence, 1000, LATER, sign)
        return await ledger.read(unsigned_since) is None

    await until(signed)
