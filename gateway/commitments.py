"""Salted commitments: what the journal holds in the place of what was sent and answered.

A commitment tells nothing without its salt, and the salt lies under the report's key. Whoever is given the salt and the
content can check both with nothing but HMAC-SHA-256 (RFC 2104).
"""

from __future__ import annotations

import hmac

REQUEST = "request"
"""The body of the request as it went out."""
RESPONSE = "response"
"""The body of the answer as it was read."""


def commitment_of(salt: bytes, content: bytes) -> bytes:
    """The 32 bytes that commit to the content."""
    return hmac.digest(salt, content, "sha256")


def opens(commitment: bytes, salt: bytes, content: bytes) -> bool:
    """Whether this is the content that was committed to."""
    return hmac.compare_digest(commitment_of(salt, content), commitment)
