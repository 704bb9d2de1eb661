"""Signatures of webhooks that come in, as Standard Webhooks defines them (https://www.standardwebhooks.com)."""

from __future__ import annotations

import base64
import binascii
import hmac
from collections.abc import Sequence
from datetime import UTC, datetime

from standardwebhooks import Webhook

_PREFIX = "whsec_"
_BYTES = range(24, 65)


def is_signing_secret(text: str) -> bool:
    """Whether it is `whsec_` and 24 to 64 bytes in base64. The library itself takes any text."""
    encoded = text.removeprefix(_PREFIX)
    try:
        raw = base64.b64decode(encoded + "=" * (-len(encoded) % 4), validate=True)
    except binascii.Error:
        return False
    return text.startswith(_PREFIX) and len(raw) in _BYTES


def is_signed(secret: str, identity: str, made_at: datetime, text: str, signatures: Sequence[str]) -> bool:
    """Whether one of the signatures is this secret's, compared in constant time. `made_at` is in UTC."""
    expected = Webhook(secret).sign(identity, made_at, text).encode()
    return any(hmac.compare_digest(expected, one.encode("utf-8", "replace")) for one in signatures)


def signing_time(stamp: str) -> datetime | None:
    """The time in `webhook-timestamp`, seconds since 1970; None for what is none."""
    try:
        return datetime.fromtimestamp(int(stamp), UTC)
    except (ValueError, OverflowError, OSError):
        return None
