"""Who may track a report: whoever holds its code and can prove it, by the PIN or by the phone number that was given.

Whatever is wrong, the answer and the work are the same: nobody learns whether a code exists.
"""

from __future__ import annotations

import hmac
from uuid import UUID

from pydantic import TypeAdapter

from gateway.casework import REPORTER_PART
from gateway.ledger import Ledger
from gateway.ledger.values import ReportRecord
from gateway.ledger.views import show_report
from gateway.pins import DIGITS, is_pin
from gateway.vault import Erased, Vault
from schemas.report import Reporter
from schemas.tracking import InvalidTrackingCode, parse_tracking_code

PHONE_DIGITS = 4

_reporter = TypeAdapter(Reporter)
_NO_SUBJECT = UUID(int=0)
_NOBODY = Reporter(phone="+620000000000").model_dump_json().encode()


async def proven(ledger: Ledger, vault: Vault, code: str, proof: str) -> ReportRecord | None:
    """The report of the code, or None when there is none, or when the proof is not its own."""
    try:
        canonical = parse_tracking_code(code)
    except InvalidTrackingCode:
        canonical = ""
    record = await ledger.read(show_report, canonical) if canonical else None
    if record is not None and (record.report.tracking_code != canonical or record.report.erased_at is not None):
        record = None
    digits = "".join(character for character in proof if character.isascii() and character.isdigit())
    by_pin = is_pin(vault, canonical, digits) and len(digits) == DIGITS
    by_phone = hmac.compare_digest(_last_digits(vault, record), digits) and len(digits) == PHONE_DIGITS
    return record if by_pin or by_phone else None


def _last_digits(vault: Vault, record: ReportRecord | None) -> str:
    """The end of the reporter's phone number; nothing where there is none. Decrypts as much in either case."""
    if record is None or record.report.sealed_reporter is None:
        key = vault.new_key(_NO_SUBJECT)
        _reporter.validate_json(key.open(REPORTER_PART, key.seal(REPORTER_PART, _NOBODY)))
        return ""
    try:
        key = vault.open_key(record.report.id, record.key.wrapped, record.key.master_key_id)
    except Erased:
        return ""
    reporter = _reporter.validate_json(key.open(REPORTER_PART, record.report.sealed_reporter))
    digits = "".join(character for character in reporter.phone or "" if character.isascii() and character.isdigit())
    return digits[-PHONE_DIGITS:] if len(digits) >= 8 else ""
