"""What reaches intake by itself: texts whose parts have waited long enough, and words that lie with a vendor."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import ClassVar

import structlog

from adapters.contract import Channel, FetchingChannel, InboundMessage, InboundRequest
from gateway.access_book import AccessBook
from gateway.casework import RAW_PART
from gateway.chores import Chore
from gateway.clock import Clock
from gateway.intake import Intake
from gateway.ledger import Ledger
from gateway.ledger.awaited import Awaited, ask_again, claim_awaited, is_awaited, stop_asking
from gateway.ledger.set_aside import release_parked
from gateway.text_parts import Whole, joining
from gateway.vault import Vault
from schemas.errors import BadInput, Busy, GatewayError, LedgerUnavailable, NotFound

log = structlog.get_logger("gateway.arriving")


@dataclass(frozen=True, slots=True)
class Arriving:
    """What keeping it needs."""

    ledger: Ledger
    vault: Vault
    access: AccessBook
    adapters: Mapping[str, Channel]
    clock: Clock
    intake: Intake

    ACTOR: ClassVar[str] = "rule:words_fetched"
    EVERY: ClassVar[float] = 5.0
    GIVEN_UP_AFTER: ClassVar[timedelta] = timedelta(hours=76)
    """As long as a handoff is tried."""
    LONGEST_WAIT: ClassVar[float] = 3600.0
    AT_ONCE: ClassVar[int] = 20
    CLAIM: ClassVar[timedelta] = timedelta(minutes=5)

    def chores(self) -> tuple[Chore, ...]:
        """The chores of a worker."""
        return (*joining(self.intake.parts, self.keep_text), ("awaited words", self.EVERY, self.fetch_words))

    async def keep_text(self, text: Whole) -> None:
        """Keep a text whose parts waited. Raises LedgerUnavailable."""
        await self.intake.keep_text(await self.access.any_channel(text.channel), text)

    async def fetch_words(self) -> None:
        """Ask for the words that are due; those that come become messages. Raises LedgerUnavailable."""
        now = self.clock.now()
        if not await self.ledger.read(is_awaited, now):
            return
        for one in await self.ledger.write(claim_awaited, now, now + self.CLAIM, self.AT_ONCE):
            try:
                await self._fetched(one)
            except LedgerUnavailable:
                raise
            except GatewayError as error:
                await self._not_yet(one, error)

    async def _fetched(self, one: Awaited) -> None:
        """Make messages of a part whose words come now. Raises Busy when another try may help."""
        channel = await self.access.any_channel(one.parked.channel)
        adapter = self.adapters[channel.kind]
        if one.key is None or not isinstance(adapter, FetchingChannel):
            raise NotFound("the part cannot be opened any more, or its channel fetches no words")
        key = self.vault.open_key(one.key.subject_id, one.key.wrapped, one.key.master_key_id)
        raw = key.open(RAW_PART, one.parked.sealed_raw or b"")
        raw = await adapter.fetch_words(raw, channel.secrets, channel.options)
        parts = adapter.parse(InboundRequest("POST", "", {}, {}, raw))
        messages = [part for part in parts if isinstance(part, InboundMessage)]
        if not messages:
            raise NotFound("the vendor has no words for it")
        await self.intake.keep(channel, messages)
        await self.ledger.write(release_parked, one.parked.id, (), self.ACTOR, self.clock.now())
        await self.ledger.write(stop_asking, one.parked.id)
        log.info("words.fetched", parked=str(one.parked.id), channel=channel.name, tries=one.tries)

    async def _not_yet(self, one: Awaited, error: GatewayError) -> None:
        now, parked = self.clock.now(), one.parked
        final = not isinstance(error, Busy) or now - parked.parked_at >= self.GIVEN_UP_AFTER
        log.warning("words.not_fetched", parked=str(parked.id), reason=error.detail, tries=one.tries, final=final)
        if final:
            told = "it cannot be read" if isinstance(error, BadInput) else error.detail
            await self.ledger.write(stop_asking, parked.id, f"words_not_had: {told}")
            return
        wait = min(max(getattr(error, "retry_after", 0.0), 15.0 * 2.0 ** min(one.tries, 10)), self.LONGEST_WAIT)
        await self.ledger.write(ask_again, parked.id, f"words_awaited: {error.detail}", now + timedelta(seconds=wait))
