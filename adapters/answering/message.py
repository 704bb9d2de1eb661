"""A channel as a destination of notices: one call sends one message."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

import orjson

from adapters.answering.options import AnswerOptions
from adapters.contract import Call, Case, ChannelEntry, Fault, Reply, ReplyAddress, Step, Term
from adapters.http import HttpClient, Limits
from adapters.http.outcomes import classify
from schemas.base import Json
from schemas.handoff import Outcome, OutcomeKind, Receipt, Repeat
from schemas.notice import Notice

SEND = "send"
Make = Callable[[Case, datetime], Call]
Read = Callable[[Reply, datetime], Outcome]
_NOT_SENT = "not_sent"
_LIMITS = Limits(connect=10.0, read=20.0, total=30.0, reply_bytes=65_536, connections=8)


class Unsendable(Exception):
    """The vendor would never take this. `reason` is a token, as in an outcome."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Manner:
    """How one vendor is called and how it answers. `call` raises Unsendable; both are pure."""

    call: Make
    read: Read
    repeat: Repeat


class Carrier(Protocol):
    """What makes a call: by HTTP, or by another protocol."""

    async def send(self, call: Call) -> Reply:
        """Make the call, once. Never raises for what the network or the peer does."""

    async def aclose(self) -> None:
        """Close connections."""


class OneMessage:
    """The channel `@name`."""

    lookup_delay = 60.0

    def __init__(self, name: str, manner: Manner, carrier: Carrier) -> None:
        self.name = name
        self._manner = manner
        self._carrier = carrier

    def next_step(self, case: Case) -> Step | None:
        """The message, once."""
        return None if SEND in case.progress else Step(SEND, self._manner.repeat)

    def lookup_step(self, case: Case, uncertain: str) -> Step:
        """Never asked for: no vendor here can be asked for our reference, so none declares it."""
        return Step(SEND, self._manner.repeat)

    def build(self, case: Case, step: Step, at: datetime) -> Call:
        """The request; one that leads nowhere for what the vendor would never take."""
        try:
            return self._manner.call(case, at)
        except Unsendable:
            return Call("NONE", "", (), b"", str(case.handoff_id))

    async def send(self, call: Call) -> Reply:
        """Make the call, once; none for one that leads nowhere."""
        return await self._carrier.send(call) if call.url else Reply(fault=Fault(_NOT_SENT, sent=False))

    def read(self, case: Case, step: Step, reply: Reply, at: datetime) -> Outcome:
        """What the reply means; what was never sent is refused with its reason."""
        if reply.fault is not None and reply.fault.reason == _NOT_SENT:
            return refused(reply, self._why_not(case, at))
        return self._manner.read(reply, at)

    def _why_not(self, case: Case, at: datetime) -> str:
        try:
            self._manner.call(case, at)
        except Unsendable as error:
            return error.reason
        return _NOT_SENT

    async def sync(self) -> Sequence[Term]:
        """Nothing: a channel has no vocabulary."""
        return ()

    async def aclose(self) -> None:
        """Close connections."""
        await self._carrier.aclose()


def voice(entry: ChannelEntry, options: AnswerOptions, call: Make, read: Read) -> OneMessage:
    """The channel as a destination, called and read so."""
    return OneMessage(entry.name, Manner(call, read, options.repeats), over_http(options))


def over_http(options: AnswerOptions) -> Carrier:
    """What makes the calls of a channel that answers by HTTP."""
    return HttpClient(_LIMITS, allow_private=frozenset(options.private_hosts))


def notice_of(case: Case) -> Notice:
    """What is to be told. Raises Unsendable for a case without a notice: channels take nothing else."""
    if case.notice is None:
        raise Unsendable("no_notice")
    return case.notice


def address_of(case: Case) -> ReplyAddress:
    """Where it goes. Raises Unsendable when the report came without a way back."""
    if case.reply is None or not case.reply.to:
        raise Unsendable("no_reply_address")
    return case.reply


def json_of(reply: Reply) -> Json:
    """The body as JSON; None for anything else."""
    try:
        return orjson.loads(reply.body)
    except orjson.JSONDecodeError:
        return None


def at_path(document: Json, *path: str | int) -> Json:
    """What stands there; None where the path leads nowhere."""
    for part in path:
        if isinstance(document, dict) and isinstance(part, str):
            document = document.get(part)
        elif isinstance(document, list) and isinstance(part, int) and len(document) > part:
            document = document[part]
        else:
            return None
    return document


def read_reference(reply: Reply, at: datetime, *path: str | int) -> Outcome:
    """Sent when a whole 2xx gives the vendor's id at the path; in doubt when it does not; else as the status says."""
    outcome = classify(reply, at)
    if outcome is not None:
        return outcome
    given = at_path(json_of(reply), *path)
    return sent(reply, at, given) if is_reference(given) else in_doubt(reply, "no_reference")


def is_reference(given: Json) -> bool:
    """Whether this can be a vendor's id of a message."""
    return isinstance(given, str | int) and not isinstance(given, bool) and 0 < len(str(given).strip()) <= 255


def sent(reply: Reply, at: datetime, reference: Json = None) -> Outcome:
    """The vendor has taken the message."""
    told = str(reference).strip() if reference is not None else None
    return Outcome(
        kind=OutcomeKind.DELIVERED,
        reason=f"http_{reply.status}",
        status=reply.status,
        yields={"message_id": told} if told else {},
        receipt=Receipt(reference=told, received_at=at),
    )


def in_doubt(reply: Reply, reason: str) -> Outcome:
    """The vendor may have taken it."""
    return Outcome(kind=OutcomeKind.UNCERTAIN, reason=reason, status=reply.status or None)


def refused(reply: Reply, reason: str) -> Outcome:
    """The vendor says that it did not take the message, and never will."""
    return Outcome(kind=OutcomeKind.REFUSED, reason=reason, status=reply.status or None)


def deferred(reply: Reply, reason: str) -> Outcome:
    """The vendor says that it did not take the message now."""
    return Outcome(kind=OutcomeKind.DEFERRED, reason=reason, status=reply.status or None)
