"""What is asked of the provider, and where: its description, the addresses people are sent to, the call for a token.

OpenID Connect Core 1.0 (sections 3.1.2 and 9), Discovery 1.0 (4), RP-Initiated Logout 1.0 (2), RFC 7636 (PKCE).
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote_plus, urlencode, urlsplit

from adapters.contract import Call
from gateway.roles import Role
from schemas.base import Json
from schemas.errors import Misconfigured

WELL_KNOWN = "/.well-known/openid-configuration"
_FORM = ("content-type", "application/x-www-form-urlencoded")
_JSON = ("accept", "application/json")


@dataclass(frozen=True, slots=True)
class Client:
    """What the gateway is to its provider. `back` is where people are sent after signing in, `left` after signing out.

    `groups`: which group gives which role, the first that fits. `secret` None: a public client.
    """

    issuer: str
    id: str
    secret: str | None
    scopes: str
    back: str
    left: str
    groups: tuple[tuple[str, Role], ...]
    role_claim: str = "groups"
    name_claim: str = "preferred_username"


@dataclass(frozen=True, slots=True)
class Description:
    """What the provider says of itself, as far as it is needed. `end` is where people sign out, if it has that."""

    authorization: str
    token: str
    keys: str
    end: str | None
    by_post: bool
    names_itself: bool


@dataclass(frozen=True, slots=True)
class Flow:
    """One try to sign in: what comes back must carry `state`, the ID token `nonce`; `verifier` proves who began."""

    state: str
    nonce: str
    verifier: str


def description_of(document: Json, issuer: str) -> Description:
    """The provider's description, read. Raises Misconfigured for one that is of another issuer, or cannot be used."""
    if not isinstance(document, Mapping) or document.get("issuer") != issuer:
        raise Misconfigured("oidc_issuer is not what the provider calls itself; set it exactly as its `issuer` says")
    methods = document.get("token_endpoint_auth_methods_supported")
    # client_secret_basic is what is meant where a provider lists nothing (Discovery 1.0, section 3)
    by_post = isinstance(methods, list) and "client_secret_basic" not in methods and "client_secret_post" in methods
    return Description(
        _endpoint(document, "authorization_endpoint", issuer),
        _endpoint(document, "token_endpoint", issuer),
        _endpoint(document, "jwks_uri", issuer),
        _endpoint(document, "end_session_endpoint", issuer) if document.get("end_session_endpoint") else None,
        by_post,
        document.get("authorization_response_iss_parameter_supported") is True,
    )


def description_call(issuer: str) -> Call:
    """The request for the description."""
    return Call("GET", issuer.rstrip("/") + WELL_KNOWN, (_JSON,), b"", "oidc-description", fresh=True)


def keys_call(description: Description) -> Call:
    """The request for the keys by which ID tokens are signed."""
    return Call("GET", description.keys, (_JSON,), b"", "oidc-keys", fresh=True)


def sign_in_address(description: Description, client: Client, flow: Flow) -> str:
    """Where somebody is sent to sign in."""
    return _with(
        description.authorization,
        response_type="code",
        client_id=client.id,
        redirect_uri=client.back,
        scope=client.scopes,
        state=flow.state,
        nonce=flow.nonce,
        code_challenge=challenge_of(flow.verifier),
        code_challenge_method="S256",
    )


def sign_out_address(description: Description, client: Client, hint: str | None = None) -> str | None:
    """Where somebody is sent to sign out there too; None where the provider has no such place.

    With their ID token as `hint` it need not ask them (OpenID Connect RP-Initiated Logout 1.0, section 2).
    """
    if description.end is None:
        return None
    whose = {"id_token_hint": hint} if hint else {}
    return _with(description.end, **whose, client_id=client.id, post_logout_redirect_uri=client.left)


def token_call(description: Description, client: Client, code: str, flow: Flow) -> Call:
    """The request that changes the code that came back into an ID token."""
    fields = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": client.back,
        "code_verifier": flow.verifier,
    }
    headers = [_FORM, _JSON]
    if client.secret is None:
        fields |= {"client_id": client.id}
    elif description.by_post:
        fields |= {"client_id": client.id, "client_secret": client.secret}
    else:
        pair = f"{quote_plus(client.id)}:{quote_plus(client.secret)}"  # form-encoded first: RFC 6749, section 2.3.1
        headers.append(("authorization", f"Basic {base64.b64encode(pair.encode()).decode()}"))
    return Call("POST", description.token, tuple(headers), urlencode(fields).encode(), "oidc-token", fresh=True)


def challenge_of(verifier: str) -> str:
    """The challenge that goes ahead of the verifier (RFC 7636, section 4.2)."""
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")


def _endpoint(document: Mapping[str, Json], name: str, issuer: str) -> str:
    """An address of the description; never one in the clear where the issuer is not."""
    value = document.get(name)
    parts = urlsplit(value if isinstance(value, str) else "")
    schemes = ("https", urlsplit(issuer).scheme)
    if not isinstance(value, str) or parts.scheme not in schemes or not parts.hostname or parts.fragment:
        raise Misconfigured(f"the provider's description has no usable `{name}`; ask who runs it")
    return value


def _with(address: str, **fields: str) -> str:
    return f"{address}{'&' if urlsplit(address).query else '?'}{urlencode(fields)}"
