"""What every report pays is planned once, by indexes, and anew after a while."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
from sqlalchemy import Connection, make_url

from gateway.ledger import Ledger
from gateway.ledger.attempts import begin_attempts, end_attempts
from gateway.ledger.claims import Wanted, claim_each
from gateway.ledger.intake import keep_reports
from gateway.ledger.postgresql import PostgresqlDatabase
from gateway.ledger.workers import register
from schemas.handoff import HandoffState
from tests.integration.databases import Kind
from tests.integration.ledger.making import NOW, SP4N, a_change, a_report, a_worker, an_attempt, an_end

pytestmark = pytest.mark.postgresql

READS_ALL = re.compile(r"Seq Scan on (?:reports|report_keys|messages|files|handoffs|attempts|results|sketches)\b")
_KEPT = "SELECT name, statement, parameter_types::text[], generic_plans, custom_plans FROM pg_prepared_statements"


@pytest.fixture
def url(postgresql_databases: Kind) -> Iterator[str]:
    """The address of a database without tables."""
    yield from postgresql_databases.empty()


@pytest.fixture
async def ledger(url: str) -> AsyncIterator[Ledger]:
    """A ledger without a row, of which the server has no statistics."""
    opened = await Ledger.open(url)
    await opened.migrate()
    yield opened
    await opened.close()


async def hand_on(ledger: Ledger, message: str) -> None:
    """All that a report's way asks of the connection that writes in groups."""
    worker, report = a_worker(), a_report(message, SP4N)
    await ledger.write(register, worker)
    await ledger.group(keep_reports, report)
    (claimed,) = await ledger.group(claim_each, Wanted([report.handoffs[0].id], worker.id, NOW))
    attempt = an_attempt(claimed, worker.id)
    assert await ledger.group(begin_attempts, attempt)
    await ledger.group(end_attempts, an_end(attempt, a_change(HandoffState.DELIVERED)))


async def test_no_statement_is_planned_for_each_report_and_none_reads_a_table_from_end_to_end(ledger: Ledger) -> None:
    for number in range(3):
        await hand_on(ledger, f"wamid.{number}")

    def kept(conn: Connection, items: list[None]) -> list[list[tuple[str, int, int, str]]]:
        found = []
        for name, statement, types, generic, custom in conn.exec_driver_sql(_KEPT).all():
            if generic or custom:
                nothing = ", ".join(f"NULL::{each}" for each in types)
                plan = conn.exec_driver_sql(f'EXPLAIN EXECUTE "{name}"' + (f"({nothing})" if nothing else "")).all()
                found.append((statement, generic, custom, "\n".join(row[0] for row in plan)))
        return [found for _ in items]

    plans = await ledger.group(kept, None)

    assert len([statement for statement, *_ in plans if "handoffs" in statement]) >= 5
    assert [(statement, custom) for statement, _, custom, _ in plans if custom] == []
    assert [(statement, plan) for statement, *_, plan in plans if READS_ALL.search(plan)] == []


async def test_a_report_and_its_handoff_ask_the_server_no_oftener_than_they_must(ledger: Ledger) -> None:
    await hand_on(ledger, "wamid.1")  # after it all statements are prepared
    said: list[str] = []
    await listen(ledger, said)
    await hand_on(ledger, "wamid.2")

    asked = [query.split()[0] for query in said]
    keep = ["BEGIN", "INSERT", "INSERT", "WITH", "COMMIT"]
    claim, begin = ["BEGIN", "UPDATE", "SELECT", "COMMIT"], ["BEGIN", "SELECT", "INSERT", "COMMIT"]
    assert asked == [*keep, *claim, *begin, "BEGIN", "WITH", "WITH", "COMMIT"]


async def listen(ledger: Ledger, said: list[str]) -> None:
    """Note from now on what the connection that writes in groups is asked to do."""

    def start(conn: Connection, items: list[None]) -> list[None]:
        driver: Any = conn.connection.driver_connection
        driver.add_query_logger(lambda query: said.append(query.query))
        return items

    await ledger.group(start, None)
    said.clear()


@pytest.mark.parametrize(("seconds", "made_anew"), [(0.0, True), (3600.0, False)])
async def test_plans_that_are_old_are_made_anew(url: str, seconds: float, made_anew: bool) -> None:
    ledger, said = Ledger(PostgresqlDatabase(make_url(url), replan_seconds=seconds)), list[str]()
    try:
        await ledger.migrate()
        await listen(ledger, said)
        await hand_on(ledger, "wamid.1")
    finally:
        await ledger.close()
    assert "BEGIN" in said
    assert ("DISCARD PLANS" in said) is made_anew
