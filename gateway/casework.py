"""Opening a claimed handoff: from sealed rows to the case that its destination may see."""

from __future__ import annotations

from dataclasses import dataclass, replace

from pydantic import TypeAdapter

from adapters.contract import Case, ReplyAddress
from gateway.joining import joined
from gateway.ledger.values import Claimed, HandoffRow, NoticeCase
from gateway.lifecycle import Standing
from gateway.vault import SubjectKey, Vault
from schemas.handoff import HandoffKind, HandoffState
from schemas.notice import Notice
from schemas.report import Attachment, Message, Report, Reporter

REPORT_PART = "report"
REPORTER_PART = "reporter"
MESSAGE_PART = "message"
RAW_PART = "raw"
EXCERPT_PART = "excerpt"
NOTICE_PART = "notice"
ADDRESS_PART = "address"

_report = TypeAdapter(Report)
_reporter = TypeAdapter(Reporter)
_message = TypeAdapter(Message)
_notice = TypeAdapter(Notice)
_address = TypeAdapter(ReplyAddress)


@dataclass(frozen=True, slots=True)
class OpenCase:
    """A case with what is needed to work on it. `attachments` stand in the order of their files rows."""

    case: Case
    key: SubjectKey
    standing: Standing
    attachments: tuple[tuple[int, int, Attachment], ...]


def open_case(claimed: Claimed, vault: Vault, *, identity: bool) -> OpenCase:
    """Decrypt a claimed handoff. `identity` says whether the destination's entry asks for the reporter.

    The reporter is opened only then, and never when the report is anonymous. Raises Erased when its key was destroyed.
    """
    handoff, row = claimed.handoff, claimed.report
    key = vault.open_key(row.id, claimed.key.wrapped, claimed.key.master_key_id)
    report = _report.validate_json(key.open(REPORT_PART, row.sealed_report))
    messages = tuple(
        _message.validate_json(key.open(MESSAGE_PART, held.sealed_message)).model_copy(
            update={"sequence": held.sequence}
        )
        for held in claimed.messages
    )
    if handoff.kind is HandoffKind.REPORT:
        report = joined(report, [message for message in messages if message.sequence > 0])
    case = Case(
        handoff_id=handoff.id,
        report_id=row.id,
        tracking_code=row.tracking_code,
        channel=row.channel,
        kind=handoff.kind,
        accepted_at=row.received_at,
        report=report,
        reporter=_reporter_of(claimed, key) if identity and not report.is_anonymous else None,
        messages=messages,
        parameters=handoff.parameters,
        progress=handoff.progress,
        prior=claimed.prior,
    )
    if claimed.notice is not None:
        case = _with_notice(case, claimed.notice, key)
    return OpenCase(case, key, standing_of(handoff), _with_places(messages))


def _with_notice(case: Case, told: NoticeCase, key: SubjectKey) -> Case:
    """The case with what is to be told, and where. The channel knows it all, so no entry has to ask for it."""
    notice = _notice.validate_json(key.open(NOTICE_PART, told.sealed_notice))
    address = told.sealed_address
    reply = _address.validate_json(key.open(ADDRESS_PART, address)) if address is not None else None
    return replace(case, notice=notice, reply=reply, heard_at=told.heard_at)


def standing_of(handoff: HandoffRow) -> Standing:
    """Where the handoff stood when it was claimed."""
    return Standing(
        state=HandoffState.PENDING,
        progress=dict(handoff.progress),
        clock_from=handoff.clock_from,
        tries=handoff.tries,
        step_tries=handoff.step_tries,
        uncertain_step=handoff.uncertain_step,
        released=handoff.released,
        reason=handoff.reason,
        evidence=handoff.evidence,
        reference=handoff.reference,
        restored=handoff.restored,
    )


def _reporter_of(claimed: Claimed, key: SubjectKey) -> Reporter | None:
    sealed = claimed.report.sealed_reporter
    return None if sealed is None else _reporter.validate_json(key.open(REPORTER_PART, sealed))


def _with_places(messages: tuple[Message, ...]) -> tuple[tuple[int, int, Attachment], ...]:
    return tuple(
        (message.sequence, position, attachment)
        for message in messages
        for position, attachment in enumerate(message.attachments)
    )
