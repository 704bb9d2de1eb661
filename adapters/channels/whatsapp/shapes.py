"""The parts of WhatsApp's webhooks that we read, as their reference describes them. Anything more is passed over.

https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/reference/messages
"""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field


class CarriesNothing(Exception):
    """A message that can become no report. `reason` is a token without identity."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class VendorShape(BaseModel):
    """Base of all these: tolerant, because WhatsApp adds fields whenever it likes."""

    model_config = ConfigDict(frozen=True, extra="ignore", coerce_numbers_to_str=True)


class Text(VendorShape):
    """A text message."""

    body: str


class Media(VendorShape):
    """A file. `sha256` is base64 in webhooks, hexadecimal in answers of the Graph API; only documents have a name."""

    id: str = Field(min_length=1, max_length=2048)
    mime_type: str | None = None
    sha256: str | None = None
    caption: str | None = None
    filename: str | None = None


class Place(VendorShape):
    """A location that was shared."""

    latitude: float = Field(ge=-90, le=90)
    longitude: float = Field(ge=-180, le=180)
    name: str | None = None
    address: str | None = None


class Choice(VendorShape):
    """An answer picked from buttons (no description) or from a list."""

    title: str
    description: str | None = None


class QuickReply(VendorShape):
    """A button of a template that was pressed."""

    text: str


class FlowReply(VendorShape):
    """A filled form. `response_json` is JSON in a string; what stands in it is up to whoever made the form."""

    response_json: str


class PickedFile(VendorShape):
    """A file chosen in a form (PhotoPicker, DocumentPicker)."""

    id: str = Field(min_length=1, max_length=2048)
    mime_type: str
    file_name: str | None = None
    sha256: str | None = None


class CardName(VendorShape):
    """The name on a contact card."""

    formatted_name: str | None = None


class CardPhone(VendorShape):
    """A number on a contact card."""

    phone: str | None = None
    wa_id: str | None = None


class CardEmail(VendorShape):
    """An address on a contact card."""

    email: str | None = None


class Card(VendorShape):
    """A contact card that was shared."""

    name: CardName = CardName()
    phones: tuple[CardPhone, ...] = ()
    emails: tuple[CardEmail, ...] = ()


class Order(VendorShape):
    """A basket from a catalogue; only its note can say anything to us."""

    text: str | None = None


class VendorError(VendorShape):
    """An error, by WhatsApp's own number."""

    code: int


class Status(VendorShape):
    """What became of a message that was sent to a reporter."""

    id: str = Field(min_length=1)
    status: str
    timestamp: str | None = None
    errors: tuple[VendorError, ...] = ()


class MediaAddress(VendorShape):
    """The Graph API's answer about a media id. `file_size` is in bytes, as a number or as text."""

    url: str = Field(min_length=1)
    sha256: str | None = None
    file_size: int | None = None
