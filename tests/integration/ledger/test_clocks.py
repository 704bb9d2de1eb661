"""The law's clocks in the ledger."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from gateway.clocks import Calendar, ClockKind, ClockState, History, Party, Reading, facts_of, read_clocks
from gateway.ledger import Ledger
from gateway.ledger.case_values import ClockRow
from gateway.ledger.cases import keep_events
from gateway.ledger.clocks import Read, alarms_of, count_alarms, list_clocks, read_clocks_due, watch_waiting
from gateway.ledger.repairs import cancel
from gateway.ledger.values import WorkerRow
from gateway.ledger.views import show_report
from gateway.ledger.watching import begin_watches, load_watch
from schemas.handoff import HandoffState
from tests.integration.ledger.doing import brought_to, keep
from tests.integration.ledger.making import LATER, NOW, SP4N, a_report
from tests.integration.ledger.test_cases import delivered, event

DAY = timedelta(days=1)


def reading(now: datetime) -> Read:
    def read(history: History) -> Sequence[Reading]:
        return read_clocks(facts_of(history), Calendar(), now)

    return read


async def strike(ledger: Ledger, now: datetime) -> tuple[int, list[ClockRow]]:
    return await ledger.write(read_clocks_due, now, 100, reading(now))


async def test_a_clock_strikes_once_when_it_approaches_its_end_and_once_when_it_runs_out(
    ledger: Ledger, worker: WorkerRow
) -> None:
    handoff = await delivered(ledger, worker)
    await ledger.write(begin_watches, LATER, {}, 10)
    struck = []
    for days in (0, 0, 2.8, 2.9, 4, 5):
        _, clocks = await strike(ledger, NOW + days * DAY)
        struck.append([(clock.kind, clock.state) for clock in clocks])

    verification = ClockKind.VERIFICATION
    assert struck[:2] == [[], []]
    assert [one for some in struck for one in some] == [
        (verification, ClockState.APPROACHING),
        (verification, ClockState.BROKEN),
    ]
    assert [clock.handoff_id for clock in await ledger.read(list_clocks)] == [handoff.id]
    assert await ledger.read(alarms_of, [handoff.id]) == {handoff.id: "broken: verification"}
    assert await ledger.read(count_alarms) == [(SP4N, "verification", "broken", 1)]


async def test_a_clock_that_nothing_can_change_by_itself_is_not_read_again(ledger: Ledger, worker: WorkerRow) -> None:
    handoff = await delivered(ledger, worker)
    await ledger.write(begin_watches, LATER, {}, 10)
    await strike(ledger, NOW + 30 * DAY)

    assert await strike(ledger, NOW + 31 * DAY) == (0, [])
    watch = await ledger.read(load_watch, handoff.id)
    assert watch is not None
    assert watch.clocks_at is None


async def test_an_event_has_the_clocks_read_again(ledger: Ledger, worker: WorkerRow) -> None:
    handoff = await delivered(ledger, worker)
    await ledger.write(begin_watches, LATER, {}, 10)
    await strike(ledger, LATER)
    await ledger.write(keep_events, [event(handoff, "1", "Selesai", at=LATER + timedelta(hours=1))])

    await strike(ledger, LATER + DAY)

    record = await ledger.read(show_report, handoff.report_id)
    assert record is not None
    assert {clock.kind: clock.state for clock in record.clocks} == {
        ClockKind.VERIFICATION: ClockState.MET,
        ClockKind.FIRST_FOLLOWUP: ClockState.MET,
        ClockKind.RESOLUTION: ClockState.MET,
    }


async def test_what_no_destination_has_is_watched_after_a_day_and_its_time_is_ours(ledger: Ledger) -> None:
    report = a_report("m1", SP4N)
    await keep(ledger, report)

    assert await ledger.write(watch_waiting, LATER, NOW, 10) == 0
    assert await ledger.write(watch_waiting, NOW + 6 * DAY, NOW + 5 * DAY, 10) == 1
    assert await ledger.write(watch_waiting, NOW + 6 * DAY, NOW + 5 * DAY, 10) == 0
    _, (clock,) = await strike(ledger, NOW + 6 * DAY)

    assert (clock.state, clock.shares[Party.GATEWAY] > 0, clock.shares[Party.MINISTRY]) == (ClockState.BROKEN, True, 0)


async def test_a_time_in_which_the_destination_takes_nothing_is_its_own_and_pauses_the_clock(
    ledger: Ledger, worker: WorkerRow
) -> None:
    await brought_to(ledger, worker, HandoffState.PENDING, a_report("m1", SP4N))
    await ledger.write(watch_waiting, NOW + 6 * DAY, NOW + 5 * DAY, 10)

    await strike(ledger, NOW + 6 * DAY)

    (clock,) = await ledger.read(list_clocks, tuple(ClockState))
    assert (clock.paused, clock.state) == (True, ClockState.RUNNING)
    assert clock.shares[Party.MINISTRY] > clock.shares[Party.GATEWAY] > 0


async def test_nothing_is_waited_for_once_it_is_cancelled(ledger: Ledger) -> None:
    report = a_report("m1", SP4N)
    await keep(ledger, report)
    await ledger.write(watch_waiting, NOW + 6 * DAY, NOW + 5 * DAY, 10)
    await ledger.write(cancel, [report.handoffs[0].id], "budi", "ganda", NOW + DAY)

    assert await strike(ledger, NOW + 6 * DAY) == (1, [])
    assert await ledger.read(list_clocks, tuple(ClockState)) == []
