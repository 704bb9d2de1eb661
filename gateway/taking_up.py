"""Takes up a handoff whose worker died: releases it, or settles its open attempt as uncertain."""

from __future__ import annotations

import structlog

from adapters.contract import Step
from gateway.casework import open_case, standing_of
from gateway.insisting import insist
from gateway.ledger.attempts import end_attempts
from gateway.ledger.claims import release
from gateway.ledger.values import End, Orphan
from gateway.lifecycle import Trial, after
from gateway.line import Line, Tools, step_to_try
from gateway.recording import change_of, result_of
from gateway.retry import RetryPolicy
from schemas.errors import GatewayError
from schemas.handoff import Outcome, OutcomeKind, Repeat, ResultSource

log = structlog.get_logger("gateway.taking_up")


async def resume(orphan: Orphan, line: Line | None, tools: Tools) -> None:
    """Take up a handoff whose worker died: release it, or settle its open attempt as uncertain.

    `line` is None when the destination is no longer configured: then nothing is known of what sending again would do.
    """
    handoff, attempt = orphan.claimed.handoff, orphan.attempt
    owner = handoff.owner
    if owner is None:
        return
    if attempt is None:
        await insist(lambda: tools.ledger.write(release, [handoff.id], owner, tools.clock.now()))
        return
    ended_at = tools.clock.now()
    outcome = Outcome(kind=OutcomeKind.UNCERTAIN, reason="worker_died")
    step, is_lookup, delay = _interrupted(orphan, line, tools)
    trial = Trial(step, outcome, ended_at, last=False, is_lookup=is_lookup, lookup_delay=delay)
    policy = line.policy_for(handoff.priority) if line else RetryPolicy()
    standing = after(standing_of(handoff), trial, policy, tools.chance)
    result = result_of(attempt.id, ResultSource.REAPER, ended_at, outcome)
    end = End(handoff.id, attempt.worker, step.name, result, change_of(standing), result.leaf)
    await insist(lambda: tools.ledger.group(end_attempts, end))
    log.warning(
        "handoff.taken_up",
        handoff=str(handoff.id),
        report=str(handoff.report_id),
        destination=handoff.destination,
        step=step.name,
        state=standing.state.value,
        reason=outcome.reason,
    )


def _interrupted(orphan: Orphan, line: Line | None, tools: Tools) -> tuple[Step, bool, float]:
    """The step that was under way when the worker died; one that cannot be told is taken as not repeatable."""
    name = orphan.attempt.step if orphan.attempt else ""
    unknown = (Step(name, Repeat.NEITHER), False, 0.0)
    if line is None:
        return unknown
    try:
        opened = open_case(orphan.claimed, tools.vault, identity=line.identity)
    except GatewayError:
        return unknown
    step, is_lookup = step_to_try(line.destination, opened.case, opened.standing)
    if step is None or step.name != name:
        return unknown
    return step, is_lookup, line.destination.lookup_delay
