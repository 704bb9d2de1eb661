"""What is asked of the provider: addresses, calls, and which description is usable."""

from __future__ import annotations

import base64
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from gateway.oidc.asking import (
    Client,
    Flow,
    challenge_of,
    description_call,
    description_of,
    keys_call,
    sign_in_address,
    sign_out_address,
    token_call,
)
from schemas.errors import Misconfigured

ISSUER = "https://masuk.example.go.id/realms/kota"
BACK, LEFT = "https://lapor.example.go.id/console/sign-in/return", "https://lapor.example.go.id/console/sign-in"
CLIENT = Client(ISSUER, "konsol", "rahasia: 5%", "openid profile", BACK, LEFT, ())
PUBLIC = Client(ISSUER, "konsol", None, "openid", BACK, LEFT, ())
FLOW = Flow("state", "nonce", "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk")
DOCUMENT: dict[str, Any] = {
    "issuer": ISSUER,
    "authorization_endpoint": f"{ISSUER}/authorize?tema=gelap",
    "token_endpoint": f"{ISSUER}/token",
    "jwks_uri": f"{ISSUER}/keys",
}


def fields_of(address: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}


def test_the_challenge_is_that_of_the_standard_s_example() -> None:
    assert challenge_of(FLOW.verifier) == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"


def test_people_are_sent_with_everything_that_must_come_back() -> None:
    address = sign_in_address(description_of(DOCUMENT, ISSUER), CLIENT, FLOW)
    assert fields_of(address) == {
        "tema": "gelap",
        "response_type": "code",
        "client_id": "konsol",
        "redirect_uri": BACK,
        "scope": "openid profile",
        "state": "state",
        "nonce": "nonce",
        "code_challenge": "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
        "code_challenge_method": "S256",
    }


def test_without_a_place_to_sign_out_nobody_is_sent_there() -> None:
    assert sign_out_address(description_of(DOCUMENT, ISSUER), CLIENT) is None


def test_with_such_a_place_people_come_back_from_it() -> None:
    described = description_of(DOCUMENT | {"end_session_endpoint": f"{ISSUER}/logout"}, ISSUER)
    address = sign_out_address(described, CLIENT)
    assert address is not None
    assert address.startswith(f"{ISSUER}/logout?")
    assert fields_of(address) == {"client_id": "konsol", "post_logout_redirect_uri": LEFT}
    hinted = sign_out_address(described, CLIENT, "head.claims.signature") or ""
    assert fields_of(hinted)["id_token_hint"] == "head.claims.signature"


def test_description_and_keys_are_asked_for_where_they_lie() -> None:
    calls = [description_call(ISSUER), description_call(f"{ISSUER}/"), keys_call(description_of(DOCUMENT, ISSUER))]
    well_known = f"{ISSUER}/.well-known/openid-configuration"
    assert [call.url for call in calls] == [well_known, well_known, f"{ISSUER}/keys"]


def test_a_code_is_changed_by_who_began_and_proves_to_be_the_client() -> None:
    call = token_call(description_of(DOCUMENT, ISSUER), CLIENT, "kode", FLOW)
    assert parse_qs(call.body.decode()) == {
        "grant_type": ["authorization_code"],
        "code": ["kode"],
        "redirect_uri": [BACK],
        "code_verifier": [FLOW.verifier],
    }
    pair = base64.b64encode(b"konsol:rahasia%3A+5%25").decode()
    assert dict(call.headers)["authorization"] == f"Basic {pair}"


def test_a_client_without_a_secret_says_only_who_it_is() -> None:
    call = token_call(description_of(DOCUMENT, ISSUER), PUBLIC, "kode", FLOW)
    assert (parse_qs(call.body.decode())["client_id"], "authorization" in dict(call.headers)) == (["konsol"], False)


@pytest.mark.parametrize(
    ("methods", "by_post"),
    [
        (None, False),
        (["client_secret_basic", "client_secret_post"], False),
        (["client_secret_post"], True),
        (["private_key_jwt"], False),
        ("client_secret_post", False),
    ],
)
def test_the_secret_goes_in_the_body_only_where_it_must(methods: object, by_post: bool) -> None:
    described = description_of(DOCUMENT | {"token_endpoint_auth_methods_supported": methods}, ISSUER)
    body = parse_qs(token_call(described, CLIENT, "kode", FLOW).body.decode())
    assert body.get("client_secret") == (["rahasia: 5%"] if by_post else None)


@pytest.mark.parametrize("document", [None, [], "x", {}, DOCUMENT | {"issuer": f"{ISSUER}/"}])
def test_a_description_of_somebody_else_is_refused(document: object) -> None:
    with pytest.raises(Misconfigured, match="set it exactly"):
        description_of(document, ISSUER)


@pytest.mark.parametrize("name", ["authorization_endpoint", "token_endpoint", "jwks_uri", "end_session_endpoint"])
@pytest.mark.parametrize("value", [7, "http://masuk.example.go.id/x", "javascript:alert(1)", "https://", "https://a#b"])
def test_an_address_that_cannot_be_used_is_refused_by_name(name: str, value: object) -> None:
    with pytest.raises(Misconfigured, match=f"`{name}`"):
        description_of(DOCUMENT | {name: value}, ISSUER)


def test_a_provider_in_the_clear_may_have_addresses_in_the_clear() -> None:
    issuer = "http://127.0.0.1:9"
    document = {name: value.replace(ISSUER, issuer) for name, value in DOCUMENT.items()}
    assert description_of(document, issuer).token == f"{issuer}/token"
