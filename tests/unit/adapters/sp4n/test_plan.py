"""Which steps a case has: the saga of three calls, its short cuts, and where it resumes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from adapters.contract import Case, Step
from adapters.destinations.sp4n.plan import addressee_of, complaint_id_of, file_ids_of, steps_of, target_of
from schemas.errors import Invalid
from schemas.handoff import HandoffKind, Repeat
from tests.fakes.cases import a_case, a_message, a_report, a_withdrawal, an_addition
from tests.unit.adapters.sp4n.builders import CREATED, an_adapter, created, options

BARE = a_report(attachments=())


@pytest.mark.parametrize(
    ("case", "changes", "steps"),
    [
        (a_case(), {}, ["files", "complaint", "pass_on"]),
        (a_case(report=BARE), {}, ["complaint", "pass_on"]),
        (a_case(report=BARE, parameters={}), {}, ["complaint"]),
        (a_case(report=BARE, parameters={}), {"target_institution": 5}, ["complaint", "pass_on"]),
        (a_case(report=BARE, parameters={}), {"target_institution": 9021}, ["complaint"]),
        (a_case(report=BARE, parameters={"institution": 9021}), {"target_institution": 5}, ["complaint"]),
        (a_case(report=BARE), {"content_limit": 200}, ["complaint", "pass_on", "continuation_2"]),
        (an_addition(), {}, ["files", "followup"]),
        (an_addition(), {"followup_attachments": "bytes"}, ["followup"]),
        (an_addition(messages=(a_message(sequence=1, attachments=()),)), {}, ["followup"]),
        (
            an_addition(messages=(a_message(sequence=1, attachments=()),)),
            {"content_limit": 200},
            ["followup", "followup_2"],
        ),
        (a_withdrawal(), {}, ["followup"]),
        (a_withdrawal(messages=()), {}, ["followup"]),
    ],
)
def test_a_case_has_these_steps(case: Case, changes: dict[str, Any], steps: list[str]) -> None:
    assert [step.name for step in steps_of(options(**changes), case)] == steps


def test_each_step_says_what_a_repetition_does() -> None:
    steps = {step.name: step for step in steps_of(options(content_limit=200), a_case())}

    assert steps["files"] == Step("files", Repeat.HARMLESS, files=True)
    assert steps["complaint"] == Step("complaint", Repeat.NEITHER)
    assert steps["pass_on"] == Step("pass_on", Repeat.LOOKUP)
    assert steps["continuation_2"] == Step("continuation_2", Repeat.LOOKUP)


def test_only_the_first_part_of_a_follow_up_asks_for_files() -> None:
    long = an_addition(messages=(a_message(sequence=1),))
    steps = list(steps_of(options(content_limit=200, followup_attachments="bytes"), long))

    assert [step.files for step in steps] == [True, False]


def test_a_case_resumes_at_the_first_step_that_is_not_done() -> None:
    sp4n, case = an_adapter(), a_case()
    done: dict[str, dict[str, Any]] = {"files": {"ids": [1]}, "complaint": CREATED, "pass_on": {"institution": "4"}}
    names: list[str | None] = []
    for count in range(4):
        step = sp4n.next_step(replace(case, progress=dict(list(done.items())[:count])))
        names.append(step.name if step else None)

    assert names == ["files", "complaint", "pass_on", None]


@pytest.mark.parametrize(
    ("written", "target"),
    [
        ("4", "4"),
        (4, "4"),
        (" 4 ", "4"),
        ("Kementerian Kesehatan", "Kementerian Kesehatan"),
        (9021, None),
        ("9021", None),
        ("", "5"),
        (None, "5"),
        (True, "5"),
        ([4], "5"),
    ],
)
def test_the_route_names_the_target_and_the_entry_stands_in(written: Any, target: str | None) -> None:
    assert target_of(options(target_institution=5), a_case(parameters={"institution": written})) == target


@pytest.mark.parametrize("later", [an_addition, a_withdrawal])
def test_a_later_message_belongs_to_the_complaint_of_the_report(later: Callable[..., Case]) -> None:
    prior = {"complaint": {"complaint_id": "77"}, "pass_on": {"institution": "4"}}

    assert complaint_id_of(later(prior=prior)) == "77"
    assert addressee_of(options(), later(prior=prior)) == "4"
    assert addressee_of(options(), later(prior={"complaint": {"complaint_id": "77"}})) == "9021"


def test_a_complaint_that_a_person_confirmed_counts_by_its_reference() -> None:
    assert complaint_id_of(a_case(progress={"complaint": {"reference": 77}})) == "77"


def test_nothing_can_be_added_to_a_complaint_that_was_never_made() -> None:
    case = an_addition(messages=())
    sp4n = an_adapter()
    step = sp4n.next_step(case)

    assert step is not None
    with pytest.raises(Invalid, match="no complaint"):
        sp4n.build(case, step, case.accepted_at)


def test_file_ids_come_from_the_upload() -> None:
    assert file_ids_of(created()) == [70001]
    assert file_ids_of(a_case()) == []


def test_every_kind_of_handoff_ends() -> None:
    for kind in HandoffKind:
        assert list(steps_of(options(), a_case(kind=kind)))
