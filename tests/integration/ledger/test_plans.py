"""On full tables, nothing on the hot path reads a table from end to end: neither database may plan to."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import Connection, event

from gateway.ledger import Ledger
from gateway.ledger.attempts import begin_attempts, end_attempts
from gateway.ledger.channels import authenticate
from gateway.ledger.claims import claim, due, owned_by, release
from gateway.ledger.intake import add_messages, find_conversation, keep_reports, park_inbound
from gateway.ledger.queues import causes
from gateway.ledger.recovering import bring_forward
from gateway.ledger.repairs import cancel, erase_report, redrive
from gateway.ledger.values import HandoffFilter, NewReport, WorkerRow
from gateway.ledger.views import find_reference, list_handoffs, list_parked, show_report
from gateway.ledger.workers import orphans
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

LARGE = "reports|report_keys|messages|files|handoffs|attempts|results"
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
    await ledger.write(analyse)
    return given


def analyse(conn: Connection) -> None:
    conn.exec_driver_sql("ANALYZE")


async def plans(ledger: Ledger, function: Function, *args: Any) -> list[str]:
    """The plans of every statement that the function executes, with what it executes."""

    def explained(conn: Connection) -> list[str]:
        seen: list[tuple[str, Any]] = []

        def note(_conn: Any, _cursor: Any, statement: str, parameters: Any, _context: Any, many: bool) -> None:
            seen.append((statement, parameters[0] if many else parameters))

        event.listen(conn, "before_cursor_execute", note)
        function(conn, *args)
        event.remove(conn, "before_cursor_execute", note)
        found = []
        for statement, parameters in seen:
            rows = conn.exec_driver_sql(f"{ASK[conn.dialect.name]} {statement}", parameters).all()
            plan = "\n".join(str(row[-1]) for row in rows)
            if READS_ALL[conn.dialect.name].search(plan):
                found.append(f"{statement}\n{plan}")
        conn.rollback()
        return found

    return await ledger.write(explained)


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
