"""WhatsApp's Cloud API: webhooks signed by Meta, media fetched with the channel's token."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from adapters.channels.whatsapp.answering import GRAPH_URL, answering
from adapters.channels.whatsapp.delivery import read_delivery
from adapters.channels.whatsapp.media import MediaServer
from adapters.contract import KEPT, ChannelAnswer, ChannelEntry, Destination, Inbound, InboundRequest, Take
from adapters.http import HttpClient, Limits
from adapters.inbound.meta import check_signature, shake_hands
from schemas.base import Json
from schemas.errors import Busy, NotFound
from schemas.report import ATTACHMENT_LIMIT, Attachment

_LIMITS = Limits(reply_bytes=ATTACHMENT_LIMIT + 1024 * 1024, connections=2)
_WAIT_FOR_TOKEN = 900.0


class WhatsAppChannel:
    """The adapter of channels of the kind `whatsapp`.

    Options: `graph_url` (another version or server of the Graph API), `private_hosts` (a list of hosts that may be
    inside and need no https), and those of `answering.WhatsAppOptions`. Without an `access_token` reports are taken,
    but their files cannot be fetched and nothing can be answered.
    """

    kind = "whatsapp"
    secret_names: tuple[str, ...] = ("app_secret", "verify_token", "access_token")
    optional_secrets: tuple[str, ...] = ()
    joins_conversations = True
    receipt = KEPT
    takes_get = False

    def handshake(self, request: InboundRequest, secrets: Mapping[str, str]) -> ChannelAnswer | None:
        """The challenge, for the verify token that Meta's dashboard was given. Raises BadSignature for another.

        https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/create-webhook-endpoint
        """
        return shake_hands(request, secrets)

    def verify(self, request: InboundRequest, secrets: Mapping[str, str]) -> None:
        """Check Meta's HMAC-SHA256 over the untouched body. Raises BadSignature."""
        check_signature(request, secrets)

    def parse(self, request: InboundRequest) -> Sequence[Inbound]:
        """Every message and status of the delivery. Raises Malformed when the body is no JSON object."""
        return read_delivery(request.body)

    async def fetch(
        self, attachment: Attachment, secrets: Mapping[str, str], options: Mapping[str, Json], take: Take
    ) -> None:
        """Give the bytes of a media id. Raises Busy when another try may help, NotFound or TooLarge when not."""
        if attachment.source is None:
            raise NotFound("this attachment has no media id")
        token = secrets.get("access_token", "")
        if not token:
            raise Busy(
                "the channel has no access_token, so files cannot be fetched; add one", retry_after=_WAIT_FOR_TOKEN
            )
        open_hosts = frozenset(host.lower() for host in options.get("private_hosts", ()))
        client = HttpClient(_LIMITS, allow_private=open_hosts)
        try:
            server = MediaServer(
                client.send, graph_url=options.get("graph_url", GRAPH_URL), token=token, open_hosts=open_hosts
            )
            await server.fetch(attachment.source, attachment.sha256, take)
        finally:
            await client.aclose()

    def answering(self, entry: ChannelEntry) -> Destination | None:
        """The number as a destination of notices. Raises Misconfigured."""
        return answering(entry)


ADAPTER = WhatsAppChannel()
