"""What each command of a mail's delivery is answered; the address that it is sent to decides the channel.

The codes: RFC 5321, 4.2; RFC 3463. 4xx wherever the same mail may be taken later, because the sending server keeps it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

import structlog
from aiosmtpd.smtp import SMTP, Envelope, Session

from adapters.contract import InboundRequest
from adapters.inbound.envelope import handed_in
from gateway.access_book import AccessBook, HeldChannel
from gateway.intake import Accepted, Intake
from gateway.metrics import Metrics
from schemas.base import Json
from schemas.errors import BadInput, Busy, TooLarge

log = structlog.get_logger("gateway.smtp")

KIND = "email"
MOST_RECIPIENTS = 20
_AT_ONCE = 4
"""Mails that are read at a time: each may be large, and its parts in memory with it."""

KEPT = "250 2.6.0 kept"
NOT_NOW = "451 4.3.0 cannot be kept now, try again later"
UNKNOWN = "550 5.1.1 no such address here"
TOO_MANY = "452 4.5.3 too many recipients, send the rest in another delivery"
TOO_LARGE = "552 5.3.4 the mail is too large"
UNREADABLE = "554 5.6.0 the mail cannot be read"
CONFLICT = "554 5.6.0 another mail was kept under this Message-ID; write it anew, do not send it again"


def addresses_of(options: Mapping[str, Json]) -> list[str]:
    """The addresses of a channel, from its option `address`: one, or several separated by commas or in a list."""
    given = options.get("address")
    listed = given.split(",") if isinstance(given, str) else given if isinstance(given, list) else []
    return [address.strip().lower() for address in listed if isinstance(address, str) and address.strip()]


class Reception:
    """The hooks that aiosmtpd calls. `authority` is whose Authentication-Results are believed; empty: nobody's."""

    def __init__(self, intake: Intake, access: AccessBook, metrics: Metrics, authority: str) -> None:
        self._intake = intake
        self._access = access
        self._metrics = metrics
        self._authority = authority
        self._reading = asyncio.Semaphore(_AT_ONCE)

    async def handle_EHLO(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        """What is offered: never a login, and no help."""
        session.host_name = hostname
        kept = [each for each in responses if not each[4:].startswith(("AUTH", "HELP"))]
        return [*kept[:-1], "250-ENHANCEDSTATUSCODES", "250 " + kept[-1][4:]] if len(kept) > 1 else [f"250 {hostname}"]

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Whether a channel has this address."""
        if len(envelope.rcpt_tos) >= MOST_RECIPIENTS:
            return self._refused("recipients", TOO_MANY)
        try:
            channel = await self._channel_at(address)
        except Busy:
            return self._refused("not_now", NOT_NOW)
        if channel is None:
            return self._refused("unknown_address", UNKNOWN)
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Keep the mail for each channel that it is addressed to; the last word goes out only when all of them have it.

        Whatever stops it half-way, the sending server sends all of it again, and what is kept is known by its id.
        """
        try:
            async with self._reading:
                accepted = await self._keep(envelope)
        except Busy:
            return self._refused("not_now", NOT_NOW)
        except TooLarge:
            return self._refused("size", TOO_LARGE)
        except BadInput:
            return self._refused("unreadable", UNREADABLE)
        if any(one.conflict for one in accepted):
            return self._refused("conflict", CONFLICT)
        return KEPT

    async def handle_exception(self, error: Exception) -> str:
        """A fault of ours: told to the log, and to the sender no more than that it may try again."""
        log.error("mail.failed", exc_info=error)
        return self._refused("failed", NOT_NOW)

    def refused(self, reason: str) -> None:
        """Count what was turned away."""
        self._metrics.mail_refused(reason).inc()

    def _refused(self, reason: str, answer: str) -> str:
        self.refused(reason)
        return answer

    async def _keep(self, envelope: Envelope) -> list[Accepted]:
        channels: dict[str, HeldChannel] = {}
        for address in envelope.rcpt_tos:
            found = await self._channel_at(address)
            if found is None:
                raise Busy("the channel was closed a moment ago")
            channels[found.name] = found
        accepted = []
        for channel in channels.values():
            body = await asyncio.to_thread(self._handed_in, envelope, addresses_of(channel.options)[0])
            accepted += await self._intake.take(channel, InboundRequest("POST", "", {}, {}, body, self._intake.now()))
        return accepted

    def _handed_in(self, envelope: Envelope, receiver: str) -> bytes:
        content: Any = envelope.original_content or b""
        return handed_in(content, sender=envelope.mail_from or "", receiver=receiver, authority=self._authority)

    async def _channel_at(self, address: str) -> HeldChannel | None:
        """The oldest open channel of the kind with this address."""
        wanted = address.strip().lower()
        for channel in await self._access.channels_of_kind(KIND):
            if wanted in addresses_of(channel.options):
                return channel
        return None
