"""Plays the gateway's part towards a destination: builds, sends and reads a step, and goes on to the next."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime

from adapters.contract import Case, Destination, Reply, Step
from schemas.handoff import Outcome, OutcomeKind
from tests.fakes.cases import a_file

MOST_STEPS = 10


@dataclass(frozen=True, slots=True)
class Played:
    """One try of one step."""

    step: Step
    reply: Reply
    outcome: Outcome


async def play_step(destination: Destination, case: Case, step: Step) -> Played:
    """Make one try. The time is the real one, because the other side checks how old a signature is."""
    at = datetime.now(UTC)
    whole = replace(case, files=(a_file(),)) if step.files else case
    reply = await destination.send(destination.build(whole, step, at))
    return Played(step, reply, destination.read(whole, step, reply, at))


def done(case: Case, step: Step, outcome: Outcome) -> Case:
    """The case after a step is done."""
    return replace(case, progress={**case.progress, step.name: dict(outcome.yields)})


async def play_all(destination: Destination, case: Case) -> tuple[Case, list[Played]]:
    """Every step until none is left; each must be delivered at its first try."""
    played: list[Played] = []
    while (step := destination.next_step(case)) is not None:
        assert len(played) < MOST_STEPS, "the steps do not end"
        one = await play_step(destination, case, step)
        assert one.outcome.kind is OutcomeKind.DELIVERED, one
        played.append(one)
        case = done(case, step, one.outcome)
    return case, played


async def play_until(destination: Destination, case: Case, name: str) -> tuple[Case, Step]:
    """The case when the step of this name is next, and the step."""
    while (step := destination.next_step(case)) is not None and step.name != name:
        case = done(case, step, (await play_step(destination, case, step)).outcome)
    assert step is not None, f"no step is called {name}"
    return case, step
