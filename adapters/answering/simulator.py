"""Plays the servers that channels answer through: each request is checked strictly, and what is taken is booked.

One simulator plays every vendor, because their addresses differ. What it demands is written apart from the adapters, to
be able to refute them. An entry of the book: `vendor`, `to`, `text` (or `template`), `sender`, `reference`.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from collections.abc import Callable
from dataclasses import dataclass

import orjson

from adapters.answering.vendor_shapes import SHAPES, Refused, Taken
from adapters.simulator import Book, SimulatedAnswer, SimulatedRequest
from schemas.base import Json

NOTIFY_SECRET = "whsec_" + base64.b64encode(b"rahasia-kanal-contoh-32-byte-ok!").decode()
"""What the simulated channel service checks signatures with."""

_NOTIFY = "/notify"


@dataclass(slots=True)
class SimulatedVendors:
    """Takes messages. `refusal` answers everything with this instead, while it is set (a status and a body)."""

    refusal: tuple[int, Json] | None = None

    def take(self, request: SimulatedRequest, book: Book) -> SimulatedAnswer:
        """Check a request as its vendor would, book it, and answer in the vendor's words."""
        if self.refusal is not None:
            return SimulatedAnswer.of_json(self.refusal[1], self.refusal[0])
        if request.path == _NOTIFY:
            return self._notified(request, book)
        for pattern, shape in SHAPES:
            found = re.fullmatch(pattern, request.path)
            if found is not None and request.method == "POST":
                return _taken(shape, request, found, book)
        return SimulatedAnswer.of_json({"detail": f"nobody is at {request.path}"}, 404)

    def _notified(self, request: SimulatedRequest, book: Book) -> SimulatedAnswer:
        """A channel service's own webhook: signed, and each event once."""
        identity = request.headers.get("webhook-id", "")
        if not _is_signed(request, identity):
            return SimulatedAnswer.of_json({"detail": "the signature does not fit"}, 401)
        event = orjson.loads(request.body)
        if set(event) != {"type", "timestamp", "data"} or not isinstance(event["data"], dict):
            return SimulatedAnswer.of_json({"detail": "an event has type, timestamp and data"}, 400)
        if identity not in _seen(book):
            book.append({"kind": "event", "vendor": "native", "event_id": identity, **event})
        return SimulatedAnswer(204)


def simulated() -> SimulatedVendors:
    """Every vendor, in a good mood."""
    return SimulatedVendors()


def _taken(
    shape: Callable[[SimulatedRequest, re.Match[str], int], Taken],
    request: SimulatedRequest,
    found: re.Match[str],
    book: Book,
) -> SimulatedAnswer:
    try:
        taken = shape(request, found, len(book) + 1)
    except Refused as refused:
        return SimulatedAnswer.of_json(refused.body, refused.status)
    if taken.entry:
        book.append({"kind": "message", **taken.entry})
    if taken.answer is None:
        return SimulatedAnswer(taken.status, taken.headers)
    return SimulatedAnswer.of_json(taken.answer, taken.status)


def _seen(book: Book) -> set[str]:
    return {str(entry["event_id"]) for entry in book.of("event")}


def _is_signed(request: SimulatedRequest, identity: str) -> bool:
    stamp = request.headers.get("webhook-timestamp", "")
    signed = b".".join((identity.encode(), stamp.encode(), request.body))
    digest = hmac.new(base64.b64decode(NOTIFY_SECRET.removeprefix("whsec_")), signed, hashlib.sha256).digest()
    right = b"v1," + base64.b64encode(digest)
    given = request.headers.get("webhook-signature", "").encode().split(b" ")
    return bool(identity) and any(hmac.compare_digest(right, one) for one in given)
