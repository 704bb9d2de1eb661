"""Making a hook that is told of alerts: its address checked, its secret made where none is given."""

from __future__ import annotations

import base64
import os
import re
from datetime import datetime
from urllib.parse import urlsplit

from gateway.hooks import sealed_hook
from gateway.ledger.alert_hooks import HookRow
from gateway.signing import is_signing_secret
from gateway.vault import Vault
from schemas.errors import Invalid

_NAME = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
_SECRET_BYTES = 32


def make_hook(
    vault: Vault, name: str | None, url: str, secret: str | None, now: datetime, *, private: bool
) -> tuple[HookRow, str]:
    """The row of a hook, and its secret, which is shown once. Without a name it is called after its host.

    Raises Invalid for a name, an address or a secret that will not do.
    """
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username:
        raise Invalid("the address must be whole and without credentials, such as https://siaga.example.go.id/sp4n")
    if parts.scheme == "http" and not private:
        raise Invalid("http is only for inside addresses (private): what goes over the network is encrypted")
    name = name or parts.hostname.replace(".", "-").lower()
    if not _NAME.fullmatch(name):
        raise Invalid(f"{name!r} cannot name a hook: use lower-case letters, digits and hyphens, 63 at most")
    secret = secret or "whsec_" + base64.b64encode(os.urandom(_SECRET_BYTES)).decode()
    if not is_signing_secret(secret):
        raise Invalid("the secret is `whsec_` and 24 to 64 bytes in base64")
    return sealed_hook(vault, name, url, secret, now, private=private), secret
