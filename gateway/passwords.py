"""Passwords of people: hashed with argon2id, never kept, checked without telling whether the user exists."""

from __future__ import annotations

from functools import lru_cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from schemas.errors import Invalid

SHORTEST = 12
"""Characters that a password must have (NIST SP 800-63B asks for 8 at least; these accounts see identities)."""
LONGEST = 256

_HASHER = PasswordHasher()  # RFC 9106's second recommended set: 64 MiB, 3 passes, 4 lanes


def hash_password(password: str) -> str:
    """The hash that is kept. Raises Invalid for a password that is too short or too long."""
    if not SHORTEST <= len(password) <= LONGEST:
        detail = f"a password has {SHORTEST} to {LONGEST} characters; four ordinary words in a row are good"
        raise Invalid(detail, cause="password_length", about=f"{SHORTEST}–{LONGEST}")
    return _HASHER.hash(password)


def fits(password: str, hashed: str | None) -> bool:
    """Whether the password is the one that was hashed. Without a user, or a password, it takes as long and is False."""
    try:
        _HASHER.verify(hashed or _nobodys(), password[:LONGEST])
    except (VerificationError, InvalidHashError):
        return False
    return bool(hashed)


@lru_cache(1)
def _nobodys() -> str:
    """The hash that is checked where there is no user: as costly to check as any other."""
    return _HASHER.hash("nobody signs in with this")
