"""What rules do without a person: hold a destination whose replies changed, and settle what is uncertain too long."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from adapters.simulator import FaultRule
from gateway.ledger.actions import list_actions
from gateway.ledger.destinations import list_destinations
from gateway.ledger.reply_shapes import accept_shapes
from gateway.timekeeping import keep_deadlines, settle_doubts
from schemas.handoff import Evidence, HandoffState
from tests.integration.backends import EMBEDDED, Backend, backend
from tests.integration.installation import MINISTRY, Installation, Plan, installation, until

HEALTH = "Obat di puskesmas Cibiru nomor {0} habis sejak dua minggu, pasien disuruh beli sendiri di luar."


def submission(number: int) -> dict[str, Any]:
    return {"message_id": f"p{number}", "content": HEALTH.format(number)}


async def delivered(it: Installation, number: int) -> None:
    [accepted] = await it.post(submission(number))
    assert (await it.settled(accepted["tracking_code"]))[MINISTRY].state is HandoffState.DELIVERED


async def test_a_destination_whose_replies_changed_is_held_and_one_command_goes_on(
    tmp_path: Path, place: Backend
) -> None:
    plan = Plan(conduct="drift: {samples: 3, replies: 1}")
    async with installation(tmp_path, place, plan) as it:
        for number in range(3):
            await delivered(it, number)
        await it.simulators.ministry.set_faults([FaultRule("html", request=1)])
        [showed] = await it.post(submission(3))

        async def held() -> bool:
            return any(row.paused_at is not None for row in await it.ledger.read(list_destinations))

        await until(held)
        [row] = [row for row in await it.ledger.read(list_destinations) if row.paused_at]
        assert (row.name, row.paused_by, row.reason) == (MINISTRY, "rule:drift", "shape changed: HTML instead of JSON")
        [waiting] = await it.post(submission(4))
        await it.ledger.write(accept_shapes, MINISTRY, "uji", it.gateway.clock.now())
        for one in (showed, waiting):
            assert (await it.settled(one["tracking_code"]))[MINISTRY].state is HandoffState.DELIVERED
        assert len(it.simulators.cases()) == 5


async def doubtful(it: Installation) -> str:
    [accepted] = await it.post(submission(1))
    code: str = accepted["tracking_code"]
    assert (await it.settled(code))[MINISTRY].state is HandoffState.UNCERTAIN
    return code


async def decided(it: Installation, code: str) -> bool:
    await settle_doubts(it.gateway.lines, it.gateway.tools)
    return (await it.handoffs(code))[MINISTRY].state is not HandoffState.UNCERTAIN


LOST_ANSWER = (FaultRule("reset_after", request=1),)


async def test_a_rule_sends_again_what_was_uncertain_for_long_and_the_evidence_says_so(tmp_path: Path) -> None:
    plan = Plan(mode="neither", ministry_faults=LOST_ANSWER, conduct="uncertain: {after: 1ms, then: resend}")
    with backend(EMBEDDED, tmp_path) as place:
        async with installation(tmp_path, place, plan) as it:
            code = await doubtful(it)
            await until(lambda: decided(it, code))
            row = (await it.settled(code))[MINISTRY]
            assert (row.state, row.evidence) == (HandoffState.DELIVERED, Evidence.DUPLICATE_SUSPECTED)
            actions = await it.ledger.read(list_actions, subject=str(row.id))
            assert [(one.action, one.actor) for one in actions] == [("resolve", "rule:uncertain")]


async def test_a_rule_parks_what_was_uncertain_for_long(tmp_path: Path) -> None:
    plan = Plan(mode="neither", ministry_faults=LOST_ANSWER, conduct="uncertain: {after: 1ms, then: park}")
    with backend(EMBEDDED, tmp_path) as place:
        async with installation(tmp_path, place, plan) as it:
            code = await doubtful(it)
            await until(lambda: decided(it, code))
            row = (await it.handoffs(code))[MINISTRY]
            assert (row.state, row.reason) == (HandoffState.PARKED, "uncertain_too_long")


async def test_without_a_rule_it_waits_for_a_person(tmp_path: Path) -> None:
    plan = Plan(mode="neither", ministry_faults=LOST_ANSWER)
    with backend(EMBEDDED, tmp_path) as place:
        async with installation(tmp_path, place, plan) as it:
            code = await doubtful(it)
            await settle_doubts(it.gateway.lines, it.gateway.tools)
            assert (await it.handoffs(code))[MINISTRY].state is HandoffState.UNCERTAIN


async def test_a_deadline_is_told_before_it_passes_and_parks_when_it_has(tmp_path: Path) -> None:
    conduct = 'deadline: {after: 1h, alarm: [1ms]}\nhours: {days: mon, from: "00:00", to: "00:01"}'
    with backend(EMBEDDED, tmp_path) as place:
        async with installation(tmp_path, place, Plan(conduct=conduct)) as it:
            [accepted] = await it.post(submission(1))

            async def told() -> bool:
                await keep_deadlines(it.gateway.lines, it.gateway.tools)
                metrics = it.gateway.metrics.exposition().decode()
                return 'waiting_longer{destination="kemenkes",seconds="0.001"} 1.0' in metrics

            await until(told)
            assert (await it.handoffs(accepted["tracking_code"]))[MINISTRY].state is HandoffState.PENDING
