"""Which reports the clock releases, and when."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import uuid4

from gateway.ledger.review import Waiting
from gateway.ledger.values import ParkedRow
from gateway.review import releases_at
from schemas.handoff import ParkStage

NOW = datetime(2026, 3, 2, 8, tzinfo=UTC)
DAY = timedelta(hours=24)


def waiting(verdict: str, *checks: str) -> Waiting:
    row = ParkedRow(uuid4(), "app", b"", ParkStage.SCREEN, "hold", NOW, report_id=uuid4())
    decision = {"verdict": {"kind": verdict, "findings": [{"check": check} for check in checks]}}
    return Waiting(row, "K7RM-4XQ9-HT3C", verdict, decision, is_priority=False)


def test_a_held_report_goes_on_when_its_time_is_over() -> None:
    assert releases_at(waiting("hold", "advert"), DAY) == NOW + DAY


def test_a_report_that_was_asked_about_and_says_something_goes_on_as_well() -> None:
    assert releases_at(waiting("ask", "reads_as_no_report"), DAY) == NOW + DAY


def test_what_says_nothing_yet_waits_for_its_reporter() -> None:
    assert releases_at(waiting("ask", "greeting_only"), DAY) is None


def test_without_a_clock_nothing_goes_on_by_itself() -> None:
    assert releases_at(waiting("hold", "advert"), timedelta(0)) is None
