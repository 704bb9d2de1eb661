"""Making citizens' receipts: what the ledger can prove of a report, signed with the journal's key."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import UUID

from gateway.citizen_receipt_check import ReceiptReport, check_receipt
from gateway.citizen_receipt_format import receipt_bytes
from gateway.keyring import KeyRing
from gateway.ledger import Ledger
from gateway.ledger.citizen_receipts import receipt_material
from schemas.errors import Tampered

CHECK_PAGE = "/periksa"


@dataclass(frozen=True, slots=True)
class MadeReceipt:
    """A receipt as it is handed out, and as its own check found it."""

    tracking_code: str
    content: bytes
    checked: ReceiptReport


@dataclass(frozen=True, slots=True)
class Receipting:
    """What making receipts, and checking those that others show, needs."""

    ledger: Ledger
    ring: KeyRing = field(repr=False)
    now: Callable[[], datetime]
    public_url: str = ""
    names: Mapping[str, str] = field(default_factory=dict)
    """How people call destinations."""

    async def receipt(self, report_id: UUID) -> MadeReceipt | None:
        """The receipt of a report, checked before it is handed out; None where there is no such report.

        Raises Tampered where the ledger does not fit its log, or LedgerUnavailable.
        """
        material = await self.ledger.read(receipt_material, report_id)
        if material is None:
            return None
        made_at = self.now().astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
        content = receipt_bytes(material, made_at, self.ring.journal, self.names)
        checked = self.check(content.decode())
        if not checked.genuine:
            raise Tampered(f"no receipt was made: {checked.findings[0].sentence}")
        return MadeReceipt(material.tracking_code, content, checked)

    def check(self, text: str) -> ReceiptReport:
        """Check a receipt with every key by which this journal was ever signed."""
        return check_receipt(text, self.ring.trusted)

    @property
    def check_address(self) -> str:
        """Where anybody can have a receipt checked; relative unless the gateway knows its public address."""
        return f"{self.public_url}{CHECK_PAGE}"
