"""What reporters say later through a channel service: more words and files, a rating, a withdrawal, "not solved"."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import UUID

import orjson
from pydantic import ValidationError

from adapters.contract import Channel, InboundMessage, InboundRequest
from gateway.access_book import HeldChannel
from gateway.enrol import Enrolment, later_rows, message_row
from gateway.filing import drop_files
from gateway.ledger.additions import add_messages
from gateway.ledger.cases import cases_of_report
from gateway.ledger.conversations import find_thread
from gateway.ledger.own_reports import Withdrawal, withdraw
from gateway.ledger.values import Conversation, Kept
from gateway.normalize import Normalized, normalize
from gateway.plain_text import plain_text
from gateway.receipts.keeping import About, Keeping, keep
from gateway.storyline import NOT_SOLVED, RATED, TAKEN_BACK, events_of_reporter
from schemas.errors import Busy, Conflict, Forbidden, Invalid, Malformed, NotFound
from schemas.later import LaterKind, LaterMessage, LaterReceipt
from schemas.status import EVENT_TEXT_LIMIT, CaseEvent, EventKind, EventSource

_TRIES = 5
_WORDS: Mapping[LaterKind, str] = {
    LaterKind.MESSAGE: "",
    LaterKind.WITHDRAWAL: TAKEN_BACK,
    LaterKind.RATING: RATED,
    LaterKind.NOT_SOLVED: NOT_SOLVED,
}
_EVENTS: Mapping[LaterKind, EventKind] = {
    LaterKind.RATING: EventKind.RATED,
    LaterKind.NOT_SOLVED: EventKind.REOPENED,
}


@dataclass(frozen=True, slots=True)
class Later:
    """What taking later messages needs."""

    tools: Keeping
    enrolment: Enrolment
    adapters: Mapping[str, Channel]

    async def take(self, channel: HeldChannel, report_id: UUID, body: bytes) -> LaterReceipt:
        """Keep one message of the channel's own report, with what it is owed to.

        Raises Forbidden, Malformed, Invalid, TooLarge, NotFound, Conflict or LedgerUnavailable.
        """
        if channel.kind != "native":
            raise Forbidden("this channel's messages come through its webhook; only channels with a key post them here")
        said = _read(body)
        message = self._inbound(channel, said)
        normalized = normalize(message, self.tools.clock.now())
        if said.rating is not None:
            rated = normalized.message.model_copy(update={"rating": said.rating})
            normalized = replace(normalized, message=rated)
        kept = await self._kept(channel, report_id, said, message, normalized)
        if kept.conflict or kept.report_id != report_id:
            raise Conflict("the channel used this message id before for another message; give each an id of its own")
        await self._note(report_id, said)
        return LaterReceipt(
            message_id=said.message_id,
            id=str(report_id),
            tracking_code=kept.tracking_code,
            sequence=kept.sequence,
            duplicate=kept.duplicate,
        )

    async def _kept(
        self, channel: HeldChannel, report_id: UUID, said: LaterMessage, message: InboundMessage, normalized: Normalized
    ) -> Kept:
        for _ in range(_TRIES):
            talk = await self.tools.ledger.read(find_thread, report_id)
            if talk is None or talk.report.channel != channel.name:
                raise NotFound("this channel has posted no report with that id, or it leads nowhere any more")
            if said.kind is LaterKind.WITHDRAWAL:
                return await self._withdrawn(channel, said, message, normalized, talk)
            rows = await later_rows(self.enrolment, channel.name, message, normalized, talk, gather=timedelta(0))
            kept = await self.tools.ledger.group(add_messages, rows)
            if kept.stale or kept.duplicate:
                await drop_files(self.enrolment.storage, rows.files)
            if not kept.stale:
                return kept
        raise Busy("other messages of this report came at the same time; send it again")

    async def _withdrawn(
        self,
        channel: HeldChannel,
        said: LaterMessage,
        message: InboundMessage,
        normalized: Normalized,
        talk: Conversation,
    ) -> Kept:
        key = self.enrolment.vault.open_key(talk.report.id, talk.key.wrapped, talk.key.master_key_id)
        row = message_row(
            self.enrolment, channel.name, message, normalized, key, talk.report.id, sequence=talk.report.messages
        )
        cases = await self.tools.ledger.read(cases_of_report, talk.report.id)
        words, at = plain_text(_text(said), EVENT_TEXT_LIMIT), normalized.message.received_at
        events = events_of_reporter(cases, EventKind.WITHDRAWN, row.id, words, key, at)
        return await self.tools.ledger.write(withdraw, Withdrawal(row, None, (), events))

    async def _note(self, report_id: UUID, said: LaterMessage) -> None:
        """Note at each of the report's cases what the reporter wants of it, once however often it is said."""
        if said.kind not in _EVENTS:
            return
        event = CaseEvent(
            key=f"reporter:{said.message_id}"[:255],
            kind=_EVENTS[said.kind],
            text=_text(said),
            happened_at=said.sent_at,
        )
        for case in await self.tools.ledger.read(cases_of_report, report_id):
            about = About(report_id, case.handoff.id, case.handoff.destination, case.key)
            await keep(self.tools, about, EventSource.REPORTER, [event])

    def _inbound(self, channel: HeldChannel, said: LaterMessage) -> InboundMessage:
        """The message as the channel's own adapter reads one, with its files decoded and counted."""
        submission = {
            "message_id": said.message_id,
            "content": _text(said) or "(lampiran)",
            "attachments": [file.model_dump() for file in said.attachments],
            "sent_at": said.sent_at.isoformat() if said.sent_at else None,
            "extra": {"kind": said.kind.value, "rating": said.rating},
        }
        request = InboundRequest("POST", "", {}, {}, orjson.dumps(submission))
        (read,) = self.adapters[channel.kind].parse(request)
        if not isinstance(read, InboundMessage):
            raise Malformed("the message cannot be read")
        return read


def _read(body: bytes) -> LaterMessage:
    try:
        return LaterMessage.model_validate_json(body)
    except ValidationError as error:
        found = error.errors(include_input=False, include_url=False)
        if any(one["type"] == "json_invalid" for one in found):
            raise Malformed("the body is not JSON") from None
        problems = [{"at": ".".join(map(str, one["loc"])) or "body", "problem": one["msg"]} for one in found]
        raise Invalid("mend what `errors` names, then send the same request again", problems) from None


def _text(said: LaterMessage) -> str:
    words = _WORDS[said.kind].replace("{rating}", str(said.rating))
    return "\n".join(part for part in (words, said.text.strip()) if part)
