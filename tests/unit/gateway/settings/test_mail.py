"""The settings of the SMTP listener."""

from __future__ import annotations

from ipaddress import ip_network

import pytest
from pydantic import ValidationError

from gateway.settings import Settings
from gateway.settings.production import refusals


@pytest.mark.parametrize(
    ("value", "expected"),
    [("127.0.0.1:2525", ("127.0.0.1", 2525)), ("[::]:25", ("::", 25)), ("mx.kota.example:0", ("mx.kota.example", 0))],
)
def test_where_mail_is_taken_in(value: str, expected: tuple[str, int]) -> None:
    assert Settings(smtp_listen=value).smtp_address == expected


@pytest.mark.parametrize("value", ["25", ":25", "host", "host:x", "host:70000", "host:²5"])
def test_what_is_no_place_is_refused(value: str) -> None:
    with pytest.raises(ValidationError, match="host:port"):
        Settings(smtp_listen=value)


def test_relays_are_addresses_or_networks() -> None:
    assert Settings().smtp_networks == ()
    made = Settings(smtp_relays="10.0.0.5, 10.1.2.3/16", smtp_authority="mx.kota.example")
    assert made.smtp_networks == (ip_network("10.0.0.5/32"), ip_network("10.1.0.0/16"))
    with pytest.raises(ValidationError):
        Settings(smtp_relays="mx.kota.example")


def test_nobody_is_believed_where_anybody_may_connect() -> None:
    with pytest.raises(ValidationError, match="smtp_relays"):
        Settings(smtp_authority="mx.kota.example")


@pytest.mark.parametrize(
    ("given", "refused"),
    [
        ({"smtp_listen": "0.0.0.0:25"}, True),
        ({"smtp_listen": "0.0.0.0:25", "smtp_certificate": "mx.pem"}, False),
        ({"smtp_listen": "0.0.0.0:25", "smtp_relays": "10.0.0.5"}, False),
        ({"smtp_listen": "127.0.0.1:2525"}, False),
        ({}, False),
    ],
)
def test_production_takes_no_mail_from_anybody_in_the_clear(given: dict[str, str], refused: bool) -> None:
    told = [name for name, _ in refusals(Settings(environment="production", **given))]  # type: ignore[arg-type]
    assert ("smtp_listen" in told) is refused
