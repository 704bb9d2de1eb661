"""Identifiers that sort by time (UUID version 7, RFC 9562 section 5.7)."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from uuid import UUID

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)
_VERSION = 0x7 << 76
_VARIANT = 0x2 << 62
_RAND_A = (1 << 12) - 1
_RAND_B = (1 << 62) - 1


def uuid7(at: datetime, entropy: bytes) -> UUID:
    """A version 7 UUID of the millisecond `at` and of 10 random bytes.

    `at` must be aware and not before 1970. Raises ValueError for any other time or too little entropy.
    """
    if at.tzinfo is None:
        raise ValueError("a time without zone cannot be made into an id")
    if len(entropy) < 10:
        raise ValueError("an id needs 10 random bytes")
    milliseconds = (at - _EPOCH) // _MILLISECOND  # exact; at.timestamp() * 1000 is not
    if milliseconds < 0:
        raise ValueError("a time before 1970 cannot be made into an id")
    random = int.from_bytes(entropy[:10], "big")
    value = (milliseconds << 80) | _VERSION | ((random >> 62) & _RAND_A) << 64 | _VARIANT | (random & _RAND_B)
    return UUID(int=value)


def new_id(at: datetime) -> UUID:
    """A fresh id for something that happened at `at`."""
    return uuid7(at, os.urandom(10))


def first_id(at: datetime) -> UUID:
    """The least id that could be made for the moment: all that were made later are greater."""
    return uuid7(at, bytes(10))


def moment_of(identity: UUID) -> datetime:
    """The moment that a version 7 UUID was made for, to the millisecond."""
    return _EPOCH + (identity.int >> 80) * _MILLISECOND
