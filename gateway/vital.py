"""What an attempt says about its destination's health, whatever it says about the case."""

from __future__ import annotations

from enum import Enum

from adapters.contract import Reply

OURS = frozenset({"lease_unsure", "internal_error", "build_failed", "bad_url", "ledger_restored"})
"""Reasons of faults that are the gateway's own."""
OUTAGES = frozenset(
    {
        "bad_response",
        "certificate_expired",
        "connect_failed",
        "connect_refused",
        "connect_timeout",
        "connection_lost",
        "connection_reset",
        "disconnected",
        "dns_failed",
        "greeting_failed",
        "no_status",
        "read_timeout",
        "tls_failed",
        "token_unreachable",
        "total_timeout",
    }
)
"""Reasons of faults that are over, for everybody who waits for that, as soon as the destination answers again."""


class Sign(Enum):
    """What an attempt says. A 4xx about one case is a good sign: it was read and answered."""

    WELL = "well"
    """Answered."""
    BROKEN = "broken"
    """Answered that it failed itself: a 5xx."""
    CROWDED = "crowded"
    """Answered that it cannot take more now: 429, 408 or 503."""
    LATE = "late"
    """No answer in time."""
    UNREACHABLE = "unreachable"
    """No connection, or one that broke."""
    NOTHING = "nothing"
    """Says nothing: the fault was ours."""

    @property
    def is_failure(self) -> bool:
        """Whether it counts against the destination."""
        return self not in (Sign.WELL, Sign.NOTHING)

    @property
    def is_answer(self) -> bool:
        """Whether the destination said it itself."""
        return self in (Sign.WELL, Sign.BROKEN, Sign.CROWDED)

    @property
    def is_overload(self) -> bool:
        """Whether fewer calls at once may help."""
        return self in (Sign.CROWDED, Sign.LATE)


def sign_of(reply: Reply) -> Sign:
    """The sign that a reply, or the lack of one, gives."""
    if reply.fault is not None:
        if reply.fault.reason in OURS:
            return Sign.NOTHING
        return Sign.LATE if reply.fault.reason.endswith("timeout") else Sign.UNREACHABLE
    if reply.status in (408, 429, 503):
        return Sign.CROWDED
    return Sign.BROKEN if reply.status >= 500 else Sign.WELL
