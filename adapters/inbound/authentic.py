"""Telling a vendor's own requests from others: secrets compared in constant time, old signatures refused."""

from __future__ import annotations

import hmac
from base64 import b64decode
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from adapters.contract import InboundRequest
from schemas.errors import BadSignature

TOKEN = "token"  # noqa: S105 - the name of a parameter


def same(given: str, expected: str) -> bool:
    """Compare in constant time. Nothing is the same as an empty secret."""
    return hmac.compare_digest(given.encode("utf-8", "replace"), expected.encode("utf-8", "replace")) and bool(expected)


def require_token(request: InboundRequest, secrets: Mapping[str, str]) -> None:
    """The channel's secret `token`, as `?token=` of the address or as a bearer token. Raises BadSignature.

    For vendors that sign nothing: only they and the gateway know the whole address.
    """
    scheme, _, bearer = request.headers.get("authorization", "").partition(" ")
    given = bearer.strip() if scheme.lower() == "bearer" else request.query.get(TOKEN, "")
    if not same(given, secrets.get(TOKEN, "")):
        raise BadSignature("the token is not this channel's; give the vendor the webhook address with ?token= and it")


def basic_credentials(request: InboundRequest) -> tuple[str, str]:
    """User name and password of HTTP Basic (RFC 7617); empty where there are none."""
    scheme, _, encoded = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return "", ""
    try:
        user, _, password = b64decode(encoded.strip(), validate=True).decode("utf-8").partition(":")
    except ValueError:
        return "", ""
    return user, password


def is_stale(timestamp: str, received_at: datetime | None, longest: timedelta) -> bool:
    """Whether a signature made at `timestamp` (seconds since 1970) is too old, or not of our time at all."""
    if received_at is None:
        return False
    try:
        made_at = datetime.fromtimestamp(int(timestamp), UTC)
    except (ValueError, OverflowError, OSError):
        return True
    return abs(received_at - made_at) > longest
