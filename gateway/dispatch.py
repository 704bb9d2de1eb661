"""Hands one claimed handoff on: send, record, next step; until it is delivered, must wait, or is set aside.

The order is the promise: the attempt's row is committed before the first byte leaves, the result's after the answer
came. A process that dies in between leaves an attempt without result, which `taking_up.resume` takes up as uncertain.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import structlog

from adapters.contract import Call, Case, CaseFile, Fault, Reply, Step
from gateway.casework import OpenCase, open_case, standing_of
from gateway.gate import URGENT, Pass
from gateway.insisting import insist
from gateway.ledger.attempts import begin_attempts, end_attempts, settle
from gateway.ledger.claims import release
from gateway.ledger.destinations import pause
from gateway.ledger.values import Begin, Claimed, End, EndedAs
from gateway.lifecycle import LEDGER_RESTORED, Standing, Trial, after, is_past_recall, nothing_left, put_off, waited
from gateway.line import Line, Seat, Tools, recall, step_to_try
from gateway.recording import begin_of, change_of, results_of
from gateway.traceparent import HEADER, Trace, parsed
from gateway.vault import SubjectKey
from gateway.vital import Sign, sign_of
from schemas.errors import Busy, GatewayError
from schemas.handoff import HandoffState, Outcome, OutcomeKind, ParkStage

DRIFT_RULE = "rule:drift"
REASON_LIMIT = 200

log = structlog.get_logger("gateway.dispatch")


async def hand_off(claimed: Claimed, line: Line, tools: Tools, seat: Seat) -> None:
    """Work on a claimed handoff until it stops here. Raises Fenced when this worker was taken for dead."""
    try:
        opened = open_case(claimed, tools.vault, identity=line.identity)
    except GatewayError as error:
        await _set_aside(claimed, type(error).__name__, tools, seat)
        return
    case, standing = opened.case, waited(opened.standing, claimed.handoff.due_at, tools.clock.now())
    while True:
        standing = recall(line.destination, case, standing)
        step, is_lookup = step_to_try(line.destination, case, standing)
        if step is None:
            await _settle(claimed, nothing_left(standing), tools, seat)
            return
        work = _Work(claimed, line, tools, seat, opened.key, standing, step, is_lookup)
        ended = await _try_step(work, case, opened)
        if ended is None or not ended.goes_on:
            return
        standing = ended
        case = replace(case, progress=standing.progress, files=())


@dataclass(frozen=True, slots=True)
class _Work:
    """One try of one step, from begin to end."""

    claimed: Claimed
    line: Line
    tools: Tools
    seat: Seat
    key: SubjectKey
    standing: Standing
    step: Step
    is_lookup: bool

    @property
    def priority(self) -> int:
        """The handoff's priority."""
        return self.claimed.handoff.priority


async def _try_step(work: _Work, case: Case, opened: OpenCase) -> Standing | None:
    """Make one attempt and record it. None: the handoff is no longer ours, or it was put off before the attempt."""
    gate = work.line.gate
    if gate.is_shut(work.priority):
        await _give_back(work)
        return None
    if work.step.files and opened.attachments:
        files = await _gathered(work, opened)
        if files is None:
            return None
        case = replace(case, files=files)
    await work.line.pace.turn()
    leave = gate.enter(work.priority)
    if leave is None:
        await _give_back(work)
        return None
    try:
        return await _attempt(work, case, leave)
    finally:
        gate.leave(leave, Sign.NOTHING, 0.0)


async def _attempt(work: _Work, case: Case, leave: Pass) -> Standing | None:
    """Record, call, record. None: the handoff is no longer ours, or its request could not be built."""
    tools, step = work.tools, work.step
    started_at = tools.clock.now()
    begin = _begin(work, case, started_at)
    if begin is None:
        await _set_aside(work.claimed, "build_failed", tools, work.seat)
        return None
    row, call = begin
    if not await insist(lambda: tools.ledger.group(begin_attempts, row, patient=True)):
        return None
    tools.reach(f"dispatch.{step.name}.recorded")
    trace = _trace(work, row)
    reply = await _sent(work, call if trace is None else traced(call, trace))
    work.line.gate.leave(leave, sign_of(reply), reply.elapsed)
    tools.reach(f"dispatch.{step.name}.answered")
    ended_at = tools.clock.now()
    outcome = _read(work, case, reply, ended_at)
    policy = work.line.policy_for(work.priority)
    standing = after(work.standing, _trial(work, case, outcome, ended_at), policy, tools.chance)
    standing = _within_hours(work, standing)
    end = _end(work, row, reply, outcome, ended_at, standing)
    ended = await insist(lambda: tools.ledger.group(end_attempts, end, patient=True))
    _tell(work, row, outcome, standing, reply.elapsed)
    _record(work, row, outcome, trace, ended_at)
    await _look_at_shape(work, reply, outcome)
    return standing if ended is EndedAs.APPLIED else None


async def _look_at_shape(work: _Work, reply: Reply, outcome: Outcome) -> None:
    """Hold the destination when its replies are not what they were. This one is judged already; the next ones wait."""
    changed = work.line.sentinel.see(work.step.name, reply, outcome)
    if changed is None:
        return
    name, hold = work.claimed.handoff.destination, work.line.conduct.drift.hold
    log.warning("destination.shape_changed", destination=name, step=work.step.name, changed=changed, held=hold)
    if hold:
        reason = changed[:REASON_LIMIT]
        now = work.tools.clock.now()
        await insist(lambda: work.tools.ledger.write(pause, name, DRIFT_RULE, reason, now))
        work.line.gate.paused = True


async def _give_back(work: _Work) -> None:
    """Let the handoff wait without an attempt: in its place in the line, or until its destination's hours begin.

    Neither is its own doing, so neither counts towards its horizon.
    """
    opening = work.line.gate.opens_at(urgent=work.priority == URGENT)
    now, clock_from = work.tools.clock.now(), None
    if opening is not None:
        clock_from = put_off(replace(work.standing, due_at=now), opening).clock_from
    ids = [work.claimed.handoff.id]
    await insist(lambda: work.tools.ledger.write(release, ids, work.seat.worker, opening, clock_from))
    log.info("handoff.given_back", **_ids(work.claimed), opens_at=opening.isoformat() if opening else None)


def _within_hours(work: _Work, standing: Standing) -> Standing:
    """A wait that ends outside the destination's hours goes on until they begin."""
    if standing.due_at is None or standing.goes_on:
        return standing
    opening = work.line.gate.opens_at(urgent=work.priority == URGENT, at=standing.due_at)
    return standing if opening is None else put_off(standing, opening)


async def _gathered(work: _Work, opened: OpenCase) -> tuple[CaseFile, ...] | None:
    """The attachments' bytes; None when they are not here yet and the handoff was put off."""
    try:
        return await work.tools.files.gather(work.claimed, opened, work.key)
    except Busy as error:
        now = work.tools.clock.now()
        due_at = now + timedelta(seconds=error.retry_after)
        await insist(lambda: work.tools.ledger.write(release, [work.claimed.handoff.id], work.seat.worker, due_at))
        log.info("handoff.waits_for_files", **_ids(work.claimed))
        return None


def _begin(work: _Work, case: Case, started_at: datetime) -> tuple[Begin, Call] | None:
    """The attempt's row and the request; None when the adapter cannot build it (a fault of ours, logged)."""
    try:
        call = work.line.destination.build(case, work.step, started_at)
    except Exception:
        log.exception("dispatch.build_failed", **_ids(work.claimed), step=work.step.name)
        return None
    number = work.standing.tries + 1
    row = begin_of(work.claimed.handoff, work.step.name, number, started_at, work.seat.worker, work.key, call.body)
    return row, call


async def _sent(work: _Work, call: Call) -> Reply:
    if not work.seat.may_send():
        return Reply(fault=Fault("lease_unsure", sent=False))
    if is_past_recall(work.standing, work.step):
        return Reply(fault=Fault(LEDGER_RESTORED, sent=True))
    in_flight = work.tools.metrics.in_flight(work.claimed.handoff.destination)
    in_flight.inc()
    try:
        return await work.line.destination.send(call)
    except Exception:
        log.exception("dispatch.send_failed", **_ids(work.claimed), step=work.step.name)
        return Reply(fault=Fault("internal_error", sent=True))
    finally:
        in_flight.dec()


def _read(work: _Work, case: Case, reply: Reply, at: datetime) -> Outcome:
    if reply.fault is not None and reply.fault.reason in ("lease_unsure", "internal_error", LEDGER_RESTORED):
        kind = OutcomeKind.UNCERTAIN if reply.fault.sent else OutcomeKind.DEFERRED
        return Outcome(kind=kind, reason=reply.fault.reason)
    try:
        return work.line.destination.read(case, work.step, reply, at)
    except Exception:
        log.exception("dispatch.read_failed", **_ids(work.claimed), step=work.step.name)
        return Outcome(kind=OutcomeKind.UNCERTAIN, reason="unreadable", status=reply.status or None)


def _trial(work: _Work, case: Case, outcome: Outcome, at: datetime) -> Trial:
    destination = work.line.destination
    name = work.standing.uncertain_step if work.is_lookup and work.standing.uncertain_step else work.step.name
    done = replace(case, progress={**case.progress, name: dict(outcome.yields)})
    return Trial(
        work.step,
        outcome,
        at,
        last=outcome.kind is OutcomeKind.DELIVERED and destination.next_step(done) is None,
        is_lookup=work.is_lookup,
        lookup_delay=destination.lookup_delay,
    )


def _end(work: _Work, row: Begin, reply: Reply, outcome: Outcome, at: datetime, standing: Standing) -> End:
    result, late = results_of(row.id, at, outcome, work.key, reply.body)
    return End(work.claimed.handoff.id, row.worker, row.step, result, change_of(standing), late.leaf)


async def _set_aside(claimed: Claimed, reason: str, tools: Tools, seat: Seat) -> None:
    """Park a handoff that failed before any attempt could be made."""
    parked = replace(
        standing_of(claimed.handoff), state=HandoffState.PARKED, stage=ParkStage.INTERNAL, reason=reason, due_at=None
    )
    await _settle(claimed, parked, tools, seat)


async def _settle(claimed: Claimed, standing: Standing, tools: Tools, seat: Seat) -> None:
    """Write a state that no attempt led to."""
    change = change_of(standing)
    await insist(lambda: tools.ledger.write(settle, claimed.handoff.id, seat.worker, change, tools.clock.now()))
    log.warning("handoff.settled", **_ids(claimed), state=standing.state.value, reason=standing.reason)


def _tell(work: _Work, row: Begin, outcome: Outcome, standing: Standing, elapsed: float) -> None:
    handoff = work.claimed.handoff
    work.tools.metrics.attempts(handoff.destination, work.step.name, outcome.kind.value).inc()
    work.tools.metrics.attempt_seconds(handoff.destination).observe(elapsed)
    log.info(
        f"handoff.{outcome.kind.value}",
        **_ids(work.claimed),
        step=row.step,
        number=row.number,
        reason=outcome.reason,
        status=outcome.status,
        state=standing.state.value,
        reference=standing.reference,
        seconds=round(elapsed, 4),
    )


def traced(call: Call, trace: Trace) -> Call:
    """The request with the context of its trace, where it goes by HTTP; what is committed to, the body, is the same."""
    if not call.url.startswith(("http://", "https://")) or any(name.lower() == HEADER for name, _ in call.headers):
        return call
    return replace(call, headers=(*call.headers, (HEADER, trace.header)))


def _trace(work: _Work, row: Begin) -> Trace | None:
    """The attempt's own span in the report's trace: its id is the end of the attempt's, so the journal names it too."""
    trace = parsed(work.claimed.report.trace)
    return trace and trace.at(row.id.bytes[8:])


def _record(work: _Work, row: Begin, outcome: Outcome, trace: Trace | None, ended_at: datetime) -> None:
    spans, above = work.tools.spans, parsed(work.claimed.report.trace)
    if spans is None or trace is None or above is None:
        return
    told: dict[str, str | int] = {**_ids(work.claimed), "step": row.step, "reason": outcome.reason}
    failed = outcome.kind is not OutcomeKind.DELIVERED
    spans.ended(f"attempt {row.step}", trace, above.span_id, row.started_at, ended_at, told, failed=failed)


def _ids(claimed: Claimed) -> dict[str, str]:
    handoff, trace = claimed.handoff, parsed(claimed.report.trace)
    ids = {"handoff": str(handoff.id), "report": str(handoff.report_id), "destination": handoff.destination}
    return ids | {"trace": trace.trace_id} if trace else ids
