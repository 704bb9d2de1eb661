"""Letting a report follow another one about the same event, by hand, and taking that back."""

from __future__ import annotations

from dataclasses import dataclass

from gateway.ledger.cancelling import cancel
from gateway.ledger.links import UNLINK_ACTION, link_handed_on, link_parked, part
from gateway.ledger.values import LinkRow, ParkedRow, ReportRecord
from gateway.ledger.views import show_report
from gateway.review import Reviewing
from schemas.errors import Conflict, Invalid, NotFound
from schemas.handoff import HandoffKind, HandoffState, LinkKind

_STILL_OWED = (HandoffState.PENDING, HandoffState.PARKED)


@dataclass(frozen=True, slots=True)
class Merging:
    """What linking and unlinking needs."""

    reviewing: Reviewing

    async def merge(self, record: ReportRecord, parked: ParkedRow | None, into: ReportRecord, actor: str) -> LinkRow:
        """Let a report follow another one, which was handed on. Both are kept; only the other is handed on further.

        Without `parked` it is one that was handed on itself: what it is still owed is cancelled, whoever has it keeps
        it. Raises Invalid for a report that cannot lead or has followers of its own, Conflict when somebody was first.
        """
        _require_mergeable(record, into)
        now, code = self.reviewing.clock.now(), into.report.tracking_code
        kind = LinkKind.AGAIN if _same_talk(record, into) else LinkKind.SUPPORTER
        link = LinkRow(record.report.id, into.report.id, kind, now, actor, due_at=now)
        if parked is None:
            await self._merge_handed_on(record, link, f"merged into {code}")
        elif not await self.reviewing.ledger.write(link_parked, link, parked, f"merged into {code}"):
            own = record.report.tracking_code
            raise Conflict(f"{own} does not wait any more", cause="decided_meanwhile", about=own)
        return link

    async def _merge_handed_on(self, record: ReportRecord, link: LinkRow, why: str) -> None:
        code = record.report.tracking_code
        if not record.handoffs:
            detail = f"{code} waits for nobody's decision and was handed to nobody"
            raise Conflict(detail, cause="decided_meanwhile", about=code)
        if not await self.reviewing.ledger.write(link_handed_on, link):
            raise Conflict(f"{code} follows another report already, or is erased", cause="follows_already", about=code)
        owed = [row.id for row in record.handoffs if row.kind is HandoffKind.REPORT and row.state in _STILL_OWED]
        await self.reviewing.ledger.write(cancel, owed, link.linked_by, why, link.linked_at)

    async def unlink(self, record: ReportRecord, actor: str, reason: str) -> list[str]:
        """Let a report go its own way; where the rules send it. None at all: it waits in the review queue.

        One that was handed on before goes to whom else the rules name for it; whoever has it keeps it.

        Raises Invalid for one that follows no other.
        """
        ledger, report_id = self.reviewing.ledger, record.report.id
        aside = await ledger.write(part, report_id, actor, reason, self.reviewing.clock.now())
        if aside is None and (record.ties.followed is None or not record.handoffs):
            code = record.report.tracking_code
            raise Invalid(f"{code} follows no other report", cause="follows_none", about=code)
        found = await ledger.read(show_report, report_id)
        if found is None:
            raise NotFound(f"{record.report.tracking_code} is not in the ledger")
        if aside is None:
            return await self.reviewing.also_to(found, actor, UNLINK_ACTION)
        try:
            return await self.reviewing.send_on(aside, found, actor)
        except Invalid:
            return []


def _require_mergeable(record: ReportRecord, into: ReportRecord) -> None:
    own, other = record.report.tracking_code, into.report.tracking_code
    if into.report.id == record.report.id:
        raise Invalid("a report cannot be merged into itself", cause="into_itself", about=own)
    if record.ties.supporters:
        raise Invalid(f"{own} is followed by others; merge the other one into it", cause="has_followers", about=own)
    if not leads(into):
        raise Invalid(f"{other} is not handed on itself; name a report that is", cause="does_not_lead", about=other)


def leads(record: ReportRecord) -> bool:
    """Whether something of the report is owed to anybody, or was, so that others may follow it."""
    return record.report.erased_at is None and any(
        row.kind is HandoffKind.REPORT and row.state is not HandoffState.CANCELLED for row in record.handoffs
    )


def _same_talk(one: ReportRecord, other: ReportRecord) -> bool:
    key = one.report.conversation_key
    return key is not None and key == other.report.conversation_key
