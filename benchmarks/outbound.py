"""The HTTP client beside stock httpx: so many calls at once to one destination, in this process."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack

import httpx
import uvloop

from adapters.contract import Call
from adapters.http import HttpClient, Limits
from benchmarks.bodies import reports
from benchmarks.ceilings import raw_client
from benchmarks.load import HOST
from benchmarks.place import Place
from benchmarks.table import Measured, print_measured

AT_ONCE = 64
_HEADERS = {"content-type": "application/json"}
Send = Callable[[bytes], Awaitable[int]]


def outbound(place: Place, rounds: int, count: int) -> None:
    """Measure each client in turn and print them."""
    parts: dict[str, Callable[[], Measured]] = {
        "the gateway's client": lambda: uvloop.run(called_by_the_gateway(place, count)),
        "stock httpx": lambda: uvloop.run(_called(_httpx, _url(place), count)),
        "raw HTTP client": lambda: raw_client(place, count),
    }
    found: dict[str, list[Measured]] = {name: [] for name in parts}
    for _ in range(rounds):
        for name, part in parts.items():
            found[name].append(part())
    uvloop.run(place.sink.forget())
    print_measured(f"outbound, {AT_ONCE} in flight", found)


async def called_by_the_gateway(place: Place, count: int) -> Measured:
    """Calls a second with the gateway's own client."""
    return await _called(_gateway, _url(place), count)


def _url(place: Place) -> str:
    return f"http://{HOST}:{place.sink.ports[0]}/cases"


async def _called(opened: Callable[[str, AsyncExitStack], Send], url: str, count: int) -> Measured:
    bodies = [body for _, body in reports(1, count + AT_ONCE)]
    async with AsyncExitStack() as stack:
        send = opened(url, stack)
        await _all(send, bodies[count:])
        own, began = time.process_time(), time.perf_counter()
        await _all(send, bodies[:count])
        return Measured(count / (time.perf_counter() - began), (time.process_time() - own) / count * 1000)


async def _all(send: Send, bodies: list[bytes]) -> None:
    waiting = iter(bodies)

    async def line() -> None:
        for body in waiting:
            status = await send(body)
            if status != 201:
                raise OSError(f"the destination answered {status}")

    await asyncio.gather(*(line() for _ in range(AT_ONCE)))


def _gateway(url: str, stack: AsyncExitStack) -> Send:
    client = HttpClient(Limits(connections=AT_ONCE), allow_private=frozenset({HOST}))
    stack.push_async_callback(client.aclose)

    async def send(body: bytes) -> int:
        return (await client.send(Call("POST", url, tuple(_HEADERS.items()), body, "key"))).status or 0

    return send


def _httpx(url: str, stack: AsyncExitStack) -> Send:
    client = httpx.AsyncClient(limits=httpx.Limits(max_connections=AT_ONCE), trust_env=False)
    stack.push_async_callback(client.aclose)

    async def send(body: bytes) -> int:
        return (await client.post(url, content=body, headers=_HEADERS)).status_code

    return send
