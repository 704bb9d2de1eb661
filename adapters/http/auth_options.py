"""The ways in which a destination may want a call to prove where it comes from, as an entry chooses them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from adapters.contract import Circumstances, EntryProblem
from schemas.base import Schema

API_KEY, BASIC_PASSWORD, BEARER_TOKEN = "api_key", "basic_password", "bearer_token"
CLIENT_SECRET, HMAC_SECRET = "client_secret", "hmac_secret"

HeaderName = Annotated[str, StringConstraints(pattern=r"^[!#$%&'*+.^_`|~0-9A-Za-z-]+$", max_length=100)]
Printable = Annotated[str, StringConstraints(pattern=r"^[ -~]*$", max_length=255)]
TokenUrl = Annotated[str, StringConstraints(pattern=r"^(/|https?://[^/@]+(/|$))[!-~]*$", max_length=1024)]


class ApiKey(Schema):
    """A key that is sent as it is."""

    name: HeaderName = Field(default="X-API-Key", description="The header, or the field of the query")
    place: Literal["header", "query"] = Field(default="header", description="`query` is for trials only")


class Basic(Schema):
    """RFC 7617."""

    username: Annotated[str, StringConstraints(pattern=r"^[^:\x00-\x1f\x7f]+$", max_length=255)]


class OAuth2(Schema):
    """Client credentials, RFC 6749 section 4.4."""

    token_url: TokenUrl = Field(description="Whole, or a path at the destination's own host")
    client_id: Annotated[str, StringConstraints(min_length=1, max_length=255)]
    client_authentication: Literal["basic", "post"] = Field(
        default="basic", description="client_secret_basic or client_secret_post (RFC 6749 section 2.3.1)"
    )
    scope: Printable | None = None
    audience: Printable | None = None
    lifetime: float = Field(default=300.0, ge=1, description="Seconds that a token holds if its answer does not say")


class Hmac(Schema):
    """A keyed digest of the body."""

    header: HeaderName = "X-Signature"
    algorithm: Literal["sha256", "sha512"] = "sha256"
    encoding: Literal["hex", "base64"] = "hex"
    signs: Literal["body", "timestamp.body"] = Field(default="body", description="The timestamp is in seconds")
    timestamp_header: HeaderName = "X-Timestamp"
    prefix: Printable = Field(default="", description="Before the signature, such as sha256=")


class Authentication(Schema):
    """Any of these together, but only one that takes the header Authorization."""

    api_key: ApiKey | None = None
    basic: Basic | None = None
    oauth2: OAuth2 | None = None
    hmac: Hmac | None = None


SECRET_OF: dict[str, str] = {
    "api_key": API_KEY,
    "basic": BASIC_PASSWORD,
    "oauth2": CLIENT_SECRET,
    "hmac": HMAC_SECRET,
}
"""The secret that each way needs. A bearer token is nothing but its secret."""

AUTH_SECRETS = (*SECRET_OF.values(), BEARER_TOKEN)


def examine_auth(auth: Authentication, around: Circumstances) -> Iterator[EntryProblem]:
    """What does not fit together in an entry."""
    place = ("options", "auth")
    for way, secret in SECRET_OF.items():
        chosen = getattr(auth, way) is not None
        if chosen and secret not in around.secrets:
            yield EntryProblem(
                (*place, way), f"needs a secret; write `{secret}: env:NAME` or `{secret}: file:/path` under `secrets`"
            )
        if not chosen and secret in around.secrets:
            yield EntryProblem(("secrets", secret), f"is used by nothing; write `{way}: {{…}}` under `options.auth`")
    takers = [way for way in ("basic", "oauth2") if getattr(auth, way) is not None]
    takers += [BEARER_TOKEN] if BEARER_TOKEN in around.secrets else []
    takers += ["api_key"] if _is_authorization(auth) else []
    if len(takers) > 1:
        yield EntryProblem(place, f"{' and '.join(takers)} all take the header Authorization; keep one of them")
    if around.production:
        yield from _unfit_for_production(auth, place)


def _is_authorization(auth: Authentication) -> bool:
    key = auth.api_key
    return key is not None and key.place == "header" and key.name.lower() == "authorization"


def _unfit_for_production(auth: Authentication, place: tuple[str, ...]) -> Iterator[EntryProblem]:
    if auth.api_key is not None and auth.api_key.place == "query":
        told = "a key in the address is written into the log of every proxy on the way; write `place: header`"
        yield EntryProblem((*place, "api_key", "place"), told)
    if auth.oauth2 is not None and auth.oauth2.token_url.startswith("http://"):
        told = "http:// goes over the net in the clear; production needs https://"
        yield EntryProblem((*place, "oauth2", "token_url"), told)
