"""How far the ledger has come is told to whoever remembers it elsewhere; when it went back, everything is held."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from gateway.ledger import Ledger
from gateway.ledger.claims import claim
from gateway.ledger.destinations import list_destinations, pause
from gateway.ledger.restoring import mark_restored
from gateway.ledger.tides import held_since, hold_everything, strangers, tide_of
from gateway.ledger.values import WorkerRow
from gateway.tidemark import mark_of, went_back
from schemas.handoff import HandoffState
from tests.integration.ledger.doing import brought_to, keep
from tests.integration.ledger.making import LATER, MINISTRY, NOW, SP4N, a_report

HERE = "here"


async def test_it_grows_with_what_is_kept_and_an_older_one_is_told_from_it(ledger: Ledger, worker: WorkerRow) -> None:
    empty = await ledger.read(tide_of, None)
    assert empty.is_empty
    report = a_report("wamid.1", SP4N)
    await brought_to(ledger, worker, HandoffState.DELIVERED, report)
    mark = mark_of(await ledger.read(tide_of, None), HERE, NOW)
    assert mark.report == report.report.id
    assert mark.attempts > empty.attempts
    await keep(ledger, a_report("wamid.2", SP4N, at=LATER))
    assert went_back(mark, await ledger.read(tide_of, mark), HERE) is None
    assert went_back(mark, empty._replace(knows_report=False), HERE) is not None


async def test_a_report_that_it_does_not_have_is_missed(ledger: Ledger, worker: WorkerRow) -> None:
    await brought_to(ledger, worker, HandoffState.DELIVERED, a_report("wamid.1", SP4N))
    tide = await ledger.read(tide_of, None)
    newer = mark_of(tide._replace(report=UUID(int=9)), HERE, NOW)
    told = went_back(newer, await ledger.read(tide_of, newer), HERE)
    assert told == "the last report that was kept in it is not there"


async def test_everything_is_held_once_until_somebody_has_said_that_it_was_put_back(
    ledger: Ledger, worker: WorkerRow
) -> None:
    report = a_report("wamid.1", SP4N, MINISTRY)
    await keep(ledger, report)
    await ledger.write(pause, MINISTRY, "ani", "pemeliharaan", NOW)
    assert await ledger.read(held_since) is None
    assert await ledger.write(hold_everything, (SP4N, MINISTRY), LATER)
    assert not await ledger.write(hold_everything, (SP4N, MINISTRY), LATER)
    ids = [handoff.id for handoff in report.handoffs]
    assert await ledger.write(claim, ids, worker.id, LATER) == []
    assert await ledger.read(held_since) == LATER
    await ledger.write(mark_restored, "ani", LATER + timedelta(hours=1))
    paused = {row.name: row.paused_by for row in await ledger.read(list_destinations)}
    assert paused == {SP4N: None, MINISTRY: "ani"}
    assert await ledger.read(held_since) is None
    assert (await ledger.read(tide_of, None)).restored_at == LATER + timedelta(hours=1)


async def test_handoffs_that_are_not_there_are_strangers(ledger: Ledger) -> None:
    report = a_report("wamid.1", SP4N)
    await keep(ledger, report)
    stranger = UUID(int=9)
    assert await ledger.read(strangers, [report.handoffs[0].id, stranger]) == {stranger}
    assert await ledger.read(strangers, []) == set()
