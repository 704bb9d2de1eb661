"""The provider as the console uses it: described, its keys at hand, asked for nothing twice that is still known."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import orjson
import structlog

from adapters.contract import Call
from adapters.http import HttpClient
from gateway.clock import Clock
from gateway.oidc.asking import (
    Client,
    Description,
    Flow,
    description_call,
    description_of,
    keys_call,
    sign_in_address,
    sign_out_address,
    token_call,
)
from gateway.oidc.claims import Identity, identity_of
from gateway.oidc.tokens import UnknownKey, claims_of, keys_of, require_library
from schemas.base import Json
from schemas.errors import BadSignature, Busy, Misconfigured

if TYPE_CHECKING:
    from joserfc.jwk import KeySet

log = structlog.get_logger("gateway.oidc")

DESCRIBED_SECONDS = 60.0
"""So long a description is used without asking again: an outage is told before people are sent into it."""
_KEPT_SECONDS = 3600.0
_PAUSE_SECONDS = 5.0
"""So long after a failure nobody waits for the same failure again, and after new keys none are asked for."""


class Provider:
    """One provider, for the life of the process. Raises Busy while it does not answer, Misconfigured where it or the
    settings do not fit."""

    def __init__(self, client: Client, http: HttpClient, clock: Clock) -> None:
        require_library()
        self.client = client
        self._http = http
        self._clock = clock
        self._lock = asyncio.Lock()
        self._described: tuple[float, Description] | None = None
        self._keys: tuple[float, KeySet] | None = None
        self._failed: tuple[float, Busy] | None = None

    @property
    def name(self) -> str:
        """What people are told it is: the host of its address."""
        return urlsplit(self.client.issuer).hostname or self.client.issuer

    async def sign_in_address(self, flow: Flow) -> str:
        """Where somebody is sent to sign in."""
        return sign_in_address(await self._description(DESCRIBED_SECONDS), self.client, flow)

    async def sign_out_address(self, hint: str | None = None) -> str | None:
        """Where somebody is sent to sign out there as well; None where there is no such place, or it is not known.

        `hint`: the ID token that they came with.
        """
        try:
            return sign_out_address(await self._description(_KEPT_SECONDS), self.client, hint)
        except (Busy, Misconfigured):
            return None

    async def identity(self, code: str, flow: Flow, issuer: str) -> Identity:
        """Whom a code stands for. `issuer` is what the answer said of its sender, empty when it said nothing.

        Raises BadSignature, with its `reason`, for an answer that is not to be believed.
        """
        description = await self._description(_KEPT_SECONDS)
        if issuer != self.client.issuer and (issuer or description.names_itself):
            raise BadSignature("the answer is another provider's", reason="wrong_issuer")  # RFC 9207
        answer = await self._sent(token_call(description, self.client, code, flow), code_of=True)
        token = answer.get("id_token") if isinstance(answer, dict) else None
        if not isinstance(token, str):
            raise BadSignature("the provider gave no ID token", reason="no_token")
        return replace(identity_of(await self._claims(token, description), self.client, flow.nonce), token=token)

    async def examine(self) -> str:
        """What `doctor` tells: that description and keys were fetched and can be used. Raises as all do."""
        description = await self._description(0.0)
        keys = await self._fetched_keys(description)
        return f"{self.name} answers; keys by which it signs: {len(keys.keys)}"

    async def aclose(self) -> None:
        """Close its connections."""
        await self._http.aclose()

    async def _claims(self, token: str, description: Description) -> dict[str, Json]:
        """The claims of a token; a key that is not known is looked for among new ones, once."""
        now = self._clock.now()
        kept = self._keys
        fresh = kept is None or self._clock.monotonic() - kept[0] >= _KEPT_SECONDS
        keys = await self._fetched_keys(description) if kept is None or fresh else kept[1]
        try:
            return claims_of(token, keys, self.client, now)
        except UnknownKey:
            if fresh or (kept is not None and self._clock.monotonic() - kept[0] < _PAUSE_SECONDS):
                raise
            return claims_of(token, await self._fetched_keys(description), self.client, now)

    async def _fetched_keys(self, description: Description) -> KeySet:
        keys = keys_of(await self._sent(keys_call(description)))
        self._keys = (self._clock.monotonic(), keys)
        return keys

    async def _description(self, seconds: float) -> Description:
        """At most so old; those who come while it is fetched wait for the same answer."""
        async with self._lock:
            now = self._clock.monotonic()
            if self._described is not None and now - self._described[0] < seconds:
                return self._described[1]
            if self._failed is not None and now - self._failed[0] < _PAUSE_SECONDS:
                raise self._failed[1]
            try:
                found = description_of(await self._sent(description_call(self.client.issuer)), self.client.issuer)
            except Busy as error:
                self._failed = (now, error)
                raise
            self._described, self._failed = (now, found), None
            return found

    async def _sent(self, call: Call, *, code_of: bool = False) -> Json:
        """The answer to a call, read. A code that is refused is no outage: BadSignature."""
        reply = await self._http.send(call)
        if reply.fault is None and reply.status == 200 and not reply.truncated:
            try:
                return orjson.loads(reply.body)
            except orjson.JSONDecodeError:
                pass
        reason = reply.fault.reason if reply.fault is not None else f"http_{reply.status}"
        log.warning("oidc.failed", call=call.key, reason=reason)
        if code_of and 400 <= reply.status < 500:
            raise BadSignature("the provider does not take the code", reason=f"token_{reason}")
        raise Busy(f"the sign-in provider at {self.name} does not answer as it should ({reason})")
