"""Handoffs are held against what was recorded: nothing counts as delivered that no result explains."""

from __future__ import annotations

from sqlalchemy import delete, update

from gateway.findings import Problem
from gateway.ledger.tables import attempts, handoffs, reports
from tests.integration.journal.tampering import Filled, after


def test_a_handoff_that_no_result_explains_is_found(filled: Filled) -> None:
    base, world = filled
    claim = update(handoffs).where(handoffs.c.id == world.in_flight).values(state="delivered", owner=None)
    report = after(base, lambda conn: conn.execute(claim))
    assert [finding.sentence for finding in report.findings] == [
        f"Handoff {world.in_flight} of report {world.other_report} to dinas-pu counts as delivered, "
        "but no recorded result says so.",
        f"Handoff {world.in_flight} of report {world.other_report} to dinas-pu has an attempt without any result, "
        f"though nobody is making it: attempt {world.attempts[5]}.",
    ]


def test_a_handoff_whose_reference_was_changed_is_found(filled: Filled) -> None:
    base, world = filled
    change = update(handoffs).where(handoffs.c.id == world.delivered).values(reference="8123457")
    report = after(base, lambda conn: conn.execute(change))
    assert [finding.sentence for finding in report.findings] == [
        f"Handoff {world.delivered} of report {world.report} to sp4n has the reference 8123457, "
        "which no recorded receipt gives."
    ]


def test_a_handoff_whose_reference_was_removed_is_found(filled: Filled) -> None:
    base, world = filled
    change = update(handoffs).where(handoffs.c.id == world.late).values(reference=None)
    assert [finding.problem for finding in after(base, lambda conn: conn.execute(change)).findings] == [Problem.ALTERED]


def test_an_attempt_under_another_channel_than_its_report_is_found(filled: Filled) -> None:
    base, world = filled
    change = update(attempts).where(attempts.c.id == world.attempts[0]).values(channel="lain")
    report = after(base, lambda conn: conn.execute(change))
    assert [finding.sentence for finding in report.findings] == [
        f"Attempt {world.attempts[0]} of report {world.report} to sp4n was altered: its channel is lain, "
        "its report's is wa-dinsos."
    ]


def test_a_report_under_another_channel_than_its_attempts_is_found(filled: Filled) -> None:
    base, world = filled
    change = update(reports).where(reports.c.id == world.other_report).values(channel="lain")
    report = after(base, lambda conn: conn.execute(change))
    assert [(finding.problem, finding.attempt_id) for finding in report.findings] == [
        (Problem.ALTERED, each) for each in world.attempts[4:]
    ]


def test_attempts_whose_channel_is_not_filled_in_yet_are_whole(filled: Filled) -> None:
    base, _ = filled
    assert after(base, lambda conn: conn.execute(update(attempts).values(channel=None))).findings == ()


def test_an_attempt_left_open_by_nobody_is_found(filled: Filled) -> None:
    base, world = filled
    drop = update(handoffs).where(handoffs.c.id == world.in_flight).values(owner=None)
    report = after(base, lambda conn: conn.execute(drop))
    assert [(finding.problem, finding.attempt_id) for finding in report.findings] == [
        (Problem.UNEXPLAINED, world.attempts[5])
    ]


def test_a_removed_handoff_leaves_its_attempts_unexplained(filled: Filled) -> None:
    base, world = filled
    report = after(base, lambda conn: conn.execute(delete(handoffs).where(handoffs.c.id == world.late)))
    assert [(finding.problem, finding.attempt_id) for finding in report.findings] == [
        (Problem.UNEXPLAINED, world.attempts[4])
    ]
