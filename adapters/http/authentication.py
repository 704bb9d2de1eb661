"""Proves to a destination where a call comes from, in the ways that its entry chose."""

from __future__ import annotations

import base64
import hashlib
import hmac
import random
import re
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from urllib.parse import quote, urlsplit

from adapters.contract import Call, DestinationEntry, Reply
from adapters.http.auth_options import (
    API_KEY,
    BASIC_PASSWORD,
    BEARER_TOKEN,
    CLIENT_SECRET,
    HMAC_SECRET,
    Authentication,
    Hmac,
    OAuth2,
)
from adapters.http.client import HttpClient
from adapters.http.tokens import TokenSource
from schemas.errors import Misconfigured

Headers = tuple[tuple[str, str], ...]

AUTHORIZATION = "authorization"
TO_COME = "Bearer <oauth2-access-token>"
"""Stands in a call until it is sent: what a call holds must not depend on the token of the hour."""

_IN_HEADER = re.compile(r"[!-~]([ -~]*[!-~])?")
_TOLD = {
    API_KEY: "API key",
    BASIC_PASSWORD: "password",
    BEARER_TOKEN: "bearer token",
    CLIENT_SECRET: "client secret",
    HMAC_SECRET: "HMAC secret",
}


class Authenticator:
    """One destination's proofs. Without any it leaves calls as they are."""

    def __init__(
        self,
        entry: DestinationEntry,
        auth: Authentication,
        client: HttpClient,
        *,
        clock: Callable[[], float] = time.monotonic,
        chance: Callable[[], float] = random.random,
    ) -> None:
        """Raises Misconfigured for a secret that is missing or cannot be used."""
        self._auth = auth
        self._client = client
        self._secrets = _checked(entry, auth)
        self._standing = self._standing_headers()
        self._tokens = None
        if auth.oauth2 is not None:
            url, secret = _token_url(entry.url, auth.oauth2), self._secrets[CLIENT_SECRET]
            self._tokens = TokenSource(auth.oauth2, url, secret, client.send, clock=clock, chance=chance)

    def proven(self, call: Call, at: datetime) -> Call:
        """The call with its proofs. The body stays, and the same body at the same time is proven the same. Pure."""
        headers = (*call.headers, *self._standing, *self._signature(call.body, at))
        key = self._auth.api_key
        if key is None or key.place == "header":
            return replace(call, headers=headers)
        joint = "&" if urlsplit(call.url).query else "?"
        query = f"{joint}{quote(key.name, safe='')}={quote(self._secrets[API_KEY], safe='')}"
        return replace(call, headers=headers, url=call.url + query)

    async def send(self, call: Call) -> Reply:
        """Make the call with a token where one is wanted, and once more with a new one if the answer is 401.

        That repetition is the same body under the same attempt: a 401 says that the first was not processed, which is
        what the table of outcomes believes of it too. Whatever comes of the second sending is what is told.
        """
        if self._tokens is None:
            return await self._client.send(call)
        token = await self._tokens.current()
        if not isinstance(token, str):
            return Reply(fault=token)
        reply = await self._client.send(_with_token(call, token))
        if reply.status != 401:
            return reply
        renewed = await self._tokens.instead_of(token)
        if not isinstance(renewed, str):
            return Reply(fault=renewed)
        return await self._client.send(_with_token(call, renewed))

    def _standing_headers(self) -> Headers:
        auth, secrets = self._auth, self._secrets
        headers = []
        if auth.api_key is not None and auth.api_key.place == "header":
            headers.append((auth.api_key.name, secrets[API_KEY]))
        if auth.basic is not None:
            pair = f"{auth.basic.username}:{secrets[BASIC_PASSWORD]}".encode()
            headers.append((AUTHORIZATION, f"Basic {base64.b64encode(pair).decode()}"))
        if BEARER_TOKEN in secrets:
            headers.append((AUTHORIZATION, f"Bearer {secrets[BEARER_TOKEN]}"))
        if auth.oauth2 is not None:
            headers.append((AUTHORIZATION, TO_COME))
        return tuple(headers)

    def _signature(self, body: bytes, at: datetime) -> Headers:
        options = self._auth.hmac
        if options is None:
            return ()
        if options.signs == "body":
            return ((options.header, hmac_of(options, self._secrets[HMAC_SECRET], body)),)
        stamp = str(int(at.astimezone(UTC).timestamp()))
        signature = hmac_of(options, self._secrets[HMAC_SECRET], f"{stamp}.".encode() + body)
        return ((options.timestamp_header, stamp), (options.header, signature))


def hmac_of(options: Hmac, secret: str, signed: bytes) -> str:
    """The signature as the header holds it. The key is the secret's UTF-8 bytes."""
    digest = hmac.new(secret.encode(), signed, getattr(hashlib, options.algorithm)).digest()
    encoded = digest.hex() if options.encoding == "hex" else base64.b64encode(digest).decode()
    return options.prefix + encoded


def _with_token(call: Call, token: str) -> Call:
    headers = tuple(
        (name, f"Bearer {token}" if (name, value) == (AUTHORIZATION, TO_COME) else value)
        for name, value in call.headers
    )
    return replace(call, headers=headers)


def _token_url(url: str, options: OAuth2) -> str:
    if not options.token_url.startswith("/"):
        return options.token_url
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}{options.token_url}"


def _checked(entry: DestinationEntry, auth: Authentication) -> dict[str, str]:
    """The secrets that are used. Only those that stand in a header as they are must fit there."""
    used = {
        API_KEY: auth.api_key is not None,
        BASIC_PASSWORD: auth.basic is not None,
        BEARER_TOKEN: BEARER_TOKEN in entry.secrets,
        CLIENT_SECRET: auth.oauth2 is not None,
        HMAC_SECRET: auth.hmac is not None,
    }
    secrets = {name: entry.secrets.get(name, "") for name, is_used in used.items() if is_used}
    for name, value in secrets.items():
        as_it_is = name == API_KEY or (name == BEARER_TOKEN and " " not in value)
        fits = _IN_HEADER.fullmatch(value) if as_it_is else bool(value) and name != BEARER_TOKEN
        if not fits:
            problem = f"destinations.{entry.name}.secrets.{name}: is empty or cannot stand in a header"
            raise Misconfigured(f"the {_TOLD[name]} of {entry.name} cannot be used", [problem])
    return secrets
