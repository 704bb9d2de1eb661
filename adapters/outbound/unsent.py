"""What a destination cannot take is refused before anything is sent, loudly and with its reason."""

from __future__ import annotations

from adapters.contract import Call, Fault, Reply
from schemas.handoff import Outcome, OutcomeKind

NOT_SENT = Reply(fault=Fault("not_sent", sent=False))
"""What came of a call that was never made."""


def no_call(key: str) -> Call:
    """A call that leads nowhere."""
    return Call("NONE", "", (), b"", key)


def leads_nowhere(call: Call) -> bool:
    """Whether a call is not to be made."""
    return not call.url


def refused_unsent(reason: str) -> Outcome:
    """The outcome of a step that the destination cannot take."""
    return Outcome(kind=OutcomeKind.REFUSED, reason=reason)
