"""Handoffs are found by every filter and page by page, reports by each of their names."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from gateway.ledger import Ledger
from gateway.ledger.repairs import cancel
from gateway.ledger.values import HandoffFilter, WorkerRow
from gateway.ledger.views import find_reference, last_attempt, list_handoffs, show_handoff, show_report
from schemas.handoff import HandoffState
from tests.integration.ledger.doing import begin, brought_to, claim_all, end, keep
from tests.integration.ledger.making import CHANNEL, LATER, MINISTRY, NOW, SP4N, a_report

HOUR = timedelta(hours=1)


@pytest.fixture
async def three(ledger: Ledger, worker: WorkerRow) -> list[UUID]:
    """A delivered, a parked and an untried handoff, each made an hour after the one before."""
    delivered = await brought_to(ledger, worker, HandoffState.DELIVERED, a_report("wamid.1", SP4N, at=NOW))
    parked = await brought_to(
        ledger, worker, HandoffState.PARKED, a_report("wamid.2", MINISTRY, at=NOW + HOUR, due_at=NOW)
    )
    untried = a_report("wamid.3", SP4N, at=NOW + 2 * HOUR)
    await keep(ledger, untried)
    return [delivered.id, parked.id, untried.handoffs[0].id]


@pytest.mark.parametrize(
    ("wanted", "places"),
    [
        ({}, [2, 1, 0]),
        ({"destination": SP4N}, [2, 0]),
        ({"state": HandoffState.PARKED}, [1]),
        ({"reason": "http_422"}, [1]),
        ({"channel": CHANNEL}, [2, 1, 0]),
        ({"channel": "another"}, []),
        ({"since": NOW + HOUR}, [2, 1]),
        ({"until": NOW + HOUR}, [0]),
        ({"since": NOW + HOUR, "until": NOW + 2 * HOUR}, [1]),
        ({"destination": SP4N, "state": HandoffState.PENDING}, [2]),
    ],
)
async def test_a_filter_lets_through_what_it_says(
    ledger: Ledger, three: list[UUID], wanted: dict[str, Any], places: list[int]
) -> None:
    rows = await ledger.read(list_handoffs, HandoffFilter(**wanted), None, 10)

    assert [row.id for row in rows] == [three[place] for place in places]


async def test_handoffs_are_found_by_the_tracking_code(ledger: Ledger, three: list[UUID]) -> None:
    report = a_report("wamid.4", SP4N, MINISTRY)
    await keep(ledger, report)

    rows = await ledger.read(list_handoffs, HandoffFilter(tracking_code=report.report.tracking_code), None, 10)

    assert {row.id for row in rows} == {new.id for new in report.handoffs}


async def test_pages_follow_each_other_without_gap_or_overlap(ledger: Ledger) -> None:
    reports = [a_report(f"wamid.{number}", SP4N, MINISTRY) for number in range(10)]
    await keep(ledger, *reports)
    seen: list[UUID] = []
    after = None
    while page := await ledger.read(list_handoffs, HandoffFilter(), after, 7):
        seen += [row.id for row in page]
        after = page[-1].id

    assert seen == sorted((new.id for report in reports for new in report.handoffs), reverse=True)


async def test_a_report_is_found_by_each_of_its_names(ledger: Ledger, worker: WorkerRow) -> None:
    report = a_report("wamid.1", SP4N)
    await brought_to(ledger, worker, HandoffState.DELIVERED, report)
    code = report.report.tracking_code

    for name in (report.report.id, str(report.report.id), code, code.replace("-", " ").lower(), "12345"):
        record = await ledger.read(show_report, name)
        assert record is not None
        assert record.report.id == report.report.id


@pytest.mark.parametrize("name", [uuid4(), "01a20b00-0000-7000-8000-00000000000a", "K7RM-4XQ9-HT3C", "99999", ""])
async def test_a_report_that_is_not_here_is_not_found(ledger: Ledger, name: UUID | str) -> None:
    await keep(ledger, a_report("wamid.1", SP4N))

    assert await ledger.read(show_report, name) is None


async def test_a_report_is_shown_with_all_that_happened_to_it(ledger: Ledger, worker: WorkerRow) -> None:
    report = a_report("wamid.1", SP4N, MINISTRY)
    await keep(ledger, report)
    claimed = {each.handoff.destination: each for each in await claim_all(ledger, worker, report)}
    first = await begin(ledger, claimed[SP4N], worker)
    await end(ledger, claimed[SP4N], first, HandoffState.PENDING)
    await end(ledger, claimed[MINISTRY], await begin(ledger, claimed[MINISTRY], worker), HandoffState.UNCERTAIN)
    (again,) = await claim_all(ledger, worker, report)
    second = await begin(ledger, again, worker, number=2)
    await ledger.write(cancel, [claimed[MINISTRY].handoff.id], "ani", "ganda", LATER)

    record = await ledger.read(show_report, report.report.id)

    assert record is not None
    assert [each for each in record.attempts if each.destination == SP4N] == [first, second]
    assert [(each.outcome, each.reason) for each in record.results] == [
        ("deferred", "http_200"),
        ("uncertain", "http_200"),
    ]
    assert [each.action for each in record.actions] == ["cancel"]


async def test_a_handoff_is_found_by_the_destinations_reference(ledger: Ledger, worker: WorkerRow) -> None:
    row = await brought_to(ledger, worker, HandoffState.DELIVERED, a_report("wamid.1", SP4N))

    assert await ledger.read(find_reference, SP4N, "12345") == row
    assert await ledger.read(find_reference, MINISTRY, "12345") is None


async def test_what_is_not_here_is_none(ledger: Ledger) -> None:
    assert await ledger.read(show_handoff, uuid4()) is None
    assert await ledger.read(last_attempt, uuid4()) is None
