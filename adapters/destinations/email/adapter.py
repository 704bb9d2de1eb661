"""Hands a case to a ministry's mailbox: one message, handed to a relay by SMTP."""

from __future__ import annotations

import ssl
from collections.abc import Sequence
from datetime import datetime
from urllib.parse import urlsplit

from adapters.contract import Call, Case, DestinationEntry, DestinationKind, Reply, Step, Term
from adapters.destinations.email.message import case_message
from adapters.destinations.email.options import Options
from adapters.destinations.email.reading import read_handover
from adapters.destinations.email.wire import Mailer, Relay
from adapters.http.connecting import Connector
from adapters.outbound.mail_ids import message_id, return_path
from schemas.errors import Misconfigured
from schemas.handoff import HandoffKind, Outcome

MAIL = "mail"
USER = "user"
PASSWORD = "password"  # noqa: S105 - the name of a secret
PORTS = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}
"""The ways to a relay, each with its usual port (RFC 5321, RFC 6409, RFC 8314)."""


class Mailbox:
    """One mailbox's entry."""

    lookup_delay = 0.0

    def __init__(self, entry: DestinationEntry, options: Options, mailer: Mailer) -> None:
        self.name = entry.name
        self._options = options
        self._mailer = mailer
        self._url = entry.url

    def next_step(self, case: Case) -> Step | None:
        """One message."""
        if MAIL in case.progress:
            return None
        with_files = self._options.files_limit > 0 and case.kind is not HandoffKind.WITHDRAWAL
        return Step(MAIL, self._options.repeat, files=with_files)

    def lookup_step(self, case: Case, uncertain: str) -> Step:
        """Never called: nobody can look into the mailbox."""
        raise NotImplementedError("a mailbox cannot be asked what it took")

    def build(self, case: Case, step: Step, at: datetime) -> Call:
        """The envelope and the message."""
        options = self._options
        sender = return_path(case.handoff_id, options.return_path) if options.return_path else options.sender
        envelope = (("mail-from", sender), *(("rcpt-to", each) for each in options.recipients))
        key = message_id(case.handoff_id, options.domain)[1:-1]
        return Call("SMTP", self._url, envelope, case_message(case, options, self.name), key, fresh=True)

    async def send(self, call: Call) -> Reply:
        """Hand the message over, once."""
        return await self._mailer.send(call)

    def read(self, case: Case, step: Step, reply: Reply, at: datetime) -> Outcome:
        """What the relay's answer means; the table stands in `reading`."""
        return read_handover(message_id(case.handoff_id, self._options.domain), reply, at)

    async def sync(self) -> Sequence[Term]:
        """Nothing: a mailbox has no vocabulary."""
        return ()

    async def aclose(self) -> None:
        """Let go of what the mailer holds."""
        await self._mailer.aclose()


def build(entry: DestinationEntry) -> Mailbox:
    """The adapter of an entry. Raises Misconfigured."""
    options = entry.options
    if not isinstance(options, Options):
        raise Misconfigured(f"the options of {entry.name} are not those of an email destination")
    relay = _relay(entry, options)
    connector = Connector(relay.host, relay.port, entry.private_hosts, entry.connect_timeout)
    return Mailbox(entry, options, Mailer(relay, connector))


KIND = DestinationKind("email", Options, (), build, optional_secrets=(USER, PASSWORD))


def _relay(entry: DestinationEntry, options: Options) -> Relay:
    place = f"destinations.{entry.name}"
    parts = urlsplit(entry.url)
    if parts.scheme not in PORTS or not parts.hostname:
        raise Misconfigured(
            f"the address of {entry.name} is no relay",
            [f"{place}.url: write smtp+starttls://host:587 or smtps://host:465"],
        )
    if parts.scheme == "smtp" and not options.allow_plain:
        raise Misconfigured(
            f"the mail of {entry.name} would go in the clear",
            [f"{place}.url: write smtp+starttls:// or smtps://, or allow_plain: true for a relay on this host"],
        )
    user, password = entry.secrets.get(USER), entry.secrets.get(PASSWORD)
    if (user is None) != (password is None):
        raise Misconfigured(
            f"the login of {entry.name} is half there", [f"{place}.secrets: give both {USER} and {PASSWORD}, or none"]
        )
    if user is not None and parts.scheme == "smtp":
        raise Misconfigured(
            f"the password of {entry.name} would go in the clear", [f"{place}.url: write smtp+starttls:// or smtps://"]
        )
    return Relay(
        host=parts.hostname,
        port=parts.port or PORTS[parts.scheme],
        tls=parts.scheme == "smtps",
        starttls=parts.scheme == "smtp+starttls",
        trust=_trust(place, options.ca_file) if parts.scheme != "smtp" else None,
        user=user,
        password=password,
        hello=options.domain,
        read_timeout=entry.read_timeout,
        total_timeout=entry.total_timeout,
    )


def _trust(place: str, ca_file: str | None) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=ca_file)
    except OSError as error:
        problem = (
            f"{place}.options.ca_file: cannot be read ({type(error).__name__}); name a file of certificates in PEM"
        )
        raise Misconfigured("the authorities of a relay cannot be read", [problem]) from error
