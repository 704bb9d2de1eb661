"""What a clock that was ahead wrote waits no longer than it should; what waits rightly is left alone."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import Connection, update

from gateway.ledger import Ledger
from gateway.ledger.claims import due
from gateway.ledger.misdated import put_right
from gateway.ledger.tables import handoffs as table
from tests.integration.ledger.doing import handoffs, keep
from tests.integration.ledger.making import NOW, SP4N, a_report

DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)


def rung_tomorrow(conn: Connection) -> None:
    conn.execute(update(table).values(rung_at=NOW + DAY))


def waits_rightly(conn: Connection) -> None:
    conn.execute(update(table).values(due_at=NOW + DAY, updated_at=NOW))


async def test_what_was_written_tomorrow_is_due_now(ledger: Ledger) -> None:
    await keep(ledger, a_report("wamid.1", SP4N, at=NOW + DAY))
    assert await ledger.write(put_right, NOW, NOW + MINUTE) == 1
    [row] = await handoffs(ledger)
    assert (row.due_at, row.updated_at, row.clock_from) == (NOW, NOW, NOW)
    assert [one.id for one in await ledger.write(due, NOW, NOW, 10)] == [row.id]


async def test_what_was_rung_for_tomorrow_is_rung_for_again(ledger: Ledger) -> None:
    await keep(ledger, a_report("wamid.1", SP4N))
    await ledger.write(rung_tomorrow)
    assert await ledger.write(due, NOW, NOW, 10) == []
    assert await ledger.write(put_right, NOW, NOW + MINUTE) == 1
    assert len(await ledger.write(due, NOW, NOW, 10)) == 1


async def test_what_waits_because_its_destination_asked_for_it_goes_on_waiting(ledger: Ledger) -> None:
    await keep(ledger, a_report("wamid.1", SP4N))
    await ledger.write(waits_rightly)
    assert await ledger.write(put_right, NOW, NOW + MINUTE) == 0
    assert [row.due_at for row in await handoffs(ledger)] == [NOW + DAY]
