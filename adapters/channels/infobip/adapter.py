"""Infobip: SMS forwarded as JSON, to an address that asks for a user name and a password.

https://www.infobip.com/docs/api/channels/sms/inbound-sms/receive-inbound-sms-messages
https://www.infobip.com/docs/api/platform/subscriptions-api/create-profile (security of type BASIC)
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from adapters.channels.infobip.answering import answering
from adapters.contract import KEPT, ChannelAnswer, ChannelEntry, Destination, Inbound, InboundRequest, Take, Unreadable
from adapters.inbound.authentic import basic_credentials, same
from adapters.inbound.documents import canonical, iso_time, read_object, word
from adapters.inbound.sms import Sms, read_sms
from schemas.base import Json
from schemas.errors import BadSignature, Malformed, NotFound
from schemas.report import Attachment


class InfobipChannel:
    """The adapter of channels of the kind `infobip`."""

    kind = "infobip"
    secret_names: tuple[str, ...] = ("username", "password")
    optional_secrets: tuple[str, ...] = ("api_key",)
    joins_conversations = True
    receipt = KEPT
    takes_get = False

    def handshake(self, request: InboundRequest, secrets: Mapping[str, str]) -> ChannelAnswer | None:
        """None: Infobip does not verify the address."""
        return None

    def verify(self, request: InboundRequest, secrets: Mapping[str, str]) -> None:
        """Check the user name and the password of HTTP Basic. Raises BadSignature."""
        user, password = basic_credentials(request)
        right = [same(user, secrets.get("username", "")), same(password, secrets.get("password", ""))]
        if not all(right):
            raise BadSignature("user name or password is wrong; give Infobip's notification profile the channel's own")

    def parse(self, request: InboundRequest) -> Sequence[Inbound]:
        """Every message of `results`, in order. Raises Malformed when there is no such list."""
        results = read_object(request.body).get("results")
        if not isinstance(results, list):
            raise Malformed("the body has no list of `results`")
        return [_message(result, request.body) for result in results]

    async def fetch(
        self, attachment: Attachment, secrets: Mapping[str, str], options: Mapping[str, Json], take: Take
    ) -> None:
        """Raises NotFound: SMS bring no files."""
        raise NotFound("SMS bring no files; there is nothing to fetch")

    def answering(self, entry: ChannelEntry) -> Destination | None:
        """The channel as a destination of notices. Raises Misconfigured."""
        return answering(entry)


def _message(result: Json, body: bytes) -> Inbound:
    raw = canonical({"results": [result]})
    if raw is None or not isinstance(result, dict):
        return Unreadable(None, "message_incomplete", raw or body)
    return read_sms(
        Sms(
            message_id=word(result.get("messageId")),
            sender=word(result.get("from")),
            text=word(result.get("text")) or word(result.get("cleanText")),
            raw=raw,
            receiver=word(result.get("to")),
            sent_at=iso_time(result.get("receivedAt")),
        )
    )


ADAPTER = InfobipChannel()
