"""Verifies ID tokens with joserfc, which the extra `oidc` brings: which algorithms, which keys, which claims."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from gateway.oidc.asking import Client
from schemas.base import Json
from schemas.errors import BadSignature, Misconfigured

if TYPE_CHECKING:
    from joserfc.jwk import KeySet

ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA", "Ed25519")
"""Signatures by keys that the provider alone has: never `none`, never a secret that both sides know."""
LEEWAY_SECONDS = 60
_KEY_TYPES = ("RSA", "EC", "OKP")


class UnknownKey(BadSignature):
    """Signed by a key that is not among those that are known: the provider may have made a new one."""


def require_library() -> None:
    """Raises Misconfigured where the extra is not installed."""
    try:
        import joserfc  # noqa: F401  # is it there?
    except ImportError as error:
        raise Misconfigured("oidc_issuer needs the extra `oidc`: pip install 'sp4n-gateway[oidc]'") from error


def keys_of(document: Json) -> KeySet:
    """The public keys of a key set; those that cannot be used are passed over. Raises Misconfigured without any."""
    from joserfc.errors import JoseError
    from joserfc.jwk import KeySet, import_key

    listed = document.get("keys") if isinstance(document, dict) else None
    found = []
    for one in listed if isinstance(listed, list) else []:
        if not isinstance(one, dict) or one.get("kty") not in _KEY_TYPES or one.get("use", "sig") != "sig":
            continue
        try:
            found.append(import_key(dict[str, Any](one)))
        except (JoseError, ValueError, TypeError, KeyError):
            continue
    if not found:
        raise Misconfigured("the provider's key set holds no key that could sign an ID token; ask who runs it")
    return KeySet(found)


def claims_of(token: str, keys: KeySet, client: Client, now: datetime) -> dict[str, Json]:
    """The claims of an ID token that these keys have signed, for this client, and that holds now.

    Raises UnknownKey, or BadSignature with its `reason`.
    """
    from joserfc import errors, jwt

    try:
        read = jwt.decode(token, keys, algorithms=ALGORITHMS)
        rules = jwt.JWTClaimsRegistry(
            now=int(now.timestamp()),
            leeway=LEEWAY_SECONDS,
            iss={"essential": True, "value": client.issuer},
            aud={"essential": True, "value": client.id},
            sub={"essential": True},
            exp={"essential": True},
            iat={"essential": True},
        )
        rules.validate(read.claims)
    except errors.InvalidKeyIdError as error:
        raise UnknownKey(
            "the ID token is signed by a key that the provider does not list", reason="unknown_key"
        ) from error
    except (errors.JoseError, ValueError, TypeError, KeyError) as error:
        reason = getattr(error, "error", None) or "unreadable"
        raise BadSignature("the ID token cannot be relied on", reason=reason) from error
    return read.claims
