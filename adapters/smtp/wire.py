"""Hands one message to a relay by SMTP (RFC 5321), and says in values how far it came.

The reply's status is the relay's last code, `phase` in its headers the command that it answered. A fault before the
message began to flow says that surely nothing was taken.
"""

from __future__ import annotations

import asyncio
import re
import ssl
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass

import aiosmtplib
from aiosmtplib import SMTP, SMTPResponse

from adapters.contract import Call, Fault, Reply
from adapters.http.connecting import Connector

CONNECT, HELLO, TLS, AUTH, MAIL, RCPT, DATA, BODY = (
    "connect", "hello", "starttls", "auth", "mail", "rcpt", "data", "body",
)  # fmt: skip
_READY, _GO_ON = 220, 354
_STUFFED = re.compile(rb"(?m)^\.")
_QUIT_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class Relay:
    """Where and how to hand messages over. `tls`: from the start; `starttls`: before anything is told."""

    host: str
    port: int
    tls: bool
    starttls: bool
    trust: ssl.SSLContext | None
    user: str | None
    password: str | None
    hello: str
    read_timeout: float
    total_timeout: float


class _Stopped(Exception):
    """The relay did not agree to a command."""

    def __init__(self, reply: Reply) -> None:
        super().__init__()
        self.reply = reply


class Mailer:
    """One destination's way to its relay; every message goes over a connection of its own."""

    def __init__(self, relay: Relay, connector: Connector) -> None:
        self._relay = relay
        self._connector = connector

    async def send(self, call: Call) -> Reply:
        """Hand the message over, once. Envelope addresses stand in the call's headers `mail-from` and `rcpt-to`."""
        clock = asyncio.get_running_loop().time
        started = clock()
        talk = _Talk(self._relay, self._connector, call)
        try:
            async with asyncio.timeout(self._relay.total_timeout):
                reply = await talk.run()
        except TimeoutError:
            reply = Reply(fault=Fault("total_timeout", sent=talk.flowing))
        finally:
            await talk.leave()
        return Reply(reply.status, reply.headers, reply.body, False, reply.fault, clock() - started)

    async def aclose(self) -> None:
        """Let go of what resolves names."""
        await self._connector.aclose()


class _Talk:
    """One conversation. `phase` is the command that is being answered; `flowing`: the message has begun to go out."""

    def __init__(self, relay: Relay, connector: Connector, call: Call) -> None:
        self._relay = relay
        self._connector = connector
        self._call = call
        self._smtp: SMTP | None = None
        self.phase = CONNECT
        self.flowing = False

    async def run(self) -> Reply:
        """From the connection to the answer after the final dot."""
        sock = await self._connector.connect()
        if isinstance(sock, Fault):
            return Reply(fault=sock)
        relay = self._relay
        self._smtp = smtp = SMTP(
            hostname=relay.host,
            sock=sock,
            use_tls=relay.tls,
            start_tls=False,
            tls_context=relay.trust,
            local_hostname=relay.hello,
            timeout=relay.read_timeout,
        )
        try:
            return await self._exchange(smtp)
        except _Stopped as stopped:
            return stopped.reply
        except aiosmtplib.SMTPResponseException as error:
            return self._answer(error.code, error.message)
        except (aiosmtplib.SMTPException, OSError, ValueError) as error:
            return Reply(fault=Fault(_reason(error), sent=self.flowing))

    async def leave(self) -> None:
        """Part politely, for a moment; the outcome is known, and what the relay says now changes nothing of it."""
        if self._smtp is None:
            return
        with suppress(aiosmtplib.SMTPException, OSError, TimeoutError, ValueError):
            async with asyncio.timeout(_QUIT_SECONDS):
                if self.phase == BODY and self._smtp.is_connected and not self.flowing:
                    await self._smtp.quit()
        self._smtp.close()

    async def _exchange(self, smtp: SMTP) -> Reply:
        await smtp.connect()
        self.phase = HELLO
        await smtp.ehlo()
        await self._secure(smtp)
        envelope = {name: value for name, value in self._call.headers if name == "mail-from"}
        await self._command(smtp, MAIL, f"MAIL FROM:<{envelope['mail-from']}>", 250)
        for name, value in self._call.headers:
            if name == "rcpt-to":
                await self._command(smtp, RCPT, f"RCPT TO:<{value}>", 250, 251)
        await self._command(smtp, DATA, "DATA", _GO_ON)
        self.phase, self.flowing = BODY, True
        answer = await self._poured(smtp)
        self.flowing = False
        return self._answer(answer.code, answer.message)

    async def _poured(self, smtp: SMTP) -> SMTPResponse:
        """Send the message with its final dot; aiosmtplib's own `data` does not tell which of two answers broke."""
        if smtp.protocol is None:
            raise aiosmtplib.SMTPServerDisconnected("the relay left")
        smtp.protocol.write(_STUFFED.sub(b"..", self._call.body) + b".\r\n")
        return await smtp.protocol.read_response(timeout=self._relay.read_timeout)

    async def _secure(self, smtp: SMTP) -> None:
        relay = self._relay
        if relay.starttls:
            self.phase = TLS
            await smtp.starttls(server_hostname=relay.host, tls_context=relay.trust)
            await smtp.ehlo()
        if relay.user is not None and relay.password is not None:
            self.phase = AUTH
            await smtp.login(relay.user, relay.password)

    async def _command(self, smtp: SMTP, phase: str, line: str, *wanted: int) -> None:
        """One command. Raises _Stopped when it is not answered with one of the codes that let us go on."""
        self.phase = phase
        answer = await smtp.execute_command(line.encode("ascii"))
        if answer.code not in wanted:
            raise _Stopped(self._answer(answer.code, answer.message))

    def _answer(self, code: int, text: str) -> Reply:
        headers: Mapping[str, str] = {"phase": self.phase}
        return Reply(code, headers, f"{code} {text}".encode(errors="replace")[:4096])


def _reason(error: Exception) -> str:
    """The first row that fits decides; aiosmtplib's errors are subclasses of Python's own."""
    origin = error.__cause__ if isinstance(error.__cause__, ssl.SSLError) else error
    return next((reason for kind, reason in _REASONS if isinstance(origin, kind)), "connection_lost")


_REASONS: tuple[tuple[type[Exception], str], ...] = (
    (aiosmtplib.SMTPConnectTimeoutError, "connect_timeout"),
    (aiosmtplib.SMTPTimeoutError, "read_timeout"),
    (ssl.SSLError, "tls_failed"),
    (aiosmtplib.SMTPConnectError, "greeting_failed"),
    (aiosmtplib.SMTPServerDisconnected, "disconnected"),
    (aiosmtplib.SMTPException, "not_offered"),  # STARTTLS, or a way to log in
    (ConnectionError, "connection_reset"),
    (ValueError, "bad_response"),
)
