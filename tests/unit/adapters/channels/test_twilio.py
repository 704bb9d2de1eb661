"""Twilio's signature as its own documentation computes it, and its pictures fetched with the account's credentials."""

from __future__ import annotations

import hmac
from base64 import b64encode
from dataclasses import replace
from hashlib import sha1
from urllib.parse import urlencode

import pytest

from adapters.channels.twilio.adapter import ADAPTER
from adapters.contract import InboundMessage, InboundRequest
from schemas.errors import BadSignature
from schemas.report import Attachment
from tests.fakes.pouring import collected
from tests.unit.adapters.channels.golden import given, request_of
from tests.unit.adapters.channels.graph import GraphServer

# The example of Twilio's helper libraries (twilio-python, tests/unit/test_request_validator.py).
DOCUMENTED = InboundRequest(
    "POST",
    "https://mycompany.com/myapp.php?foo=1&bar=2",
    {"foo": "1", "bar": "2"},
    {"x-twilio-signature": "RSOYDt4T1cUTdK1PDd93/VVr8B8="},
    urlencode(
        {
            "CallSid": "CA1234567890ABCDE",
            "Caller": "+14158675309",
            "Digits": "1234",
            "From": "+14158675309",
            "To": "+18005551212",
        }
    ).encode(),
)
SECRETS = {"auth_token": "12345", "account_sid": "AC1"}


def signed(url: str, fields: list[tuple[str, str]], token: str = "12345") -> str:
    text = url + "".join(name + value for name, value in sorted(set(fields)))
    return b64encode(hmac.new(token.encode(), text.encode(), sha1).digest()).decode()


def test_the_documented_signature_is_taken() -> None:
    ADAPTER.verify(DOCUMENTED, SECRETS)


@pytest.mark.parametrize(
    "change",
    [
        {"url": "https://mycompany.com/myapp.php?foo=1&bar=3"},
        {"url": "http://mycompany.com/myapp.php?foo=1&bar=2"},
        {"url": "https://lain.example/myapp.php?foo=1&bar=2"},
        {"url": "https://[x/myapp.php?foo=1&bar=2"},
        {"body": DOCUMENTED.body + b"&Digits=1235"},
        {"body": DOCUMENTED.body.replace(b"1234", b"1235", 1)},
        {"body": b'{"CallSid":"CA1234567890ABCDE"}'},
        {"headers": {}},
        {"headers": {"x-twilio-signature": "RSOYDt4T1cUTdK1PDd93/VVr8B9="}},
    ],
    ids=str,
)
def test_anything_else_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(BadSignature, match="auth token"):
        ADAPTER.verify(replace(DOCUMENTED, **change), SECRETS)  # type: ignore[arg-type]


@pytest.mark.parametrize("called", ["https://a.example/w", "https://a.example:443/w"])
@pytest.mark.parametrize("seen", ["https://a.example/w", "https://a.example:443/w"])
def test_the_port_may_stand_in_the_address_or_not(called: str, seen: str) -> None:
    headers = {"x-twilio-signature": signed(called, [("Body", "é")])}
    ADAPTER.verify(InboundRequest("POST", seen, {}, headers, urlencode({"Body": "é"}).encode()), SECRETS)


def test_another_port_is_another_address() -> None:
    headers = {"x-twilio-signature": signed("https://a.example:8443/w", [("Body", "x")])}
    with pytest.raises(BadSignature):
        ADAPTER.verify(InboundRequest("POST", "https://a.example:9443/w", {}, headers, b"Body=x"), SECRETS)


def test_an_empty_field_is_signed_too() -> None:
    headers = {"x-twilio-signature": signed("https://a.example/w", [("Body", ""), ("A", "1")])}
    ADAPTER.verify(InboundRequest("POST", "https://a.example/w", {}, headers, b"Body=&A=1"), SECRETS)


def test_a_whatsapp_number_of_twilio_is_a_phone_number() -> None:
    [message] = ADAPTER.parse(
        InboundRequest("POST", "", {}, {}, b"MessageSid=SM1&From=whatsapp%3A%2B6281100000001&Body=Jalan+rusak")
    )
    assert isinstance(message, InboundMessage)
    assert message.reporter is not None
    assert (message.reporter.phone, message.conversation) == ("+6281100000001", "+6281100000001")


def test_the_answer_says_nothing_to_the_reporter() -> None:
    assert ADAPTER.receipt.media_type == "text/xml"
    assert ADAPTER.receipt.body.endswith(b"<Response></Response>")


def test_an_ugly_address_of_a_picture_is_left_out() -> None:
    body = urlencode(
        {"MessageSid": "SM1", "Body": "x", "MediaUrl0": "javascript:1", "MediaUrl1": "https://[", "MediaUrl2": ""}
    )
    [message] = ADAPTER.parse(InboundRequest("POST", "", {}, {}, body.encode()))
    assert isinstance(message, InboundMessage)
    assert message.attachments == ()


async def test_a_picture_is_fetched_with_the_accounts_credentials() -> None:
    async with GraphServer(b"foto") as server:
        picture = Attachment(name="foto.jpg", source=f"http://127.0.0.1:{server.port}/file")
        assert await collected(ADAPTER.fetch, picture, SECRETS, {"private_hosts": ["127.0.0.1"]}) == b"foto"
        assert server.seen == [("/file", "Basic " + b64encode(b"AC1:12345").decode())]


def test_the_same_delivery_gives_the_same_id_and_the_same_bytes() -> None:
    request = request_of(given("twilio", "mms"))
    fields = request.body.split(b"&")
    [first] = ADAPTER.parse(request)
    [again] = ADAPTER.parse(replace(request, body=b"&".join(reversed(fields))))
    assert first == again
