"""Secrets that sign webhooks, as Standard Webhooks writes them.

https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
"""

from __future__ import annotations

import base64
import binascii

from standardwebhooks import Webhook

PREFIX = "whsec_"
_SECRET_BYTES = range(24, 65)


def signers_of(text: str) -> tuple[Webhook, ...]:
    """One signer per secret: two, separated by a space, sign side by side while a receiver changes from one to another.

    None at all when there is no secret, or when one of them cannot be used.
    """
    secrets = text.split()
    return tuple(Webhook(secret) for secret in secrets) if all(map(_is_secret, secrets)) else ()


def _is_secret(text: str) -> bool:
    """Checked here, because the library takes any text and skips what is not base64."""
    if not text.startswith(PREFIX):
        return False
    encoded = text.removeprefix(PREFIX)
    try:
        return len(base64.b64decode(encoded + "=" * (-len(encoded) % 4), validate=True)) in _SECRET_BYTES
    except binascii.Error:
        return False
