"""Only Meta's own requests get in: the handshake by its token, every delivery by its signature."""

from __future__ import annotations

import hmac
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.channels.whatsapp.adapter import ADAPTER
from adapters.contract import ChannelAnswer, InboundRequest
from schemas.errors import BadSignature

SECRETS = {"app_secret": "rahasia-aplikasi", "verify_token": "token-verifikasi", "access_token": ""}
BODY = b'{"object":"whatsapp_business_account","entry":[]}'


def signature(body: bytes, secret: str = SECRETS["app_secret"]) -> str:
    return "sha256=" + hmac.new(secret.encode(), body, sha256).hexdigest()


def posted(body: bytes, signed: str | None) -> InboundRequest:
    headers = {} if signed is None else {"x-hub-signature-256": signed}
    return InboundRequest("POST", "https://gateway.example/webhook", {}, headers, body)


def asked(method: str = "GET", **query: str) -> InboundRequest:
    named = {f"hub.{name}": value for name, value in query.items()}
    return InboundRequest(method, "https://gateway.example/webhook", named, {}, b"")


def test_the_right_signature_is_taken() -> None:
    ADAPTER.verify(posted(BODY, signature(BODY)), SECRETS)


def test_a_signature_in_capitals_is_the_same() -> None:
    ADAPTER.verify(posted(BODY, "sha256=" + signature(BODY)[7:].upper()), SECRETS)


@pytest.mark.parametrize(
    "signed",
    [
        None,
        "",
        "sha256=",
        signature(BODY)[7:],
        signature(BODY).replace("sha256", "sha1"),
        signature(BODY)[:-1],
        signature(BODY, "rahasia-lain"),
        signature(BODY + b" "),
        "sha256=é" + signature(BODY)[8:],
    ],
)
def test_any_other_signature_is_refused(signed: str | None) -> None:
    with pytest.raises(BadSignature, match="app secret"):
        ADAPTER.verify(posted(BODY, signed), SECRETS)


@given(st.integers(min_value=0, max_value=len(BODY) - 1), st.integers(min_value=1, max_value=255))
def test_one_other_byte_is_refused(place: int, change: int) -> None:
    changed = bytearray(BODY)
    changed[place] ^= change
    with pytest.raises(BadSignature):
        ADAPTER.verify(posted(bytes(changed), signature(BODY)), SECRETS)


@pytest.mark.parametrize("secrets", [{}, {"app_secret": ""}])
def test_without_a_secret_nothing_is_authentic(secrets: dict[str, str]) -> None:
    with pytest.raises(BadSignature):
        ADAPTER.verify(posted(BODY, signature(BODY, "")), secrets)


def test_the_right_token_is_answered_with_the_challenge() -> None:
    request = asked(mode="subscribe", challenge="1158201444", verify_token="token-verifikasi")
    assert ADAPTER.handshake(request, SECRETS) == ChannelAnswer(200, b"1158201444", "text/plain")


@pytest.mark.parametrize(
    "request_",
    [
        asked(mode="subscribe", challenge="1", verify_token="token-lain"),
        asked(mode="subscribe", challenge="1", verify_token="tokén"),
        asked(mode="subscribe", challenge="1"),
        asked(mode="unsubscribe", challenge="1", verify_token="token-verifikasi"),
    ],
)
def test_a_wrong_token_is_refused(request_: InboundRequest) -> None:
    with pytest.raises(BadSignature, match="verify token"):
        ADAPTER.handshake(request_, SECRETS)


@pytest.mark.parametrize("secrets", [{}, {"verify_token": ""}])
def test_without_a_token_no_handshake_succeeds(secrets: dict[str, str]) -> None:
    with pytest.raises(BadSignature):
        ADAPTER.handshake(asked(mode="subscribe", challenge="1", verify_token=""), secrets)


@pytest.mark.parametrize("request_", [asked(), asked("POST", mode="subscribe")])
def test_anything_else_is_no_handshake(request_: InboundRequest) -> None:
    assert ADAPTER.handshake(request_, SECRETS) is None
