"""The canonical bytes of an attempt and of a result: what the journal's leaves are the hashes of.

JSON with sorted keys and no spaces, times in UTC to the microsecond, bytes in hexadecimal. A record is built from a
row's columns alone, so a row read back from either database gives the same bytes. It holds every column but `tx` and
`seq` (places in the ledger, no facts; the log's own entries keep those) and `leaf`, its hash.
"""

from __future__ import annotations

from datetime import UTC, datetime
from hashlib import sha256
from uuid import UUID

import orjson

from schemas.base import Json

VERSION = 1
ATTEMPT = "attempt"
RESULT = "result"


def attempt_record(
    *,
    id: UUID,
    handoff_id: UUID,
    report_id: UUID,
    destination: str,
    step: str,
    number: int,
    started_at: datetime,
    worker: UUID,
    request: bytes,
) -> bytes:
    """The record of an attempt. `request` commits to the body about to go. Raises ValueError for a naive time."""
    return _canonical(
        {
            "record": ATTEMPT,
            "version": VERSION,
            "id": str(id),
            "handoff_id": str(handoff_id),
            "report_id": str(report_id),
            "destination": destination,
            "step": step,
            "number": number,
            "started_at": _time(started_at),
            "worker": str(worker),
            "request": request.hex(),
        }
    )


def result_record(
    *,
    attempt_id: UUID,
    source: str,
    ended_at: datetime,
    outcome: str,
    reason: str,
    status: int | None,
    actor: str | None,
    response: bytes | None,
    receipt: Json,
    sealed_excerpt: bytes | None,
) -> bytes:
    """The record of a result. `response` commits to the reply's body; of the sealed excerpt it holds the SHA-256.

    `receipt` is a JSON value or None. Raises ValueError for a naive time.
    """
    return _canonical(
        {
            "record": RESULT,
            "version": VERSION,
            "attempt_id": str(attempt_id),
            "source": str(source),
            "ended_at": _time(ended_at),
            "outcome": str(outcome),
            "reason": reason,
            "status": status,
            "actor": actor,
            "response": None if response is None else response.hex(),
            "receipt": receipt,
            "sealed_excerpt": None if sealed_excerpt is None else sha256(sealed_excerpt).hexdigest(),
        }
    )


def _canonical(value: dict[str, Json]) -> bytes:
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)


def _time(at: datetime) -> str:
    if at.tzinfo is None:
        raise ValueError("a time without zone cannot be recorded")
    return at.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"
