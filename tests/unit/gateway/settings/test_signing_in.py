"""The settings of signing in by a provider."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from gateway.roles import Role
from gateway.settings import Settings
from gateway.settings.production import refusals

WHOLE: dict[str, Any] = {
    "oidc_issuer": "https://masuk.example.go.id/realms/kota",
    "oidc_client_id": "konsol",
    "oidc_client_secret": "rahasia",
    "oidc_roles": "/kota/operasi = operator, kepala lapor=admin,",
    "public_url": "https://lapor.example.go.id",
}


def test_groups_and_roles_are_read_in_their_order() -> None:
    assert Settings(**WHOLE).group_roles == (("/kota/operasi", Role.OPERATOR), ("kepala lapor", Role.ADMIN))


@pytest.mark.parametrize("roles", ["operasi", "operasi=boss", "=admin", "operasi=admin kepala=admin"])
def test_a_role_that_there_is_not_is_refused(roles: str) -> None:
    with pytest.raises(ValidationError, match="group=role between commas"):
        Settings(**WHOLE | {"oidc_roles": roles})


@pytest.mark.parametrize(
    ("missing", "told"),
    [("oidc_client_id", "both needed"), ("oidc_roles", "nobody could sign in"), ("public_url", "sends people back")],
)
def test_a_provider_needs_the_rest(missing: str, told: str) -> None:
    with pytest.raises(ValidationError, match=told):
        Settings(**{name: value for name, value in WHOLE.items() if name != missing})


@pytest.mark.parametrize(
    "issuer",
    [
        "masuk.example.go.id",
        "ftp://masuk.example.go.id",
        "https://a:b@masuk.example.go.id",
        "https://masuk.example.go.id?x=1",
        "https://masuk.example.go.id/.well-known/openid-configuration",
    ],
)
def test_what_is_no_issuer_is_refused(issuer: str) -> None:
    with pytest.raises(ValidationError, match="oidc_issuer"):
        Settings(**WHOLE | {"oidc_issuer": issuer})


def test_without_openid_there_would_be_no_token() -> None:
    with pytest.raises(ValidationError, match="must hold openid"):
        Settings(**WHOLE | {"oidc_scopes": "profile"})


def test_passwords_are_switched_off_only_beside_a_provider() -> None:
    assert Settings(**WHOLE, password_sign_in=False).password_sign_in is False
    with pytest.raises(ValidationError, match="nobody could sign in"):
        Settings(password_sign_in=False)


def test_the_secret_is_never_shown() -> None:
    assert "rahasia" not in repr(Settings(**WHOLE))


@pytest.mark.parametrize(
    ("issuer", "refused"),
    [
        ("http://masuk.example.go.id", True),
        ("http://127.example.go.id", True),
        ("http://10.0.0.4/realms/kota", True),
        ("http://127.0.0.1:8081", False),
        ("http://[::1]:8081", False),
        ("http://localhost:8081", False),
        ("https://masuk.example.go.id", False),
    ],
)
def test_production_refuses_a_provider_in_the_clear(issuer: str, refused: bool) -> None:
    settings = Settings(**WHOLE | {"oidc_issuer": issuer}, environment="production")
    assert ("oidc_issuer" in [name for name, _ in refusals(settings)]) is refused
