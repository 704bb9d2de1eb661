"""The signature of a call in the way of Standard Webhooks.

https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
"""

from __future__ import annotations

import base64
import binascii
from datetime import UTC, datetime

from standardwebhooks import Webhook

from adapters.contract import DestinationEntry
from schemas.errors import Misconfigured

SIGNING_SECRET = "signing_secret"  # noqa: S105 - the name of a secret

_SECRET_PREFIX = "whsec_"  # noqa: S105 - how such secrets begin
_SECRET_BYTES = range(24, 65)

Signers = tuple[Webhook, ...]


def signers_of(entry: DestinationEntry) -> Signers:
    """One per secret: two, separated by a space, sign side by side while the ministry changes from one to the other.

    Raises Misconfigured.
    """
    secrets = entry.secrets.get(SIGNING_SECRET, "").split()
    if not secrets or not all(_is_secret(secret) for secret in secrets):
        problem = (
            f"destinations.{entry.name}.secrets.{SIGNING_SECRET}: write {_SECRET_PREFIX} and 24 to 64 bytes in base64; "
            "two such secrets separated by a space sign side by side"
        )
        raise Misconfigured(f"the signing secret of {entry.name} cannot be used", [problem])
    return tuple(Webhook(secret) for secret in secrets)


def signature(signers: Signers, identity: str, body: bytes, at: datetime) -> tuple[tuple[str, str], ...]:
    """The three headers; none without a signer."""
    if not signers:
        return ()
    # The library's sign() does not convert a time, it writes UTC over its zone: give it nothing but UTC.
    utc = at.astimezone(UTC)
    text = body.decode()
    signatures = " ".join(signer.sign(identity, utc, text) for signer in signers)
    return (
        ("webhook-id", identity),
        ("webhook-timestamp", str(int(utc.timestamp()))),
        ("webhook-signature", signatures),
    )


def _is_secret(text: str) -> bool:
    """Checked here, because the library takes any text and skips what is not base64."""
    if not text.startswith(_SECRET_PREFIX):
        return False
    encoded = text.removeprefix(_SECRET_PREFIX)
    try:
        return len(base64.b64decode(encoded + "=" * (-len(encoded) % 4), validate=True)) in _SECRET_BYTES
    except binascii.Error:
        return False
