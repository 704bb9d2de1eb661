"""Plays a relay with a ministry's mailbox behind it: checks each message strictly, keeps its book, misbehaves."""

from __future__ import annotations

import asyncio
import hashlib
import re
import socket
import ssl
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any, Literal
from uuid import UUID

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from adapters.outbound.wire import WireCase
from adapters.simulator import Book
from adapters.simulator.mishaps import Mishaps

Mode = Literal["dedupes", "neither"]

KINDS: dict[str, str] = {
    "refused": "nobody listens until the misbehaviour changes",
    "greeting_stall": "the connection opens, nothing is said",
    "greeting_421": "421 in place of a greeting",
    "mail_451": "MAIL is put off",
    "rcpt_450": "the recipient is put off (greylisting)",
    "rcpt_550": "the recipient is refused",
    "data_451": "DATA is put off",
    "data_552": "DATA is refused",
    "data_reset": "the connection is reset at DATA, before the message",
    "body_reset": "the whole message is read and not taken, the connection reset",
    "body_451": "the whole message is read, then put off",
    "body_554": "the whole message is read, then refused as spam",
    "taken_reset": "taken, then the connection is reset",
    "taken_stall": "taken, then nothing is said",
    "taken_garbage": "taken, then an answer that is no SMTP",
    "taken_299": "taken, then a code that nobody knows",
}
_AT = {
    "mail": ("mail_451",),
    "rcpt": ("rcpt_450", "rcpt_550"),
    "data": ("data_451", "data_552", "data_reset"),
    "body": ("body_reset", "body_451", "body_554"),
    "taken": ("taken_reset", "taken_stall", "taken_garbage", "taken_299"),
}
_CODES = {
    "mail_451": "451 4.3.0 Coba lagi nanti",
    "rcpt_450": "450 4.2.0 Greylisted",
    "rcpt_550": "550 5.1.1 No such user here",
    "data_451": "451 4.3.0 Coba lagi nanti",
    "data_552": "552 5.3.4 Kotak surat penuh",
    "body_451": "451 4.7.1 Coba lagi nanti",
    "body_554": "554 5.7.1 Rejected as spam",
    "taken_garbage": "?? tidak jelas",
    "taken_299": "299 selesai",
}
_LINE_LIMIT = 998
"""RFC 5322 section 2.1.1, without the line end."""


class SimulatedRelay:
    """A relay on a local port. `login`: user and password that it insists on; `tls`: its certificate, for STARTTLS.

    `mode` `dedupes`: the mailbox drops a Message-ID that came before. What breaks the rules of a well-made message is
    refused with 554 and told in `complaints`.
    """

    def __init__(
        self,
        mode: Mode = "neither",
        *,
        book: Book | None = None,
        login: tuple[str, str] | None = None,
        tls: ssl.SSLContext | None = None,
        implicit: bool = False,
    ) -> None:
        self.book = book or Book()
        self.taken = 0
        self.complaints: list[str] = []
        self._mode = mode
        self._login = login
        self._tls = tls
        self._implicit = implicit
        self._mishaps = Mishaps(KINDS)
        self._address = ("127.0.0.1", 0)
        self._server: asyncio.Server | None = None
        self._talks: set[asyncio.BaseTransport] = set()
        self._calm = asyncio.Event()

    @property
    def url(self) -> str:
        """Where it listens."""
        scheme = "smtp" if self._tls is None else "smtps" if self._implicit else "smtp+starttls"
        return f"{scheme}://{self._address[0]}:{self._address[1]}"

    async def start(self, host: str = "127.0.0.1", port: int = 0) -> int:
        """Listen, and return the port."""
        self._address = (host, port)
        await self._listen()
        return self._address[1]

    async def stop(self) -> None:
        """Stop listening and drop every connection."""
        self._go_deaf()
        self.book.close()

    async def misbehave(self, *spellings: str) -> None:
        """Put these kinds of misbehaviour in force, in place of those before."""
        self._mishaps = Mishaps(KINDS, spellings)
        self._calm.set()
        self._calm = asyncio.Event()
        if self._mishaps.begins_with("refused"):
            self._go_deaf()
        elif self._server is None:
            await self._listen()

    def mishap(self, place: str) -> str | None:
        """What is to go wrong at this place of the conversation, if anything."""
        return self._mishaps.next(*_AT[place])

    async def silence(self) -> None:
        """Say nothing until the misbehaviour changes."""
        await self._calm.wait()

    def take(self, envelope: Envelope) -> str:
        """Take a message into the mailbox and answer; 554 for one that is not well made."""
        content = envelope.content if isinstance(envelope.content, bytes) else b""
        try:
            entry = _entry(content, envelope.rcpt_tos, envelope.mail_from or "")
        except ValueError as error:
            self.complaints.append(str(error))
            return f"554 5.6.0 {error}"
        self.taken += 1
        known = {each["message_id"] for each in self.book.entries}
        if self._mode != "dedupes" or entry["message_id"] not in known:
            self.book.append(entry)
        return f"250 2.0.0 Ok: queued as 4SIM{self.taken:08d}"

    async def _listen(self) -> None:
        loop = asyncio.get_running_loop()
        sock = socket.socket()
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.bind(self._address)
        self._address = sock.getsockname()[:2]
        tls = self._tls if self._implicit else None
        self._server = await loop.create_server(self._protocol, sock=sock, ssl=tls)

    def _go_deaf(self) -> None:
        if self._server is not None:
            self._server.close()
            self._server = None
        for transport in list(self._talks):
            transport.close()

    def _protocol(self) -> SMTP:
        greeting = self._mishaps.next("greeting_421", "greeting_stall")
        starttls = self._tls if not self._implicit else None
        return _Talk(self, greeting, starttls, self._login)

    def opened(self, transport: asyncio.BaseTransport) -> None:
        """Remember a connection, to be able to drop it."""
        self._talks.add(transport)

    def closed(self, transport: asyncio.BaseTransport | None) -> None:
        """Forget a connection."""
        if transport is not None:
            self._talks.discard(transport)


class _Talk(SMTP):
    """aiosmtpd's protocol with our misbehaviour in it."""

    def __init__(
        self, relay: SimulatedRelay, greeting: str | None, tls: ssl.SSLContext | None, login: tuple[str, str] | None
    ) -> None:
        super().__init__(
            _Desk(relay),
            hostname="relay.simulated",
            ident="simulated",
            tls_context=tls,
            require_starttls=tls is not None,
            authenticator=_checks(login) if login else None,
            auth_required=login is not None,
            auth_require_tls=tls is not None,
        )
        self._relay = relay
        self._greeting = greeting

    def connection_made(self, transport: Any) -> None:
        self._relay.opened(transport)
        super().connection_made(transport)

    def connection_lost(self, error: Exception | None) -> None:
        self._relay.closed(self.transport)
        super().connection_lost(error)

    async def push(self, status: Any) -> None:
        """The first thing that is said is the greeting."""
        greeting, self._greeting = self._greeting, None
        if greeting == "greeting_stall":
            await self._relay.silence()
        elif greeting == "greeting_421":
            await super().push("421 4.3.2 Sedang sibuk")
            _reset(self.transport)
        else:
            await super().push(status)

    async def smtp_DATA(self, arg: str) -> None:  # noqa: N802 - named by aiosmtpd
        kind = self._relay.mishap("data")
        if kind == "data_reset":
            _reset(self.transport)
        elif kind is not None:
            await self.push(_CODES[kind])
        else:
            await super().smtp_DATA(arg)


class _Desk:
    """aiosmtpd's handler: what each command is answered."""

    def __init__(self, relay: SimulatedRelay) -> None:
        self._relay = relay

    async def handle_MAIL(self, _s: SMTP, _: Session, envelope: Envelope, address: str, options: list[str]) -> str:  # noqa: N802
        kind = self._relay.mishap("mail")
        envelope.mail_from = address
        return _CODES[kind] if kind else "250 OK"

    async def handle_RCPT(self, _s: SMTP, _: Session, envelope: Envelope, address: str, options: list[str]) -> str:  # noqa: N802
        kind = self._relay.mishap("rcpt")
        envelope.rcpt_tos.append(address)
        return _CODES[kind] if kind else "250 OK"

    async def handle_DATA(self, server: SMTP, _: Session, envelope: Envelope) -> str:  # noqa: N802
        kind = self._relay.mishap("body")
        if kind == "body_reset":
            return _reset(server.transport)
        if kind is not None:
            return _CODES[kind]
        answer = self._relay.take(envelope)
        kind = self._relay.mishap("taken")
        if kind == "taken_reset":
            return _reset(server.transport)
        if kind == "taken_stall":
            await self._relay.silence()
        return _CODES.get(kind or "", answer)


def simulated(mode: Mode = "neither", book: Book | None = None) -> SimulatedRelay:
    """A relay without TLS whose mailbox takes everything that is well made."""
    return SimulatedRelay(mode, book=book)


def _checks(login: tuple[str, str]) -> Any:
    def check(_server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, data: Any) -> AuthResult:
        right = isinstance(data, LoginPassword) and (data.login.decode(), data.password.decode()) == login
        return AuthResult(success=right, handled=False)

    return check


def _reset(transport: Any) -> str:
    """End the connection as if torn. What is returned is never heard."""
    transport.abort()
    return "421 4.3.0"


def _entry(content: bytes, recipients: list[str], sender: str) -> dict[str, Any]:
    """A message as the book keeps it. Raises ValueError, with what is wrong, for one that is not well made."""
    if max(map(len, content.split(b"\r\n"))) > _LINE_LIMIT or re.search(rb"[^\x00-\x7f]", content):
        raise ValueError("a line is too long, or holds more than seven bits")
    if re.search(rb"(?<!\r)\n|\r(?!\n)", content):
        raise ValueError("a line ends in other than CRLF")
    message = message_from_bytes(content, _class=EmailMessage, policy=policy.SMTP)
    once = ("From", "To", "Subject", "Date", "Message-ID", "MIME-Version", "Auto-Submitted")
    wrong = [name for name in once if len(message.get_all(name, [])) != 1]
    if wrong:
        raise ValueError(f"not exactly one {', '.join(wrong)}")
    parts = [*message.iter_attachments()]
    case = next((part for part in parts if part.get_content_type() == "application/json"), None)
    read = WireCase.model_validate_json(case.get_content()) if case is not None else None
    return {
        "kind": {"case.created": "case", "case.added": "addition", "case.withdrawn": "withdrawal"}[read.type]
        if read
        else "message",
        "message_id": message["Message-ID"],
        "handoff": str(UUID(message["X-SP4N-Handoff"])),
        "tracking_code": message["X-SP4N-Tracking-Code"],
        "subject": message["Subject"],
        "answers": message["In-Reply-To"],
        "mail_from": sender,
        "rcpt_to": recipients,
        "files": [part.get_filename() for part in parts],
        "digest": hashlib.sha256(content).hexdigest(),
    }
