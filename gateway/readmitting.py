"""Letting parked work go on: a held report to its destinations, a message understood by now to where it belongs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from adapters.contract import Channel, FetchingChannel, Inbound, InboundMessage, InboundRequest, Unreadable
from gateway.access_book import AccessBook, HeldChannel
from gateway.casework import RAW_PART
from gateway.enrol import Enrolment, report_rows
from gateway.ledger.intake import keep_reports
from gateway.ledger.set_aside import release_parked, show_parked
from gateway.ledger.values import ParkedRow
from gateway.ledger.views import show_report
from gateway.normalize import normalize
from gateway.review import Reviewing
from schemas.errors import Conflict, Invalid, NotFound


@dataclass(frozen=True, slots=True)
class Readmission:
    """Who lets it go on, with what, and where to, if not where the rules say."""

    reviewing: Reviewing
    access: AccessBook
    enrolment: Enrolment
    adapters: Mapping[str, Channel]
    actor: str
    now: datetime
    to: Sequence[str] = ()

    async def readmit(self, parked: ParkedRow) -> str:
        """Let one go on and say where to. Raises Invalid when it cannot, Conflict when somebody was first."""
        if parked.report_id is None:
            return await self._understand(parked)
        record = await self.reviewing.ledger.read(show_report, parked.report_id)
        if record is None:
            raise NotFound(f"the report of {parked.id} is not in the ledger")
        sent = await self.reviewing.send_on(parked, record, self.actor, self.to, self.now)
        return f"{record.report.tracking_code} → {', '.join(sent)}"

    async def _understand(self, parked: ParkedRow) -> str:
        ledger = self.reviewing.ledger
        shown = await ledger.read(show_parked, parked.id)
        if shown is None or shown[1] is None:
            raise NotFound(f"the key of {parked.id} is not in the ledger")
        held = shown[1]
        key = self.reviewing.vault.open_key(held.subject_id, held.wrapped, held.master_key_id)
        raw = key.open(RAW_PART, parked.sealed_raw or b"")
        parts = await self._read(await self.access.any_channel(parked.channel), raw)
        strange = [part.reason for part in parts if isinstance(part, Unreadable)]
        if strange:
            detail = f"{parked.id} is still not understood ({strange[0]}); it stays parked"
            raise Invalid(detail, cause="not_understood", about=strange[0])
        messages = [part for part in parts if isinstance(part, InboundMessage)]
        codes = [await self._keep(parked.channel, message) for message in messages]
        if not await ledger.write(release_parked, parked.id, (), self.actor, self.now):
            raise Conflict(f"{parked.id} is not parked any more", cause="decided_meanwhile")
        return f"{parked.id} → {', '.join(codes) or 'no report'}"

    async def _read(self, channel: HeldChannel, raw: bytes) -> Sequence[Inbound]:
        """What the part turns out to be now; words that lie with the vendor are asked for. Raises Busy, NotFound."""
        adapter = self.adapters[channel.kind]
        parts = adapter.parse(InboundRequest("POST", "", {}, {}, raw))
        if isinstance(adapter, FetchingChannel) and any(isinstance(one, Unreadable) and one.to_fetch for one in parts):
            raw = await adapter.fetch_words(raw, channel.secrets, channel.options)
            parts = adapter.parse(InboundRequest("POST", "", {}, {}, raw))
        return parts

    async def _keep(self, channel: str, message: InboundMessage) -> str:
        normalized = normalize(message, self.now)
        rows = await report_rows(
            self.enrolment, channel, message, normalized, conversation_key=None, gather=timedelta(0)
        )
        return (await self.reviewing.ledger.group(keep_reports, rows)).tracking_code
