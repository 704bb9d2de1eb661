"""Fixtures of channels: `<name>.in.json` is a request, `<name>.out.json` what the adapter makes of it."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, fields
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import orjson
from pydantic import BaseModel

from adapters.contract import (
    ChannelAnswer,
    Inbound,
    InboundFile,
    InboundMessage,
    InboundRequest,
    ReplyAddress,
    TextPart,
)

CHANNELS = Path(__file__).resolve().parents[4] / "adapters" / "channels"
_KINDS = {"InboundMessage": "message", "DeliveryUpdate": "status", "Unreadable": "unreadable"}


def fixtures_of(channel: str) -> list[str]:
    """The names of a channel's fixtures."""
    return sorted(path.name.removesuffix(".in.json") for path in (CHANNELS / channel / "fixtures").glob("*.in.json"))


def given(channel: str, name: str) -> dict[str, Any]:
    """The fixture's request as it is written down, with the secrets that it is signed with."""
    return json.loads((CHANNELS / channel / "fixtures" / f"{name}.in.json").read_text("utf-8"))


def golden(channel: str, name: str) -> Any:
    """What the fixture's request becomes."""
    return json.loads((CHANNELS / channel / "fixtures" / f"{name}.out.json").read_text("utf-8"))


def request_of(fixture: dict[str, Any]) -> InboundRequest:
    """The request as an adapter is given it."""
    return InboundRequest(
        method=fixture["method"],
        url=fixture.get("url", "https://gateway.example/v1/reports"),
        query=fixture.get("query", {}),
        headers={name.lower(): value for name, value in fixture.get("headers", {}).items()},
        body=payload_of(fixture) if fixture["method"] == "POST" else b"",
    )


def payload_of(fixture: dict[str, Any]) -> bytes:
    """The body: `body` as compact JSON, `form` URL-encoded, `multipart` with its files, `body_text` as it stands.

    `mail` are the lines of a message, without their ends.
    """
    if "mail" in fixture:
        return "\r\n".join(map(str, fixture["mail"])).encode("utf-8", "replace")
    if "body_text" in fixture:
        return str(fixture["body_text"]).encode()
    if "form" in fixture:
        return urlencode(fixture["form"]).encode()
    if "multipart" in fixture:
        return b"".join(_multipart(fixture["multipart"]))
    return orjson.dumps(fixture.get("body", ""))


def _multipart(written: dict[str, Any]) -> Iterator[bytes]:
    boundary = str(written["boundary"]).encode()
    for name, value in written["fields"].items():
        yield b'--%s\r\nContent-Disposition: form-data; name="%s"\r\n\r\n' % (boundary, name.encode())
        yield str(value).encode() + b"\r\n"
    for file in written.get("files", ()):
        about = f'name="{file["field"]}"; filename="{file["name"]}"\r\nContent-Type: {file["media_type"]}'
        yield b"--%s\r\nContent-Disposition: form-data; %s\r\n\r\n" % (boundary, about.encode())
        yield base64.b64decode(file["content_base64"]) + b"\r\n"
    yield b"--%s--\r\n" % boundary


def shown(parts: Sequence[Inbound]) -> list[dict[str, Any]]:
    """Parts in JSON, without what is empty and without the raw bytes."""
    return [{"part": _KINDS[type(part).__name__], **_fields(part)} for part in parts]


def shown_answer(answer: ChannelAnswer) -> dict[str, Any]:
    """The answer to a handshake in JSON."""
    return {"status": answer.status, "media_type": answer.media_type, "body": answer.body.decode()}


def _fields(part: Inbound) -> dict[str, Any]:
    held = {one.name: _value(getattr(part, one.name)) for one in fields(part) if one.name != "raw"}
    if isinstance(part, InboundMessage) and held["classification"] == "belum_diklasifikasi":
        del held["classification"]
    return {name: value for name, value in held.items() if value not in (None, "", [], False)}


def _value(value: Any) -> Any:
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json", exclude_none=True)
    if isinstance(value, InboundFile):
        digest = sha256(value.content).hexdigest()
        return {"name": value.name, "media_type": value.media_type, "size": len(value.content), "sha256": digest}
    if isinstance(value, TextPart | ReplyAddress):
        return {name: held for name, held in asdict(value).items() if held != ""}
    if isinstance(value, tuple):
        return [_value(one) for one in value]
    return value.isoformat() if hasattr(value, "isoformat") else value
