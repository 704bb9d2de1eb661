"""A channel in the making: its row and the rows of its keys, checked against what its adapter asks for."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime

from adapters.contract import Channel
from gateway.access import make_credential
from gateway.ledger.values import ChannelRow, CredentialRow
from gateway.vault import Vault
from schemas.base import Json
from schemas.errors import Invalid

ENTROPY_BYTES = 40
"""Random bytes that a key is made of."""

_NAME = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?")


def make_channel(
    vault: Vault,
    adapter: Channel,
    name: str,
    *,
    secrets: Mapping[str, str],
    options: Mapping[str, Json],
    now: datetime,
) -> ChannelRow:
    """The row of a new channel, its secrets sealed. Raises Invalid for a wrong name, or secrets missing or unknown."""
    if not _NAME.fullmatch(name):
        raise Invalid(f"{name!r} cannot name a channel: use lower-case letters, digits and hyphens, 64 at most")
    missing = [each for each in adapter.secret_names if each not in secrets]
    unknown = [each for each in secrets if each not in adapter.secret_names]
    if missing or unknown:
        problem = f"lacks {', '.join(missing)}" if missing else f"knows no {', '.join(unknown)}"
        needed = ", ".join(adapter.secret_names) or "no secrets (it uses API keys)"
        raise Invalid(f"a channel of the kind {adapter.kind} {problem}; it needs {needed}")
    sealed, master_key_id = vault.seal_secrets(name, secrets) if secrets else (None, None)
    return ChannelRow(name, adapter.kind, now, dict(options), sealed, master_key_id)


def make_key(channel: str, entropy: bytes, now: datetime) -> tuple[CredentialRow, str]:
    """The row of a new key of a channel, and the key itself, which is never kept. `entropy` has `ENTROPY_BYTES`."""
    made = make_credential(entropy)
    return CredentialRow(made.id, channel, made.digest, now), made.key
