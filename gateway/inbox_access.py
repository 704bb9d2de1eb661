"""Who may empty an inbox: keys of the same kind as the channels', each for one destination."""

from __future__ import annotations

from datetime import datetime

from gateway.access import fits, make_credential, split_key
from gateway.ledger import Ledger
from gateway.ledger.inbox_keys import InboxKeyRow, find_inbox_key
from schemas.errors import Forbidden, Unauthenticated


def make_inbox_key(destination: str, entropy: bytes, now: datetime) -> tuple[InboxKeyRow, str]:
    """The row of a new key, and the key itself, which is never kept. `entropy` has 40 random bytes."""
    made = make_credential(entropy)
    return InboxKeyRow(made.id, destination, made.digest, now), made.key


async def require_key(ledger: Ledger, destination: str, authorization: str | None) -> None:
    """Check the key in an `Authorization: Bearer` header, in constant time.

    Raises Unauthenticated for none, or one that is unknown or revoked; Forbidden for one of another inbox.
    """
    scheme, _, key = (authorization or "").partition(" ")
    parts = split_key(key.strip()) if scheme.lower() == "bearer" else None
    if parts is None:
        raise Unauthenticated("send the inbox's key as `Authorization: Bearer sgk_...`")
    found = await ledger.read(find_inbox_key, parts[0])
    if found is None or found.revoked_at is not None or not fits(parts[1], found.digest):
        raise Unauthenticated("this key is unknown or revoked; ask operations for a new one")
    if found.destination != destination:
        raise Forbidden("this key is of another inbox")
