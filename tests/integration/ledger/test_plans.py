"""On full tables, nothing on the hot path reads a table from end to end: neither database may plan to."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Connection, event
from sqlalchemy.util import await_only

from gateway.clocks import Calendar, facts_of, read_clocks
from gateway.ledger import Ledger
from gateway.ledger.alerts import alert_sight
from gateway.ledger.archives import over_before
from gateway.ledger.attempts import begin_attempts, end_attempts
from gateway.ledger.awaited import is_awaited
from gateway.ledger.channels import authenticate
from gateway.ledger.claims import claim, due, owned_by, release
from gateway.ledger.clocks import count_alarms, read_clocks_due, watch_waiting
from gateway.ledger.gates import look_around
from gateway.ledger.health import count_pending
from gateway.ledger.inbox import count_not_collected, counted, mark_not_collected, run_out
from gateway.ledger.intake import add_messages, find_conversation, keep_reports, park_inbound
from gateway.ledger.links import due_links
from gateway.ledger.measures import measured
from gateway.ledger.misdated import put_right
from gateway.ledger.non_deliveries import untold_non_deliveries
from gateway.ledger.not_ours import unsettled
from gateway.ledger.notices import park_notices
from gateway.ledger.queues import causes
from gateway.ledger.recovering import bring_forward
from gateway.ledger.repairs import cancel, erase_report, redrive
from gateway.ledger.review import list_overdue
from gateway.ledger.tides import strangers
from gateway.ledger.timers import count_waiting_since, set_aside_overdue, uncertain_since
from gateway.ledger.unfilled import lacks_channels
from gateway.ledger.values import HandoffFilter, NewReport, WorkerRow
from gateway.ledger.views import find_reference, list_handoffs, list_parked, show_report
from gateway.ledger.watching import begin_watches, claim_watches, destinations_to_ask
from gateway.ledger.workers import held, orphans
from schemas.handoff import HandoffState
from tests.integration.ledger.doing import claim_all, keep
from tests.integration.ledger.making import (
    LATER,
    MINISTRY,
    NOW,
    SP4N,
    a_change,
    a_later_message,
    a_report,
    an_attempt,
    an_end,
    an_unreadable_part,
    hashed,
)

LARGE = "reports|report_keys|messages|files|handoffs|attempts|results|case_watch|case_clocks"
READS_ALL = {
    "sqlite": re.compile(rf"SCAN (?:\w+ AS )?(?:{LARGE}|wanted|earlier)\b(?! USING (?:COVERING )?INDEX ix_)"),
    "postgresql": re.compile(rf"Seq Scan on (?:{LARGE})\b"),
}
ASK = {"sqlite": "EXPLAIN QUERY PLAN", "postgresql": "EXPLAIN"}
Function = Callable[..., Any]


@pytest.fixture
async def reports(ledger: Ledger, worker: WorkerRow) -> list[NewReport]:
    """Many reports, most of them delivered, and the statistics that a database keeps of them."""
    given = [
        a_report(f"wamid.{number}", SP4N, MINISTRY, conversation=f"person {number}", files=1) for number in range(1500)
    ]
    await keep(ledger, *given)
    begun = [an_attempt(each, worker.id) for each in await claim_all(ledger, worker, *given[500:])]
    await ledger.write(begin_attempts, begun)
    delivered = a_change(HandoffState.DELIVERED)
    ends = [an_end(attempt, replace(delivered, reference=str(place))) for place, attempt in enumerate(begun)]
    await ledger.write(end_attempts, ends)
    await ledger.write(watched)
    await ledger.write(analyse)
    return given


def analyse(conn: Connection) -> None:
    """As the server does by itself after so many changes; nobody does it for SQLite, which plans without."""
    if conn.dialect.name == "postgresql":
        conn.exec_driver_sql("ANALYZE")


async def plans(ledger: Ledger, function: Function, *args: Any) -> list[str]:
    """The plans of every statement that the function executes, with what it executes."""

    def explained(conn: Connection) -> list[str]:
        ask, seen = ASK[conn.dialect.name], list[tuple[str, Callable[[], Any]]]()

        def note(_conn: Any, _cursor: Any, statement: str, parameters: Any, _context: Any, many: bool) -> None:
            given = parameters[0] if many else parameters
            seen.append((statement, lambda: conn.exec_driver_sql(f"{ask} {statement}", given).all()))

        event.listen(conn, "before_cursor_execute", note)
        with prepared_noted(conn, seen):
            function(conn, *args)
        event.remove(conn, "before_cursor_execute", note)
        found = [(statement, "\n".join(str(row[-1]) for row in plan())) for statement, plan in seen]
        conn.rollback()
        return [f"{statement}\n{plan}" for statement, plan in found if READS_ALL[conn.dialect.name].search(plan)]

    return await ledger.write(explained)


@contextmanager
def prepared_noted(conn: Connection, seen: list[tuple[str, Callable[[], Any]]]) -> Iterator[None]:
    """Note what goes to PostgreSQL past SQLAlchemy, too."""
    driver: Any = conn.connection.driver_connection

    def note(record: Any) -> None:
        asked, given = f"{ASK['postgresql']} {record.query}", record.args
        if record.query not in [statement for statement, _ in seen]:  # the driver tells of many at once itself
            seen.append((record.query, lambda: await_only(driver.fetch(asked, *given))))

    if conn.dialect.name != "postgresql":
        yield
        return
    driver.add_query_logger(note)
    yield
    await_only(asyncio.sleep(0))  # the last one is told after it
    driver.remove_query_logger(note)


async def test_the_hot_path_reads_no_table_from_end_to_end(
    ledger: Ledger, worker: WorkerRow, reports: list[NewReport]
) -> None:
    ids = [handoff.id for report in reports[:5] for handoff in report.handoffs]
    claimed = await ledger.write(claim, ids, worker.id, NOW)
    begun = [an_attempt(each, worker.id) for each in claimed]
    await ledger.write(begin_attempts, begun)
    ends = [an_end(attempt, a_change(HandoffState.DELIVERED)) for attempt in begun]
    others = [handoff.id for report in reports[50:55] for handoff in report.handoffs]

    hot: list[tuple[Any, ...]] = [
        (keep_reports, [a_report(f"wamid.new.{number}", SP4N) for number in range(20)]),
        (add_messages, [a_later_message(f"wamid.later.{each.report.id}", each.report.id) for each in reports[:20]]),
        (park_inbound, [an_unreadable_part("a")]),
        (claim, others, worker.id, NOW),
        (due, NOW, NOW, 100),
        (begin_attempts, begun),
        (end_attempts, ends),
        (release, others, worker.id, LATER),
        (bring_forward, SP4N, ("connect_refused",), NOW, NOW, 100),
        (owned_by, worker.id),
        (orphans,),
        (find_conversation, hashed("person 7"), NOW),
        (authenticate, "k1"),
    ]

    assert [plan for call in hot for plan in await plans(ledger, *call)] == []


async def test_looking_at_things_reads_no_table_from_end_to_end(
    ledger: Ledger, worker: WorkerRow, reports: list[NewReport]
) -> None:
    report = reports[700].report
    looks: list[tuple[Any, ...]] = [
        (show_report, report.id),
        (show_report, report.tracking_code),
        (show_report, "1234"),
        (find_reference, SP4N, "1234"),
        (list_handoffs, HandoffFilter(state=HandoffState.PARKED), None, 50),
        (list_handoffs, HandoffFilter(tracking_code=report.tracking_code), None, 50),
        (list_parked,),
        (redrive, HandoffFilter(destination=SP4N), "ani", NOW),
        (cancel, [reports[700].handoffs[0].id], "ani", "ganda", NOW),
        (erase_report, report.id, "ani", NOW),
    ]

    assert [plan for call in looks for plan in await plans(ledger, *call)] == []


async def test_what_workers_do_now_and_then_reads_no_table_from_end_to_end(
    ledger: Ledger, worker: WorkerRow, reports: list[NewReport]
) -> None:
    """A ledger of years holds little that waits: whatever looks for that must find it without the rest."""
    rest = [an_attempt(each, worker.id) for each in await claim_all(ledger, worker, *reports[5:500])]
    await ledger.write(begin_attempts, rest)
    await ledger.write(end_attempts, [an_end(attempt, a_change(HandoffState.DELIVERED)) for attempt in rest])
    await ledger.write(watched)
    await ledger.write(analyse)
    ids = [handoff.id for report in reports[:5] for handoff in report.handoffs]

    found = [plan for chore in chores(worker.id, ids) for plan in await plans(ledger, *chore)]
    assert found == []


def chores(worker: UUID, ids: list[UUID]) -> list[tuple[Any, ...]]:
    """What workers read and write beside the way of reports, with its arguments."""
    return [
        (look_around, worker),
        (strangers, ids),
        (held, worker, ids),
        (orphans,),
        (due, NOW, NOW, 100),
        (bring_forward, SP4N, ("connect_refused",), NOW, NOW, 100),
        (count_pending, 1000),
        (measured, LATER, "origin"),
        (alert_sight, LATER, "origin"),
        (put_right, NOW, LATER),
        (count_waiting_since, SP4N, LATER),
        (set_aside_overdue, SP4N, LATER, LATER, 50),
        (uncertain_since, SP4N, LATER, 50),
        (over_before, LATER, UUID(int=0), 50),
        (begin_watches, LATER, {}, 100),
        (destinations_to_ask, LATER),
        (claim_watches, SP4N, LATER, LATER, 50),
        (watch_waiting, LATER, LATER, 50),
        (read_clocks_due, LATER, 50, lambda _: ()),
        (count_alarms,),
        (untold_non_deliveries, LATER, timedelta(hours=1), 50),
        (due_links, LATER, 50),
        (unsettled, 50),
        (list_overdue, LATER),
        (lacks_channels,),
        (counted, SP4N, LATER),
        (run_out, LATER, 50),
        (mark_not_collected, SP4N, LATER),
        (count_not_collected,),
        (park_notices, ["@gone"], "gone", LATER),
        (is_awaited, LATER),
    ]


def watched(conn: Connection) -> None:
    """Every delivered case is under watch and has its clocks, none of which is due."""
    while begin_watches(conn, NOW, {}, 500):
        pass
    while read_clocks_due(conn, LATER, 500, lambda history: read_clocks(facts_of(history), Calendar(), LATER))[0]:
        pass


COVERED = {
    "sqlite": "USING COVERING INDEX ix_handoffs_causes",
    "postgresql": "Index Only Scan using ix_handoffs_causes",
}


@pytest.mark.parametrize("state", [HandoffState.PARKED, HandoffState.UNCERTAIN])
async def test_causes_are_counted_without_a_row_or_an_attempt(
    ledger: Ledger, reports: list[NewReport], state: HandoffState
) -> None:
    def planned(conn: Connection) -> tuple[bool, bool]:
        seen: list[tuple[str, Any]] = []

        def note(_conn: Any, _cursor: Any, statement: str, parameters: Any, _context: Any, _many: bool) -> None:
            seen.append((statement, parameters))

        event.listen(conn, "before_cursor_execute", note)
        causes(conn, state)
        event.remove(conn, "before_cursor_execute", note)
        statement, parameters = seen[-1]
        rows = conn.exec_driver_sql(f"{ASK[conn.dialect.name]} {statement}", parameters).all()
        plan = "\n".join(str(row[-1]) for row in rows)
        return COVERED[conn.dialect.name] in plan, "attempts" in plan

    assert await ledger.read(planned) == (True, False)


async def test_a_statement_that_reads_everything_is_noticed(ledger: Ledger, reports: list[NewReport]) -> None:
    def read_everything(conn: Connection) -> None:
        conn.exec_driver_sql("SELECT count(*) FROM handoffs WHERE reason = 'http_503'")

    assert len(await plans(ledger, read_everything)) == 1
