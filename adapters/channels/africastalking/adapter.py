"""Africa's Talking: SMS as forms. They are not signed, so the address holds a secret token.

http://docs.africastalking.com/sms/callback
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from adapters.channels.africastalking.answering import answering
from adapters.contract import (
    KEPT,
    ChannelAnswer,
    ChannelEntry,
    DeliveryUpdate,
    Destination,
    Inbound,
    InboundRequest,
    Take,
    Unreadable,
)
from adapters.inbound.authentic import require_token
from adapters.inbound.documents import iso_time, token
from adapters.inbound.forms import Form, read_form
from adapters.inbound.sms import Sms, read_sms
from schemas.base import Json
from schemas.errors import NotFound
from schemas.report import Attachment

_STATUSES = {
    "Sent": "sent",
    "Submitted": "sent",
    "Buffered": "sent",
    "Success": "delivered",
    "Rejected": "failed",
    "Failed": "failed",
}


class AfricasTalkingChannel:
    """The adapter of channels of the kind `africastalking`."""

    kind = "africastalking"
    secret_names: tuple[str, ...] = ("token",)
    optional_secrets: tuple[str, ...] = ("api_key",)
    joins_conversations = True
    receipt = KEPT
    takes_get = False

    def handshake(self, request: InboundRequest, secrets: Mapping[str, str]) -> ChannelAnswer | None:
        """None: Africa's Talking does not verify the address."""
        return None

    def verify(self, request: InboundRequest, secrets: Mapping[str, str]) -> None:
        """Check the secret token of the address. Raises BadSignature."""
        require_token(request, secrets)

    def parse(self, request: InboundRequest) -> Sequence[Inbound]:
        """The one message, or the one delivery report, of the form. Raises Malformed when the body is no form."""
        form = read_form(request)
        status = form.text("status")
        if status and "text" not in form.values:
            return [_report(form, status)]
        sms = Sms(
            message_id=form.text("id"),
            sender=form.text("from"),
            text=form.text("text"),
            raw=form.raw(),
            receiver=form.text("to"),
            thread=form.text("linkId"),
            sent_at=iso_time(form.text("date")),
        )
        return [read_sms(sms)]

    async def fetch(
        self, attachment: Attachment, secrets: Mapping[str, str], options: Mapping[str, Json], take: Take
    ) -> None:
        """Raises NotFound: SMS bring no files."""
        raise NotFound("SMS bring no files; there is nothing to fetch")

    def answering(self, entry: ChannelEntry) -> Destination | None:
        """The channel as a destination of notices. Raises Misconfigured."""
        return answering(entry)


def _report(form: Form, status: str) -> Inbound:
    known, message_id = _STATUSES.get(status), form.text("id")
    if known is None or not message_id:
        return Unreadable(None, f"status_{token(status.lower())}", form.raw())
    return DeliveryUpdate(
        message_id, known, error=token(form.text("failureReason").lower()) if known == "failed" else None
    )


ADAPTER = AfricasTalkingChannel()
