"""The public web form at `/lapor`: what a citizen filled in, as one message."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from adapters.contract import KEPT, ChannelAnswer, InboundMessage, InboundRequest
from adapters.inbound.citizen_form import read_citizen_form
from schemas.base import Json
from schemas.errors import NotFound
from schemas.report import Attachment


class WebChannel:
    """The adapter of channels of the kind `web`."""

    kind = "web"
    secret_names: tuple[str, ...] = ()
    joins_conversations = False
    receipt = KEPT
    takes_get = False

    def handshake(self, request: InboundRequest, secrets: Mapping[str, str]) -> ChannelAnswer | None:
        """None: nobody verifies this channel's address."""
        return None

    def verify(self, request: InboundRequest, secrets: Mapping[str, str]) -> None:
        """Nothing to check: the page's own hidden field was, before the form came here."""

    def parse(self, request: InboundRequest) -> Sequence[InboundMessage]:
        """The one report of the form. Raises Malformed, or Invalid with every mistake in `errors`."""
        return [read_citizen_form(request)]

    async def fetch(self, attachment: Attachment, secrets: Mapping[str, str], options: Mapping[str, Json]) -> bytes:
        """Raises NotFound: the files of this channel come with the form."""
        raise NotFound("the files of this channel come with the form; there is nothing to fetch")


ADAPTER = WebChannel()
"""The adapter."""
