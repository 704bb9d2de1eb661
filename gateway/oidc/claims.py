"""What an ID token must say to be believed, and what follows from it: subject, role, user name.

OpenID Connect Core 1.0, section 3.1.3.7; the library has checked signature, `iss`, `aud`, `exp` and `iat` before.
"""

from __future__ import annotations

import hmac
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field

from gateway.oidc.asking import Client
from gateway.roles import Role
from schemas.base import Json
from schemas.errors import BadSignature

LONGEST_SUBJECT = 255
_NOT_IN_A_NAME = re.compile(r"[^a-z0-9._-]+")
_NAME = 32
_NAMELESS = "pengguna"


@dataclass(frozen=True, slots=True)
class Identity:
    """Whom the provider vouches for. `role` None: none of their groups gives one. `name` may be taken by others.

    `token` is the ID token that says so, for signing out again.
    """

    subject: str
    name: str
    role: Role | None
    token: str = field(default="", repr=False)


def identity_of(claims: Mapping[str, Json], client: Client, nonce: str) -> Identity:
    """Whom the claims are about. Raises BadSignature, with `reason`, for a token that was made for something else."""
    given = claims.get("nonce")
    if not isinstance(given, str) or not hmac.compare_digest(given.encode(), nonce.encode()):
        raise BadSignature("the ID token was made for another sign-in", reason="wrong_nonce")
    audience, party = claims.get("aud"), claims.get("azp")
    if party not in (None, client.id) or (party is None and isinstance(audience, list) and len(audience) > 1):
        raise BadSignature("the ID token was made for another client", reason="wrong_audience")
    subject = claims.get("sub")
    if not isinstance(subject, str) or not 0 < len(subject) <= LONGEST_SUBJECT:
        raise BadSignature("the ID token does not say whom it is about", reason="no_subject")
    return Identity(subject, user_name_of(claims.get(client.name_claim)), role_of(claims, client))


def role_of(claims: Mapping[str, Json], client: Client) -> Role | None:
    """The role of the first group of the settings that the claim names; None when it names none of them."""
    value: Json = dict(claims)
    for part in _path(claims, client.role_claim):
        value = value.get(part) if isinstance(value, Mapping) else None
    held = [value] if isinstance(value, str) else value if isinstance(value, list) else []
    return next((role for group, role in client.groups if group in held), None)


def user_name_of(called: Json) -> str:
    """A user name made of what the provider calls somebody: small letters, digits, `.`, `_`, `-`, a letter first."""
    text = called if isinstance(called, str) else ""
    plain = unicodedata.normalize("NFKD", text.partition("@")[0]).encode("ascii", "ignore").decode().lower()
    name = _NOT_IN_A_NAME.sub("-", plain).strip("-._0123456789")[:_NAME]
    return name or _NAMELESS


def _path(claims: Mapping[str, Json], claim: str) -> list[str]:
    """Where a claim lies: under its whole name (`https://example.go.id/groups`), or inside others."""
    return [claim] if claim in claims else claim.split(".")
