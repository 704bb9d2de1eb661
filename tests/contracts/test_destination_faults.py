"""Every destination under every kind of misbehaviour: an outcome never claims more than what is true."""

from __future__ import annotations

from importlib import import_module

import pytest

from adapters.simulator import FaultRule
from adapters.simulator.faults import KINDS
from schemas.handoff import OutcomeKind
from tests.contracts.expected import DEFERRED, DELIVERED, OWN, REFUSED, UNCERTAIN
from tests.contracts.play import done, play_step
from tests.contracts.subjects import OVER_HTTP, SUBJECTS, Stage, Subject
from tests.fakes.cases import a_case

READABLE = {UNCERTAIN, DELIVERED}
"""A whole 200: in doubt, unless the step needs nothing from the answer."""

EXPECTED: dict[str, set[OutcomeKind]] = {
    "refused": {DEFERRED},
    "reset_before": {UNCERTAIN},
    "stall_before": {UNCERTAIN},
    "status": {DEFERRED},
    "redirect": {UNCERTAIN},
    "reset_after": {UNCERTAIN},
    "stall_after": {UNCERTAIN},
    "stall_headers": {UNCERTAIN},
    "stall_body": {UNCERTAIN},
    "trickle": {UNCERTAIN},
    "truncated": {UNCERTAIN},
    "close_mid_headers": {UNCERTAIN},
    "status_after": {UNCERTAIN},
    "html": READABLE,
    "no_id": READABLE,
    "malformed": READABLE,
    "enormous": {UNCERTAIN},
    "bomb": {UNCERTAIN},
}
"""For each kind with its own defaults: `status` is 503 with a Retry-After, `status_after` 500, `redirect` 302."""

over_http = pytest.mark.parametrize("subject", OVER_HTTP, ids=lambda subject: subject.name)
own_kinds = pytest.mark.parametrize(
    ("subject", "kind"),
    [
        pytest.param(subject, kind, id=f"{subject.name}-{kind}")
        for subject in SUBJECTS
        for kind in OWN.get(subject.protocol, ())
    ],
)


def test_every_kind_of_fault_is_expected() -> None:
    assert set(EXPECTED) == set(KINDS)


@pytest.mark.parametrize("protocol", sorted({subject.protocol for subject in SUBJECTS} - {"http"}))
def test_every_kind_of_a_protocol_of_its_own_is_expected(protocol: str) -> None:
    simulator = import_module(f"adapters.destinations.{protocol}.simulator")
    assert set(OWN[protocol]) == set(simulator.KINDS)


@own_kinds
async def test_no_outcome_over_another_protocol_claims_more_than_is_true(subject: Subject, kind: str) -> None:
    steps = set()
    async with subject.stage() as stage:
        case = a_case()
        while (step := stage.patient.next_step(case)) is not None:
            if step.name in OWN[subject.protocol][kind]:
                steps.add(step.name)
                before = stage.taken()
                await stage.misbehave(kind)
                spoilt = (await play_step(stage.impatient, case, step)).outcome
                assert spoilt.kind in OWN[subject.protocol][kind][step.name], (step.name, spoilt)
                _assert_true(spoilt.kind, stage.taken() > before)
                await stage.misbehave()
            whole = (await play_step(stage.patient, case, step)).outcome
            case = done(case, step, whole)
    assert steps == set(OWN[subject.protocol][kind])


@over_http
@pytest.mark.parametrize("kind", KINDS)
async def test_no_outcome_claims_more_than_is_true(subject: Subject, kind: str) -> None:
    async with subject.stage() as stage:
        case = a_case()
        while (step := stage.patient.next_step(case)) is not None:
            before = stage.taken()
            await stage.spoil(FaultRule(kind, retry_after="30"))
            spoilt = (await play_step(stage.impatient, case, step)).outcome
            was_taken = stage.taken() > before
            assert spoilt.kind in EXPECTED[kind], (step.name, spoilt)
            _assert_true(spoilt.kind, was_taken)
            await _calm(stage)
            whole = (await play_step(stage.patient, case, step)).outcome
            case = done(case, step, whole)


@over_http
@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (301, DEFERRED),
        (400, REFUSED),
        (401, DEFERRED),
        (410, REFUSED),
        (422, REFUSED),
        (429, DEFERRED),
        (502, UNCERTAIN),
    ],
)
async def test_a_status_over_the_wire_means_what_the_table_says(
    subject: Subject, status: int, expected: OutcomeKind
) -> None:
    async with subject.stage() as stage:
        step = stage.patient.next_step(a_case())
        assert step is not None
        # For ever: an adapter whose token is refused may ask for another and make the call once more.
        await stage.spoil(FaultRule("status", status=status, retry_after="120", times=0))
        outcome = (await play_step(stage.patient, a_case(), step)).outcome
    assert (outcome.kind, outcome.status) == (expected, status)
    assert outcome.retry_after == 120


def _assert_true(kind: OutcomeKind, was_taken: bool) -> None:
    """Delivered needs that it was taken, deferred and refused that it was not."""
    if kind is DELIVERED:
        assert was_taken
    if kind in (DEFERRED, REFUSED):
        assert not was_taken


async def _calm(stage: Stage) -> None:
    """A rule that is never met, in place of those in force."""
    await stage.spoil(FaultRule("status", path="^/never$"))
