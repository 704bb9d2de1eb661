"""Every destination against its own simulator: steps end, look-ups tell the truth, repeats do what they declare."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from adapters.contract import Case
from adapters.simulator import FaultRule
from schemas.handoff import OutcomeKind, Repeat
from tests.contracts.play import done, play_all, play_step, play_until
from tests.contracts.subjects import SUBJECTS, Subject
from tests.fakes.cases import a_case, a_withdrawal, an_addition

pytestmark = pytest.mark.parametrize("subject", SUBJECTS, ids=lambda subject: subject.name)


async def test_a_report_goes_through_its_steps_and_ends_with_a_receipt(subject: Subject) -> None:
    async with subject.stage() as stage:
        case, played = await play_all(stage.patient, a_case())
    names = [one.step.name for one in played]
    assert sorted(set(names)) == sorted(names) != []
    assert list(case.progress) == names
    receipt = played[-1].outcome.receipt
    assert receipt is not None
    assert receipt.reference


@pytest.mark.parametrize("later", [an_addition, a_withdrawal], ids=["addition", "withdrawal"])
async def test_what_the_reporter_says_later_follows_the_report(subject: Subject, later: Callable[..., Case]) -> None:
    async with subject.stage() as stage:
        report, _ = await play_all(stage.patient, a_case())
        before, case = stage.taken(), later(prior=report.progress)
        if subject.refuses_later:
            step = stage.patient.next_step(case)
            assert step is not None
            refused = (await play_step(stage.patient, case, step)).outcome
            assert (refused.kind, refused.reason, stage.taken()) == (
                OutcomeKind.REFUSED,
                "later_messages_not_taken",
                before,
            )
            return
        _, played = await play_all(stage.patient, case)
        assert (len(played) > 0, stage.taken() - before) == (True, len(played))


async def test_a_step_that_dedupes_is_taken_once_and_answered_alike(subject: Subject) -> None:
    async with subject.stage() as stage:
        case, played = await play_all(stage.patient, a_case())
        before, case = stage.kept(), a_case()
        for one in played:
            if one.step.repeat is Repeat.DEDUPES:
                again = await play_step(stage.patient, case, one.step)
                assert (again.outcome.kind, again.outcome.yields) == (OutcomeKind.DELIVERED, one.outcome.yields)
            case = done(case, one.step, one.outcome)
        assert stage.kept() == before


async def test_a_look_up_finds_what_was_taken_and_nothing_else(subject: Subject) -> None:
    for name in await _steps_with(subject, Repeat.LOOKUP):
        async with subject.stage() as stage:
            case, step = await play_until(stage.patient, a_case(), name)
            lookup = stage.patient.lookup_step(case, name)
            absent = (await play_step(stage.patient, case, lookup)).outcome
            assert (absent.kind, absent.reason) == (OutcomeKind.REFUSED, "not_found")
            await stage.spoil(FaultRule("reset_after"))
            lost = (await play_step(stage.patient, case, step)).outcome
            assert lost.kind is OutcomeKind.UNCERTAIN
            found = (await play_step(stage.patient, case, lookup)).outcome
            assert (found.kind, bool(found.yields)) == (OutcomeKind.DELIVERED, True)
            await play_all(stage.patient, done(case, step, found))


async def test_a_step_that_must_not_be_repeated_goes_over_a_connection_of_its_own(subject: Subject) -> None:
    for name in await _steps_with(subject, Repeat.NEITHER):
        async with subject.stage() as stage:
            if subject.name.startswith("fake-"):
                continue  # no connection
            case, step = await play_until(stage.patient, a_case(), name)
            assert stage.patient.build(case, step, case.accepted_at).fresh


async def _steps_with(subject: Subject, repeat: Repeat) -> list[str]:
    async with subject.stage() as stage:
        _, played = await play_all(stage.patient, a_case())
    return [one.step.name for one in played if one.step.repeat is repeat]
