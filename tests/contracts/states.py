"""Each step of what a destination is handed, with the case as it stands before it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

from adapters.contract import Case, Destination, Step
from tests.contracts.play import play_all
from tests.contracts.subjects import Subject
from tests.fakes.cases import a_case, a_file, a_withdrawal, an_addition

AT = datetime(2026, 3, 2, 1, 20, tzinfo=UTC)


async def states_of(subject: Subject) -> list[tuple[Case, Step]]:
    """Each step of a report and of what is taken of its later messages, with the case as it stands before it."""
    async with subject.stage() as stage:
        report, _ = await play_all(stage.patient, a_case())
        if subject.refuses_later:
            return [*_before_each(subject.destination(), report)]
        addition, _ = await play_all(stage.patient, an_addition(prior=report.progress))
        withdrawal, _ = await play_all(stage.patient, a_withdrawal(prior=report.progress))
    destination = subject.destination()
    return [state for case in (report, addition, withdrawal) for state in _before_each(destination, case)]


def _before_each(destination: Destination, case: Case) -> Iterator[tuple[Case, Step]]:
    names = list(case.progress)
    for place in range(len(names)):
        before = replace(case, progress={name: case.progress[name] for name in names[:place]})
        step = destination.next_step(before)
        assert step is not None
        yield (replace(before, files=(a_file(),)) if step.files else before), step
