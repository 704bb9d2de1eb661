"""A channel in the making: its row and the rows of its keys, checked against what its adapter asks for."""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import datetime

from adapters.contract import AnsweringChannel, Channel, ChannelEntry, Destination, FetchingChannel
from gateway.access import make_credential
from gateway.ledger.values import AT, ChannelRow, CredentialRow
from gateway.vault import Vault
from schemas.base import Json
from schemas.errors import Invalid, Misconfigured

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
        more = f" and may be given {may}" if may else ""
        raise Invalid(f"a channel of the kind {adapter.kind} {problem}; it needs {needed}{more}")
    sealed, master_key_id = vault.seal_secrets(name, secrets) if secrets else (None, None)
    answers = voice_of(adapter, name, secrets, options) is not None
    return ChannelRow(name, adapter.kind, now, dict(options), sealed, master_key_id, answers=answers)


def changed_channel(
    vault: Vault, adapter: Channel, row: ChannelRow, *, secrets: Mapping[str, str], options: Mapping[str, Json]
) -> ChannelRow:
    """The channel with these secrets instead of its own of the same names, and these options instead of all it had.

    It answers reporters if it can, unless `answers` says otherwise. Raises Invalid and Misconfigured as at its making.
    """
    held = vault.open_secrets(row.name, row.sealed_secrets, row.master_key_id)
    made = make_speaking(vault, adapter, row.name, secrets={**held, **secrets}, options=options, now=row.created_at)
    return replace(made, closed_at=row.closed_at)


def make_speaking(
    vault: Vault,
    adapter: Channel,
    name: str,
    *,
    secrets: Mapping[str, str],
    options: Mapping[str, Json],
    now: datetime,
) -> ChannelRow:
    """As `make_channel`, and it answers reporters if it can, unless the option `answers` says otherwise."""
    if "answers" not in options:
        with suppress(Misconfigured):  # it cannot, and nobody asked that it should
            wished = {**options, "answers": True}
            row = make_channel(vault, adapter, name, secrets=secrets, options=wished, now=now)
            if row.answers:
                return row
    return make_channel(vault, adapter, name, secrets=secrets, options=options, now=now)


def optional_secrets(adapter: Channel) -> tuple[str, ...]:
    """The secrets that an adapter needs only to answer, or to fetch words."""
    return adapter.optional_secrets if isinstance(adapter, AnsweringChannel | FetchingChannel) else ()


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
