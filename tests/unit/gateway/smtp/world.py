"""An SMTP listener on a free port, with stand-ins for what keeps the mail."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from aiosmtplib import SMTP, SMTPResponseException

from adapters.contract import InboundRequest
from gateway.access_book import HeldChannel
from gateway.intake import Accepted
from gateway.metrics import Metrics
from gateway.settings import Settings
from gateway.smtp.listener import receiving_mail
from schemas.errors import GatewayError

TO = "lapor@kota.example"
MAIL = b"Subject: Jalan\r\nMessage-ID: <1@x>\r\n\r\nRusak\r\n"


@dataclass
class Took:
    """An intake that keeps what it is given, or says what it is told to say."""

    problem: Exception | None = None
    conflict: bool = False
    kept: list[tuple[str, bytes]] = field(default_factory=list)

    def now(self) -> datetime:
        return datetime(2026, 3, 2, tzinfo=UTC)

    async def take(self, channel: HeldChannel, request: InboundRequest) -> list[Accepted]:
        if self.problem is not None:
            raise self.problem
        self.kept.append((channel.name, request.body))
        return [Accepted("1", uuid4(), "K7RM-4XQ9-HT3C", duplicate=self.conflict, conflict=self.conflict)]


@dataclass
class Channels:
    """Two channels, of which one has two addresses, and one that says nothing."""

    problem: GatewayError | None = None

    async def channels_of_kind(self, kind: str) -> list[HeldChannel]:
        if self.problem is not None:
            raise self.problem
        options: dict[str, Any] = {
            "surel": {"address": f"{TO}, Aduan@kota.example"},
            "kedua": {"address": ["b@kota.example"]},
        }
        return [HeldChannel(name, kind, options.get(name, {}), {}, closed=False) for name in ("bisu", *options)]


@dataclass
class World:
    """What stands behind the listener, and where it is."""

    intake: Took
    channels: Channels
    metrics: Metrics
    port: int = 0

    def smtp(self, **options: Any) -> SMTP:
        return SMTP(
            hostname="127.0.0.1", port=self.port, start_tls=False, local_hostname="mx.contoh.example", **options
        )

    def refused(self) -> dict[str, float]:
        found = self.metrics.registry.collect()
        return {
            sample.labels["reason"]: sample.value
            for family in found
            for sample in family.samples
            if sample.name == "sp4n_gateway_mail_refusals_total"
        }


@asynccontextmanager
async def listening(**settings: Any) -> AsyncIterator[World]:
    world = World(Took(), Channels(), Metrics())
    made = Settings(smtp_listen="127.0.0.1:0", grace=0.2, **settings)
    async with receiving_mail(made, world.intake, world.channels, world.metrics) as at:  # type: ignore[arg-type]
        assert at is not None
        world.port = at[1]
        yield world


async def answered(world: World, mail: bytes = MAIL, *to: str, sender: str = "ani@x") -> tuple[int, str]:
    async with world.smtp() as smtp:
        try:
            await smtp.mail(sender)
            for each in to or (TO,):
                await smtp.rcpt(each)
            answer = await smtp.data(mail)
        except SMTPResponseException as error:
            return error.code, error.message
        return answer.code, answer.message
