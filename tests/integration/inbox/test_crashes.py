"""What a process leaves behind that dies while it lends, and what several processes make of one inbox."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from gateway.app import opened
from gateway.inbox import fetch, inbox_of
from gateway.inbox_ends import say, tend
from gateway.ledger.inbox import SEAT_HOST, count_not_collected, lend, seat
from gateway.ledger.values import WorkerRow
from gateway.ledger.workers import fence
from schemas.handoff import HandoffState
from schemas.ids import new_id
from tests.integration.backends import Backend
from tests.integration.inbox.world import DESA, Desa, desa
from tests.integration.installation import until


async def sitting(it: Desa) -> WorkerRow:
    now = it.gateway.clock.now()
    row = WorkerRow(new_id(now), SEAT_HOST, 1, now)
    return WorkerRow(await it.gateway.ledger.write(seat, row), SEAT_HOST, 1, now)


async def test_a_process_that_dies_between_claim_and_record_has_handed_out_nothing(
    tmp_path: Path, place: Backend
) -> None:
    async with desa(tmp_path, place) as it:
        code = await it.post(1)
        now = it.gateway.clock.now()
        worker = (await sitting(it)).id
        [claimed] = await it.gateway.ledger.write(lend, DESA, 5, worker, now, now - timedelta(seconds=1))
        [message] = await it.fetch()
        assert (message["handoff"], message["attempt"]) == (str(claimed.handoff.id), 1)
        assert len((await it.record(code)).attempts) == 1
        await it.say(message["handoff"], "ack")


async def test_a_process_that_dies_after_the_record_leaves_it_uncertain_and_it_is_lent_again(
    tmp_path: Path, place: Backend
) -> None:
    async with desa(tmp_path, place, lease="1") as it:
        code = await it.post(1)
        inbox = inbox_of(it.gateway.lines, it.gateway.tools, it.gateway_leaving)
        [lost] = await fetch(inbox, DESA, 5, 0)  # and nobody is told of it
        [message] = await it.fetch()
        assert (message["handoff"], message["attempt"]) == (str(lost.handoff_id), 2)
        await it.say(message["handoff"], "ack")
        outcomes = [(one.source, one.outcome) for one in (await it.record(code)).results]
        assert outcomes == [("reaper", "uncertain"), ("reply", "delivered")]


async def test_a_seat_taken_for_dead_loses_nothing(tmp_path: Path, place: Backend) -> None:
    async with desa(tmp_path, place) as it:
        code = await it.post(1)
        [message] = await it.fetch()
        await it.gateway.ledger.write(fence, (await sitting(it)).id, it.gateway.clock.now())

        async def taken_up() -> bool:
            return bool((await it.record(code)).results)

        await until(taken_up)
        said = await it.say(message["handoff"], "ack", {"reference": "DESA-3"})
        assert said.json()["state"] == "delivered"
        assert [one.source for one in (await it.record(code)).results] == ["reaper", "late"]


async def test_what_one_process_lent_another_takes_the_word_for(tmp_path: Path, place: Backend) -> None:
    async with desa(tmp_path, place) as it:
        code = await it.post(1)
        [message] = await it.fetch()
        async with opened(it.gateway.settings) as other:
            inbox = inbox_of(other.lines, other.tools, it.gateway_leaving)
            assert await fetch(inbox, DESA, 5, 0) == []
            handoff = (await it.handoff(code)).id
            said = await say(inbox, DESA, handoff, {"verdict": "ack", "reference": "DESA-9"})
            assert (str(said.handoff_id), said.state) == (message["handoff"], HandoffState.DELIVERED)
        assert [one.source for one in (await it.record(code)).results] == ["reply"]


async def test_what_nobody_fetches_is_shown_and_stays_owed(tmp_path: Path, place: Backend) -> None:
    async with desa(tmp_path, place) as it:
        code = await it.post(1)
        inbox = inbox_of(it.gateway.lines, it.gateway.tools, it.gateway_leaving)
        it.late.collect_within = 0.0

        async def shown() -> bool:
            await tend(inbox)
            return (await it.handoff(code)).reason == "not_collected"

        await until(shown)
        assert await it.gateway.ledger.read(count_not_collected) == {DESA: 1}
        assert b'sp4n_gateway_not_collected{destination="desa"} 1.0' in it.gateway.metrics.exposition()
        [message] = await it.fetch()
        await it.say(message["handoff"], "ack")
        assert await it.gateway.ledger.read(count_not_collected) == {}
