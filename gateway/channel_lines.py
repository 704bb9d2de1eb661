"""The channels as destinations of notices: which there are now; what is owed to closed ones is parked."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

import structlog

from adapters.contract import Channel
from gateway.channels import voice_of
from gateway.clock import Clock
from gateway.conduct import Conduct, Drift
from gateway.gate import Gate
from gateway.ledger import Ledger
from gateway.ledger.channels import list_channels
from gateway.ledger.notices import park_notices
from gateway.ledger.values import AT, ChannelRow
from gateway.line import Line
from gateway.pace import Pace
from gateway.retry import RetryPolicy
from gateway.sentinel import Sentinel
from gateway.vault import Vault
from schemas.errors import GatewayError

log = structlog.get_logger("gateway.channel_lines")

CLOSED = "channel_closed"
SILENT = "channel_answers_nobody"
_CONDUCT = Conduct(drift=Drift(hold=False))  # vendors' answers vary with the message
_AT_ONCE = 4
"""Messages of one channel that may be under way at a time: vendors count them in tens a second."""


@dataclass(frozen=True, slots=True)
class Turnover:
    """What has changed since the last look: lines that are new, names of those that are gone."""

    opened: Mapping[str, Line] = field(default_factory=dict)
    closed: tuple[str, ...] = ()


class ChannelLines:
    """Follows the ledger's channels."""

    def __init__(self, ledger: Ledger, vault: Vault, adapters: Mapping[str, Channel], clock: Clock) -> None:
        self._ledger = ledger
        self._vault = vault
        self._adapters = adapters
        self._clock = clock
        self._known: dict[str, ChannelRow] = {}
        self._silent: set[str] = set()

    async def look(self, busy: Collection[str] = ()) -> Turnover:
        """Compare with the ledger. Notices to a channel that is closed or answers nobody are parked, with the reason.

        A channel that was changed is gone first, and new at a later look, when it is not `busy` any more.
        """
        rows = await self._ledger.read(list_channels)
        await self._park(CLOSED, [AT + row.name for row in rows if row.answers and row.closed_at is not None])
        silent = {AT + row.name for row in rows if not row.answers} - set(busy)
        await self._park(SILENT, sorted(silent - self._silent))
        self._silent = silent
        open_ones = {AT + row.name: row for row in rows if _speaks(row) and row.kind in self._adapters}
        closed = tuple(name for name, row in self._known.items() if open_ones.get(name) != row)
        free = [name for name in open_ones if name not in self._known and name not in busy]
        opened = {name: self._opened(open_ones[name]) for name in free}
        self._known = {name: row for name, row in open_ones.items() if name in free or name in self._known}
        for name in closed:
            self._known.pop(name, None)
        return Turnover({name: line for name, line in opened.items() if line is not None}, closed)

    async def _park(self, reason: str, shut: Sequence[str]) -> None:
        if shut:
            await self._ledger.write(park_notices, shut, reason, self._clock.now())

    def _opened(self, row: ChannelRow) -> Line | None:
        """None when it cannot be built: its notices wait, and the log says why."""
        try:
            secrets = self._vault.open_secrets(row.name, row.sealed_secrets, row.master_key_id)
            voice = voice_of(self._adapters[row.kind], row.name, secrets, row.options)
        except GatewayError as error:
            log.warning("channel.cannot_answer", channel=row.name, problem=str(error))
            return None
        if voice is None:
            return None
        gate, pace = Gate(_CONDUCT, _AT_ONCE, self._clock), Pace(0.0, self._clock.monotonic)
        sentinel = Sentinel(_CONDUCT.drift)
        return Line(voice, RetryPolicy(), False, _AT_ONCE, pace, gate, _CONDUCT, sentinel)


def _speaks(row: ChannelRow) -> bool:
    return row.answers and row.closed_at is None
