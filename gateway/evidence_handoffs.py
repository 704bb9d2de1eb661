"""Verification of the handoffs against their records: nothing counts as delivered that no recorded result explains."""

from __future__ import annotations

from uuid import UUID

from gateway.findings import Finding, Findings, Problem, Subject, named
from gateway.stored import AttemptFacts, HandoffFacts, Journal
from schemas.handoff import Evidence, HandoffState


def check_handoffs(journal: Journal, findings: Findings) -> int:
    """Check every handoff. Returns how many there are."""
    count = 0
    try:
        for handoff in journal.handoffs():
            count += 1
            for finding in _findings_of(handoff):
                findings.add(finding)
    except (ValueError, TypeError, AttributeError, OverflowError) as error:
        said = f"Handoffs after the first {count} cannot be read, one of them or of their attempts is damaged: {error}."
        findings.add(Finding(Problem.ALTERED, Subject.HANDOFF, said))
    return count


def _findings_of(handoff: HandoffFacts) -> list[Finding]:
    return [
        *_bearing(handoff),
        *_channels(handoff),
        *(_delivery(handoff) if handoff.state == HandoffState.DELIVERED else []),
        *_reference(handoff),
        *_open_attempts(handoff),
    ]


def _bearing(handoff: HandoffFacts) -> list[Finding]:
    return [
        _about(
            handoff,
            Problem.ALTERED,
            f"is not the one that was attempted: attempt {attempt.id} was made for report {attempt.bearing.report_id} "
            f"to {attempt.bearing.destination}",
            attempt,
        )
        for attempt in handoff.attempts
        if attempt.bearing != handoff.bearing
    ]


def _channels(handoff: HandoffFacts) -> list[Finding]:
    """The channel of an attempt is no part of its leaf: it is held against the report that the attempt was made for."""
    return [
        Finding(
            Problem.ALTERED,
            Subject.ATTEMPT,
            f"{named(Subject.ATTEMPT, attempt.id, *_bears(attempt))} was altered: its channel is {attempt.channel}, "
            f"its report's is {handoff.channel}.",
            attempt.id,
            *_bears(attempt),
        )
        for attempt in handoff.attempts
        if attempt.channel not in (None, handoff.channel)
    ]


def _bears(attempt: AttemptFacts) -> tuple[UUID, str]:
    return attempt.bearing.report_id, attempt.bearing.destination


def _delivery(handoff: HandoffFacts) -> list[Finding]:
    standing = [each for each in handoff.attempts if not any(result.took_back for result in each.results)]
    results = [result for attempt in standing for result in attempt.results if result.delivers]
    if not results and len(standing) < len(handoff.attempts):
        return [_about(handoff, Problem.UNEXPLAINED, "counts as delivered, but is recorded to have come back")]
    if not results:
        return [_about(handoff, Problem.UNEXPLAINED, "counts as delivered, but no recorded result says so")]
    if handoff.evidence == Evidence.CONFIRMED and not any(result.by_person for result in results):
        return [_about(handoff, Problem.UNEXPLAINED, "counts as confirmed by a person, but no recorded result says so")]
    return []


def _reference(handoff: HandoffFacts) -> list[Finding]:
    received = {
        result.reference for attempt in handoff.attempts for result in attempt.results if result.reference is not None
    }
    if handoff.reference is not None and handoff.reference not in received:
        said = f"has the reference {handoff.reference}, which no recorded receipt gives"
        return [_about(handoff, Problem.UNEXPLAINED, said)]
    if handoff.reference is None and received and handoff.state == HandoffState.DELIVERED:
        said = f"has no reference, but a recorded receipt gives {min(received)}"
        return [_about(handoff, Problem.ALTERED, said)]
    return []


def _open_attempts(handoff: HandoffFacts) -> list[Finding]:
    """An attempt without any result is explained only by being made now: it is the last one, and a worker is at it."""
    open_ones = [attempt for attempt in handoff.attempts if not attempt.results]
    in_flight = handoff.state == HandoffState.PENDING and handoff.in_hand
    if in_flight and open_ones and open_ones[-1] is handoff.attempts[-1]:
        open_ones.pop()
    said = "has an attempt without any result, though nobody is making it: attempt"
    return [_about(handoff, Problem.UNEXPLAINED, f"{said} {attempt.id}", attempt) for attempt in open_ones]


def _about(handoff: HandoffFacts, problem: Problem, said: str, attempt: AttemptFacts | None = None) -> Finding:
    report_id, destination = handoff.bearing.report_id, handoff.bearing.destination
    return Finding(
        problem,
        Subject.HANDOFF,
        f"Handoff {handoff.id} of report {report_id} to {destination} {said}.",
        attempt_id=attempt.id if attempt else None,
        report_id=report_id,
        destination=destination,
    )
