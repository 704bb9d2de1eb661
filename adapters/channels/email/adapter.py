"""E-mail as it stands (RFC 5322), from the gateway's own SMTP listener, or posted whole with the channel's key.

The envelope comes with it: `Delivered-To` names the address of ours, `Return-Path: <>` a machine's mail, and
`Authentication-Results` what a relay that the listener trusts found out about the sender.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from adapters.channels.email.answering import PASSWORD, USER, answering
from adapters.contract import (
    KEPT,
    ChannelAnswer,
    ChannelEntry,
    Destination,
    Inbound,
    InboundMessage,
    InboundRequest,
    Take,
)
from adapters.inbound.envelope import is_forged
from adapters.inbound.mail import read_mail
from adapters.inbound.mime import read_mime
from schemas.base import Json
from schemas.errors import Malformed, NotFound
from schemas.report import Attachment


class EmailChannel:
    """The adapter of channels of the kind `email`. Options: see `EmailOptions`."""

    kind = "email"
    secret_names: tuple[str, ...] = ()
    optional_secrets: tuple[str, ...] = (USER, PASSWORD)
    joins_conversations = True
    receipt = KEPT
    takes_get = False

    def handshake(self, request: InboundRequest, secrets: Mapping[str, str]) -> ChannelAnswer | None:
        """None: mail has no webhook."""
        return None

    def verify(self, request: InboundRequest, secrets: Mapping[str, str]) -> None:
        """Nothing to check: the sender of a mail is no proof of anything, and nothing here treats it as one."""

    def parse(self, request: InboundRequest) -> Sequence[Inbound]:
        """The one mail. Raises Malformed for nothing at all. Whom the relay found to be forged is not answered."""
        if not request.body.strip():
            raise Malformed("the mail is empty")
        mail = read_mime(request.body)
        part = read_mail(mail)
        if isinstance(part, InboundMessage) and is_forged(mail.headers.get("authentication-results", "")):
            return [replace(part, reply=None)]
        return [part]

    async def fetch(
        self, attachment: Attachment, secrets: Mapping[str, str], options: Mapping[str, Json], take: Take
    ) -> None:
        """Raises NotFound: the files of a mail come with it."""
        raise NotFound("the files of a mail come with it; there is nothing to fetch")

    def answering(self, entry: ChannelEntry) -> Destination | None:
        """The channel as a destination of notices. Raises Misconfigured."""
        return answering(entry)


ADAPTER = EmailChannel()
"""The adapter."""
