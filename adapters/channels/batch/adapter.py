"""A table's rows as reports: each row is one JSON object of fields and texts, as the import hands it in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from adapters.channels.batch.rows import read_row
from adapters.contract import KEPT, ChannelAnswer, InboundMessage, InboundRequest, Take
from adapters.inbound.documents import read_object, word
from schemas.base import Json
from schemas.errors import NotFound
from schemas.report import Attachment


class BatchChannel:
    """The adapter of channels of the kind `batch`."""

    kind = "batch"
    secret_names: tuple[str, ...] = ()
    joins_conversations = False
    receipt = KEPT
    takes_get = False

    def handshake(self, request: InboundRequest, secrets: Mapping[str, str]) -> ChannelAnswer | None:
        """None: nobody delivers here but the import."""
        return None

    def verify(self, request: InboundRequest, secrets: Mapping[str, str]) -> None:
        """Nothing to check: whoever imports has the keys of the installation."""

    def parse(self, request: InboundRequest) -> Sequence[InboundMessage]:
        """The one report of a row. Raises Malformed, or Invalid with every mistake in `errors`."""
        fields = {name: word(value) for name, value in read_object(request.body).items()}
        return [read_row({name: text for name, text in fields.items() if text}, request.received_at)]

    async def fetch(
        self, attachment: Attachment, secrets: Mapping[str, str], options: Mapping[str, Json], take: Take
    ) -> None:
        """Raises NotFound: tables bring no files."""
        raise NotFound("tables bring no files; there is nothing to fetch")


ADAPTER = BatchChannel()
"""The adapter."""
