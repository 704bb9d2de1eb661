"""What channels that take the citizen's form have in common: the page in front of them proves where it came from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from adapters.contract import KEPT, ChannelAnswer, InboundMessage, InboundRequest, Take
from adapters.inbound.citizen_form import read_citizen_form
from schemas.base import Json
from schemas.errors import NotFound
from schemas.report import Attachment


class FormChannel:
    """A channel whose every request is one form, filled in on a page of the gateway's own."""

    secret_names: tuple[str, ...] = ()
    joins_conversations = False
    receipt = KEPT
    takes_get = False

    def __init__(self, kind: str) -> None:
        self.kind = kind

    def handshake(self, request: InboundRequest, secrets: Mapping[str, str]) -> ChannelAnswer | None:
        """None: nobody verifies the address of such a channel."""
        return None

    def verify(self, request: InboundRequest, secrets: Mapping[str, str]) -> None:
        """Nothing to check: the page did, before the form came here."""

    def parse(self, request: InboundRequest) -> Sequence[InboundMessage]:
        """The one report of the form. Raises Malformed, or Invalid with every mistake in `errors`."""
        return [read_citizen_form(request)]

    async def fetch(
        self, attachment: Attachment, secrets: Mapping[str, str], options: Mapping[str, Json], take: Take
    ) -> None:
        """Raises NotFound: the files of these channels come with the form."""
        raise NotFound("the files of this channel come with the form; there is nothing to fetch")
