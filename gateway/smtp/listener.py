"""The listening socket of SMTP: opened and closed with the process, its certificate renewed without a restart."""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from weakref import WeakSet

import structlog

from gateway.access_book import AccessBook
from gateway.intake import Intake
from gateway.metrics import Metrics
from gateway.settings import Settings
from gateway.smtp.door import Door
from gateway.smtp.reception import Reception
from gateway.smtp.session import MailSession
from gateway.sockets import listening
from schemas.errors import Misconfigured

log = structlog.get_logger("gateway.smtp")

_BACKLOG = 128


class Certificate:
    """The certificate that STARTTLS offers, read again when its file changes."""

    def __init__(self, certificate: Path, key: Path) -> None:
        self._files = (certificate, key)
        self._read_at = self._changed_at()
        self._context = self._read()

    def context(self) -> ssl.SSLContext:
        """The context for a new connection; the one before, while what is in the files cannot be used."""
        changed_at = self._changed_at()
        if changed_at != self._read_at:
            self._read_at = changed_at
            try:
                self._context = self._read()
            except Misconfigured as error:
                log.warning("mail.certificate_unusable", problem=str(error))
        return self._context

    def _changed_at(self) -> tuple[float, ...]:
        return tuple(path.stat().st_mtime if path.exists() else 0.0 for path in self._files)

    def _read(self) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        try:
            # A callable, because without a password OpenSSL would ask for one on the terminal.
            context.load_cert_chain(*self._files, password=lambda: "")
        except (OSError, ValueError) as error:
            problem = f"smtp_certificate, smtp_key: {type(error).__name__}; name two files in PEM that belong together"
            raise Misconfigured("the certificate for STARTTLS cannot be used", [problem]) from error
        return context


@asynccontextmanager
async def receiving_mail(
    settings: Settings, intake: Intake, access: AccessBook, metrics: Metrics
) -> AsyncIterator[tuple[str, int] | None]:
    """Take mail in until the end of the block; yields where, or None where the settings name no place.

    At the end nobody new is let in, and what is being kept is waited for as long as `grace` allows. Raises
    Misconfigured.
    """
    if settings.smtp_address is None:
        yield None
        return
    certificate = _certificate(settings)
    reception = Reception(intake, access, metrics, settings.smtp_authority or "")
    door, sessions = Door(settings.smtp_networks), WeakSet[MailSession]()
    name = settings.smtp_name or socket.gethostname()

    def session() -> MailSession:
        tls = certificate.context() if certificate else None
        made = MailSession(reception, door, name=name, largest=settings.smtp_max_bytes, tls=tls)
        sessions.add(made)
        return made

    mend = "Stop what uses it, or change smtp_listen"
    listener = listening(*settings.smtp_address, _BACKLOG, to="take mail", mend=mend)
    listener.setblocking(False)
    server = await asyncio.get_running_loop().create_server(session, sock=listener, backlog=_BACKLOG)
    host, port = listener.getsockname()[:2]
    log.info("mail.listening", at=f"{host}:{port}")
    try:
        yield str(host), int(port)
    finally:
        server.close()
        await _let_finish(sessions, settings.grace)


async def _let_finish(sessions: WeakSet[MailSession], seconds: float) -> None:
    """Wait for what is being kept; then hang up. Who was cut off sends the same mail again."""
    end = asyncio.get_running_loop().time() + seconds
    while any(one.is_taking and one.transport is not None for one in sessions):
        if asyncio.get_running_loop().time() >= end:
            break
        await asyncio.sleep(0.05)
    for one in list(sessions):
        one.part()


def _certificate(settings: Settings) -> Certificate | None:
    files = settings.smtp_certificate, settings.smtp_key
    if files[0] is None and files[1] is None:
        return None
    if files[0] is None or files[1] is None:
        problem = "smtp_certificate and smtp_key: give both, or none"
        raise Misconfigured("STARTTLS is half set up", [problem])
    return Certificate(files[0], files[1])
