"""Hands a case to a ministry's mailbox: one message, handed to a relay by SMTP."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from adapters.contract import Call, Case, DestinationEntry, DestinationKind, Reply, Step, Term
from adapters.destinations.email.message import case_message
from adapters.destinations.email.options import Options
from adapters.outbound.mail_ids import message_id, return_path
from adapters.smtp.reading import read_handover
from adapters.smtp.relay import PASSWORD, USER, Way, mailer_of
from adapters.smtp.wire import Mailer
from schemas.errors import Misconfigured
from schemas.handoff import HandoffKind, Outcome

MAIL = "mail"


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
    options, place = entry.options, f"destinations.{entry.name}"
    if not isinstance(options, Options):
        raise Misconfigured(f"the options of {entry.name} are not those of an email destination")
    way = Way(
        name=entry.name,
        url=entry.url,
        hello=options.domain,
        url_at=f"{place}.url",
        secrets_at=f"{place}.secrets",
        ca_at=f"{place}.options.ca_file",
        user=entry.secrets.get(USER),
        password=entry.secrets.get(PASSWORD),
        allow_plain=options.allow_plain,
        ca_file=options.ca_file,
        private_hosts=entry.private_hosts,
        connect_timeout=entry.connect_timeout,
        read_timeout=entry.read_timeout,
        total_timeout=entry.total_timeout,
    )
    return Mailbox(entry, options, mailer_of(way))


KIND = DestinationKind("email", Options, (), build, optional_secrets=(USER, PASSWORD))
