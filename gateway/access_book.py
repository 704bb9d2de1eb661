"""Who may post: channels and their credentials, remembered for a moment so that not every request asks the ledger."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Mapping, MutableMapping
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

from gateway.access import fits, split_key
from gateway.clock import Clock
from gateway.ledger import Ledger
from gateway.ledger.channels import authenticate, list_channels, load_channel
from gateway.ledger.values import ChannelRow
from gateway.vault import Vault
from schemas.base import Json
from schemas.errors import NotFound, Unauthenticated

REMEMBERED_SECONDS = 2.0
_MOST_REMEMBERED = 10_000
_Entry = TypeVar("_Entry", bound=tuple[Any, ...])


@dataclass(frozen=True, slots=True)
class HeldChannel:
    """A channel as intake needs it. `secrets` are open; `closed` channels may not post; `answers`: reporters
    hear back.
    """

    name: str
    kind: str
    options: Mapping[str, Json]
    secrets: Mapping[str, str]
    closed: bool
    answers: bool = False


class AccessBook:
    """Answers who is posting. A revoked key or a closed channel is refused after `REMEMBERED_SECONDS` at the latest."""

    def __init__(self, ledger: Ledger, vault: Vault, clock: Clock) -> None:
        self._ledger = ledger
        self._vault = vault
        self._clock = clock
        self._credentials: dict[str, tuple[float, str, bytes]] = {}
        self._channels: dict[str, tuple[float, HeldChannel | None]] = {}
        self._all: tuple[float, tuple[ChannelRow, ...]] = (-REMEMBERED_SECONDS, ())
        self._under_way: dict[str, asyncio.Task[Any]] = {}

    async def channel_of(self, authorization: str | None) -> HeldChannel:
        """The channel whose key stands in an `Authorization: Bearer` header. Raises Unauthenticated."""
        return (await self.holder_of(authorization))[1]

    async def holder_of(self, authorization: str | None) -> tuple[str, HeldChannel]:
        """The credential and the channel of a key, as `channel_of`. Raises Unauthenticated."""
        scheme, _, key = (authorization or "").partition(" ")
        parts = split_key(key.strip()) if scheme.lower() == "bearer" else None
        if parts is None:
            raise Unauthenticated("send the channel's key as `Authorization: Bearer sgk_...`")
        identity, secret = parts
        channel, digest = await self._credential(identity)
        if not fits(secret, digest):
            raise _unknown_key()
        return identity, await self._open(channel)

    async def channel_of_credential(self, identity: str) -> HeldChannel:
        """The channel of a credential that its holder proved before. Raises Unauthenticated once it is revoked."""
        channel, _ = await self._credential(identity)
        return await self._open(channel)

    async def webhook_channel(self, name: str) -> HeldChannel:
        """The channel of a webhook address. Raises NotFound for one that is unknown, closed or uses keys."""
        held = await self._channel(name)
        if held is None or held.closed or not held.secrets:
            raise NotFound("there is no channel with a webhook at this address")
        return held

    async def any_channel(self, name: str) -> HeldChannel:
        """A channel by name, closed ones too. Raises NotFound."""
        held = await self._channel(name)
        if held is None:
            raise NotFound("there is no such channel")
        return held

    async def _open(self, name: str) -> HeldChannel:
        held = await self._channel(name)
        if held is None or held.closed:
            raise Unauthenticated("the channel of this key is closed; ask operations for a new one")
        return held

    async def publishing(self) -> frozenset[str]:
        """The channels whose reports everybody may read: those with `publish: true` among their options."""
        return frozenset(row.name for row in await self._rows() if row.options.get("publish") is True)

    async def channel_of_kind(self, kind: str) -> HeldChannel:
        """The oldest open channel of a kind, for a face that serves one. Raises NotFound when there is none."""
        found = await self.channels_of_kind(kind)
        if not found:
            raise NotFound(f"there is no open channel of the kind {kind}: make one with `sp4n-gateway channel add`")
        return found[0]

    async def channels_of_kind(self, kind: str) -> list[HeldChannel]:
        """The open channels of a kind, the oldest first."""
        rows = [row for row in await self._rows() if row.kind == kind and row.closed_at is None]
        rows.sort(key=lambda row: (row.created_at, row.name))
        return [await self.any_channel(row.name) for row in rows]

    async def _rows(self) -> tuple[ChannelRow, ...]:
        now = self._clock.monotonic()
        if now - self._all[0] >= REMEMBERED_SECONDS:
            self._all = (now, tuple(await self._ledger.read(list_channels)))
        return self._all[1]

    async def _credential(self, identity: str) -> tuple[str, bytes]:
        remembered = self._remembered(self._credentials.get(identity))
        if remembered is None:
            remembered = await self._once(f"credential {identity}", partial(self._asked, identity))
        return remembered[1], remembered[2]

    async def _asked(self, identity: str) -> tuple[float, str, bytes]:
        now = self._clock.monotonic()
        found = await self._ledger.read(authenticate, identity)
        if found is None or found[2]:
            self._credentials.pop(identity, None)
            raise _unknown_key()
        channel, digest, _ = found
        _make_room(self._credentials)
        self._credentials[identity] = now, channel, digest
        return self._credentials[identity]

    async def _channel(self, name: str) -> HeldChannel | None:
        remembered = self._remembered(self._channels.get(name))
        if remembered is None:
            remembered = await self._once(f"channel {name}", partial(self._opened, name))
        return remembered[1]

    async def _opened(self, name: str) -> tuple[float, HeldChannel | None]:
        now = self._clock.monotonic()
        held = await self._loaded(name)
        _make_room(self._channels)
        self._channels[name] = now, held
        return self._channels[name]

    async def _once(self, what: str, ask: Callable[[], Coroutine[Any, Any, _Entry]]) -> _Entry:
        """The answer of the ledger; who asks while somebody waits for the same answer waits for it too."""
        task: asyncio.Task[_Entry] | None = self._under_way.get(what)
        if task is None:
            task = self._under_way[what] = asyncio.create_task(ask())
            task.add_done_callback(lambda _: self._under_way.pop(what, None))
        return await asyncio.shield(task)

    def _remembered(self, entry: _Entry | None) -> _Entry | None:
        """What was remembered, while it may be relied on; its first member is when it was asked for."""
        return entry if entry is not None and self._clock.monotonic() - entry[0] < REMEMBERED_SECONDS else None

    async def _loaded(self, name: str) -> HeldChannel | None:
        row = await self._ledger.read(load_channel, name)
        if row is None:
            return None
        secrets: Mapping[str, str] = {}
        if row.sealed_secrets is not None:
            secrets = self._vault.open_secrets(name, row.sealed_secrets, row.master_key_id)
        return HeldChannel(row.name, row.kind, row.options, secrets, row.closed_at is not None, row.answers)


def _make_room(remembered: MutableMapping[str, Any]) -> None:
    if len(remembered) >= _MOST_REMEMBERED:
        remembered.clear()


def _unknown_key() -> Unauthenticated:
    return Unauthenticated("this key is unknown or revoked; ask operations for a new one")
