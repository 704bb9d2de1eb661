"""Which steps a case has, in which order, and what each of them needs to know. Values in, values out."""

from __future__ import annotations

from collections.abc import Iterator

from adapters.contract import Case, Step
from adapters.destinations.sp4n.options import Options
from adapters.destinations.sp4n.texts import (
    attachments_of,
    complaint_head,
    complaint_texts,
    followup_head,
    followup_texts,
)
from schemas.base import Json
from schemas.errors import Invalid
from schemas.handoff import HandoffKind, Repeat

FILES, COMPLAINT, PASS_ON = "files", "complaint", "pass_on"
CONTINUATION, FOLLOWUP = "continuation", "followup"
"""The rest of a long complaint, and a later message. Further parts carry their number: `followup_2`."""
FIND = "find_"
"""A look-up is called after the step that it looks for."""


def steps_of(options: Options, case: Case) -> Iterator[Step]:
    """Every step of the case.

    The complaint can neither be repeated nor found again. A follow-up that arrives twice is read twice, by officials
    and by the public, which cannot be undone either; but it can be found, so it is looked for before it is sent again.
    """
    ids_wanted = case.kind is HandoffKind.REPORT or options.followup_attachments == "ids"
    if ids_wanted and attachments_of(case):
        yield Step(FILES, Repeat.HARMLESS, files=True)
    if case.kind is HandoffKind.REPORT:
        yield Step(COMPLAINT, Repeat.NEITHER)
        if target_of(options, case) is not None:
            yield Step(PASS_ON, Repeat.LOOKUP)
    first = _followup_of(case)
    for number in range(_first_part(case), len(_texts(options, case)) + 1):
        with_bytes = number == 1 and not ids_wanted and bool(attachments_of(case))
        yield Step(first if number == 1 else f"{first}_{number}", Repeat.LOOKUP, files=with_bytes)


def target_of(options: Options, case: Case) -> str | None:
    """The institution that the complaint is passed on to; None when it stays with ours."""
    wanted = case.parameters.get("institution")
    if isinstance(wanted, bool) or not isinstance(wanted, int | str) or not str(wanted).strip():
        wanted = options.target_institution
    if wanted is None or str(wanted).strip() == str(options.institution_id):
        return None
    return str(wanted).strip()


def complaint_of(case: Case) -> dict[str, Json]:
    """What is known of the complaint, from this handoff or, for later messages, from the report's own.

    Empty when there is none.
    """
    source = case.progress if case.kind is HandoffKind.REPORT else case.prior
    known = source.get(COMPLAINT, {})
    complaint_id = known.get("complaint_id") or known.get("reference")
    return {**known, "complaint_id": str(complaint_id)} if complaint_id else {}


def complaint_id_of(case: Case) -> str:
    """The complaint's id. Raises Invalid without one: nothing can be added to a complaint that was never made."""
    complaint_id: str | None = complaint_of(case).get("complaint_id")
    if complaint_id is None:
        raise Invalid("the report has no complaint at SP4N yet; hand the report on first")
    return complaint_id


def addressee_of(options: Options, case: Case) -> str:
    """The institution that the complaint lies with."""
    source = case.progress if case.kind is HandoffKind.REPORT else case.prior
    return str(source.get(PASS_ON, {}).get("institution") or options.institution_id)


def file_ids_of(case: Case) -> list[int]:
    """The ids of the uploaded files."""
    return [int(each) for each in case.progress.get(FILES, {}).get("ids", [])]


def text_of(options: Options, case: Case, step: str) -> str:
    """The text that a step sends."""
    return _texts(options, case)[_part_of(step) - 1]


def head_of(case: Case, step: str) -> str:
    """How the text of a step begins, by which it is found again."""
    head = complaint_head if case.kind is HandoffKind.REPORT else followup_head
    return head(case, _part_of(step))


def is_first_part(step: str) -> bool:
    """Whether a step sends the first part of its text: the one that the files go with."""
    return _part_of(step) == 1


def _followup_of(case: Case) -> str:
    return CONTINUATION if case.kind is HandoffKind.REPORT else FOLLOWUP


def _first_part(case: Case) -> int:
    """The first part that goes as a follow-up."""
    return 2 if case.kind is HandoffKind.REPORT else 1


def _texts(options: Options, case: Case) -> list[str]:
    missing = len(attachments_of(case)) - len(file_ids_of(case)) if FILES in case.progress else 0
    written = complaint_texts if case.kind is HandoffKind.REPORT else followup_texts
    return written(case, options.content_limit, missing)


def _part_of(step: str) -> int:
    number = step.rpartition("_")[2]
    return int(number) if number.isdigit() else 1
