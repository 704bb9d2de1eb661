"""The delivery log finds attempts by whatever is known of them, newest first, page after page."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from gateway.ledger import Ledger
from gateway.ledger.attempts import begin_attempts, end_attempts
from gateway.ledger.delivery_log import read_log
from gateway.ledger.log_filter import LogFilter, reasons_known
from gateway.ledger.repairs import erase_report
from gateway.ledger.reporters import reports_of
from gateway.ledger.values import Begin, NewReport, WorkerRow
from gateway.ledger.views import reports_named
from schemas.handoff import HandoffState, OutcomeKind
from tests.integration.ledger.doing import claim_all, keep
from tests.integration.ledger.making import (
    CHANNEL,
    LATER,
    MINISTRY,
    NOW,
    SP4N,
    a_change,
    a_report,
    an_attempt,
    an_end,
    hashed,
)

DAY = timedelta(days=1)


@pytest.fixture
async def history(ledger: Ledger, worker: WorkerRow) -> dict[str, Begin]:
    """Four attempts, oldest first: delivered, refused, delivered to the ministry, and one under way."""
    first = a_report("wamid.1", SP4N)
    second = a_report("wamid.2", SP4N, MINISTRY)
    third = a_report("wamid.3", SP4N)
    await keep(ledger, first, second, third)
    begun = [
        an_attempt(each, worker.id, at=LATER + place * DAY)
        for place, each in enumerate(await claim_all(ledger, worker, first, second, third))
    ]
    named = dict(zip(("delivered", "refused", "ministry", "under_way"), _in_order(begun), strict=True))
    await ledger.write(begin_attempts, list(named.values()))
    for name in ("delivered", "ministry"):
        change = replace(a_change(HandoffState.DELIVERED), reference=f"R-{name}")
        await ledger.write(end_attempts, [an_end(named[name], change)])
    refused = an_end(named["refused"], a_change(HandoffState.PARKED))
    refused = replace(refused, result=replace(refused.result, outcome=OutcomeKind.REFUSED, reason="http_422"))
    await ledger.write(end_attempts, [refused])
    return named


def _in_order(begun: list[Begin]) -> list[Begin]:
    """To SP4N twice, the ministry, SP4N: whatever order they were claimed in."""
    sp4n = [one for one in begun if one.destination == SP4N]
    ministry = [one for one in begun if one.destination == MINISTRY]
    chosen = [sp4n[0], sp4n[1], ministry[0], sp4n[2]]
    return [replace(one, started_at=LATER + place * DAY) for place, one in enumerate(chosen)]


async def found(ledger: Ledger, history: dict[str, Begin], **wanted: Any) -> list[str]:
    """The names of the attempts that a filter finds, in the order of the log."""
    names = {one.id: name for name, one in history.items()}
    lines = await ledger.read(read_log, LogFilter(**wanted), None, 50)
    return [names[line.attempt.id] for line in lines]


async def test_without_a_filter_it_holds_every_attempt(ledger: Ledger, history: dict[str, Begin]) -> None:
    assert set(await found(ledger, history)) == set(history)


FILTERS: dict[str, tuple[dict[str, Any], set[str]]] = {
    "destination": ({"destination": MINISTRY}, {"ministry"}),
    "outcome": ({"outcome": OutcomeKind.REFUSED}, {"refused"}),
    "frequent outcome": ({"outcome": OutcomeKind.DELIVERED}, {"delivered", "ministry"}),
    "outcome there": ({"outcome": OutcomeKind.DELIVERED, "destination": SP4N}, {"delivered"}),
    "reason": ({"reason": "http_422"}, {"refused"}),
    "part of a reason": ({"reason": "422"}, {"refused"}),
    "unknown reason": ({"reason": "no such reason"}, set()),
    "state": ({"state": HandoffState.PARKED}, {"refused"}),
    "state there": ({"state": HandoffState.DELIVERED, "destination": MINISTRY}, {"ministry"}),
    "channel": ({"channel": CHANNEL, "outcome": OutcomeKind.REFUSED}, {"refused"}),
    "another channel": ({"channel": "another"}, set()),
    "no report": ({"report_ids": ()}, set()),
}


async def test_a_filter_finds_what_fits_it(ledger: Ledger, history: dict[str, Begin]) -> None:
    seen = {name: set(await found(ledger, history, **wanted)) for name, (wanted, _) in FILTERS.items()}
    assert seen == {name: expected for name, (_, expected) in FILTERS.items()}


async def test_a_time_bounds_the_log(ledger: Ledger, history: dict[str, Begin]) -> None:
    ids = sorted(one.id for one in history.values())
    lines = await ledger.read(read_log, LogFilter(since=NOW, until=NOW + 365 * DAY), None, 50)
    nothing = await ledger.read(read_log, LogFilter(until=NOW), None, 50)
    assert ([line.attempt.id for line in lines], nothing) == (ids[::-1], [])


async def test_pages_follow_each_other_without_a_gap(ledger: Ledger, history: dict[str, Begin]) -> None:
    pages: list[UUID] = []
    before: UUID | None = None
    while lines := await ledger.read(read_log, LogFilter(), before, 1):
        pages += [line.attempt.id for line in lines]
        before = lines[-1].attempt.id
    assert pages == sorted((one.id for one in history.values()), reverse=True)


async def test_a_line_tells_the_attempt_and_where_its_handoff_stands(ledger: Ledger, history: dict[str, Begin]) -> None:
    (line,) = await ledger.read(read_log, LogFilter(reason="http_422"), None, 50)
    last = line.last
    assert last is not None
    assert (line.attempt.id, line.channel, line.state, last.reason) == (
        history["refused"].id,
        CHANNEL,
        HandoffState.PARKED,
        "http_422",
    )


async def test_an_attempt_under_way_has_no_result_yet(ledger: Ledger, history: dict[str, Begin]) -> None:
    lines = await ledger.read(read_log, LogFilter(state=HandoffState.PENDING), None, 50)
    assert [(line.attempt.id, line.last) for line in lines] == [(history["under_way"].id, None)]


async def test_the_reasons_are_listed_once_each(ledger: Ledger, history: dict[str, Begin]) -> None:
    assert "http_422" in await ledger.read(reasons_known)


async def test_a_report_is_named_by_code_id_or_reference(ledger: Ledger, history: dict[str, Begin]) -> None:
    (line,) = await ledger.read(read_log, LogFilter(destination=MINISTRY), None, 50)
    report_id = line.attempt.report_id
    texts = (line.tracking_code.lower(), str(report_id), "R-ministry")
    assert [await ledger.read(reports_named, text) for text in texts] == [[report_id]] * 3


async def test_a_reporter_is_found_by_a_key_until_the_report_is_erased(ledger: Ledger) -> None:
    report = _of(a_report("wamid.1", SP4N))
    await keep(ledger, report)
    before = await ledger.read(reports_of, hashed("somebody"), 10)
    await ledger.write(erase_report, report.report.id, "ani", LATER)
    assert (before, await ledger.read(reports_of, hashed("somebody"), 10)) == ([report.report.id], [])


def _of(report: NewReport) -> NewReport:
    return replace(report, reporter_keys=(hashed("somebody"),))
