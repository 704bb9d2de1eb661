"""Letting parked work go on: a held report to its destinations, a message understood by now to where it belongs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from pydantic import TypeAdapter

from adapters.channels import CHANNELS
from adapters.contract import InboundMessage, InboundRequest, Unreadable
from gateway.app import Gateway
from gateway.casework import RAW_PART
from gateway.cli.desk import Desk
from gateway.enrol import Enrolment, report_rows
from gateway.ledger.intake import keep_reports
from gateway.ledger.set_aside import release_parked, show_parked
from gateway.ledger.values import KeyRow, NewHandoff, ParkedRow, ReportRecord
from gateway.ledger.views import show_report
from gateway.normalize import normalize
from gateway.storage import Storage
from gateway.vault import SubjectKey
from schemas.base import Json
from schemas.errors import Conflict, Invalid, NotFound
from schemas.report import Message, Report

_report = TypeAdapter(Report)
_message = TypeAdapter(Message)


@dataclass(frozen=True, slots=True)
class Readmission:
    """Who lets it go on, and where to, if not where the rules say."""

    desk: Desk
    gateway: Gateway
    to: Sequence[str] = ()

    async def readmit(self, parked: ParkedRow) -> str:
        """Let one go on and say where to. Raises Invalid when it cannot, Conflict when somebody was first."""
        if parked.report_id is None:
            return await self._understand(parked)
        record = await self.gateway.ledger.read(show_report, parked.report_id)
        if record is None:
            raise NotFound(f"the report of {parked.id} is not in the ledger")
        return await self._send_on(parked, record)

    async def _send_on(self, parked: ParkedRow, record: ReportRecord) -> str:
        sent = await self.gateway.reviewing().send_on(parked, record, self.desk.actor, self.to)
        return f"{record.report.tracking_code} → {', '.join(sent)}"

    async def _understand(self, parked: ParkedRow) -> str:
        shown = await self.gateway.ledger.read(show_parked, parked.id)
        if shown is None or shown[1] is None:
            raise NotFound(f"the key of {parked.id} is not in the ledger")
        raw = self._open(shown[1]).open(RAW_PART, parked.sealed_raw or b"")
        channel = await self.gateway.access.any_channel(parked.channel)
        parts = CHANNELS[channel.kind].parse(InboundRequest("POST", "", {}, {}, raw))
        strange = [part.reason for part in parts if isinstance(part, Unreadable)]
        if strange:
            raise Invalid(f"{parked.id} is still not understood ({strange[0]}); it stays parked")
        messages = [part for part in parts if isinstance(part, InboundMessage)]
        codes = [await self._keep(parked.channel, message) for message in messages]
        await self._release(parked, (), None)
        return f"{parked.id} → {', '.join(codes) or 'no report'}"

    async def _keep(self, channel: str, message: InboundMessage) -> str:
        gateway = self.gateway
        storage = Storage(gateway.settings.files_path)
        enrolment = Enrolment(gateway.vault, storage, gateway.config.rules, gateway.clock.now)
        normalized = normalize(message, self.desk.now)
        rows = await report_rows(enrolment, channel, message, normalized, conversation_key=None, gather=timedelta(0))
        return (await gateway.ledger.group(keep_reports, rows)).tracking_code

    async def _release(self, parked: ParkedRow, made: Sequence[NewHandoff], decision: Json) -> None:
        desk = self.desk
        args = (parked.id, made, desk.actor, desk.now)
        if not await self.gateway.ledger.write(release_parked, *args, decision=decision):
            raise Conflict(f"{parked.id} is not parked any more")

    def _open(self, key: KeyRow) -> SubjectKey:
        return self.gateway.vault.open_key(key.subject_id, key.wrapped, key.master_key_id)
