"""A gateway that takes mail in, and the hands of a sending server."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aiosmtplib import SMTP, SMTPResponseException
from sqlalchemy import Connection, select

from adapters.channels import CHANNELS
from gateway.app import Gateway
from gateway.channels import make_channel
from gateway.ledger.channels import add_channel
from gateway.ledger.tables import reports
from gateway.smtp.listener import receiving_mail
from schemas.base import Json
from tests.integration.backends import Backend
from tests.integration.installation import Installation, Plan, installation

TO = "lapor@kota.example"
HOLE = "Jalan berlubang besar di depan Pasar Sukamaju Kabupaten Garut, dua motor sudah jatuh. Mohon diperbaiki."


def a_mail(number: int = 1, text: str = HOLE, **headers: str) -> bytes:
    """A mail of a citizen; other headers in place of the usual ones, `_` in their names for `-`."""
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    usual = {
        "From": "Ani Contoh <ani@contoh.example>",
        "To": TO,
        "Subject": "Jalan berlubang",
        "Message-ID": f"<{number}@contoh.example>",
        "Content-Type": "text/plain; charset=utf-8",
    }
    lines = [f"{name}: {value}" for name, value in (usual | given).items()]
    return "\r\n".join([*lines, "", text, ""]).encode()


@dataclass
class Post:
    """The installation, and where it takes mail in."""

    it: Installation
    host: str
    port: int

    @property
    def gateway(self) -> Gateway:
        return self.it.gateway

    def smtp(self, **options: Any) -> SMTP:
        """A sending server's connection, not opened yet."""
        return SMTP(hostname=self.host, port=self.port, start_tls=False, local_hostname="mx.contoh.example", **options)

    async def send(self, mail: bytes, *to: str, sender: str = "ani@contoh.example") -> tuple[int, str]:
        """Hand one mail in over a connection of its own; the last answer, whatever it is."""
        async with self.smtp() as smtp:
            try:
                await smtp.mail(sender, options=[f"SIZE={len(mail)}"])
                for each in to or (TO,):
                    await smtp.rcpt(each)
                answer = await smtp.data(mail)
            except SMTPResponseException as error:
                return error.code, error.message
            return answer.code, answer.message

    async def codes(self) -> list[str]:
        """The tracking codes of every report in the ledger, the oldest first."""
        return await self.it.ledger.read(_codes)


@asynccontextmanager
async def post(
    folder: Path, place: Backend, options: Mapping[str, Json] | None = None, **settings: Any
) -> AsyncIterator[Post]:
    """An installation with the channel `surel` at TO, listening on a free port."""
    plan = Plan(settings={"smtp_listen": "127.0.0.1:0", **settings})
    async with installation(folder, place, plan) as it:
        gateway = it.gateway
        row = make_channel(
            gateway.vault,
            CHANNELS["email"],
            "surel",
            secrets={},
            options={"address": TO, **(options or {})},
            now=gateway.clock.now(),
        )
        await gateway.ledger.write(add_channel, row, "uji")
        async with receiving_mail(gateway.settings, gateway.intake, gateway.access, gateway.metrics) as at:
            assert at is not None
            yield Post(it, *at)


def _codes(conn: Connection) -> list[str]:
    return list(conn.execute(select(reports.c.tracking_code).order_by(reports.c.received_at)).scalars())
