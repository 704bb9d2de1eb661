"""How the simulated ministry finds out who sends; written apart from the adapter, to be able to refute it."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal
from urllib.parse import parse_qs, unquote_plus

from adapters.simulator import SimulatedAnswer, SimulatedRequest

SECRET = "whsec_a2VtZW50ZXJpYW4tY29udG9oLXJhaGFzaWEtMzJieXQ="  # noqa: S105 - invented; the simulator's default
KEY, USERNAME, PASSWORD, BEARER = "kunci-contoh", "gateway", "sandi contoh", "token-contoh"
CLIENT_ID, CLIENT_SECRET, SHARED = "klien:contoh", "rahasia klien", "rahasia-bersama"
TOKEN_PATHS = ("/oauth/token", "/_simulator/token")
"""The second is never disturbed by a fault and never counted."""
REVOKE = "/_simulator/revoke"
TOLERANCE = 300
"""Seconds that a signature may be old or early."""

Proof = Literal[
    "signature", "api_key", "api_key_in_query", "basic", "bearer", "oauth2", "hmac", "hmac_of_timestamp", "certificate"
]


@dataclass(slots=True)
class Tokens:
    """The token endpoint: client credentials by either way of RFC 6749 section 2.3.1."""

    lifetime: int = 300
    valid: list[str] = field(default_factory=list)
    issued: int = 0

    def answer(self, request: SimulatedRequest) -> SimulatedAnswer:
        """A token, or the error of section 5.2."""
        fields = {name: values[0] for name, values in parse_qs(request.body.decode()).items()}
        if request.method != "POST" or fields.get("grant_type") != "client_credentials":
            return SimulatedAnswer.of_json({"error": "unsupported_grant_type"}, 400)
        if _client_of(request, fields) != (CLIENT_ID, CLIENT_SECRET):
            return SimulatedAnswer.of_json({"error": "invalid_client"}, 401)
        self.issued += 1
        self.valid.append(f"akses-{self.issued}")
        return SimulatedAnswer.of_json(
            {"access_token": self.valid[-1], "token_type": "Bearer", "expires_in": self.lifetime}
        )

    def revoke(self) -> SimulatedAnswer:
        """No token that was issued so far is taken any more."""
        self.valid.clear()
        return SimulatedAnswer(204)


@dataclass(frozen=True, slots=True)
class Guard:
    """Wants every proof of `wants`."""

    wants: Collection[Proof]
    secret: str
    bearer: str
    tokens: Tokens
    now: Callable[[], datetime]

    def missing(self, request: SimulatedRequest) -> Proof | None:
        """The first proof that is missing or wrong."""
        return next((proof for proof in self.wants if not self._is_given(proof, request)), None)

    def _is_given(self, proof: Proof, request: SimulatedRequest) -> bool:
        headers = request.headers
        match proof:
            case "signature":
                return is_signed(request, self.secret, self.now())
            case "api_key":
                return headers.get("x-api-key") == KEY
            case "api_key_in_query":
                return request.query.get("X-API-Key") == KEY
            case "certificate":
                return request.client is not None
            case "hmac" | "hmac_of_timestamp":
                return self._is_hmac(headers, request.body, stamped=proof == "hmac_of_timestamp")
            case "basic" | "bearer":
                return headers.get("authorization") == self._authorization(proof)
            case "oauth2":
                return headers.get("authorization", "").removeprefix("Bearer ") in self.tokens.valid

    def _authorization(self, proof: Proof) -> str:
        pair = base64.b64encode(f"{USERNAME}:{PASSWORD}".encode()).decode()
        return f"Basic {pair}" if proof == "basic" else f"Bearer {self.bearer}"

    def _is_hmac(self, headers: Mapping[str, str], body: bytes, *, stamped: bool) -> bool:
        """Plain: sha256 in hex of the body. With a timestamp: sha512 in base64 of both."""
        given, stamp = headers.get("x-signature", ""), headers.get("x-timestamp", "")
        if not stamped:
            right = hmac.new(SHARED.encode(), body, hashlib.sha256).hexdigest()
            return hmac.compare_digest(right, given)
        digest = hmac.new(SHARED.encode(), f"{stamp}.".encode() + body, hashlib.sha512).digest()
        return _is_recent(stamp, self.now()) and hmac.compare_digest(base64.b64encode(digest).decode(), given)


def is_signed(request: SimulatedRequest, secret: str, now: datetime) -> bool:
    """Standard Webhooks, written out here so that the adapter's library is not checked against itself."""
    identity, timestamp = request.headers.get("webhook-id", ""), request.headers.get("webhook-timestamp", "")
    if not identity or not _is_recent(timestamp, now):
        return False
    signed = f"{identity}.{timestamp}.".encode() + request.body
    digest = hmac.new(base64.b64decode(secret.removeprefix("whsec_")), signed, hashlib.sha256).digest()
    right = b"v1," + base64.b64encode(digest)
    given = request.headers.get("webhook-signature", "").encode().split(b" ")
    return any(hmac.compare_digest(right, one) for one in given)


def _is_recent(stamp: str, now: datetime) -> bool:
    return re.fullmatch(r"[0-9]{1,12}", stamp) is not None and abs(now.timestamp() - int(stamp)) <= TOLERANCE


def _client_of(request: SimulatedRequest, fields: Mapping[str, str]) -> tuple[str, str]:
    given = request.headers.get("authorization", "")
    if given.startswith("Basic "):
        name, _, secret = base64.b64decode(given.removeprefix("Basic ")).decode().partition(":")
        return unquote_plus(name), unquote_plus(secret)
    return fields.get("client_id", ""), fields.get("client_secret", "")
