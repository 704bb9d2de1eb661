"""What each vendor's server demands of a message, and what it answers: one function and one row for each."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Literal

import orjson
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator

from adapters.simulator import SimulatedRequest
from schemas.base import Json


class Refused(Exception):
    """The vendor does not take it."""

    def __init__(self, status: int, body: Json) -> None:
        super().__init__(status)
        self.status = status
        self.body = body


@dataclass(frozen=True, slots=True)
class Taken:
    """What is booked, and what is answered."""

    entry: dict[str, Json]
    answer: Json
    status: int = 200


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


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


SHAPES: tuple[tuple[str, Callable[[SimulatedRequest, re.Match[str], int], Taken]], ...] = (
    (r"(?:/v\d+\.\d+)?/(\d+)/messages", _whatsapp),
)
