"""Secrets are compared whole, empty ones fit nothing, old signatures are told from young ones."""

from __future__ import annotations

from base64 import b64encode
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.contract import InboundRequest
from adapters.inbound.authentic import basic_credentials, is_stale, require_token, same
from schemas.errors import BadSignature

NOW = datetime(2026, 3, 2, 8, 15, 30, tzinfo=UTC)
SECRETS = {"token": "token-rahasia"}


def asked(query: str | None = None, authorization: str | None = None) -> InboundRequest:
    headers = {} if authorization is None else {"authorization": authorization}
    return InboundRequest("POST", "", {} if query is None else {"token": query}, headers, b"")


@given(st.text(), st.text(min_size=1))
def test_only_the_same_text_is_the_same(given_text: str, secret: str) -> None:
    assert same(given_text, secret) == (given_text == secret)


@given(st.text())
def test_nothing_is_the_same_as_an_empty_secret(text: str) -> None:
    assert not same(text, "")


@pytest.mark.parametrize(
    "request_",
    [asked("token-rahasia"), asked(authorization="Bearer token-rahasia"), asked("x", "bearer token-rahasia")],
)
def test_the_token_is_taken_from_the_address_or_as_a_bearer(request_: InboundRequest) -> None:
    require_token(request_, SECRETS)


@pytest.mark.parametrize(
    "request_",
    [
        asked(),
        asked(""),
        asked("token-rahasi"),
        asked("token-rahasia "),
        asked("tokén"),
        asked(authorization="Basic token-rahasia"),
        asked("token-rahasia", "Bearer salah"),
    ],
)
def test_any_other_token_is_refused_without_being_told(request_: InboundRequest) -> None:
    with pytest.raises(BadSignature, match="token") as raised:
        require_token(request_, SECRETS)
    assert "token-rahasia" not in raised.value.detail


@pytest.mark.parametrize("secrets", [{}, {"token": ""}])
def test_without_a_token_of_the_channel_nobody_gets_in(secrets: dict[str, str]) -> None:
    with pytest.raises(BadSignature):
        require_token(asked(""), secrets)


@pytest.mark.parametrize(
    ("authorization", "expected"),
    [
        ("Basic " + b64encode(b"ani:rahasia:2").decode(), ("ani", "rahasia:2")),
        ("basic " + b64encode("ani:kunci-é".encode()).decode(), ("ani", "kunci-é")),
        ("Basic !!!", ("", "")),
        ("Basic " + b64encode(b"\xff\xfe").decode(), ("", "")),
        ("Bearer x", ("", "")),
        (None, ("", "")),
    ],
)
def test_basic_credentials_are_read_or_empty(authorization: str | None, expected: tuple[str, str]) -> None:
    assert basic_credentials(asked(authorization=authorization)) == expected


@pytest.mark.parametrize(
    ("hours", "stale"), [(0, False), (11.9, False), (-11.9, False), (12.1, True), (-12.1, True), (24 * 365, True)]
)
def test_a_signature_is_stale_when_it_is_too_far_from_now(hours: float, stale: bool) -> None:
    made_at = NOW - timedelta(hours=hours)
    assert is_stale(str(int(made_at.timestamp())), NOW, timedelta(hours=12)) == stale


@pytest.mark.parametrize("timestamp", ["", "kemarin", "9" * 40, "-" + "9" * 30, "nan"])
def test_a_time_that_is_none_is_stale(timestamp: str) -> None:
    assert is_stale(timestamp, NOW, timedelta(hours=12))


def test_without_a_clock_no_age_is_looked_at() -> None:
    assert not is_stale("0", None, timedelta(hours=12))
