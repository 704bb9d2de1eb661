"""Plays a ministry: checks signatures, reads cases strictly, keeps its book, and answers with references of its own."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Literal

import orjson
from pydantic import ValidationError

from adapters.outbound.wire import WireCase
from adapters.simulator import Book, SimulatedAnswer, SimulatedRequest
from schemas.base import Json

SECRET = "whsec_a2VtZW50ZXJpYW4tY29udG9oLXJhaGFzaWEtMzJieXQ="  # noqa: S105 - invented; the simulator's default
PATH = "/cases"
TOLERANCE = 300
"""Seconds that a signature may be old or early."""

Mode = Literal["dedupes", "lookup", "neither"]
_ENTRY_KINDS = {"case.created": "case", "case.added": "addition", "case.withdrawn": "withdrawal"}


def _utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(slots=True)
class SimulatedMinistry:
    """The application below the simulator's server.

    `mode` says what happens to a key that came before: `dedupes` gives the first answer again, `lookup` takes it twice
    but can be asked for it, `neither` takes it twice and cannot be asked.
    """

    secret: str
    mode: Mode
    bearer: str | None
    now: Callable[[], datetime]
    _by_key: dict[str, dict[str, Json]] = field(default_factory=dict)
    _parts: dict[str, list[dict[str, Json]]] = field(default_factory=dict)
    _cases: int = 0
    _known: int = 0

    def take(self, request: SimulatedRequest, book: Book) -> SimulatedAnswer:
        """Take a case, an addition or a withdrawal by POST; find one by GET."""
        if request.path != PATH:
            return _problem(404, "no such address")
        if self.bearer is not None and request.headers.get("authorization") != f"Bearer {self.bearer}":
            return _problem(401, "the bearer token is missing or wrong")
        if not _is_signed(request, self.secret, self.now()):
            return _problem(401, "the signature is missing, wrong or too old")
        self._catch_up(book)
        match request.method:
            case "POST":
                return self._take_case(request, book)
            case "GET" if self.mode != "neither":
                return self._look_up(request)
            case _:
                return _problem(405, "cases are posted here")

    def _take_case(self, request: SimulatedRequest, book: Book) -> SimulatedAnswer:
        key = request.headers.get("idempotency-key", "")
        if not key or key != request.headers["webhook-id"]:
            return _problem(400, "Idempotency-Key is missing, or is not webhook-id")
        if request.headers.get("content-type") != "application/json":
            return _problem(415, "a case is application/json")
        digest = hashlib.sha256(request.body).hexdigest()
        before = self._by_key.get(key) if self.mode == "dedupes" else None
        if before is not None:
            again = before["digest"] == digest
            return _receipt(before, 200) if again else _problem(422, "this key came before with another body")
        try:
            case = WireCase.model_validate_json(request.body)
        except ValidationError as error:
            places = [f"{'.'.join(map(str, one['loc']))}: {one['type']}" for one in error.errors(include_input=False)]
            return _problem(422, "; ".join(places))
        entry = self._entry(case, key, digest)
        if entry is None:
            return _problem(422, "prior_reference does not name the case of this id")
        book.append({**entry, "body": _without_bytes(orjson.loads(request.body))})
        self._note(entry)
        return _receipt(entry, 201)

    def _entry(self, case: WireCase, key: str, digest: str) -> dict[str, Json] | None:
        """The book's entry; None for a later message of a case that is not here."""
        parts = self._parts.get(str(case.id), [])
        kind = _ENTRY_KINDS[case.type]
        now = self.now()
        if kind == "case":
            reference = f"KEM-{now.year}-{self._cases + 1:06}"
        elif any(part["kind"] == "case" and part["reference"] == case.prior_reference for part in parts):
            reference = f"{case.prior_reference}/{len(parts)}"
        else:
            return None
        return {
            "kind": kind,
            "key": key,
            "id": str(case.id),
            "tracking_code": case.tracking_code,
            "reference": reference,
            "received_at": now.isoformat(),
            "digest": digest,
        }

    def _look_up(self, request: SimulatedRequest) -> SimulatedAnswer:
        entry = self._by_key.get(request.query.get("idempotency_key", ""))
        return _receipt(entry, 200) if entry else _problem(404, "no case has this key")

    def _catch_up(self, book: Book) -> None:
        """Know what stood in the book before this started."""
        if self._known < len(book):
            for entry in book.entries[self._known :]:
                self._note(entry)

    def _note(self, entry: dict[str, Json]) -> None:
        self._by_key.setdefault(entry["key"], entry)
        self._parts.setdefault(entry["id"], []).append(entry)
        self._cases += entry["kind"] == "case"
        self._known += 1


def simulated(
    secret: str = SECRET,
    *,
    mode: Mode = "dedupes",
    bearer: str | None = None,
    now: Callable[[], datetime] = _utc_now,
) -> SimulatedMinistry:
    """A ministry that takes cases at `PATH`, signed with `secret`; with `bearer` it wants that token too."""
    return SimulatedMinistry(secret, mode, bearer, now)


def _is_signed(request: SimulatedRequest, secret: str, now: datetime) -> bool:
    """Standard Webhooks, written out here so that the adapter's library is not checked against itself."""
    identity, timestamp = request.headers.get("webhook-id", ""), request.headers.get("webhook-timestamp", "")
    recent = re.fullmatch(r"[0-9]{1,12}", timestamp) and abs(now.timestamp() - int(timestamp)) <= TOLERANCE
    if not identity or not recent:
        return False
    signed = f"{identity}.{timestamp}.".encode() + request.body
    digest = hmac.new(base64.b64decode(secret.removeprefix("whsec_")), signed, hashlib.sha256).digest()
    right = b"v1," + base64.b64encode(digest)
    given = request.headers.get("webhook-signature", "").encode().split(b" ")
    return any(hmac.compare_digest(right, one) for one in given)


def _receipt(entry: dict[str, Json], status: int) -> SimulatedAnswer:
    receipt = {"reference": entry["reference"], "received_at": entry["received_at"]}
    answer = {"idempotency_key": entry["key"], "id": entry["id"], "receipt": receipt}
    return SimulatedAnswer.of_json(answer, status)


def _problem(status: int, detail: str) -> SimulatedAnswer:
    """RFC 9457."""
    return SimulatedAnswer.of_json({"title": "Permintaan ditolak", "status": status, "detail": detail}, status)


def _without_bytes(body: dict[str, Json]) -> dict[str, Json]:
    """The body as the book keeps it: what was sent, but not the files themselves."""
    for holder in (body["case"], *body["messages"]):
        for attachment in holder["attachments"]:
            attachment.pop("content_base64", None)
    return body
