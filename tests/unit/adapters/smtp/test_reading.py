"""What a relay's answers mean, phase by phase."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from adapters.contract import Fault, Reply
from adapters.smtp.reading import queue_id, read_handover
from schemas.handoff import OutcomeKind

DEFERRED, REFUSED, UNCERTAIN, DELIVERED = (
    OutcomeKind.DEFERRED,
    OutcomeKind.REFUSED,
    OutcomeKind.UNCERTAIN,
    OutcomeKind.DELIVERED,
)
AT = datetime(2026, 3, 2, 1, 20, tzinfo=UTC)


def outcome(phase: str, code: int, text: str = "") -> tuple[OutcomeKind, str]:
    read = read_handover("<m@x>", Reply(code, {"phase": phase}, f"{code} {text}".encode()), AT)
    return read.kind, read.reason


@pytest.mark.parametrize(
    ("phase", "code", "kind"),
    [
        ("connect", 554, DEFERRED),
        ("hello", 550, DEFERRED),
        ("starttls", 454, DEFERRED),
        ("auth", 535, DEFERRED),
        ("mail", 451, DEFERRED),
        ("mail", 530, DEFERRED),
        ("mail", 552, REFUSED),
        ("rcpt", 450, DEFERRED),
        ("rcpt", 550, REFUSED),
        ("rcpt", 299, DEFERRED),
        ("data", 421, DEFERRED),
        ("data", 554, REFUSED),
        ("body", 421, DEFERRED),
        ("body", 452, DEFERRED),
        ("body", 554, REFUSED),
        ("body", 500, UNCERTAIN),
        ("body", 299, UNCERTAIN),
        ("body", 354, UNCERTAIN),
        ("body", 250, DELIVERED),
        ("nobody-knows", 250, UNCERTAIN),
    ],
)
def test_a_code_means_what_its_phase_makes_of_it(phase: str, code: int, kind: OutcomeKind) -> None:
    assert outcome(phase, code)[0] is kind


def test_a_reason_names_phase_and_code() -> None:
    assert outcome("rcpt", 550) == (REFUSED, "rcpt_550")


@pytest.mark.parametrize(("sent", "kind"), [(False, DEFERRED), (True, UNCERTAIN)])
def test_a_lost_connection_is_as_certain_as_what_was_sent(sent: bool, kind: OutcomeKind) -> None:
    assert read_handover("<m@x>", Reply(fault=Fault("disconnected", sent)), AT).kind is kind


@pytest.mark.parametrize(
    ("answer", "number"),
    [
        ("2.0.0 Ok: queued as 4Xk2Qz1ZyRz9sYg", "4Xk2Qz1ZyRz9sYg"),
        ("OK id=1tLq2W-00000003ABC-1x2Y", "1tLq2W-00000003ABC-1x2Y"),
        ("2.0.0 52Q8YBQM012345 Message accepted for delivery", "52Q8YBQM012345"),
        ("2.6.0 <a@b> [InternalId=1992864825349, Hostname=X] Queued mail for delivery", "1992864825349"),
        ("Ok 0102018d5f7a1b2c-0a1b2c3d-000000", "0102018d5f7a1b2c-0a1b2c3d-000000"),
        ("2.0.0 OK  1709342400 d9443c01a7336-1dc12345plb.123 - gsmtp", "1709342400 d9443c01a7336-1dc12345plb"),
        ("OK", None),
    ],
)
def test_the_queue_id_of_common_relays_is_found(answer: str, number: str | None) -> None:
    assert queue_id(answer) == number


def test_what_was_taken_without_a_queue_id_has_a_receipt_without_reference() -> None:
    read = read_handover("<m@x>", Reply(250, {"phase": "body"}, b"250 OK"), AT)
    assert read.receipt is not None
    assert (read.kind, read.receipt.reference, read.yields) == (DELIVERED, None, {"message_id": "<m@x>"})
