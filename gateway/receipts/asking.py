"""Asks destinations what became of cases: the longest due first, one call at a time, within the destination's pace."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta

import structlog

from adapters.status import Heard, Inquiry, StatusSource, WatchedCase
from gateway.config import Config
from gateway.ledger.case_values import DueWatch
from gateway.ledger.watching import claim_watches, load_watch, note_poll
from gateway.line import Line
from gateway.pace import Pace
from gateway.polling import PollPolicy, next_poll
from gateway.receipts.keeping import About, Keeping, keep
from schemas.handoff import Outcome, OutcomeKind
from schemas.status import CaseEvent, EventSource

log = structlog.get_logger("gateway.receipts")

AT_ONCE = 20
"""So many cases are taken in one round."""

_CLAIM = timedelta(minutes=5)
_MOST_CALLS = 25


@dataclass(frozen=True, slots=True)
class Asked:
    """A destination that can be asked. `pace` is the one that its deliveries share."""

    name: str
    source: StatusSource
    policy: PollPolicy
    pace: Pace


def asked_of(lines: Mapping[str, Line], config: Config) -> list[Asked]:
    """Those of the destinations that can be asked."""
    return [
        Asked(name, line.destination, config.destinations[name].polling, line.pace)
        for name, line in lines.items()
        if name in config.destinations and isinstance(line.destination, StatusSource)
    ]


async def ask_due(asked: Asked, tools: Keeping, chance: Callable[[], float]) -> int:
    """Ask about the cases that are due, at most `AT_ONCE`. Returns how many were asked about.

    When the destination cannot answer now, the rest of the round is left until its claim ends: one destination in
    trouble is not asked about every case in turn. Raises LedgerUnavailable.
    """
    now = tools.clock.now()
    due = await tools.ledger.write(claim_watches, asked.name, now, now + _CLAIM, AT_ONCE)
    for count, one in enumerate(due, start=1):
        failure = await _ask(asked, tools, one, chance)
        if failure is not None and failure.kind is not OutcomeKind.REFUSED:
            return count
    return len(due)


async def _ask(asked: Asked, tools: Keeping, due: DueWatch, chance: Callable[[], float]) -> Outcome | None:
    """Ask about one case. Returns why it could not be, or None."""
    events, place, failure = await _conversation(asked, tools, due)
    about = About(due.watch.report_id, due.watch.handoff_id, asked.name, due.key)
    new = await keep(tools, about, EventSource.POLL, events)
    watch = await tools.ledger.read(load_watch, due.watch.handoff_id) or due.watch
    failures = due.watch.failures + 1 if failure else 0
    now = tools.clock.now()
    poll_at = next_poll(
        asked.policy,
        now,
        watch.changed_at,
        chance,
        failures=failures,
        retry_after=failure.retry_after if failure else None,
    )
    await tools.ledger.write(
        note_poll, watch.handoff_id, None if watch.closed else poll_at, place if failure is None else None, failures
    )
    result = "failed" if failure else "changed" if new else "unchanged"
    tools.metrics.polls(asked.name, result).inc()
    if failure:
        log.warning("poll.failed", handoff=str(watch.handoff_id), destination=asked.name, reason=failure.reason)
    return failure


async def _conversation(
    asked: Asked, tools: Keeping, due: DueWatch
) -> tuple[list[CaseEvent], dict[str, object], Outcome | None]:
    """Every call that asking about one case takes. What was heard before a failure is kept all the same."""
    case = WatchedCase(due.tracking_code, due.reference, due.progress, due.watch.place)
    inquiry = asked.source.first_inquiry(case)
    events: list[CaseEvent] = []
    for _ in range(_MOST_CALLS):
        if inquiry is None:
            break
        await asked.pace.turn()
        heard = await _asked(asked, tools, case, inquiry)
        events += heard.events
        if heard.failure is not None:
            return events, {}, heard.failure
        case, inquiry = replace(case, place=heard.place), heard.following
    return events, dict(case.place), None


async def _asked(asked: Asked, tools: Keeping, case: WatchedCase, inquiry: Inquiry) -> Heard:
    try:
        reply = await asked.source.send(asked.source.inquire(case, inquiry))
        return asked.source.hear(case, inquiry, reply, tools.clock.now())
    except Exception:
        log.exception("poll.broke", destination=asked.name, inquiry=inquiry.name)
        return Heard(failure=Outcome(kind=OutcomeKind.REFUSED, reason="internal_error"))
