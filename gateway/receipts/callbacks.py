"""Updates that destinations post by themselves: whose they are is told by their signature, which case by its names.

Signatures: Standard Webhooks (https://www.standardwebhooks.com). Both secrets of a destination are valid while it
changes from one to the other. Older or newer than five minutes is refused, so that nobody can play one again later.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from pydantic import ValidationError

from gateway.ledger.case_values import HeldCase
from gateway.ledger.cases import find_case
from gateway.ledger.views import show_handoff
from gateway.receipts.keeping import About, Keeping, keep
from gateway.signing import is_signed, signing_time
from schemas.callback import StatusReceipt, StatusUpdate
from schemas.errors import BadSignature, Invalid, Malformed, NotFound
from schemas.status import CaseEvent, EventKind, EventSource
from schemas.tracking import InvalidTrackingCode, parse_tracking_code

WINDOW = timedelta(minutes=5)
_LONGEST_ID = 200


@dataclass(frozen=True, slots=True)
class Callbacks:
    """What taking updates needs: the secrets of every destination that may post them, and how they are kept.

    `stranger` is told of a destination that tells of a case which nobody knows here.
    """

    secrets: Mapping[str, tuple[str, ...]]
    tools: Keeping
    stranger: Callable[[str], None] = lambda _: None

    async def take(self, case: str, headers: Mapping[str, str], body: bytes) -> StatusReceipt:
        """Keep one update. Raises BadSignature, Malformed, Invalid, NotFound or LedgerUnavailable."""
        event_id = headers.get("webhook-id", "")
        destination = self._signer(event_id, headers, body)
        held = await self.tools.ledger.read(find_case, destination, *_names(case))
        if held is None:
            self.stranger(destination)
        return await self._kept(held, event_id, _read(body), EventSource.CALLBACK)

    async def take_collected(self, destination: str, handoff_id: UUID, event_id: str, body: bytes) -> StatusReceipt:
        """Keep one update about a case that a destination collected, which the caller knows it to be.

        `event_id` is the destination's own id of the update. Raises as `take`.
        """
        if not _is_id(event_id):
            raise Invalid("send an Idempotency-Key: your own id of this update, of at most 200 printable characters")
        handoff = await self.tools.ledger.read(show_handoff, handoff_id)
        mine = handoff is not None and handoff.destination == destination
        held = await self.tools.ledger.read(find_case, destination, (), handoff.report_id) if handoff and mine else None
        return await self._kept(held, event_id, _read(body), EventSource.INBOX)

    async def _kept(
        self, held: HeldCase | None, event_id: str, update: StatusUpdate, source: EventSource
    ) -> StatusReceipt:
        if held is None:
            raise NotFound("this destination was given no case with that tracking code, report id or reference")
        about = About(held.handoff.report_id, held.handoff.id, held.handoff.destination, held.key, update.reference)
        new = await keep(self.tools, about, source, [_event(f"{source.value}:{event_id}", update)])
        return StatusReceipt(event_id=event_id, tracking_code=held.tracking_code, duplicate=new == 0)

    def _signer(self, event_id: str, headers: Mapping[str, str], body: bytes) -> str:
        """The destination whose secret signed these bytes."""
        made_at = signing_time(headers.get("webhook-timestamp", ""))
        given = headers.get("webhook-signature", "").split()
        if not _is_id(event_id) or made_at is None or not given:
            raise BadSignature("send webhook-id, webhook-timestamp and webhook-signature as Standard Webhooks says")
        if abs(self.tools.clock.now() - made_at) > WINDOW:
            raise BadSignature("the timestamp is more than five minutes off; set your clock and sign anew")
        text = _text(body)
        for destination, secrets in self.secrets.items():
            if any(is_signed(secret, event_id, made_at, text, given) for secret in secrets):
                return destination
        raise BadSignature("no destination's callback secret fits this signature; compare the secret with operations")


def _is_id(text: str) -> bool:
    return 0 < len(text) <= _LONGEST_ID and text.isprintable()


def _text(body: bytes) -> str:
    try:
        return body.decode()
    except UnicodeDecodeError as error:
        raise Malformed("the body is not UTF-8") from error


def _read(body: bytes) -> StatusUpdate:
    try:
        return StatusUpdate.model_validate_json(body)
    except ValidationError as error:
        problems = [
            {"at": ".".join(map(str, one["loc"])) or "body", "problem": one["msg"]}
            for one in error.errors(include_input=False, include_url=False)
        ]
        if any(one["type"] == "json_invalid" for one in error.errors(include_input=False, include_url=False)):
            raise Malformed("the body is not JSON") from error
        raise Invalid("the update cannot be kept as it is", problems) from error


def _names(case: str) -> tuple[list[str], UUID | None]:
    """What the address may mean: a tracking code in any spelling, a report's id, or the destination's reference."""
    names = [case]
    with suppress(InvalidTrackingCode):
        names.insert(0, parse_tracking_code(case))
    with suppress(ValueError):
        return names, UUID(case)
    return names, None


def _event(key: str, update: StatusUpdate) -> CaseEvent:
    kind = EventKind.STATUS if update.status else EventKind.ANSWER
    if update.not_ours:
        kind = EventKind.NOT_OURS
    elif update.question:
        kind = EventKind.QUESTION
    return CaseEvent(
        key=key,
        kind=kind,
        status_name=update.status,
        text=update.text,
        happened_at=update.at,
        sequence=update.sequence,
    )
