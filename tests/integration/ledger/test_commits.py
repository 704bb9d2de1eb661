"""Group commit, retries and ambiguity: what is answered is committed, and what is run twice is written once."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

import pytest
from sqlalchemy import Connection, select
from sqlalchemy.exc import IntegrityError

from gateway.ledger import Ledger
from gateway.ledger.actions import note
from gateway.ledger.attempts import begin_attempts, end_attempts
from gateway.ledger.intake import add_messages, keep_reports
from gateway.ledger.tables import attempts, handoffs, messages, reports, results
from gateway.ledger.values import ActionRow, Claimed, EndedAs
from gateway.ledger.workers import register
from schemas.errors import LedgerUnavailable
from schemas.handoff import HandoffState
from schemas.ids import new_id
from tests.integration.ledger.doing import claim_all, count, keep
from tests.integration.ledger.making import (
    NOW,
    SP4N,
    a_change,
    a_later_message,
    a_report,
    a_worker,
    an_attempt,
    an_end,
)
from tests.integration.ledgers import OpenLedger


@dataclass
class Places:
    """Notes every place that is reached, and loses the connection at one of them, the first time."""

    lose_at: str = ""
    reached: list[str] = field(default_factory=list)

    def __call__(self, name: str) -> None:
        self.reached.append(name)
        if name == self.lose_at and self.reached.count(name) == 1:
            raise ConnectionResetError


async def test_the_places_around_a_commit_are_reached_in_order(open_ledger: OpenLedger) -> None:
    places = Places()
    ledger = await open_ledger(places)

    await ledger.group(keep_reports, a_report("wamid.1", SP4N))
    await ledger.write(register, a_worker())

    assert places.reached == [
        "ledger.keep_reports.before_commit",
        "ledger.keep_reports.committed",
        "ledger.register.before_commit",
        "ledger.register.committed",
    ]


async def test_whatever_arrives_while_one_commit_runs_is_the_next(open_ledger: OpenLedger) -> None:
    places = Places()
    ledger = await open_ledger(places)

    await keep(ledger, *(a_report(f"wamid.{number}", SP4N) for number in range(200)))

    assert places.reached.count("ledger.keep_reports.committed") <= 3
    assert await count(ledger, reports) == 200


async def test_several_functions_share_a_transaction_in_the_order_of_arrival(open_ledger: OpenLedger) -> None:
    places = Places()
    ledger = await open_ledger(places)
    worker, report = a_worker(), a_report("wamid.1", SP4N)
    await ledger.write(register, worker)
    await keep(ledger, report)
    (claimed,) = await claim_all(ledger, worker, report)
    attempt = an_attempt(claimed, worker.id)
    places.reached.clear()

    await asyncio.gather(
        ledger.group(begin_attempts, attempt),
        ledger.group(keep_reports, a_report("wamid.2", SP4N)),
        ledger.group(end_attempts, an_end(attempt, a_change(HandoffState.DELIVERED))),
    )

    names = ("begin_attempts", "keep_reports", "end_attempts")
    assert places.reached == [f"ledger.{name}.{at}" for at in ("before_commit", "committed") for name in names]


@pytest.mark.parametrize("at", ["before_commit", "committed"])
async def test_a_connection_lost_around_the_commit_neither_loses_nor_doubles(open_ledger: OpenLedger, at: str) -> None:
    ledger = await open_ledger(Places(f"ledger.keep_reports.{at}"))
    given = [a_report(f"wamid.{number}", SP4N) for number in range(5)]

    kept = await keep(ledger, *given)

    assert [(each.report_id, each.duplicate) for each in kept] == [(each.report.id, False) for each in given]
    assert await count(ledger, reports) == 5
    assert await count(ledger, handoffs) == 5


async def lose_all(open_ledger: OpenLedger, function: str) -> tuple[Ledger, Claimed]:
    """A ledger that loses the answer to the commit of a function, and a claimed handoff."""
    ledger, worker, report = await open_ledger(Places(f"ledger.{function}.committed")), a_worker(), a_report("1", SP4N)
    await ledger.write(register, worker)
    await keep(ledger, report)
    (claimed,) = await claim_all(ledger, worker, report)
    return ledger, claimed


async def test_no_attempt_is_doubled_by_a_lost_answer(open_ledger: OpenLedger) -> None:
    ledger, claimed = await lose_all(open_ledger, "begin_attempts")
    assert claimed.handoff.owner is not None

    assert await ledger.group(begin_attempts, an_attempt(claimed, claimed.handoff.owner)) is True
    assert await count(ledger, attempts) == 1


async def test_no_end_is_taken_for_late_because_of_a_lost_answer(open_ledger: OpenLedger) -> None:
    ledger, claimed = await lose_all(open_ledger, "end_attempts")
    assert claimed.handoff.owner is not None
    attempt = an_attempt(claimed, claimed.handoff.owner)
    await ledger.group(begin_attempts, attempt)

    ended = await ledger.group(end_attempts, an_end(attempt, a_change(HandoffState.DELIVERED)))

    assert ended is EndedAs.APPLIED
    assert await count(ledger, results) == 1


async def test_no_message_is_doubled_by_a_lost_answer(open_ledger: OpenLedger) -> None:
    ledger, claimed = await lose_all(open_ledger, "add_messages")

    kept = await ledger.group(add_messages, a_later_message("2", claimed.report.id))

    assert (kept.duplicate, kept.sequence) == (False, 1)
    assert await count(ledger, messages) == 2
    assert await count(ledger, handoffs) == 2


async def test_a_lone_write_whose_answer_was_lost_is_not_run_again(open_ledger: OpenLedger) -> None:
    places = Places("ledger.register.committed")
    ledger = await open_ledger(places)

    with pytest.raises(LedgerUnavailable, match="look whether it is written"):
        await ledger.write(register, a_worker())
    assert places.reached.count("ledger.register.before_commit") == 1


async def test_a_lone_write_that_was_lost_before_its_commit_is_run_again(open_ledger: OpenLedger) -> None:
    places = Places("ledger.register.before_commit")
    ledger = await open_ledger(places)

    await ledger.write(register, a_worker())

    assert places.reached.count("ledger.register.before_commit") == 2


async def test_a_lone_write_that_fails_for_its_own_reasons_says_why(ledger: Ledger) -> None:
    row = ActionRow(new_id(NOW), NOW, "ani", "reveal", "report", {})
    await ledger.write(note, row)

    with pytest.raises(IntegrityError):
        await ledger.write(note, row)


async def test_reading_cannot_write(ledger: Ledger) -> None:
    with pytest.raises(LedgerUnavailable):
        await ledger.read(register, a_worker())


async def test_a_read_sees_one_state_throughout(open_ledger: OpenLedger) -> None:
    ledger, other = await open_ledger(), await open_ledger()
    loop = asyncio.get_running_loop()
    await keep(ledger, a_report("wamid.0", SP4N))

    def look_twice(conn: Connection) -> list[int]:
        before = len(conn.execute(select(reports.c.id)).all())
        loop.call_soon_threadsafe(looked.set)
        return [before, wait_and_look(conn)]

    def wait_and_look(conn: Connection) -> int:
        while not written.is_set():
            conn.execute(select(reports.c.id)).all()
        return len(conn.execute(select(reports.c.id)).all())

    looked, written = asyncio.Event(), asyncio.Event()

    async def write() -> None:
        await looked.wait()
        await keep(other, a_report("wamid.1", SP4N))
        written.set()

    seen, _ = await asyncio.gather(ledger.read(look_twice), write())

    assert seen == [1, 1]
    assert await count(ledger, reports) == 2


async def test_closing_commits_what_has_arrived_and_takes_no_more(open_ledger: OpenLedger) -> None:
    ledger, other = await open_ledger(), await open_ledger()
    arriving = [asyncio.create_task(ledger.group(keep_reports, a_report(f"{number}", SP4N))) for number in range(20)]
    await asyncio.sleep(0)

    await ledger.close()

    assert [kept.duplicate for kept in await asyncio.gather(*arriving)] == [False] * 20
    assert await count(other, reports) == 20
    with pytest.raises(LedgerUnavailable):
        await ledger.group(keep_reports, a_report("late", SP4N))
