"""What follows from an ID token: subject, role, user name; or nothing."""

from __future__ import annotations

import re
from typing import Any

import pytest

from gateway.oidc.asking import Client
from gateway.oidc.claims import Identity, identity_of, role_of, user_name_of
from gateway.roles import Role
from gateway.user_access import USER_NAME
from schemas.errors import BadSignature

GROUPS = (("kepala", Role.ADMIN), ("operasi", Role.OPERATOR))
CLIENT = Client("https://masuk.example.go.id", "konsol", None, "openid", "", "", GROUPS)
CLAIMS: dict[str, Any] = {
    "sub": "s-1",
    "aud": "konsol",
    "nonce": "n",
    "preferred_username": "Ani.Wijaya@kota.go.id",
    "groups": ["operasi"],
}


def by(claim: str) -> Client:
    return Client("https://masuk.example.go.id", "konsol", None, "openid", "", "", GROUPS, claim)


def test_whom_the_provider_vouches_for() -> None:
    assert identity_of(CLAIMS, CLIENT, "n") == Identity("s-1", "ani.wijaya", Role.OPERATOR)


@pytest.mark.parametrize("nonce", ["m", "", None, ["n"], "ñ"])
def test_a_token_of_another_sign_in_is_refused(nonce: object) -> None:
    with pytest.raises(BadSignature) as caught:
        identity_of(CLAIMS | {"nonce": nonce}, CLIENT, "n")
    assert caught.value.context == {"reason": "wrong_nonce"}


@pytest.mark.parametrize(
    "more", [{"azp": "lain"}, {"aud": ["konsol", "lain"]}, {"aud": ["konsol", "lain"], "azp": "lain"}]
)
def test_a_token_for_another_party_is_refused(more: dict[str, Any]) -> None:
    with pytest.raises(BadSignature) as caught:
        identity_of(CLAIMS | more, CLIENT, "n")
    assert caught.value.context == {"reason": "wrong_audience"}


@pytest.mark.parametrize("more", [{"azp": "konsol"}, {"aud": ["konsol"]}, {"aud": ["konsol", "lain"], "azp": "konsol"}])
def test_a_token_for_several_is_taken_when_it_was_made_for_this_one(more: dict[str, Any]) -> None:
    assert identity_of(CLAIMS | more, CLIENT, "n").subject == "s-1"


@pytest.mark.parametrize("subject", [None, "", 7, "x" * 256])
def test_a_token_about_nobody_is_refused(subject: object) -> None:
    with pytest.raises(BadSignature) as caught:
        identity_of(CLAIMS | {"sub": subject}, CLIENT, "n")
    assert caught.value.context == {"reason": "no_subject"}


@pytest.mark.parametrize(
    ("claim", "claims", "role"),
    [
        ("groups", {"groups": ["lain", "operasi", "kepala"]}, Role.ADMIN),
        ("groups", {"groups": "operasi"}, Role.OPERATOR),
        ("groups", {"groups": "operasi kepala"}, None),
        ("groups", {"groups": {"operasi": True}}, None),
        ("groups", {"groups": ["Operasi"]}, None),
        ("groups", {}, None),
        ("realm_access.roles", {"realm_access": {"roles": ["operasi"]}}, Role.OPERATOR),
        ("realm_access.roles", {"realm_access": ["operasi"]}, None),
        ("https://kota.go.id/groups", {"https://kota.go.id/groups": ["kepala"]}, Role.ADMIN),
    ],
)
def test_the_role_is_that_of_a_group_that_the_settings_name(
    claim: str, claims: dict[str, Any], role: Role | None
) -> None:
    assert role_of(claims, by(claim)) is role


@pytest.mark.parametrize(
    ("called", "name"),
    [
        ("ani", "ani"),
        ("Ani Wijaya", "ani-wijaya"),
        ("Nurul Ḥasanah", "nurul-hasanah"),
        ("198507012010012001", "pengguna"),
        ("-.7ani_", "ani"),
        ("admin\n", "admin"),
        ("x" * 80, "x" * 32),
        ("李", "pengguna"),
        ("", "pengguna"),
        (None, "pengguna"),
        (7, "pengguna"),
    ],
)
def test_a_user_name_is_made_of_what_somebody_is_called(called: object, name: str) -> None:
    made = user_name_of(called)
    assert (made, bool(re.fullmatch(USER_NAME, made))) == (name, True)
