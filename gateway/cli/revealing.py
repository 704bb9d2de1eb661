"""Opening a report for a person's eyes: recorded first, with who and why, and only then decrypted."""

from __future__ import annotations

from typing import Any

import orjson

from gateway.casework import MESSAGE_PART, REPORT_PART, REPORTER_PART
from gateway.cli.desk import Desk
from gateway.ledger.actions import note
from gateway.ledger.values import ActionRow, ReportRecord
from schemas.ids import new_id

REVEAL = "reveal"


async def reveal(desk: Desk, record: ReportRecord, reason: str) -> dict[str, Any]:
    """The content, messages and reporter of a report. Raises Erased when they are gone; the look is recorded anyway."""
    report = record.report
    await note_look(desk, record, reason)
    key = desk.vault().open_key(report.id, record.key.wrapped, record.key.master_key_id)
    reporter = report.sealed_reporter
    return {
        "report": orjson.loads(key.open(REPORT_PART, report.sealed_report)),
        "reporter": orjson.loads(key.open(REPORTER_PART, reporter)) if reporter else None,
        "messages": [orjson.loads(key.open(MESSAGE_PART, one.sealed_message)) for one in record.messages],
    }


async def note_look(desk: Desk, record: ReportRecord, reason: str) -> None:
    """Record that somebody looks, and why, before anything is opened."""
    action = ActionRow(new_id(desk.now), desk.now, desk.actor, REVEAL, str(record.report.id), {"reason": reason})
    await desk.ledger.write(note, action)
