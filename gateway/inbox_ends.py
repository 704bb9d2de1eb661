"""What becomes of lent cases: acknowledged, given back, refused, or taken back when the lease is over."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

import orjson
import structlog

from adapters.contract import Fault, Reply, Step
from adapters.pulled import ACK, read_verdict
from gateway.casework import standing_of
from gateway.chores import Chore
from gateway.inbox import Inbox, inbox_of
from gateway.insisting import insist
from gateway.ledger.attempts import end_attempts
from gateway.ledger.claims import release
from gateway.ledger.inbox import (
    Lent,
    count_not_collected,
    drop_leases,
    drop_stale_leases,
    keep_seat,
    lent,
    mark_not_collected,
    run_out,
)
from gateway.ledger.values import AttemptRow, Claimed, End, EndedAs, Orphan, ResultRow
from gateway.lifecycle import Trial, after
from gateway.line import Line, Tools
from gateway.recording import change_of, result_of, results_of, with_source
from gateway.retry import RetryPolicy
from schemas.base import Json
from schemas.errors import Conflict, GatewayError, NotFound
from schemas.handoff import HandoffState, Outcome, OutcomeKind, Repeat, ResultSource

log = structlog.get_logger("gateway.inbox")

LEASE_OVER = "lease_ran_out"
_AT_ONCE = 200
_BY_MINISTRY = (ResultSource.REPLY, ResultSource.LATE)


@dataclass(frozen=True, slots=True)
class Said:
    """What the ministry's word led to. `repeated`: it had said so before. `state` is the handoff's."""

    handoff_id: UUID
    state: HandoffState
    reference: str | None = None
    repeated: bool = False


async def say(inbox: Inbox, destination: str, handoff_id: UUID, verdict: dict[str, Json]) -> Said:
    """Record what a ministry says of a case it fetched, and what follows from it; committed when this returns.

    It may be said to any process, and again. An acknowledgement settles it even after its lease was over.
    Raises NotFound for a case that is not this inbox's, Conflict when the word does not fit what is recorded.
    """
    line, _ = inbox.pulled(destination)
    found = await _found(inbox, destination, handoff_id)
    is_ack = verdict["verdict"] == ACK
    known = _known(found, is_ack=is_ack)
    if known is not None:
        return known
    assert found.attempt is not None  # noqa: S101 - _known refuses a handoff without one
    ended = await _end(found.claimed, found.attempt, orjson.dumps(verdict), line, inbox.tools)
    if ended is EndedAs.LATE_NOTED:  # somebody was faster: what is recorded decides
        known = _known(await _found(inbox, destination, handoff_id), is_ack=is_ack)
        if known is None:
            raise Conflict("the case is being handed out again; fetch it and say it of that")
        return known
    stands = (await _found(inbox, destination, handoff_id)).claimed.handoff
    return Said(handoff_id, stands.state, stands.reference)


def tending(lines: Mapping[str, Line], tools: Tools, seconds: float) -> tuple[Chore, ...]:
    """The chore of a worker that tends the inboxes, every so many seconds; none where there are no inboxes."""
    inbox = inbox_of(lines, tools, asyncio.Event())
    return (("inboxes", seconds, partial(tend, inbox)),) if inbox.lines else ()


async def tend(inbox: Inbox) -> None:
    """Take back what was lent for too long, and mark what nobody fetches. Raises LedgerUnavailable."""
    ledger, clock = inbox.tools.ledger, inbox.tools.clock
    await ledger.write(keep_seat)
    for orphan in await ledger.read(run_out, clock.now(), _AT_ONCE):
        await _take_back(orphan, inbox.lines.get(orphan.claimed.handoff.destination), inbox.tools)
    await ledger.write(drop_stale_leases, clock.now())
    for name in inbox.lines:
        _, terms = inbox.pulled(name)
        before = clock.now() - timedelta(seconds=terms.collect_within)
        if late := await ledger.write(mark_not_collected, name, before):
            log.warning("inbox.not_collected", destination=name, handoffs=late)
    inbox.tools.metrics.show_not_collected(inbox.lines, await ledger.read(count_not_collected))


async def _found(inbox: Inbox, destination: str, handoff_id: UUID) -> Lent:
    found = await inbox.tools.ledger.read(lent, destination, handoff_id)
    if found is None:
        raise NotFound("this inbox has no case of this id")
    return found


def _known(found: Lent, *, is_ack: bool) -> Said | None:
    """The answer where nothing new is said. Raises Conflict where it contradicts what is recorded; None: it is new."""
    handoff = found.claimed.handoff
    if found.attempt is None:
        raise Conflict("this case was not handed out yet; fetch it first")
    if handoff.state is HandoffState.DELIVERED:
        if not is_ack:
            raise Conflict("this case was acknowledged before")
        return Said(handoff.id, handoff.state, handoff.reference, repeated=True)
    said_before = _said_before(found.results)
    if said_before is not None and not is_ack:
        return Said(handoff.id, handoff.state, repeated=True)
    if said_before is not None or handoff.state in (HandoffState.PARKED, HandoffState.CANCELLED):
        raise Conflict(f"this case was given back or set aside before ({handoff.reason or handoff.state.value})")
    if not is_ack and found.results:
        raise Conflict("its lease is over; it is handed out again")
    return None


def _said_before(results: tuple[ResultRow, ...]) -> ResultRow | None:
    return next((result for result in results if result.source in _BY_MINISTRY), None)


async def _end(claimed: Claimed, attempt: AttemptRow, body: bytes, line: Line, tools: Tools) -> EndedAs:
    """Record the ministry's word as the attempt's result, with the handoff's new state."""
    now = tools.clock.now()
    outcome = read_verdict(Reply(status=200, body=body), now)
    end = _end_of(claimed, attempt, outcome, now, line.policy, tools)
    reply, late = _results(claimed, attempt, outcome, now, body, tools)
    ended = await tools.ledger.group(end_attempts, replace(end, result=reply, late_leaf=late.leaf))
    tools.reach("inbox.said")
    await tools.ledger.write(drop_leases, [claimed.handoff.id])
    tools.metrics.attempts(claimed.handoff.destination, attempt.step, outcome.kind.value).inc()
    log.info(
        f"handoff.{outcome.kind.value}",
        handoff=str(claimed.handoff.id),
        destination=claimed.handoff.destination,
        reason=outcome.reason,
        ended=ended.value,
    )
    return ended


def _results(
    claimed: Claimed, attempt: AttemptRow, outcome: Outcome, now: datetime, body: bytes, tools: Tools
) -> tuple[ResultRow, ResultRow]:
    """The result, in time and late. A person who was erased meanwhile leaves no key to commit to the body with."""
    try:
        key = tools.vault.open_key(claimed.report.id, claimed.key.wrapped, claimed.key.master_key_id)
    except GatewayError:
        bare = result_of(attempt.id, ResultSource.REPLY, now, outcome)
        return bare, with_source(bare, ResultSource.LATE)
    return results_of(attempt.id, now, outcome, key, body)


async def _take_back(orphan: Orphan, line: Line | None, tools: Tools) -> None:
    """The lease is over: it may have been taken, so it is uncertain; the ministry knows the id and gets it again."""
    handoff, attempt = orphan.claimed.handoff, orphan.attempt
    now = tools.clock.now()
    if attempt is None:
        if handoff.owner is not None:
            await tools.ledger.write(release, [handoff.id], handoff.owner, now)
        await tools.ledger.write(drop_leases, [handoff.id])
        return
    outcome = read_verdict(Reply(fault=Fault(LEASE_OVER, sent=True)), now)
    end = _end_of(orphan.claimed, attempt, outcome, now, line.policy if line else RetryPolicy(), tools)
    result = result_of(attempt.id, ResultSource.REAPER, now, outcome)
    await insist(lambda: tools.ledger.group(end_attempts, replace(end, result=result, late_leaf=result.leaf)))
    await tools.ledger.write(drop_leases, [handoff.id])
    tools.metrics.attempts(handoff.destination, attempt.step, outcome.kind.value).inc()
    log.warning("handoff.lease_ran_out", handoff=str(handoff.id), destination=handoff.destination)


def _end_of(
    claimed: Claimed, attempt: AttemptRow, outcome: Outcome, now: datetime, policy: RetryPolicy, tools: Tools
) -> End:
    """The end of an attempt without its result: what becomes of the handoff."""
    standing = replace(standing_of(claimed.handoff), tries=attempt.number - 1)
    step = Step(attempt.step, Repeat.DEDUPES)
    trial = Trial(step, outcome, now, last=outcome.kind is OutcomeKind.DELIVERED)
    change = change_of(after(standing, trial, policy, tools.chance))
    placeholder = result_of(attempt.id, ResultSource.REPLY, now, outcome)
    return End(claimed.handoff.id, attempt.worker, attempt.step, placeholder, change, placeholder.leaf)
