"""What a destination offers that fetches its cases itself, and what its word about one of them means."""

from __future__ import annotations

import json
import re
from datetime import datetime
from typing import Protocol, runtime_checkable

from adapters.contract import Reply
from schemas.base import Json
from schemas.handoff import NOT_OURS, Outcome, OutcomeKind, Receipt

ACK, NACK = "ack", "nack"
RETRY, REFUSE = "retry", "refuse"
LONGEST_WAIT = 86_400.0
_REFERENCE = re.compile(r"[^\x00-\x1f\x7f]{1,255}")


@runtime_checkable
class Pulled(Protocol):
    """A destination whose cases lie ready until it fetches them. Nobody calls its `send`.

    `lease` is how many seconds it may keep a case before it must say what became of it, `batch` how many it is lent at
    once, `collect_within` after how many seconds a case that nobody fetched is shown as late.
    """

    lease: float
    batch: int
    collect_within: float


def read_verdict(reply: Reply, at: datetime) -> Outcome:
    """What the ministry said of a case: `{"verdict": "ack", "reference": …}` or `{"verdict": "nack", "reason": …}`."""
    if reply.fault is not None:
        kind = OutcomeKind.UNCERTAIN if reply.fault.sent else OutcomeKind.DEFERRED
        return Outcome(kind=kind, reason=reply.fault.reason)
    said = _said(reply)
    if said.get("verdict") == ACK:
        return _taken(said, at)
    if said.get("verdict") == NACK and said.get("reason") == REFUSE:
        return Outcome(kind=OutcomeKind.REFUSED, reason="nack_refuse")
    if said.get("verdict") == NACK and said.get("reason") == NOT_OURS:
        return Outcome(kind=OutcomeKind.REFUSED, reason=NOT_OURS)
    if said.get("verdict") == NACK and said.get("reason") == RETRY:
        return Outcome(kind=OutcomeKind.DEFERRED, reason="nack_retry", retry_after=_wait(said.get("retry_after")))
    return Outcome(kind=OutcomeKind.UNCERTAIN, reason="unreadable")


def _said(reply: Reply) -> dict[str, Json]:
    if reply.status != 200 or reply.truncated:
        return {}
    try:
        value = json.loads(reply.body)
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}


def _taken(said: dict[str, Json], at: datetime) -> Outcome:
    given = said.get("reference")
    reference = given if isinstance(given, str) and _REFERENCE.fullmatch(given) and _is_text(given) else None
    return Outcome(
        kind=OutcomeKind.DELIVERED,
        reason="acknowledged",
        yields={"reference": reference} if reference else {},
        receipt=Receipt(reference=reference, received_at=at),
    )


def _is_text(text: str) -> bool:
    """Without halves of surrogate pairs, which no UTF-8 can hold."""
    return not any("\ud800" <= character <= "\udfff" for character in text)


def _wait(given: Json) -> float | None:
    """The seconds that it asks for, at most a day."""
    if isinstance(given, bool) or not isinstance(given, int | float) or not 0 <= given <= LONGEST_WAIT:
        return None
    return float(given)
