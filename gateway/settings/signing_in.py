"""The settings of signing in to the console by an OpenID Connect provider."""

from __future__ import annotations

from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

from pydantic import Field, ValidationInfo, field_validator
from pydantic_settings import BaseSettings

from gateway.roles import Role

_LONGEST_ISSUER = 255


class SignInSettings(BaseSettings):
    """Who says who somebody is; the passwords kept here alone, unless `oidc_issuer` is set."""

    oidc_issuer: str | None = Field(
        None,
        max_length=_LONGEST_ISSUER,
        description="The console is signed in to by this OpenID Connect provider, such as "
        "`https://masuk.example.go.id/realms/pemda`; unset, by passwords only. Needs the extra `oidc` and `public_url`",
    )
    oidc_client_id: str | None = Field(None, max_length=255, description="What the gateway is called there")
    oidc_client_secret: str | None = Field(
        None, repr=False, description="Its secret there; unset, it is a public client with PKCE alone"
    )
    oidc_scopes: str = Field("openid profile", description="What is asked for; `openid` must be among it")
    oidc_role_claim: str = Field(
        "groups",
        min_length=1,
        description="The claim of the ID token that lists somebody's groups; dots lead inside, `realm_access.roles`",
    )
    oidc_roles: str | None = Field(
        None,
        validate_default=True,
        description="Which group gives which role: `operasi=operator, kepala-lapor=admin`; who is in several gets the "
        "one that is named first, who is in none is refused",
    )
    oidc_name_claim: str = Field(
        "preferred_username", min_length=1, description="The claim that a new account takes its user name from"
    )
    oidc_ca: Path | None = Field(
        None, description="Authorities that the provider's certificate is checked by, in PEM; unset, the system's"
    )
    password_sign_in: bool = Field(
        True,
        validate_default=True,
        description="Whether passwords are still taken beside the provider; false only where one is set",
    )

    @field_validator("oidc_issuer")
    @classmethod
    def _issuer_address(cls, value: str | None) -> str | None:
        if value is not None:
            parts = urlsplit(value)
            if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
                raise ValueError(
                    "must be the provider's whole address, such as https://masuk.example.go.id/realms/kota"
                )
            if parts.username or value.endswith("/.well-known/openid-configuration"):
                raise ValueError("must be the issuer itself, without an account and without /.well-known/…")
        return value

    @field_validator("oidc_scopes")
    @classmethod
    def _with_openid(cls, value: str) -> str:
        if "openid" not in value.split():
            raise ValueError("must hold openid, or the provider gives no ID token")
        return " ".join(value.split())

    @field_validator("oidc_roles")
    @classmethod
    def _groups_and_roles(cls, value: str | None, info: ValidationInfo) -> str | None:
        roles_of(value or "")
        if info.data.get("oidc_issuer") and not value:
            raise ValueError("must say which group gives which role; without it nobody could sign in")
        if info.data.get("oidc_issuer") and not info.data.get("oidc_client_id"):
            raise ValueError("and oidc_client_id are both needed where oidc_issuer is set")
        return value

    @field_validator("password_sign_in")
    @classmethod
    def _some_way_in(cls, value: bool, info: ValidationInfo) -> bool:
        if not value and not info.data.get("oidc_issuer"):
            raise ValueError("can be false only where oidc_issuer is set: nobody could sign in")
        return value

    @property
    def group_roles(self) -> tuple[tuple[str, Role], ...]:
        """Which group gives which role, the strongest first as they were written."""
        return roles_of(self.oidc_roles or "")


def is_loopback(host: str) -> bool:
    """Whether a host is this machine itself, by name or address."""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def roles_of(text: str) -> tuple[tuple[str, Role], ...]:
    """Groups and roles as they are written, `group=role` between commas. Raises ValueError."""
    found = []
    for each in filter(None, (part.strip() for part in text.split(","))):
        group, _, role = (word.strip() for word in each.partition("="))
        if not group or role not in list(Role):
            raise ValueError(f"must be group=role between commas, with a role out of {', '.join(Role)}")
        found.append((group, Role(role)))
    return tuple(found)
