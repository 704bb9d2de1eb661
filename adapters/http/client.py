"""The one HTTP client: makes a call once and says in values what came back.

httpx's requests, responses and transport interface over aiohttp's connection pool (`httpx-aiohttp`): httpx's own pool
gets slower with every connection. The transport is driven directly, so there is no redirect, cookie, proxy or netrc to
switch off, and a call costs a third less than through `httpx.AsyncClient`.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache, partial
from typing import Any, Protocol

import aiohttp
import httpx
from httpx_aiohttp import AiohttpTransport

from adapters.contract import Call, Fault, Reply
from adapters.http.addresses import GuardedResolver, is_blocked_literal
from adapters.http.faults import fault_of
from adapters.http.unpacking import Unpacking, unpacked

_KEEP_ALIVE = 10.0
_LARGE = 256 * 1024
_HEADERS = {"User-Agent": "sp4n-gateway", "Accept-Encoding": "gzip, deflate"}


@dataclass(frozen=True, slots=True)
class Limits:
    """Times in seconds; `connect` covers waiting for a connection, name, connection and TLS, `total` everything.

    `reply_bytes` caps the body of a reply, packed and unpacked; `connections` those kept and those of their own, each.
    """

    connect: float = 10.0
    read: float = 30.0
    total: float = 90.0
    reply_bytes: int = 262_144
    connections: int = 64


class Sink(Protocol):
    """Takes the body of a reply in pieces, as they come."""

    def wants(self, status: int, headers: Mapping[str, str]) -> bool:
        """Whether it takes the body of such a reply. May raise, if it is not to be read at all."""

    async def take(self, piece: bytes) -> None:
        """Take the next piece. May raise, if no more is to be read."""


@dataclass(slots=True)
class _Arriving:
    """A reply as far as it has come."""

    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    body: bytearray = field(default_factory=bytearray)
    whole: bool = False
    passed_on: bool = False


class HttpClient:
    """One destination's client, for the life of the process. Connections open at the first call."""

    def __init__(
        self,
        limits: Limits,
        *,
        allow_private: frozenset[str] = frozenset(),
        tls: ssl.SSLContext | None = None,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        """`allow_private` are the host names and addresses that may be private or loopback.

        `tls` checks the servers' certificates; without it the system's authorities do. `transport` takes the place of
        the network, for tests (`httpx.MockTransport` with respx's router, say).
        """
        self._limits = limits
        self._allowed = frozenset(host.rstrip(".").lower() for host in allow_private)
        self._extensions = {"timeout": {"connect": limits.connect, "read": limits.read, "pool": limits.connect}}
        self._resolver = GuardedResolver(self._allowed)
        trust = tls or _system_trust()
        self._pooled = transport or _transport(limits, self._resolver, trust, fresh=False)
        self._fresh = transport or _transport(limits, self._resolver, trust, fresh=True)

    async def send(self, call: Call, sink: Sink | None = None) -> Reply:
        """Make the call, once. Never raises for what the network or the peer does: that is a Fault in the reply.

        Once a status has come it stands, even if the rest of the reply breaks off: the reply is then `truncated`.
        A body that `sink` wants is given to it, and is not in the reply; what the sink raises passes through.
        """
        clock = asyncio.get_running_loop().time
        started = clock()
        unsendable = self._unsendable(call.url)
        if unsendable is not None:
            return Reply(fault=unsendable)
        arriving = _Arriving()
        fault = None
        try:
            async with asyncio.timeout(self._limits.total):
                await self._exchange(call, arriving, sink)
        except (httpx.TransportError, aiohttp.ClientError, OSError, ValueError) as error:
            fault = fault_of(error)
        if arriving.status == 0:
            return Reply(fault=fault or Fault("no_status", sent=True), elapsed=clock() - started)
        if arriving.passed_on:
            return Reply(arriving.status, arriving.headers, b"", not arriving.whole, None, clock() - started)
        body, whole = unpacked(bytes(arriving.body), arriving.headers, self._limits.reply_bytes)
        return Reply(arriving.status, arriving.headers, body, not (whole and arriving.whole), None, clock() - started)

    async def aclose(self) -> None:
        """Close every connection."""
        await self._pooled.aclose()
        await self._fresh.aclose()
        await self._resolver.close()

    def _unsendable(self, url: str) -> Fault | None:
        try:
            parsed = _parsed(url)
        except httpx.InvalidURL:
            return Fault("bad_url", sent=False)
        if parsed.scheme not in ("http", "https") or not parsed.host:
            return Fault("bad_url", sent=False)
        if is_blocked_literal(parsed.host, self._allowed):
            return Fault("address_blocked", sent=False)
        return None

    async def _exchange(self, call: Call, arriving: _Arriving, sink: Sink | None) -> None:
        transport = self._fresh if call.fresh else self._pooled
        response = await transport.handle_async_request(self._request(call))
        try:
            for name, value in response.headers.raw:
                arriving.headers.setdefault(name.decode("latin-1").lower(), value.decode("latin-1"))
            arriving.status = response.status_code
            if sink is not None and sink.wants(arriving.status, arriving.headers):
                arriving.passed_on = True
                arriving.whole = await self._pass_on(response, arriving.headers, sink)
            else:
                arriving.whole = await self._read(response, arriving.body)
        finally:
            await response.aclose()

    async def _read(self, response: httpx.Response, body: bytearray) -> bool:
        """Read up to the cap; False when there was more, which is then never read."""
        async for chunk in response.stream:  # type: ignore[union-attr]  # an async transport's stream is async
            body += chunk
            if len(body) > self._limits.reply_bytes:
                del body[self._limits.reply_bytes :]
                return False
        return True

    async def _pass_on(self, response: httpx.Response, headers: Mapping[str, str], sink: Sink) -> bool:
        """Give the body on as it comes; False when it was not all, or more than the cap, which is then never read."""
        unpacking, given = Unpacking(headers), 0
        async for chunk in response.stream:  # type: ignore[union-attr]  # an async transport's stream is async
            for piece in unpacking.pieces(chunk):
                given += len(piece)
                if given > self._limits.reply_bytes:
                    return False
                await sink.take(piece)
        return unpacking.is_whole

    def _request(self, call: Call) -> httpx.Request:
        if len(call.body) <= _LARGE:
            return _Request(call, self._extensions)
        # aiohttp writes bytes in one piece, which holds up everybody else while a large one is copied.
        headers = [*call.headers, ("Content-Length", str(len(call.body)))]
        stream = _Pieces(call.body)
        return httpx.Request(
            call.method, _parsed(call.url), headers=headers, stream=stream, extensions=self._extensions
        )


class _Request(httpx.Request):
    """A request that is used as it is: httpx's own constructor works out headers that aiohttp works out again."""

    def __init__(self, call: Call, extensions: dict[str, Any]) -> None:
        self.method = call.method
        self.url = _parsed(call.url)
        self.headers = _headers(call.headers)
        self.extensions = extensions
        self.stream = httpx.ByteStream(call.body)
        self._body = call.body

    @property
    def content(self) -> bytes:
        """The body."""
        return self._body


class _Pieces(httpx.AsyncByteStream):
    """A large body in pieces."""

    def __init__(self, body: bytes) -> None:
        self._body = body

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for start in range(0, len(self._body), _LARGE):
            yield self._body[start : start + _LARGE]


@lru_cache(maxsize=256)
def _parsed(url: str) -> httpx.URL:
    return httpx.URL(url)


@lru_cache(maxsize=64)
def _headers(pairs: tuple[tuple[str, str], ...]) -> httpx.Headers:
    """Adapters send the same few headers over and over."""
    return httpx.Headers(pairs)


@lru_cache(maxsize=1)
def _system_trust() -> ssl.SSLContext:
    """Reading the authorities takes tens of milliseconds: once for all destinations."""
    return ssl.create_default_context()


def _transport(limits: Limits, resolver: GuardedResolver, trust: ssl.SSLContext, *, fresh: bool) -> AiohttpTransport:
    session = partial(_session, limits, resolver, trust, fresh=fresh)
    return AiohttpTransport(verify=trust, trust_env=False, client=session)


def _session(limits: Limits, resolver: GuardedResolver, trust: ssl.SSLContext, *, fresh: bool) -> aiohttp.ClientSession:
    """Called by the transport at its first request, because aiohttp needs the running loop."""
    connector = aiohttp.TCPConnector(
        limit=limits.connections,
        ssl=trust,
        resolver=resolver,  # it does not close a resolver that it is given
        force_close=fresh,
        keepalive_timeout=None if fresh else _KEEP_ALIVE,
    )
    session = aiohttp.ClientSession(
        connector=connector, headers=_HEADERS, cookie_jar=aiohttp.DummyCookieJar(), trust_env=False
    )
    # aiohttp repeats PUT, DELETE and GET by itself when a kept connection turns out dead. It has no public switch for
    # that, and a repetition without an attempt's row breaks the record.
    session._retry_connection = False
    return session
