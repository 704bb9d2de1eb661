"""One connection to the SMTP listener, with limits that hold for whoever connects."""

from __future__ import annotations

import asyncio
import logging
import ssl
from typing import Any

from aiosmtpd.smtp import SMTP

from gateway.smtp.door import CROWDED, Door
from gateway.smtp.reception import Reception

logging.getLogger("mail.log").disabled = True  # aiosmtpd's: it writes addresses and commands as they come

ONE_MESSAGE, ONE_CONNECTION = 600.0, 3600.0
"""Seconds for one command with what follows it, and for a connection as a whole (RFC 5321, 4.5.3.2)."""

_CALLS = {"*": 50, "MAIL": 1000, "RCPT": 5000, "DATA": 1000, "RSET": 1000, "NOOP": 100}
"""How often a command may be given in one connection."""


class MailSession(SMTP):
    """One conversation."""

    line_length_limit = 128 * 1024  # there are mails with longer lines than the 998 that are allowed

    def __init__(
        self, reception: Reception, door: Door, *, name: str, largest: int, tls: ssl.SSLContext | None
    ) -> None:
        super().__init__(
            reception,
            data_size_limit=largest,
            enable_SMTPUTF8=True,
            hostname=name,
            ident="ESMTP",
            tls_context=tls,
            timeout=ONE_MESSAGE,
            auth_exclude_mechanism=["LOGIN", "PLAIN"],
            command_call_limit=_CALLS,
            loop=asyncio.get_running_loop(),
        )
        self._reception = reception
        self._door = door
        self._host: str | None = None
        self._was_refused = False
        self._end: asyncio.TimerHandle | None = None

    @property
    def is_taking(self) -> bool:
        """Whether a message is on its way in, or being kept."""
        return self.envelope is not None and bool(self.envelope.rcpt_tos)

    def connection_made(self, transport: Any) -> None:
        """Let the host in, or turn it away with a word. After STARTTLS it is in already."""
        if self._host is None:
            peer = transport.get_extra_info("peername")
            host = str(peer[0]) if isinstance(peer, tuple) and peer else ""
            refusal = self._door.enter(host)
            if refusal is not None:
                self._was_refused = True
                self._reception.refused("connections" if refusal == CROWDED else "relay")
                transport.write(refusal.encode() + b"\r\n")
                transport.close()
                return
            self._host = host
            self._end = asyncio.get_running_loop().call_later(ONE_CONNECTION, self.part)
        super().connection_made(transport)

    def connection_lost(self, error: Exception | None) -> None:
        """Forget the host."""
        if self._was_refused:
            return
        if self._host is not None:
            self._door.leave(self._host)
            self._host = None
        if self._end is not None:
            self._end.cancel()
        super().connection_lost(error)

    def eof_received(self) -> bool | None:
        """The host says no more."""
        return False if self._was_refused else super().eof_received()

    def part(self) -> None:
        """Say good-bye and hang up, whatever goes on."""
        if self.transport is not None and not self.transport.is_closing():
            self._writer.write(b"421 4.3.2 the connection is closed, try again later\r\n")
            self.transport.close()

    async def smtp_VRFY(self, arg: str) -> None:  # noqa: N802 - aiosmtpd's name
        """Nobody is told which addresses there are."""
        await self.push("252 2.1.5 send some mail, it will be tried")

    async def smtp_HELP(self, arg: str) -> None:  # noqa: N802
        """Nothing to say."""
        await self.push("214 2.0.0 see RFC 5321")
