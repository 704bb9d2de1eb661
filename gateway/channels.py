"""A channel in the making: its row and the rows of its keys, checked against what its adapter asks for."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime

from adapters.contract import AnsweringChannel, Channel, ChannelEntry, Destination
from gateway.access import make_credential
from gateway.ledger.values import AT, ChannelRow, CredentialRow
from gateway.vault import Vault
from schemas.base import Json
from schemas.errors import Invalid

ENTROPY_BYTES = 40
"""Random bytes that a key is made of."""

_NAME = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")


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
        raise Invalid(f"{name!r} cannot name a channel: use lower-case letters, digits and hyphens, 63 at most")
    allowed = (*adapter.secret_names, *optional_secrets(adapter))
    missing = [each for each in adapter.secret_names if each not in secrets]
    unknown = [each for each in secrets if each not in allowed]
    if missing or unknown:
        problem = f"lacks {', '.join(missing)}" if missing else f"knows no {', '.join(unknown)}"
        needed = ", ".join(adapter.secret_names) or "no secrets (it uses API keys)"
        may = ", ".join(optional_secrets(adapter))
        more = f" and, to answer, may be given {may}" if may else ""
        raise Invalid(f"a channel of the kind {adapter.kind} {problem}; it needs {needed}{more}")
    sealed, master_key_id = vault.seal_secrets(name, secrets) if secrets else (None, None)
    answers = voice_of(adapter, name, secrets, options) is not None
    return ChannelRow(name, adapter.kind, now, dict(options), sealed, master_key_id, answers=answers)


def optional_secrets(adapter: Channel) -> tuple[str, ...]:
    """The secrets that an adapter needs only to answer."""
    return adapter.optional_secrets if isinstance(adapter, AnsweringChannel) else ()


def voice_of(
    adapter: Channel, name: str, secrets: Mapping[str, str], options: Mapping[str, Json]
) -> Destination | None:
    """The channel as a destination of notices; None when its adapter or its options have it answer nobody.

    Raises Misconfigured when it is to answer and cannot.
    """
    if not isinstance(adapter, AnsweringChannel):
        return None
    return adapter.answering(ChannelEntry(AT + name, secrets, options))


def make_key(channel: str, entropy: bytes, now: datetime) -> tuple[CredentialRow, str]:
    """The row of a new key of a channel, and the key itself, which is never kept. `entropy` has `ENTROPY_BYTES`."""
    made = make_credential(entropy)
    return CredentialRow(made.id, channel, made.digest, now), made.key
