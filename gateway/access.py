"""Channel credentials: made, shown once, kept as a hash, checked in constant time.

A key reads `sgk_<id>_<secret>`. The id finds the row, the secret has 256 random bits, so a plain SHA-256 is all the
hashing that it needs (a slow hash protects guessable passwords, which these are not).
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from dataclasses import dataclass

PREFIX = "sgk"
_ID_BYTES = 8
_SECRET_BYTES = 32
_ID = re.compile(f"[0-9a-f]{{{2 * _ID_BYTES}}}")  # anything else never reaches the database


@dataclass(frozen=True, slots=True)
class NewCredential:
    """A credential at the only moment when its key is known."""

    id: str
    key: str
    digest: bytes


def make_credential(entropy: bytes) -> NewCredential:
    """A credential of 40 random bytes. Raises ValueError for fewer."""
    if len(entropy) < _ID_BYTES + _SECRET_BYTES:
        raise ValueError("a credential needs 40 random bytes")
    identity = entropy[:_ID_BYTES].hex()
    secret = base64.urlsafe_b64encode(entropy[_ID_BYTES : _ID_BYTES + _SECRET_BYTES]).decode().rstrip("=")
    return NewCredential(identity, f"{PREFIX}_{identity}_{secret}", _digest(secret))


def split_key(key: str) -> tuple[str, str] | None:
    """The id and the secret of a key as it was sent, or None when it is no key of ours."""
    prefix, _, rest = key.partition("_")
    identity, _, secret = rest.partition("_")
    return (identity, secret) if prefix == PREFIX and _ID.fullmatch(identity) and secret else None


def fits(secret: str, digest: bytes) -> bool:
    """Whether the secret is the one whose digest was kept."""
    return hmac.compare_digest(_digest(secret), digest)


def _digest(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()
