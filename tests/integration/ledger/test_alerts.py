"""Alerts in the ledger: begun once, kept as they move, told to hooks; and what they are made from."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from gateway.alerts.conditions import Kind
from gateway.alerts.lasting import Alert, State, Step
from gateway.ledger import Ledger
from gateway.ledger.alert_hooks import HookRow, add_hook, drop_hook, list_hooks, notices_due, settle_notice
from gateway.ledger.alerts import NewNotice, alert_sight, is_eldest, list_alerts, open_alerts, take_steps
from gateway.ledger.workers import register
from schemas.handoff import HandoffState
from tests.integration.ledger.doing import brought_to
from tests.integration.ledger.making import LATER, NOW, SP4N, a_report, a_worker, new_id

HOOK = HookRow("siaga", "https://siaga.example/x", False, b"sealed", "m1", NOW)


def an_alert(state: State = State.RAISED) -> Alert:
    raised = NOW if state is State.RAISED else None
    return Alert(new_id(NOW), Kind.DISK, "files", state, NOW, NOW, {"free_mib": 3}, raised)


async def begun(ledger: Ledger, alert: Alert, *owed: NewNotice) -> list[Alert]:
    told = alert.state is State.RAISED
    return await ledger.write(take_steps, [Step(None, alert, tell=told)], lambda _: owed)


async def test_an_alert_of_a_kind_and_subject_is_begun_once(ledger: Ledger) -> None:
    first, second = an_alert(), an_alert()
    assert [await begun(ledger, one) for one in (first, second)] == [[first], []]
    assert await ledger.read(open_alerts) == [first]


async def test_a_step_is_taken_by_one_of_two(ledger: Ledger) -> None:
    alert = an_alert(State.SEEN)
    await begun(ledger, alert)
    raised = Step(alert, replace(alert, state=State.RAISED, raised_at=LATER, last_at=LATER), tell=True)
    told = [len(await ledger.write(take_steps, [raised], lambda _: ())) for _ in range(2)]
    assert (told, [one.state for one in await ledger.read(open_alerts)]) == ([1, 0], [State.RAISED])


async def test_what_passed_unnoticed_is_forgotten_and_what_was_told_is_kept(ledger: Ledger) -> None:
    seen = an_alert(State.SEEN)
    await begun(ledger, seen)
    await ledger.write(take_steps, [Step(seen, None)], lambda _: ())
    raised = an_alert()
    await begun(ledger, raised)
    over = replace(raised, state=State.CLEARED, cleared_at=LATER)
    await ledger.write(take_steps, [Step(raised, over, tell=True)], lambda _: ())
    assert (await ledger.read(list_alerts, raised=True, limit=9), await ledger.read(open_alerts)) == ([], [])
    assert await ledger.read(list_alerts, raised=False, limit=9) == [over]


async def test_a_hook_is_owed_what_was_raised_until_it_takes_it(ledger: Ledger) -> None:
    await ledger.write(add_hook, HOOK, "ani")
    notice = NewNotice(new_id(NOW), HOOK.name, '{"type":"alert.raised"}')
    await begun(ledger, an_alert(), notice)
    (owed,) = await ledger.read(notices_due, NOW, 10)
    await ledger.write(settle_notice, owed.id, "http_500", LATER, NOW)
    waiting = [len(await ledger.read(notices_due, at, 10)) for at in (NOW, LATER)]
    await ledger.write(settle_notice, owed.id, None, None, LATER)
    assert (owed.id, waiting, await ledger.read(notices_due, LATER, 10)) == (notice.id, [0, 1], [])


async def test_a_hook_that_is_dropped_is_owed_nothing(ledger: Ledger) -> None:
    await ledger.write(add_hook, HOOK, "ani")
    await begun(ledger, an_alert(), NewNotice(new_id(NOW), HOOK.name, "{}"))
    dropped = [await ledger.write(drop_hook, HOOK.name, "ani", LATER) for _ in range(2)]
    assert (dropped, await ledger.read(list_hooks), await ledger.read(notices_due, LATER, 10)) == (
        [True, False],
        [],
        [],
    )


async def test_the_worker_that_lives_longest_does_it_for_all(ledger: Ledger) -> None:
    eldest, other = a_worker(), a_worker()
    for worker in sorted((eldest, other), key=lambda row: row.id):
        await ledger.write(register, worker)
    first = min(eldest.id, other.id)
    assert [await ledger.read(is_eldest, one) for one in (first, max(eldest.id, other.id))] == [True, False]


async def test_what_was_parked_of_late_is_seen(ledger: Ledger) -> None:
    worker = a_worker()
    await ledger.write(register, worker)
    row = await brought_to(ledger, worker, HandoffState.PARKED, a_report("wamid.1", SP4N))
    soon, late = [await ledger.read(alert_sight, row.updated_at + timedelta(minutes=n), "uji") for n in (1, 61)]
    assert (dict(soon.parked), dict(late.parked)) == ({SP4N: 1}, {})
