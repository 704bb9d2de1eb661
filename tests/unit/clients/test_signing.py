"""The client's signatures fit those of the library that the gateway signs with, and nothing else fits."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from standardwebhooks import Webhook

from sp4n_gateway_client.errors import BadSignature
from sp4n_gateway_client.signing import TOLERANCE, key_of, signed_headers, verify

SECRET, OTHER = ("whsec_" + text * 8 for text in ("a2Vt", "YmFy"))
NOW = datetime(2026, 3, 2, 1, 15, 30, tzinfo=UTC)
BODY = '{"a": "ä"}'


def headers(secret: str = SECRET, body: str = BODY) -> dict[str, str]:
    stamp = str(int(NOW.timestamp()))
    signature = Webhook(secret).sign("kunci-7", NOW, body)
    return {"webhook-id": "kunci-7", "webhook-timestamp": stamp, "webhook-signature": signature}


def test_what_the_library_signs_is_the_gateways() -> None:
    assert verify([SECRET], headers(), BODY.encode(), NOW.timestamp()) == "kunci-7"


def test_what_the_client_signs_is_what_the_library_signs() -> None:
    assert signed_headers(SECRET, "kunci-7", BODY.encode(), NOW.timestamp()) == headers()


@pytest.mark.parametrize("secrets", [[OTHER, SECRET], [SECRET, OTHER]])
def test_one_of_two_secrets_is_enough(secrets: list[str]) -> None:
    assert verify(secrets, headers(), BODY.encode(), NOW.timestamp()) == "kunci-7"


def test_one_of_two_signatures_is_enough() -> None:
    both = headers() | {"webhook-signature": f"{headers(OTHER)['webhook-signature']} {headers()['webhook-signature']}"}
    assert verify([SECRET], both, BODY.encode(), NOW.timestamp()) == "kunci-7"


@pytest.mark.parametrize(
    ("changed", "body", "after"),
    [
        ({"webhook-signature": headers(OTHER)["webhook-signature"]}, BODY, 0),
        ({"webhook-signature": ""}, BODY, 0),
        ({"webhook-signature": "v1,\u00e4"}, BODY, 0),
        ({"webhook-id": "kunci-8"}, BODY, 0),
        ({"webhook-id": ""}, BODY, 0),
        ({"webhook-timestamp": "kemarin"}, BODY, 0),
        ({"webhook-timestamp": "\u0661"}, BODY, 0),
        ({"webhook-timestamp": "9" * 5_000}, BODY, 0),
        ({}, BODY + " ", 0),
        ({}, BODY, TOLERANCE + 1),
        ({}, BODY, -TOLERANCE - 1),
    ],
)
def test_anything_else_is_refused(changed: dict[str, str], body: str, after: int) -> None:
    with pytest.raises(BadSignature):
        verify([SECRET], headers() | changed, body.encode(), NOW.timestamp() + after)


def test_a_secret_that_is_none_is_said_at_once() -> None:
    with pytest.raises(ValueError, match="whsec_"):
        key_of("whsec_bukan base64")
