"""What a stored report or a sample would become at a destination, told as far as may be told."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from pydantic import TypeAdapter

from adapters.contract import Case, Destination
from gateway.casework import MESSAGE_PART, REPORT_PART, REPORTER_PART
from gateway.clock import SystemClock
from gateway.config import DestinationConfig
from gateway.joining import joined
from gateway.ledger import Ledger
from gateway.ledger.actions import note
from gateway.ledger.values import ActionRow, ReportRecord
from gateway.operations.previewing import masked, personal_fields, requests_of, sample_case
from gateway.revealing import REVEAL
from gateway.vault import Vault
from schemas.handoff import HandoffKind
from schemas.ids import new_id
from schemas.report import Message, Report, Reporter

_report, _reporter, _message = TypeAdapter(Report), TypeAdapter(Reporter), TypeAdapter(Message)
_SOMEBODY = Reporter(
    name="Warga Contoh",
    phone="+628000000000",
    email="warga@contoh.example",
    nik="0000000000000000",
    address="Kampung Contoh 1",
)


async def preview_of(configured: DestinationConfig, case: Case | None) -> dict[str, Any]:
    """The requests of a case, or of the sample, at a destination, and which personal fields they hold."""
    shown = case or sample_case(_SOMEBODY if configured.identity else None)
    destination: Destination = configured.kind.build(configured.entry)
    at = SystemClock().now()
    try:
        requests = requests_of(destination, shown, configured.entry.secrets, at)
        personal = personal_fields(destination, shown, at) if configured.identity else []
    finally:
        await destination.aclose()
    return {
        "destination": configured.name,
        "report": case.tracking_code if case else None,
        "entitled": configured.identity,
        "personal_fields": personal,
        "requests": requests,
    }


@dataclass(frozen=True, slots=True)
class Looker:
    """Who looks at a stored report, when; and what opens it."""

    ledger: Ledger
    vault: Vault
    actor: str
    now: datetime


async def stored_case(
    looker: Looker, record: ReportRecord, configured: DestinationConfig, *, reason: str | None = None
) -> Case:
    """The case of a stored report. With a reason it is whole, and the look is recorded first; without, it is masked.

    Raises Erased when its key was destroyed.
    """
    if reason is not None:
        about = {"reason": reason, "destination": configured.name}
        action = ActionRow(new_id(looker.now), looker.now, looker.actor, REVEAL, str(record.report.id), about)
        await looker.ledger.write(note, action)
    case = _opened(looker.vault, record, configured)
    return case if reason is not None else masked(case)


def _opened(vault: Vault, record: ReportRecord, configured: DestinationConfig) -> Case:
    row = record.report
    key = vault.open_key(row.id, record.key.wrapped, record.key.master_key_id)
    first = _report.validate_json(key.open(REPORT_PART, row.sealed_report))
    messages = tuple(
        _message.validate_json(key.open(MESSAGE_PART, one.sealed_message)).model_copy(update={"sequence": one.sequence})
        for one in record.messages
    )
    report = joined(first, [message for message in messages if message.sequence > 0])
    known = configured.identity and row.sealed_reporter is not None and not report.is_anonymous
    case = Case(
        handoff_id=row.id,
        report_id=row.id,
        tracking_code=row.tracking_code,
        channel=row.channel,
        kind=HandoffKind.REPORT,
        accepted_at=row.received_at,
        report=report,
        reporter=_reporter.validate_json(key.open(REPORTER_PART, row.sealed_reporter or b"")) if known else None,
        messages=messages,
    )
    owed = [one for one in record.handoffs if one.destination == configured.name and one.kind == HandoffKind.REPORT]
    return replace(case, handoff_id=owed[0].id, parameters=owed[0].parameters) if owed else case
