"""A destination that is down, crowded or closed: nothing is tried in vain, nobody waits for it, nothing is lost."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, update

from adapters.simulator import FaultRule
from gateway.gate import URGENT
from gateway.ledger.destinations import pause, resume
from gateway.ledger.gates import list_gates
from gateway.ledger.tables import handoffs
from gateway.ledger.values import HandoffRow
from schemas.handoff import HandoffState
from tests.integration.backends import EMBEDDED, Backend, backend
from tests.integration.installation import MINISTRY, SP4N, Installation, Plan, installation, until

HEALTH = "Obat di puskesmas Cibiru nomor {0} habis sejak dua minggu, pasien disuruh beli sendiri di luar."
QUICK_BREAKER = "breaker: {row: 3, samples: 3, pause: 300ms, longest: 300ms, probes: 1}"


async def gate_of(it: Installation, name: str) -> str:
    return {row.destination: row.state for row in await it.ledger.read(list_gates)}.get(name, "")


async def states(it: Installation, destination: str, codes: list[str]) -> list[HandoffState]:
    return [(await it.handoffs(code))[destination].state for code in codes]


def make_urgent(conn: Connection, row: HandoffRow) -> None:
    conn.execute(update(handoffs).where(handoffs.c.id == row.id).values(priority=URGENT))


async def test_an_open_breaker_makes_no_attempts_and_the_others_deliver(tmp_path: Path) -> None:
    shut = "breaker: {row: 3, samples: 3, pause: 10m, longest: 10m, probes: 1}"
    faults = (FaultRule("status", request=1, times=0, status=500),)
    with backend(EMBEDDED, tmp_path) as place:
        async with installation(tmp_path, place, Plan(ministry_faults=faults, conduct=shut)) as it:
            accepted = await it.post(*({"message_id": f"p{n}", "content": HEALTH.format(n)} for n in range(30)))
            codes = [one["tracking_code"] for one in accepted]

            async def shown() -> bool:
                others = await states(it, SP4N, codes)
                return await gate_of(it, MINISTRY) == "breaker open" and set(others) == {HandoffState.DELIVERED}

            await until(shown)
            ends = [end for code in codes for end in (await it.record(code)).results]
            assert 3 <= sum(end.reason == "http_500" for end in ends) <= 8  # those under way when it opened
            assert set(await states(it, MINISTRY, codes)) == {HandoffState.PENDING}
            metrics = it.gateway.metrics.exposition().decode()
            assert 'breaker_state{destination="kemenkes",state="open"} 1.0' in metrics
            assert (await it.api.get("/readyz")).status_code == 200


async def test_it_is_probed_and_closes_when_the_destination_is_well_again(tmp_path: Path, place: Backend) -> None:
    faults = (FaultRule("reset_before", request=1, times=4),)
    plan = Plan(ministry_faults=faults, conduct=QUICK_BREAKER)
    async with installation(tmp_path, place, plan) as it:
        accepted = await it.post(*({"message_id": f"p{n}", "content": HEALTH.format(n)} for n in range(8)))
        for one in accepted:
            assert (await it.settled(one["tracking_code"]))[MINISTRY].state is HandoffState.DELIVERED

        async def closed() -> bool:
            return await gate_of(it, MINISTRY) == "open"

        await until(closed)
        assert len(it.simulators.cases()) == 8


async def test_outside_its_hours_a_destination_gets_emergencies_only(tmp_path: Path) -> None:
    never = 'hours: {days: mon, from: "00:00", to: "00:01"}\nurgent_always: true'
    with backend(EMBEDDED, tmp_path) as place:
        async with installation(tmp_path, place, Plan(conduct=never)) as it:
            usual, urgent = await it.post(
                {"message_id": "p1", "content": HEALTH.format(1)}, {"message_id": "p2", "content": HEALTH.format(2)}
            )
            row = (await it.handoffs(urgent["tracking_code"]))[MINISTRY]
            await it.ledger.write(make_urgent, row)
            assert (await it.settled(urgent["tracking_code"]))[MINISTRY].state is HandoffState.DELIVERED
            record = await it.record(usual["tracking_code"])
            assert [one.destination for one in record.attempts if one.destination == MINISTRY] == []
            assert await gate_of(it, MINISTRY) == "outside hours"


async def test_a_pause_holds_back_what_is_in_hand_too(tmp_path: Path, place: Backend) -> None:
    async with installation(tmp_path, place) as it:
        now = it.gateway.clock.now()
        await it.ledger.write(pause, MINISTRY, "uji", "pemeliharaan", now)
        accepted = await it.post(*({"message_id": f"p{n}", "content": HEALTH.format(n)} for n in range(5)))
        for one in accepted:
            await until_delivered(it, SP4N, one["tracking_code"])
        assert it.simulators.cases() == []
        await it.ledger.write(resume, MINISTRY, "uji", now)
        for one in accepted:
            assert (await it.settled(one["tracking_code"]))[MINISTRY].state is HandoffState.DELIVERED


async def until_delivered(it: Installation, destination: str, code: str) -> None:
    async def done() -> bool:
        return (await it.handoffs(code))[destination].state is HandoffState.DELIVERED

    await until(done)
