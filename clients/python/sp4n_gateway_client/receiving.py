"""Answers a request of the gateway: its signature checked, its case kept once, a receipt given.

It knows no web framework: give it the headers and the raw body of a POST, and send what it answers.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from sp4n_gateway_client.cases import Case, read_case
from sp4n_gateway_client.errors import BadSignature, Unfit, Unreadable
from sp4n_gateway_client.signing import key_of, verify

_LONGEST_KEY = 200
_PLAYED = ("410", "429", "503")


@dataclass(frozen=True, slots=True)
class Answer:
    """What to send back."""

    status: int
    body: bytes
    headers: Mapping[str, str] = field(default_factory=lambda: {"content-type": "application/json"})


@dataclass(frozen=True, slots=True)
class Taken:
    """A case as it was kept. `digest` is the SHA-256 of the body that it came in; `new`: it was not there before."""

    reference: str
    received_at: datetime
    digest: str
    new: bool


class Store(Protocol):
    """Where cases are kept."""

    def take(self, key: str, digest: str, case: Case, body: bytes) -> Taken:
        """Keep a case under its idempotency key, committed when this returns; a key that is there gives what was kept.

        Two calls with one key at the same time keep one case. Raises Unfit.
        """


@dataclass(frozen=True, slots=True)
class Receiver:
    """The receiving side. `secrets` are valid side by side, while one is being changed for another.

    `trial`: a signed request may ask with the header `sp4n-certify` to be answered 410, 429 or 503, as the gateway's
    certification does.
    """

    secrets: Sequence[str]
    store: Store
    now: Callable[[], float] = time.time
    trial: bool = False

    def __post_init__(self) -> None:
        """Raises ValueError for a secret that is none."""
        if not self.secrets:
            raise ValueError("without a secret anybody could hand in cases")
        for secret in self.secrets:
            key_of(secret)

    def take(self, headers: Mapping[str, str], body: bytes) -> Answer:
        """The answer to one POST: 201 kept, 200 kept before, 401, 400 or 422 with what is wrong."""
        named = {name.lower(): value for name, value in headers.items()}
        try:
            identity = verify(self.secrets, named, body, self.now())
        except BadSignature as error:
            return problem(401, error.detail)
        if self.trial and named.get("sp4n-certify") in _PLAYED:
            return _played(int(named["sp4n-certify"]))
        key = named.get("idempotency-key", "")
        if key != identity or len(key) > _LONGEST_KEY:
            return problem(400, "Idempotency-Key is missing, or is not webhook-id")
        try:
            case = read_case(body)
            taken = self.store.take(key, hashlib.sha256(body).hexdigest(), case, body)
        except (Unreadable, Unfit) as error:
            return problem(422, error.detail)
        if taken.digest != hashlib.sha256(body).hexdigest():
            return problem(422, "this key came before with another body")
        return _receipt(key, case, taken)


def problem(status: int, detail: str) -> Answer:
    """What is wrong, as RFC 9457 says it."""
    body = json.dumps({"title": "Permintaan ditolak", "status": status, "detail": detail}).encode()
    return Answer(status, body, {"content-type": "application/problem+json"})


def _played(status: int) -> Answer:
    """The answer that a certification asked for."""
    answer = problem(status, "as sp4n-certify asked for")
    return Answer(status, answer.body, answer.headers if status == 410 else {**answer.headers, "retry-after": "1"})


def _receipt(key: str, case: Case, taken: Taken) -> Answer:
    receipt = {"reference": taken.reference, "received_at": taken.received_at.isoformat()}
    body = json.dumps({"idempotency_key": key, "id": case.id, "receipt": receipt}).encode()
    return Answer(201 if taken.new else 200, body)
