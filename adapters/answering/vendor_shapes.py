"""What each vendor's server demands of a message, and what it answers: one function and one row for each."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Literal, TypeVar
from urllib.parse import parse_qsl

import orjson
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator

from adapters.simulator import SimulatedRequest
from schemas.base import Json

S = TypeVar("S", bound="_Strict")


class Refused(Exception):
    """The vendor does not take it."""

    def __init__(self, status: int, body: Json) -> None:
        super().__init__(status)
        self.status = status
        self.body = body


@dataclass(frozen=True, slots=True)
class Taken:
    """What is booked (nothing for an empty entry), and what is answered."""

    entry: dict[str, Json]
    answer: Json
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", validate_by_alias=True)


Digits = Annotated[str, StringConstraints(pattern=r"^[1-9]\d{7,14}$")]


class _Text(_Strict):
    preview_url: bool = False
    body: Annotated[str, StringConstraints(min_length=1, max_length=4096)]


class _Parameter(_Strict):
    type: Literal["text"]
    text: Annotated[str, StringConstraints(min_length=1, max_length=1024, pattern=r"^[^\n\t]+$")]


class _Component(_Strict):
    type: Literal["body"]
    parameters: Annotated[tuple[_Parameter, ...], Field(min_length=1, max_length=1)]


class _Language(_Strict):
    code: str


class _Template(_Strict):
    name: str
    language: _Language
    components: tuple[_Component, ...]


class _WhatsApp(_Strict):
    messaging_product: Literal["whatsapp"]
    recipient_type: Literal["individual"]
    type: Literal["text", "template"]
    to: Digits | None = None
    recipient: str | None = None
    text: _Text | None = None
    template: _Template | None = None

    @model_validator(mode="after")
    def _one_of_each(self) -> _WhatsApp:
        if (self.to is None) == (self.recipient is None) or (self.text is None) == (self.template is None):
            raise ValueError("one recipient, and a text or a template")
        return self


def _whatsapp(request: SimulatedRequest, found: re.Match[str], number: int) -> Taken:
    if not request.headers.get("authorization", "").startswith("Bearer "):
        raise Refused(401, _graph_error(190, "Invalid OAuth access token"))
    try:
        message = _WhatsApp.model_validate_json(request.body)
    except ValidationError:
        raise Refused(400, _graph_error(100, "Invalid parameter")) from None
    wamid = f"wamid.SIM{number}"
    told = {"text": message.text.body} if message.text else {"template": orjson.loads(request.body)["template"]}
    recipient = message.to or message.recipient
    entry = {"vendor": "whatsapp", "sender": found[1], "to": recipient, "reference": wamid, **told}
    answer = {"messaging_product": "whatsapp", "contacts": [{"input": recipient, "wa_id": recipient}]}
    return Taken(entry, {**answer, "messages": [{"id": wamid}]})


def _graph_error(code: int, message: str) -> Json:
    return {"error": {"message": message, "type": "OAuthException", "code": code, "fbtrace_id": "AbC"}}


def _form(request: SimulatedRequest, needed: set[str], allowed: frozenset[str] = frozenset()) -> dict[str, str]:
    """The fields of a form, each once, none missing, none unknown."""
    if request.headers.get("content-type") != "application/x-www-form-urlencoded":
        raise Refused(415, {"message": "a form is wanted"})
    pairs = parse_qsl(request.body.decode(), keep_blank_values=True, strict_parsing=True)
    fields = dict(pairs)
    if len(fields) != len(pairs) or not needed <= fields.keys() or fields.keys() - needed - allowed:
        raise Refused(400, {"message": f"fields are {sorted(fields)}"})
    return fields


def _require(request: SimulatedRequest, name: str, begins: str) -> None:
    if not request.headers.get(name, "").startswith(begins):
        raise Refused(401, {"message": "who are you?"})


def _fonnte(request: SimulatedRequest, found: re.Match[str], number: int) -> Taken:
    _require(request, "authorization", "")
    fields = _form(request, {"target", "message", "countryCode"})
    if not fields["target"].isdecimal():
        return Taken({}, {"status": False, "reason": "target invalid"})
    entry = {"vendor": "fonnte", "to": fields["target"], "text": fields["message"], "reference": str(number)}
    detail = {"detail": "success! message in queue", "process": "pending", "status": True}
    return Taken(entry, {**detail, "id": [str(number)], "target": [fields["target"]]})


class _RoomText(_Strict):
    room_id: Annotated[str, StringConstraints(min_length=1)]
    type: Literal["text"]
    text: Annotated[str, StringConstraints(min_length=1, max_length=4096)]


def _qontak(request: SimulatedRequest, found: re.Match[str], number: int) -> Taken:
    _require(request, "authorization", "Bearer ")
    message = _read(_RoomText, request)
    reference = f"qontak-{number}"
    entry = {"vendor": "qontak", "to": message.room_id, "text": message.text, "reference": reference}
    return Taken(entry, {"status": "success", "data": {"id": reference, "type": "text"}}, 201)


def _twilio(request: SimulatedRequest, found: re.Match[str], number: int) -> Taken:
    _require(request, "authorization", "Basic ")
    fields = _form(request, {"To", "From", "Body"})
    if not re.fullmatch(r"(whatsapp:)?\+[1-9]\d{7,14}", fields["To"]):
        raise Refused(400, {"code": 21211, "message": "Invalid 'To' Phone Number", "status": 400})
    sid = f"SM{number:032x}"
    entry = {"vendor": "twilio", "to": fields["To"], "sender": fields["From"], "text": fields["Body"], "reference": sid}
    return Taken(entry, {"sid": sid, "status": "queued", "error_code": None, "account_sid": found[1]}, 201)


class _Destination(_Strict):
    to: Digits
    messageId: str  # noqa: N815 - the vendor's spelling


class _Content(_Strict):
    text: Annotated[str, StringConstraints(min_length=1)]


class _InfobipMessage(_Strict):
    sender: Annotated[str, StringConstraints(min_length=1)]
    destinations: Annotated[tuple[_Destination, ...], Field(min_length=1, max_length=1)]
    content: _Content


class _Infobip(_Strict):
    messages: Annotated[tuple[_InfobipMessage, ...], Field(min_length=1, max_length=1)]


def _infobip(request: SimulatedRequest, found: re.Match[str], number: int) -> Taken:
    _require(request, "authorization", "App ")
    message = _read(_Infobip, request).messages[0]
    to, reference = message.destinations[0].to, message.destinations[0].messageId
    entry = {"vendor": "infobip", "to": to, "sender": message.sender, "text": message.content.text}
    status = {"groupId": 1, "groupName": "PENDING", "id": 26, "name": "PENDING_ACCEPTED"}
    answer = {"bulkId": str(number), "messages": [{"messageId": reference, "status": status, "destination": to}]}
    return Taken(entry | {"reference": reference}, answer)


def _vonage(request: SimulatedRequest, found: re.Match[str], number: int) -> Taken:
    fields = _form(request, {"api_key", "api_secret", "from", "to", "text", "type"})
    if fields["type"] not in ("text", "unicode") or not fields["to"].isdecimal():
        return Taken({}, {"message-count": "1", "messages": [{"status": "3", "error-text": "Invalid value"}]})
    reference = f"0A{number:014d}"
    entry = {"vendor": "vonage", "to": fields["to"], "sender": fields["from"], "text": fields["text"]}
    message = {"to": fields["to"], "message-id": reference, "status": "0", "network": "51010"}
    return Taken(entry | {"reference": reference}, {"message-count": "1", "messages": [message]})


def _africastalking(request: SimulatedRequest, found: re.Match[str], number: int) -> Taken:
    _require(request, "apikey", "")
    fields = _form(request, {"username", "to", "message"}, frozenset({"from", "linkId"}))
    reference = f"ATXid_{number}"
    entry = {"vendor": "africastalking", "to": fields["to"], "text": fields["message"], "reference": reference}
    recipient = {"statusCode": 101, "number": fields["to"], "status": "Success", "messageId": reference}
    return Taken(entry, {"SMSMessageData": {"Message": "Sent to 1/1", "Recipients": [recipient]}}, 201)


class _Email(_Strict):
    email: Annotated[str, StringConstraints(pattern=r"^[^@\s]+@[^@\s]+$")]


class _Personalization(_Strict):
    to: Annotated[tuple[_Email, ...], Field(min_length=1, max_length=1)]


class _Part(_Strict):
    type: Literal["text/plain"]
    value: Annotated[str, StringConstraints(min_length=1)]


class _SendGrid(_Strict):
    personalizations: Annotated[tuple[_Personalization, ...], Field(min_length=1, max_length=1)]
    sender: _Email = Field(alias="from")
    subject: Annotated[str, StringConstraints(min_length=1)]
    content: Annotated[tuple[_Part, ...], Field(min_length=1, max_length=1)]
    headers: dict[str, str]


def _sendgrid(request: SimulatedRequest, found: re.Match[str], number: int) -> Taken:
    _require(request, "authorization", "Bearer ")
    mail = _read(_SendGrid, request)
    entry = {"vendor": "sendgrid", "to": mail.personalizations[0].to[0].email, "sender": mail.sender.email}
    told: dict[str, Json] = {"subject": mail.subject, "text": mail.content[0].value, "headers": dict(mail.headers)}
    return Taken(entry | told | {"reference": f"sg-{number}"}, None, 202, {"x-message-id": f"sg-{number}"})


def _mailgun(request: SimulatedRequest, found: re.Match[str], number: int) -> Taken:
    _require(request, "authorization", "Basic ")
    threading = frozenset({"h:In-Reply-To", "h:References", "h:Auto-Submitted"})
    fields = _form(request, {"from", "to", "subject", "text"}, threading)
    reference = f"<{number}@{found[1]}>"
    headers = {name.removeprefix("h:"): value for name, value in fields.items() if name.startswith("h:")}
    entry: dict[str, Json] = {
        "vendor": "mailgun",
        "to": fields["to"],
        "sender": fields["from"],
        "subject": fields["subject"],
    }
    entry |= {"text": fields["text"], "headers": headers, "reference": reference}
    return Taken(entry, {"id": reference, "message": "Queued. Thank you."})


def _read(shape: type[S], request: SimulatedRequest) -> S:
    try:
        return shape.model_validate_json(request.body)
    except ValidationError as error:
        raise Refused(400, {"message": str(error.errors()[0]["loc"])}) from None


SHAPES: tuple[tuple[str, Callable[[SimulatedRequest, re.Match[str], int], Taken]], ...] = (
    (r"(?:/v\d+\.\d+)?/(\d+)/messages", _whatsapp),
    (r"/send", _fonnte),
    (r"/api/open/v1/messages/whatsapp/bot", _qontak),
    (r"/2010-04-01/Accounts/([^/]+)/Messages\.json", _twilio),
    (r"/sms/3/messages", _infobip),
    (r"/sms/json", _vonage),
    (r"/version1/messaging", _africastalking),
    (r"/v3/mail/send", _sendgrid),
    (r"/v3/([^/]+)/messages", _mailgun),
)
"""What is asked at an address, and of whom."""
