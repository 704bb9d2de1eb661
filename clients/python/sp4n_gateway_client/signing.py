"""Signatures of requests, as Standard Webhooks writes them (https://www.standardwebhooks.com): checked and made."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from collections.abc import Mapping, Sequence

from sp4n_gateway_client.errors import BadSignature

TOLERANCE = 300
"""Seconds that a request may be old or early."""

_PREFIX = "whsec_"


def verify(secrets: Sequence[str], headers: Mapping[str, str], body: bytes, now: float) -> str:
    """The id of a request that is the gateway's. `headers` have names in lower case, `body` is raw, `now` in seconds.

    Several secrets, or several signatures in the request, mean that one is being changed: one that fits is enough.
    Raises BadSignature.
    """
    identity, stamp = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    given = headers.get("webhook-signature", "").split()
    if not identity or not stamp.isascii() or not stamp.isdigit() or not given:
        raise BadSignature("webhook-id, webhook-timestamp or webhook-signature is missing")
    if abs(now - int(stamp[:12])) > TOLERANCE:
        raise BadSignature("the timestamp is more than five minutes off; is this machine's clock right?")
    right = [signature(secret, identity, stamp, body) for secret in secrets]
    # Every one is compared, so that the time tells nothing.
    fits = [hmac.compare_digest(one.encode(), each.encode()) for one in given for each in right]
    if not any(fits):
        raise BadSignature("no signature fits; is the secret the one that operations gave, and the body raw?")
    return identity


def signed_headers(secret: str, identity: str, body: bytes, now: float) -> dict[str, str]:
    """The three headers of a request to the gateway."""
    stamp = str(int(now))
    return {
        "webhook-id": identity,
        "webhook-timestamp": stamp,
        "webhook-signature": signature(secret, identity, stamp, body),
    }


def signature(secret: str, identity: str, stamp: str, body: bytes) -> str:
    """`v1,` and the HMAC-SHA256 in base64. Raises ValueError for a secret that is none."""
    digest = hmac.new(key_of(secret), f"{identity}.{stamp}.".encode() + body, hashlib.sha256).digest()
    return "v1," + base64.b64encode(digest).decode()


def key_of(secret: str) -> bytes:
    """The bytes of a secret. Raises ValueError."""
    encoded = secret.removeprefix(_PREFIX)
    try:
        return base64.b64decode(encoded + "=" * (-len(encoded) % 4), validate=True)
    except binascii.Error as error:
        raise ValueError("a secret is whsec_ and base64, as operations gave it") from error
