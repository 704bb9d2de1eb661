"""What the server's answers mean: the one table from what was done to outcome, and the ministry's word about a case."""

from __future__ import annotations

import json
import re
from datetime import datetime

from adapters.contract import Reply
from adapters.destinations.sftp.words import ABSENT, ACK, DONE, FOUND, NACK, PLACED, PROBLEM
from schemas.base import Json
from schemas.handoff import NOT_OURS, Outcome, OutcomeKind, Receipt

_TOKEN = re.compile(r"[a-z0-9_]{1,48}")
_REFERENCE = re.compile(r"[^\x00-\x1f\x7f\ud800-\udfff]{1,255}")


def read_drop(path: str, digest: str, reply: Reply) -> Outcome:
    """Whether the file lies in its place. What the server declines leaves nothing that a ministry would read."""
    if reply.fault is not None:
        return _of_fault(reply)
    if reply.headers.get(DONE) == PLACED and not reply.truncated:
        return Outcome(kind=OutcomeKind.DELIVERED, reason="placed", yields={"file": path, "sha256": digest})
    return _declined(reply)


def read_word(digest: Json, reply: Reply, at: datetime, poll_every: float) -> Outcome:
    """What the ministry says of the file with this SHA-256.

    No word yet: waited for, `poll_every` seconds each time. A word that cannot be read, or is about other bytes, may
    be corrected: it is looked at again as any uncertain answer, and a person decides when the horizon is reached.
    """
    if reply.fault is not None:
        return _of_fault(reply)
    found = reply.headers.get(FOUND)
    if found == ABSENT:
        return Outcome(kind=OutcomeKind.DEFERRED, reason="awaiting_ack", look_again=poll_every)
    if found not in (ACK, NACK):
        return _declined(reply)
    said = _said(reply)
    if found == NACK and said is not None:
        return _nack(said)
    if said is None or "sha256" not in said:
        return Outcome(kind=OutcomeKind.UNCERTAIN, reason="ack_unreadable")
    if said["sha256"] != digest or not isinstance(digest, str):
        return Outcome(kind=OutcomeKind.UNCERTAIN, reason="ack_digest_differs")
    return _ack(said, at)


def _of_fault(reply: Reply) -> Outcome:
    assert reply.fault is not None  # noqa: S101 - the callers have looked
    kind = OutcomeKind.UNCERTAIN if reply.fault.sent else OutcomeKind.DEFERRED
    return Outcome(kind=kind, reason=reply.fault.reason)


def _declined(reply: Reply) -> Outcome:
    """The server said no, which somebody there mends; anything else that is no answer of ours is in doubt."""
    problem = reply.headers.get(PROBLEM, "")
    if _TOKEN.fullmatch(problem):
        return Outcome(kind=OutcomeKind.DEFERRED, reason=problem)
    return Outcome(kind=OutcomeKind.UNCERTAIN, reason="unreadable")


def _said(reply: Reply) -> dict[str, Json] | None:
    if reply.truncated:
        return None
    try:
        value = json.loads(reply.body)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def _nack(said: dict[str, Json]) -> Outcome:
    """Refused, with the ministry's reason where it is a token; the whole word is kept, sealed, with the attempt.

    `not_ours` stands as every other adapter tells it: the case goes on to the next agency.
    """
    reason = said.get("reason")
    if reason == NOT_OURS:
        return Outcome(kind=OutcomeKind.REFUSED, reason=NOT_OURS)
    told = isinstance(reason, str) and _TOKEN.fullmatch(reason)
    return Outcome(kind=OutcomeKind.REFUSED, reason=f"nack_{reason}" if told else "nack")


def _ack(said: dict[str, Json], at: datetime) -> Outcome:
    given = said.get("reference")
    reference = given if isinstance(given, str) and _REFERENCE.fullmatch(given) else None
    return Outcome(
        kind=OutcomeKind.DELIVERED,
        reason="acknowledged",
        yields={"reference": reference} if reference else {},
        receipt=Receipt(reference=reference, received_at=at),
    )
