"""OAuth 2 access tokens by client credentials: fetched once for everybody, kept, renewed before they end.

RFC 6749: section 4.4 (the grant), 2.3.1 (the client's password), 5.1 and 5.2 (the answers).
"""

from __future__ import annotations

import asyncio
import base64
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from urllib.parse import quote_plus, urlencode

import orjson

from adapters.contract import Call, Fault, Reply
from adapters.http.auth_options import OAuth2
from schemas.base import Json

Send = Callable[[Call], Awaitable[Reply]]

_EARLIEST, _SHARE = 60.0, 0.2
_PAUSE = 5.0
"""Seconds between two tries to renew a token that still holds."""
_LONGEST = 86_400.0
_TOKEN = re.compile(r"[\x21-\x7e]{1,8192}")


@dataclass(frozen=True, slots=True)
class Token:
    """`ends` and `renew_at` are seconds of the clock that the source was given."""

    value: str
    renew_at: float
    ends: float


class TokenSource:
    """The token of one destination.

    Whoever needs a token while one is being fetched waits for that fetch and shares what came of it, good or bad: a
    token endpoint that hangs is asked once, not once for each call in flight.
    """

    def __init__(
        self,
        options: OAuth2,
        url: str,
        secret: str,
        send: Send,
        *,
        clock: Callable[[], float],
        chance: Callable[[], float],
    ) -> None:
        """`chance` gives numbers in [0, 1): the processes of an installation must not all renew at once."""
        self._options = options
        self._call = token_call(options, url, secret)
        self._send = send
        self._clock = clock
        self._chance = chance
        self._lock = asyncio.Lock()
        self._round = 0
        self._kept: Token | None = None
        self._last: str | Fault = Fault("token_unreachable", sent=False)

    async def current(self) -> str | Fault:
        """A token that holds, or why there is none: surely nothing was sent to the destination."""
        kept, now = self._kept, self._clock()
        if kept is not None and now < kept.renew_at:
            return kept.value
        renewed = await self._renewed()
        kept = self._kept
        if isinstance(renewed, Fault) and kept is not None and self._clock() < kept.ends:
            self._kept = Token(kept.value, min(self._clock() + _PAUSE, kept.ends), kept.ends)
            return kept.value
        return renewed

    async def instead_of(self, refused: str) -> str | Fault:
        """Another token than the one that the destination has just refused."""
        if self._kept is not None and self._kept.value == refused:
            self._kept = None
        return await self.current()

    async def _renewed(self) -> str | Fault:
        """What came of the next fetch, or of the one that this call waited for."""
        asked_in = self._round
        async with self._lock:
            if self._round == asked_in:
                self._last = self._read(await self._send(self._call))
                self._round += 1
            return self._last

    def _read(self, reply: Reply) -> str | Fault:
        answer = _object(reply.body)
        value, kind = answer.get("access_token"), answer.get("token_type", "Bearer")
        if reply.fault is not None:
            return Fault("token_unreachable", sent=False)
        if not 200 <= reply.status < 300:
            return Fault(f"token_http_{reply.status}", sent=False)
        if not isinstance(value, str) or not _TOKEN.fullmatch(value) or str(kind).lower() != "bearer":
            return Fault("token_unreadable", sent=False)
        lifetime = _seconds(answer.get("expires_in"), self._options.lifetime)
        early = min(_EARLIEST, _SHARE * lifetime) * (0.5 + 0.5 * self._chance())
        now = self._clock()
        self._kept = Token(value, now + lifetime - early, now + lifetime)
        return value


def token_call(options: OAuth2, url: str, secret: str) -> Call:
    """The request for a token. Over a connection of its own: it comes so seldom that a kept one would be dead."""
    fields = {"grant_type": "client_credentials"}
    fields |= {name: wish for name in ("scope", "audience") if (wish := getattr(options, name)) is not None}
    headers = [("content-type", "application/x-www-form-urlencoded"), ("accept", "application/json")]
    if options.client_authentication == "post":
        fields |= {"client_id": options.client_id, "client_secret": secret}
    else:
        # Form-encoded before they are joined, says section 2.3.1: an id may hold a colon.
        pair = f"{quote_plus(options.client_id)}:{quote_plus(secret)}"
        headers.append(("authorization", f"Basic {base64.b64encode(pair.encode()).decode()}"))
    return Call("POST", url, tuple(headers), urlencode(fields).encode(), "token", fresh=True)


def _object(body: bytes) -> dict[str, Json]:
    try:
        answer = orjson.loads(body)
    except orjson.JSONDecodeError:
        return {}
    return answer if isinstance(answer, dict) else {}


def _seconds(value: Json, default: float) -> float:
    """Some servers write the number as text."""
    if isinstance(value, bool) or not re.fullmatch(r"[0-9]{1,10}(\.[0-9]+)?", str(value)) or float(value) <= 0:
        return default
    return min(float(value), _LONGEST)
