"""What becomes of a handoff after an attempt: the one place where that is decided.

delivered  another step left → go on at once; last step → delivered
deferred   wait as the retry policy says; horizon reached → parked, or uncertain if an earlier try may have arrived
           only its word is awaited → look again at an even pace, which uses up none of the tries
refused    parked; a look-up that found nothing → send again
uncertain  harmless or deduplicated → wait, send again with the same key
           can be looked up → wait a little, ask
           neither → uncertain: a rule or a person decides
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import assert_never

from adapters.contract import Step
from gateway.retry import RetryPolicy, next_look, next_wait
from schemas.base import Json
from schemas.handoff import Evidence, HandoffState, Outcome, OutcomeKind, ParkStage, Repeat

_BEST_FIRST = list(Evidence)
NOT_FOUND = "not_found"
LEDGER_RESTORED = "ledger_restored"
"""The reason of what was in flight when the ledger was put back from a backup."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known of a handoff between two attempts.

    `uncertain_step` names the step whose last sending may have arrived; `released` says that such a step was once
    released to be sent again; `step_tries` and `clock_from` belong to the retry clock of the current step.
    """

    state: HandoffState
    progress: dict[str, dict[str, Json]]
    clock_from: datetime
    tries: int = 0
    step_tries: int = 0
    uncertain_step: str | None = None
    released: bool = False
    due_at: datetime | None = None
    stage: ParkStage | None = None
    reason: str | None = None
    evidence: Evidence | None = None
    reference: str | None = None
    restored: bool = False
    """It stood so in a backup that was put back: what is left of it may have been done since."""
    goes_on: bool = False
    """The same worker goes on with the next step at once."""


@dataclass(frozen=True, slots=True)
class Trial:
    """One attempt as the decision sees it. `last`: no step follows; `is_lookup`: it asked about another step."""

    step: Step
    outcome: Outcome
    at: datetime
    last: bool
    is_lookup: bool = False
    lookup_delay: float = 60.0


def after(standing: Standing, trial: Trial, policy: RetryPolicy, chance: Callable[[], float]) -> Standing:
    """Where the handoff stands after the trial. Pure: `chance` gives numbers in [0, 1) for the jitter."""
    receipt = trial.outcome.receipt
    counted = replace(
        standing,
        tries=standing.tries + 1,
        step_tries=standing.step_tries + 1,
        reason=trial.outcome.reason,
        reference=(receipt.reference if receipt else None) or standing.reference,
        goes_on=False,
        due_at=None,
    )
    match trial.outcome.kind:
        case OutcomeKind.DELIVERED:
            return _step_done(counted, trial)
        case OutcomeKind.DEFERRED:
            if trial.outcome.look_again is not None:
                return _look_again(standing, counted, trial, policy, chance)
            return _wait(counted, trial, policy, chance)
        case OutcomeKind.REFUSED:
            return _refused(counted, trial)
        case OutcomeKind.UNCERTAIN:
            return _uncertain(counted, trial, policy, chance)
        case never:
            assert_never(never)


def waited(standing: Standing, due_at: datetime | None, now: datetime) -> Standing:
    """The standing of a handoff that was due at `due_at` and is worked on only now.

    That it had to wait (a backlog, a pause, an open breaker, closed hours, no worker) is not the destination's refusal:
    its retry clock stood still meanwhile.
    """
    if due_at is None or now <= due_at:
        return standing
    return replace(standing, clock_from=standing.clock_from + (now - due_at))


def put_off(standing: Standing, until: datetime) -> Standing:
    """The standing of a handoff that must wait longer than it would by itself. Its retry clock stands still so long."""
    if standing.due_at is None or until <= standing.due_at:
        return standing
    return replace(standing, due_at=until, clock_from=standing.clock_from + (until - standing.due_at))


def recalled(standing: Standing, step: Step) -> Standing:
    """The standing before a step: what a restored handoff has left counts as sent before, until it is known better."""
    if not standing.restored or standing.uncertain_step is not None or step.repeat in (Repeat.HARMLESS, Repeat.NEITHER):
        return standing
    return replace(standing, uncertain_step=step.name)


def is_past_recall(standing: Standing, step: Step) -> bool:
    """Whether a step may have been done in a time that the ledger no longer knows, and nobody can be asked about it."""
    return standing.restored and step.repeat is Repeat.NEITHER


def nothing_left(standing: Standing) -> Standing:
    """The standing of a handoff whose destination has no step left to try (a configuration that asks for less now)."""
    proof = Evidence.REFERENCED if standing.reference else Evidence.ACKNOWLEDGED
    evidence = _weaker(standing.evidence, proof)
    return replace(standing, state=HandoffState.DELIVERED, evidence=evidence, due_at=None, goes_on=False)


def _step_done(standing: Standing, trial: Trial) -> Standing:
    name = standing.uncertain_step if trial.is_lookup and standing.uncertain_step else trial.step.name
    proof = Evidence.REFERENCED if standing.reference else Evidence.ACKNOWLEDGED
    if trial.is_lookup:
        proof = Evidence.RECONCILED
    evidence = _weaker(standing.evidence, Evidence.DUPLICATE_SUSPECTED if standing.released else proof)
    done = replace(
        standing,
        progress={**standing.progress, name: dict(trial.outcome.yields)},
        uncertain_step=None,
        step_tries=0,
        clock_from=trial.at,
    )
    if trial.last:
        return replace(done, state=HandoffState.DELIVERED, evidence=evidence, reason=None, restored=False)
    kept = evidence if evidence in (Evidence.RECONCILED, Evidence.DUPLICATE_SUSPECTED) else standing.evidence
    return replace(done, state=HandoffState.PENDING, due_at=trial.at, evidence=kept, goes_on=True)


def _refused(standing: Standing, trial: Trial) -> Standing:
    if not trial.is_lookup:
        return _parked(replace(standing, restored=False), trial.outcome.reason)
    if trial.outcome.reason == NOT_FOUND:
        return replace(standing, uncertain_step=None, due_at=trial.at, restored=False, goes_on=True)
    return replace(standing, state=HandoffState.UNCERTAIN)


def _uncertain(standing: Standing, trial: Trial, policy: RetryPolicy, chance: Callable[[], float]) -> Standing:
    if trial.is_lookup:
        return _wait(standing, trial, policy, chance)
    match trial.step.repeat:
        case Repeat.HARMLESS:
            return _wait(standing, trial, policy, chance)
        case Repeat.DEDUPES:
            return _wait(replace(standing, uncertain_step=trial.step.name), trial, policy, chance)
        case Repeat.LOOKUP:
            asking = replace(standing, uncertain_step=trial.step.name)
            return _wait(asking, trial, policy, chance, at_least=trial.lookup_delay)
        case Repeat.NEITHER:
            return replace(standing, state=HandoffState.UNCERTAIN, uncertain_step=trial.step.name)
        case never:
            assert_never(never)


def _wait(
    standing: Standing, trial: Trial, policy: RetryPolicy, chance: Callable[[], float], at_least: float | None = None
) -> Standing:
    elapsed = (trial.at - standing.clock_from).total_seconds()
    asked = max((wish for wish in (trial.outcome.retry_after, at_least) if wish is not None), default=None)
    return _due_after(standing, trial, next_wait(policy, standing.step_tries, elapsed, asked, chance))


def _look_again(
    before: Standing, counted: Standing, trial: Trial, policy: RetryPolicy, chance: Callable[[], float]
) -> Standing:
    """Nothing failed, so the next failure is retried as quickly as if there had been no look."""
    elapsed = (trial.at - before.clock_from).total_seconds()
    seconds = next_look(policy, elapsed, trial.outcome.look_again or 0.0, chance)
    return _due_after(replace(counted, step_tries=before.step_tries), trial, seconds)


def _due_after(standing: Standing, trial: Trial, seconds: float | None) -> Standing:
    """Due again after so many seconds; None: the horizon is reached."""
    if seconds is not None:
        return replace(standing, due_at=trial.at + timedelta(seconds=seconds))
    if standing.uncertain_step is not None:
        return replace(standing, state=HandoffState.UNCERTAIN)
    return _parked(standing, "horizon_reached")


def _parked(standing: Standing, reason: str) -> Standing:
    return replace(standing, state=HandoffState.PARKED, stage=ParkStage.DELIVER, reason=reason)


def _weaker(one: Evidence | None, other: Evidence) -> Evidence:
    return other if one is None else max(one, other, key=_BEST_FIRST.index)
