"""Plays a ministry: checks signatures, reads cases strictly, keeps its book, and answers with references of its own."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Literal
from urllib.parse import parse_qsl

import orjson
from pydantic import ValidationError

from adapters.destinations.ministry_rest.simulated_proofs import (
    BEARER,
    REVOKE,
    SECRET,
    TOKEN_PATHS,
    TOLERANCE,
    Guard,
    Proof,
    Tokens,
)
from adapters.outbound.wire import WireCase
from adapters.simulator import Book, SimulatedAnswer, SimulatedRequest
from schemas.base import Json

__all__ = ["PATH", "SECRET", "TOLERANCE", "Mode", "SimulatedMinistry", "simulated"]

PATH = "/cases"

Mode = Literal["dedupes", "lookup", "neither"]
Shape = Literal["case", "own"]
SIGNED: tuple[Proof, ...] = ("signature",)
_ENTRY_KINDS = {"case.created": "case", "case.added": "addition", "case.withdrawn": "withdrawal"}


def _utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Known:
    """What the book needs to know of a case."""

    kind: str
    id: str
    tracking_code: str | None
    prior_reference: str | None


@dataclass(slots=True)
class SimulatedMinistry:
    """The application below the simulator's server.

    `mode` says what happens to a key that came before: `dedupes` gives the first answer again, `lookup` takes it twice
    but can be asked for it, `neither` takes it twice and cannot be asked. `shape`: `case` is the body that we wish for,
    read strictly; `own` is whatever JSON or form the ministry thought of.
    """

    guard: Guard
    mode: Mode
    shape: Shape
    now: Callable[[], datetime]
    _by_key: dict[str, dict[str, Json]] = field(default_factory=dict)
    _parts: dict[str, list[dict[str, Json]]] = field(default_factory=dict)
    _cases: int = 0
    _known: int = 0

    def take(self, request: SimulatedRequest, book: Book) -> SimulatedAnswer:
        """Take a case, an addition or a withdrawal by POST; find one by GET. Issue tokens, and revoke them."""
        if request.path in TOKEN_PATHS:
            return self.guard.tokens.answer(request)
        if request.path == REVOKE:
            return self.guard.tokens.revoke()
        if request.path != PATH:
            return _problem(404, "no such address")
        missing = self.guard.missing(request)
        if missing is not None:
            return _problem(401, f"the proof `{missing}` is missing, wrong or too old")
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
        if not key or key != request.headers.get("webhook-id", key):
            return _problem(400, "Idempotency-Key is missing, or is not webhook-id")
        digest = hashlib.sha256(request.body).hexdigest()
        before = self._by_key.get(key) if self.mode == "dedupes" else None
        if before is not None:
            again = before["digest"] == digest
            return _receipt(before, 200) if again else _problem(422, "this key came before with another body")
        read = self._own(request, key) if self.shape == "own" else self._read(request)
        if isinstance(read, SimulatedAnswer):
            return read
        case, body = read
        entry = self._entry(case, key, digest)
        if entry is None:
            return _problem(422, "prior_reference does not name the case of this id")
        book.append({**entry, "proofs": list(self.guard.wants), "body": body})
        self._note(entry)
        return _receipt(entry, 201)

    def _read(self, request: SimulatedRequest) -> tuple[Known, Json] | SimulatedAnswer:
        """A case in the shape that we wish for."""
        if request.headers.get("content-type") != "application/json":
            return _problem(415, "a case is application/json")
        try:
            case = WireCase.model_validate_json(request.body)
        except ValidationError as error:
            places = [f"{'.'.join(map(str, one['loc']))}: {one['type']}" for one in error.errors(include_input=False)]
            return _problem(422, "; ".join(places))
        known = Known(_ENTRY_KINDS[case.type], str(case.id), case.tracking_code, case.prior_reference)
        return known, _without_bytes(orjson.loads(request.body))

    def _own(self, request: SimulatedRequest, key: str) -> tuple[Known, Json] | SimulatedAnswer:
        """A case in the ministry's own shape: whatever it holds, each key is a case of its own."""
        if request.headers.get("content-type") == "application/x-www-form-urlencoded":
            return Known("case", key, None, None), dict(parse_qsl(request.body.decode(), keep_blank_values=True))
        try:
            return Known("case", key, None, None), orjson.loads(request.body)
        except orjson.JSONDecodeError:
            return _problem(400, "a case is JSON or a form")

    def _entry(self, case: Known, key: str, digest: str) -> dict[str, Json] | None:
        """The book's entry; None for a later message of a case that is not here."""
        parts = self._parts.get(case.id, [])
        now = self.now()
        if case.kind == "case":
            reference = f"KEM-{now.year}-{self._cases + 1:06}"
        elif any(part["kind"] == "case" and part["reference"] == case.prior_reference for part in parts):
            reference = f"{case.prior_reference}/{len(parts)}"
        else:
            return None
        return {
            "kind": case.kind,
            "key": key,
            "id": case.id,
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
    wants: Collection[Proof] = SIGNED,
    shape: Shape = "case",
    token_seconds: int = 300,
    now: Callable[[], datetime] = _utc_now,
) -> SimulatedMinistry:
    """A ministry that takes cases at `PATH` from whoever gives every proof of `wants`.

    The signature is made with `secret`; with `bearer` it wants that token too. Tokens of OAuth 2 hold `token_seconds`.
    """
    proofs = (*wants, "bearer") if bearer is not None else tuple(wants)
    guard = Guard(proofs, secret, bearer or BEARER, Tokens(token_seconds), now)
    return SimulatedMinistry(guard, mode, shape, now)


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
