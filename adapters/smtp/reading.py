"""What a relay's answer means: the one table from phase and code to outcome.

A relay takes a message only with 250 after the final dot (RFC 5321 section 4.2.5 and 6.1), so every clear "no", and
whatever goes wrong before the message begins to flow, says that it was surely not taken.
"""

from __future__ import annotations

import re
from datetime import datetime

from adapters.contract import Reply
from adapters.smtp.wire import AUTH, BODY, CONNECT, DATA, HELLO, MAIL, RCPT, TLS
from schemas.base import Json
from schemas.handoff import Outcome, OutcomeKind, Receipt

DEFERRED, REFUSED, UNCERTAIN = OutcomeKind.DEFERRED, OutcomeKind.REFUSED, OutcomeKind.UNCERTAIN
_TAKEN = 250
_OURS_TO_MEND = frozenset({CONNECT, HELLO, TLS, AUTH})
"""Phases that are about us and not about this message: whatever the code, somebody mends it and it goes."""
_LOGIN_WANTED = frozenset({530, 534, 535, 538})
"""RFC 4954 section 6: the credentials or TLS are missing, which the operator mends."""
_NONSENSE = range(500, 505)
"""Codes about the syntax of a command. After the final dot they come from a relay that broke while it took the mail."""
_PHASES = (CONNECT, HELLO, TLS, AUTH, MAIL, RCPT, DATA, BODY)
_QUEUE_IDS = (
    re.compile(r"queued as ([A-Za-z0-9]{5,64})"),  # Postfix
    re.compile(r"\bid=([A-Za-z0-9-]{5,64})"),  # Exim
    re.compile(r"2\.0\.0 ([A-Za-z0-9]{8,64}) Message accepted"),  # Sendmail
    re.compile(r"\[InternalId=([0-9]{1,32})"),  # Exchange
    re.compile(r"\bOk:? ([0-9a-f-]{20,80})\s*$"),  # Amazon SES
    re.compile(r"\bOK\s+([0-9]{8,12} [A-Za-z0-9-]{8,64})"),  # Gmail
)


def read_handover(message_id: str | None, reply: Reply, at: datetime) -> Outcome:
    """The outcome of handing one message over. The receipt names `message_id`, where somebody will ask for it."""
    if reply.fault is not None:
        return Outcome(kind=UNCERTAIN if reply.fault.sent else DEFERRED, reason=reply.fault.reason)
    phase = reply.headers.get("phase", "")
    if phase == BODY and reply.status == _TAKEN and not reply.truncated:
        return _taken(message_id, reply, at)
    kind = _kind(phase, reply.status)
    told = phase if phase in _PHASES else "reply"
    return Outcome(kind=kind, reason=f"{told}_{reply.status}", status=reply.status or None)


def queue_id(text: str) -> str | None:
    """The relay's own number for a message, where its answer names one."""
    found = next((hit for pattern in _QUEUE_IDS if (hit := pattern.search(text))), None)
    return found[1] if found else None


def _kind(phase: str, code: int) -> OutcomeKind:
    if phase not in _PHASES or (phase == BODY and code in _NONSENSE):
        return UNCERTAIN
    if phase in _OURS_TO_MEND or code in _LOGIN_WANTED or 400 <= code < 500:
        return DEFERRED
    if 500 <= code < 600:
        return REFUSED
    return UNCERTAIN if phase == BODY else DEFERRED  # an answer that the protocol does not know


def _taken(message_id: str | None, reply: Reply, at: datetime) -> Outcome:
    reference = queue_id(reply.body.decode(errors="replace"))
    named: dict[str, Json] = {"message_id": message_id} if message_id else {}
    return Outcome(
        kind=OutcomeKind.DELIVERED,
        reason="accepted_250",
        status=reply.status,
        yields=named,
        receipt=Receipt(reference=reference, received_at=at, extra=named),
    )
