"""Opening a report for a person's eyes: recorded first, with who and why, and only then decrypted."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import orjson

from gateway.casework import MESSAGE_PART, REPORT_PART, REPORTER_PART
from gateway.ledger import Ledger
from gateway.ledger.actions import note
from gateway.ledger.values import ActionRow, ReportRecord
from gateway.vault import Vault
from schemas.ids import new_id

REVEAL = "reveal"


async def reveal(
    ledger: Ledger, vault: Vault, record: ReportRecord, *, actor: str, reason: str, now: datetime
) -> dict[str, Any]:
    """The content, messages and reporter of a report. Raises Erased when they are gone; the look is recorded anyway."""
    report = record.report
    await note_look(ledger, record, actor=actor, reason=reason, now=now)
    key = vault.open_key(report.id, record.key.wrapped, record.key.master_key_id)
    reporter = report.sealed_reporter
    return {
        "report": orjson.loads(key.open(REPORT_PART, report.sealed_report)),
        "reporter": orjson.loads(key.open(REPORTER_PART, reporter)) if reporter else None,
        "messages": [orjson.loads(key.open(MESSAGE_PART, one.sealed_message)) for one in record.messages],
    }


async def note_look(ledger: Ledger, record: ReportRecord, *, actor: str, reason: str, now: datetime) -> None:
    """Record that somebody looks, and why, before anything is opened."""
    await ledger.write(note, ActionRow(new_id(now), now, actor, REVEAL, str(record.report.id), {"reason": reason}))
