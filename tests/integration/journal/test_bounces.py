"""A delivery that came back is accounted for in the journal, and tampering with that is found."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Connection, delete, update

from gateway.findings import Problem
from gateway.ledger.tables import handoffs, results
from tests.integration.journal.databases import Database
from tests.integration.journal.tampering import after
from tests.integration.journal.world import DELIVERED, Records, log_all, receipt, verified

BOUNCE: dict[str, Any] = {
    "outcome": "refused", "reason": "bounced_5.1.1", "status": 550, "response": None, "sealed_excerpt": None,
}  # fmt: skip


def bounced(base: Database) -> tuple[Records, UUID, UUID]:
    """A mail that was taken, came back, and parked its handoff; all of it in the log."""
    make = Records()
    report = make.ident()

    def begin(conn: Connection) -> tuple[UUID, UUID]:
        handoff_id = make.handoff(conn, report, "kelurahan")
        return handoff_id, make.attempt(conn, handoff_id, report, "kelurahan")

    handoff_id, attempt = base.run(begin)
    base.run(lambda conn: make.result(conn, attempt, report, **DELIVERED, receipt=receipt("4SIM1")))
    base.run(lambda conn: make.result(conn, attempt, report, "bounce", **BOUNCE))
    base.run(lambda conn: make.end(conn, handoff_id, "parked", stage="deliver", reason="bounced", reference="4SIM1"))
    log_all(base)
    return make, report, handoff_id


def test_a_delivery_that_came_back_and_was_parked_is_whole(empty: Database) -> None:
    bounced(empty)
    assert [each.sentence for each in empty.run(verified).findings] == []


def test_a_second_delivery_after_one_that_came_back_is_whole(empty: Database) -> None:
    make, report, handoff_id = bounced(empty)
    again = empty.run(lambda conn: make.attempt(conn, handoff_id, report, "kelurahan", 2))
    empty.run(lambda conn: make.result(conn, again, report, **DELIVERED, receipt=receipt("4SIM2")))
    grade = {"evidence": "duplicate_suspected", "reference": "4SIM2", "stage": None, "reason": None}
    empty.run(lambda conn: make.end(conn, handoff_id, "delivered", **grade))
    log_all(empty)
    assert [each.sentence for each in empty.run(verified).findings] == []


def test_a_handoff_that_counts_as_delivered_though_its_mail_came_back_is_found(empty: Database) -> None:
    _, report, handoff_id = bounced(empty)
    claim = update(handoffs).where(handoffs.c.id == handoff_id).values(state="delivered", evidence="referenced")
    found = after(empty, lambda conn: conn.execute(claim)).findings
    assert [each.sentence for each in found] == [
        f"Handoff {handoff_id} of report {report} to kelurahan counts as delivered, but is recorded to have come back."
    ]


@pytest.mark.parametrize(
    ("tamper", "problem"),
    [
        (lambda conn: conn.execute(delete(results).where(results.c.source == "bounce")), Problem.MISSING),
        (
            lambda conn: conn.execute(update(results).where(results.c.source == "bounce").values(reason="bounced")),
            Problem.ALTERED,
        ),
    ],
    ids=["removed", "altered"],
)
def test_a_bounce_that_was_tampered_with_is_found(
    empty: Database, tamper: Callable[[Connection], object], problem: Problem
) -> None:
    bounced(empty)
    assert [each.problem for each in after(empty, tamper).findings] == [problem]
