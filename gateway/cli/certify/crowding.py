"""Checks of an endpoint that is used by several at once: the same case in parallel, and a sender on a bad line."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Sequence
from urllib.parse import urlsplit

import h11

from adapters.contract import Call, Fault, Reply
from gateway.certificates import trust_of
from gateway.cli.certify.cases import plain_case
from gateway.cli.certify.talk import Heard, Talk
from gateway.cli.certify.verdicts import Verdict, failed, passed, skipped

AT_ONCE = 8
_WORKING = (409, 425, 429, 503)
"""What the others may be told while the first of them is being worked on."""


async def concurrent_repeats(talk: Talk) -> Verdict:
    """The same request several times at the same moment makes one case."""
    if not talk.dedupes:
        return skipped("the entry does not say `repeat: dedupes`")
    case = plain_case(talk.clock.now())
    call = talk.call(case)
    heard = await asyncio.gather(*(talk.once(case, call) for _ in range(AT_ONCE)))
    last = await talk.send(case, call)
    references = {one.reference for one in (*heard, last) if one.is_taken}
    odd = [one.seen for one in heard if not one.is_taken and one.reply.status not in _WORKING]
    told = f"{AT_ONCE} at once: {_told(heard)}; then {last.seen}"
    return passed(told) if last.is_taken and len(references) == 1 and not odd else failed(told)


async def serves_beside_a_slow_sender(talk: Talk) -> Verdict:
    """A request whose body comes slowly is taken, and keeps no other waiting."""
    slow, quick = plain_case(talk.clock.now()), plain_case(talk.clock.now())
    call = talk.call(slow)
    try:
        async with asyncio.timeout(talk.entry.total_timeout):
            reader, writer = await _opened(talk, call)
    except (OSError, TimeoutError) as error:
        return failed(f"no connection ({type(error).__name__})")
    try:
        middle = len(call.body) // 2
        await _write(writer, _head(call) + call.body[:middle])
        beside = await talk.once(quick, talk.call(quick))
        await _write(writer, call.body[middle:])
        heard = talk.note(slow, await _answer(reader, talk.entry.total_timeout))
    finally:
        writer.close()
    told = f"beside it {beside.seen}; itself {heard.seen}"
    return passed(told) if beside.is_taken and heard.is_taken else failed(told)


async def _opened(talk: Talk, call: Call) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    parts = urlsplit(call.url)
    is_tls = parts.scheme == "https"
    trust = (trust_of(talk.entry) or ssl.create_default_context()) if is_tls else None
    return await asyncio.open_connection(parts.hostname, parts.port or (443 if is_tls else 80), ssl=trust)


async def _write(writer: asyncio.StreamWriter, piece: bytes) -> None:
    try:
        writer.write(piece)
        await writer.drain()
    except ConnectionError:
        return  # what it answered, if anything, is read next


def _head(call: Call) -> bytes:
    parts = urlsplit(call.url)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    headers = [("host", parts.netloc), *call.headers, ("content-length", str(len(call.body))), ("connection", "close")]
    lines = [f"{call.method} {target} HTTP/1.1", *(f"{name}: {value}" for name, value in headers)]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


async def _answer(reader: asyncio.StreamReader, patience: float) -> Reply:
    peer = h11.Connection(h11.CLIENT)
    peer.send(h11.Request(method="POST", target="/", headers=[("host", "x")]))
    peer.send(h11.EndOfMessage())
    status, body = 0, bytearray()
    headers: dict[str, str] = {}
    try:
        async with asyncio.timeout(patience):
            while True:
                event: object = peer.next_event()
                if event is h11.NEED_DATA:
                    peer.receive_data(await reader.read(65_536))
                elif isinstance(event, h11.Response):
                    status = event.status_code
                    headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in event.headers}
                elif isinstance(event, h11.Data):
                    body += event.data
                elif not isinstance(event, h11.InformationalResponse):
                    break
    except (OSError, TimeoutError, h11.RemoteProtocolError) as error:
        return Reply(fault=Fault(f"no answer ({type(error).__name__})", sent=True))
    return Reply(status, headers, bytes(body)) if status else Reply(fault=Fault("no_status", sent=True))


def _told(heard: Sequence[Heard]) -> str:
    statuses = sorted(one.reply.status for one in heard)
    return ", ".join(f"{statuses.count(status)} × {status or 'no answer'}" for status in dict.fromkeys(statuses))
