"""Signatures of webhooks that come in."""

from __future__ import annotations

import hashlib
import hmac
from base64 import b64encode
from datetime import UTC, datetime

import pytest

from gateway.signing import is_signed, is_signing_secret, signing_time

KEY = b"kunci-uji-32-bita-cukup-panjang!"
SECRET = "whsec_" + b64encode(KEY).decode()
NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


def signature(text: str, key: bytes = KEY) -> str:
    """As the specification has it: HMAC-SHA256 of id, timestamp and body with dots between."""
    signed = f"e-1.{int(NOW.timestamp())}.{text}".encode()
    return "v1," + b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()


def test_one_fitting_signature_among_several_is_enough() -> None:
    assert is_signed(SECRET, "e-1", NOW, "{}", ["v1a,xyz", signature("{}")])


def test_another_key_text_or_id_does_not_fit() -> None:
    good = signature("{}")
    assert not is_signed(SECRET, "e-1", NOW, "{}", [signature("{}", b"lain" * 8)])
    assert not is_signed(SECRET, "e-1", NOW, "{ }", [good])
    assert not is_signed(SECRET, "e-2", NOW, "{}", [good])
    assert not is_signed(SECRET, "e-1", NOW, "{}", ["v1,\udc80"])


@pytest.mark.parametrize(
    ("text", "fits"),
    [
        (SECRET, True),
        (SECRET.rstrip("="), True),
        (SECRET.removeprefix("whsec_"), False),
        ("whsec_a2Vt", False),
        ("whsec_bukan base64!", False),
        ("", False),
    ],
)
def test_a_secret_has_its_beginning_and_enough_bytes(text: str, fits: bool) -> None:
    assert is_signing_secret(text) is fits


@pytest.mark.parametrize(("stamp", "meant"), [("1772413200", NOW), ("x", None), ("", None), ("9" * 30, None)])
def test_the_time_is_in_seconds(stamp: str, meant: datetime | None) -> None:
    assert signing_time(stamp) == meant
